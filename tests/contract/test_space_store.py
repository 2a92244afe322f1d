"""What every adapter of `SpaceStore` keeps."""

import asyncio
from dataclasses import replace

import pytest

from storyline.domain.ports import Assignment, Hold, SpaceChange, SpaceStore
from storyline.errors import Fatal, Fenced, StateLost
from storyline.record import Output

from .conftest import World

COMMAND = Output("story-commands", 2, b"st-1", b"{}", (("ce_id", b"\x00\xff"), ("ce_type", b"t")))
REMOVAL = Output("stories", 0, None, None)


def assignment(uri: str = "urn:a", story_id: str = "st-1", placement: int = 1, **changes: object) -> Assignment:
    plain = Assignment(uri, story_id, placement, (0, 3), True, False, 0.25, "st-2", 0.125, "scored", 1_700, b"\x80\xff")
    return replace(plain, **changes)  # type: ignore[arg-type]


async def owner(world: World, space: str = "world") -> tuple[SpaceStore, int]:
    store = world.spaces()
    await store.claim(0, has_committed=False)
    return store, (await store.acquire(0, space, None)).epoch


async def test_a_new_partition_is_claimed_without_committed_offsets(world: World) -> None:
    store = world.spaces()
    await store.claim(3, has_committed=False)
    await store.claim(3, has_committed=True)
    assert await store.spaces(3) == []


async def test_a_partition_with_committed_offsets_but_no_marker_is_lost(world: World) -> None:
    with pytest.raises(StateLost, match="storyline rebuild"):
        await world.spaces().claim(3, has_committed=True)


async def test_an_unclaimed_partition_acquires_nothing(world: World) -> None:
    with pytest.raises(StateLost):
        await world.spaces().acquire(3, "world", None)


async def test_a_new_space_is_made_empty_and_remembered(world: World) -> None:
    store = world.spaces()
    await store.claim(0, has_committed=False)
    state = await store.acquire(0, "sport", None)
    assert (state.resumed, state.next_placement, dict(state.index), dict(state.redirects), tuple(state.outbox)) == (
        False, 1, {}, {}, (),
    )  # fmt: skip
    assert await store.spaces(0) == ["sport"]


@pytest.mark.parametrize(("before", "now"), [("", "e5-small"), ("e5-small", "labse"), ("e5-small", "")])
async def test_a_space_of_another_encoder_is_refused_and_its_owner_stays_the_owner(
    world: World, before: str, now: str
) -> None:
    store = world.spaces(encoder=before)
    await store.claim(0, has_committed=False)
    epoch = (await store.acquire(0, "world", None)).epoch
    with pytest.raises(Fatal, match=r"STORYLINE_MATCHER_ENCODER: the space world .*`storyline rebuild`") as refused:
        await world.spaces(encoder=now).acquire(0, "world", None)
    assert (repr(before) if before else "word vectors") in str(refused.value)
    await store.commit("world", epoch, SpaceChange(2))
    assert (await world.spaces(encoder=before).acquire(0, "world", None)).next_placement == 2


async def test_lives_are_set_kept_and_forgotten(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, lives={"st-1": b"open", "st-2": b"open", "st-3": b"open"}))
    await store.commit("world", epoch, SpaceChange(2, lives={"st-1": b"closed", "st-2": None, "st-unknown": None}))
    state = await world.spaces().acquire(0, "world", None)
    assert dict(state.lives) == {"st-1": b"closed", "st-3": b"open"}


async def test_what_sources_repeat_is_set_kept_and_forgotten(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, habits={7: b"seven\x00", 8: b"eight", 4_294_967_295: b"last"}))
    await store.commit("world", epoch, SpaceChange(2, habits={7: b"more", 8: None, 9: None}))
    state = await world.spaces().acquire(0, "world", None)
    assert dict(state.habits) == {7: b"more", 4_294_967_295: b"last"}


async def test_the_next_owner_finds_all_that_was_committed(world: World) -> None:
    store, epoch = await owner(world)
    change = SpaceChange(
        next_placement=9, index={"st-1": b"\x01\x00", "st-2": b"2"}, redirects={"st-3": "st-1"},
        outbox=[COMMAND, REMOVAL],
    )  # fmt: skip
    await store.commit("world", epoch, change)
    state = await world.spaces().acquire(0, "world", None)
    assert state.epoch > epoch
    assert (state.next_placement, dict(state.index), dict(state.redirects), tuple(state.outbox)) == (
        9, {"st-1": b"\x01\x00", "st-2": b"2"}, {"st-3": "st-1"}, (COMMAND, REMOVAL),
    )  # fmt: skip


async def test_a_redirect_is_forgotten(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, redirects={"st-2": "st-1", "st-3": "st-1"}))
    await store.commit("world", epoch, SpaceChange(2, redirects={"st-2": None, "st-4": "st-1"}, lives={"st-2": None}))
    state = await world.spaces().acquire(0, "world", None)
    assert dict(state.redirects) == {"st-3": "st-1", "st-4": "st-1"}


async def test_anybody_may_look_at_a_spaces_stories_and_the_owner_stays_the_owner(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}, redirects={"st-3": "st-2", "st-2": "st-1"}))
    look = await world.spaces().look("world")
    assert (dict(look.index), look.current("st-3"), look.current("st-1")) == ({"st-1": b"1"}, "st-1", "st-1")
    await store.commit("world", epoch, SpaceChange(3))


async def test_a_space_nobody_knows_looks_empty(world: World) -> None:
    look = await world.spaces().look("nowhere")
    assert (dict(look.index), dict(look.redirects)) == ({}, {})


async def test_the_same_owner_resumes_and_is_not_sent_the_index_again(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}))
    state = await store.acquire(0, "world", epoch)
    assert state.resumed
    assert not state.index


async def test_an_owner_that_was_away_does_not_resume(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}))
    await world.spaces().acquire(0, "world", None)
    state = await store.acquire(0, "world", epoch)
    assert not state.resumed
    assert dict(state.index) == {"st-1": b"1"}


async def test_a_process_started_again_does_not_resume_even_at_its_last_epoch(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}))
    assert not (await world.spaces().acquire(0, "world", epoch)).resumed


async def test_a_former_owner_is_fenced_and_writes_nothing(world: World) -> None:
    store, epoch = await owner(world)
    await world.spaces().acquire(0, "world", None)
    with pytest.raises(Fenced):
        await store.commit("world", epoch, SpaceChange(7, assignments=[assignment()], index={"st-1": b"1"}))
    state = await world.spaces().acquire(0, "world", None)
    assert (state.next_placement, dict(state.index)) == (1, {})
    assert await store.assignments("world", ["urn:a"]) == {}


async def test_a_former_owner_clears_no_outbox(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, outbox=[COMMAND]))
    await world.spaces().acquire(0, "world", None)
    with pytest.raises(Fenced):
        await store.clear_outbox("world", epoch)
    assert (await world.spaces().acquire(0, "world", None)).outbox == (COMMAND,)


async def test_a_confirmed_outbox_is_gone_for_the_next_owner(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, outbox=[COMMAND]))
    await store.clear_outbox("world", epoch)
    assert (await world.spaces().acquire(0, "world", None)).outbox == ()


async def test_the_next_commit_replaces_the_outbox(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, outbox=[COMMAND]))
    await store.commit("world", epoch, SpaceChange(3, outbox=[REMOVAL]))
    assert (await world.spaces().acquire(0, "world", None)).outbox == (REMOVAL,)


async def test_the_same_change_may_be_committed_again(world: World) -> None:
    store, epoch = await owner(world)
    change = SpaceChange(2, assignments=[assignment()], index={"st-1": b"1"}, outbox=[COMMAND])
    await store.commit("world", epoch, change)
    await store.commit("world", epoch, change)
    state = await world.spaces().acquire(0, "world", None)
    assert (state.next_placement, dict(state.index), state.outbox) == (2, {"st-1": b"1"}, (COMMAND,))


async def test_the_pace_is_kept_until_another_is_written(world: World) -> None:
    store, epoch = await owner(world)
    assert (await world.spaces().acquire(0, "sport", None)).pace == b""
    await store.commit("world", epoch, SpaceChange(2, pace=b"\x01\x02"))
    await store.commit("world", epoch, SpaceChange(3))
    assert (await world.spaces().acquire(0, "world", None)).pace == b"\x01\x02"


async def test_an_assignment_comes_back_as_it_was(world: World) -> None:
    store, epoch = await owner(world)
    written = [
        assignment("urn:a", space_pace=2.5),
        assignment("urn:ü/}{?#", revision=(1, "2b"), opened=False, runner_up=None, runner_up_score=None),
        assignment("urn:dead", story_id="", canceled=True, profile=None, revision=(0, 10**99)),
    ]
    await store.commit("world", epoch, SpaceChange(4, assignments=written))
    found = await store.assignments("world", [each.uri for each in written] + ["urn:unknown", "urn:a"])
    assert found == {each.uri: each for each in written}


async def test_more_assignments_than_one_read_takes_come_back(world: World) -> None:
    store, epoch = await owner(world)
    written = {f"urn:{n}": assignment(f"urn:{n}", placement=n) for n in range(1_234)}
    await store.commit("world", epoch, SpaceChange(2_000, assignments=list(written.values())))
    assert await store.assignments("world", list(written)) == written


async def test_no_uris_have_no_assignments(world: World) -> None:
    store, _ = await owner(world)
    assert await store.assignments("world", []) == {}


async def test_an_assignment_ends_with_its_lifetime(world: World) -> None:
    store = world.spaces(assignment_lifetime_ms=1)
    await store.claim(0, has_committed=False)
    epoch = (await store.acquire(0, "world", None)).epoch
    await store.commit("world", epoch, SpaceChange(2, assignments=[assignment()]))
    async with asyncio.timeout(10):
        while await store.assignments("world", ["urn:a"]):
            await asyncio.sleep(0.002)
    assert await store.assignments("world", ["urn:a"]) == {}


async def test_members_are_the_live_articles_of_the_story_and_of_those_merged_into_it(world: World) -> None:
    store, epoch = await owner(world)
    assignments = [
        assignment("urn:a", "st-1", profile=b"a"), assignment("urn:b", "st-2", profile=b"b"),
        assignment("urn:c", "st-3", profile=b"c"), assignment("urn:other", "st-9", profile=b"o"),
        assignment("urn:gone", "st-1", canceled=True, profile=None),
    ]  # fmt: skip
    await store.commit(
        "world", epoch, SpaceChange(6, assignments=assignments, redirects={"st-3": "st-2", "st-2": "st-1"})
    )
    asked = ["urn:a", "urn:b", "urn:c", "urn:other", "urn:gone", "urn:unknown"]
    assert await store.members("world", "st-1", asked) == {"urn:a": b"a", "urn:b": b"b", "urn:c": b"c"}


async def test_a_merged_story_has_no_members_left(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, assignments=[assignment()], redirects={"st-1": "st-2"}))
    assert await store.members("world", "st-1", ["urn:a"]) == {}


async def test_a_story_removed_from_the_index_stays_away(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1", "st-2": b"2"}))
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": None, "st-unknown": None}))
    assert dict((await world.spaces().acquire(0, "world", None)).index) == {"st-2": b"2"}


async def test_a_large_index_is_loaded_whole(world: World) -> None:
    store, epoch = await owner(world)
    index = {f"st-{n}": bytes([n % 256]) * 100 for n in range(3_000)}
    await store.commit("world", epoch, SpaceChange(2, index=index))
    assert dict((await world.spaces().acquire(0, "world", None)).index) == index


async def test_holds_come_due_earliest_first_and_no_more_than_asked_for(world: World) -> None:
    store, epoch = await owner(world)
    holds = [Hold("urn:c", 30, b"\xffc"), Hold("urn:a", 10, b"a"), Hold("urn:b", 20, b"b"), Hold("urn:late", 99, b"l")]
    await store.commit("world", epoch, SpaceChange(1, holds=holds))
    assert list(await store.holds_due("world", 9, 10)) == []
    assert list(await store.holds_due("world", 30, 2)) == [Hold("urn:a", 10, b"a"), Hold("urn:b", 20, b"b")]
    assert len(await store.holds_due("world", 30, 10)) == 3


async def test_a_released_hold_is_gone(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(1, holds=[Hold("urn:a", 10, b"a"), Hold("urn:b", 20, b"b")]))
    await store.commit("world", epoch, SpaceChange(2, unhold=["urn:a", "urn:unknown"]))
    assert [hold.uri for hold in await store.holds_due("world", 99, 10)] == ["urn:b"]


async def test_a_hold_replaced_in_one_change_stays(world: World) -> None:
    store, epoch = await owner(world)
    await store.commit("world", epoch, SpaceChange(1, holds=[Hold("urn:a", 10, b"old")]))
    await store.commit("world", epoch, SpaceChange(1, unhold=["urn:a"], holds=[Hold("urn:a", 50, b"new")]))
    assert list(await store.holds_due("world", 99, 10)) == [Hold("urn:a", 50, b"new")]


async def test_spaces_do_not_see_each_other(world: World) -> None:
    store, epoch = await owner(world, "world")
    other = (await store.acquire(0, "sport", None)).epoch
    await store.commit("world", epoch, SpaceChange(5, assignments=[assignment()], holds=[Hold("urn:h", 1, b"")]))
    await store.commit("sport", other, SpaceChange(2))
    assert await store.assignments("sport", ["urn:a"]) == {}
    assert list(await store.holds_due("sport", 99, 10)) == []
    assert await store.spaces(0) == ["sport", "world"]


async def test_after_a_wipe_nothing_is_written_and_the_loss_is_named(world: World) -> None:
    store, epoch = await owner(world)
    await world.wipe()
    with pytest.raises(StateLost, match="storyline rebuild"):
        await store.commit("world", epoch, SpaceChange(2))
    with pytest.raises(StateLost):
        await store.clear_outbox("world", epoch)
    with pytest.raises(StateLost):
        await store.check("world", epoch)
    with pytest.raises(StateLost):
        await store.acquire(0, "world", epoch)


async def test_a_space_the_marker_names_is_never_made_anew(world: World) -> None:
    store, epoch = await owner(world)
    await world.lose_space("world")
    with pytest.raises(StateLost, match="storyline rebuild"):
        await store.acquire(0, "world", epoch)


async def test_a_store_that_forgot_a_commit_is_noticed(world: World) -> None:
    store, epoch = await owner(world)
    before = await world.snapshot()
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}))
    await world.go_back(before)
    with pytest.raises(Fenced, match="lost its last writes"):
        await store.commit("world", epoch, SpaceChange(3))


async def test_an_owner_may_ask_whether_it_is_still_the_owner_of_all_that_it_wrote(world: World) -> None:
    store, epoch = await owner(world)
    before = await world.snapshot()
    await store.commit("world", epoch, SpaceChange(2))
    await store.check("world", epoch)
    await world.go_back(before)
    with pytest.raises(Fenced, match="lost its last writes"):
        await store.check("world", epoch)
    await owner(world)
    with pytest.raises(Fenced, match="new owner"):
        await store.check("world", epoch)


async def test_a_store_that_forgot_our_epoch_is_noticed(world: World) -> None:
    store, _ = await owner(world)
    before = await world.snapshot()
    epoch = (await store.acquire(0, "world", None)).epoch
    await world.go_back(before)
    with pytest.raises(Fenced, match="lost its last writes"):
        await store.commit("world", epoch, SpaceChange(2))
    assert (await store.acquire(0, "world", epoch)).epoch > epoch - 1


async def test_a_store_that_forgot_a_commit_is_not_resumed(world: World) -> None:
    store, epoch = await owner(world)
    before = await world.snapshot()
    await store.commit("world", epoch, SpaceChange(2, index={"st-1": b"1"}))
    await world.go_back(before)
    assert not (await store.acquire(0, "world", epoch)).resumed

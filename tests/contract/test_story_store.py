"""What every adapter of `StoryStore` keeps."""

import json

import pytest

from storyline.domain.ports import StoredStory, StoryChange, StoryPeek
from storyline.errors import Conflict, Fenced, StateLost
from storyline.infra.redis.client import Client
from storyline.infra.redis.packing import PAGE_BYTES_MAX
from storyline.infra.redis.story_store import RedisStoryStore
from storyline.record import Output
from storyline.rights import RIGHTS

from ..servers import RedisServer
from .conftest import World

UPDATE = Output("story-updates", 1, b"st-1", b'{"story": 1}', (("ce_id", b"1"),))
TOMBSTONE = Output("story-parts", 1, b"st-1/urn:a", None)


def change(version: int = 1, story_id: str = "st-1", **changes: object) -> StoryChange:
    fields: dict[str, object] = {
        "expected": version - 1, "story": b"story \xff%d" % version, "head": b"head %d" % version,
        "parts": {}, "outbox": (),
    }  # fmt: skip
    return StoryChange(story_id=story_id, version=version, **(fields | changes))  # type: ignore[arg-type]


async def test_a_new_partition_is_claimed_without_committed_offsets(world: World) -> None:
    store = world.stories()
    await store.claim(3, has_committed=False)
    await store.claim(3, has_committed=True)
    assert await store.check(3)


async def test_a_partition_with_committed_offsets_but_no_marker_is_lost(world: World) -> None:
    with pytest.raises(StateLost, match="storyline rebuild"):
        await world.stories().claim(3, has_committed=True)


async def test_a_wiped_store_fails_its_check(world: World) -> None:
    store = world.stories()
    await store.claim(3, has_committed=False)
    await world.wipe()
    with pytest.raises(StateLost, match="storyline rebuild"):
        await store.check(3)


async def test_the_markers_of_matcher_and_updater_are_different_ones(world: World) -> None:
    await world.spaces().claim(0, has_committed=False)
    with pytest.raises(StateLost):
        await world.stories().check(0)


async def test_the_same_server_run_answers_every_check_alike(world: World) -> None:
    store = world.stories()
    await store.claim(0, has_committed=False)
    assert await store.check(0) == await world.stories().check(0)


async def test_an_unknown_story_is_at_version_0_and_not_loaded(world: World) -> None:
    store = world.stories()
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(0, ())}
    assert await store.load(["st-1"]) == {}


async def test_nothing_asked_is_nothing_answered(world: World) -> None:
    store = world.stories()
    assert await store.peek([]) == {}
    assert await store.load([]) == {}
    await store.commit([])


async def test_a_committed_story_is_loaded_as_it_was(world: World) -> None:
    parts: dict[str, bytes | None] = {"urn:a": b"\x00a", "urn:ü": b"b"}
    await world.stories().commit([change(parts=parts, outbox=[UPDATE, TOMBSTONE])])
    other = world.stories()
    assert await other.peek(["st-1"]) == {"st-1": StoryPeek(1, (UPDATE, TOMBSTONE))}
    assert await other.load(["st-1", "st-2"]) == {
        "st-1": StoredStory(1, b"story \xff1", b"head 1", {"urn:a": b"\x00a", "urn:ü": b"b"})
    }


async def test_a_new_version_changes_only_the_parts_it_names(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, parts={"urn:a": b"a", "urn:b": b"b", "urn:c": b"c"})])
    await store.commit([change(2, parts={"urn:b": b"B", "urn:c": None, "urn:d": b"d", "urn:unknown": None})])
    stored = (await store.load(["st-1"]))["st-1"]
    assert (stored.version, stored.story, stored.head) == (2, b"story \xff2", b"head 2")
    assert stored.parts == {"urn:a": b"a", "urn:b": b"B", "urn:d": b"d"}


async def test_a_new_version_replaces_the_outbox(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, outbox=[UPDATE])])
    await store.commit([change(2)])
    assert (await store.peek(["st-1"]))["st-1"].outbox == ()


async def test_a_change_made_for_another_version_conflicts_and_writes_nothing(world: World) -> None:
    store = world.stories()
    await store.commit(
        [
            change(1),
        ]
    )
    await store.commit([change(2)])
    with pytest.raises(Conflict, match="version 2, not 1"):
        await world.stories().commit([change(2, story=b"another", parts={"urn:x": b"x"})])
    stored = (await store.load(["st-1"]))["st-1"]
    assert (stored.story, stored.parts) == (b"story \xff2", {})


async def test_two_who_open_the_same_story_differently_conflict(world: World) -> None:
    await world.stories().commit([change(1)])
    with pytest.raises(Conflict):
        await world.stories().commit([change(1, head=b"another")])


async def test_the_same_change_may_be_committed_again(world: World) -> None:
    store = world.stories()
    same = change(1, parts={"urn:a": b"a"}, outbox=[UPDATE])
    await store.commit([same])
    await store.commit([same])
    assert (await store.load(["st-1"]))["st-1"] == StoredStory(1, same.story, same.head, {"urn:a": b"a"})
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(1, (UPDATE,))}


async def test_a_conflict_of_one_story_does_not_keep_the_others_from_being_written(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, "st-1")])
    with pytest.raises(Conflict):
        await store.commit([change(1, "st-1", story=b"another"), change(1, "st-2")])
    assert (await store.peek(["st-2"]))["st-2"].version == 1


async def test_an_expected_story_that_is_gone_is_lost_not_new(world: World) -> None:
    store = world.stories()
    await store.commit([change(1)])
    await world.wipe()
    with pytest.raises(StateLost, match=r"st-1.*storyline rebuild"):
        await store.commit([change(2)])
    assert await store.load(["st-1"]) == {}


async def test_a_story_that_went_back_in_time_is_noticed(world: World) -> None:
    store = world.stories()
    await store.commit([change(1)])
    before = await world.snapshot()
    await store.commit([change(2)])
    await world.go_back(before)
    with pytest.raises(Fenced, match="lost its last writes"):
        await store.commit([change(3)])


async def test_lost_state_is_named_before_a_conflict(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, "st-1")])
    with pytest.raises(StateLost):
        await store.commit([change(1, "st-1", story=b"another"), change(5, "st-2")])


async def test_an_outbox_is_cleared_at_its_version_only(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, outbox=[UPDATE])])
    await store.clear_outbox({"st-1": 2, "st-unknown": 1})
    assert (await store.peek(["st-1"]))["st-1"].outbox == (UPDATE,)
    await store.clear_outbox({"st-1": 1})
    assert (await store.peek(["st-1"]))["st-1"] == StoryPeek(1, ())


async def test_clearing_the_outbox_of_an_unknown_story_makes_none(world: World) -> None:
    store = world.stories()
    await store.clear_outbox({"st-unknown": 1})
    assert (await store.peek(["st-unknown"]))["st-unknown"].version == 0


def many(number: int = 4_000, story: str = "st-1") -> tuple[Output, ...]:
    """What the loser of a merge tells the winner of each of its articles: about 5 MB."""
    value = json.dumps({"part": "of an article " * 80}).encode()
    return tuple(Output("story-commands", 1, f"{story}-{n}".encode(), value, (("ce_id", b"1"),)) for n in range(number))


async def test_a_very_large_outbox_is_kept_whole_and_in_order_until_it_is_cleared(world: World) -> None:
    store, large = world.stories(), many()
    for _ in range(2):  # also when the first answer was lost
        await store.commit([change(1, outbox=[UPDATE, *large]), change(1, "st-2", outbox=[UPDATE])])
    assert await world.values_max() < PAGE_BYTES_MAX + 10_000
    other = world.stories()
    assert await other.peek(["st-1", "st-2"]) == {
        "st-1": StoryPeek(1, (UPDATE, *large)), "st-2": StoryPeek(1, (UPDATE,))
    }  # fmt: skip
    await other.clear_outbox({"st-1": 1})
    assert await other.peek(["st-1"]) == {"st-1": StoryPeek(1, ())}
    assert await world.values_max() < 10_000


async def test_a_story_is_loaded_with_no_more_than_its_readers_may_call_whatever_it_has_to_send(
    embedded_redis: RedisServer,
) -> None:
    owner = Client.from_url(f"redis://{embedded_redis.address}/0")
    await RedisStoryStore(owner).commit([change(1, "st-read", outbox=many())])
    for service in ("page", "rewriter"):
        await owner.one("ACL", "SETUSER", service, "on", ">password", *RIGHTS[service].redis())
        reader = Client.from_url(f"redis://{service}:password@{embedded_redis.address}/0")
        assert set(await RedisStoryStore(reader).load(["st-read"])) == {"st-read"}
        await reader.close()
        await owner.one("ACL", "DELUSER", service)
    await RedisStoryStore(owner).forget("st-read")
    await owner.close()


@pytest.mark.parametrize("outbox", [(UPDATE,), many(story="other"), ()])
async def test_the_next_version_takes_the_place_of_a_large_outbox(world: World, outbox: tuple[Output, ...]) -> None:
    store = world.stories()
    await store.commit([change(1, outbox=many())])
    await store.commit([change(2, outbox=outbox)])
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(2, outbox)}
    await store.clear_outbox({"st-1": 2})
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(2, ())}
    assert await world.values_max() < 10_000


async def test_a_large_outbox_that_is_refused_leaves_what_is_there(world: World) -> None:
    store, large = world.stories(), many()
    await store.commit([change(1, outbox=large)])
    for mine in (many(story="other"), large):  # also one that looks like the stored one
        with pytest.raises(Conflict):
            await world.stories().commit([change(1, story=b"another", outbox=mine)])
        assert await store.peek(["st-1"]) == {"st-1": StoryPeek(1, large)}
    await store.clear_outbox({"st-1": 1})
    assert await world.values_max() < 10_000


async def test_a_story_that_has_ended_cant_be_loaded_and_is_forgotten_when_its_outbox_is_cleared(world: World) -> None:
    store = world.stories()
    await store.commit([change(parts={"urn:a": b"part"})])
    end = change(2, story=b"", head=b"", parts={"urn:a": None}, outbox=(TOMBSTONE,))
    for _ in range(2):  # also when the first answer was lost
        await store.commit([end])
    assert await store.load(["st-1"]) == {}
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(2, (TOMBSTONE,))}
    await store.clear_outbox({"st-1": 2})
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(0, ())}


async def test_a_story_is_forgotten(world: World) -> None:
    store = world.stories()
    await store.commit([change(parts={"urn:a": b"part"}), change(story_id="st-2")])
    await store.forget("st-1")
    await store.forget("st-unknown")
    assert set(await store.load(["st-1", "st-2"])) == {"st-2"}


async def test_hundreds_of_stories_with_hundreds_of_parts_go_through_at_once(world: World) -> None:
    store = world.stories()
    changes = [
        change(1, f"st-{n}", parts={f"urn:{n}/{m}": b"%d" % m for m in range(20)}, outbox=[UPDATE]) for n in range(450)
    ]
    await store.commit(changes)
    ids = [each.story_id for each in changes]
    loaded = await store.load(ids)
    assert {story_id: stored.parts for story_id, stored in loaded.items()} == {c.story_id: c.parts for c in changes}
    await store.clear_outbox(dict.fromkeys(ids, 1))
    assert {peek.outbox for peek in (await store.peek(ids)).values()} == {()}


async def test_a_story_with_very_many_parts_is_kept_whole(world: World) -> None:
    store = world.stories()
    parts: dict[str, bytes | None] = {f"urn:{n}": b"%d" % n for n in range(20_000)}
    await store.commit([change(1, parts=parts)])
    await store.commit([change(2, parts=dict.fromkeys(list(parts)[:15_000]))])
    assert len((await store.load(["st-1"]))["st-1"].parts) == 5_000


async def test_an_older_story_is_restored_whole(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, parts={"urn:a": b"a", "urn:old": b"o"}, outbox=[UPDATE])])
    newer = StoredStory(3, b"s3", b"h3", {"urn:a": b"A", "urn:b": b"b"})
    assert await store.restore("st-1", newer)
    assert (await store.load(["st-1"]))["st-1"] == newer
    assert await store.peek(["st-1"]) == {"st-1": StoryPeek(3, ())}


async def test_a_missing_story_is_restored(world: World) -> None:
    store = world.stories()
    stored = StoredStory(3, b"s3", b"h3", {"urn:a": b"A"})
    assert await store.restore("st-1", stored)
    assert (await store.load(["st-1"]))["st-1"] == stored


async def test_a_story_as_new_is_left_alone(world: World) -> None:
    store = world.stories()
    await store.commit([change(1, parts={"urn:a": b"a"}, outbox=[UPDATE])])
    before = await store.load(["st-1"])
    assert not await store.restore("st-1", StoredStory(1, b"s", b"h", {}))
    assert await store.load(["st-1"]) == before

"""The matcher's own promises: what it commits, repeats, carries and refuses."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

import pytest

from storyline.domain.placing import Arrival, Life
from storyline.domain.ports import LostDecisions
from storyline.errors import Fenced, Invalid, StateLost, Transient
from storyline.infra.memory import Backing, MemorySpaceStore
from storyline.observe.traceparent import begin, parse
from storyline.record import Record
from storyline.stages.matcher import Matcher
from storyline.stages.matcher import matcher as stage_module
from storyline.stages.matcher import owned as owned_module
from storyline.stages.matcher.holding import pack
from storyline_schemas import STORY_COMMAND, PartitionCounts, partition_of
from tests.wires import HOUR_MS, NOW_MS, Flaky, article, record

WORLD = partition_of("world", 4)
ARRIVED_MS = 1_900_000_000_000


class Owner:
    """A matcher that owns the partition of `world`."""

    def __init__(self, backing: Backing, **limits: int) -> None:
        self.store = Flaky(MemorySpaceStore(backing))
        self.stage = Matcher(self.store, partitions=PartitionCounts(), **limits)

    async def start(self, has_committed: bool = False):
        return await self.stage.acquire(WORLD, has_committed)

    async def handle(self, *values):
        records = [value if isinstance(value, Record) else record(value) for value in values]
        return await self.stage.handle(WORLD, [self.stage.decode(each) for each in records])

    async def confirm(self, outputs=()):
        await self.stage.confirmed(WORLD, outputs)


@pytest.fixture
def backing() -> Backing:
    return Backing()


@pytest.fixture
async def owner(backing: Backing) -> Owner:
    owner = Owner(backing)
    await owner.start()
    return owner


def told(outputs):
    commands = [STORY_COMMAND.validate_json(output.value) for output in outputs]
    return [(command.type, command.article_uri) for command in commands]


async def test_a_command_goes_to_the_partition_of_its_story(owner: Owner) -> None:
    [output] = await owner.handle(article("a:1"))
    assert output.partition == partition_of(output.key.decode(), 4)


async def test_trace_and_replay_marks_travel_on_as_headers(owner: Owner) -> None:
    given = begin("the article")
    headers = [("traceparent", given.header()), ("storyline-replay", b"1"), ("x-other", b"no")]
    [output] = await owner.handle(record(article("a:1"), headers=headers))
    (name, content), replay = output.headers[-2:]
    passed = parse(content)
    assert (name, replay) == ("traceparent", ("storyline-replay", b"1"))
    assert passed is not None and (passed.trace_id, passed.flags) == (given.trace_id, given.flags)
    assert passed.span_id != given.span_id


async def test_an_article_without_a_trace_begins_one_that_a_repeat_has_too(owner: Owner) -> None:
    first = await owner.handle(article("a:1"))
    await owner.confirm(first)
    trace = dict(first[0].headers)["traceparent"]
    assert parse(trace) is not None
    assert [dict(output.headers)["traceparent"] for output in await owner.handle(article("a:1"))] == [trace]


async def test_a_redelivered_article_gets_the_stored_decision_byte_for_byte(owner: Owner) -> None:
    first = await owner.handle(article("a:1"))
    await owner.confirm(first)
    await owner.handle(article("a:2", number=15))
    await owner.confirm()
    assert await owner.handle(article("a:1")) == first


async def test_what_was_not_confirmed_stays_in_the_outbox_when_more_is_decided(owner: Owner, backing: Backing) -> None:
    first = await owner.handle(article("a:1"))
    both = await owner.handle(article("b:1", "budget"))
    assert both[0] == first[0] and len(both) == 2
    assert backing.spaces["world"].outbox == tuple(both)


async def test_a_new_owner_sends_the_outbox_first(owner: Owner, backing: Backing) -> None:
    outputs = await owner.handle(article("a:1"))
    assert tuple(await Owner(backing).start(has_committed=True)) == tuple(outputs)


async def test_confirmed_outputs_leave_the_outbox(owner: Owner, backing: Backing) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    assert backing.spaces["world"].outbox == ()


async def test_an_owner_that_was_replaced_writes_nothing(owner: Owner, backing: Backing) -> None:
    await Owner(backing).start()
    await owner.handle(article("a:1"))  # the space is new: whoever meets it first owns it
    await Owner(backing).start()
    with pytest.raises(Fenced):
        await owner.handle(article("a:2"))


async def test_lost_state_stops_the_owner(owner: Owner, backing: Backing) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    backing.wipe()
    with pytest.raises(StateLost, match="storyline rebuild"):
        await Owner(backing).start(has_committed=True)


async def test_lost_state_stops_an_owner_that_has_nothing_to_do(owner: Owner, backing: Backing) -> None:
    backing.wipe()
    with pytest.raises(StateLost, match="storyline rebuild"):
        await owner.stage.tick(WORLD, 0)


async def test_a_space_whose_partition_is_another_since_the_topic_has_more_stops_the_owner(
    owner: Owner, backing: Backing
) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    grown = Matcher(MemorySpaceStore(backing), partitions=PartitionCounts(articles=6))
    with pytest.raises(StateLost, match=f"world.* belongs to {partition_of('world', 6)}: .*`storyline rebuild`"):
        await grown.acquire(WORLD, True)


async def test_a_batch_that_fails_in_the_middle_leaves_no_trace(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    monkeypatch.setattr(owned_module, "HOLDS_MAX", 0)
    with pytest.raises(Invalid):
        await owner.handle(article("a:2", number=15), article("c:1", embargoed_until="2026-01-02T01:00:00Z"))
    again = await owner.handle(article("a:2", number=15))
    assert told(again) == [("add", "a:2")]


@pytest.mark.parametrize("fault", ["unwritten", "unknown"])
async def test_a_commit_that_failed_is_made_again_before_anything_else(owner: Owner, backing, fault: str) -> None:
    owner.store.fault = fault
    with pytest.raises(Transient):
        await owner.handle(article("a:1"))
    outputs = await owner.handle(article("a:1"))
    assert told(outputs) == [("open", "a:1")]
    assert list(backing.spaces["world"].index) == [outputs[0].key.decode()]


async def test_a_space_keeps_no_more_stories_in_memory_than_it_may(backing: Backing) -> None:
    owner = Owner(backing, live_max=2)
    await owner.start()
    for about in ("ferry", "budget", "quake"):
        await owner.confirm(await owner.handle(article(f"{about}:1", about)))
    assert len(backing.spaces["world"].index) == 2


async def test_a_partition_takes_no_more_spaces_than_it_may(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_module, "SPACES_MAX", 1)
    other = next(name for name in map(str, range(99)) if partition_of(name, 4) == WORLD)
    await owner.handle(article("a:1"))
    with pytest.raises(Invalid, match="space"):
        await owner.handle(article("b:1", space=other))


async def test_spaces_dont_see_each_others_stories(owner: Owner) -> None:
    other = next(name for name in map(str, range(99)) if partition_of(name, 4) == WORLD)
    outputs = await owner.handle(article("a:1"), article("a:2", space=other, number=13))
    assert [kind for kind, _ in told(outputs)] == ["open", "open"]


async def test_a_space_that_comes_back_untouched_neednt_be_loaded(owner: Owner) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    space = owner.stage._owned[WORLD]["world"].space
    await owner.stage.release(WORLD)
    await owner.start(has_committed=True)
    assert owner.stage._owned[WORLD]["world"].space is space


async def test_a_space_that_stays_away_leaves_memory(owner: Owner) -> None:
    elsewhere = next(partition for partition in range(4) if partition != WORLD)
    await owner.stage.acquire(elsewhere, False)
    await owner.confirm(await owner.handle(article("a:1")))
    space = owner.stage._owned[WORLD]["world"].space
    await owner.stage.release(WORLD)
    for seconds in (0, 59, 60):
        assert list(owner.stage._kept) == ["world"]
        await owner.stage.tick(elsewhere, 1_000 * seconds)
    assert not owner.stage._kept
    await owner.start(has_committed=True)
    again = owner.stage._owned[WORLD]["world"].space
    assert again is not space
    assert len(again.index) == 1


async def test_an_acquisition_that_is_tried_again_raises_no_epoch_twice(owner: Owner, backing: Backing) -> None:
    await owner.handle(article("a:1"))
    epoch = backing.spaces["world"].epoch
    await owner.start(has_committed=True)
    assert backing.spaces["world"].epoch == epoch


async def test_a_newer_held_version_replaces_the_held_one(owner: Owner, backing: Backing) -> None:
    until = {"embargoed_until": "2026-01-02T01:00:00Z"}
    await owner.handle(article("a:1", version="1", **until), article("a:1", version="2", **until))
    assert [hold.uri for hold in backing.spaces["world"].holds.values()] == ["a:1"]
    [output] = await owner.stage.tick(WORLD, 1_767_315_600_000)
    came = record(article("a:1", version="2", **until))
    assert (output.topic, output.partition) == ("articles", came.partition)
    assert (output.key, output.value, output.headers) == (came.key, came.value, came.headers), "byte for byte"


async def test_an_embargo_that_no_version_can_read_any_more_ends_no_owner(owner: Owner, backing: Backing) -> None:
    await owner.handle(article("a:1", embargoed_until="2026-01-02T01:00:00Z"))
    (hold,) = backing.spaces["world"].holds.values()
    backing.spaces["world"].holds["a:1"] = replace(hold, record=pack(record(b"of another format")))
    again = Owner(backing)
    await again.start(has_committed=True)
    [output] = await again.stage.tick(WORLD, 1_767_315_600_000)
    assert output.value == b"of another format", "it becomes a dead letter where it is read"


async def test_a_clock_that_is_ahead_lets_nothing_out_before_the_brokers_time(owner: Owner, backing: Backing) -> None:
    held = article("a:1", embargoed_until="2026-01-02T01:00:00Z")
    await owner.handle(held)
    # Two hours ahead, it puts the article back; by the broker's time there are fifty minutes left.
    ahead_ms, until_ms = 2 * HOUR_MS, NOW_MS + HOUR_MS
    await owner.confirm(await owner.stage.tick(WORLD, until_ms + ahead_ms))
    came_ms = NOW_MS + 10 * 60_000
    assert told(await owner.handle(record(held, timestamp_ms=came_ms))) == []
    assert list(backing.spaces["world"].holds) == ["a:1"]
    # It isn't put back again and again until then.
    assert await owner.stage.tick(WORLD, until_ms + 49 * 60_000) == []
    [output] = await owner.stage.tick(WORLD, until_ms + 50 * 60_000)
    await owner.confirm([output])
    assert told(await owner.handle(record(held, timestamp_ms=until_ms))) == [("open", "a:1")]
    assert output.topic == "articles"


async def test_an_embargo_that_is_lifted_ends_the_waiting(owner: Owner, backing: Backing) -> None:
    await owner.handle(article("a:1", embargoed_until="2026-01-02T01:00:00Z"))
    outputs = await owner.handle(article("a:1", version="2"))
    assert told(outputs) == [("open", "a:1")] and not backing.spaces["world"].holds


class Recovered:
    """A Recovery that gives back what it is given: decisions of one space, and articles acknowledged lately."""

    def __init__(self, lost: LostDecisions | None = None, recent: Sequence[Record] = ()) -> None:
        self.lost = lost or LostDecisions(0)
        self.recent = recent

    async def lost_decisions(self, space: str, next_placement: int) -> LostDecisions:
        return self.lost

    async def recent_articles(self, partition: int) -> AsyncGenerator[Record, None]:
        for each in self.recent:
            yield each


async def test_decisions_that_the_store_lost_are_put_back(owner: Owner, backing: Backing) -> None:
    # Given two articles of one story, the second of which the store has forgotten.
    await owner.confirm(await owner.handle(article("a:1")))
    before = backing.snapshot()
    await owner.confirm(await owner.handle(article("a:2", number=15)))
    whole = backing.snapshot().spaces["world"]
    backing.go_back(before)
    # When a new owner finds it on the topic.
    assignment = whole.assignments["a:2"][0]
    lost = LostDecisions(whole.next_placement, (assignment,), written_ms={"a:2": ARRIVED_MS})
    again = Matcher(MemorySpaceStore(backing), Recovered(lost))
    await again.acquire(WORLD, True)
    # Then the space is what it was.
    space = backing.spaces["world"]
    assert (space.index, space.next_placement) == (whole.index, whole.next_placement)
    assert space.assignments.keys() == whole.assignments.keys()
    assert Life.from_bytes(space.lives[assignment.story_id]).news_ms == ARRIVED_MS, "it rests as late as it would have"


async def test_a_merge_that_the_store_lost_is_put_back(owner: Owner, backing: Backing) -> None:
    outputs = await owner.handle(article("a:1"), article("b:1", "budget"))
    await owner.confirm(outputs)
    winner, loser = (output.key.decode() for output in outputs)
    again = Matcher(MemorySpaceStore(backing), Recovered(LostDecisions(3, (), {loser: (winner, ARRIVED_MS)})))
    await again.acquire(WORLD, True)
    space = backing.spaces["world"]
    assert (list(space.index), space.redirects) == ([winner], {loser: winner})


async def test_holds_and_cancellations_come_back_from_recent_articles(owner: Owner, backing: Backing) -> None:
    await owner.handle(article("x:1"))
    recent = [
        record(article("a:1", embargoed_until="2026-01-02T01:00:00Z")),
        record(article("a:2", pub_status="canceled")),
        record(b"no article at all"),
    ]
    await Matcher(MemorySpaceStore(backing), Recovered(recent=recent)).acquire(WORLD, True)
    space = backing.spaces["world"]
    assert list(space.holds) == ["a:1"] and space.assignments["a:2"][0].canceled


async def test_what_was_decided_is_not_sent_again_by_recovery(owner: Owner, backing: Backing) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    again = Matcher(MemorySpaceStore(backing), Recovered(recent=[record(article("a:1"))]))
    assert await again.acquire(WORLD, True) == []


async def test_a_record_that_was_one_too_many_stops_no_later_owner(owner: Owner, backing: Backing, monkeypatch) -> None:
    # Given dead letters among what was acknowledged lately: of a space and a hold for which there was no room.
    await owner.handle(article("a:1"))
    other = next(name for name in map(str, range(99)) if partition_of(name, 4) == WORLD)
    until = {"embargoed_until": "2026-01-02T01:00:00Z"}
    recent = [record(article("b:1", space=other, **until)), record(article("c:1", **until))]
    monkeypatch.setattr(stage_module, "SPACES_MAX", 1)
    monkeypatch.setattr(owned_module, "HOLDS_MAX", 0)
    # When another owner repairs the partition, what comes after them is still brought back.
    recent.append(record(article("d:1", pub_status="canceled")))
    await Matcher(MemorySpaceStore(backing), Recovered(recent=recent)).acquire(WORLD, True)
    space = backing.spaces["world"]
    assert not space.holds and space.assignments["d:1"][0].canceled


async def test_an_article_whose_matching_fails_stops_no_later_owner(backing: Backing, monkeypatch) -> None:
    owner = Owner(backing)
    await owner.start()
    await owner.confirm(await owner.handle(article("a:1")))

    def fails(*of: object) -> None:
        raise ValueError("a defect of ours")

    monkeypatch.setattr(owned_module, "decide", fails)
    with pytest.raises(ValueError):
        await owner.handle(article("b:1"))  # by and by the shell makes a dead letter of it
    recovery = Recovered(recent=[record(article("b:1"))])
    assert await Matcher(MemorySpaceStore(backing), recovery).acquire(WORLD, True) == []


async def test_a_space_that_is_quiet_notices_that_the_store_went_back(owner: Owner, backing: Backing) -> None:
    await owner.confirm(await owner.handle(article("a:1")))
    before = backing.snapshot()
    await owner.confirm(await owner.handle(article("b:1", "budget")))
    await owner.stage.tick(WORLD, 0)
    backing.go_back(before)
    with pytest.raises(Fenced, match="lost its last writes"):
        await owner.stage.tick(WORLD, 0)


async def test_an_embargoed_article_that_cant_be_matched_is_refused_when_it_comes(
    owner: Owner, backing: Backing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*of: object) -> None:
        raise ValueError("a defect of ours")

    monkeypatch.setattr(Arrival, "profile", fails)
    with pytest.raises(ValueError):
        await owner.handle(article("a:1", embargoed_until="2026-01-02T01:00:00Z"))
    assert not backing.spaces["world"].holds

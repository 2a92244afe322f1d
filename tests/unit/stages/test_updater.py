"""The updater's own promises: what it writes, in what order, and when it writes nothing."""

import pytest

from storyline.domain.story import StoryState, evolve
from storyline.errors import Conflict, Fenced, StateLost, Transient
from storyline.infra.memory import Backing, MemoryStoryStore
from storyline.observe.traceparent import begin, parse
from storyline.stages.events import command_output
from storyline.stages.updater import Updater
from storyline.stages.updater.cache import Cache
from storyline_schemas import Story, partition_of
from tests.unit.story.stories import OTHER, STORY, add, after, close, merge, opened, retract
from tests.wires import as_record

PARTITION = partition_of(STORY, 4)


class Owner:
    """An updater that owns the partition of STORY."""

    def __init__(self, backing: Backing, recovery: "Recovered | None" = None) -> None:
        self.store = MemoryStoryStore(backing)
        self.stage = Updater(self.store, recovery)

    async def start(self, has_committed: bool = False) -> "Owner":
        await self.stage.acquire(PARTITION, has_committed)
        return self

    async def handle(self, *commands, carried=()):
        records = [as_record(command_output(each, "/test", 4, carried), 0) for each in commands]
        return await self.stage.handle(PARTITION, [self.stage.decode(each) for each in records])

    async def through(self, *commands):
        outputs = await self.handle(*commands)
        await self.stage.confirmed(PARTITION, outputs)
        return outputs


@pytest.fixture
def backing() -> Backing:
    return Backing()


@pytest.fixture
async def owner(backing: Backing) -> Owner:
    return await Owner(backing).start()


def state(outputs) -> Story:
    """The story as it is sent on `stories`."""
    return Story.model_validate_json(next(output.value for output in outputs if output.topic == "stories"))


def topics(outputs):
    return [output.topic for output in outputs]


async def test_a_version_is_an_update_a_state_the_head_and_the_parts_in_this_order(owner: Owner) -> None:
    outputs = await owner.handle(opened())
    assert topics(outputs) == ["story-updates", "stories", "story-parts", "story-parts"]
    assert [output.key for output in outputs[2:]] == [b"st-one/", b"st-one/a:1"]


async def test_all_of_it_goes_to_the_storys_partition(owner: Owner) -> None:
    assert {output.partition for output in await owner.handle(opened())} == {PARTITION}


async def test_the_event_says_which_version_it_is(owner: Owner) -> None:
    headers = dict((await owner.handle(opened()))[0].headers)
    assert (headers["ce_sequence"], headers["ce_subject"]) == (b"0000000001", b"st-one")


async def test_trace_headers_travel_on(owner: Owner) -> None:
    given = begin("the article")
    outputs = await owner.handle(opened(), carried=(("traceparent", given.header()),))
    passed = parse(dict(outputs[0].headers)["traceparent"])
    assert passed is not None and passed.trace_id == given.trace_id


async def test_a_batch_of_no_ops_writes_and_sends_nothing(owner: Owner, backing: Backing) -> None:
    await owner.through(opened())
    stored = backing.stories[STORY]
    assert await owner.through(opened()) == []
    assert backing.stories[STORY] is stored


async def test_only_parts_that_changed_are_written(owner: Owner) -> None:
    await owner.through(opened(), add("a:2", 2))
    outputs = await owner.through(add("a:3", 3, about="quake"))
    assert [output.key for output in outputs if output.topic == "story-parts"] == [b"st-one/", b"st-one/a:3"]


async def test_a_cancelled_article_leaves_a_tombstone_part_without_text(owner: Owner) -> None:
    await owner.through(opened(), add("a:2", 2, about="quake"))
    outputs = await owner.through(retract("a:2", 2, 2))
    [part] = [output.value for output in outputs if output.key == b"st-one/a:2"]
    assert b'"gone":true' in part and b"quake" not in part.lower()


async def test_the_parts_of_a_merged_story_leave_the_topic(owner: Owner) -> None:
    await owner.through(opened())
    outputs = await owner.through(merge())
    assert [output.value for output in outputs if output.key == b"st-one/a:1"] == [None]
    assert [output.key.decode() for output in outputs if output.topic == "story-commands"] == [OTHER]


async def test_what_was_committed_and_not_sent_goes_first(owner: Owner, backing: Backing) -> None:
    first = await owner.handle(opened())
    again = await (await Owner(backing).start(True)).handle(opened(), add("a:2", 2))
    assert again[: len(first)] == first
    assert topics(again[len(first) :])[0] == "story-updates"


async def test_an_unsent_outbox_is_sent_also_when_the_command_is_a_no_op(owner: Owner, backing: Backing) -> None:
    first = await owner.handle(opened())
    assert await (await Owner(backing).start(True)).handle(opened()) == first


async def test_confirmed_outputs_leave_the_outbox(owner: Owner, backing: Backing) -> None:
    await owner.through(opened())
    assert not backing.unsent.get(STORY)


async def test_a_late_command_to_a_merged_story_is_passed_on_each_time(owner: Owner) -> None:
    await owner.through(opened(), merge())
    first = await owner.through(add("a:2", 2))
    assert topics(first) == ["story-commands"]
    assert await owner.through(add("a:2", 2)) == first


async def test_a_story_that_is_missing_is_lost_state(owner: Owner) -> None:
    with pytest.raises(StateLost, match="storyline rebuild"):
        await owner.handle(add("a:1", 1))


async def test_a_story_that_the_topics_know_and_the_store_does_not_is_lost_state(backing: Backing) -> None:
    owner = await Owner(backing, Recovered(STORY)).start()
    with pytest.raises(StateLost, match="storyline rebuild"):
        await owner.handle(add("a:1", 1))


async def test_a_story_whose_opening_is_a_dead_letter_begins_with_what_comes_next(backing: Backing) -> None:
    owner = await Owner(backing, Recovered()).start()
    outputs = await owner.through(add("a:2", 2))
    assert topics(outputs)[:2] == ["story-updates", "stories"]
    assert state(outputs).version == 1


async def test_the_article_that_should_have_opened_it_joins_it_when_it_is_sent_again(backing: Backing) -> None:
    owner = await Owner(backing, Recovered()).start()
    await owner.through(add("a:2", 2))
    story = state(await owner.through(opened("a:1", 1)))
    assert (story.version, {source.article_uri for source in story.sources}) == (2, {"a:1", "a:2"})


async def test_an_article_whose_story_was_never_opened_stays_withdrawn(backing: Backing) -> None:
    owner = await Owner(backing, Recovered()).start()
    assert state(await owner.through(retract("a:1", 1, 2))).status == "retracted"
    assert await owner.through(opened("a:1", 1)) == []


async def test_a_story_that_vanished_from_the_store_is_lost_state_even_for_open(owner: Owner, backing: Backing) -> None:
    await owner.through(opened())
    del backing.stories[STORY]
    with pytest.raises(StateLost):
        await owner.handle(opened())


async def test_a_wiped_store_stops_the_updater(owner: Owner, backing: Backing) -> None:
    await owner.through(opened())
    backing.wipe()
    with pytest.raises(StateLost):
        await owner.handle(add("a:2", 2))


async def test_a_wiped_store_stops_an_updater_that_has_nothing_to_do(owner: Owner, backing: Backing) -> None:
    backing.wipe()
    with pytest.raises(StateLost):
        await owner.stage.tick(PARTITION, 0)


@pytest.mark.parametrize("started_anew", [False, True])
async def test_a_failover_while_stories_are_read_leads_to_no_second_version_of_that_number(
    owner: Owner, backing: Backing, monkeypatch: pytest.MonkeyPatch, started_anew: bool
) -> None:
    # Given version 2, which the server that takes over never got, and an owner that has it in memory, or has not.
    await owner.through(opened())
    before = backing.snapshot()
    await owner.through(add("a:2", 2))
    if started_anew:
        owner = await Owner(backing).start(True)
    peek = owner.store.peek

    async def too_late(story_ids):
        backing.go_back(before)
        return await peek(story_ids)

    monkeypatch.setattr(owner.store, "peek", too_late)
    # When it takes over just after the updater has looked which server it is.
    with pytest.raises(Transient if started_anew else Fenced):
        await owner.handle(add("a:3", 3))
    # Then nothing was written: it is repaired first.
    assert backing.stories[STORY].version == 1


async def test_somebody_elses_version_is_loaded_not_overwritten(owner: Owner, backing: Backing) -> None:
    await owner.through(opened())
    await (await Owner(backing).start(True)).through(add("a:2", 2))
    await owner.through(add("a:3", 3))
    assert backing.stories[STORY].version == 3
    assert set(backing.stories[STORY].parts) == {"a:1", "a:2", "a:3"}


async def test_after_a_conflict_the_story_is_loaded_anew(owner: Owner, backing: Backing, monkeypatch) -> None:
    await owner.through(opened())
    other = await Owner(backing).start(True)
    commit = owner.store.commit

    async def too_late(changes):
        monkeypatch.setattr(owner.store, "commit", commit)
        await other.through(close())
        await commit(changes)

    monkeypatch.setattr(owner.store, "commit", too_late)
    with pytest.raises(Conflict):
        await owner.handle(add("a:2", 2))
    await owner.through(add("a:2", 2))
    assert backing.stories[STORY].version == 3


class Recovered:
    """A Recovery that counts how often it was asked, and whose topics know the stories it is given."""

    def __init__(self, *told: str) -> None:
        self.asked = 0
        self.told = set(told)

    async def restore_stories(self, partition: int) -> int:
        self.asked += 1
        return 0

    async def untold_stories(self, partition: int, story_ids) -> set[str]:
        return set(story_ids) - self.told


async def test_recovery_is_asked_on_acquisition_and_when_the_store_was_restarted(backing: Backing) -> None:
    recovery = Recovered()
    updater = Updater(MemoryStoryStore(backing), recovery)
    await updater.acquire(PARTITION, False)
    await updater.handle(PARTITION, [])
    assert recovery.asked == 1
    backing.go_back(backing.snapshot())
    await updater.handle(PARTITION, [])
    assert recovery.asked == 2


def state_of_story(name: str) -> StoryState:
    state = evolve(name, None, [opened(story=name)]).state
    assert state is not None
    return state


def test_the_cache_forgets_the_least_recently_used_first() -> None:
    cache = Cache(stories_max=2)
    cache.put(0, state_of_story("x"))
    cache.put(0, state_of_story("y"))
    assert cache.get("x") is not None
    cache.put(0, state_of_story("z"))
    assert cache.get("y") is None and cache.get("x") is not None


def test_the_cache_is_bounded_by_articles_too() -> None:
    cache = Cache(stories_max=9, parts_max=2)
    cache.put(0, after([opened(), add("a:2", 2), add("a:3", 3)]))
    assert len(cache) == 0


async def test_a_story_that_rests_leaves_memory_and_wakes_from_the_store(owner: Owner) -> None:
    await owner.through(opened())
    assert owner.stage.cached_stories == 1
    await owner.through(close())
    assert owner.stage.cached_stories == 0
    assert state(await owner.through(add("a:2", 2))).article_count == 2
    assert owner.stage.cached_stories == 1


def test_a_released_partition_leaves_the_cache() -> None:
    cache = Cache()
    cache.put(3, after(opened()))
    cache.drop_partition(3)
    assert len(cache) == 0

"""What a failover lost comes back from the tail of the topics."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from storyline import app
from storyline.domain.ports import SpaceChange, StoredStory, StoryChange
from storyline.errors import StateLost
from storyline.infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher
from storyline.infra.memory import Backing, MemorySpaceStore, MemoryStoryStore
from storyline.rebuild import TopicRecovery
from storyline.record import Output
from storyline.settings import Settings
from storyline_schemas import Merge, PartitionCounts, partition_of
from tests.conftest import running
from tests.servers import EmbeddedKafka, RedisServer

from .conftest import DATABASE
from .stories import AT_MS, PARTITIONS, SPACE, TIMED, open_command, part, publish, version

PARTITION = partition_of("st-1", PARTITIONS)
HOUR_MS = 3_600_000


@pytest.fixture
def broker() -> Iterator[EmbeddedKafka]:
    """A broker of its own: the topics have their real names."""
    yield from running(EmbeddedKafka())


@pytest.fixture
async def connection(broker: EmbeddedKafka) -> AsyncIterator[KafkaConnection]:
    connection = KafkaConnection(broker.address)
    async with KafkaAdmin(connection) as admin:
        await admin.create_topics(PartitionCounts(articles=2, stories=PARTITIONS), topics=TIMED)
    yield connection


@pytest.fixture
def backing() -> Backing:
    return Backing()


@pytest.fixture
def recovery(connection: KafkaConnection, backing: Backing) -> TopicRecovery:
    return TopicRecovery(connection, MemoryStoryStore(backing), MemorySpaceStore(backing))


def grown() -> list[StoryChange]:
    return [
        version("st-1", 1, {"urn:a": part("urn:a", 1), "urn:b": part("urn:b", 2)}),
        version("st-1", 2, {"urn:c": part("urn:c", 3)}),
        version("st-1", 3, {"urn:a": part("urn:a", 1, number=2), "urn:b": None}),
    ]


async def stored(backing: Backing, changes: list[StoryChange]) -> None:
    for change in changes:
        await MemoryStoryStore(backing).commit([change])


async def test_a_story_set_back_by_hand_is_restored_whole(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    await publish(connection, grown())
    await stored(backing, grown())
    whole = backing.stories["st-1"]
    backing.stories.clear()
    await stored(backing, grown()[:1])
    assert await recovery.restore_stories(PARTITION) == 1
    assert backing.stories["st-1"] == whole


async def test_a_story_that_ended_is_forgotten_if_the_store_still_has_it(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    await publish(connection, grown())
    await stored(backing, grown())
    gone = [
        Output("stories", PARTITION, b"st-1", None),
        *(Output("story-parts", PARTITION, f"st-1/{uri}".encode(), None) for uri in ("", "urn:a", "urn:c")),
    ]
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(gone)
    assert await recovery.restore_stories(PARTITION) == 1
    assert backing.stories == {}
    assert await recovery.restore_stories(PARTITION) == 0


async def test_a_story_lost_altogether_is_restored(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    await publish(connection, grown())
    await stored(backing, grown())
    whole = backing.stories.pop("st-1")
    assert await recovery.restore_stories(PARTITION) == 1
    assert backing.stories["st-1"] == whole


async def test_what_the_tail_does_not_reach_is_read_from_the_beginning(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    *old, last = grown()
    await publish(connection, old, at_ms=AT_MS)
    await publish(connection, [last], at_ms=AT_MS + HOUR_MS)
    await stored(backing, grown())
    whole = backing.stories.pop("st-1")
    assert await recovery.restore_stories(PARTITION) == 1
    assert backing.stories["st-1"] == whole


async def test_a_story_as_new_as_the_topics_is_left_alone_with_its_outbox(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    unsent = Output("story-updates", 0, b"st-1", b"{}")
    await publish(connection, grown())
    await stored(backing, [*grown(), replace(version("st-1", 4, {}), outbox=(unsent,))])
    assert await recovery.restore_stories(PARTITION) == 0
    assert backing.unsent["st-1"] == (unsent,)


async def test_a_partition_without_records_has_nothing_to_restore(recovery: TopicRecovery) -> None:
    assert await recovery.restore_stories(PARTITION) == 0


async def test_a_store_that_is_minutes_behind_is_lost_state(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    stories = [version(name, 1, {f"urn:{name}": part(f"urn:{name}", 1)}) for name in _on_the_partition(3)]
    for minutes, change in enumerate(stories):
        await publish(connection, [change], at_ms=AT_MS + minutes * 90_000)
    await stored(backing, stories[:2])
    assert await recovery.restore_stories(PARTITION) == 1
    backing.stories.clear()
    await stored(backing, stories[:1])
    with pytest.raises(StateLost, match="storyline rebuild"):
        await recovery.restore_stories(PARTITION)


async def test_of_several_servers_one_may_have_lost_what_others_went_on_after(
    connection: KafkaConnection, backing: Backing
) -> None:
    # Given two stories on two servers: one told its last before its server failed, the other 20 seconds later.
    quiet, busy = _on_the_partition(2)
    lost = version(quiet, 1, {"urn:q": part("urn:q", 1)})
    later = version(busy, 1, {"urn:b": part("urn:b", 2)})
    await publish(connection, [lost], at_ms=AT_MS)
    await publish(connection, [later], at_ms=AT_MS + 20_000)
    await stored(backing, [later])
    stores = MemoryStoryStore(backing), MemorySpaceStore(backing)
    # Then what was lost comes back.
    assert await TopicRecovery(connection, *stores, spread=True).restore_stories(PARTITION) == 1
    assert quiet in backing.stories


def _on_the_partition(count: int) -> list[str]:
    names = (f"st-{n}" for n in range(1, 1_000))
    return [name for name in names if partition_of(name, PARTITIONS) == PARTITION][:count]


async def test_a_story_that_no_topic_tells_of_is_untold(connection: KafkaConnection, recovery: TopicRecovery) -> None:
    await publish(connection, grown())
    assert await recovery.untold_stories(PARTITION, ["st-1", "st-2"]) == {"st-2"}


async def test_what_an_aborted_transaction_wrote_is_not_restored(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    await publish(connection, grown()[:1])
    await stored(backing, grown()[:1])
    producer = AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers, transactional_id="another")
    await producer.start()
    await producer.begin_transaction()
    await producer.send_and_wait("stories", grown()[1].story, b"st-1", PARTITION)
    await producer.abort_transaction()
    await producer.stop()
    assert await recovery.restore_stories(PARTITION) == 0
    assert isinstance(backing.stories["st-1"], StoredStory)
    assert backing.stories["st-1"].version == 1


async def commands(connection: KafkaConnection, *sent: object) -> None:
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(
            [
                Output("story-commands", partition_of(c.story_id, PARTITIONS), c.story_id.encode(), c.to_json())  # type: ignore[attr-defined]
                for c in sent
            ]
        )


async def acquired(backing: Backing) -> tuple[MemorySpaceStore, int]:
    """A store that owns SPACE, of which it knows nothing yet, and its epoch."""
    store = MemorySpaceStore(backing)
    await store.claim(0, has_committed=False)
    return store, (await store.acquire(0, SPACE, None)).epoch


async def test_decisions_the_store_has_forgotten_are_told_in_placement_order(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    store, epoch = await acquired(backing)
    await commands(
        connection,
        *(open_command(f"st-{n}", f"urn:{n}", n) for n in (4, 3, 2)),
        Merge(story_id="st-3", space=SPACE, at_ms=AT_MS, cause="c", into="st-2", reason="one event"),
        open_command("st-9", "urn:other", 9).model_copy(update={"space": "sport"}),
    )
    known = (await recovery.lost_decisions(SPACE, 1)).assignments[0]
    await store.commit(SPACE, epoch, SpaceChange(3, assignments=[known]))
    lost = await recovery.lost_decisions(SPACE, 1)
    assert [(each.uri, each.placement) for each in lost.assignments] == [("urn:3", 3), ("urn:4", 4)]
    assert lost.next_placement == 5
    ((winner, merged_ms),) = [lost.redirects["st-3"]]
    assert winner == "st-2"
    assert merged_ms > AT_MS, "when it was decided"
    assert lost.written_ms.keys() == {"urn:3", "urn:4"}
    assert min(lost.written_ms.values()) > AT_MS, "when it was decided, not when the article was written"
    assert lost


async def decided(connection: KafkaConnection, placed: Mapping[int, tuple[str, int]]) -> None:
    """Commands of the space: placement → story, and seconds after AT_MS."""
    producer = AIOKafkaProducer(bootstrap_servers=connection.bootstrap_servers)
    await producer.start()
    for number, (story, seconds) in placed.items():
        await producer.send_and_wait(
            "story-commands", open_command(story, f"urn:{number}", number).to_json(), story.encode(),
            partition_of(story, PARTITIONS), AT_MS + seconds * 1_000,
        )  # fmt: skip
    await producer.stop()


def on(name: str) -> str:
    """A story of one partition ("busy") or another ("quiet")."""
    wanted = PARTITION if name == "busy" else (PARTITION + 1) % PARTITIONS
    return next(each for n in range(1_000) if partition_of(each := f"st-{n}", PARTITIONS) == wanted)


@pytest.mark.parametrize(("next_placement", "far"), [(1, True), (2, False), (3, False)])
async def test_a_space_that_is_minutes_behind_is_lost_state(
    connection: KafkaConnection, recovery: TopicRecovery, next_placement: int, far: bool
) -> None:
    """Decisions 1, 2 and 3, a minute and a half between the first two; the store stands before one of them."""
    await decided(connection, {1: ("st-1", 0), 2: ("st-1", 90), 3: ("st-1", 95)})
    if far:
        with pytest.raises(StateLost, match="the space world"):
            await recovery.lost_decisions(SPACE, next_placement)
    else:
        assert (await recovery.lost_decisions(SPACE, next_placement)).next_placement == 4


async def test_check_names_a_space_that_is_minutes_behind(
    connection: KafkaConnection, redis_server: RedisServer
) -> None:
    await decided(connection, {1: ("st-1", 0), 2: ("st-1", 90), 3: ("st-1", 95)})
    settings = Settings(
        kafka_bootstrap_servers=connection.bootstrap_servers, redis_url=f"redis://{redis_server.address}/{DATABASE}",
        articles_partitions=2, stories_partitions=PARTITIONS,
    )  # fmt: skip
    partition = partition_of(SPACE, 2)
    async with app.redis(settings) as client:
        await client.everywhere("FLUSHDB")
        store = app.space_store(client, settings)
        await store.claim(partition, has_committed=False)
        epoch = (await store.acquire(partition, SPACE, None)).epoch
        for placement, behind in ((1, True), (2, False)):
            await store.commit(SPACE, epoch, SpaceChange(placement))
            found = await app.older_spaces(settings)
            assert len(found) == behind
            assert all("storyline rebuild" in line for line in found)


async def test_check_names_a_space_whose_partition_is_another_since_there_are_more(
    connection: KafkaConnection, redis_server: RedisServer
) -> None:
    settings = Settings(
        kafka_bootstrap_servers=connection.bootstrap_servers, redis_url=f"redis://{redis_server.address}/{DATABASE}",
        articles_partitions=2, stories_partitions=PARTITIONS,
    )  # fmt: skip
    partition = partition_of(SPACE, 2)
    grown = next(count for count in range(3, 9) if partition_of(SPACE, count) != partition)
    async with app.redis(settings) as client:
        await client.everywhere("FLUSHDB")
        store = app.space_store(client, settings)
        await store.claim(partition, has_committed=False)
        await store.acquire(partition, SPACE, None)
        (found,) = await app.older_spaces(settings.model_copy(update={"articles_partitions": grown}))
    assert SPACE in found and "storyline rebuild" in found


@pytest.mark.parametrize(
    "seconds_at",
    [
        {1: ("quiet", 0), 2: ("busy", 3_600), 3: ("busy", 3_690), 4: ("busy", 3_700)},
        # The whole tail of the busy one is a burst: what the store lacks before it lies farther back.
        {1: ("quiet", 3_690), 2: ("busy", 0), 3: ("quiet", 3_695), 4: ("busy", 3_700)},
        {1: ("busy", 0), 2: ("busy", 3_690), 3: ("quiet", 3_695), 4: ("busy", 7_400)},
    ],
)  # fmt: skip
async def test_a_quiet_partition_hides_no_older_copy(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery, seconds_at: dict[int, tuple[str, int]]
) -> None:
    """The store has decision 1; of the others a part is minutes old, however its partition's last record lies."""
    store, epoch = await acquired(backing)
    await decided(connection, {number: (on(name), at) for number, (name, at) in seconds_at.items()})
    known = [each for each in (await recovery.lost_decisions(SPACE, 5)).assignments if each.placement == 1]
    await store.commit(SPACE, epoch, SpaceChange(2, assignments=known))
    with pytest.raises(StateLost, match="the space world"):
        await recovery.lost_decisions(SPACE, 2)


async def test_a_quiet_partition_hinders_no_repair(
    connection: KafkaConnection, backing: Backing, recovery: TopicRecovery
) -> None:
    store, epoch = await acquired(backing)
    await decided(connection, {1: (on("quiet"), 0), 2: (on("busy"), 3_690), 4: (on("busy"), 3_700)})
    known = [each for each in (await recovery.lost_decisions(SPACE, 5)).assignments if each.placement < 3]
    await store.commit(SPACE, epoch, SpaceChange(3, assignments=known))
    lost = await recovery.lost_decisions(SPACE, 3)  # the third was never sent
    assert [each.placement for each in lost.assignments] == [4]


async def test_nothing_is_lost_where_nothing_was_decided(recovery: TopicRecovery) -> None:
    lost = await recovery.lost_decisions(SPACE, 1)
    assert (lost.next_placement, lost.assignments, bool(lost)) == (0, [], False)


async def test_recent_articles_are_those_acknowledged(connection: KafkaConnection, recovery: TopicRecovery) -> None:
    async with KafkaPublisher(connection) as publisher:
        await publisher.send([Output("articles", 1, SPACE.encode(), b"%d" % n) for n in range(5)])
    assert [record async for record in recovery.recent_articles(1)] == []
    place = TopicPartition("articles", 1)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers, group_id="storyline.matcher", enable_auto_commit=False
    )
    await consumer.start()
    consumer.assign([place])
    await consumer.commit({place: 3})
    await consumer.stop()
    assert [record.value async for record in recovery.recent_articles(1)] == [b"0", b"1", b"2"]

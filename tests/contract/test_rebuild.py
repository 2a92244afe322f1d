"""Redis made again from the topics, on real servers."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from storyline.domain.matching import Index, Profile, profile_of
from storyline.domain.placing import Life
from storyline.domain.ports import Assignment, Hold, StoryChange
from storyline.errors import Fatal, StateLost
from storyline.infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader
from storyline.infra.redis.client import Client
from storyline.infra.redis.rebuilding import RedisTarget
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore
from storyline.rebuild import Remembered, Totals, rebuild
from storyline.record import Output, Record
from storyline_schemas import Expire, Merge, PartitionCounts, Retract, StoryStatus, partition_of, story_id
from tests.conftest import running
from tests.servers import EmbeddedKafka, KafkaBroker

from .stories import AT_MS, PARTITIONS, SPACE, TIMED, article, open_command, part, publish, version

DATABASE = 8
LIFETIME_MS = 30 * 86_400_000
COUNTS = PartitionCounts(articles=2, stories=PARTITIONS)

FERRY, FLOOD, LATE, OLD = (
    story_id(SPACE, f"urn:{name}:1", n) for n, name in enumerate(("ferry", "flood", "late", "old"), 1)
)


APACHE = pytest.param(("kafka", "redis_server"), marks=[pytest.mark.kafka, pytest.mark.redis], id="apache")
EMBEDDED = pytest.param(("embedded", "embedded_redis"), id="embedded")
BROKERS = {"kafka": KafkaBroker, "embedded": EmbeddedKafka}

on_both = pytest.mark.parametrize("pair", [APACHE, EMBEDDED])


@pytest.fixture
def pair() -> tuple[str, str]:
    """Which broker and which Redis."""
    return ("embedded", "embedded_redis")


@pytest.fixture
async def connection(pair: tuple[str, str]) -> AsyncIterator[KafkaConnection]:
    """A broker of its own: the topics have their real names."""
    for broker in running(BROKERS[pair[0]]()):
        connection = KafkaConnection(broker.address)
        async with KafkaAdmin(connection) as admin:
            await admin.create_topics(COUNTS, topics=TIMED)
        yield connection


@pytest.fixture
async def client(pair: tuple[str, str], request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    client = Client.from_url(f"redis://{request.getfixturevalue(pair[1]).address}/{DATABASE}")
    await client.one("FLUSHDB")
    yield client
    await client.close()


def nothing(record: Record) -> Remembered | None:
    return None


async def rebuilt(
    connection: KafkaConnection, client: Client, rule: Any = nothing, said: list[str] | None = None
) -> Totals:
    async with KafkaReader(connection) as reader, KafkaAdmin(connection) as admin:
        return await rebuild(
            reader, admin, RedisTarget(client), article_rule=rule, assignment_lifetime_ms=LIFETIME_MS,
            progress=(said if said is not None else []).append,
        )  # fmt: skip


async def dump(client: Client, pattern: str) -> dict[bytes, dict[bytes, bytes]]:
    return {key: await client.one("HGETALL", key) for key in sorted(await client.one("KEYS", pattern))}


async def send_commands(connection: KafkaConnection, *commands: Any) -> None:
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(
            [
                Output("story-commands", partition_of(c.story_id, PARTITIONS), c.story_id.encode(), c.to_json())
                for c in commands
            ]
        )


def history() -> list[StoryChange]:
    """Two stories that grew and lost articles, and one that was merged into the first."""
    return [
        version(FERRY, 1, {"urn:ferry:1": part("urn:ferry:1", 1)}),
        version(FLOOD, 1, {"urn:flood:1": part("urn:flood:1", 2), "urn:flood:2": part("urn:flood:2", 5)}),
        version(OLD, 1, {"urn:old:1": part("urn:old:1", 4)}),
        version(OLD, 2, {"urn:old:1": None}, StoryStatus.MERGED, redirect_to=FERRY),
        version(FERRY, 2, {"urn:old:1": part("urn:old:1", 4), "urn:ferry:2": part("urn:ferry:2", 6)}),
        version(FLOOD, 2, {"urn:flood:2": part("urn:flood:2", 5, gone=True, number=2)}),
        version(FERRY, 3, {"urn:ferry:2": part("urn:ferry:2", 6, number=2)}),
    ]


@on_both
async def test_after_a_wipe_every_story_is_byte_identical(connection: KafkaConnection, client: Client) -> None:
    store = RedisStoryStore(client)
    for change in history():
        await store.commit([change])
    await publish(connection, history())
    before = await dump(client, "storyline:{story/*")
    await client.one("FLUSHDB")
    totals = await rebuilt(connection, client)
    assert await dump(client, "storyline:{story/*") == before
    assert (totals.stories, totals.parts, totals.incomplete) == (3, 5, 0)


@on_both
async def test_a_second_rebuild_gives_the_same_bytes_and_says_how_far_it_is(
    connection: KafkaConnection, client: Client
) -> None:
    await publish(connection, history())
    said: list[str] = []
    await rebuilt(connection, client, said=said)
    before = await dump(client, "storyline:{*:[hip]*")
    totals = await rebuilt(connection, client)
    assert await dump(client, "storyline:{*:[hip]*") == before
    assert totals.forgotten_keys > 0
    assert said[PARTITIONS - 1] == "stories: partition 3 of 3, 3 stories so far"


async def test_a_story_at_its_end_of_life_does_not_come_back(connection: KafkaConnection, client: Client) -> None:
    await publish(connection, history())
    async with KafkaPublisher(connection) as publisher:
        await publisher.send([Output("stories", partition_of(FLOOD, PARTITIONS), FLOOD.encode(), None)])
    await rebuilt(connection, client)
    assert set(await RedisStoryStore(client).load([FERRY, FLOOD])) == {FERRY}


@on_both
async def test_the_matchers_decisions_come_back_from_parts_and_commands(
    connection: KafkaConnection, client: Client
) -> None:
    await publish(connection, history())
    retract = Retract(
        story_id=FERRY, space=SPACE, at_ms=AT_MS, cause="c", article_uri="urn:ferry:1", placement=1, revision=(0, 9),
        reason="withheld",
    )  # fmt: skip
    await send_commands(connection, open_command(LATE, "urn:late:1", 7), retract)
    await rebuilt(connection, client)
    store = RedisSpaceStore(client)
    uris = [f"urn:{name}" for name in ("ferry:1", "ferry:2", "flood:1", "flood:2", "old:1", "late:1")]
    found = await store.assignments(SPACE, uris)
    assert {uri: (a.story_id, a.placement, a.revision, a.opened, a.canceled, a.method) for uri, a in found.items()} == {
        "urn:ferry:1": (FERRY, 1, (0, 9), False, True, "withheld"),
        "urn:ferry:2": (FERRY, 6, (0, 2), False, False, "body"),
        "urn:flood:1": (FLOOD, 2, (0, 1), True, False, "body"),
        "urn:flood:2": (FLOOD, 5, (0, 2), False, True, "canceled"),
        "urn:old:1": (FERRY, 4, (0, 1), False, False, "body"),
        "urn:late:1": (LATE, 7, (0, 1), False, False, "body"),
    }
    assert found["urn:flood:1"].profile == profile_of(article("urn:flood:1")).to_bytes()
    state = await store.acquire(partition_of(SPACE, 2), SPACE, None)
    assert (state.next_placement, dict(state.redirects), state.outbox) == (8, {OLD: FERRY}, ())


async def test_index_values_are_the_fold_of_the_live_members_in_placement_order(
    connection: KafkaConnection, client: Client
) -> None:
    await publish(connection, history())
    await rebuilt(connection, client)
    state = await RedisSpaceStore(client).acquire(partition_of(SPACE, 2), SPACE, None)
    index = Index()
    for uri, placement in (("urn:ferry:1", 1), ("urn:old:1", 4), ("urn:ferry:2", 6)):
        index.join(FERRY, uri, Profile.from_json(profile_of(article(uri)).to_json()), placement)
    index.join(FLOOD, "urn:flood:1", profile_of(article("urn:flood:1")), 2)
    assert dict(state.index) == {FERRY: index.dump(FERRY), FLOOD: index.dump(FLOOD)}


async def test_an_assignments_lifetime_counts_from_when_it_was_decided_not_from_the_articles_date(
    connection: KafkaConnection, client: Client
) -> None:
    ancient = part("urn:ferry:1", 1).model_copy(update={"at_ms": 1})
    await publish(connection, [version(FERRY, 1, {"urn:ferry:1": ancient})], at_ms=AT_MS)
    await publish(
        connection, [version(FLOOD, 1, {"urn:flood:1": part("urn:flood:1", 2)})], at_ms=AT_MS + LIFETIME_MS - 1
    )
    await rebuilt(connection, client)
    store = RedisSpaceStore(client)
    assert set(await store.assignments(SPACE, ["urn:ferry:1", "urn:flood:1"])) == {"urn:ferry:1", "urn:flood:1"}
    await publish(connection, [version(LATE, 1, {"urn:late:1": part("urn:late:1", 3)})], at_ms=AT_MS + LIFETIME_MS + 1)
    await rebuilt(connection, client)
    assert set(await store.assignments(SPACE, ["urn:ferry:1", "urn:flood:1"])) == {"urn:flood:1"}
    index = (await store.acquire(partition_of(SPACE, 2), SPACE, None)).index
    assert set(index) == {FERRY, FLOOD, LATE}, "the story of the expired one stays in the index"


async def test_a_storys_patience_counts_from_when_its_news_came_not_from_the_articles_date(
    connection: KafkaConnection, client: Client
) -> None:
    later = AT_MS + LIFETIME_MS
    await publish(connection, [version(FERRY, 1, {"urn:ferry:1": part("urn:ferry:1", 1)})], at_ms=later)
    await send_commands(connection, open_command(LATE, "urn:late:1", 7))
    await rebuilt(connection, client)
    found = await lives(client)
    assert (found[FERRY].stage, found[FERRY].news_ms) == ("open", later)
    assert found[LATE].news_ms > later, "the broker stamps a command with its own clock"


async def test_a_withdrawn_story_goes_from_when_its_last_article_left_and_once_told_to_expire_stays_so(
    connection: KafkaConnection, client: Client
) -> None:
    later = AT_MS + LIFETIME_MS
    changes = [
        version(story, 1, {f"urn:{story}": part(f"urn:{story}", n, gone=True)}, StoryStatus.RETRACTED)
        for n, story in enumerate((FERRY, FLOOD), 1)
    ]
    await publish(connection, changes, at_ms=later)
    await send_commands(
        connection, Expire(story_id=FLOOD, space=SPACE, at_ms=later, cause="c", reason="withdrawn long ago")
    )
    await rebuilt(connection, client)
    found = await lives(client)
    assert {story: (life.emptied_ms, life.expired) for story, life in found.items()} == {
        FERRY: (later, False),
        FLOOD: (later, True),
    }


async def test_news_for_a_story_at_rest_wakes_it(connection: KafkaConnection, client: Client) -> None:
    changes = [
        version(story, 1, {f"urn:{story}": part(f"urn:{story}", n)}, StoryStatus.DORMANT)
        for n, story in enumerate((FERRY, FLOOD), 1)
    ]
    await publish(connection, changes)
    await send_commands(connection, open_command(FERRY, "urn:ferry:2", 3))
    await rebuilt(connection, client)
    assert {story: life.stage for story, life in (await lives(client)).items()} == {FERRY: "open", FLOOD: "dormant"}


async def lives(client: Client) -> dict[str, Life]:
    state = await RedisSpaceStore(client).acquire(partition_of(SPACE, 2), SPACE, None)
    return {story: Life.from_bytes(packed) for story, packed in state.lives.items()}


async def test_a_merge_not_yet_carried_out_is_a_redirect(connection: KafkaConnection, client: Client) -> None:
    await publish(connection, history())
    await send_commands(
        connection, Merge(story_id=FLOOD, space=SPACE, at_ms=AT_MS, cause="c", into=FERRY, reason="one event")
    )
    await rebuilt(connection, client)
    state = await RedisSpaceStore(client).acquire(partition_of(SPACE, 2), SPACE, None)
    assert (dict(state.redirects), set(state.index)) == ({OLD: FERRY, FLOOD: FERRY}, {FERRY})


async def test_commands_already_carried_out_and_bytes_that_are_none_change_nothing(
    connection: KafkaConnection, client: Client
) -> None:
    partition = partition_of(LATE, PARTITIONS)
    await send_commands(connection, open_command(LATE, "urn:late:1", 7))
    await commit_group(connection, "storyline.updater", "story-commands", partition, 1)
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(
            [Output("story-commands", partition, b"k", b"no JSON"), Output("story-commands", 0, b"k", None)]
        )
    totals = await rebuilt(connection, client)
    assert (totals.assignments, totals.unreadable) == (0, 2)


async def commit_group(connection: KafkaConnection, group: str, topic: str, partition: int, offset: int) -> None:
    from aiokafka import TopicPartition

    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    consumer.assign([TopicPartition(topic, partition)])
    await consumer.commit({TopicPartition(topic, partition): offset})
    await consumer.stop()


async def test_acknowledged_embargoes_and_cancellations_come_back_and_others_do_not(
    connection: KafkaConnection, client: Client
) -> None:
    partition = partition_of(SPACE, 2)
    held = [
        {"uri": "urn:held", "release": 50},
        {"uri": "urn:dead"},
        {"uri": "urn:flood:1", "release": 60},
        {"uri": "urn:new"},
    ]
    await publish(connection, history())
    async with KafkaPublisher(connection) as publisher:
        await publisher.send(
            [Output("articles", partition, SPACE.encode(), json.dumps(each).encode()) for each in held]
        )
    await commit_group(connection, "storyline.matcher", "articles", partition, 3)

    def rule(record: Record) -> Remembered:
        value = json.loads(record.value or b"")
        uri, revision = value["uri"], (0, 1)
        if "release" in value:
            return Remembered(SPACE, uri, revision, hold=Hold(uri, value["release"], record.value or b""))
        dead = Assignment(uri, "", 0, revision, False, True, 1.0, None, None, "canceled", 5, None)
        return Remembered(SPACE, uri, revision, assignment=dead)

    totals = await rebuilt(connection, client, rule)
    store = RedisSpaceStore(client)
    assert [hold.uri for hold in await store.holds_due(SPACE, 99, 9)] == ["urn:held"], "urn:flood:1 is placed already"
    assert set(await store.assignments(SPACE, ["urn:dead", "urn:new"])) == {"urn:dead"}
    assert totals.holds == 1


async def test_a_running_service_is_not_rebuilt_under(connection: KafkaConnection, client: Client) -> None:
    consumer = AIOKafkaConsumer(
        "articles", bootstrap_servers=connection.bootstrap_servers, group_id="storyline.matcher"
    )
    await consumer.start()
    await client.one("SET", "storyline:stage/updater/partition/0", "kept")
    with pytest.raises(Fatal, match="1 live member: stop the services first"):
        await rebuilt(connection, client)
    await consumer.stop()
    assert await client.one("GET", "storyline:stage/updater/partition/0") == b"kept"


async def test_afterwards_the_services_find_their_markers(connection: KafkaConnection, client: Client) -> None:
    await publish(connection, history())
    await rebuilt(connection, client)
    for partition in range(COUNTS.articles):
        await RedisSpaceStore(client).claim(partition, has_committed=True)
    for partition in range(COUNTS.stories):
        await RedisStoryStore(client).claim(partition, has_committed=True)
    assert await RedisSpaceStore(client).spaces(partition_of(SPACE, 2)) == [SPACE]


async def test_a_rebuild_broken_off_keeps_the_services_out_until_it_is_run_again(
    connection: KafkaConnection, client: Client
) -> None:
    await publish(connection, history())

    def breaks_off(record: Record) -> Remembered | None:
        raise KeyboardInterrupt

    async with KafkaPublisher(connection) as publisher:
        await publisher.send([Output("articles", 0, SPACE.encode(), b"{}")])
    await commit_group(connection, "storyline.matcher", "articles", 0, 1)
    with pytest.raises(KeyboardInterrupt):
        await rebuilt(connection, client, breaks_off)
    with pytest.raises(StateLost, match="storyline rebuild"):
        await RedisStoryStore(client).claim(0, has_committed=False)
    await rebuilt(connection, client)
    await RedisStoryStore(client).claim(0, has_committed=True)

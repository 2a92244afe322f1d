"""What matcher and updater had stored comes back from the topics: whole in a rebuild, its end after a failover."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from storyline.domain.matching.live import Live
from storyline.domain.placing import Life
from storyline.domain.ports import Assignment
from storyline.infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader
from storyline.infra.memory import Backing, MemorySpaceStore, MemoryStoryStore, Space, follow
from storyline.infra.redis.client import Client
from storyline.infra.redis.rebuilding import RedisTarget
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore
from storyline.rebuild import TopicRecovery, Totals, rebuild
from storyline.record import Output, Record
from storyline.remembering import article_rule
from storyline.stages.matcher import Matcher
from storyline.stages.updater import Updater
from storyline_schemas import PartitionCounts, partition_of
from storyline_schemas.base import format_time, from_ms
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.conftest import running
from tests.servers import EmbeddedKafka
from tests.wires import HOUR_MS, Wire, article, record

SAMPLE = Path(__file__).parents[2] / "services/storyline/demo/wire.jsonl"
DATABASE = 6
COUNTS = PartitionCounts()
LIFETIME_MS = 30 * 24 * HOUR_MS


# Of today, since brokers stamp the records with their own clock and the embargo must outlast the test.
TODAY_MS = time.time_ns() // 1_000_000
RELEASE_MS = TODAY_MS + 24 * HOUR_MS


def articles() -> list[dict[str, Any]]:
    """The sample wire, and what it lacks: withdrawals, also of an article never seen, and an embargo."""
    return [
        *map(json.loads, SAMPLE.read_text().splitlines()),
        article("urn:x:1"), article("urn:x:2"), article("urn:x:3", "quake"),
        article("urn:x:2", version="2", pub_status="canceled"), article("urn:x:3", version="2", pub_status="withheld"),
        article("urn:x:unseen", version="4", pub_status="canceled"),
        article("urn:x:held", "budget", embargoed_until=format_time(from_ms(RELEASE_MS))),
    ]  # fmt: skip


@pytest.fixture
async def wire(earlier: Backing) -> Wire:
    """Both stages have taken all of it; `earlier` is what the stores held after half of it."""
    wire = Wire()
    await wire.start()
    wire.clock_ms = TODAY_MS
    values = articles()
    wire.feed(values[: len(values) // 2])
    await wire.run(size=10)
    earlier.go_back(wire.backing)
    wire.feed(values[len(values) // 2 :])
    await wire.run(size=10)
    wire.feed(requests(wire))
    await wire.run(size=10)
    return wire


def requests(wire: Wire) -> list[Record]:
    """What people ask for at the end: a split, a move, a merge, a closed story, a pin."""
    stories = sorted((update.story for update in wire.stories().values()), key=lambda story: -len(story.sources))
    first, second, third, fourth, fifth = (story.id for story in stories[:5])
    uris = [source.article_uri for source in stories[0].sources]
    edits: list[dict[str, Any]] = [
        {"action": "split", "story_id": first, "articles": uris[-1:]},
        {"action": "move", "story_id": first, "into": second, "articles": uris[:1]},
        {"action": "merge", "story_id": third, "into": second},
        {"action": "close", "story_id": fourth},
        {"action": "pin", "story_id": fifth},
    ]
    return [
        record(
            {**edit, "author": "desk"}, len(wire.inputs) + number, timestamp_ms=wire.clock_ms,
            headers=binary_headers(STORY_EDIT, f"edit-{number}", edit["story_id"], None, "/test"),
        )
        for number, edit in enumerate(edits)
    ]  # fmt: skip


def turned(lives: dict[str, bytes]) -> dict[str, tuple[str, bool]]:
    """Of each story that a person or time has turned: where it is in its life, and whether it is left alone."""
    found = {story: Life.from_bytes(packed) for story, packed in lives.items()}
    return {story: (life.stage, life.pinned) for story, life in found.items() if life.stage != "open" or life.pinned}


@pytest.fixture
def earlier() -> Backing:
    return Backing()


@pytest.fixture
async def client(embedded_redis: Any) -> AsyncIterator[Client]:
    client = Client.from_url(f"redis://{embedded_redis.address}/{DATABASE}")
    await client.one("FLUSHDB")
    yield client
    await client.close()


@pytest.fixture
async def connection(wire: Wire) -> AsyncIterator[KafkaConnection]:
    """The topics as the stages wrote them, all acknowledged."""
    for broker in running(EmbeddedKafka()):
        connection = KafkaConnection(broker.address)
        async with KafkaAdmin(connection) as admin, KafkaReader(connection) as reader:
            await admin.create_topics(COUNTS)
            await publish(connection, wire)
            for group, topic in (("storyline.matcher", "articles"), ("storyline.updater", "story-commands")):
                await acknowledge(connection, group, await reader.end_offsets(await reader.partitions(topic)))
        yield connection


@pytest.fixture
async def totals(connection: KafkaConnection, client: Client) -> Totals:
    """Redis made from the topics."""
    async with KafkaAdmin(connection) as admin, KafkaReader(connection) as reader:
        return await rebuild(
            reader, admin, RedisTarget(client), article_rule=article_rule(COUNTS.articles),
            assignment_lifetime_ms=LIFETIME_MS, progress=lambda line: None,
        )  # fmt: skip


async def publish(connection: KafkaConnection, wire: Wire) -> None:
    async with KafkaPublisher(connection) as publisher:
        await publisher.send([as_output(each) for each in wire.inputs])
        for topic in ("story-commands", "stories", "story-parts"):
            await publisher.send(wire.logs[topic])


def as_output(record: Record) -> Output:
    return Output(record.topic, record.partition, record.key, record.value, record.headers)


async def acknowledge(connection: KafkaConnection, group: str, ends: dict[tuple[str, int], int]) -> None:
    offsets = {TopicPartition(*each): end for each, end in ends.items()}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers, group_id=group, enable_auto_commit=False
    )
    await consumer.start()
    consumer.assign(list(offsets))
    await consumer.commit(offsets)
    await consumer.stop()


def told(assignment: Assignment, space: Space) -> tuple[Any, ...]:
    """What of an assignment decides anything: a merged story counts as the one it became."""
    a = assignment
    return (follow(space.redirects, a.story_id), a.placement, a.revision, a.canceled, a.profile)


def sums(value: bytes) -> tuple[Any, ...]:
    """An index value but for the order of its terms, which merging leaves otherwise than joining one by one."""
    live = Live.from_bytes("", value)
    columns = zip(live.body.terms.tolist(), live.body.weights.tolist(), live.body.counts.tolist(), strict=True)
    return (live.members, sorted(columns), sorted(live.title.of), live.languages, live.bodies)


async def test_all_that_the_stages_had_stored_comes_back(wire: Wire, totals: Totals, client: Client) -> None:
    stories = wire.backing.stories
    assert await RedisStoryStore(client).load(list(stories)) == stories
    before = wire.backing.spaces["world"]
    store = RedisSpaceStore(client)
    found = await store.assignments("world", list(before.assignments))
    assert {uri: told(each, before) for uri, each in found.items()} == {
        uri: told(each, before) for uri, (each, _) in before.assignments.items()
    }
    state = await store.acquire(partition_of("world", COUNTS.articles), "world", None)
    assert (state.next_placement, state.redirects) == (before.next_placement, before.redirects)
    assert {id: sums(value) for id, value in state.index.items()} == {id: sums(v) for id, v in before.index.items()}
    assert turned(state.lives) == turned(before.lives) != {}
    assert state.habits and state.habits.items() <= before.habits.items()  # of what was withdrawn nothing is left
    held = [(hold.uri, hold.release_ms) for hold in await store.holds_due("world", RELEASE_MS, 9)]
    assert held == [("urn:x:held", RELEASE_MS)]
    assert totals.stories == len(stories)


async def test_what_a_failover_lost_comes_back_when_the_stages_acquire(
    wire: Wire, earlier: Backing, connection: KafkaConnection
) -> None:
    assert earlier.stories != wire.backing.stories
    spaces, stories = MemorySpaceStore(earlier), MemoryStoryStore(earlier)
    recovery = TopicRecovery(connection, stories, spaces)
    matcher, updater = Matcher(spaces, recovery, COUNTS), Updater(stories, recovery, COUNTS)
    for partition in range(COUNTS.articles):
        await matcher.acquire(partition, has_committed=True)
        await updater.acquire(partition, has_committed=True)
    assert earlier.stories == wire.backing.stories
    lost, whole = earlier.spaces["world"], wire.backing.spaces["world"]
    assert {uri: told(each, whole) for uri, (each, _) in lost.assignments.items()} == {
        uri: told(each, whole) for uri, (each, _) in whole.assignments.items()
    }
    assert (lost.next_placement, lost.redirects) == (whole.next_placement, whole.redirects)
    assert {id: sums(value) for id, value in lost.index.items()} == {id: sums(v) for id, v in whole.index.items()}
    assert turned(lost.lives) == turned(whole.lives)
    assert lost.habits and lost.habits.items() <= whole.habits.items()
    assert {uri: hold.release_ms for uri, hold in lost.holds.items()} == {"urn:x:held": RELEASE_MS}

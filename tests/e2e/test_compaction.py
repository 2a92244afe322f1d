"""What Kafka's cleaner leaves of `stories` and `story-parts`: of each key the last state, and nothing of what ended."""

import asyncio
import json
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from storyline_schemas import BY_NAME, Article, Expire, partition_of
from storyline_schemas.article import PubStatus

from ..conftest import running
from ..servers import KafkaBroker, RedisServer
from .harness import Cluster, Service, articles_of, read_topic

# Each test's own deadlines, with those of its fixtures, end before it.
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(420)]

COMPACTED = ("stories", "story-parts")
AT_ONCE = {
    "segment.ms": "200", "min.cleanable.dirty.ratio": "0.0001", "max.compaction.lag.ms": "500",
    "delete.retention.ms": "0",
}  # fmt: skip
"""A segment ends with the next record after 200 ms, and is cleaned as soon as the cleaner comes by."""


@dataclass
class World:
    """Services whose compacted topics are cleaned at once, and which articles were sent."""

    broker: KafkaBroker
    cluster: Cluster
    updater: Service
    articles: Sequence[Article]
    sent: set[str] = field(default_factory=set)

    async def send(self, articles: Sequence[Article]) -> None:
        """A few at a time, so that stories get many versions."""
        for start in range(0, len(articles), 4):
            await self.cluster.send_articles(articles[start : start + 4])
        self.sent |= {each.uri for each in articles}


@pytest.fixture(scope="module")
def broker() -> Iterator[KafkaBroker]:
    """One whose cleaner looks every half second."""
    yield from running(KafkaBroker(properties={"log.cleaner.backoff.ms": "500"}))


@pytest.fixture(scope="module")
def store() -> Iterator[RedisServer]:
    yield from running(RedisServer())


@pytest.fixture(scope="module")
def world(broker: KafkaBroker, store: RedisServer, sample: Path) -> Iterator[World]:
    """The first half of the sample is sent."""
    with Cluster(broker.address, store.url) as cluster:
        cluster.ok("topics", "create")
        asyncio.run(compact_at_once(cluster.kafka))
        cluster.start("matcher")
        articles = articles_of(sample)
        world = World(broker, cluster, cluster.start("updater"), articles)
        asyncio.run(world.send(articles[: len(articles) // 2]))
        asyncio.run(cluster.settled(120))
        yield world


async def compact_at_once(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, {**BY_NAME[name].config, **AT_ONCE}) for name in COMPACTED]
        )
    finally:
        await admin.close()


def active_since(broker: KafkaBroker, topic: str, partition: int) -> int:
    """The first offset of the segment that is written to, which the cleaner leaves alone."""
    return max(int(file.stem) for file in (broker.directory / f"data/{topic}-{partition}").glob("*.log"))


async def cleaned(cluster: Cluster, broker: KafkaBroker, topic: str) -> bool:
    """Whether every key comes once in what the cleaner may touch: each version writes its story's keys again."""
    records = await read_topic(cluster.kafka, topic)
    begun = {number: active_since(broker, topic, number) for number in range(cluster.partitions)}
    old = Counter((each.partition, each.key) for each in records if each.offset < begun[each.partition])
    return bool(old) and max(old.values()) == 1


async def until_cleaned(cluster: Cluster, broker: KafkaBroker, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while (left := [topic for topic in COMPACTED if not await cleaned(cluster, broker, topic)]) != []:
        assert time.monotonic() < deadline, f"the cleaner has left something in {left} for {seconds:.0f} s"
        await asyncio.sleep(0.5)


def versions(states: Sequence[Any]) -> dict[bytes, list[int]]:
    """Each story's versions as `stories` has them, in the order of the log."""
    found: defaultdict[bytes, list[int]] = defaultdict(list)
    for record in states:
        if record.value is not None:
            found[record.key].append(json.loads(record.value)["version"])
    return dict(found)


async def test_a_zombie_writes_no_older_state_over_a_newer_one(world: World, sample_uris: set[str]) -> None:
    cluster, zombie, rest = world.cluster, world.updater, world.articles[len(world.articles) // 2 :]
    begun = await cluster.ends("story-updates")
    sending = asyncio.create_task(world.send(rest[: len(rest) // 2]))
    async with asyncio.timeout(30):
        while await cluster.ends("story-updates") == begun:
            await asyncio.sleep(0.05)
    zombie.signal(signal.SIGSTOP)
    await sending
    heir = cluster.start("updater")
    await cluster.owned(heir, partitions=cluster.partitions, seconds=90)
    await world.send(rest[len(rest) // 2 :])
    await cluster.settled(60)
    before = await cluster.audit(world.sent & sample_uris)
    zombie.signal(signal.SIGCONT)
    await cluster.until(
        lambda: zombie.owned + heir.owned > 2 * cluster.partitions, "the zombie joins again", seconds=60
    )
    await cluster.settled(30)
    found = await cluster.audit(world.sent & sample_uris)
    assert found.clean and found.dead_letters == 0, found
    assert (found.updates, found.stories) == (before.updates, before.stories)


async def test_compaction_leaves_the_latest_state_of_every_story(world: World, sample_uris: set[str]) -> None:
    before = await world.cluster.audit(world.sent & sample_uris)
    await until_cleaned(world.cluster, world.broker)
    seen = versions(await read_topic(world.cluster.kafka, "stories"))
    assert all(each == sorted(each) for each in seen.values()), "an older state came after a newer one"
    after = await world.cluster.audit(world.sent & sample_uris)
    assert after.clean and after.stories == before.stories, after  # `stories` says what the last updates say


async def test_nothing_is_left_of_a_story_that_expired(world: World) -> None:
    """A story that is withdrawn and told to expire: its records go, and then the tombstones themselves."""
    cluster = world.cluster
    others = (
        each.model_copy(update={"uri": f"urn:compaction:{n}", "space": "alone", "evolved_from": None})
        for n, each in enumerate(cycle(world.articles))
    )
    alone = next(others)
    await cluster.send_articles([alone, alone.model_copy(update={"version": "2", "pub_status": PubStatus.CANCELED})])
    await cluster.settled(60)
    states = [json.loads(each.value) for each in await read_topic(cluster.kafka, "stories") if each.value]
    (story,) = {each["id"] for each in states if each["space"] == "alone"}
    key = story.encode()
    expire = Expire(story_id=story, space="alone", at_ms=0, cause="test", reason="withdrawn long ago")
    place = partition_of(story, cluster.partitions)
    await cluster.send([(key, expire.to_json(), place, ())], "story-commands")
    deadline = time.monotonic() + 120.0
    while (left := await _left(cluster, key)) != []:  # a segment ends when something comes
        assert time.monotonic() < deadline, left
        await cluster.send_articles(islice(others, 5))
        await cluster.settled(60)


async def _left(cluster: Cluster, key: bytes) -> list[tuple[str, int, bytes, bool]]:
    """Records of the story, tombstones too: topic, offset, key and whether it has a value."""
    records = [each for topic in COMPACTED for each in await read_topic(cluster.kafka, topic)]
    return [
        (each.topic, each.offset, each.key, each.value is not None)
        for each in records
        if each.key == key or each.key.startswith(key + b"/")
    ]

"""What Kafka's cleaner leaves of `stories` and `story-parts`: of each key the last state, and nothing of what ended."""

import asyncio
import json
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from storyline_schemas import BY_NAME, Article, Expire, partition_of
from storyline_schemas.article import PubStatus

from ..conftest import running
from ..servers import KafkaBroker
from .harness import Cluster, articles_of, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

COMPACTED = ("stories", "story-parts")
AT_ONCE = {
    "segment.ms": "200", "min.cleanable.dirty.ratio": "0.0001", "max.compaction.lag.ms": "500",
    "delete.retention.ms": "0",
}  # fmt: skip
"""A segment ends with the next record after 200 ms, and is cleaned as soon as the cleaner comes by."""


@pytest.fixture
def broker() -> Iterator[KafkaBroker]:
    """One whose cleaner looks every half second."""
    yield from running(KafkaBroker(properties={"log.cleaner.backoff.ms": "500"}))


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


async def until_cleaned(cluster: Cluster, broker: KafkaBroker, seconds: float = 90.0) -> None:
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


async def test_compaction_leaves_the_latest_states_also_after_a_zombie_and_nothing_of_what_expired(
    cluster: Cluster, broker: KafkaBroker, sample: Path, sample_uris: set[str]
) -> None:
    await compact_at_once(cluster.kafka)
    articles = articles_of(sample)
    half = len(articles) // 2
    cluster.start("matcher")
    zombie = cluster.start("updater")
    await cluster.until(lambda: _owns(zombie) == cluster.partitions, "the updater owns its partitions", seconds=180)
    sending = asyncio.create_task(_one_by_one(cluster, articles[:half]))
    while not any((await cluster.ends("story-updates")).values()):
        await asyncio.sleep(0.05)
    zombie.signal(signal.SIGSTOP)
    await sending
    heir = cluster.start("updater")
    await cluster.until(lambda: _owns(heir) == cluster.partitions, "the heir owns the partitions", seconds=180)
    await _one_by_one(cluster, articles[half:])
    await cluster.settled()
    before = await cluster.audit(sample_uris)
    zombie.signal(signal.SIGCONT)
    await cluster.until(
        lambda: _owns(zombie) + _owns(heir) > 2 * cluster.partitions, "the zombie joins again", seconds=120
    )
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert found.clean and found.dead_letters == 0, found
    assert (found.updates, found.stories) == (before.updates, before.stories)

    await until_cleaned(cluster, broker)
    seen = versions(await read_topic(cluster.kafka, "stories"))
    assert all(each == sorted(each) for each in seen.values()), "an older state came after a newer one"
    after = await cluster.audit(sample_uris)
    assert after.clean and after.stories == found.stories, after  # `stories` says what the last updates say

    await _expired(cluster, articles)


async def _expired(cluster: Cluster, articles: Sequence[Article]) -> None:
    """A story that is withdrawn and told to expire: its records go, and then the tombstones themselves."""
    others = (
        each.model_copy(update={"uri": f"urn:compaction:{n}", "space": "alone", "evolved_from": None})
        for n, each in enumerate(cycle(articles))
    )
    alone = next(others)
    await cluster.send_articles([alone, alone.model_copy(update={"version": "2", "pub_status": PubStatus.CANCELED})])
    await cluster.settled()
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
        await cluster.settled()


async def _left(cluster: Cluster, key: bytes) -> list[tuple[str, int, bytes, bool]]:
    """Records of the story, tombstones too: topic, offset, key and whether it has a value."""
    records = [each for topic in COMPACTED for each in await read_topic(cluster.kafka, topic)]
    return [
        (each.topic, each.offset, each.key, each.value is not None)
        for each in records
        if each.key == key or each.key.startswith(key + b"/")
    ]


async def _one_by_one(cluster: Cluster, articles: Sequence[Article]) -> None:
    for start in range(0, len(articles), 4):
        await cluster.send_articles(articles[start : start + 4])


def _owns(service: Any) -> int:
    return service.said().count("owns partition")  # type: ignore[no-any-return]

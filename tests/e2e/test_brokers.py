"""Three brokers, two of which must have what is confirmed: one of them may be killed at any time."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from storyline_schemas import BY_NAME

from ..conftest import running
from ..kafka_sets import KafkaCluster
from ..servers import RedisServer
from .harness import Cluster, Service, articles_of
from .test_redis_cluster import started

# What is awaited has its own, shorter deadlines: starting, and for each broker until its copies are whole again.
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(480)]


@dataclass
class World:
    """Three brokers, services on them, and which articles were sent so far."""

    brokers: KafkaCluster
    cluster: Cluster
    services: list[Service]
    sent: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def brokers() -> Iterator[KafkaCluster]:
    yield from running(KafkaCluster())


@pytest.fixture(scope="module")
def store() -> Iterator[RedisServer]:
    yield from running(RedisServer())


@pytest.fixture(scope="module")
def world(brokers: KafkaCluster, store: RedisServer) -> Iterator[World]:
    with Cluster(brokers.address, store.url, partitions=2) as cluster:
        cluster.ok("topics", "create")
        yield World(brokers, cluster, asyncio.run(started(cluster)))


async def until_in_step(kafka: str, seconds: float = 60.0) -> None:
    """Every partition of our topics has its three copies."""
    async with asyncio.timeout(seconds):
        while True:
            with suppress(KafkaError):  # asked of a broker that has just started
                if await _in_step(kafka):
                    return
            await asyncio.sleep(0.2)


async def _in_step(kafka: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        topics = await admin.describe_topics(list(BY_NAME))
    finally:
        await admin.close()
    copies = [len(partition["isr"]) for topic in topics for partition in topic["partitions"]]
    return bool(copies) and min(copies) == 3


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_a_broker_killed_in_mid_stream_loses_nothing_that_was_confirmed(
    world: World, number: int, sample: Path, sample_uris: set[str]
) -> None:
    """One after the other and started again: leaders, coordinators and the active controller are among them."""
    cluster, killed = world.cluster, world.brokers.brokers[number]
    articles = articles_of(sample)[number :: len(world.brokers.brokers)]
    sending = asyncio.create_task(cluster.send_articles(articles))
    await asyncio.to_thread(killed.kill)
    await sending  # confirmed: by two of three
    world.sent |= {each.uri for each in articles} & sample_uris
    await asyncio.to_thread(killed.start)
    await until_in_step(cluster.kafka)
    await cluster.settled(120)
    found = await cluster.audit(world.sent)
    assert found.clean and found.dead_letters == 0, found
    assert all(service.running for service in world.services), cluster.logs()

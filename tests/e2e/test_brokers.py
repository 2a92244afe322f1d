"""Three brokers, two of which must have what is confirmed: one of them may be killed at any time."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from storyline_schemas import BY_NAME

from ..conftest import running
from ..kafka_sets import KafkaCluster
from ..servers import RedisServer
from .harness import Cluster, articles_of
from .test_redis_cluster import started

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def brokers() -> Iterator[KafkaCluster]:
    yield from running(KafkaCluster())


async def until_in_step(kafka: str, seconds: float = 90.0) -> None:
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


async def test_each_broker_killed_in_mid_stream_loses_nothing_that_was_confirmed(
    brokers: KafkaCluster, store: RedisServer, sample: Path, sample_uris: set[str]
) -> None:
    """One after the other and started again: leaders, coordinators and the active controller are among them."""
    with Cluster(brokers.address, store.url, partitions=2) as cluster:
        cluster.ok("topics", "create")
        services = await started(cluster)
        articles = articles_of(sample)
        share = -(-len(articles) // len(brokers.brokers))
        for number, killed in enumerate(brokers.brokers):
            sending = asyncio.create_task(cluster.send_articles(articles[number * share : (number + 1) * share]))
            await asyncio.to_thread(killed.kill)
            await sending  # confirmed: by two of three
            await asyncio.to_thread(killed.start)
            await until_in_step(cluster.kafka)
        await cluster.settled()
        found = await cluster.audit(sample_uris)
        assert found.clean and found.dead_letters == 0, found
        assert all(service.running for service in services), cluster.logs()

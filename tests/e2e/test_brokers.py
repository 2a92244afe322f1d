"""Three brokers, two of which must have what is confirmed: one of them may be killed at any time."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

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


async def leader_of(kafka: str) -> int:
    """The broker, not the controller, that leads most partitions of our topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        described = [each for topic in await admin.describe_topics(list(BY_NAME)) for each in topic["partitions"]]
    finally:
        await admin.close()
    assert all(len(each["replicas"]) == 3 for each in described)
    return max((2, 3), key=[each["leader"] for each in described].count)


async def test_a_leader_killed_in_mid_stream_loses_nothing_that_was_confirmed(
    brokers: KafkaCluster, store: RedisServer, sample: Path, sample_uris: set[str]
) -> None:
    with Cluster(brokers.address, store.url, partitions=2) as cluster:
        cluster.ok("topics", "create")
        services = await started(cluster)
        articles = articles_of(sample)
        await cluster.send_articles(articles[:20])
        killed = brokers.broker(await leader_of(cluster.kafka))
        sending = asyncio.create_task(cluster.send_articles(articles[20:]))
        await asyncio.to_thread(killed.kill)
        await sending  # confirmed: by two of three
        await cluster.settled()
        found = await cluster.audit(sample_uris)
        assert found.clean and found.dead_letters == 0, found
        assert all(service.running for service in services), cluster.logs()

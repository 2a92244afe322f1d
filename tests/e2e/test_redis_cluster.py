"""Redis Cluster and Sentinel under running services: what a failover lost is mended from the topics."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyline.infra.redis.keys import space_meta

from ..conftest import running
from ..redis_sets import RedisCluster, RedisWithSentinels
from ..servers import KafkaBroker
from .harness import Cluster, Service, articles_of
from .test_failures import redis_cli

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


@pytest.fixture
def stores() -> Iterator[RedisCluster]:
    yield from running(RedisCluster())


@pytest.fixture
def sentinels() -> Iterator[RedisWithSentinels]:
    yield from running(RedisWithSentinels())


async def started(cluster: Cluster) -> list[Service]:
    services = [cluster.start("matcher"), cluster.start("updater")]
    await cluster.owned(*services, partitions=cluster.partitions, seconds=120)
    return services


async def test_what_a_failover_of_the_cluster_lost_is_mended_from_the_topics(
    broker: KafkaBroker, stores: RedisCluster, sample: Path, sample_uris: set[str]
) -> None:
    """The replica is held still while articles come, then takes the place of its killed primary, with old state."""
    with Cluster(broker.address, stores.url, partitions=2, REDIS_TIMEOUT_SECONDS="2") as cluster:
        cluster.ok("topics", "create")
        services = await started(cluster)
        articles = articles_of(sample)
        await cluster.send_articles(articles[:30])
        await cluster.settled()
        primary = stores.primary_of(space_meta("world"))
        (replica,) = stores.replicas_of(primary)
        replica.pause()
        # What is on its way to the replica would still come; from here on nothing is.
        redis_cli(primary, "CLIENT", "KILL", "TYPE", "replica")
        await cluster.send_articles(articles[30:60])
        await cluster.settled()
        await asyncio.to_thread(primary.kill)
        replica.resume()
        await cluster.send_articles(articles)
        await cluster.settled()
        found = await cluster.audit(sample_uris)
        assert found.clean and found.dead_letters == 0, found
        assert all(service.running for service in services), cluster.logs()
        assert "had lost" in cluster.said(), "the failover lost nothing: the test shows nothing"
        assert cluster.ok("check") != ""


async def test_services_follow_sentinel_to_the_replica_when_their_primary_is_killed(
    broker: KafkaBroker, sentinels: RedisWithSentinels, sample: Path, sample_uris: set[str]
) -> None:
    with Cluster(broker.address, sentinels.url, partitions=2, REDIS_TIMEOUT_SECONDS="2") as cluster:
        cluster.ok("topics", "create")
        services = await started(cluster)
        articles = articles_of(sample)
        await cluster.send_articles(articles[:30])
        await cluster.settled()
        sending = asyncio.create_task(cluster.send_articles(articles[30:]))
        await asyncio.to_thread(sentinels.primary.kill)
        await sending
        await cluster.settled()
        found = await cluster.audit(sample_uris)
        assert found.clean and found.dead_letters == 0, found
        assert all(service.running for service in services), cluster.logs()
        assert "Redis at storyline of " in cluster.said(), "nobody missed the primary: the test shows nothing"
        assert cluster.ok("check") != ""

"""A Redis that answers slowly: what comes in waits in Kafka, where lag shows it, and not in the memory of a service."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from storyline.edges.ingest.outgoing import outgoing
from storyline_schemas import Article, PartitionCounts

from ..chaos.proxy import Proxy
from ..offsets import Offsets
from ..servers import KafkaBroker, RedisServer
from ..wires import article
from .harness import Cluster, Sent, Service
from .test_dead_letters import peak_kb

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

BODY = "The harbour of Port Hallow was calm that night. " * 250
"""12 KB."""
WARM, MANY, DRAINED = 200, 16_000, 2_000
GROWTH_KB = 100_000
"""It is 48 MB: a client reads 17 MB of a partition ahead, and keeps them a while. The articles are 192 MB."""
SLOW_SECONDS = 8.0
DRAIN_SECONDS = 60.0


def articles(begin: int, count: int) -> Iterator[Sent]:
    """Made by hand: to check each of them would take longer than all else."""
    made = article("urn:x:number", body=f"number. {BODY}")
    sent = outgoing(Article.model_validate(made), PartitionCounts(4, 4))
    for number in range(begin, begin + count):
        yield sent.key, (sent.value or b"").replace(b"number", b"%d" % number), sent.partition, ()


async def test_lag_grows_and_memory_does_not(broker: KafkaBroker, store: RedisServer) -> None:
    with Proxy(("127.0.0.1", store.port)) as proxy, Cluster(broker.address, f"redis://{proxy.address}/0") as cluster:
        cluster.ok("topics", "create")
        matcher = cluster.start("matcher")
        await cluster.send(articles(0, WARM))
        await cluster.read_by({"storyline.matcher": "articles"}, 60)
        before_kb = peak_kb(matcher)

        proxy.set("slow")
        await cluster.send(articles(WARM, MANY))
        lag = await lag_after(cluster, matcher, SLOW_SECONDS)
        assert lag > MANY // 2
        assert peak_kb(matcher) - before_kb < GROWTH_KB

        proxy.set("pass")
        deadline = time.monotonic() + DRAIN_SECONDS
        async with Offsets(cluster.kafka) as offsets:
            while await offsets.lag("storyline.matcher", "articles") > lag - DRAINED:
                assert matcher.running, matcher.said()
                assert time.monotonic() < deadline, f"nothing goes on\n{cluster.logs()}"
                await asyncio.sleep(0.2)
        assert peak_kb(matcher) - before_kb < GROWTH_KB


async def lag_after(cluster: Cluster, service: Service, seconds: float) -> int:
    """The lag at the end of that time, in which the service must live."""
    deadline = time.monotonic() + seconds
    async with Offsets(cluster.kafka) as offsets:
        while time.monotonic() < deadline:
            assert service.running, service.said()
            await asyncio.sleep(0.2)
        return await offsets.lag("storyline.matcher", "articles")

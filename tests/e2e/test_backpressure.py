"""A Redis that answers slowly: what comes in waits in Kafka, where lag shows it, and not in the memory of a service."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from storyline_schemas import Article

from ..chaos.proxy import Proxy
from ..servers import KafkaBroker, RedisServer
from ..wires import article
from .harness import Cluster, Offsets, Service
from .test_dead_letters import peak_kb

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

BODY = "The harbour of Port Hallow was calm that night. " * 250
"""12 KB."""
WARM, MANY, HANDLED = 200, 8_000, 300
GROWTH_KB = 60_000
"""What a client reads ahead is 17 MB a partition; the articles are 96 MB."""
SLOW_SECONDS = 8.0


def articles(begin: int, count: int) -> Iterator[Article]:
    for number in range(begin, begin + count):
        yield Article.model_validate(article(f"urn:x:{number}", number=number, body=f"{number}. {BODY}"))


async def test_lag_grows_and_memory_does_not(broker: KafkaBroker, store: RedisServer) -> None:
    with Proxy(("127.0.0.1", store.port)) as proxy, Cluster(broker.address, f"redis://{proxy.address}/0") as cluster:
        cluster.ok("topics", "create")
        matcher = cluster.start("matcher")
        await cluster.send_articles(articles(0, WARM))
        await cluster.read_by({"storyline.matcher": "articles"})
        before_kb = peak_kb(matcher)

        proxy.set("slow")
        await cluster.send_articles(articles(WARM, MANY))
        lag = await lag_after(cluster, matcher, SLOW_SECONDS)
        assert lag > MANY // 2
        assert peak_kb(matcher) - before_kb < GROWTH_KB

        proxy.set("pass")
        async with Offsets(cluster.kafka) as offsets:
            while await offsets.lag("storyline.matcher", "articles") > lag - HANDLED:
                assert matcher.running, matcher.said()
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

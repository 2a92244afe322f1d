"""A worker whose line to Kafka has gone silent without a word is named within 30 s, and goes on when it is back."""

import asyncio
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from ..e2e.harness import articles_of
from ..servers import Missing
from .feed import Feed, source
from .recovery import Recovery
from .workers import ROOT, Worker
from .world import World

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]
NAMED_SECONDS = 30.0


@pytest.fixture
def world() -> Iterator[World]:
    """One worker of each stage, which shows its health."""
    try:
        with World(workers=1, settings={"metrics_port": "0", "progress_seconds": "5"}) as world:
            yield world
    except Missing as missing:
        if os.environ.get("STORYLINE_TEST_NOTHING_SKIPPED") == "1":
            raise
        pytest.skip(str(missing))


def problems(worker: Worker) -> set[str]:
    """What /progress says is wrong, by kind."""
    address = re.findall(r"http://([\d.]+:\d+)/metrics", worker.said())[-1]
    try:
        with urllib.request.urlopen(f"http://{address}/progress", timeout=10):
            return set()
    except urllib.error.HTTPError as refused:
        return {each["what"] for each in json.load(refused)["problems"]}


async def test_a_consumer_that_hears_nothing_is_named_and_goes_on(world: World) -> None:
    feed = Feed(world.broker.address, articles_of(source(None, ROOT)), per_second=5.0)
    recovery = Recovery(world.broker.address)
    async with world:
        await world.ready()
        feeding = asyncio.create_task(feed.run(1))
        try:
            await asyncio.sleep(1.0)
            await recovery.caught_up()
            matcher = world.of("matcher")[0]
            world.lines["matcher", "kafka"].set("stale")
            found: set[str] = set()

            async def named() -> None:
                nonlocal found
                while not (found := await asyncio.to_thread(problems, matcher)) & {"silence", "server", "rebalance"}:
                    await asyncio.sleep(0.2)

            await asyncio.wait_for(named(), NAMED_SECONDS)
            world.lines["matcher", "kafka"].set("pass")
            await recovery.caught_up()
        finally:
            feeding.cancel()
            await asyncio.wait([feeding])
            await feed.close()

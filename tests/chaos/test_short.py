"""A round of chaos, short enough for every run of the tests: the whole of it is `make chaos`."""

import asyncio
import os

import pytest

from ..e2e.harness import articles_of
from ..servers import Missing
from .__main__ import Plan, run
from .feed import source
from .workers import ROOT
from .world import World

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(900)]

FAULTS = {
    "single": ("kill9-two", "crash-updater", "poison-raise-updater", "redis-failover", "net-cut"),
    "cluster": ("redis-failover", "kill9-updater", "redis-kill9"),
    "sentinel": ("redis-failover", "crash-matcher"),
}


@pytest.mark.parametrize("redis", FAULTS)
def test_a_round_of_faults_loses_doubles_and_skips_nothing(redis: str) -> None:
    faults = FAULTS[redis]
    try:
        with World(redis=redis) as world:
            articles = articles_of(source(None, ROOT))
            report, well = asyncio.run(run(Plan(1, 1, faults, per_round=len(faults), kills=1), articles, world))
    except Missing as missing:
        if os.environ.get("STORYLINE_TEST_NOTHING_SKIPPED") == "1":
            raise
        pytest.skip(str(missing))
    assert well, report
    assert report["faults"] == dict.fromkeys(sorted(faults), 1)

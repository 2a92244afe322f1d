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

FAULTS = ("kill9-two", "crash-updater", "poison-raise-updater", "redis-failover", "net-cut")


def test_a_round_of_faults_loses_doubles_and_skips_nothing() -> None:
    try:
        with World() as world:
            articles = articles_of(source(None, ROOT))
            report, well = asyncio.run(run(Plan(1, 1, FAULTS, per_round=len(FAULTS), kills=1), articles, world))
    except Missing as missing:
        if os.environ.get("STORYLINE_TEST_NOTHING_SKIPPED") == "1":
            raise
        pytest.skip(str(missing))
    assert well, report
    assert report["faults"] == dict.fromkeys(sorted(FAULTS), 1)

"""Articles in, stories out, on Apache Kafka and redis-server with the services as processes."""

import json
import random
from pathlib import Path

import pytest

from .harness import Cluster, articles_of

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


async def test_every_article_comes_out_in_exactly_one_story(
    cluster: Cluster, sample: Path, sample_uris: set[str]
) -> None:
    cluster.start("matcher"), cluster.start("updater")
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert found.clean, found
    assert found.dead_letters == 0
    assert found.updates >= found.stories > 1


async def test_two_updaters_and_a_late_one_give_the_same_clean_result(
    cluster: Cluster, sample: Path, sample_uris: set[str]
) -> None:
    cluster.start("matcher"), cluster.start("updater")
    cluster.ok("ingest", str(sample))
    cluster.start("updater")
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert found.clean, found


async def test_sent_again_and_after_a_restart_in_another_order_nothing_changes(
    cluster: Cluster, sample: Path, sample_uris: set[str]
) -> None:
    services = [cluster.start("matcher"), cluster.start("updater")]
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    first = await cluster.ends("story-updates")
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    assert await cluster.ends("story-updates") == first

    assert [service.stop() for service in reversed(services)] == [0, 0]
    shuffled = articles_of(sample)
    random.Random(7).shuffle(shuffled)
    cluster.start("updater"), cluster.start("matcher")
    await cluster.send_articles(shuffled)
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert found.clean, found
    assert await cluster.ends("story-updates") == first


async def test_the_commands_show_what_came_out(cluster: Cluster, sample: Path) -> None:
    cluster.start("matcher"), cluster.start("updater")
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    rows = json.loads(cluster.ok("stories", "list", "--json").splitlines()[-1])["stories"]
    largest = max(rows, key=lambda row: row["article_count"])
    shown = cluster.ok("show", largest["id"])
    assert f"Updated ({largest['article_count']} articles)" in shown
    assert f"Sources ({largest['article_count']} articles)" in shown
    story = json.loads(cluster.ok("stories", "show", largest["id"], "--format", "json"))
    decision = json.loads(cluster.ok("explain", story["sources"][0]["article_uri"], "--json").splitlines()[-1])
    assert decision["story_id"] == largest["id"] or story["redirect_to"] is None
    assert json.loads(cluster.ok("lag", "--json").splitlines()[-1])["lag"] == 0
    assert cluster.ok("check") != ""

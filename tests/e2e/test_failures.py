"""Services killed, paused and robbed of their servers: nothing lost, nothing doubled, no gap, no older state."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from ..servers import KafkaBroker, RedisServer
from .harness import Audit, Cluster, Service

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


def redis_cli(store: RedisServer, *words: str) -> None:
    subprocess.run(["redis-cli", "-p", str(store.port), *words], check=True, capture_output=True, timeout=30)


def clean(found: Audit) -> bool:
    return found.clean and found.dead_letters == 0


async def test_wiped_redis_stops_the_services_and_a_rebuild_lets_them_go_on(
    cluster: Cluster, store: RedisServer, sample: Path, sample_uris: set[str], tmp_path: Path
) -> None:
    lines = sample.read_bytes().splitlines(keepends=True)
    head, tail = tmp_path / "head.jsonl", tmp_path / "tail.jsonl"
    head.write_bytes(b"".join(lines[: len(lines) // 2]))
    tail.write_bytes(b"".join(lines[len(lines) // 2 :]))
    services = [cluster.start("matcher"), cluster.start("updater")]
    cluster.ok("ingest", str(head))
    await cluster.settled()
    stories = cluster.ok("stories", "list", "--json")

    redis_cli(store, "FLUSHALL")
    cluster.ok("ingest", str(tail))
    await cluster.until(lambda: not services[0].running, "the matcher stops")
    assert services[0].wait() == 1
    assert "storyline rebuild" in services[0].said()
    # A service notices when it has something to do: the matcher sends nothing more, so a command comes again.
    await cluster.repeat_last("story-commands")
    await cluster.until(lambda: not services[1].running, "the updater stops")
    assert "storyline rebuild" in services[1].said()
    checked, explained = cluster.cli("check"), cluster.cli("explain", sorted(sample_uris)[0])
    assert checked.returncode == explained.returncode == 1
    assert "the state of matcher for partition" in checked.stderr and "the state of updater" in checked.stderr
    assert "storyline rebuild" in explained.stderr
    shown, pinned = cluster.cli("show", "st-1"), cluster.cli("edit", "pin", "st-1")
    assert "storyline rebuild" in shown.stderr and "storyline rebuild" in pinned.stderr

    await _rebuild(cluster)
    assert "matcher: no process runs" in cluster.ok("check")
    assert cluster.ok("stories", "list", "--json") == stories
    cluster.start("matcher"), cluster.start("updater")
    await cluster.settled()
    assert "matcher: 1 running" in cluster.ok("check")
    found = await cluster.audit(sample_uris)
    assert clean(found), found


async def _rebuild(cluster: Cluster) -> None:
    """Rebuild; a member that ended badly counts until its session ends."""

    def done() -> bool:
        rebuilt = cluster.cli("rebuild")
        assert rebuilt.returncode == 0 or "stop the services first" in rebuilt.stderr, rebuilt.stderr
        return rebuilt.returncode == 0

    await cluster.until(done, "rebuild")


async def test_a_broker_restart_under_running_services_is_survived(
    cluster: Cluster, broker: KafkaBroker, sample: Path, sample_uris: set[str]
) -> None:
    services = await _running(cluster)
    cluster.ok("ingest", str(sample))
    await asyncio.to_thread(broker.restart)
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert clean(found), found
    assert all(service.running for service in services), cluster.logs()


async def test_a_redis_restart_under_running_services_is_survived(
    cluster: Cluster, store: RedisServer, sample: Path, sample_uris: set[str]
) -> None:
    services = await _running(cluster)
    cluster.ok("ingest", str(sample))
    await asyncio.to_thread(store.restart)
    cluster.ok("ingest", str(sample))
    await cluster.settled()
    found = await cluster.audit(sample_uris)
    assert clean(found), found
    assert all(service.running for service in services), cluster.logs()


async def _running(cluster: Cluster) -> list[Service]:
    """Matcher and updater, each with all partitions: a service that is still starting may give up instead."""
    services = [cluster.start("matcher"), cluster.start("updater")]
    await cluster.owned(*services, partitions=cluster.partitions)
    return services

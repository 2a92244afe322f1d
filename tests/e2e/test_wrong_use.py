"""Wrong use against real servers: one clear line that says what to do, the right exit code, no traceback."""

import subprocess

import pytest

from ..servers import KafkaBroker, RedisServer, free_port
from .harness import Cluster

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


@pytest.mark.parametrize("name", ["matcher", "updater"])
def test_a_service_without_its_topics_names_them_and_the_command(
    broker: KafkaBroker, store: RedisServer, name: str
) -> None:
    with Cluster(broker.address, store.url) as cluster:
        done = cluster.cli("run", name)
        assert done.returncode == 1
        assert "storyline topics create" in one_line(done.stderr)


def test_commands_without_topics_name_the_command(broker: KafkaBroker, store: RedisServer, sample: object) -> None:
    with Cluster(broker.address, store.url) as cluster:
        for command in (["ingest", str(sample)], ["stories", "list"], ["dead-letters", "list"]):
            done = cluster.cli(*command)
            assert done.returncode == 1, command
            assert "storyline topics create" in one_line(done.stderr)


def test_lag_of_a_cluster_without_groups_says_so(broker: KafkaBroker, store: RedisServer) -> None:
    with Cluster(broker.address, store.url) as cluster:
        done = cluster.cli("lag")
        assert done.returncode == 0
        assert "no group commits offsets" in done.stdout


def test_a_partition_count_that_differs_is_refused_by_check_and_by_services(cluster: Cluster) -> None:
    for command in (["check"], ["run", "matcher"]):
        done = cluster.cli(*command, articles_partitions="7")
        assert done.returncode == 1
        assert "set STORYLINE_ARTICLES_PARTITIONS=4" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_wrong_redis_password_is_said_and_not_shown(cluster: Cluster, store: RedisServer) -> None:
    locking = ["redis-cli", "-p", str(store.port), "CONFIG", "SET", "requirepass", "hunter2"]
    subprocess.run(locking, check=True, capture_output=True, timeout=30)
    url = f"redis://:wrong-secret@{store.address}/0"
    for command in (["run", "matcher"], ["run", "updater"], ["explain", "urn:example:1"]):
        done = cluster.cli(*command, redis_url=url)
        assert done.returncode == 1
        line = one_line(done.stderr)
        assert "STORYLINE_REDIS_URL" in line
        assert "wrong-secret" not in line


def test_a_redis_that_is_down_is_said_by_the_service(cluster: Cluster) -> None:
    address = f"127.0.0.1:{free_port()}"
    done = cluster.cli("run", "updater", redis_url=f"redis://{address}/0")
    assert done.returncode == 1
    assert address in one_line(done.stderr)


async def test_a_rebuild_while_services_run_is_refused(cluster: Cluster) -> None:
    service = cluster.start("matcher")
    await cluster.owned(service)
    done = cluster.cli("rebuild")
    assert done.returncode == 1
    assert "stop the services first" in one_line(done.stderr)

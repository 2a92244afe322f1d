"""`storyline lag` and `storyline run lag` as people use them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from tests.contract.lag_scene import Scene
from tests.servers import KafkaBroker, free_port

pytestmark = pytest.mark.kafka


@pytest.fixture
async def scene(kafka: KafkaBroker) -> AsyncIterator[Scene]:
    async with Scene(kafka.address) as made:
        yield made


def environment(kafka: str, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    ours = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "CONNECT_TIMEOUT_SECONDS": "10", **settings}
    return kept | {f"STORYLINE_{name}": value for name, value in ours.items()}


def lag(kafka: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "storyline", "lag", *arguments],
        env=environment(kafka, **settings), capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def ago(seconds: float) -> int:
    return int((time.time() - seconds) * 1000)


async def test_a_healthy_group_is_ok_at_the_first_look_and_the_exit_code_says_so(scene: Scene) -> None:
    await scene.send(3)
    await scene.commit("healthy", 3)
    done = lag(scene.address, "--group", scene.group("healthy"), "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, report["status"], report["lag"], report["looks"]) == (0, "OK", 0, 1)


async def test_stopped_and_stalled_groups_are_told_apart_and_the_exit_code_is_one(scene: Scene) -> None:
    await scene.send(2, at_ms=ago(600))
    await scene.commit("stopped", 0)
    member = await scene.join("stalled")
    await member.commit({TopicPartition(scene.topic, 0): 1})
    done = lag(scene.address, "--group", scene.group("st*"), "--apart", "0.5", "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    rows = {group["group"]: group["partitions"][0] for group in report["groups"]}
    assert (done.returncode, report["status"], report["looks"]) == (1, "ERROR", 2)
    assert rows[scene.group("stopped")]["status"] == "STOP"
    assert rows[scene.group("stalled")]["status"] == "STALL"
    assert rows[scene.group("stalled")]["seconds"] == pytest.approx(600, abs=60)


async def test_the_table_has_the_columns_of_kafkas_tool_and_says_what_a_person_should_know(scene: Scene) -> None:
    await scene.send(5)
    await scene.commit("lost", 1)
    await scene.cut(4)
    done = lag(scene.address, "--group", scene.group("lost"), "--apart", "0")
    head, row, *rest = done.stdout.splitlines()
    assert head.split()[:6] == ["GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG"]
    assert row.split()[:6] == [scene.group("lost"), scene.topic, "0", "1", "5", "4"]
    assert f"  {scene.topic}/0: 3 messages were deleted before the group read them" in rest
    assert done.returncode == 1


async def test_a_group_that_is_not_there_is_said_by_name(scene: Scene) -> None:
    done = lag(scene.address, "--group", "nobody")
    assert done.returncode == 1
    assert "nobody: NOT FOUND" in done.stdout
    assert "there is no such group; `storyline lag` shows all" in done.stdout


async def test_watching_ends_after_the_looks_that_were_asked_for_with_a_report_each(scene: Scene) -> None:
    await scene.send(1)
    await scene.commit("g", 1)
    done = lag(scene.address, "--group", scene.group("g"), "--watch", "--looks", "3", "--interval", "0.1", "--json")
    assert [json.loads(line)["looks"] for line in done.stdout.splitlines()] == [1, 2, 3]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["--looks", "2"], {}, "--looks goes with --watch"),
        (["--interval", "0"], {}, "'--interval'"),
        (["--apart", "soon"], {}, "'--apart'"),
        ([], {"LAG_GROUPS": "("}, "STORYLINE_LAG_GROUPS: is not a regular expression"),
        ([], {"LAG_WINDOW": "1"}, "STORYLINE_LAG_WINDOW"),
    ],
)
def test_wrong_use_is_one_line_that_names_it(arguments: list[str], settings: dict[str, str], said: str) -> None:
    done = lag("127.0.0.1:1", *arguments, **settings)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broker_that_is_away_is_one_line() -> None:
    done = lag(f"127.0.0.1:{free_port()}", CONNECT_TIMEOUT_SECONDS="2")
    assert done.returncode == 1
    assert re.fullmatch(r"storyline: Kafka at 127\.0\.0\.1:\d+ doesn't answer: [^\n]+\n", done.stderr)


async def test_the_service_tells_the_same_as_a_page_as_metrics_and_as_burrow(scene: Scene, tmp_path: Path) -> None:
    await scene.send(2, at_ms=ago(600))
    await scene.commit("<b>hostile</b>", 1)
    port, name = free_port(), scene.group("<b>hostile</b>")
    log = (tmp_path / "log").open("wb")
    settings = {"LAG_PORT": str(port), "LAG_INTERVAL_SECONDS": "0.2", "LAG_WINDOW": "3"}
    service = subprocess.Popen(
        [sys.executable, "-m", "storyline", "run", "lag"], env=environment(scene.address, **settings), stderr=log
    )
    try:
        until(port, "/ready", lambda body: body == "ready\n")
        quoted = urllib.parse.quote(name, safe="")
        status = until(
            port, f"/v3/kafka/local/consumer/{quoted}/lag", lambda body: '"STOP"' in body and '"totallag":1' in body
        )
        assert json.loads(status)["status"]["status"] == "ERR"
        headers, page = get(port, "/")
        assert "<b>hostile" not in page
        assert "&lt;b&gt;hostile" in page
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert '<svg class="chart"' in get(port, f"/group?name={quoted}")[1]
        metrics = get(port, "/metrics")[1]
        assert f'storyline_lag_group_status{{group="{name}"}} 3.0' in metrics
        assert f'storyline_lag_partition_messages{{group="{name}",partition="0",topic="{scene.topic}"}} 1.0' in metrics
        for missing in ("/group?name=nobody", "/v3/kafka/elsewhere/consumer", "/v3/kafka/local/consumer/nobody/lag"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                get(port, missing)
    finally:
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) in (0, -signal.SIGTERM)
        log.close()


def test_a_port_that_is_taken_is_one_line(kafka: KafkaBroker) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "storyline", "run", "lag"],
        env=environment(kafka.address, LAG_PORT=str(kafka.port)), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"can't listen on 127.0.0.1:{kafka.port}: Address already in use; mend STORYLINE_LAG_HOST" in done.stderr
    assert "Traceback" not in done.stderr


def get(port: int, path: str) -> tuple[dict[str, str], str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read().decode()


def until(port: int, path: str, reached: object, seconds: float = 40.0) -> str:
    """The body once it is as wanted."""
    deadline, last = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        try:
            last = get(port, path)[1]
            if reached(last):  # type: ignore[operator]
                return last
        except (urllib.error.URLError, ConnectionError) as error:
            last = str(error)
        time.sleep(0.1)
    raise AssertionError(f"{path} in {seconds:.0f} s: {last}")

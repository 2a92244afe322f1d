"""`python -m tests.chaos` that is told to leave takes its servers and services along."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ..servers import KafkaBroker, Missing
from .__main__ import ENDED
from .workers import ROOT, environment_of

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]
SECONDS_MAX = 240.0
SERVICES = 4


@pytest.fixture
def run(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    try:
        KafkaBroker.fetch()
        if shutil.which("redis-server") is None:
            raise Missing("redis-server is not installed")
    except Missing as missing:
        if os.environ.get("STORYLINE_TEST_NOTHING_SKIPPED") == "1":
            raise
        pytest.skip(str(missing))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos", "--rounds", "1", "--faults", "stop-matcher"],
            cwd=ROOT, env=environment_of({}), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    yield process
    left = descendants(process.pid)
    if process.poll() is None:
        process.kill()
        process.wait()
    for pid in left:  # the test has failed: what it shows missing must not stay behind
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> dict[int, str]:
    """Those that run now, with their command lines; they are found by their parents."""
    found: dict[int, str] = {}
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                found |= {child: _command_line(child)} | descendants(child)
    return found


def _command_line(pid: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def test_sigterm_ends_servers_and_services(run: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_MAX
    children: dict[int, str] = {}
    while sum("tests.chaos.service" in line for line in children.values()) < SERVICES:
        assert run.poll() is None and time.monotonic() < deadline, children
        time.sleep(0.1)
        children = descendants(run.pid)
    assert any("kafka.Kafka" in line for line in children.values())
    assert any("redis-server" in line for line in children.values())
    run.send_signal(signal.SIGTERM)
    assert run.wait(SECONDS_MAX) == ENDED
    assert [line for pid, line in children.items() if Path(f"/proc/{pid}").exists()] == []

"""The demo ends whole: where it waits, with its children, and without what a killed one left."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storyline.directories import own_directory, remove_left
from storyline.edges.demo.leaving import Interrupts

PARENT = """
import sys, time
from pathlib import Path
from storyline.infra.children import Child
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    child = Path(f"/proc/{int(parent.stdout.readline())}")
    assert child.exists()
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < deadline, "the child has not ended"
        time.sleep(0.02)


def _runs(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_directory_of_a_process_that_is_no_more_is_removed_and_no_other(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f"storyline-demo-{gone.pid}-abc"
    before = tmp_path / f"storyline-demo-{os.getpid()}-abc"  # of one that had our number before us
    others = [tmp_path / f"storyline-demo-{os.getppid()}-abc", tmp_path / "storyline-demo-abc", tmp_path / "else"]
    for directory in (left, before, *others):
        directory.mkdir()
    remove_left(tmp_path, "storyline-demo-")
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_a_directory_of_ones_own_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    directory = own_directory("storyline-demo-")
    remove_left(tmp_path, "storyline-demo-")
    assert directory.exists()


def test_a_signal_cancels_the_work_where_it_waits_and_what_is_open_is_closed() -> None:
    closed = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1_000):
                pass  # a signal raised here would come in the middle of things
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            closed.append(True)

    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt):
        asyncio.run(interrupts.cancelling(work()))
    assert closed == [True]


def test_handlers_are_as_they_were_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts() as interrupts:
        assert signal.getsignal(signal.SIGTERM) is not before
        assert asyncio.run(interrupts.cancelling(asyncio.sleep(0, 7))) == 7
    assert signal.getsignal(signal.SIGTERM) is before

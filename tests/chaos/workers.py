"""Service processes under a supervisor: whoever ends is started again soon, as systemd or Kubernetes would."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storyline.stream.crash_points import VARIABLE as CRASH_AT

from .. import byte_code

ROOT = Path(__file__).parents[2]
RESTART_SECONDS = 0.5
LOOK_SECONDS = 0.05
END_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended."""

    worker: str
    code: int
    asked: bool
    """We killed it, or told it to leave."""
    last_line: str


class Worker:
    """One `storyline run STAGE`, poisonable. `hold()` keeps it down; `release()` lets the supervisor start it again."""

    def __init__(self, name: str, stage: str, environment: Mapping[str, str], log: Path) -> None:
        self.name, self.stage, self.log = name, stage, log
        self.environment = dict(environment)
        self.once: dict[str, str] = {}
        """Variables for the next start alone."""
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.exits: list[Exit] = []
        self.held = False
        self._asked = False
        self._since = 0.0

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        environment = {**self.environment, **self.once}
        self.once, self._asked = {}, False
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.service", self.stage],
                env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.starts += 1

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        if self.running:
            self._asked |= number in (signal.SIGKILL, signal.SIGTERM)
            self.process.send_signal(number)

    def crash_at(self, point: str) -> None:
        """The next process dies there by itself."""
        self.once[CRASH_AT] = point

    def hold(self) -> None:
        self.held = True

    def release(self) -> None:
        self.held = False

    def look(self) -> None:
        """Notice an end, and start it again when the pause is over. Called over and over."""
        if self.running or self.process is None:
            return
        if len(self.exits) < self.starts:
            code = self.process.returncode
            self.exits.append(Exit(self.name, code, self._asked, self.last_line()))
            self._since = time.monotonic()
        if not self.held and time.monotonic() - self._since >= RESTART_SECONDS:
            self.start()

    def last_line(self) -> str:
        lines = self.said().strip().splitlines()
        return lines[-1][:300] if lines else ""

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def end(self) -> None:
        """SIGTERM, then SIGKILL; it stays down."""
        self.hold()
        if not self.running:
            return
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


async def supervise(workers: list[Worker]) -> None:
    """Until cancelled."""
    while True:
        for worker in workers:
            worker.look()
        await asyncio.sleep(LOOK_SECONDS)


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's, without settings of Storyline but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    byte_code.keep(kept)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path} | {f"STORYLINE_{name.upper()}": value for name, value in settings.items()}

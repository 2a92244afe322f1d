"""The services as child processes of the demo: started, watched, ended."""

import asyncio
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from ...errors import Fatal
from ...infra.children import Child, stop_all

NAMES = ("matcher", "updater", "notifier")
BESIDE = {"page": "STORYLINE_PAGE_PORT", "lag": "STORYLINE_LAG_PORT"}
"""What people look at, and the setting of its port: each takes a free one and logs its address."""
READY_SECONDS = 90.0
POLL_SECONDS = 0.1
OWNS = "owns partition"
"""What a service logs once it has loaded a partition's state."""


class Services:
    """Every service of the way of an article, one process each, with its log in `directory`."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory = directory
        # Whatever a service keeps in temporary files then goes with the directory, even after a kill.
        self._environment = {**environment, "TMPDIR": str(directory), "PYTHONUNBUFFERED": "1"}
        self.children: list[Child] = []

    def start(self) -> None:
        for name in (*NAMES, *BESIDE):
            command = [sys.executable, "-m", "storyline", "run", name]
            environment = self._environment | ({BESIDE[name]: "0"} if name in BESIDE else {})
            self.children.append(Child(name, command, self._directory / f"{name}.log", environment))

    def stop(self) -> None:
        stop_all(self.children)

    async def ready(self, partitions: Mapping[str, int]) -> None:
        """Wait until each service owns its number of partitions, or listens. Raises Fatal if one ends or is late."""
        deadline = time.monotonic() + READY_SECONDS
        while waiting := [each for each in self.children if not self._is_ready(each, partitions)]:
            self.check()
            if time.monotonic() > deadline:
                slow = waiting[0]
                raise Fatal(f"{slow.name} was not ready in {READY_SECONDS:.0f} s; its last lines:\n{slow.last_lines()}")
            await asyncio.sleep(POLL_SECONDS)

    def _is_ready(self, child: Child, partitions: Mapping[str, int]) -> bool:
        return self.address(child.name) != "" if child.name in BESIDE else _owned(child) >= partitions[child.name]

    def address(self, name: str) -> str:
        """Where one of `BESIDE` listens; empty until it does."""
        child = next(child for child in self.children if child.name == name)
        found = re.search(rf"\b{name}(?: on|:) (http\S+)", child.log.read_text(errors="replace"))
        return found[1] if found else ""

    def check(self) -> None:
        """Raises Fatal naming the service that has ended, with its last lines."""
        for child in self.children:
            if not child.running:
                raise Fatal(f"{child.name} ended (exit {child.exit_code}); its last lines:\n{child.last_lines()}")

    async def watch(self) -> None:
        """Never returns; raises as `check` does."""
        while True:
            self.check()
            await asyncio.sleep(POLL_SECONDS)


def _owned(child: Child) -> int:
    return child.log.read_text(errors="replace").count(OWNS)

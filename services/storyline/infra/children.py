"""Child processes that end with us: started with a log file, ended by their own pid and no other."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 20.0
LAST_LINES = 8


class Child:
    """One child process, in a session of its own, so that Ctrl-C reaches only us and we end it in our order."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(environment or {})}, cwd=log.parent, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: ended by that signal."""
        return self.process.poll()

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def terminate(self) -> None:
        """Ask it to leave (SIGTERM); `stop` waits."""
        if self.running:
            self.process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, wait, SIGKILL if it stays; returns its exit code."""
        self.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def last_lines(self, lines: int = LAST_LINES) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def stop_all(children: Sequence[Child], seconds: float = STOP_SECONDS) -> None:
    """End them together: all are asked first, then waited for, so the slowest sets the time."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        child.stop(max(0.1, deadline - time.monotonic()))

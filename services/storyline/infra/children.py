"""Child processes that end with us: started with a log file, ended by their own pid and no other.

On Linux they also end if we are killed without a chance to end them; elsewhere a `kill -9` of us leaves them.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 20.0
LAST_LINES = 8

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


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
                preexec_fn=_ends_with(os.getpid()) if _LIBC is not None else None,
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


def _ends_with(parent: int) -> Callable[[], None]:
    """For the child, before it becomes its program: SIGTERM when the thread that started it is gone."""

    def ask() -> None:
        assert _LIBC is not None
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was gone before we asked
            os._exit(1)

    return ask


def stop_all(children: Sequence[Child], seconds: float = STOP_SECONDS) -> None:
    """End them together: all are asked first, then waited for, so the slowest sets the time."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        child.stop(max(0.1, deadline - time.monotonic()))

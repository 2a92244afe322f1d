"""Ends a process whose stage hangs: whoever hangs keeps its heartbeat (another thread sends it) and so its partitions.

Two layers. A thread looks at what is being waited for, says what hangs in one line, and ends the process. If the
hanging call holds the interpreter lock (a regular expression gone wild does), that thread can't run either; then
`faulthandler`'s own thread, which needs no lock, writes where it hangs and ends the process.
"""

import contextlib
import faulthandler
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

EXIT_CODE = 1


@dataclass(frozen=True, slots=True)
class _Watched:
    what: str
    seconds: float
    since: float

    @property
    def until(self) -> float:
        return self.since + self.seconds


def _end(line: str) -> None:
    os.write(2, (line + "\n").encode())
    os._exit(EXIT_CODE)


class Watchdog:
    """One a process. `start()` it before anything is watched. `lock_seconds` bounds holding the interpreter lock."""

    def __init__(
        self, lock_seconds: float = 120.0, look_seconds: float = 0.5, end: Callable[[str], None] = _end
    ) -> None:
        self._lock_seconds = lock_seconds
        self._look_seconds = look_seconds
        self._end = end
        self._watched: dict[int, _Watched] = {}
        self._numbers = itertools.count()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def watching(self, what: str, seconds: float) -> Iterator[None]:
        """End the process if the block takes longer than `seconds`."""
        number = next(self._numbers)
        self._watched[number] = _Watched(what, seconds, time.monotonic())
        try:
            yield
        finally:
            del self._watched[number]

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        faulthandler.cancel_dump_traceback_later()

    def waiting(self, now: float) -> list[tuple[str, float]]:
        """What is being waited for and for how many seconds at `now` (monotonic). Safe from any thread."""
        return [(watched.what, now - watched.since) for watched in list(self._watched.values())]

    def look(self, now: float) -> None:
        """End the process if anything watched is overdue at `now` (seconds, monotonic)."""
        for watched in list(self._watched.values()):
            if now > watched.until:
                self._end(
                    f"storyline: {watched.what} has not come back for {watched.seconds:g} s; "
                    "ending the process so that its supervisor starts it anew"
                )

    def _run(self) -> None:
        while True:
            self._arm()
            if self._stopped.wait(self._look_seconds):
                return
            self.look(time.monotonic())

    def _arm(self) -> None:
        """A dead man's switch: whoever keeps this thread from coming here again in time holds the interpreter lock."""
        if sys.__stderr__ is not None:
            seconds = self._lock_seconds + 2 * self._look_seconds
            faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)

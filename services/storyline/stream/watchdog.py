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
    until: float


def _end(line: str) -> None:
    os.write(2, (line + "\n").encode())
    os._exit(EXIT_CODE)


class Watchdog:
    """One a process. `start()` it before anything is watched."""

    def __init__(self, look_seconds: float = 0.5, end: Callable[[str], None] = _end) -> None:
        self._look_seconds = look_seconds
        self._end = end
        self._watched: dict[int, _Watched] = {}
        self._numbers = itertools.count()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._armed = False

    @contextlib.contextmanager
    def watching(self, what: str, seconds: float) -> Iterator[None]:
        """End the process if the block takes longer than `seconds`."""
        number = next(self._numbers)
        self._watched[number] = _Watched(what, seconds, time.monotonic() + seconds)
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
        self._disarm()

    def look(self, now: float) -> None:
        """End the process if anything watched is overdue at `now` (seconds, monotonic)."""
        for watched in list(self._watched.values()):
            if now > watched.until:
                self._end(
                    f"storyline: {watched.what} has not come back for {watched.seconds:g} s; "
                    "ending the process so that its supervisor starts it anew"
                )

    def _run(self) -> None:
        while not self._stopped.wait(self._look_seconds):
            now = time.monotonic()
            self.look(now)
            self._arm(now)

    def _arm(self, now: float) -> None:
        watched = list(self._watched.values())
        if not watched:
            self._disarm()
            return
        # Late enough that the line above comes first whenever this thread can still run.
        left = min(one.until for one in watched) - now + 2 * self._look_seconds
        if sys.__stderr__ is not None:
            faulthandler.dump_traceback_later(max(left, self._look_seconds), exit=True, file=sys.__stderr__)
            self._armed = True

    def _disarm(self) -> None:
        if self._armed:
            faulthandler.cancel_dump_traceback_later()
            self._armed = False

"""Named places where a test makes this process die at once, as `kill -9` would. Off unless the variable is set.

`STORYLINE_TEST_CRASH_AT=after-send` dies there the first time, `after-send:3` the third time. Points, in the order
of a batch: before-handle, after-handle, after-send, after-confirmed, after-ack. after-send and after-confirmed are
reached where something was sent, by a batch or by a tick.
"""

import os
import signal
from collections.abc import Sequence

VARIABLE = "STORYLINE_TEST_CRASH_AT"
POINTS = ("before-handle", "after-handle", "after-send", "after-confirmed", "after-ack")


class CrashPoints:
    """Counts down to the one crash that was asked for."""

    def __init__(self, wanted: str = "", points: Sequence[str] = POINTS) -> None:
        point, _, count = wanted.partition(":")
        if point and point not in points:
            raise ValueError(f"{VARIABLE}: there is no point {point!r}; there are {', '.join(points)}")
        self._point = point
        self._left = int(count or 1)

    @classmethod
    def from_environment(cls, points: Sequence[str] = POINTS) -> "CrashPoints":
        return cls(os.environ.get(VARIABLE, ""), points)

    def reach(self, point: str) -> None:
        """Die here if this is the place and the time."""
        if point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

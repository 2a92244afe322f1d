"""What is remembered of a partition between looks: of its log, and of one group's place in it. Bounded."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from .rules import Commit


class Log(NamedTuple):
    """A partition's log at one look."""

    asked_seconds: float
    """Before the broker was asked; what the log held then, it certainly held at `answered_seconds`."""
    answered_seconds: float
    start: int
    end: int


class LogWindow:
    """The last looks at one partition's log, shared by all groups that read it."""

    __slots__ = ("looks",)

    def __init__(self, size: int) -> None:
        self.looks: deque[Log] = deque(maxlen=size)

    def add(self, look: Log) -> None:
        """A log whose end went back was made anew: what was seen before says nothing any more."""
        if self.looks and look.end < self.looks[-1].end:
            self.looks.clear()
        self.looks.append(look)

    @property
    def ends(self) -> Sequence[int]:
        return [look.end for look in self.looks]

    def waited(self, offset: int, now_seconds: float) -> tuple[float, float | None]:
        """How long the record at `offset` has been in the log: at least, and at most (None: longer than we look)."""
        least, most = 0.0, None
        for look in self.looks:
            if look.end <= offset:
                most = now_seconds - look.asked_seconds
            else:
                least = now_seconds - look.answered_seconds
                break
        return max(0.0, least), most


class Window:
    """The last commits of one group on one partition.

    Asking a broker for a group's offsets tells where it is, not when it committed. So a look counts as a commit if the
    offset has changed, or if a live member owns the partition: who is alive and owns it is expected to commit. A
    group that commits without being a member (simple consumers) is seen by its changes alone.
    """

    __slots__ = ("commits", "looks", "record_ms")

    def __init__(self, size: int) -> None:
        self.commits: deque[Commit] = deque(maxlen=size)
        self.looks = 0
        self.record_ms: int | None = None
        """The time of the first unread record at the last look, if it was known."""

    def add(self, commit: Commit, *, owned: bool) -> None:
        self.looks += 1
        if owned or not self.commits or self.commits[-1].offset != commit.offset:
            self.commits.append(commit)

    @property
    def complete(self) -> float:
        """How much of the window has been seen, 0 to 1; Burrow's `complete`."""
        return min(1.0, self.looks / (self.commits.maxlen or 1))

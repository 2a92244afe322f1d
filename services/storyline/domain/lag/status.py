"""The verdicts, and what several of them make of a group."""

from collections.abc import Iterable
from enum import IntEnum


class Status(IntEnum):
    """Burrow's verdicts with Burrow's numbers (core/protocol: NOTFOUND 0 … REWIND 6); a higher one is worse."""

    NOT_FOUND = 0
    OK = 1
    WARNING = 2
    ERROR = 3
    STOP = 4
    STALL = 5
    REWIND = 6

    @property
    def shown(self) -> str:
        """For people: `NOT FOUND`."""
        return self.name.replace("_", " ")

    @property
    def in_burrow(self) -> str:
        """As Burrow's JSON spells it."""
        return _IN_BURROW[self]


_IN_BURROW = ("NOTFOUND", "OK", "WARN", "ERR", "STOP", "STALL", "REWIND")


def group_status(partitions: Iterable[Status]) -> Status:
    """A group is as bad as its worst partition, and nothing is worse than ERROR.

    STOP, STALL and REWIND of a partition are an ERROR of the group (Burrow wiki, "Consumer Lag Evaluation Rules").
    Partitions that aren't found say nothing of the others; a group of nothing else isn't found itself.
    """
    return min(max(partitions, default=Status.NOT_FOUND), Status.ERROR)

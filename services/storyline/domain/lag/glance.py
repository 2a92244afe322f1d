"""A verdict without a window: from two looks a short while apart and the age of the first unread record.

A window of minutes says more, but a command must answer now. The record's age stands in for the window: a group whose
next record has waited longer than `patience` and that doesn't move between the looks isn't reading.
"""

from .rules import Commit
from .status import Status


def glance(first: Commit, last: Commit, age_seconds: float | None, *, owned: bool, patience_seconds: float) -> Status:
    """The verdict. `age_seconds`: of the first unread record, None if it isn't known; then only movement counts.

    - nothing left to read, at either look: OK
    - the offset went back: REWIND
    - the next record is younger than `patience`, or its age unknown: OK, it may be read any moment
    - the offset went on: OK if the lag shrank, else WARNING
    - it did not move: STALL if a live member owns the partition, STOP if none does
    """
    if last.lag <= 0:
        return Status.OK
    if last.offset < first.offset:
        return Status.REWIND
    if first.lag <= 0 or age_seconds is None or age_seconds < patience_seconds:
        return Status.OK
    if last.offset > first.offset:
        return Status.OK if last.lag < first.lag else Status.WARNING
    return Status.STALL if owned else Status.STOP


def decided(lag: int, age_seconds: float | None, patience_seconds: float) -> bool:
    """Whether one look is enough: there is nothing to read, or nothing that has waited long."""
    return lag <= 0 or (age_seconds is not None and age_seconds < patience_seconds)

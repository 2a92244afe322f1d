"""Burrow's rules: a verdict on one partition of one group from a sliding window of its commits, without thresholds.

Source: Burrow's wiki, "Consumer Lag Evaluation Rules", https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules.
Where Burrow itself has gone beyond its wiki we follow Burrow, and the rule says so: broker offsets of the last minutes
(pull request 338), and rewinds of a group that was at the end (pull request 716).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .status import Status


class Commit(NamedTuple):
    """One commit of a group on a partition, as it was seen."""

    offset: int
    """The next offset the group will read."""
    at_seconds: float
    """When it was committed, by the observer's clock."""
    lag: int
    """Messages that were left to read when it was seen."""


def evaluate(commits: Sequence[Commit], lag: int, ends: Sequence[int], now_seconds: float) -> Status:
    """The verdict on a window of commits, oldest first. `lag`: now; `ends`: the log's end at recent looks.

    The order is Burrow's: what is caught up is never in error; then stops, rewinds, stalls, slowness.
    """
    if not commits:
        return Status.NOT_FOUND
    if lag <= 0:
        return Status.OK
    if stopped(commits, now_seconds) and not lately_at_end(commits, ends):
        return Status.STOP
    if rewound(commits):
        return Status.REWIND
    if was_at_end(commits):
        return Status.OK
    if stalled(commits):
        return Status.STALL
    return Status.WARNING if never_gaining(commits) else Status.OK


def was_at_end(commits: Sequence[Commit]) -> bool:
    """Wiki, rule 1: if the lag was zero anywhere in the window, the partition is OK."""
    return any(commit.lag <= 0 for commit in commits)


def stalled(commits: Sequence[Commit]) -> bool:
    """Wiki, rule 2: commits go on, but the offset stays the same over the window while there is lag: STALL."""
    return all(before.offset == after.offset for before, after in pairwise(commits))


def never_gaining(commits: Sequence[Commit]) -> bool:
    """Wiki, rule 3: offsets advance, and yet the lag stays or grows between each two commits: WARNING."""
    return all(before.lag <= after.lag for before, after in pairwise(commits))


def stopped(commits: Sequence[Commit], now_seconds: float) -> bool:
    """Wiki, rule 4: nothing was committed for longer than the window is long: STOP."""
    first, last = commits[0].at_seconds, commits[-1].at_seconds
    return now_seconds - last > last - first


def lately_at_end(commits: Sequence[Commit], ends: Sequence[int]) -> bool:
    """Rule 4's exception (wiki: the partition's own end; Burrow 1.1, pull request 338: its recent ends as well).

    A group that had read all there was until a moment ago can't have stopped yet: on a quiet partition the first
    new message would otherwise be an alarm.
    """
    return any(end <= commits[-1].offset for end in ends)


def rewound(commits: Sequence[Commit]) -> bool:
    """Burrow's rewind rule: an offset below the one before it, until the group is back where it was.

    As of pull request 716: also when the group had no lag before, which is what resetting offsets looks like.
    """
    reached = None
    for before, after in pairwise(commits):
        if after.offset < before.offset:
            reached = max(before.offset, reached or 0)
    return reached is not None and commits[-1].offset < reached

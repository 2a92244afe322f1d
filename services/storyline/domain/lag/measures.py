"""Seconds, rates and warnings from offsets and record times."""

from collections.abc import Sequence
from typing import NamedTuple

from .rules import Commit
from .window import Log

SLACK_SECONDS = 2.0
"""A record's own time may differ this much from what we saw before it is doubted: clocks, and a producer's batching."""


class Age(NamedTuple):
    """How long the first unread record has waited."""

    seconds: float
    doubted: bool
    """The record's own time contradicts what we saw: it says it came before or after it did."""


def age(record_seconds: float, now_seconds: float, waited: tuple[float, float | None]) -> Age:
    """The age by the record's own time, unless that can't be.

    With `message.timestamp.type=CreateTime` a producer writes what it likes: the future, or the time of an event years
    ago. `waited` bounds the truth: the record came between the last look at which the log ended before it and the
    first at which it was there. Without such looks (the first one, or a record older than the window) its time stands,
    but an age is never negative.
    """
    by_record = now_seconds - record_seconds
    least, most = waited
    if by_record < least - SLACK_SECONDS:
        return Age(least, True)
    if most is not None and by_record > most + SLACK_SECONDS:
        return Age(most, True)
    return Age(max(0.0, by_record), by_record < -SLACK_SECONDS)


def rate_in(looks: Sequence[Log]) -> float | None:
    """Messages a second that were written over the looks; None from a single one."""
    if len(looks) < 2:
        return None
    return _per_second(looks[-1].end - looks[0].end, looks[-1].answered_seconds - looks[0].answered_seconds)


def rate_out(commits: Sequence[Commit], now_seconds: float) -> float | None:
    """Messages a second that a group has read since the window's first commit; None from a single one, or a rewind."""
    if len(commits) < 2:
        return None
    return _per_second(commits[-1].offset - commits[0].offset, now_seconds - commits[0].at_seconds)


def catch_up_seconds(lag: int, written: float | None, read: float | None) -> float | None:
    """Until the lag is gone at these rates: 0 without lag, None if it isn't shrinking or not known."""
    if lag <= 0:
        return 0.0
    if written is None or read is None or read <= written:
        return None
    return lag / (read - written)


def loss_seconds(
    committed: int,
    age_seconds: float | None,
    looks: Sequence[Log],
    retention_seconds: float | None,
) -> float | None:
    """Until retention reaches the committed offset, None if it doesn't in sight. 0: it may be happening.

    By time: a record may go once it is `retention.ms` old (later, as whole segments go; never sooner, unless CreateTime
    lies). By size, and by whatever else moves a log's start: at the pace it moved over the looks.
    """
    found = []
    if retention_seconds is not None and age_seconds is not None:
        found.append(retention_seconds - age_seconds)
    if len(looks) >= 2:
        pace = _per_second(looks[-1].start - looks[0].start, looks[-1].answered_seconds - looks[0].answered_seconds)
        if pace:
            found.append((committed - looks[-1].start) / pace)
    return max(0.0, min(found)) if found else None


def loses(loss: float | None, catch_up: float | None, horizon_seconds: float) -> bool:
    """Whether to warn: retention comes before the group does, within the horizon."""
    return loss is not None and loss < horizon_seconds and (catch_up is None or catch_up >= loss)


def _per_second(count: int, seconds: float) -> float | None:
    return count / seconds if seconds > 0 and count >= 0 else None


def in_words(seconds: float) -> str:
    """A span as a person says it: `0.4 s`, `40 s`, `12 min`, `3.5 h`, `9 d`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    for limit, unit, name in ((120, 1, "s"), (7_200, 60, "min"), (172_800, 3_600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.3g} {name}" if unit == 3_600 else f"{seconds / unit:.0f} {name}"
    return f"{seconds / 86_400:.0f} d"

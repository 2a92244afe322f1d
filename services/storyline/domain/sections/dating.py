"""The day that a sentence tells of, by the weekday or the "yesterday" that it keeps (English)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from .features import Features

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK_BEFORE = frozenset(("last",))
_NOT_THE_EVENT = frozenset(
    ("next", "until", "till", "by", "through", "since", "every", "each", "from", "before", "after", "following", "for")
) | {"to"}
"""Before a weekday that isn't when the thing happened."""
_STILL_TO_COME = frozenset(
    ["opens", "starts", "begins", "ends", "votes", "meets", "holds", "expires", "arrives", "returns", "closes"]
)
"""Before "(on) Friday": it is ahead."""
_TOLD_LATER = 2
_EAST = 6
"""Days back: the next weekday in UTC is today's in the east."""


def happened_at(features: Features, published_at: datetime) -> datetime | None:
    """When what a sentence tells happened, as far as it says: its article's time, moved to the day that it names.

    A weekday is that of the publication or of the two days before it; "yesterday" is the day before. `published_at` is
    in UTC, and what is the next day there may be today's where the article was written. None where the sentence names a
    day that can't be told from it: one that is as near ahead as behind, two of them, or "last Friday".
    """
    told = [i for i, word in enumerate(features.lower) if word in _DAYS]
    if not told:
        return days_before(published_at, 1) if "yesterday" in features.lower else published_at
    if features.future or any(_is_ahead(features.lower, i) for i in told):
        return published_at
    names = {features.lower[i] for i in told}
    if len(names) > 1 or any(_before(features.lower, i) in _WEEK_BEFORE for i in told):
        return None
    days = (published_at.weekday() - _DAYS.index(names.pop())) % 7
    if days == _EAST:
        return published_at
    return days_before(published_at, days) if days <= _TOLD_LATER else None


def days_before(at: datetime, days: int) -> datetime:
    """So many days before `at`, or the first moment there is: a clock that was never set may give the year 1."""
    return at - min(timedelta(days=days), at - datetime.min.replace(tzinfo=at.tzinfo))


def _is_ahead(lower: Sequence[str], i: int) -> bool:
    """Whether the weekday at `i` isn't when the thing happened: "to Friday", "that opens on Friday", a deadline's."""
    before = _before(lower, i)
    verb = _before(lower, i - 1) if before == "on" else before
    return before in _NOT_THE_EVENT or verb in _STILL_TO_COME or "deadline" in lower[i + 1 : i + 2]


def _before(lower: Sequence[str], i: int) -> str:
    return lower[i - 1] if i else ""

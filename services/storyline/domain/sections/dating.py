"""The day that a sentence tells of, by the weekday or the "yesterday" that it keeps (English)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from .features import Features

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK_BEFORE = frozenset(("last",))
_NOT_THE_EVENT = frozenset(
    ("next", "until", "till", "by", "through", "since", "every", "each", "from", "before", "after", "following", "for")
)
"""Before a weekday that isn't when the thing happened."""


def happened_at(features: Features, published_at: datetime) -> datetime | None:
    """When what a sentence tells happened, as far as it says: its article's time, moved to the day that it names.

    A weekday is the last one on or before the publication's day, as its own zone has it; "yesterday" is the day
    before. None where the sentence names a day that can't be told from it: two of them, or "last Friday".
    """
    told = [i for i, word in enumerate(features.lower) if word in _DAYS]
    if not told:
        return published_at - timedelta(days=1) if "yesterday" in features.lower else published_at
    if features.future or any(_before(features.lower, i) in _NOT_THE_EVENT for i in told):
        return published_at
    names = {features.lower[i] for i in told}
    if len(names) > 1 or any(_before(features.lower, i) in _WEEK_BEFORE for i in told):
        return None
    return published_at - timedelta(days=(published_at.weekday() - _DAYS.index(names.pop())) % 7)


def _before(lower: Sequence[str], i: int) -> str:
    return lower[i - 1] if i else ""

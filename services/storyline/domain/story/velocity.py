"""How fast a story grows: independent reports an hour, beside its own pace before and its space's. Copies don't count.

Times are the articles' own, bounded by when they arrived, so the same articles give the same pace on any machine.
"""

from collections.abc import Iterable

from storyline_schemas import Part, Velocity
from storyline_schemas.base import HOUR_MS

from .parts import is_independent

MINUTE_MS = 60_000
BURST_PUBLISHERS = 5
"""So many publishers within an hour, each with a report of its own, are a burst where no pace is known, and no fewer
are one anywhere."""
BURST_QUIET_HOURS = 6
"""So long after a push a burst is no news: the reader knows of the story."""
BURST_RATIO = 3
"""By so much a burst exceeds what a story of the space usually gets in an hour."""


def velocity_of(parts: Iterable[Part], first_ms: int, now_ms: int) -> Velocity:
    """The pace in the hour that ends at `now_ms` (the story's newest event).

    `ratio` is that pace by the mean one from `first_ms` up to that hour; None while that was less than an hour, or
    brought no report, and where a report of the hour has no date and one before has: when the one came can't be
    counted from when the other was written, which may be years. `space_ratio` is that pace by the space's, None if
    that isn't known.
    """
    parts = list(parts)
    reports = [part for part in parts if not part.gone and is_independent(part)]
    recent = [part for part in reports if _is_recent(part.at_ms, now_ms)]
    hours_before = (now_ms - HOUR_MS - first_ms) / HOUR_MS
    before = [part for part in reports if part.at_ms <= now_ms - HOUR_MS]
    mixed = any(part.published_at is None for part in recent) and any(part.published_at for part in before)
    ratio = len(recent) * hours_before / len(before) if hours_before >= 1 and before and not mixed else None
    usual = space_pace(parts)
    return Velocity(
        reports_per_hour=float(len(recent)),
        ratio=None if ratio is None else round(ratio, 2),
        space_ratio=None if usual is None else round(len(recent) / usual, 2),
    )


def space_pace(parts: Iterable[Part]) -> float | None:
    """Articles an hour that were usual in the space when the newest article came; None if that isn't known."""
    newest = max((part for part in parts if part.match is not None), key=lambda part: part.placement, default=None)
    return newest.match.space_pace if newest is not None and newest.match is not None else None


def burst_of(parts: Iterable[Part]) -> float:
    """From how many publishers within an hour a story of this space is in a burst."""
    return max(BURST_PUBLISHERS, BURST_RATIO * (space_pace(parts) or 0))


def publishers_now(parts: Iterable[Part], now_ms: int) -> int:
    """Publishers with an independent report in the hour that ends at `now_ms`; those of one minute count once.

    What a crawler or an import takes in at once has one time, or next to it: that is no wave of reports.
    """
    first: dict[str, int] = {}
    for part in parts:
        if not part.gone and is_independent(part) and _is_recent(part.at_ms, now_ms):
            first[part.family] = min(part.at_ms, first.get(part.family, part.at_ms))
    return len({at_ms // MINUTE_MS for at_ms in first.values()})


def _is_recent(at_ms: int, now_ms: int) -> bool:
    return now_ms - HOUR_MS < at_ms <= now_ms

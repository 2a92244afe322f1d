"""How fast a story grows: independent reports an hour, beside the pace it had before. Copies don't count.

Times are the articles' own, bounded by when they arrived, so the same articles give the same pace on any machine.
"""

from collections.abc import Iterable

from storyline_schemas import Part, Velocity

from .parts import is_independent

HOUR_MS = 3_600_000
BURST_PUBLISHERS = 5
"""So many publishers within an hour, each with a report of its own, are a burst."""


def velocity_of(parts: Iterable[Part], first_ms: int, now_ms: int) -> Velocity:
    """The pace in the hour that ends at `now_ms` (the story's newest event).

    `ratio` is that pace by the mean one from `first_ms` up to that hour; None while that was less than an hour, or
    brought no report.
    """
    times = [part.at_ms for part in parts if not part.gone and is_independent(part)]
    recent = sum(_is_recent(at_ms, now_ms) for at_ms in times)
    hours_before = (now_ms - HOUR_MS - first_ms) / HOUR_MS
    before = sum(at_ms <= now_ms - HOUR_MS for at_ms in times)
    ratio = recent * hours_before / before if hours_before >= 1 and before else None
    return Velocity(reports_per_hour=float(recent), ratio=None if ratio is None else round(ratio, 2))


def publishers_now(parts: Iterable[Part], now_ms: int) -> int:
    """Publishers with an independent report in the hour that ends at `now_ms`."""
    live = (part for part in parts if not part.gone and is_independent(part))
    return len({part.family for part in live if _is_recent(part.at_ms, now_ms)})


def _is_recent(at_ms: int, now_ms: int) -> bool:
    return now_ms - HOUR_MS < at_ms <= now_ms

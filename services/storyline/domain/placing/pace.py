"""What is usual in a space: how many articles an hour a story gets there while it gets any.

Hours are of the records' time. A story counts in every hour in which an article came to it, so a space of a few fast
stories and one of many slow ones each have their own pace. Copies count too: here nobody knows yet what is one.
"""

from dataclasses import dataclass, field

import msgpack

from storyline_schemas.base import HOUR_MS

HOURS_KEPT = 24
STORY_HOURS_MIN = 10
"""Below it nothing is usual yet."""


@dataclass(slots=True)
class Pace:
    """Hour (since 1970) → [articles that came, stories they came to], of the last day and the running hour."""

    hours: dict[int, list[int]] = field(default_factory=dict)

    def note(self, arrived_ms: int, last_ms: int | None) -> None:
        """An article came to a story whose last one had come at `last_ms` (None: it opened the story)."""
        hour = arrived_ms // HOUR_MS
        counts = self.hours.setdefault(hour, [0, 0])
        counts[0] += 1
        counts[1] += last_ms is None or last_ms // HOUR_MS != hour
        newest = max(self.hours)
        for old in [each for each in self.hours if each < newest - HOURS_KEPT]:
            del self.hours[old]

    def usual(self, now_ms: int) -> float | None:
        """Articles an hour, as the mean over the day before the running hour; None if too little is known."""
        hour = now_ms // HOUR_MS
        before = [counts for each, counts in self.hours.items() if hour - HOURS_KEPT <= each < hour]
        articles, stories = sum(counts[0] for counts in before), sum(counts[1] for counts in before)
        return round(articles / stories, 2) if stories >= STORY_HOURS_MIN else None

    def copy(self) -> "Pace":
        return Pace({hour: list(counts) for hour, counts in self.hours.items()})

    def to_bytes(self) -> bytes:
        packed: bytes = msgpack.packb([[hour, *counts] for hour, counts in sorted(self.hours.items())])
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Pace":
        """What `to_bytes` packed; of no bytes, a pace that knows nothing."""
        rows = msgpack.unpackb(packed) if packed else []
        return cls({hour: [articles, stories] for hour, articles, stories in rows})

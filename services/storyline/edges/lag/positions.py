"""Where a group stands on one partition, and how far behind that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TopicPartition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Position:
    """Offsets of one group on one partition; `committed` is None if the group never committed there."""

    group: str
    topic: str
    partition: int
    committed: int | None
    start: int
    end: int

    @property
    def lag(self) -> int:
        """Messages still to be handled: from the committed offset, or from the start if there is none or it is gone."""
        return max(0, self.end - max(self.start, self.committed or 0))

    @property
    def lost(self) -> int:
        """Messages that retention took before the group came to them."""
        return 0 if self.committed is None else max(0, self.start - self.committed)

    def report(self) -> dict[str, Any]:
        return {
            "group": self.group, "topic": self.topic, "partition": self.partition, "committed": self.committed,
            "start": self.start, "end": self.end, "lag": self.lag, "lost": self.lost,
        }  # fmt: skip


def positions(
    group: str,
    committed: Mapping[TopicPartition, int],
    starts: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> list[Position]:
    """One position for each partition that has an end offset, in order of topic and partition."""
    return [
        Position(group, topic, partition, committed.get((topic, partition)), starts.get((topic, partition), 0), end)
        for (topic, partition), end in sorted(ends.items())
    ]

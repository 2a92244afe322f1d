"""What the shell counts: plain numbers, to be exported by whoever wants them. Hooks are a batch's, never a record's."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storyline_schemas.topics import STORY_UPDATES

from ..observe.catalogue import AGES, FAST, SIZES
from ..observe.histogram import Histogram
from ..record import Output

REASONS = {"Invalid": "invalid", "KilledProcess": "killed"}
"""A dead letter's error → its class; every other error is a failure of ours."""


def _seconds() -> Histogram:
    return Histogram(FAST)


@dataclass(slots=True)
class Metrics:
    """Counters only grow; gauges say what is. One object a process."""

    received: int = 0
    handled: int = 0
    outputs: int = 0
    transactions: int = 0
    acked: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    """By what was retried: handle, send, acquire, …"""
    conflicts: int = 0
    taken_alone: int = 0
    """Messages that were handled one by one after their batch had failed."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """By class: `invalid` in itself, `failed` again and again, `killed` its process."""
    acquisitions: int = 0
    releases: int = 0
    rebalances: int = 0
    abandoned: int = 0
    """Batches given up without an acknowledgement; somebody handles them again."""
    stale: int = 0
    """Messages of an earlier generation, dropped unacknowledged."""
    astray: int = 0
    """Times that records which had been read reached nobody and were read again."""
    owned: int = 0
    """Gauge: partitions owned just now."""
    in_flight: int = 0
    """Gauge: records in hand."""
    in_flight_since: float | None = None
    """Since when, `time.monotonic()`; None: there are none."""
    finished_at: float = 0.0
    """Unix time of the last batch's end."""
    away: dict[str, tuple[float, str]] = field(default_factory=dict)
    """What is being tried again → (since when, monotonic; why)."""
    batch_records: Histogram = field(default_factory=lambda: Histogram(SIZES))
    batch_seconds: Histogram = field(default_factory=_seconds)
    handle_seconds: Histogram = field(default_factory=_seconds)
    confirm_seconds: Histogram = field(default_factory=_seconds)
    acquire_seconds: Histogram = field(default_factory=_seconds)
    kafka_seconds: dict[str, Histogram] = field(
        default_factory=lambda: {call: _seconds() for call in ("send", "commit", "fence")}
    )
    update_age_seconds: Histogram = field(default_factory=lambda: Histogram(AGES))

    def took(self, size: int) -> None:
        """A batch begins."""
        self.received += size
        self.batch_records.observe(size)
        self.in_flight = size
        self.in_flight_since = time.monotonic()

    def finished(self) -> None:
        """It is finished or given up."""
        if self.in_flight_since is not None:
            self.batch_seconds.observe(time.monotonic() - self.in_flight_since)
        self.in_flight, self.in_flight_since = 0, None
        self.finished_at = time.time()

    def buried(self, error: str) -> None:
        """A record became a dead letter; `error` is its kind."""
        self.dead_letters[REASONS.get(error, "failed")] += 1

    def published(self, outputs: Sequence[Output]) -> None:
        """Kafka has confirmed these: how old was the news of each update?"""
        now = 0.0
        for output in outputs:
            if output.topic == STORY_UPDATES.name:
                now = now or time.time()
                self._aged(output, now)

    def _aged(self, output: Output, now: float) -> None:
        for name, content in output.headers:
            if name == "ce_time":
                age = now - datetime.fromisoformat(content.decode()).timestamp()
                self.update_age_seconds.observe(max(0.0, age))
                return

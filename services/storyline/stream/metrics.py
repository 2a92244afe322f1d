"""What the shell counts: plain numbers, to be exported by whoever wants them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Metrics:
    """Counters only grow; gauges say what is. One object a process."""

    received: int = 0
    handled: int = 0
    outputs: int = 0
    transactions: int = 0
    acked: int = 0
    batches: int = 0
    batch_size_last: int = 0
    batch_size_largest: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    """By what was retried: handle, send, acquire, …"""
    conflicts: int = 0
    taken_alone: int = 0
    """Messages that were handled one by one after their batch had failed."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """By the field that was wrong."""
    acquisitions: int = 0
    releases: int = 0
    abandoned: int = 0
    """Batches given up without an acknowledgement; somebody handles them again."""
    stale: int = 0
    """Messages of an earlier generation, dropped unacknowledged."""
    owned: int = 0
    """Gauge: partitions owned just now."""

    def took(self, size: int) -> None:
        self.received += size
        self.batches += 1
        self.batch_size_last = size
        self.batch_size_largest = max(self.batch_size_largest, size)

"""What a service knows of itself, as plain values; and what only watching it over time can tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LOOP_SECONDS = 30.0
"""Assignments within that time that make a loop of rebalances are counted over this window."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A service at one moment, as its shell sees it. A service that reads no topic owns no partition and is settled."""

    started: bool = False
    leaving: bool = False
    generation: int = 0
    settled: bool = False
    """In its group, and no rebalance is going on."""
    assigned: frozenset[int] = frozenset()
    owned: frozenset[int] = frozenset()
    """Assigned, and their state is loaded."""
    waiting: Sequence[tuple[str, float]] = ()
    """What is being awaited of the stage, and for how many seconds."""
    away: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """What is tried again: for how many seconds, and why."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A standing, and what was seen over time. All times are seconds."""

    standing: Standing
    beat_age: float = 0.0
    """Since the event loop last did anything."""
    unsettled: float = 0.0
    """Since it was last in its group without a rebalance."""
    assignments: int = 0
    """New assignments within the last LOOP_SECONDS, the first excepted."""
    unreachable: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """Server → since when it doesn't answer, and what it or its client says."""
    unasked: frozenset[str] = frozenset()
    """Servers that weren't asked yet."""
    behind: Mapping[int, tuple[int, float]] = field(default_factory=dict)
    """Partition → records behind its end, and how long nothing of it was finished."""


class History:
    """Remembers what a standing alone doesn't tell. `now` is always `time.monotonic()`; safe to read from a thread."""

    def __init__(self, servers: Sequence[str], now: float) -> None:
        self.rebalances = 0
        self._beat = now
        self._settled = now
        self._generation = 0
        self._assigned_at: list[float] = []
        self._unasked = set(servers)
        self._failed: dict[str, tuple[float, str]] = {}
        self._finished: dict[int, tuple[int, float]] = {}
        self._lag: dict[int, int] = {}

    def saw(self, now: float, standing: Standing) -> None:
        """The event loop is alive, and this is how things stand."""
        self._beat = now
        if standing.settled:
            self._settled = now
        if standing.generation != self._generation:
            if self._generation:
                self._assigned_at.append(now)
            self._generation = standing.generation
            self.rebalances += 1
        self._assigned_at = [at for at in self._assigned_at if now - at <= LOOP_SECONDS]

    def answered(self, server: str) -> float | None:
        """Since when it had failed; None if it hadn't."""
        self._unasked.discard(server)
        since, _ = self._failed.pop(server, (None, ""))
        return since

    def failed(self, server: str, now: float, why: str) -> bool:
        """Whether it hadn't before."""
        self._unasked.discard(server)
        begins = server not in self._failed
        since, _ = self._failed.get(server, (now, why))
        self._failed[server] = (since, why)
        return begins

    def reachable(self, server: str) -> bool:
        return server not in self._failed and server not in self._unasked

    def positions(self, now: float, found: Mapping[int, tuple[int, int]]) -> None:
        """Partition → (next offset to be finished, end offset). Those not in it are no longer ours."""
        lag = {partition: max(0, end - at) for partition, (at, end) in found.items()}
        finished = {}
        for partition, (at, _) in found.items():
            before = self._finished.get(partition)
            still = before is not None and before[0] == at and lag[partition] > 0
            finished[partition] = before if before is not None and still else (at, now)
        self._lag, self._finished = lag, finished

    @property
    def lag(self) -> Mapping[int, int]:
        """Partition → records behind its end."""
        return self._lag

    def facts(self, now: float, standing: Standing) -> Facts:
        """All there is to judge by at `now`."""
        finished = self._finished
        behind = {
            partition: (lag, now - finished[partition][1])
            for partition, lag in self._lag.items()
            if lag and partition in finished
        }
        return Facts(
            standing,
            beat_age=now - self._beat,
            unsettled=now - self._settled,
            assignments=len(self._assigned_at),
            unreachable={server: (now - since, why) for server, (since, why) in list(self._failed.items())},
            unasked=frozenset(self._unasked),
            behind=behind,
        )

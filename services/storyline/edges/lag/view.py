"""What one look says: the cluster's groups, and each one's partitions. Plain values; `report` makes them JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...domain.lag.measures import in_words
from ...domain.lag.rules import Commit
from ...domain.lag.status import Status, group_status


@dataclass(slots=True)
class PartitionView:
    """One partition of one group. Times in seconds, offsets as Kafka counts them; None is not known."""

    topic: str
    partition: int
    committed: int | None = None
    start: int | None = None
    end: int | None = None
    status: Status = Status.NOT_FOUND
    complete: float = 0.0
    """How much of the window the verdict rests on."""
    lag: int | None = None
    """End minus committed, as Kafka's own tool counts: markers, gaps and what was deleted included."""
    readable: bool = True
    """Whether a record is left at all: False if only markers, aborted records or gaps lie between."""
    lost: int = 0
    """Of the lag: deleted before the group read it."""
    seconds: float | None = None
    """Age of the first record that isn't read; 0 if there is none."""
    at_most: bool = False
    """The age is an upper bound: this look had no read left for the record."""
    doubted: bool = False
    """The record's own time can't be right; the age is what we saw ourselves."""
    record_ms: int | None = None
    rate_in: float | None = None
    rate_out: float | None = None
    catch_up_seconds: float | None = None
    loss_seconds: float | None = None
    member: str = ""
    client: str = ""
    host: str = ""
    note: str = ""
    commits: Sequence[Commit] = ()
    """The window the verdict rests on, oldest first; for Burrow's clients."""

    def report(self) -> dict[str, Any]:
        return {
            "topic": self.topic, "partition": self.partition, "committed": self.committed, "start": self.start,
            "end": self.end, "lag": self.lag, "readable": self.readable, "lost": self.lost,
            "seconds": _rounded(self.seconds), "seconds_at_most": self.at_most, "record_time_doubted": self.doubted,
            "status": self.status.shown, "complete": round(self.complete, 3), "rate_in": _rounded(self.rate_in),
            "rate_out": _rounded(self.rate_out), "catch_up_seconds": _rounded(self.catch_up_seconds),
            "loss_seconds": _rounded(self.loss_seconds), "member": self.member, "client": self.client,
            "host": self.host, "note": self.note,
        }  # fmt: skip


@dataclass(slots=True)
class GroupView:
    """One group. Its figures are sums over its partitions, or the worst of them."""

    name: str
    state: str = ""
    coordinator: int | None = None
    members: int = 0
    rebalances: int = 0
    """Seen since we look: changes of members, of who owns what, or of the group's epoch."""
    partitions: list[PartitionView] = field(default_factory=list)
    note: str = ""
    status: Status = Status.NOT_FOUND
    lag: int = 0
    seconds: float | None = None
    rate_in: float = 0.0
    rate_out: float = 0.0
    catch_up_seconds: float | None = 0.0
    lost: int = 0
    complete: float = 0.0

    def sum_up(self) -> None:
        """Fill in the sums."""
        rows = self.partitions
        self.status = group_status(row.status for row in rows)
        self.lag = sum(row.lag or 0 for row in rows)
        self.lost = sum(row.lost for row in rows)
        self.seconds = max((row.seconds for row in rows if row.seconds is not None), default=None)
        self.rate_in = sum(row.rate_in or 0.0 for row in rows)
        self.rate_out = sum(row.rate_out or 0.0 for row in rows)
        slowest = [row.catch_up_seconds for row in rows if row.lag and row.readable]
        self.catch_up_seconds = None if None in slowest else max((each for each in slowest if each), default=0.0)
        self.complete = min((row.complete for row in rows), default=0.0)

    @property
    def notes(self) -> list[str]:
        """What a person should know, one line each; alike ones of several partitions once."""
        found: dict[str, list[str]] = {}
        for row in self.partitions:
            if row.note:
                found.setdefault(row.note, []).append(f"{row.topic}/{row.partition}")
        lines = [self.note] if self.note else []
        for note, places in found.items():
            more = f" and {len(places) - 3} more" if len(places) > 3 else ""
            lines.append(f"{', '.join(places[:3])}{more}: {note}")
        return lines

    def report(self) -> dict[str, Any]:
        return {
            "group": self.name, "state": self.state, "coordinator": self.coordinator, "members": self.members,
            "status": self.status.shown, "complete": round(self.complete, 3), "lag": self.lag,
            "seconds": _rounded(self.seconds), "lost": self.lost, "rate_in": _rounded(self.rate_in),
            "rate_out": _rounded(self.rate_out), "catch_up_seconds": _rounded(self.catch_up_seconds),
            "rebalances": self.rebalances, "notes": self.notes,
            "partitions": [row.report() for row in self.partitions],
        }  # fmt: skip


@dataclass(slots=True)
class View:
    """One look at the cluster."""

    at_seconds: float
    took_seconds: float
    groups: dict[str, GroupView]
    topics: dict[str, dict[int, int]]
    """Topic → partition → end offset, of the topics that groups read."""
    looks: int = 1
    reads: int = 0
    """Partitions' first records that had to be read from the brokers."""
    problems: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """The worst group's. Groups that never committed say nothing of the others."""
        return group_status(group.status for group in self.groups.values())

    def report(self) -> dict[str, Any]:
        groups = list(self.groups.values())
        return {
            "status": self.status.shown, "lag": sum(group.lag for group in groups),
            "seconds": _rounded(max((group.seconds for group in groups if group.seconds is not None), default=None)),
            "looks": self.looks, "took_seconds": round(self.took_seconds, 3), "problems": self.problems,
            "groups": [group.report() for group in groups],
        }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def span(seconds: float | None) -> str:
    """For a cell of a table: `-` if it isn't known."""
    return "-" if seconds is None else in_words(seconds)

"""The last look for Prometheus. Groups and topics are labels here, bounded by STORYLINE_LAG_GROUPS_MAX.

A series for each partition is given only while there are at most PARTITIONS_MAX of them: a cluster with 25,000 would
make a scrape of 100,000 lines that nobody reads; a group's own series are always there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from .view import GroupView, PartitionView, View

PARTITIONS_MAX = 5_000

GROUP_GAUGES = {
    "storyline_lag_group_status": "Verdict, as Burrow counts: 0 not found, 1 OK, 2 warning, 3 error.",
    "storyline_lag_group_messages": "Messages between committed and end offsets, all partitions.",
    "storyline_lag_group_seconds": "Age of the oldest first unread record; 0 if all is read.",
    "storyline_lag_group_lost_messages": "Messages that were deleted before the group read them.",
    "storyline_lag_group_loss_seconds": "Until retention reaches a committed offset; absent if not in sight.",
    "storyline_lag_group_in_per_second": "Messages written to what the group reads.",
    "storyline_lag_group_out_per_second": "Messages the group reads.",
    "storyline_lag_group_catch_up_seconds": "Until the lag is gone at these rates; absent if it isn't shrinking.",
    "storyline_lag_group_members": "Live members.",
}
GROUP_COUNTER = "storyline_lag_group_rebalances"
PARTITION_GAUGES = {
    "storyline_lag_partition_status": "Verdict: 0 not found, 1 OK, 2 warning, 3 error, 4 stop, 5 stall, 6 rewind.",
    "storyline_lag_partition_messages": "Messages between committed and end offset.",
    "storyline_lag_partition_seconds": "Age of the first unread record; 0 if all is read.",
}
OWN_GAUGES = {
    "storyline_lag_groups": "Groups seen at the last look.",
    "storyline_lag_look_seconds": "How long the last look took.",
    "storyline_lag_look_timestamp_seconds": "When the last look was (Unix time); old: the broker is away.",
    "storyline_lag_look_reads": "Records the last look had to read for their times.",
}
OWN_COUNTERS = {
    "storyline_lag_looks": "Looks taken.",
    "storyline_lag_look_failures": "Looks that failed because the cluster didn't answer.",
}


@dataclass(slots=True)
class Counts:
    """What the service counts of itself."""

    looks: int = 0
    failures: int = 0
    view: View | None = None


def names() -> frozenset[str]:
    """Every metric as Prometheus stores it."""
    counters = {f"{name}_total" for name in (GROUP_COUNTER, *OWN_COUNTERS)}
    return frozenset({*GROUP_GAUGES, *PARTITION_GAUGES, *OWN_GAUGES, *counters})


def registry(counts: Counts) -> CollectorRegistry:
    """Ours, and the process's own."""
    found = CollectorRegistry()
    found.register(_Lag(counts))
    ProcessCollector(registry=found)
    PlatformCollector(registry=found)
    GCCollector(registry=found)
    return found


def text(found: CollectorRegistry) -> bytes:
    """Prometheus' text format."""
    return generate_latest(found)


class _Lag(Collector):
    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Any]:
        view = self._counts.view
        yield from self._own(view)
        if view is None:
            return
        groups = view.groups.values()
        for name, about in GROUP_GAUGES.items():
            samples = (((group.name,), _of_group(name, group)) for group in groups)
            yield _gauge(name, about, ("group",), samples)
        counter = CounterMetricFamily(GROUP_COUNTER, "Rebalances seen.", labels=("group",))
        for group in groups:
            counter.add_metric((group.name,), group.rebalances)
        yield counter
        if sum(len(group.partitions) for group in groups) <= PARTITIONS_MAX:
            yield from _partitions(groups)

    def _own(self, view: View | None) -> Iterator[Any]:
        values: tuple[float | None, ...] = (None, None, None, None)
        if view is not None:
            values = (len(view.groups), view.took_seconds, view.at_seconds, view.reads)
        for (name, about), value in zip(OWN_GAUGES.items(), values, strict=True):
            yield _gauge(name, about, (), [((), value)])
        for (name, about), count in zip(OWN_COUNTERS.items(), (self._counts.looks, self._counts.failures), strict=True):
            yield CounterMetricFamily(name, about, value=count)


def _of_group(name: str, group: GroupView) -> float | None:
    match name.removeprefix("storyline_lag_group_"):
        case "status":
            return group.status
        case "messages":
            return group.lag
        case "lost_messages":
            return group.lost
        case "loss_seconds":
            return min((row.loss_seconds for row in group.partitions if row.loss_seconds is not None), default=None)
        case "in_per_second":
            return group.rate_in
        case "out_per_second":
            return group.rate_out
        case field:
            value: float | None = getattr(group, field)
            return value


def _partitions(groups: Iterable[GroupView]) -> Iterator[Any]:
    labels = ("group", "topic", "partition")
    rows = [(group.name, row) for group in groups for row in group.partitions]
    for name, about in PARTITION_GAUGES.items():
        samples = (((group, row.topic, str(row.partition)), _of_partition(name, row)) for group, row in rows)
        yield _gauge(name, about, labels, samples)


def _of_partition(name: str, row: PartitionView) -> float | None:
    match name.removeprefix("storyline_lag_partition_"):
        case "status":
            return row.status
        case "messages":
            return row.lag
        case _:
            return row.seconds


def _gauge(
    name: str, about: str, labels: Sequence[str], samples: Iterable[tuple[tuple[str, ...], float | None]]
) -> GaugeMetricFamily:
    """What isn't known is left out: a made-up 0 would look like good news."""
    family = GaugeMetricFamily(name, about, labels=labels)
    for values, value in samples:
        if value is not None:
            family.add_metric(values, float(value))
    return family

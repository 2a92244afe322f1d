"""The last look for Prometheus, under the catalogue's names. Groups and topics are labels here, bounded by
STORYLINE_LAG_GROUPS_MAX.

A series for each partition is given only while there are at most PARTITIONS_MAX of them: a cluster with 25,000 would
make a scrape of 100,000 lines that nobody reads; a group's own series are always there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from ...observe.catalogue import BY_NAME, METRICS
from ...observe.exposing import Family, family_of
from .view import GroupView, PartitionView, View

PARTITIONS_MAX = 5_000

GROUP, PARTITION = "storyline_lag_group_", "storyline_lag_partition_"


@dataclass(slots=True)
class Counts:
    """What the service counts of itself."""

    looks: int = 0
    failures: int = 0
    view: View | None = None


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
        for name in _gauges(GROUP):
            yield _family(name, (((group.name,), _of_group(name, group)) for group in groups))
        yield _family(f"{GROUP}rebalances_total", (((group.name,), group.rebalances) for group in groups))
        if sum(len(group.partitions) for group in groups) <= PARTITIONS_MAX:
            yield from _partitions(groups)

    def _own(self, view: View | None) -> Iterator[Any]:
        looked: dict[str, float] = {}
        if view is not None:
            looked = {
                "groups": len(view.groups), "look_seconds": view.took_seconds,
                "look_timestamp_seconds": view.at_seconds, "look_reads": view.reads,
            }  # fmt: skip
        for part, value in looked.items():
            yield _family(f"storyline_lag_{part}", [((), value)])
        yield _family("storyline_lag_looks_total", [((), self._counts.looks)])
        yield _family("storyline_lag_look_failures_total", [((), self._counts.failures)])


def _gauges(prefix: str) -> list[str]:
    return [metric.name for metric in METRICS if metric.name.startswith(prefix) and metric.kind == "gauge"]


def _of_group(name: str, group: GroupView) -> float | None:
    match name.removeprefix(GROUP):
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
    rows = [(group.name, row) for group in groups for row in group.partitions]
    for name in _gauges(PARTITION):
        yield _family(name, (((group, row.topic, str(row.partition)), _of_partition(name, row)) for group, row in rows))


def _of_partition(name: str, row: PartitionView) -> float | None:
    match name.removeprefix(PARTITION):
        case "status":
            return row.status
        case "messages":
            return row.lag
        case _:
            return row.seconds


Samples = Iterable[tuple[tuple[str, ...], float | None]]
"""Label values and the value."""


def _family(name: str, samples: Samples) -> Family:
    """What isn't known is left out: a made-up 0 would look like good news."""
    family = family_of(BY_NAME[name])
    assert not isinstance(family, HistogramMetricFamily), f"{name} is a histogram"
    for values, value in samples:
        if value is not None:
            family.add_metric(values, float(value))
    return family

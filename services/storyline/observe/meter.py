"""Plain numbers under the catalogue's names: what one service counts. Knows neither Prometheus nor a clock."""

import itertools
from collections.abc import Callable, Iterator

from .catalogue import BY_NAME, METRICS, OF_THE_PROCESS, Metric
from .histogram import Histogram

Values = tuple[str, ...]
SERIES_MAX = 2_000
"""Label combinations of one metric; there can't be more, since labels are bounded, but partition numbers are many."""


class Meter:
    """The metrics of one service. Every method raises KeyError for a name that isn't in the catalogue.

    Label values are given in the catalogue's order; one that a label can't have counts as `other`. Series whose
    labels have fixed values are there from the start, as zero, so that a rate sees the first event.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.sources: list[Callable[[], None]] = []
        """Called before each reading: each puts in what somebody else counts."""
        self._series: dict[str, dict[Values, float | Histogram]] = {metric.name: {} for metric in METRICS}
        for metric in METRICS:
            if service in metric.services and not metric.when and metric.name not in OF_THE_PROCESS:
                self._prepare(metric)

    def count(self, name: str, *values: str, amount: float = 1.0) -> None:
        """Add to a counter."""
        series, key = self._place(name, values)
        before = series.get(key, 0.0)
        assert not isinstance(before, Histogram), f"{name} is a histogram"
        series[key] = before + amount

    def observe(self, name: str, value: float, *values: str) -> None:
        """Add an observation to a histogram."""
        series, key = self._place(name, values)
        histogram = series.get(key)
        if not isinstance(histogram, Histogram):
            histogram = series[key] = Histogram(BY_NAME[name].buckets)
        histogram.observe(value)

    def put(self, name: str, value: float | Histogram, *values: str) -> None:
        """What a series says from now on: a gauge's value, or what is counted elsewhere."""
        series, key = self._place(name, values)
        series[key] = value

    def drop(self, name: str) -> None:
        """Forget the series of a metric that are to be put anew: partitions that are no longer ours."""
        self._series[name] = {}

    def read(self) -> Iterator[tuple[Metric, Values, float | Histogram]]:
        """Every series there is, as it stands now."""
        for source in self.sources:
            source()
        for name, series in self._series.items():
            for values, value in list(series.items()):
                yield BY_NAME[name], values, value

    def _place(self, name: str, values: Values) -> tuple[dict[Values, float | Histogram], Values]:
        series = self._series[name]
        if values in series:
            return series, values
        labels = BY_NAME[name].labels
        key = tuple(label.says(value) for label, value in zip(labels, values, strict=True))
        if key not in series and len(series) >= SERIES_MAX:
            key = next(reversed(series))
        return series, key

    def _prepare(self, metric: Metric) -> None:
        fixed = [label.values for label in metric.labels]
        if any(values is None for values in fixed):
            return
        for key in itertools.product(*(values or () for values in fixed)):
            if "stage" in (label.name for label in metric.labels) and self.service not in key:
                continue
            self._series[metric.name][key] = Histogram(metric.buckets) if metric.kind == "histogram" else 0.0

"""A meter in Prometheus' text format, with the process's memory, CPU and file descriptors."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from . import catalogue
from .histogram import Histogram
from .meter import Meter

Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


def registry_of(meter: Meter) -> CollectorRegistry:
    """A registry of its own: nothing is process-wide, so a test may have many."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Meter(meter))
    ProcessCollector(registry=registry)
    return registry


def exposed(registry: CollectorRegistry, accept: str = "") -> tuple[bytes, str]:
    """(body, content type) of what a scraper that accepts `accept` gets."""
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Meter(Collector):
    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Family] = {}
        for metric, values, value in self._meter.read():
            family = families.get(metric.name)
            if family is None:
                family = families[metric.name] = family_of(metric)
            if isinstance(family, HistogramMetricFamily):
                assert isinstance(value, Histogram), f"{metric.name} is a histogram"
                family.add_metric(values, list(value.cumulative()), value.total)
            else:
                assert not isinstance(value, Histogram), f"{metric.name} is no histogram"
                family.add_metric(values, value)
        return families.values()


def family_of(metric: catalogue.Metric) -> Family:
    """An empty family of Prometheus' client for a metric of the catalogue."""
    labels = [label.name for label in metric.labels]
    if metric.kind == "counter":
        return CounterMetricFamily(metric.name, metric.about, labels=labels)
    if metric.kind == "gauge":
        return GaugeMetricFamily(metric.name, metric.about, labels=labels)
    return HistogramMetricFamily(metric.name, metric.about, labels=labels)

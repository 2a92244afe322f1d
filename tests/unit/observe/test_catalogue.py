"""Every name keeps Prometheus' naming rules; every label is bounded; the command prints them all."""

import json
import re

import pytest
from click.testing import CliRunner

from storyline.cli.root import cli
from storyline.observe.catalogue import BY_NAME, METRICS, Metric, names, series_of

# https://prometheus.io/docs/practices/naming/ and what promtool's linter holds against a name.
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
UNITS_NOT_BASE = {
    "milliseconds", "microseconds", "nanoseconds", "minutes", "hours", "days", "weeks", "ms", "ns", "us", "kilobytes",
    "megabytes", "gigabytes", "kb", "mb", "gb", "bits", "percent", "kelvin", "sec", "secs", "s",
}  # fmt: skip
KIND_WORDS = {"counter", "gauge", "histogram", "summary"}
SERIES_MAX = 200

every = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def faults(metric: Metric) -> list[str]:
    """What Prometheus' rules hold against a metric."""
    words = metric.name.split("_")
    total, histogram = words[-1] == "total", metric.kind == "histogram"
    rules = {
        "a name is lower-case words joined by single underscores": NAME.fullmatch(metric.name) is None,
        "a counter ends in _total, and nothing else does": total != (metric.kind == "counter"),
        "_bucket, _sum, _count and _info belong to other kinds": words[-1] in ("bucket", "sum", "count"),
        "units are base units": bool(UNITS_NOT_BASE & set(words)),
        "a unit comes last, before _total": bool(metric.unit) and metric.unit != words[-2 if total else -1],
        "a name doesn't say its kind": bool(KIND_WORDS & set(words)),
        "a metric says what it is": not metric.about.endswith("."),
        "only a histogram has buckets": histogram != bool(metric.buckets),
        "a label isn't named as one of Prometheus'": any(
            label.name in ("le", "quantile", "job", "instance") or label.name.startswith("__")
            for label in metric.labels
        ),
    }
    return [rule for rule, broken in rules.items() if broken]


@every
def test_a_metric_keeps_prometheus_rules(metric: Metric) -> None:
    assert faults(metric) == []


@every
def test_labels_have_fixed_values_or_say_what_bounds_them(metric: Metric) -> None:
    assert all(label.values or label.bound for label in metric.labels)
    combinations = 1
    for label in metric.labels:
        combinations *= len(label.values or ("",))
    assert combinations * (len(metric.buckets) + 3 if metric.buckets else 1) <= SERIES_MAX


def test_the_rules_find_what_is_wrong() -> None:
    assert "units are base units" in faults(Metric("storyline_wait_ms", "gauge", "Wait.", ()))
    assert "a counter ends in _total, and nothing else does" in faults(Metric("storyline_x", "counter", "X.", ()))


def test_names_are_unique_and_a_histogram_has_three_more() -> None:
    assert len(BY_NAME) == len(METRICS)
    histogram = BY_NAME["storyline_stage_batch_seconds"]
    assert set(series_of(histogram)) <= names()
    assert "storyline_stage_batch_seconds_bucket" in names()


def test_the_command_prints_every_metric() -> None:
    done = CliRunner().invoke(cli, ["metrics", "list", "--json"])
    assert done.exit_code == 0
    listed = json.loads(done.stdout.splitlines()[-1])["metrics"]
    assert [row["name"] for row in listed] == [metric.name for metric in METRICS]
    text = CliRunner().invoke(cli, ["metrics", "list"]).stdout
    assert all(metric.name in text for metric in METRICS)

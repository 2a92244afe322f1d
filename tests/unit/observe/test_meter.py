"""A meter takes only what the catalogue has, and what it exposes Prometheus can read."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from storyline.observe.catalogue import BY_NAME, METRICS
from storyline.observe.exposing import exposed, registry_of
from storyline.observe.histogram import Histogram
from storyline.observe.meter import Meter

REASONS = "storyline_stage_dead_letters_total"


def series(meter: Meter, name: str) -> dict[tuple[str, ...], object]:
    return {values: value for metric, values, value in meter.read() if metric.name == name}


def scraped(meter: Meter) -> dict[str, list[tuple[dict[str, str], float]]]:
    body, _ = exposed(registry_of(meter))
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_a_metric_that_is_not_in_the_catalogue_is_refused() -> None:
    with pytest.raises(KeyError):
        Meter("matcher").count("storyline_made_up_total")


def test_a_counter_is_there_as_zero_before_anything_happens() -> None:
    assert series(Meter("matcher"), REASONS)[("matcher", "killed")] == 0.0
    assert series(Meter("matcher"), "storyline_stage_retries_total")[("matcher", "handle")] == 0.0


def test_a_value_that_a_label_cannot_have_counts_as_other() -> None:
    meter = Meter("matcher")
    meter.count("storyline_matcher_decisions_total", "urn:secret:article")
    found = series(meter, "storyline_matcher_decisions_total")
    assert found[("other",)] == 1.0
    assert ("urn:secret:article",) not in found


def test_a_wrong_number_of_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Meter("matcher").count(REASONS, "matcher")


def test_the_exposed_text_has_every_prepared_series_with_its_labels() -> None:
    found = scraped(Meter("updater"))
    assert ({"stage": "updater", "reason": "invalid"}, 0.0) in found[REASONS]
    assert "process_resident_memory_bytes" in found


def test_a_histogram_is_cumulative_and_ends_with_all() -> None:
    meter = Meter("updater")
    for seconds in (0.004, 0.3, 100.0):
        meter.observe("storyline_updater_evolve_seconds", seconds)
    buckets = {labels["le"]: value for labels, value in scraped(meter)["storyline_updater_evolve_seconds_bucket"]}
    assert (buckets["0.0025"], buckets["0.005"], buckets["0.5"], buckets["+Inf"]) == (0.0, 1.0, 2.0, 3.0)


@given(st.lists(st.floats(0, 1e6), max_size=50))
def test_what_was_observed_is_what_is_counted(values: list[float]) -> None:
    histogram = Histogram((0.1, 1.0, 10.0))
    for value in values:
        histogram.observe(value)
    for bound, count in histogram.cumulative():
        assert count == sum(value <= float(bound) for value in values)
    assert histogram.count == len(values)


@pytest.mark.parametrize("service", ["matcher", "updater"])
def test_prometheus_own_linter_finds_nothing(service: str) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool isn't installed (Debian package prometheus); the rules themselves are tested above")
    body, _ = exposed(registry_of(Meter(service)))
    done = subprocess.run([promtool, "check", "metrics"], input=body, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_what_is_exposed_is_in_the_catalogue() -> None:
    for service in ("matcher", "updater"):
        for name in scraped(Meter(service)):
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            assert name in BY_NAME or base in BY_NAME
    assert {metric.name for metric in METRICS} == set(BY_NAME)

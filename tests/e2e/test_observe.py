"""What an operator sees of running services: every metric, health before and after, one trace, logs that parse."""

import asyncio
import json
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from storyline.edges.ingest.outgoing import outgoing
from storyline.infra.embedded import EmbeddedPair, start_pair
from storyline.observe.catalogue import METRICS
from storyline.observe.traceparent import begin, parse
from storyline_schemas import PartitionCounts

from .harness import Cluster, Service, articles_of, read_topic

PARTITIONS = 2
NAMED_SECONDS = 30.0
Samples = dict[str, list[tuple[dict[str, str], float]]]


class Collector(HTTPServer):
    """An OpenTelemetry collector's door: keeps the spans that are posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.spans: list[Any] = []


class _Door(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in request.resource_spans:
            self.server.spans += [span for scope in resource.scope_spans for span in scope.spans]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None: ...


@dataclass
class Whole:
    """Both services on the embedded pair, with the sample wire played through."""

    pair: EmbeddedPair
    cluster: Cluster
    collector: Collector
    services: dict[str, Service]

    def get(self, name: str, path: str) -> tuple[int, str]:
        found = re.search(r"http://([\d.]+:\d+)/metrics", self.services[name].said())
        assert found, self.cluster.logs()
        try:
            with urllib.request.urlopen(f"http://{found[1]}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def problems(self, name: str, path: str) -> list[str]:
        return [problem["name"] for problem in json.loads(self.get(name, path)[1])["problems"]]

    def metrics(self, name: str) -> Samples:
        found: Samples = {}
        for family in text_string_to_metric_families(self.get(name, "/metrics")[1]):
            for sample in family.samples:
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        return found

    def sum(self, name: str, metric: str) -> float:
        return sum(value for _, value in self.metrics(name)[metric])

    async def ready(self) -> None:
        for name in self.services:
            await self.cluster.until(lambda name=name: self.get(name, "/ready")[0] == 200, f"{name} is ready", 120.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[Whole]:
    pair = start_pair(tmp_path_factory.mktemp("pair"))
    with Collector() as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_address[1]}"
        settings = {"METRICS_PORT": "0", "LOG_FORMAT": "json", "LOG_LEVEL": "debug", "TRACING_ENDPOINT": endpoint}
        try:
            with Cluster(pair.kafka_bootstrap_servers, pair.redis_url, PARTITIONS, **settings) as cluster:
                cluster.ok("topics", "create")
                services = {name: cluster.start(name) for name in ("matcher", "updater")}
                found = Whole(pair, cluster, collector, services)
                asyncio.run(_play(found, sample))
                yield found
        finally:
            collector.shutdown()
            pair.redis.process.send_signal(signal.SIGCONT)
            pair.stop()


async def _play(whole: Whole, sample: Path) -> None:
    cluster = whole.cluster
    for name in whole.services:
        await cluster.until(lambda name=name: "/metrics" in whole.services[name].said(), f"{name} listens", 120.0)
    before = [whole.get(name, "/ready") for name in whole.services]
    assert 503 in [status for status, _ in before], before  # nobody joins a group in the time it takes to ask
    await whole.ready()
    await cluster.send([(b"world", b"no article at all", 0, ())])
    given = begin("somebody's own trace")
    counts = PartitionCounts(PARTITIONS, PARTITIONS)
    outputs = [
        outgoing(article, counts, given.header() if n == 0 else None) for n, article in enumerate(articles_of(sample))
    ]
    await cluster.send((each.key, each.value, each.partition, each.headers) for each in outputs)
    await cluster.settled()
    for name in whole.services:  # it is asked for every few seconds only
        await cluster.until(
            lambda name=name: "storyline_stage_lag_records" in whole.metrics(name), f"{name} knows its lag"
        )


@pytest.mark.parametrize("name", ["matcher", "updater"])
def test_every_metric_of_the_catalogue_is_exposed(whole: Whole, name: str) -> None:
    found = whole.metrics(name)
    for metric in METRICS:
        if name in metric.services:
            assert (f"{metric.name}_count" if metric.kind == "histogram" else metric.name) in found, metric.name


@pytest.mark.parametrize("name", ["matcher", "updater"])
def test_no_label_has_a_value_that_the_catalogue_does_not_know(whole: Whole, name: str) -> None:
    found = whole.metrics(name)
    for metric in METRICS:
        bounds = {label.name: label for label in metric.labels}
        for series in (metric.name, f"{metric.name}_count"):
            for labels, _ in found.get(series, ()):
                assert labels.keys() == bounds.keys(), series
                assert all(
                    bounds[label].values is None or value in bounds[label].values for label, value in labels.items()
                )


async def test_what_happened_is_what_is_counted(whole: Whole, sample: Path) -> None:
    articles = len(articles_of(sample))
    matcher = whole.metrics("matcher")
    assert ({"stage": "matcher"}, articles + 1.0) in matcher["storyline_stage_records_acknowledged_total"]
    assert ({"stage": "matcher", "reason": "invalid"}, 1.0) in matcher["storyline_stage_dead_letters_total"]
    decided = {labels["outcome"]: value for labels, value in matcher["storyline_matcher_decisions_total"]}
    assert decided["opened"] > 0
    assert decided["joined"] > 0
    assert sum(value for outcome, value in decided.items() if outcome not in ("merged", "released")) == articles
    versions = whole.sum("updater", "storyline_updater_versions_total")
    assert versions == whole.sum("updater", "storyline_updater_update_age_seconds_count") > 0
    assert whole.sum("updater", "storyline_updater_sections_total") > 0
    assert whole.sum("updater", "storyline_updater_evolve_seconds_count") >= versions

    def caught_up() -> bool:
        return whole.sum("updater", "storyline_stage_lag_records") == 0

    await whole.cluster.until(caught_up, "the lag that is asked for now and then is 0")
    for name in whole.services:
        assert whole.sum(name, "storyline_redis_call_seconds_count") > 0
        assert whole.sum(name, "storyline_kafka_call_seconds_count") > 0
        assert whole.sum(name, "storyline_stage_batch_records_sum") >= articles
        assert whole.sum(name, "process_open_fds") > 0


async def test_one_trace_leads_from_the_article_to_the_update(whole: Whole) -> None:
    given = begin("somebody's own trace")
    commands = await read_topic(whole.cluster.kafka, "story-commands")
    updates = await read_topic(whole.cluster.kafka, "story-updates")
    ours = [trace for each in commands if (trace := _trace(each)) is not None and trace.trace_id == given.trace_id]
    assert ours
    assert given.span_id not in {trace.span_id for trace in ours}
    assert all(_trace(each) is not None for each in (*commands, *updates))
    made = [trace for each in updates if (trace := _trace(each)) is not None and trace.trace_id == given.trace_id]
    if not made:  # another article of the same batch came first in its story: then its span links to this one
        await whole.cluster.until(lambda: _linked(whole, given.trace_id), "a span links to the trace")


def _trace(record: Any) -> Any:
    return parse(dict(record.headers).get("traceparent"))


def _linked(whole: Whole, trace_id: str) -> bool:
    return any(link.trace_id.hex() == trace_id for span in whole.collector.spans for link in span.links)


async def test_the_collector_gets_each_step_under_its_parent(whole: Whole) -> None:
    updates = await read_topic(whole.cluster.kafka, "story-updates")
    commands = {
        (_trace(each).trace_id, _trace(each).span_id)
        for each in await read_topic(whole.cluster.kafka, "story-commands")
    }
    wanted = {(_trace(each).trace_id, _trace(each).span_id) for each in updates} | commands

    def known() -> dict[tuple[str, str], Any]:
        return {(span.trace_id.hex(), span.span_id.hex()): span for span in list(whole.collector.spans)}

    await whole.cluster.until(lambda: wanted <= known().keys(), "every step has its span")
    spans = known()
    for each in updates:
        trace = _trace(each)
        parent = spans[trace.trace_id, trace.span_id].parent_span_id.hex()
        assert (trace.trace_id, parent) in commands
    dead = [span for span in spans.values() if span.name == "matcher articles.dlq"]
    assert dead == []  # the bad record came without a trace


@pytest.mark.parametrize("name", ["matcher", "updater"])
def test_every_log_line_is_json_and_has_no_word_of_an_article(whole: Whole, sample: Path, name: str) -> None:
    lines = [json.loads(line) for line in whole.services[name].said().splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in lines))
    owns = [line for line in lines if "owns partition" in line["message"]]
    assert {line["partition"] for line in owns} == set(range(PARTITIONS))
    said = whole.services[name].said()
    assert not any(article.headline in said for article in articles_of(sample))


def test_a_dead_letter_is_logged_with_where_it_lies(whole: Whole) -> None:
    lines = [json.loads(line) for line in whole.services["matcher"].said().splitlines()]
    [dead] = [line for line in lines if line["message"].startswith("dead letter")]
    assert (dead["stage"], dead["topic"], dead["partition"], dead["offset"]) == ("matcher", "articles", 0, 0)


async def test_a_redis_that_is_gone_is_named_by_ready_and_progress_and_so_is_its_return(
    whole: Whole, sample: Path
) -> None:
    redis = whole.pair.redis.process
    redis.send_signal(signal.SIGSTOP)
    await whole.cluster.send_articles(articles_of(sample)[:1])
    for path in ("/ready", "/progress"):
        for name in whole.services:
            await whole.cluster.until(
                lambda name=name, path=path: "redis" in whole.problems(name, path),
                f"{name}{path} names redis",
                NAMED_SECONDS,
            )
    assert whole.get("matcher", "/live")[0] == 200
    await whole.cluster.until(
        lambda: any(tries for _, tries in whole.metrics("matcher")["storyline_stage_retries_total"]),
        "retries are counted",
        NAMED_SECONDS,
    )
    assert ({"server": "redis"}, 0.0) in whole.metrics("matcher")["storyline_server_reachable"]
    redis.send_signal(signal.SIGCONT)
    await whole.ready()
    await whole.cluster.settled()
    assert whole.get("matcher", "/progress")[0] == 200


async def test_each_version_is_logged_with_its_story_article_and_trace(whole: Whole) -> None:
    updates = await read_topic(whole.cluster.kafka, "story-updates")
    lines = [json.loads(line) for line in whole.services["updater"].said().splitlines()]
    said = {
        (line["story"], line["version"], line["trace_id"], line.get("article")) for line in lines if "version" in line
    }
    told = [(json.loads(each.value), _trace(each).trace_id) for each in updates]
    wanted = {(each["story"]["id"], each["story"]["version"], trace, _first(each)) for each, trace in told}
    assert wanted <= said


def _first(update: Any) -> str | None:
    """The first article that a version brought; a story opened and merged at once has one that brings none."""
    return next((each["uri"] for each in update["change"]["articles"]), None)

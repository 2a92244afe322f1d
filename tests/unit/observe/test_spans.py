"""Spans from records and outputs alone, and their way to a collector: in memory, and by OTLP over HTTP for real."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from storyline.errors import Invalid
from storyline.observe.spans import sent_spans, spans_of
from storyline.observe.traceparent import Trace, begin
from storyline.observe.tracing import Tracer, exporter_to
from storyline.record import Output, Record
from storyline.stream.dead_letters import Verdict, dead_letter

STORY = b"st-1"


def record(offset: int, trace: Trace | None, key: bytes = STORY) -> Record:
    headers = () if trace is None else (("traceparent", trace.header()),)
    return Record("story-commands", 2, offset, 1_000, key, b"{}", headers)


def update(trace: Trace, story: bytes = STORY) -> Output:
    headers = (("ce_subject", story), ("ce_sequence", b"0000000007"), ("traceparent", trace.header()))
    return Output("story-updates", 2, story, b"{}", headers)


def test_a_span_has_the_place_it_put_out_and_its_parent_is_what_it_took_in() -> None:
    taken = begin("article 1")
    made = taken.child("updater", "st-1 7")
    [span] = spans_of("updater", [record(5, taken)], [update(made)], ())
    assert (span.at, span.parent, span.error) == (made, taken.span_id, None)
    assert span.attributes["storyline.story"] == "st-1"
    assert span.attributes["storyline.version"] == 7
    assert span.attributes["messaging.kafka.offset"] == 5


def test_other_causes_of_one_update_are_links() -> None:
    first, second = begin("article 1"), begin("article 2")
    elsewhere = begin("article 3")
    records = [record(5, first), record(6, second), record(7, elsewhere, b"st-2")]
    [span] = spans_of("updater", records, [update(first.child("updater", "x"))], ())
    assert span.links == (second,)


def test_what_is_passed_on_as_it_was_has_no_span_of_ours() -> None:
    trace = begin("article 1")
    forwarded = Output("articles", 3, b"world", b"{}", (("traceparent", trace.header()),))
    assert spans_of("matcher", [record(5, trace)], [forwarded], ()) == []


def test_who_wants_no_sampling_gets_no_span() -> None:
    quiet = Trace(begin("x").trace_id, begin("x").span_id, 0)
    assert spans_of("updater", [record(5, quiet)], [update(quiet.child("updater", "x"))], ()) == []


def test_a_dead_letter_is_a_span_with_the_kind_of_error_and_no_reason() -> None:
    trace = begin("article 1")
    verdict = Verdict.of(Invalid("headline", "the embargoed words"))
    [span] = spans_of("matcher", [], [], [dead_letter(record(5, trace), "matcher", verdict)])
    assert (span.parent, span.error) == (trace.span_id, "Invalid")
    assert "embargoed" not in repr(span)


def test_the_door_has_a_span_for_traces_that_begin_there_only() -> None:
    ours, theirs = begin("id-1"), begin("somebody else's")
    outputs = [
        Output("articles", 0, b"world", b"{}", (("ce_id", b"id-1"), ("ce_subject", b"a:1"), ("traceparent", each)))
        for each in (ours.header(), theirs.header())
    ]
    assert [(span.at, span.parent) for span in sent_spans(outputs)] == [(ours, None)]


def test_the_sdk_gets_our_ids_links_times_and_status() -> None:
    taken, other = begin("article 1"), begin("article 2")
    made = taken.child("updater", "x")
    memory = InMemorySpanExporter()
    tracer = Tracer("updater", memory)
    tracer.finished("updater", 1_000, [record(5, taken), record(6, other)], [update(made)], ())
    tracer.close()
    [span] = memory.get_finished_spans()
    assert span.context.trace_id == int(taken.trace_id, 16)
    assert span.context.span_id == int(made.span_id, 16)
    assert span.parent is not None and span.parent.span_id == int(taken.span_id, 16)
    assert [link.context.trace_id for link in span.links] == [int(other.trace_id, 16)]
    assert span.start_time == 1_000
    assert span.end_time is not None and span.end_time > 1_000
    assert span.resource.attributes["service.name"] == "storyline-updater"


class Collector(HTTPServer):
    """A collector's door: keeps what is posted to /v1/traces; answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.status = 200
        self.requests: list[ExportTraceServiceRequest] = []
        self.asked = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
        if self.server.status == 200:
            self.server.requests.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.asked.set()

    def log_message(self, format: str, *arguments: object) -> None: ...


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_collector_gets_protobuf_it_can_read(collector: Collector) -> None:
    taken = begin("article 1")
    made = taken.child("updater", "x")
    tracer = Tracer("updater", exporter_to(collector.endpoint))
    tracer.finished("updater", 1_000, [record(5, taken)], [update(made)], ())
    tracer.close()
    [request] = collector.requests
    [resource] = request.resource_spans
    [span] = resource.scope_spans[0].spans
    assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()) == (
        taken.trace_id, made.span_id, taken.span_id,
    )  # fmt: skip
    assert {each.key: each.value.string_value for each in resource.resource.attributes}["service.name"] == (
        "storyline-updater"
    )


def test_a_collector_that_refuses_is_said_once_and_holds_nobody(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    collector.status = 400
    exporter = exporter_to(collector.endpoint)
    memory = InMemorySpanExporter()
    probe = Tracer("updater", memory)
    probe.finished("updater", 1_000, [], [update(begin("x").child("updater", "x"))], ())
    probe.close()
    with caplog.at_level(logging.WARNING, "storyline.observe"):
        for _ in range(3):
            exporter.export(memory.get_finished_spans())
        collector.status = 200
        exporter.export(memory.get_finished_spans())
    said = [line.getMessage() for line in caplog.records]
    assert [("dropped" in line, "again" in line) for line in said] == [(True, False), (False, True)]

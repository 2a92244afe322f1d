"""Spans to an OpenTelemetry collector, by OTLP over HTTP. The only file that knows OpenTelemetry; imported if it is on.

Ids are ours (they are on Kafka already), so spans are handed to the SDK's batch processor finished. It has a bounded
queue and a thread of its own: a collector that is slow or away costs spans, never an article.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from .. import __version__
from ..record import Output, Record
from .spans import Span, sent_spans, spans_of
from .traceparent import Trace

log = logging.getLogger("storyline.observe")

QUEUE_MAX = 8_192
"""Spans waiting for the collector; further ones are dropped."""
EXPORT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
"""A process that leaves waits so long for its last spans."""
PATH = "/v1/traces"
_SCOPE = InstrumentationScope("storyline", __version__)


def exporter_to(endpoint: str) -> SpanExporter:
    """An exporter to `http://HOST:PORT` or the whole address that ends in /v1/traces."""
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # said once, below
    whole = endpoint if endpoint.rstrip("/").endswith(PATH) else endpoint.rstrip("/") + PATH
    return _SayingOnce(OTLPSpanExporter(endpoint=whole, timeout=EXPORT_SECONDS), endpoint)


class Tracer:
    """Gives the spans of a service to `exporter`, some at a time. `finished` and `sent` never wait and never raise."""

    def __init__(self, service: str, exporter: SpanExporter) -> None:
        resource = {"service.name": f"storyline-{service}", "service.version": __version__}
        self._resource = Resource.create(resource)
        self._processor = BatchSpanProcessor(
            exporter, max_queue_size=QUEUE_MAX, export_timeout_millis=EXPORT_SECONDS * 1000
        )

    def finished(
        self, stage: str, began_ns: int, records: Sequence[Record], outputs: Sequence[Output], dead: Sequence[Output]
    ) -> None:
        """A batch of one partition is confirmed; it began at `began_ns` (Unix time)."""
        self._emit(spans_of(stage, records, outputs, dead), began_ns, SpanKind.CONSUMER)

    def sent(self, began_ns: int, outputs: Sequence[Output]) -> None:
        """Articles are on their topic."""
        self._emit(sent_spans(outputs), began_ns, SpanKind.PRODUCER)

    def close(self) -> None:
        """Give away what is left, for CLOSE_SECONDS at most."""
        last = threading.Thread(target=self._processor.shutdown, daemon=True)
        last.start()
        last.join(CLOSE_SECONDS)

    def _emit(self, spans: Sequence[Span], began_ns: int, kind: SpanKind) -> None:
        ended_ns = time.time_ns()
        for span in spans:
            self._processor.on_end(
                ReadableSpan(
                    span.name, _context(span.at), _parent(span), self._resource, span.attributes,
                    links=[Link(_context(link, remote=True)) for link in span.links], kind=kind,
                    status=Status(StatusCode.ERROR, span.error) if span.error else Status(),
                    start_time=began_ns, end_time=ended_ns, instrumentation_scope=_SCOPE,
                )
            )  # fmt: skip


class Sender(Protocol):
    async def send(self, outputs: Sequence[Output]) -> None: ...


class TracedSender:
    """A sender of articles, with the span of each that begins its trace here."""

    def __init__(self, sender: Sender, tracer: Tracer) -> None:
        self._sender = sender
        self._tracer = tracer

    async def send(self, outputs: Sequence[Output]) -> None:
        began_ns = time.time_ns()
        await self._sender.send(outputs)
        self._tracer.sent(began_ns, outputs)


def _context(trace: Trace, remote: bool = False) -> SpanContext:
    return SpanContext(int(trace.trace_id, 16), int(trace.span_id, 16), remote, TraceFlags(trace.flags))


def _parent(span: Span) -> SpanContext | None:
    if span.parent is None:
        return None
    return _context(Trace(span.at.trace_id, span.parent, span.at.flags), remote=True)


class _SayingOnce(SpanExporter):
    """Says once that the collector doesn't take the spans, and once that it does again."""

    def __init__(self, exporter: SpanExporter, endpoint: str) -> None:
        self._exporter = exporter
        self._endpoint = endpoint
        self._away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        away = result is not SpanExportResult.SUCCESS
        if away and not self._away:
            log.warning("traces can't be delivered to %s; they are dropped until it works", self._endpoint)
        if self._away and not away:
            log.warning("traces can be delivered to %s again", self._endpoint)
        self._away = away
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)

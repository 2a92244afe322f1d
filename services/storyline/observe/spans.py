"""What one finished batch was, as spans: pure values, known to no library.

A stage's span of an article or a story is named by the `traceparent` of what it put out; its parent is that of what it
took in. So a span needs no memory of its own, and one that is made again is the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storyline_schemas.topics import STORY_UPDATES

from ..record import Output, Record
from . import traceparent
from .traceparent import Trace

LINKS_MAX = 32
"""Further causes of one update that its span points to."""
_DEAD = "storyline-dlq-"


@dataclass(frozen=True, slots=True)
class Span:
    """`at` is its own place, `parent` its parent's span id; `error` the kind of a dead letter's error. No text of an
    article is in any of it."""

    at: Trace
    parent: str | None
    name: str
    attributes: Mapping[str, str | int]
    links: Sequence[Trace] = ()
    error: str | None = field(default=None)


def spans_of(stage: str, records: Sequence[Record], outputs: Iterable[Output], dead: Iterable[Output]) -> list[Span]:
    """The spans of a batch of one partition that is confirmed. Those that nobody wants sampled are left out."""
    taken: dict[str, tuple[Trace, Record]] = {}
    for record in records:
        trace = traceparent.parse(record.header(traceparent.HEADER))
        if trace is not None:
            taken.setdefault(trace.trace_id, (trace, record))
    made = [span for output in outputs if (span := _span(stage, output, taken, records)) is not None]
    return made + [span for output in dead if (span := _dead(stage, output)) is not None]


def sent_spans(outputs: Iterable[Output]) -> list[Span]:
    """The first span of each article whose trace began at our own door."""
    spans = []
    for output in outputs:
        named = dict(output.headers)
        trace = traceparent.parse(named.get(traceparent.HEADER))
        if trace is None or not trace.sampled or trace != traceparent.begin(_text(named, "ce_id")):
            continue  # somebody else began it
        attributes = {**_messaging(output.topic, output.partition), "storyline.article": _text(named, "ce_subject")}
        spans.append(Span(trace, None, f"publish {output.topic}", attributes))
    return spans


def _span(
    stage: str, output: Output, taken: Mapping[str, tuple[Trace, Record]], records: Sequence[Record]
) -> Span | None:
    named = dict(output.headers)
    at = traceparent.parse(named.get(traceparent.HEADER))
    if at is None or not at.sampled:
        return None
    parent, record = taken.get(at.trace_id, (None, None))
    if parent is not None and parent.span_id == at.span_id:
        return None  # passed on as it was: forwarded to another partition
    attributes: dict[str, str | int] = {"storyline.stage": stage, "storyline.story": _text(named, "ce_subject")}
    if "ce_sequence" in named:
        attributes["storyline.version"] = int(named["ce_sequence"])
    if record is not None:
        attributes |= {**_messaging(record.topic, record.partition), "messaging.kafka.offset": record.offset}
    links = _links(at, output, records) if output.topic == STORY_UPDATES.name else ()
    return Span(at, parent.span_id if parent else None, f"{stage} {output.topic}", attributes, links)


def _links(at: Trace, output: Output, records: Sequence[Record]) -> Sequence[Trace]:
    """The other traces that led to the same version: the records of the same story in the batch."""
    each = (
        traceparent.parse(record.header(traceparent.HEADER)) for record in records if record.key == output.key
    )  # fmt: skip
    others = {trace.trace_id: trace for trace in each if trace is not None and trace.trace_id != at.trace_id}
    return tuple(others.values())[:LINKS_MAX]


def _dead(stage: str, output: Output) -> Span | None:
    named = dict(output.headers)
    given = traceparent.parse(named.get(traceparent.HEADER))
    if given is None or not given.sampled:
        return None
    topic, partition, offset = (_text(named, _DEAD + part) for part in ("topic", "partition", "offset"))
    at = given.child(f"{stage} dead letter", f"{topic}/{partition}/{offset}")
    attributes = {**_messaging(topic, int(partition)), "messaging.kafka.offset": int(offset), "storyline.stage": stage}
    return Span(at, given.span_id, f"{stage} {output.topic}", attributes, error=_text(named, _DEAD + "error"))


def _messaging(topic: str, partition: int) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(partition),
    }


def _text(named: Mapping[str, bytes], name: str) -> str:
    return named.get(name, b"").decode("utf-8", "replace")

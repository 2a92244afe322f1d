"""One trace from the article to its updates: the W3C header `traceparent`, made and passed on. Pure.

Rules: W3C Trace Context, "traceparent Header" (version 00): `00-<32 hex>-<16 hex>-<2 hex>`, no id all zero; a header
that breaks them starts a new trace. Ids follow from what they name, never from chance: an article or a command that is
delivered again leads to the same bytes.
"""

import hashlib
import re
from dataclasses import dataclass

HEADER = "traceparent"
STATE = "tracestate"
SAMPLED = 1

_FORM = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where in which trace we are: ids as lower-case hex."""

    trace_id: str
    span_id: str
    flags: int = SAMPLED

    @property
    def sampled(self) -> bool:
        """Whether who began the trace wants its spans kept."""
        return bool(self.flags & SAMPLED)

    def child(self, stage: str, id: str) -> "Trace":
        """The span in which `stage` makes what is called `id`."""
        return Trace(self.trace_id, span_id(self.trace_id, stage, id), self.flags)

    def header(self) -> bytes:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}".encode()


def parse(header: bytes | None) -> Trace | None:
    """What a `traceparent` says; None if there is none, or none that the rules allow."""
    found = _FORM.fullmatch(header) if header else None
    if found is None:
        return None
    version, trace_id, parent, flags, more = found.groups()
    if version == b"ff" or (version == b"00" and more) or not trace_id.strip(b"0") or not parent.strip(b"0"):
        return None
    return Trace(trace_id.decode(), parent.decode(), int(flags, 16) & SAMPLED)


def begin(cause: str) -> Trace:
    """The trace of an event that came without one: the same event, however often it comes, has the same."""
    trace_id = hashlib.blake2b(cause.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Trace(trace_id, span_id(trace_id, "ingest", cause))


def span_id(trace_id: str, stage: str, id: str) -> str:
    """16 hex digits that follow from the trace, the stage and what it makes there."""
    named = f"{trace_id}\n{stage}\n{id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=8).hexdigest()

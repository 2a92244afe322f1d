"""Every format there is, and how a document is given to the right one: by its content, never by its name.

To add a format: write one file with a `recognises` and a `read` for what its kind is parsed to (XML: the root element;
JSON: the value; text: the string; bytes: as they came), and add a line to `FORMATS`. The order is the order of asking.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from storyline_schemas import Article

from . import (
    anpa,
    ap,
    feeds,
    iptc7901,
    jsontools,
    mail,
    newsml1,
    newsml_g2,
    ninjs,
    nitf,
    own,
    ritzau,
    webpage,
    xmltools,
)
from .base import DOCUMENT_BYTES_MAX, Context, Refusal, Unreadable
from .encoding import decode

Kind = Literal["xml", "json", "bytes", "text"]
_HEAD_BYTES = 4096
_OURS = "an article of Storyline's own has uri, headline, version_created, provider and language"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what kind of document it is parsed as, how it is recognised, and what reads it."""

    name: str
    kind: Kind
    about: str
    recognises: Callable[[Any], bool]
    read: Callable[[Any, Context], Iterator[Article | Refusal]]


_ALL = (
    Format("newsml-g2", "xml", "IPTC NewsML-G2: newsItem, newsMessage", newsml_g2.recognises, newsml_g2.read),
    Format("newsml-1", "xml", "IPTC NewsML 1.0 to 1.2", newsml1.recognises, newsml1.read),
    Format("nitf", "xml", "IPTC NITF 3", nitf.recognises, nitf.read),
    Format("rss", "xml", "RSS 2.0, RSS 1.0, WordPress export", feeds.recognises_rss, feeds.read_rss),
    Format("atom", "xml", "Atom (RFC 4287)", feeds.recognises_atom, feeds.read_atom),
    Format("ritzau", "xml", "Ritzau's RBNews", ritzau.recognises, ritzau.read),
    Format("ap-media", "json", "AP Media API: feeds and items", ap.recognises, ap.read),
    Format("article", "json", "Storyline's own contract, also as CloudEvents", own.recognises, own.read),
    Format("ninjs", "json", "IPTC ninjs 1, 2 and 3, Superdesk's too", ninjs.recognises, ninjs.read),
    Format("labelled", "json", "labelled news streams", own.recognises_labelled, own.read_labelled),
    Format("html", "bytes", "web pages with schema.org NewsArticle", webpage.recognises, webpage.read),
    Format("email", "bytes", "e-mail (RFC 5322)", mail.recognises, mail.read),
    Format("iptc7901", "text", "IPTC 7901 text messages", iptc7901.recognises, iptc7901.read),
    Format("anpa", "text", "ANPA 1312 text messages", anpa.recognises, anpa.read),
)
FORMATS: Mapping[str, Format] = MappingProxyType({format.name: format for format in _ALL})


def recognise(data: bytes) -> str | None:
    """The name of the format of this document, from its content; None if it is none we know."""
    if _is_json_lines(data):
        data = next(line for line in data.splitlines() if line.strip())
    try:
        return _recognised(data)[0]
    except Unreadable:
        return None


def read(
    data: bytes, *, format: str = "auto", name: str = "", received_at: datetime | None = None
) -> Iterator[Article | Refusal]:
    """Every article of a document, and a refusal for each item that gives none. Nothing is passed over silently.

    `format` is a key of FORMATS or "auto". `received_at` (with a zone) gives the year to wires that send none.
    Pure: no network, no clock. Raises ValueError for an unknown format, and nothing for any `data`.
    """
    if format != "auto" and format not in FORMATS:
        raise ValueError(f"format: {format!r} is unknown; one of auto, {', '.join(FORMATS)}")
    return _read(data, format, Context(name, received_at))


def _read(data: bytes, format: str, context: Context) -> Iterator[Article | Refusal]:
    if (format == "auto" or FORMATS[format].kind == "json") and _is_json_lines(data):
        yield from _lines(data, format, context)
        return
    yield from document(data, format, context)[1]


def _lines(data: bytes, format: str, context: Context) -> Iterator[Article | Refusal]:
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        line = data[start:end]
        start = end + 1
        if line.strip():
            yield from document(line, format, context)[1]


def document(data: bytes, format: str, context: Context) -> tuple[str, Iterator[Article | Refusal]]:
    """The format of one document ("auto" if none is recognised) and what it holds; JSON Lines are no document.

    `format` as for `read`, but known to be right. Raises nothing, and neither does the iterator.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return format, iter((Refusal(format, "document", "is empty"),))
    if len(data) > DOCUMENT_BYTES_MAX:
        return format, iter((Refusal(format, "document", f"is larger than {DOCUMENT_BYTES_MAX // 2**20} MB"),))
    try:
        if format == "auto":
            found, parsed = _recognised(data)
            if found is None:
                return format, iter((Refusal(format, "document", _unknown(parsed)),))
            format = found
        else:
            parsed = _PARSERS[FORMATS[format].kind](data, format)
    except Unreadable as problem:
        return format, iter((Refusal(format, problem.field, problem.reason),))
    return format, _results(format, parsed, context)


def _results(format: str, parsed: Any, context: Context) -> Iterator[Article | Refusal]:
    try:
        yield from FORMATS[format].read(parsed, context)
    except Unreadable as problem:
        yield Refusal(format, problem.field, problem.reason)
    yield from _passed_over(format, parsed)


def _passed_over(format: str, parsed: Any) -> Iterator[Refusal]:
    """What stands in a JSON list among the objects, which are all that a reader looks at."""
    if FORMATS[format].kind == "json" and isinstance(parsed, list) and any(isinstance(one, dict) for one in parsed):
        for place, one in enumerate(parsed, 1):
            if not isinstance(one, dict):
                yield Refusal(format, f"item {place}", "of the list is not a JSON object")


def _recognised(data: bytes) -> tuple[str | None, Any]:
    """The format's name, and the parsed document, so that it is parsed once. Raises Unreadable."""
    for kind in _kinds(data):
        parsed = _PARSERS[kind](data, kind)
        for format in FORMATS.values():
            if format.kind == kind and format.recognises(parsed):
                return format.name, parsed
    return None, parsed


def _kinds(data: bytes) -> tuple[Kind, ...]:
    head = data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n\x00\xff\xfe")
    if head[:1] in (b"{", b"["):
        return ("json",)
    if webpage.recognises(data):
        return ("bytes",)
    if head[:1] == b"<":
        return ("xml",)
    return ("bytes", "text")


def _is_json_lines(data: bytes) -> bool:
    """Whether the first line with anything in it begins JSON Lines and another follows."""
    start = len(data) - len(data.lstrip())
    end = data.find(b"\n", start)
    return end >= 0 and data[end:].lstrip()[:1] in (b"{", b"[") and begins_lines(data[start:end])


def begins_lines(first: bytes) -> bool:
    """Whether a file with this first line is JSON Lines: the line is JSON by itself, or begins like it and can't be
    the first line of a longer value, because it is wrong before its end."""
    text = first.strip(b" \t\r\n\xef\xbb\xbf").decode("utf-8", "replace")
    if text[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos < len(text)
    except (ValueError, RecursionError):
        return True
    return True


def _unknown(parsed: Any) -> str:
    if isinstance(parsed, xmltools.Element):
        return f"is XML with the root <{str(parsed.tag)[:60]}>, which is no news format known here"
    if parsed == {}:
        return f"is a JSON object with nothing in it; {_OURS}"
    if isinstance(parsed, dict):
        members = ", ".join(sorted(map(str, parsed))[:6])[:120]
        ours = f"; {_OURS}" if "uri" in parsed or "headline" in parsed else ""
        return f"is JSON with the members {members}, which is no news format known here{ours}"
    if isinstance(parsed, str):
        return "is text without the header of a wire (IPTC 7901, ANPA 1312) or of a mail"
    return "is JSON, but no object of a news format known here"


def _text(data: bytes, format: str) -> str:
    # Wires older than Unicode: what is not UTF-8 is Windows-1252 far more often than anything detection would say.
    return decode(data, "iso8859-1")


def _as_it_came(data: bytes, format: str) -> bytes:
    return data


_PARSERS: Mapping[Kind, Callable[[bytes, str], Any]] = MappingProxyType(
    {"xml": xmltools.parse, "json": jsontools.parse, "text": _text, "bytes": _as_it_came}
)

"""Records for `articles` that can't be used, more than 200, each with the field that the reason must name.

Data for two tests: the matcher's decoding alone, and the whole way on real servers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storyline_schemas.events import ARTICLE_PUBLISHED, STRUCTURED

GOOD: dict[str, Any] = {
    "uri": "urn:invented:good",
    "headline": "Ferry crews in Port Lindow walk out",
    "version_created": "2025-03-03T06:10:00Z",
    "provider": {"name": "Example Wire (invented)"},
    "language": "en",
}
KEY = b"world"
STRUCTURED_HEADERS = (("content-type", STRUCTURED.encode()),)
BINARY = {
    "content-type": b"application/json",
    "ce_specversion": b"1.0",
    "ce_id": b"e-1",
    "ce_source": b"/example",
    "ce_type": ARTICLE_PUBLISHED.encode(),
}
MISSING: Any = ...


@dataclass(frozen=True)
class Bad:
    """`field` is what the dead letter's reason names."""

    name: str
    field: str
    value: bytes | None
    key: bytes | None = KEY
    headers: tuple[tuple[str, bytes], ...] = field(default=())


def bad_records() -> list[Bad]:
    """All of them, in a fixed order, each with a name of its own."""
    return [*_no_article_at_all(), *_missing_fields(), *_wrong_fields(), *_headlines(), *_events(), *_cut()]


def article(**changes: Any) -> bytes:
    """The good article with these fields in addition or instead; MISSING takes one away."""
    whole = {name: content for name, content in (GOOD | changes).items() if content is not MISSING}
    return json.dumps(whole).encode()


def _no_article_at_all() -> Iterator[Bad]:
    yield Bad("null value", "value", None)
    yield Bad("no key", "key", article(), key=None)
    yield Bad("no key, no JSON", "key", b"?", key=None)
    values: dict[str, bytes] = {
        "nothing": b"",
        "a space": b" ",
        "words": b"not json",
        "XML": b"<?xml version='1.0'?><nitf/>",
        "an array": b"[]",
        "an array of articles": b"[" + article() + b"]",
        "null": b"null",
        "true": b"true",
        "a number": b"3.14",
        "a string": b'"an article"',
        "two articles": article() + b"\n" + article(),
        "single quotes": b"{'uri': 'x'}",
        "a comma too many": article()[:-1] + b",}",
        "a comment": b"// article\n" + article(),
        "a byte order mark": b"\xef\xbb\xbf" + article(),
        "UTF-16": article().decode().encode("utf-16"),
        "latin-1": '{"uri": "urn:invented:é"}'.encode("latin-1"),
        "bytes": bytes(range(256)),
        "zeros": b"\x00" * 100,
        "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00",
        "a nest of arrays": b"[" * 50_000,
        "a nest of objects": b'{"a":' * 50_000,
        "half a surrogate pair": article().replace(b"Ferry", b"\\ud800"),
        "a raw line break in a string": article().replace(b"Ferry", b"Fer\nry"),
    }
    for name, value in values.items():
        yield Bad(f"value is {name}", "value", value)


def _missing_fields() -> Iterator[Bad]:
    for name in GOOD:
        yield Bad(f"{name} missing", name, article(**{name: MISSING}))
        if name != "version_created":
            yield Bad(f"{name} null", name, article(**{name: None}))
    yield Bad("an empty object", "uri", b"{}")
    yield Bad("provider without a name", "provider.name", article(provider={"id": "x"}))
    yield Bad("no text anywhere", "headline", article(headline="", summary=" ", body="\n"))
    yield Bad("a headline of tags alone", "headline", article(headline="<b> </b>"))


def _wrong_fields() -> Iterator[Bad]:
    mistyped: dict[str, list[Any]] = {
        "uri": [1, True, [], {}, "", " ", "a b", "a\tb", "a\nb", "x" * 513, "\x00"],
        "version": [1.5, True, [], {}, "", "9" * 101],
        "pub_status": [1, "", "published", "USABLE", [], {}],
        "headline": [1, False, [], {}, "x" * 1_001],
        "summary": [1, True, [], {}, "x" * 20_001],
        "body": [1, True, ["a paragraph"], {"html": "x"}, "x" * 1_000_001],
        "language": [1, [], "", "e", "en_GB", "english please", "12", "x" * 36],
        "url": [1, "", "wire.example", "ftp://x", "javascript:alert(1)", "https://a b", "https://" + 9_999 * "x"],
        "urgency": ["1", 1.5, True, 0, 10, -1, [], 10**30],
        "slugline": [1, [], "x" * 301],
        "space": [1, [], "", "a b", "a/b", "{world}", "x" * 65, "é"],
        "evolved_from": [1, "", "a b", "x" * 513],
        "provider": [1, "Example Wire", [], True],
        "correction": [1, "correction", [], True],
        "subjects": [1, "sport", {}, True, ["x"] * 201],
        "people": [1, {"name": "x"}],
        "organisations": [1, "x"],
        "places": [1, "x"],
    }  # fmt: skip
    for time in ("first_created", "version_created", "embargoed_until"):
        mistyped[time] = [
            1_741_000_000, "1741000000", True, [], "", "today", "2025-03-03", "2025-03-03T06:10:00",
            "03/03/2025 06:10Z", "2025-02-30T06:10:00Z", "2025-03-03T25:10:00Z", "2025-03-03T06:10:00+99:00",
        ]  # fmt: skip
    for name, contents in mistyped.items():
        for number, content in enumerate(contents):
            yield Bad(f"{name} wrong, {number}", name, article(**{name: content}))
    yield from _wrong_inside()


def _wrong_inside() -> Iterator[Bad]:
    for number, name in enumerate([1, "", [], None, "x" * 301]):
        yield Bad(f"provider.name wrong, {number}", "provider.name", article(provider={"name": name}))
        yield Bad(f"a subject's name wrong, {number}", "subjects.1.name", article(subjects=["x", {"name": name}]))
    yield Bad("an empty subject", "subjects.0.name", article(subjects=[""]))
    yield Bad("provider.id empty", "provider.id", article(provider={"name": "x", "id": ""}))
    yield Bad("an unknown severity", "correction.severity", article(correction={"severity": "oops"}))
    yield Bad("a long note", "correction.note", article(correction={"note": "x" * 2_001}))
    yield Bad("a concept's code", "places.0.code", article(places=[{"name": "x", "code": 1}]))
    yield Bad("an embargo beyond retention", "embargoed_until", article(embargoed_until="9999-01-01T00:00:00Z"))


def _headlines() -> Iterator[Bad]:
    for number, headline in enumerate([
        "<script>alert(1)</script>", "<SCRIPT>x", "< script >x", "a</script>", "<scr<b>ipt>x", "<b><script></b>",
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=//x>", "<style>*{}</style>", "<p>a</p>",
        "<h1>a</h1>", "<div>", "<a href=x><table>", "<body onload=x>", "<object>", "<form>", "<input>", "<meta>",
        "<link>",
    ]):  # fmt: skip
        yield Bad(f"an element in the headline, {number}", "headline", article(headline=headline))


def _events() -> Iterator[Bad]:
    for name, kind in {
        "another type": b"example.other.v1",
        "a later version": b"storyline.article.published.v2",
    }.items():
        yield Bad(f"binary, {name}", "ce_type", article(), headers=_binary(ce_type=kind))
    for name in ("ce_id", "ce_type"):
        yield Bad(f"binary without {name}", f"header {name}", article(), headers=_binary(**{name: MISSING}))
        yield Bad(f"binary, {name} empty", f"header {name}", article(), headers=_binary(**{name: b""}))
        yield Bad(f"binary, {name} no UTF-8", f"header {name}", article(), headers=_binary(**{name: b"\xff"}))
    yield Bad("binary, CloudEvents 0.3", "header ce_specversion", article(), headers=_binary(ce_specversion=b"0.3"))
    yield Bad("binary, a long id", "ce_id", article(), headers=_binary(ce_id=b"x" * 501))
    yield Bad("binary, no JSON", "value", b"x", headers=_binary())
    yield Bad("binary, a field missing", "uri", article(uri=MISSING), headers=_binary())
    for form in (b"application/cloudevents+avro", b"application/cloudevents-batch+json"):
        yield Bad(f"form {form.decode()}", "header content-type", article(), headers=(("content-type", form),))
    envelopes: dict[str, dict[str, Any]] = {
        "id": {"id": MISSING}, "type": {"type": MISSING}, "specversion": {"specversion": MISSING},
        "data": {"data": MISSING}, "data_base64": {"data_base64": "%"}, "ce_type": {"type": "example.other.v1"},
        "uri": {"data": {}}, "value": {"data": [1]}, "headline": {"data": GOOD | {"headline": 1}},
    }  # fmt: skip
    for name, changes in envelopes.items():
        yield Bad(f"structured, {name}", name, _envelope(**changes), headers=STRUCTURED_HEADERS)
    yield Bad("structured, the article alone", "id", article(), headers=STRUCTURED_HEADERS)
    yield Bad("structured, no JSON", "value", b"x", headers=STRUCTURED_HEADERS)
    yield Bad("structured, null", "value", None, headers=STRUCTURED_HEADERS)


def _cut() -> Iterator[Bad]:
    whole = article()
    for length in range(1, len(whole), 13):
        yield Bad(f"cut after {length} bytes", "value", whole[:length])


def _binary(**changes: Any) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, content) for name, content in (BINARY | changes).items() if content is not MISSING)


def _envelope(**changes: Any) -> bytes:
    whole = {"specversion": "1.0", "id": "e-1", "source": "/x", "type": ARTICLE_PUBLISHED, "data": GOOD} | changes
    return json.dumps({name: content for name, content in whole.items() if content is not MISSING}).encode()

"""E-mail (RFC 5322, MIME), as press offices and contributors send stories.

Rules: RFC 5322 (`Message-ID` is the identity; as a uri ``mid:``, RFC 2392), RFC 2047 words in headers, RFC 2046
alternatives (the plain text is preferred). A body that is one JSON object of lists is AAP's editorial form. A subject
that says "embargo" holds the story back: its end stands in free text, which is not guessed at.
"""

import binascii
import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from itertools import groupby
from operator import itemgetter
from typing import Any

from storyline_schemas import Article, PubStatus

from . import concepts
from .base import Context, Draft, Refusal
from .encoding import decode
from .finishing import finish
from .jsontools import loads, number
from .markup import paragraphs_of_html, paragraphs_of_text
from .times import parse_time

NAME = "email"
_FIRST = re.compile(rb"\s*(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t])")
_HEAD_BYTES = 32 * 1024
_PARTS_MAX = 200
_HEADER_CHARS = 2_000
_WORD = re.compile(r"=\?([A-Za-z0-9_*.-]{1,40})\?([QqBb])\?([^?\s]{0,500})\?=")
_WORDS = re.compile(rf"(?:{_WORD.pattern})+")
_EMBARGO = re.compile(r"\bembargo(?:ed)?\b|\bsperrfrist\b|\bunder embargo\b", re.I)


def recognises(data: bytes) -> bool:
    """Header lines at the start, `From` and one of `Subject`, `Date`, `Message-ID` among them."""
    if not _FIRST.match(data[:400]):
        return False
    head = re.split(rb"\r?\n\r?\n", data[:_HEAD_BYTES].lstrip(), maxsplit=1)[0].lower()
    fields = {line.partition(b":")[0] for line in head.splitlines()}
    return b"from" in fields and not fields.isdisjoint((b"subject", b"date", b"message-id"))


def read(data: bytes, context: Context) -> Iterator[Article | Refusal]:
    """The one story of the message."""
    message = _parsed(data)
    if message is None:
        yield Refusal(NAME, "body", f"has more than {_PARTS_MAX} parts")
        return
    draft = Draft(NAME)
    _headers(message, draft)
    kind, text = _body(message)
    form = _form(text)
    if form:
        _from_form(form, draft)
    else:
        draft.paragraphs = paragraphs_of_html(text) if kind == "html" else paragraphs_of_text(_unquoted(text))
    if not draft.paragraphs and not draft.headline:
        yield Refusal(NAME, "body", "has no text")
        return
    yield finish(draft)


def _parsed(data: bytes) -> "Message[str, str] | None":
    """The message; None if it has too many parts, beside or within one another."""
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    except RecursionError:  # the library calls itself for each part within a part
        return None
    parts = sum(1 for _, _ in zip(message.walk(), range(_PARTS_MAX + 1), strict=False))
    return message if parts <= _PARTS_MAX else None


def _header(message: "Message[str, str]", name: str) -> str:
    """A header's text. Our own few lines of RFC 2047, on a bounded value: the standard library's parser takes
    quadratic time over long headers and raises half a dozen kinds of errors over broken ones.
    """
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text = decode(str(raw)[:_HEADER_CHARS].encode("utf-8", "surrogateescape"), "cp1252")
    text = re.sub(r"(\?=)\s+(=\?)", r"\1\2", text)
    return " ".join(_WORDS.sub(_words, text).split())


def _words(found: "re.Match[str]") -> str:
    """Neighbouring words as one text: many programs break a letter of several bytes between two."""
    pieces = [(one[1].lower(), _bytes_of(one[2].lower(), one[3])) for one in _WORD.finditer(found[0])]
    return "".join(
        decode(b"".join(data for _, data in same), charset) for charset, same in groupby(pieces, itemgetter(0))
    )


def _bytes_of(way: str, content: str) -> bytes:
    if way == "q":
        escaped = content.replace("_", " ").encode("utf-8", "replace")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda pair: bytes((int(pair[1], 16),)), escaped)
    try:
        return binascii.a2b_base64(content.encode("ascii", "ignore"))
    except binascii.Error:
        return b""


def _headers(message: "Message[str, str]", draft: Draft) -> None:
    identity = _header(message, "Message-ID").partition(">")[0].strip("< \t\r\n")  # a comment may follow
    draft.uri = f"mid:{identity}" if identity else ""
    draft.headline = _header(message, "Subject")
    # RFC 5322, 3.6.1: when its creator said it was ready. A message has no versions.
    draft.first_created = draft.version_created = parse_time(_header(message, "Date")[:64])
    draft.language = _header(message, "Content-Language").split(",")[0]
    draft.provider = _sender(_header(message, "From"))
    if _EMBARGO.search(draft.headline):
        draft.status = PubStatus.WITHHELD


def _sender(value: str) -> str:
    """The domain of the sender: agencies are known by theirs, and it is harder to mistake than a display name."""
    found = re.search(r"[\w.+'-]+@(?P<domain>[A-Za-z0-9.-]{3,200})", value)
    return found["domain"].lower() if found else ""


def _body(message: "Message[str, str]") -> tuple[str, str]:
    """The text and its kind: plain before HTML, attachments never."""
    found = {"plain": "", "html": ""}
    for part in message.walk():
        if part.get_content_maintype() != "text" or _is_attachment(part):
            continue
        kind = part.get_content_subtype()
        if kind in found and not found[kind].strip():
            found[kind] = _text(part)
    kind = "plain" if found["plain"].strip() else "html"
    return kind, found[kind]


def _is_attachment(part: "Message[str, str]") -> bool:
    return _header(part, "Content-Disposition").lower().startswith("attachment")


def _text(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        charset = None
    return decode(payload, charset)


def _unquoted(text: str) -> str:
    """Without the quoted message below an answer and the signature (RFC 3676: ``-- ``)."""
    return re.split(r"\n-- ?\n|\n>+ ?", text.replace("\r\n", "\n"), maxsplit=1)[0]


def _form(text: str) -> dict[str, Any]:
    stripped = text.strip()
    if not (stripped.startswith("{") and stripped.endswith("}")):
        return {}
    try:
        # format=flowed folds the JSON at spaces; inside strings a line end is only that.
        form = loads(re.sub(r" ?\r?\n", " ", stripped), strict=False)
    except (ValueError, RecursionError):
        return {}
    return form if isinstance(form, dict) and "Headline" in form else {}


def _from_form(form: dict[str, Any], draft: Draft) -> None:
    draft.headline = _answer(form, "Headline") or draft.headline
    draft.summary = _answer(form, "Abstract")
    draft.slugline = _answer(form, "Slugline")
    draft.urgency = number(_answer(form, "Urgency") or _answer(form, "News Value"))
    draft.paragraphs = paragraphs_of_html(_answer(form, "Body"))
    concepts.add(draft.subjects, _answer(form, "Category"))
    concepts.add(draft.places, _answer(form, "Place"))
    draft.byline = _answer(form, "Byline")
    draft.dateline_place = _answer(form, "Dateline")
    draft.note(_answer(form, "Ed. Note") or _answer(form, "Editorial Note"))
    draft.take = number(_answer(form, "Take"))
    concepts.add(draft.genres, _answer(form, "Genre"))


def _answer(form: dict[str, Any], name: str) -> str:
    value = form.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""

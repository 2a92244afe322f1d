"""IPTC 7901 text messages, as dpa, ATS and others send them.

Rules: "The IPTC Recommended Message Format" (IPTC 7901): SOH, source and number, priority, category, word count,
options; STX; text; ETX; day, hour, minute, month (and year). dpa's practice: a slug line before STX, the headline
ends in ``=``, lines above it are markings (``1ST LEAD``, ``REFILE``), below ``# Notebook`` all is for editors.

A message has no identity of its own. One is made of sender, day, slug and headline, so that a refile or a lead under
the same headline is a version of it; a lead that has a new headline is a new article. The version is the lead's number
and the filing time: 1ST LEAD filed at 13:41 → ``021341``.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from storyline_schemas import Article

from . import cleaning, concepts, conventions
from .base import Context, Draft, Refusal, each_message
from .finishing import finish, minted_uri
from .markup import paragraphs_of_text
from .times import day_hour_month

NAME = "iptc7901"
_HEADER = re.compile(
    r"^[\x00-\x20\x7f]{0,40}(?P<source>[a-z]{2,4})(?P<number>\d{2,5}) (?P<priority>[1-9]) (?P<category>[a-z]{1,3}) "
    r"(?P<words>\d{1,5})(?P<options>[^\r\n]{0,120})(?:\r?\n|\r)"
)
_FOR_EDITORS = re.compile(
    r"^[ \t]*#{1,3} ?(?:dpa )?(?:Notebook|Notizblock|Notes?|Editorial contacts|Contacts)\b.*", re.M | re.S | re.I
)
_FILED = re.compile(r"(?:\x03|\n)\s*(\d{6}\s*(?:GMT|UTC)?\s+[A-Za-zäé]{3,5}\.?(?:\s+\d{2,4})?)\s*(?:[\s\x04\x7f]*)$")
# The first letters of a source tell the agency and the language of its service.
_SERVICES = (
    ("ec", "dpa", "en"),
    ("bsf", "keystone-sda", "fr"),
    ("bsd", "keystone-sda", "de"),
    ("bsi", "keystone-sda", "it"),
)
_HEADLINE_LINES_MAX = 8


def recognises(text: str) -> bool:
    """A header line of IPTC 7901 at the very start."""
    return bool(_HEADER.match(text[:300]))


def read(text: str, context: Context) -> Iterator[Article | Refusal]:
    """Every message of the text (each begins with a header after SOH)."""
    messages = re.split(r"(?<=[\x03\x04\x7f\s])(?=\x01[a-z]{2,4}\d{2,5} [1-9] [a-z]{1,3} \d)", text)
    return each_message(NAME, messages, "\x00\x01\x02\x03\x04\x7f \r\n\t", lambda message: _message(message, context))


def _message(message: str, context: Context) -> Article | Refusal:
    header = _HEADER.match(message)
    if header is None:
        return Refusal(NAME, "header", "is not one of IPTC 7901: source and number, priority, category, words")
    draft = Draft(NAME, urgency=int(header["priority"]), priority=int(header["priority"]))
    draft.provider, draft.language = _service(header)
    concepts.add(draft.subjects, "", header["category"], "iptc7901:category")
    text = message[header.end() :].replace("\r\n", "\n").replace("\r", "\n")
    filed = _FILED.search(text, max(0, len(text) - 300))
    draft.version_created = day_hour_month(filed[1], context.received_at) if filed else None
    text = text[: filed.start()] if filed else text
    text = re.sub(r"[\x03\x04\x7f]", "\n", text)
    if for_editors := _FOR_EDITORS.search(text):
        text = text[: for_editors.start()]
        draft.remarks += [said for line in for_editors[0].splitlines() if (said := line.strip(" \t#*-"))]
    rank = _split(text, draft)
    if not draft.headline and not draft.paragraphs:
        return Refusal(NAME, "text", "is missing")
    _identify(draft, rank)
    return finish(draft)


def _service(header: "re.Match[str]") -> tuple[str, str]:
    named = re.search(r"\b([A-Za-z]{2,5})(?:-[a-z]{2,4})? \d{2,5}\s*$", header["options"].strip())
    for prefix, agency, language in _SERVICES:
        if header["source"].startswith(prefix):
            return agency, language
    return (named[1] if named else header["source"]), ""


def _split(text: str, draft: Draft) -> int:
    """Slug, headline and paragraphs; returns the place among the versions."""
    lines = text.replace("\x02", "\n").split("\n")
    upper, body = _above_and_below(lines)
    rank = 1
    headline: list[str] = []
    for line in upper:
        line = re.sub(r"\s*=\s*$", "", line).strip()
        if not line:
            continue
        if not draft.slugline and not headline and ("/" in line or line == upper[0].strip()) and len(upper) > 1:
            draft.slugline = line.strip("/")
        elif mark := conventions.line_mark(line):
            draft.note(mark.text)
            draft.worsen(mark.severity)
            rank = max(rank, mark.rank or 1)
        elif cleaning.is_byline(line):
            draft.byline = draft.byline or line
        else:
            headline.append(line)
    draft.headline = " ".join(headline)
    draft.paragraphs = paragraphs_of_text("\n".join(body))
    return rank


def _above_and_below(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines up to the one that ends in ``=``, and the rest. Without one, the first that is no slug ends them."""
    filled = [place for place, line in enumerate(lines) if line.strip()][: _HEADLINE_LINES_MAX + 1]
    for place in filled:
        if lines[place].rstrip().endswith("="):
            return [lines[i] for i in filled if i <= place], lines[place + 1 :]
    end = filled[1] if len(filled) > 1 and lines[filled[0]].rstrip().endswith("/") else filled[0] if filled else 0
    return [lines[i] for i in filled if i <= end], lines[end + 1 :]


def _identify(draft: Draft, rank: int) -> None:
    filed: datetime | None = draft.version_created
    day = "" if filed is None else filed.date().isoformat()
    draft.uri = minted_uri(NAME, draft.provider, day, draft.slugline, draft.headline)
    draft.version = f"{min(rank, 99):02}{'0000' if filed is None else filed.strftime('%H%M')}"

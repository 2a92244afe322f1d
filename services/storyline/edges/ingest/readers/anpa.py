"""ANPA 1312 text messages, as the Associated Press and Kyodo send them.

Rules: ANPA 1312 "High-Speed Wire Service Transmission Guidelines" (SYN SYN SOH, service letter and number, selectors;
priority and category; keyword slug, month-day, words; STX; text; ETX; date and time; EOT) and AP's practice: ``^``
begins a line that is set apart, ``<`` or ``=`` ends it; the first is slug and version, then headline, photo numbers,
"Eds:", bylines.

AP's keyword slug names one story of one cycle, so slug and day are the identity; "1st Ld-Writethru" replaces the whole
story: version 2. Version = that number and the filing time: ``021509``.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from storyline_schemas import Article

from . import cleaning, concepts, conventions
from .base import Context, Draft, Refusal, each_message
from .finishing import finish, minted_uri
from .markup import paragraphs_of_text
from .times import last_such_time

NAME = "anpa"
_HEADER = re.compile(
    r"^[\x00-\x20]{0,40}\x01?(?P<service>[A-Za-z])(?P<number>\d{4})(?P<sender>[A-Z]{2,12})?"
    r"\x1f(?P<selectors>[^\r\n]{0,80})[\r\n]{1,4}(?P<priority>[a-z]) (?P<category>[a-z])[\x11-\x14]{1,2} ?"
    r"(?P<slug>[^\r\n]{0,80}?)\s{1,12}(?P<a>\d{2})-(?P<b>\d{2})(?: (?P<words>\d{1,5}))?\s"
)
_FILED = re.compile(
    r"\b(?:AP|AP-[A-Z]{2})-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d) (?P<hour>\d\d)(?P<minute>\d\d)GMT"
)
_FILED_KYODO = re.compile(r"\bKWS-(?P<hour>\d\d):(?P<minute>\d\d)-(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d\d)")
_JAPAN = timezone(timedelta(hours=9))
# ANPA 1312, table of priorities: flash, bulletin, urgent, regular, deferred; the rest is advance and weekend copy.
_URGENCY = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "a": 6, "s": 6, "w": 7}
_CATEGORIES = {
    "a": "domestic general news", "b": "special events", "c": "features", "d": "food", "e": "entertainment and culture",
    "f": "business and finance", "g": "state government", "i": "international general news", "j": "lottery",
    "k": "commentary",
    "l": "lifestyle", "m": "farm", "n": "state and regional", "o": "weather", "p": "politics", "q": "sports scores",
    "s": "sports", "t": "travel", "v": "advisories", "w": "washington", "z": "national sports",
}  # fmt: skip
_NOT_HEADLINE = re.compile(r"^(?:Associated Press|AP \w+ Writers?|The Associated Press|All Times \w+)$|^\*?\d{3,5}$")
_SUMMARY_MIN = 110
_FLASH_WORDS_MAX = 120


def recognises(text: str) -> bool:
    """A header of ANPA 1312 at the very start."""
    return bool(_HEADER.match(text[:400]))


def read(text: str, context: Context) -> Iterator[Article | Refusal]:
    """Every message of the text (each begins after SOH)."""
    messages = re.split(r"(?=\x01[A-Za-z]\d{4}[A-Z]{0,12}\x1f)", text)
    return each_message(
        NAME, messages, "\x00\x01\x02\x03\x04\x0c\x16 \r\n\t", lambda message: _message(message, context)
    )


def _message(message: str, context: Context) -> Article | Refusal:
    header = _HEADER.match(message)
    if header is None:
        return Refusal(
            NAME, "header", "is not one of ANPA 1312: service and number, selectors, priority and category, slug"
        )
    urgency = _URGENCY.get(header["priority"])
    draft = Draft(NAME, urgency=urgency, priority=urgency)
    category = header["category"]
    concepts.add(draft.subjects, _CATEGORIES.get(category, ""), category, "anpa1312:category")
    text = message[header.end() :].replace("\r\n", "\n").replace("\r", "\n")
    is_kyodo = header["sender"] == "KYODO" or "KWS-" in text[-200:]
    draft.provider, draft.language = ("kyodo" if is_kyodo else "ap"), "en"
    draft.version_created = _filed(text, header, context, is_kyodo)
    rank = (_kyodo if is_kyodo else _text)(_cut(text), draft)
    if draft.urgency == 1 and sum(len(one.split()) for one in draft.paragraphs) > _FLASH_WORDS_MAX:
        draft.urgency = None  # AP files features under the same letter; a flash is a sentence
    if rank == 1:
        draft.first_created = draft.version_created  # no later lead of an earlier text
    if not draft.slugline:
        draft.slugline = " ".join(header["slug"].split())
    if not draft.headline and not draft.paragraphs:
        return Refusal(NAME, "text", "is missing")
    _identify(draft, header, rank)
    return finish(draft)


def _filed(text: str, header: "re.Match[str]", context: Context, is_kyodo: bool) -> datetime | None:
    found = (_FILED_KYODO if is_kyodo else _FILED).search(text[-300:])
    if found:
        year, month, day, hour, minute = (int(found[name]) for name in ("year", "month", "day", "hour", "minute"))
        try:
            return datetime(2000 + year, month, day, hour, minute, tzinfo=_JAPAN if is_kyodo else UTC)
        except ValueError:
            return None
    month, day = (int(header["b"]), int(header["a"])) if is_kyodo else (int(header["a"]), int(header["b"]))
    return last_such_time(month, day, 0, 0, context.received_at)


def _cut(text: str) -> str:
    """The text alone, its typesetting codes as spaces; AP's quotation marks and dashes as Unicode has them."""
    text = re.split(r"\x03|\x0c|\x04|\n\s*\^?(?:AP|KWS)-[A-Z]{0,2}-?\d\d", text)[0]
    text = text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")
    text = re.sub(r"\^+(?=\s|$)|(?<=\w)[{](?=;|\s)", "", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", text)


def _text(text: str, draft: Draft) -> int:
    """AP: lines set apart, then paragraphs indented by a tab. Returns the place among the versions."""
    apart: list[str] = []
    body: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith("^"):
            pieces = [piece.strip(" <=^\t") for piece in re.split(r"<\s*\^", stripped)]
            (body if any(one.startswith(("\t", "   ")) for one in body) else apart).extend(
                piece for piece in pieces if piece
            )
        else:
            body.append(re.sub(r"<$", "", line.rstrip()))
    slugs = [line for line in apart if re.match(r"(?:BC|AP|AM|PM)-", line)][:1]
    draft.slugline, marks = conventions.slug_marks(slugs[0]) if slugs else ("", [])
    rest = [line for line in apart if line not in slugs]
    _set_apart(rest, draft)
    draft.paragraphs = paragraphs_of_text("\n".join(body)) or [
        line for line in rest if line != draft.headline and not _NOT_HEADLINE.match(line)
    ]
    for mark in marks:
        draft.note(mark.text)
        draft.worsen(mark.severity)
    return max([mark.rank or 1 for mark in marks], default=1)


def _set_apart(lines: list[str], draft: Draft) -> None:
    for line in lines:
        note = conventions.editors_note(line) or (line[4:].strip() if line.startswith("Eds:") else None)
        if note:
            draft.note(note)
        elif cleaning.is_byline(line):
            draft.byline = draft.byline or line
        elif cleaning.is_photo_line(line) or _NOT_HEADLINE.match(line) or line.startswith("EDITOR'S"):
            continue
        elif not draft.headline:
            draft.headline = line
        elif len(line) >= _SUMMARY_MIN and not draft.summary:
            draft.summary = line


def _kyodo(text: str, draft: Draft) -> int:
    """Kyodo: slug, headline (ends in ``+``), paragraphs indented by spaces."""
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and lines[0].startswith(("BC-", " BC-")):
        draft.slugline = lines.pop(0).strip()
    if lines and not lines[0].startswith("  "):
        draft.headline = lines.pop(0).strip().rstrip("+").strip()
    draft.paragraphs = paragraphs_of_text("\n".join(lines))
    return 1


def _identify(draft: Draft, header: "re.Match[str]", rank: int) -> None:
    filed = draft.version_created
    year = "" if filed is None else str(filed.astimezone(UTC).year)
    slug, _ = conventions.slug_marks(draft.slugline)
    draft.uri = minted_uri(NAME, draft.provider, f"{year}-{header['a']}-{header['b']}", slug)
    draft.version = f"{min(rank, 99):02}{'0000' if filed is None else filed.strftime('%H%M')}"

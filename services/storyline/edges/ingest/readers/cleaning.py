"""Off the text comes what isn't news: bylines, datelines, notes to editors, photo lines, "MORE TO COME", sign-offs.

Only what can be told apart with certainty: a line that might be a sentence stays.
"""

import re
from dataclasses import dataclass, field

from . import conventions

_LEADING_MAX = 8
_TRAILING_MAX = 12
_NOTE_MAX = 2_000
_LINE_MAX = 400

_AGENCIES = (
    r"AP|AFP|dpa|dpa-AFX|Reuters|Thomson Reuters|ANSA|EFE|TASS|Kyodo|ritzau|NTB|TT|STT|AAP|PA|ANP|Belga|BELGA|APA|ATS"
    r"|ats|SDA|sda|ats afp|Keystone-ATS|tca/dpa|UPI|CP|PTI|Xinhua|Yonhap|LUSA|Lusa|PAP|CTK|MTI|BNS|DPA|RIA Novosti"
    r"|Interfax|BusinessDesk|Business Wire|BUSINESS WIRE|GLOBE NEWSWIRE|PRNewswire|Sports Network|Bloomberg"
    r"|Canadian Press|ANA-MPE|ΑΠΕ-ΜΠΕ|AMNA|CNN|Marketwired|ACCESSWIRE"
)
_BYLINE = re.compile(
    r"^(?:By|Von|Par|Por|Di|Door|Av|Af) (?-i:[A-ZÀ-Ý][\w.'’-]*|the|The|and|dpa|our)"
    r"(?: (?:(?-i:[A-ZÀ-Ý][\w.'’-]*)|and|und|et|y|e|en|och|og|de|van|der|von"
    r"|la|le|da|di|del|in|correspondents?|staff|agencies|reporters?)){0,9}(?:, (?:[\w./'-]+ ){0,5}[\w./'-]+)?\s*[=]?$"
)
_PHOTO = re.compile(
    r"^(?:AP Photos?|AP Video|AP Graphic|BILDE|BILDER|Bilde|FOTO|Foto|PHOTO|PHOTOS|Photo|GRAFIKK|GRAFIK|VIDEO"
    r"|With AP Photos?)"
    r"(?:\s*:|\s+[A-Z]{2,5}\d+|\.?$)|^\[\s*[A-ZÆØÅ/ ]{5,60}\s*\]$"
)
_EDS = re.compile(
    r"^\(?(?:Eds|Editors?)\s*[:.]\s*(?P<note>.*?)\)?$|^N i e u w bericht, (?P<note3>vervangt.*)$"
    r"|^EDITOR['’]?S['’]? NOTE\b[\s:_—-]*(?P<note2>.*)$",
    re.S,
)
_MORE = re.compile(
    r"^[\W_]*(?:MORE|MORE TO (?:COME|FOLLOW)|MTC|MF|mf|FOLLOWS|(?:THE )?ENDS?|FIN|FINE|SLUTT|SLUT|ENDE|30|#+"
    r"|take (?P<take>\d+)(?: of \d+)?)[\W_]*$",
    re.I,
)
_SEPARATOR = re.compile(r"^[\W_]+$")
_SIGN_OFF = re.compile(
    rf"^[=\-/(\[©\s]*(?:(?:{_AGENCIES})(?:[/\\ ,]+[\w.]{{2,4}})*)[=\-/)\]\s.]*$|^\([A-Z]{{3,8}}(?:\\?/\w{{1,4}})?\)\.?$"
)
_CREDITS = re.compile(
    r"^\(?(?:Additional )?(?:Reporting|Writing|Editing|Compiled|Rewriting|Graphic|Translated|Translation|Edited"
    r"|Written)"
    r"(?: and (?:writing|editing|reporting))? by\b.{0,400}$",
    re.I,
)
_COPYRIGHT = re.compile(r"^(?:\(c\)|©|Copyright (?:©|\(c\)|\d{4})|All rights reserved)", re.I)
_INITIALS = re.compile(r"^[a-z]{2,4}(?:[-/][a-z]{1,4}){1,4}$")
_STAMP = re.compile(r"^\d{1,2}[./]\d{1,2}[./]\d{2,4}(?:,? \d{1,2}[:.]\d{2})?(?: (?:Uhr|GMT|UTC|CET|CEST))?$")
_DISCLAIMER = re.compile(r"^\*{3}.*\*{3}$")

_DASH = r"(?:\.?\s*(?:-{1,2}|–|—|_|:)\s*)"
_PLACE = r"(?-i:[^\W\d_][^()\n=]{0,79}?)"
# PLACE, date (AGENCY) -  |  (AGENCY) - Place, date -  |  Place /ritzau/:  |  PLACE, date. /TASS/.
_DATELINES = (
    re.compile(
        rf"^\(\s*(?:{_AGENCIES})\s*\)\s*{_DASH}{_PLACE},?\s+"
        rf"(?:[A-Za-z]{{3,9}}\.?\s+\d{{1,2}}|\d{{1,2}}\s+[A-Za-z]{{3,9}})\s*{_DASH}"
    ),
    re.compile(r"^(?:[A-Z][\w .,'’-]{1,60}, )?[A-Z][a-z]{2,8}\.? \d{1,2} \([A-Z][^()\n]{1,30}\) (?:-|–|—) "),
    re.compile(rf"^(?:{_PLACE}\s*)?\(\s*(?:{_AGENCIES})\s*\)\s*{_DASH}(?=\S)"),
    re.compile(rf"^{_PLACE}\s*\(\s*(?:{_AGENCIES})\s*\)\s+(?=[A-ZÀ-Ý«\"“])"),
    re.compile(rf"^{_PLACE}[,.]?\s*/\s*(?:{_AGENCIES})\s*/\s*[:.]\s*", re.I),
    re.compile(r"^\((?-i:[A-Z][^()\n]{2,40}) - [A-Z][a-z]{2,8}\.? \d{1,2}\)\s+"),
    re.compile(rf"^(?-i:[A-ZÀ-Ý][A-ZÀ-Ý .'’-]{{2,40}}(?:, [^()\n=-]{{2,40}}?)?) (?:{_AGENCIES}) ?{_DASH}(?=\S)"),
    re.compile(r"^(?-i:[A-ZÀ-Ý][A-ZÀ-Ý.'’]+(?: [A-ZÀ-Ý.'’]+){0,3}(?:, [A-Z][\w.]+){0,2})\s+(?:-{1,2}|–|—|_)"
               r"\s+(?=[A-ZÀ-Ý\"“«(])"),
)  # fmt: skip


@dataclass(slots=True)
class Cleaned:
    """Running text, the notes to editors that stood in it, and its byline and dateline if it had them."""

    paragraphs: list[str]
    notes: list[str] = field(default_factory=list)
    byline: str = ""
    dateline: str = ""
    take: int | None = None


def clean(paragraphs: list[str], headline: str = "") -> Cleaned:
    """Running text only. Order is kept; a paragraph is taken off whole or not at all, but for the dateline."""
    cleaned = Cleaned([])
    for place, paragraph in enumerate(paragraphs):
        if not _is_apart(paragraph, place, cleaned, headline):
            cleaned.paragraphs.append(paragraph)
    _take_off_the_end(cleaned.paragraphs)
    _take_off_the_dateline(cleaned)
    return cleaned


def _take_off_the_dateline(cleaned: Cleaned) -> None:
    # Reuters puts the points of a story before its dateline, one line each with a star.
    first = next((place for place, one in enumerate(cleaned.paragraphs) if not one.startswith("* ")), None)
    if first is None or first > _LEADING_MAX:
        return
    cleaned.dateline, rest = split_dateline(cleaned.paragraphs[first])
    cleaned.paragraphs[first : first + 1] = [rest] if rest else []


def _is_apart(paragraph: str, place: int, cleaned: Cleaned, headline: str) -> bool:
    if len(paragraph) <= _LINE_MAX and (more := _MORE.match(paragraph)):
        cleaned.take = cleaned.take or (int(more["take"][:4]) if more["take"] else None)
        return True
    if len(paragraph) <= _LINE_MAX and (
        _PHOTO.match(paragraph) or _STAMP.match(paragraph) or _DISCLAIMER.match(paragraph)
    ):
        return True
    if place >= _LEADING_MAX:
        return False
    note = (conventions.editors_note(paragraph) or _eds(paragraph)) if len(paragraph) <= _NOTE_MAX else None
    if note:
        cleaned.notes.append(note)
        return True
    if sum(not one.startswith("* ") for one in cleaned.paragraphs) > 1:
        return False
    if is_byline(paragraph):
        cleaned.byline = cleaned.byline or paragraph
        return True
    return bool(headline) and paragraph.casefold() == headline.casefold() and not cleaned.paragraphs


def _eds(paragraph: str) -> str | None:
    found = _EDS.match(paragraph)
    return (found["note"] or found["note2"] or found["note3"] or "").strip() or None if found else None


def is_photo_line(paragraph: str) -> bool:
    """Whether a line lists pictures and nothing else."""
    return bool(_PHOTO.match(paragraph))


def is_byline(paragraph: str) -> bool:
    """Whether a short line names the authors and nothing else."""
    return len(paragraph) <= 120 and bool(_BYLINE.match(paragraph))


def _take_off_the_end(paragraphs: list[str]) -> None:
    for _ in range(_TRAILING_MAX):
        if len(paragraphs) < 2 or not _is_trailer(paragraphs[-1]):
            return
        paragraphs.pop()


def _is_trailer(line: str) -> bool:
    if len(line) > 420:
        return False
    patterns = (_SEPARATOR, _SIGN_OFF, _CREDITS, _COPYRIGHT, _INITIALS, _MORE)
    return any(pattern.match(line) for pattern in patterns)


def split_dateline(paragraph: str) -> tuple[str, str]:
    """The dateline at the start of a text, and the rest: ``("Berlin (dpa) -", "Negotiations …")``; "" if none."""
    head = paragraph[:160]
    for pattern in _DATELINES:
        found = pattern.match(head)
        if found and len(found[0].split()) <= 12:
            return found[0].strip(), paragraph[found.end() :].lstrip()
    return "", paragraph


_MONTH_DAY = re.compile(
    r"\b(?:\d{1,2}\.? ?(?:de )?[^\W\d_]{3,10}\.?(?:,? \d{4})?|[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?"
    r"|\d{1,2}[./]\d{1,2}[./]?(?:\d{2,4})?)$"
)

_TIMESTAMP = re.compile(r"\d{4}-?\d{2}-?\d{2}[T ]?\d")


def dateline_parts(dateline: str) -> tuple[str, str]:
    """Place and date of a dateline: ``("BRUSSELS", "Jan 5")`` of "BRUSSELS, Jan 5 (Reuters) -"; "" what it lacks.

    The agency's name and the dash are taken off; the date stays as it is written, since it seldom has a year.
    """
    text = re.sub(rf"[(/]\s*(?:{_AGENCIES}|[A-Z][^()/]{{1,30}})\s*[)/]", " ", dateline[:200], flags=re.I)
    text = re.sub(rf"\s(?:{_AGENCIES})(?=\W*$)", " ", text)
    text = re.sub(r"[\s(]*[-–—_=:)]+\s*$", "", " ".join(text.split())).strip(" -–—_:,=()/")
    if _TIMESTAMP.match(text):
        return "", ""
    date = _MONTH_DAY.search(text.rstrip(" ."))
    if not date:
        return text, ""
    return text[: date.start()].strip(" ,-–—()"), date[0]

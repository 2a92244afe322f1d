"""Conventions of the trade: what agencies write into slugs, headlines and first lines to say what a version is.

Sources: Reuters Handbook of Journalism ("UPDATE n", "WRAPUP n", "CORRECTED", "REFILE", "RPT", "KILL"), the Associated
Press' wire markings ("1st Ld-Writethru", "Eds:", "BULLETIN KILL"), dpa's leads ("1ST LEAD", "3RD NET", "EXTRA",
"REFILE") and the German, French and Scandinavian words for the same.
"""

import re
from dataclasses import dataclass

from .base import Severity

_WORDS: tuple[tuple[str, Severity | None], ...] = (
    (r"(?:BULLETIN |MANDATORY )?KILL(?:ED)?|WITHDRAWN|WITHDRAWAL|ANNULLERT|ANNULLERET", "kill"),
    (
        r"CORRECTED(?: \(OFFICIAL\))?|CORRECTION|CORRECTS|KORREKTUR|BERICHTIGUNG|CORRECTIF|RETTELSE|KORRIGERT",
        "correction",
    ),
    (r"REFILE[DS]?|RECTIFICATIE|RÄTTELSE|KORJAUS", "correction"),
    (r"CLARIFICATION|CLARIFIES|PRÉCISION", "clarification"),
    (r"(?:UPDATE|WRAPUP|WRAP-UP) ?(?P<n>\d{1,2})?|RECASTS?|ACTUALISATION|PÄIVITYS|OPPDATERT", "update"),
    (r"RPT|REPEAT|REPEATS|ERNEUT|WIEDERHOLUNG", None),
)
_PREFIXES = tuple(
    (re.compile(rf"^(?:\*+\s*)?(?P<mark>{words})\s*(?:\s-\s|-|–|—|:)\s*(?=\S)"), severity) for words, severity in _WORDS
)
_LINES = tuple((re.compile(rf"^(?P<mark>{words})[\s.:]*$", re.I), severity) for words, severity in _WORDS)
_LEAD_LINE = re.compile(r"^(\d{1,2})(?:ST|ND|RD|TH) (LEAD|NET|UPDATE|ROUNDUP|WRAP)[\s.:]*$", re.I)
_LABEL_LINE = re.compile(
    r"^(?:EXTRA|SITUATION|URGENT|FLASH|BULLETIN|ROUNDUP|FEATURE|ADVANCE|EIL\w*|\(Achtung\)|Achtung)[\s.:]*$", re.I
)
_WRITETHRU = re.compile(r"(?P<n>\d{1,2})\s?(?:st|nd|rd|th)\s?Ld(?P<w>-?\s?Writethru)?", re.I)
_SLUG_MARK = re.compile(r"\b(?P<mark>Correction|Corrective|Clarification|BULLETIN KILL|KILL|Writethru)\b")
_SLUG_MAX = 400
_TRANSLATED = re.compile(r"\s*\*{3}\s*TRANSLATED\s*\*{3}\s*$")

# "(Adds quotes)", "(In Jan. 3 story, corrects …)", "(Eds: minor edits)": a note to editors in brackets.
_EDITORS_NOTE = re.compile(
    r"^\((?P<note>(?:Adds?|Updates?|Updating|Recasts?|Refiles?|Corrects?|Clarifies|Fixes|Changes|Removes?|Releads?|Rewrites?"
    r"|Restores?|Repeats?|Eds?:|In (?:\w+\.? ){1,3}(?:story|item|paragraph)|This (?:story|version|refile)|Refiling)"
    r"(?!\w)[^()]*(?:\([^()]*\)[^()]*)*)\)\s*$",
    re.I,
)
_CORRECTING = re.compile(
    r"\b(?:correct(?:s|ed|ing|ion)?|fix(?:es)?|refil\w+|restores?|korjattu|berichtigt|korrigiert)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marking says. `rank`: place among the versions (an original is 1, "UPDATE 2" or "2nd Ld" is 3)."""

    text: str
    severity: Severity | None = None
    rank: int | None = None


def headline_marks(headline: str) -> tuple[str, list[Mark]]:
    """The headline without the markings before it, and the markings ("REFILE-UPDATE 1-…" has two)."""
    marks: list[Mark] = []
    headline = _TRANSLATED.sub("", headline)
    while len(marks) < 4:
        found = _prefix(headline)
        if found is None:
            return headline, marks
        mark, end = found
        marks.append(mark)
        headline = headline[end:]
    return headline, marks


def _prefix(text: str) -> tuple[Mark, int] | None:
    for pattern, severity in _PREFIXES:
        if found := pattern.match(text):
            return Mark(found["mark"], severity, _rank(found)), found.end()
    return None


def _rank(found: "re.Match[str]") -> int | None:
    number = found.groupdict().get("n")
    return int(number) + 1 if number else None


def line_mark(line: str) -> Mark | None:
    """What a line of its own above the headline says ("2ND LEAD", "REFILE", "EXTRA"); None if it is no marking."""
    line = line.strip()
    if found := _LEAD_LINE.match(line):
        is_lead = found[2].upper() == "LEAD"
        return Mark(line, "update" if is_lead else None, int(found[1]) + 1 if is_lead else None)
    if _LABEL_LINE.match(line):
        return Mark(line)
    for pattern, severity in _LINES:
        if found := pattern.match(line):
            return Mark(line, severity, _rank(found))
    return None


def slug_marks(slug: str) -> tuple[str, list[Mark]]:
    """A keyword slug without its markings and word count, and the markings.

    AP: ``BC-US--Ethanol-Losing Grassland, 1st Ld-Writethru,1140``: slug, version, words.
    """
    marks: list[Mark] = []
    slug = slug[:_SLUG_MAX]
    for found in _WRITETHRU.finditer(slug):
        marks.append(Mark(found[0], "update", int(found["n"]) + 1))
    for found in _SLUG_MARK.finditer(slug):
        severity: dict[str, Severity] = {
            "Correction": "correction",
            "Corrective": "correction",
            "Clarification": "clarification",
        }
        if found["mark"] == "Writethru":
            continue  # said with its number
        marks.append(Mark(found["mark"], severity.get(found["mark"], "kill")))
    bare = _SLUG_MARK.sub("", _WRITETHRU.sub("", slug))
    bare = re.sub(r",\s*\d{1,5}\s*$", "", bare)
    return re.sub(r"[\s,-]+$", "", re.sub(r"\s*,\s*,", ",", bare)).strip(), marks


def editors_note(paragraph: str) -> str | None:
    """The note if a paragraph is one to editors in brackets, else None."""
    found = _EDITORS_NOTE.match(paragraph)
    return found["note"].strip() if found else None


def note_severity(note: str) -> Severity:
    """What a note to editors says of its version: a correction, or an update."""
    return "correction" if _CORRECTING.search(note) else "update"

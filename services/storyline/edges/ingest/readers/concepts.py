"""Subjects, people, organisations and places: codes with the vocabulary they belong to.

IPTC NewsCodes: Media Topics (`medtop`), Subject Codes (`subj`, eight digits; NITF and NewsML 1.x call their first level
Subject, the second SubjectMatter, the third SubjectDetail).
"""

import re

from storyline_schemas import Concept
from storyline_schemas.article import CONCEPTS_MAX

from .agencies import agency_of

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SUBJECT_CODES = "http://cv.iptc.org/newscodes/subjectcode/"
MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
_SCHEMES = {
    "subj": SUBJECT_CODES,
    "medtop": MEDIA_TOPICS,
    "iptcsubjectcodes": SUBJECT_CODES,
    "genre": "http://cv.iptc.org/newscodes/genre/",
}
# The 17 themes of IPTC's Subject Codes, which Media Topics kept (numbers 01000000 to 17000000 in both).
_THEMES = {
    f"{number:02}000000": name
    for number, name in enumerate(
        (
            "arts, culture and entertainment", "crime, law and justice", "disaster and accident",
            "economy, business and finance", "education", "environmental issue", "health", "human interest", "labour",
            "lifestyle and leisure", "politics", "religion and belief", "science and technology", "social issue",
            "sport", "unrest, conflicts and war", "weather",
        ),
        1,
    )
}  # fmt: skip


def concept(name: str, code: str = "", scheme: str = "") -> Concept | None:
    """A concept, its name taken from its code if it has none; None if there is neither.

    A code such as ``medtop:20000822`` is split into its code and its vocabulary.
    """
    name = " ".join(_CONTROL.sub(" ", name).split())[:300].strip()
    code = _CONTROL.sub("", code).strip()[:300]
    if not scheme and (qcode := re.fullmatch(r"([A-Za-z][\w.-]*):([^\s/].*)", code)):
        scheme, code = _SCHEMES.get(qcode[1].lower(), qcode[1]), qcode[2]
    scheme = _SCHEMES.get(scheme.lower(), scheme)[:300]
    if not name and scheme in (SUBJECT_CODES, MEDIA_TOPICS):
        name = _THEMES.get(code, "")
    name = name or code
    return Concept(name=name, code=code or None, scheme=scheme or None) if name else None


def unique(concepts: list[Concept]) -> tuple[Concept, ...]:
    """Each (code, scheme) or name once, in order, at most as many as the contract takes."""
    seen: dict[tuple[str, str], Concept] = {}
    for one in concepts:
        seen.setdefault((one.code or one.name.casefold(), one.scheme or ""), one)
    return tuple(seen.values())[:CONCEPTS_MAX]


def add(concepts: list[Concept], name: str, code: str = "", scheme: str = "") -> None:
    """Append a concept if there is one."""
    found = concept(name, code, scheme)
    if found is not None:
        concepts.append(found)


def known_agency(name: str) -> bool:
    """Whether this code or name is that of an agency we know."""
    return agency_of(name) is not None

"""Unknown fields of an article that look like a known one which isn't there: `body_text`, `head_line`, `pubstatus`.

Unknown fields are ignored, so that a newer producer never breaks an older reader. A misspelt one would be ignored just
as silently. Where the article would be shown without its text, ingest refuses it with the name that was meant; the
matcher, which reads what is on the topic already, warns. Only an embargo or a withdrawal that would be overlooked is
refused there too. What the field holds decides along with its name: `body_length: 3000` is no text, and
`embargo_note: "lifted"` no embargo.
"""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .article import Article

_TEXT = ("headline", "summary", "body")
_MEANT = {"text": "body", "fulltext": "body", "content": "body", "lead": "summary", "abstract": "summary"}
_CLOSE = 0.86
"""Of difflib's ratio: one letter in seven may be missing or another."""
_NAME_CHARS_MAX = 60
_TIME = re.compile(
    r"\d{4}-?\d{2}-?\d{2}|\d{1,2}:\d{2}|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\d(?:st|nd|rd|th|\.)? +(?:of +)?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])",
    re.IGNORECASE,
)
_UNIX_SECONDS_MIN = 1e9
_TRUE = ("true", "yes", "y", "1")
_WITHDRAWN = ("canceled", "cancelled", "withheld", "killed")
_DEPTH_MAX = 4
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_KNOWN = {re.sub("[^a-z]", "", name): name for name in Article.model_fields}


def resembling_fields(value: Mapping[str, Any]) -> dict[str, str]:
    """Field of an article's JSON → the known field that was probably meant, and which the article lacks."""
    unknown = {name: content for name, content in value.items() if name not in Article.model_fields and content}
    found = ((name, _meant_by(name), content) for name, content in unknown.items())
    return {
        name: known
        for name, known, content in found
        if known is not None and not value.get(known) and (known not in _TEXT or isinstance(content, str))
    }


def loses_text(known: str, content: Any) -> bool:
    """Whether an article whose field `known` came under another name would be shown without its text."""
    return known in _TEXT and isinstance(content, str) and not content.isspace()


def is_overlooked(known: str, content: Any) -> bool:
    """Whether text would be shown that must not be: `content` is an embargo's time or says yes, or a withdrawal."""
    if known == "embargoed_until":
        return _is_embargo(content, _DEPTH_MAX)
    return known == "pub_status" and isinstance(content, str) and content.strip().casefold() in _WITHDRAWN


def _is_embargo(content: Any, depth: int) -> bool:
    if isinstance(content, str):
        return content.strip().casefold() in _TRUE or _TIME.search(content[:1_000]) is not None
    if isinstance(content, Mapping | list) and depth:
        inner = content.values() if isinstance(content, Mapping) else content
        return any(_is_embargo(each, depth - 1) for each in inner)
    return content is True or (isinstance(content, int | float) and content >= _UNIX_SECONDS_MIN)


def said_of(known: str) -> str:
    """What the sender of such a field is told."""
    return f"is unknown, and the article has no {known}; if that is what you mean, call it {known}"


@lru_cache(4_096)
def _meant_by(name: str) -> str | None:
    if len(name) > _NAME_CHARS_MAX:
        return None
    plain = re.sub("[^a-z]", "", name.casefold())
    if plain in _KNOWN or plain in _MEANT:
        return _KNOWN.get(plain) or _MEANT[plain]
    if plain.startswith("embargo"):
        return "embargoed_until"
    words = [word.casefold() for word in _WORD.findall(name)]
    if found := next((known for known in _TEXT if known in words), None):
        return found
    close = difflib.get_close_matches(plain, _KNOWN, 1, _CLOSE)
    return _KNOWN[close[0]] if close else None

"""Unknown fields of an article that look like a known one which isn't there: `body_text`, `head_line`, `pubstatus`.

Unknown fields are ignored, so that a newer producer never breaks an older reader. A misspelt one would be ignored just
as silently, and the article shown without its text. So ingest refuses it with the name that was meant, and the matcher,
which reads what is on the topic already, warns. Only an embargo or a withdrawal that would be overlooked is refused
there too: no field whose name resembles these two will ever be added to the contract.
"""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .article import Article

MUST_BE_SEEN = frozenset({"embargoed_until", "pub_status"})
"""Overlooked, text would be shown that must not be."""

_TEXT = ("headline", "summary", "body")
_MEANT = {"text": "body", "fulltext": "body", "content": "body", "lead": "summary", "abstract": "summary"}
_CLOSE = 0.86
"""Of difflib's ratio: one letter in seven may be missing or another."""
_NAME_CHARS_MAX = 60
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_KNOWN = {re.sub("[^a-z]", "", name): name for name in Article.model_fields}


def resembling_fields(value: Mapping[str, Any]) -> dict[str, str]:
    """Field of an article's JSON → the known field that was probably meant, and which the article lacks."""
    unknown = [name for name, content in value.items() if name not in Article.model_fields and content]
    return {name: known for name in unknown if (known := _meant_by(name)) is not None and not value.get(known)}


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

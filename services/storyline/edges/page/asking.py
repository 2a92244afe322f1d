"""What a reader may ask for: filters, words, and where a list goes on. Every refusal names the field and the fix."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from storyline_schemas import StoryStatus
from storyline_schemas.update import LEVELS

from ...errors import Invalid
from .words import query_words

QUERY_CHARS_MAX = 200
QUERY_WORDS_MAX = 16
LIMIT_MAX = 100
STATUSES = tuple(status.value for status in StoryStatus if status is not StoryStatus.MERGED)

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CURSOR = re.compile(r"(-?[0-9]{1,15})\.([A-Za-z0-9_-]{1,64})")
_DIGITS = re.compile(r"[0-9]{1,9}")

Place = tuple[int, str]
"""A place in the list of stories: time of the last change in ms, and id."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which stories are wanted; everything empty: all that run."""

    language: str = ""
    status: str = ""
    level: str = ""
    q: str = ""
    words: tuple[str, ...] = ()

    @property
    def some(self) -> bool:
        return bool(self.language or self.status or self.level or self.q)

    def query(self, **more: str) -> str:
        """The same as part of an address: `?q=…`, or nothing."""
        given = {"q": self.q, "language": self.language, "status": self.status, "level": self.level, **more}
        kept = {name: value for name, value in given.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def filters(asked: Mapping[str, str]) -> Filters:
    """The filters of a request. Raises Invalid."""
    language = asked.get("language", "").strip()
    if language and not _LANGUAGE.fullmatch(language):
        raise Invalid("language", "is not a language tag; give one like en or pt-BR")
    status, level = asked.get("status", "").strip(), asked.get("level", "").strip()
    if status and status not in STATUSES:
        raise Invalid("status", f"is none of {', '.join(STATUSES)}")
    if level and level not in LEVELS:
        raise Invalid("level", f"is none of {', '.join(LEVELS)}")
    q = " ".join(asked.get("q", "").split())
    return Filters(language.casefold(), status, level, q, _search(q))


def _search(q: str) -> tuple[str, ...]:
    if len(q) > QUERY_CHARS_MAX:
        raise Invalid("q", f"has {len(q)} characters; give at most {QUERY_CHARS_MAX}")
    words = query_words(q)
    if len(words) > QUERY_WORDS_MAX:
        raise Invalid("q", f"has {len(words)} words; give at most {QUERY_WORDS_MAX}")
    if q and not words:
        raise Invalid("q", "has no letter and no digit; give a word")
    return words


def limit(asked: Mapping[str, str], default: int) -> int:
    """How many rows at most. Raises Invalid."""
    value = asked.get("limit", "").strip()
    if not value:
        return default
    if not _DIGITS.fullmatch(value) or not 1 <= int(value) <= LIMIT_MAX:
        raise Invalid("limit", f"is not a number from 1 to {LIMIT_MAX}")
    return int(value)


def cursor(place: Place) -> str:
    """Where a list goes on, as one opaque word."""
    return base64.urlsafe_b64encode(f"{place[0]}.{place[1]}".encode()).decode().rstrip("=")


def place(asked: Mapping[str, str]) -> Place | None:
    """The place that a cursor names, or None without one. Raises Invalid."""
    value = asked.get("cursor", "").strip()
    if not value:
        return None
    try:
        text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise Invalid("cursor", "is not one that this service gave; take `next` of the page before, or leave it out")
    return int(found[1]), found[2]


def version_place(asked: Mapping[str, str]) -> int | None:
    """The same for a story's versions: the cursor is the version that was shown last. Raises Invalid."""
    value = asked.get("cursor", "").strip()
    if not value:
        return None
    if not _DIGITS.fullmatch(value):
        raise Invalid("cursor", "is not one that this service gave; take `next` of the page before, or leave it out")
    return int(value)

"""What every contract model shares: frozen values, readers that ignore unknown fields, UTC times."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[T t]")


class Contract(BaseModel):
    """A value on the wire. Unknown fields are ignored, so a newer producer never breaks an older reader."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, ser_json_inf_nan="null")

    def to_json(self) -> bytes:
        """The value as UTF-8 JSON, fields in declaration order: equal values give equal bytes."""
        return self.model_dump_json(by_alias=True).encode()


def _to_utc(time: datetime) -> datetime:
    # `astimezone` overflows at the edges of the calendar; the edge itself is then the nearest honest answer.
    try:
        return time.astimezone(UTC)
    except OverflowError:
        edge = datetime.max if time.year > 5000 else datetime.min
        return edge.replace(tzinfo=UTC)


def _looks_like_a_time(value: Any) -> Any:
    # pydantic also takes numbers, digits and dates for times; on the wire each of them is a mistake.
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value)):
        return value
    raise ValueError("is not a time; send it like 2026-01-02T03:04:05Z, with a zone")


def format_time(time: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, for example ``2026-01-02T03:04:05.000Z``."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_looks_like_a_time),
    AfterValidator(_to_utc),
    PlainSerializer(format_time, when_used="json"),
]
"""A moment with a zone; a time without one is refused. Written in UTC with milliseconds."""

_ONE_WORD = r"^[^\s\x00-\x1f\x7f]+$"
Uri = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=_ONE_WORD)]
"""An article's identity: one line without spaces, at most 512 characters."""

_STORY_ID = r"^[A-Za-z0-9_-]+$"
StoryId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_STORY_ID)]
_SPACE = r"^[A-Za-z0-9_.-]+$"
Space = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_SPACE)]
DEFAULT_SPACE = "world"
"""That of an article or an edit which names none."""
_BCP47 = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
Language = Annotated[str, StringConstraints(min_length=2, max_length=35, pattern=_BCP47)]
"""BCP 47, for example ``en``, ``pt-BR``, ``zh-Hant``."""
HTTP_URL = r"^https?://\S+$"

SAID_OF_PATTERN = {
    _ONE_WORD: "has a space or a control character in it; send one line without spaces",
    _STORY_ID: "is no story id; send letters, digits, _ and - only",
    _SPACE: "is no name of a space; send letters, digits, _, . and - only",
    _BCP47: "is no language tag; send a BCP 47 tag such as en or pt-BR",
    HTTP_URL: "is no web address; send one that begins with http:// or https://, without spaces",
}
"""What a value that doesn't match one of our patterns is told instead of the pattern."""


def to_ms(time: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC, exact (no float in between)."""
    delta = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """The moment ``ms`` milliseconds after 1970-01-01 UTC."""
    return datetime.fromtimestamp(ms // 1000, tz=UTC).replace(microsecond=ms % 1000 * 1000)

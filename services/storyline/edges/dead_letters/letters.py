"""A record of a dead letter topic, and the record it once was."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from storyline_schemas.events import STORY_EDIT

from ...errors import Invalid
from ...record import Headers, Output, Record

ABOUT = "storyline-dlq-"
EVENT_TYPE = "ce_type"
REPLAY = "storyline-replay"
REPLAY_OF = "storyline-replay-of"
"""Names the letter a replayed record was: how a second replay of the same letter is noticed."""

_ID = re.compile(r"(?P<topic>[A-Za-z0-9._-]+)/(?P<partition>\d{1,6})/(?P<offset>\d{1,18})")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: where it lies, where it came from and what was wrong with it."""

    record: Record
    topic: str
    partition: int
    offset: int
    stage: str
    error: str
    field: str
    reason: str
    tries: int

    @property
    def id(self) -> str:
        """`articles.dlq/0/12`: topic, partition and offset where the letter lies."""
        return f"{self.record.topic}/{self.record.partition}/{self.record.offset}"

    @property
    def came_back(self) -> bool:
        """It is a replay that couldn't be used either: nobody has mended what is wrong with it."""
        return self.record.header(REPLAY_OF) is not None

    @property
    def asks(self) -> bool:
        """It is a person's request, who was told that it was refused."""
        return self.record.header(EVENT_TYPE) == STORY_EDIT.encode()

    @property
    def origin(self) -> bytes | None:
        """What the record it was is known by: its place and content; None if the letter doesn't say where it lay.

        After a rewind of its group, or a crash before it was acknowledged, one record has several letters.
        """
        if self.offset < 0:
            return None
        place = f"{self.topic}/{self.partition}/{self.offset}".encode()
        key, value = self.record.key or b"", self.record.value or b""
        return hashlib.blake2b(b"%s %d %s%s" % (place, len(key), key, value), digest_size=16).digest()

    @property
    def original_headers(self) -> Headers:
        """The headers as they came, byte for byte."""
        return tuple(header for header in self.record.headers if not header[0].startswith(ABOUT))

    def report(self) -> dict[str, Any]:
        """What `dead-letters list --json` says of it."""
        value = self.record.value
        return {
            "id": self.id, "topic": self.topic, "partition": self.partition, "offset": self.offset,
            "stage": self.stage, "error": self.error, "field": self.field, "reason": self.reason, "tries": self.tries,
            "came_back": self.came_back, "timestamp_ms": self.record.timestamp_ms,
            "value_bytes": None if value is None else len(value),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant; None means any."""

    stage: str | None = None
    field: str | None = None
    words: str | None = None
    since_ms: int | None = None

    def takes(self, letter: Letter) -> bool:
        return (
            self.stage in (None, letter.stage)
            and self.field in (None, letter.field)
            and (self.words is None or self.words.casefold() in letter.reason.casefold())
            and (self.since_ms is None or letter.record.timestamp_ms >= self.since_ms)
        )


def letter_of(record: Record) -> Letter:
    """Read the letter's headers; what a foreign writer left out is unknown, never an error."""
    ours = ((name, text) for name, text in record.headers if name.startswith(ABOUT))
    said = {name[len(ABOUT) :]: text.decode(errors="replace") for name, text in ours}
    return Letter(
        record, said.get("topic") or record.topic.removesuffix(".dlq"),
        _number(said.get("partition"), record.partition), _number(said.get("offset"), -1),
        said.get("stage", "unknown"), said.get("error", "unknown"), said.get("field", "unknown"),
        said.get("reason", "unknown"), _number(said.get("tries"), 1),
    )  # fmt: skip


def parse_id(id: str) -> tuple[str, int, int]:
    """`articles.dlq/0/12` → topic, partition, offset. Raises Invalid."""
    match = _ID.fullmatch(id)
    if match is None:
        raise Invalid("id", f"{id!r} is no dead letter's id; `storyline dead-letters list` shows them")
    return match["topic"], int(match["partition"]), int(match["offset"])


def replay_of(letter: Letter) -> Output:
    """The record as it first came, byte for byte, marked as a replay and with the letter it was."""
    kept = tuple(header for header in letter.original_headers if header[0] not in (REPLAY, REPLAY_OF))
    headers = (*kept, (REPLAY, b"1"), (REPLAY_OF, letter.id.encode()))
    return Output(letter.topic, letter.partition, letter.record.key, letter.record.value, headers)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,18}", text) else otherwise

"""A record in, a record out: the only shapes in which stages and adapters speak of Kafka."""

from dataclasses import dataclass
from datetime import datetime

from storyline_schemas.base import from_ms

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What was read. `timestamp_ms` is the broker's append time on topics that keep it."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def written_at(self) -> datetime | None:
        """Its time, which its producer may have made up; None if it is none."""
        try:
            return from_ms(self.timestamp_ms) if self.timestamp_ms > 0 else None
        except (ValueError, OverflowError, OSError):
            return None

    def header(self, name: str) -> bytes | None:
        return next((content for header, content in self.headers if header == name), None)


@dataclass(frozen=True, slots=True)
class Output:
    """What is to be written, final: bytes, headers and partition decided."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

"""A record in, a record out: the only shapes in which stages and adapters speak of Kafka."""

from dataclasses import dataclass

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

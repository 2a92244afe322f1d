"""What waits for its embargo: the record itself, byte for byte, packed for the space's slot."""

from dataclasses import dataclass

import msgpack

from storyline_schemas import Revision

from ...record import Record

HOLDS_MAX = 10_000
"""Articles under embargo in one space; more are refused, one by one, as dead letters."""


@dataclass(frozen=True, slots=True)
class Held:
    """What memory keeps of a held article: when it may go, and which version it is. No word of its text."""

    release_ms: int
    revision: Revision


def pack(record: Record) -> bytes:
    """A record as bytes."""
    packed: bytes = msgpack.packb(
        [record.topic, record.partition, record.offset, record.timestamp_ms, record.key, record.value, record.headers]
    )
    return packed


def unpack(packed: bytes) -> Record:
    """The record that `pack` packed."""
    topic, partition, offset, timestamp_ms, key, value, headers = msgpack.unpackb(packed)
    return Record(topic, partition, offset, timestamp_ms, key, value, tuple((name, text) for name, text in headers))

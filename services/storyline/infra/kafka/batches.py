"""Record batches as a Fetch answers them, read by their headers: which record comes first, and when it was written.

A group's next record is often in a batch that is compressed or large. Its header (Kafka's message format 2, 61 bytes)
mostly says enough, so that a batch is only opened if it must be.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aiokafka.errors import UnsupportedCodecError
from aiokafka.record import MemoryRecords
from cramjam import DecompressionError

_HEADER = struct.Struct(">qiibIhiqqqhii")
_MAGIC = 2
_LOG_APPEND_TIME, _TRANSACTIONAL, _CONTROL, _DELETE_HORIZON = 0x08, 0x10, 0x20, 0x40
SPAN_MS = 500
"""Records of a batch that were written within so short a time count as written when the first of them was."""


class Aborted(NamedTuple):
    """An aborted transaction as a Fetch with `read_committed` lists it."""

    producer: int
    first_offset: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch's header. `data` is the whole batch."""

    first: int
    last: int
    count: int
    """0 in a batch that compaction has emptied; its header stays."""
    attributes: int
    base_ms: int
    max_ms: int
    producer: int
    data: memoryview

    @property
    def control(self) -> bool:
        return bool(self.attributes & _CONTROL)

    def time_of(self, offset: int) -> int | None:
        """When the first record at or after `offset` was written, in ms; None if the batch has none (any more)."""
        if self.attributes & _LOG_APPEND_TIME and self._dense:
            return self.max_ms
        # Of a compacted batch with tombstones this header field is the time they may go (KIP-534).
        if self._dense and not self.attributes & _DELETE_HORIZON and self.max_ms - self.base_ms <= SPAN_MS:
            return self.base_ms
        return self._opened(offset)

    @property
    def _dense(self) -> bool:
        return self.count == self.last - self.first + 1

    def _opened(self, offset: int) -> int | None:
        try:
            opened = MemoryRecords(bytes(self.data)).next_batch()
            return next((int(record.timestamp) for record in opened or () if record.offset >= offset), None)
        except (UnsupportedCodecError, DecompressionError):
            # The codec isn't known, or the batch is damaged. The span is known without opening it. The later end: an
            # age is then never made up.
            return self.max_ms


def batches(data: bytes) -> Iterator[Batch]:
    """Every whole batch; what was cut off at the end is left out, as is the format before Kafka 0.11."""
    view, at = memoryview(data), 0
    while at + _HEADER.size <= len(data):
        first, length, _, magic, _, attributes, span, base, latest, producer, _, _, count = _HEADER.unpack_from(
            data, at
        )
        until = at + 12 + length
        if until > len(data) or magic != _MAGIC:
            return
        yield Batch(first, first + span, count, attributes, base, latest, producer, view[at:until])
        at = until


def visible(found: Iterator[Batch], aborted: Sequence[Aborted]) -> Iterator[tuple[Batch, bool]]:
    """Each batch, and whether a consumer of committed records sees it: no markers, nothing that was aborted."""
    coming = sorted(aborted, key=lambda each: each.first_offset, reverse=True)
    open_now: set[int] = set()
    for batch in found:
        while coming and coming[-1].first_offset <= batch.last:
            open_now.add(coming.pop().producer)
        if batch.control:
            open_now.discard(batch.producer)
        hidden = batch.control or (bool(batch.attributes & _TRANSACTIONAL) and batch.producer in open_now)
        yield batch, batch.count > 0 and not hidden

"""Record batches by their headers: made here byte by byte, as Kafka's message format 2 says."""

import struct
from collections.abc import Sequence

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from storyline.infra.kafka.batches import Aborted, Batch, batches, visible

CONTROL, TRANSACTIONAL, LOG_APPEND, HORIZON = 0x20, 0x10, 0x08, 0x40


def batch(first: int, times: Sequence[int], producer: int = -1, attributes: int = 0, **header: int) -> bytes:
    """One batch with a record at each of `times` (ms). `header`: base_ms, max_ms, last (offset), count, patched in."""
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=producer, producer_epoch=0, base_sequence=0,
        batch_size=1 << 20,
    )  # fmt: skip
    for number, at in enumerate(times):
        builder.append(number, at, b"k", b"v", [])
    made = bytearray(builder.build())
    struct.pack_into(">q", made, 0, first)
    struct.pack_into(">h", made, 21, attributes)
    places = {"last": (">i", 23), "base_ms": (">q", 27), "max_ms": (">q", 35), "count": (">i", 57)}
    for name, (form, at) in places.items():
        if name in header:
            struct.pack_into(form, made, at, header[name] - (first if name == "last" else 0))
    return bytes(made)


def only(data: bytes) -> Batch:
    (found,) = batches(data)
    return found


def test_a_dense_batch_written_at_once_is_read_by_its_header() -> None:
    found = only(batch(100, [5_000, 5_100, 5_200]))
    assert (found.first, found.last, found.count) == (100, 102, 3)
    assert [found.time_of(offset) for offset in (100, 102)] == [5_000, 5_000]


def test_a_batch_whose_records_lie_apart_is_opened() -> None:
    found = only(batch(100, [5_000, 9_000, 60_000]))
    assert [found.time_of(offset) for offset in (100, 101, 102)] == [5_000, 9_000, 60_000]


def test_with_log_append_time_all_records_have_the_brokers_time() -> None:
    found = only(batch(0, [5_000, 9_000], attributes=LOG_APPEND, max_ms=77_000))
    assert found.time_of(1) == 77_000


def test_a_compacted_batch_has_no_record_where_one_was_taken_away() -> None:
    found = only(batch(0, [5_000, 5_001], last=9))
    assert found.time_of(1) == 5_001
    assert found.time_of(2) is None


def test_the_time_when_tombstones_may_go_is_not_taken_for_a_records_time() -> None:
    # Kafka stores it where the first record's time was, and the records' times relative to it.
    horizon = only(batch(0, [5_000, 9_000], attributes=HORIZON, max_ms=9_000))
    assert horizon.time_of(1) == 9_000


def test_a_batch_that_compaction_has_emptied_is_seen_by_nobody() -> None:
    assert [seen for _, seen in visible(batches(batch(0, [1], count=0)), [])] == [False]


def test_what_is_cut_off_at_the_end_is_left_out() -> None:
    data = batch(0, [1, 2]) + batch(2, [3])
    assert [found.first for found in batches(data[:-1])] == [0]
    assert list(batches(data[:40])) == []


@pytest.mark.parametrize("data", [b"", b"\x00" * 200, b"\xff" * 200])
def test_bytes_that_are_no_batch_are_no_batch(data: bytes) -> None:
    assert list(batches(data)) == []


def test_markers_and_aborted_records_are_not_seen_and_what_follows_is() -> None:
    aborted = batch(0, [1, 1], producer=7, attributes=TRANSACTIONAL)
    other = batch(2, [2], producer=8, attributes=TRANSACTIONAL)
    marker = batch(3, [3], producer=7, attributes=TRANSACTIONAL | CONTROL)
    after = batch(4, [4], producer=7, attributes=TRANSACTIONAL)
    found = visible(batches(aborted + other + marker + after), [Aborted(7, 0)])
    assert [(each.first, seen) for each, seen in found] == [(0, False), (2, True), (3, False), (4, True)]


@pytest.mark.parametrize("codec", [pytest.param(4, id="damaged"), pytest.param(5, id="unknown")])
def test_a_batch_that_cant_be_opened_gives_its_later_end(codec: int) -> None:
    assert only(batch(0, [5_000, 60_000], attributes=codec)).time_of(1) == 60_000

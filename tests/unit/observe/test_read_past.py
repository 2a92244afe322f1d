"""A group that commits behind its last record isn't behind for what nobody is given, and is for what nobody reads."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from storyline.observe.probing import SEARCHED_MAX, Found, Lag, Range, ReadPast


class Kafka:
    """Partitions that are committed up to 9 and end at 12; offsets in `records` are records, the others aren't."""

    def __init__(self, records: Collection[int] = ()) -> None:
        self.records = records
        self.committed, self.end = 9, 12
        self.searched: list[Range] = []

    async def __aenter__(self) -> "Kafka":
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def read(self, partitions: Collection[int]) -> Found:
        return dict.fromkeys(partitions, (self.committed, self.end))

    async def with_records(self, ranges: Mapping[int, Range]) -> Collection[int]:
        self.searched += ranges.values()
        return {number for number, read in ranges.items() if any(offset in range(*read) for offset in self.records)}


def read_past(kafka: Kafka, *positions: int | None) -> ReadPast:
    """What each partition's reader has come to."""

    async def position(partition: int) -> int | None:
        return positions[partition]

    return ReadPast(Lag(lambda: kafka, lambda seconds: None), position)


async def test_what_holds_no_record_is_finished_where_the_partition_is_worked_on() -> None:
    probe = read_past(Kafka(), 12, None)
    await probe.ask([0, 1])
    assert await probe.ask([0, 1]) == {0: (12, 12), 1: (9, 12)}


async def test_what_was_read_and_neither_finished_nor_handed_on_stays_unfinished() -> None:
    probe = read_past(Kafka(records=[10]), 12)
    assert [await probe.ask([0]) for _ in range(3)] == [{0: (9, 12)}] * 3


async def test_it_is_looked_for_once_and_only_where_nothing_goes_on() -> None:
    kafka = Kafka()
    probe = read_past(kafka, 12)
    await probe.ask([0])
    assert kafka.searched == []
    for _ in range(3):
        await probe.ask([0])
    assert kafka.searched == [(9, 12)]
    kafka.committed = 10
    await probe.ask([0])
    assert kafka.searched == [(9, 12)]


async def test_more_than_is_looked_through_is_work_to_do() -> None:
    kafka = Kafka()
    kafka.end = 10 + SEARCHED_MAX
    probe = read_past(kafka, kafka.end)
    await probe.ask([0])
    assert await probe.ask([0]) == {0: (9, kafka.end)}
    assert kafka.searched == []


async def test_a_search_that_takes_long_keeps_nobody_from_looking_and_is_made_again() -> None:
    class Slow(Kafka):
        async def with_records(self, ranges: Mapping[int, Range]) -> Collection[int]:
            if not self.searched:
                self.searched += ranges.values()
                await asyncio.sleep(60)
            return await super().with_records(ranges)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("storyline.observe.probing.SEARCH_SECONDS", 0.01)
        probe = read_past(Slow(), 12)
        assert [await probe.ask([0]) for _ in range(3)] == [{0: (9, 12)}, {0: (9, 12)}, {0: (12, 12)}]

"""Bounded reading: from some offset, or some time, to the end as it is when reading begins. Joins no group."""

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place

from ...errors import Fatal, Transient
from ...record import Record
from .connection import KafkaConnection, start, stop, translated
from .empty_fetches import with_pauses

RECORDS_AT_ONCE = 1_000
POLL_MS = 500
STALL_SECONDS = 90.0
"""Longer than a transaction may stay open; without any progress for so long the broker is taken to be away."""

Partition = tuple[str, int]
"""Topic and number."""


class KafkaReader:
    """Reads partitions from here to there. Used as an async context manager; may raise Transient, Fatal.

    `committed`: only what committed transactions and plain producers wrote. Ends are ends of the log even so: reading
    waits for transactions that are open, or committed with their markers still on the way, and misses none of them.
    """

    def __init__(
        self, connection: KafkaConnection, *, committed: bool = True, stall_seconds: float = STALL_SECONDS
    ) -> None:
        self._connection = connection
        self._committed = committed
        self._stall_seconds = stall_seconds
        self._consumer: Any = None
        self._ends: Any = None
        """Asks for the ends: to one who reads committed records only, the broker gives the last stable offset."""

    async def __aenter__(self) -> Self:
        self._ends = await self._started("read_uncommitted")
        try:
            self._consumer = await self._started("read_committed") if self._committed else self._ends
        except BaseException:
            await stop(self._ends)
            raise
        return self

    async def _started(self, isolation_level: str) -> Any:
        consumer = AIOKafkaConsumer(
            **self._connection.arguments(), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
            isolation_level=isolation_level,
        )  # fmt: skip
        await start(with_pauses(consumer), self._connection)
        return consumer

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await stop(self._consumer)
            if self._ends is not self._consumer:
                await stop(self._ends)

    async def partitions(self, topic: str) -> list[Partition]:
        """The topic's partitions. Raises Fatal if there is no such topic."""
        with translated(self._connection):
            # The consumer's public methods know the partitions of assigned topics only.
            metadata = await self._consumer._client.fetch_all_metadata()
        numbers = metadata.partitions_for_topic(topic)
        if not numbers:
            raise Fatal(
                f"topic {topic} is missing in {self._connection.bootstrap_servers}; run `storyline topics create`"
            )
        return [(topic, number) for number in sorted(numbers)]

    async def begin_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The offset of each partition's oldest record."""
        with translated(self._connection):
            found = await self._consumer.beginning_offsets([Place(*each) for each in partitions])
        return {(place.topic, place.partition): offset for place, offset in found.items()}

    async def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The offset after each partition's last record or marker."""
        with translated(self._connection):
            found = await self._ends.end_offsets([Place(*each) for each in partitions])
        return {(place.topic, place.partition): offset for place, offset in found.items()}

    async def offsets_since(self, times_ms: Mapping[Partition, int]) -> dict[Partition, int]:
        """For each partition the offset of its first record at or after that time; its end if there is none."""
        ends = await self.end_offsets(times_ms)
        with translated(self._connection):
            found = await self._consumer.offsets_for_times({Place(*each): ms for each, ms in times_ms.items()})
        since = {(place.topic, place.partition): at.offset for place, at in found.items() if at is not None}
        return ends | since

    async def read(
        self, start: Mapping[Partition, int] | Iterable[Partition], end: Mapping[Partition, int] | None = None
    ) -> AsyncIterator[Record]:
        """Every record from `start` (offsets, or partitions to read whole) to `end` (now's end if not given).

        In order within each partition. One read at a time: the reader has one position a partition.
        """
        begins = dict(start) if isinstance(start, Mapping) else await self.begin_offsets(start)
        ends = dict(end) if end is not None else await self.end_offsets(begins)
        left = {Place(*each): ends[each] for each, offset in begins.items() if offset < ends[each]}
        if not left:
            return
        with translated(self._connection):
            self._consumer.assign(list(left))
            for place in left:
                self._consumer.seek(place, begins[place.topic, place.partition])
        async for record in self._until(left):
            yield record

    async def _until(self, left: dict[Place, int]) -> AsyncIterator[Record]:
        """Records until each partition's position, which also counts markers and gaps, has reached its end."""
        progress = (time.monotonic(), -1)
        while left:
            with translated(self._connection):
                found = await self._consumer.getmany(*left, timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
                positions = {place: await self._consumer.position(place) for place in left}
            for place, messages in found.items():
                for message in messages:
                    if message.offset < left[place]:
                        yield record_of(message)
            for place, position in positions.items():
                if position >= left[place]:
                    del left[place]
                    self._consumer.pause(place)
            progress = self._check_progress(progress, sum(positions.values()) + len(positions))

    def _check_progress(self, before: tuple[float, int], positions: int) -> tuple[float, int]:
        since, value = before
        if positions != value:
            return (time.monotonic(), positions)
        if time.monotonic() - since > self._stall_seconds:
            raise Transient(
                f"Kafka at {self._connection.bootstrap_servers} sends nothing for {self._stall_seconds:.0f} s"
            )
        return before

    async def tail(self, partitions: Iterable[Partition], seconds: float) -> AsyncIterator[Record]:
        """The records of each partition's last `seconds`, counted back from its own last record."""
        wanted = list(partitions)
        last_ms = await self.last_times(wanted)
        begins = await self.offsets_since({each: max(0, ms - int(seconds * 1000)) for each, ms in last_ms.items()})
        async for record in self.read(begins):
            yield record

    async def last_times(
        self, partitions: list[Partition], ends: Mapping[Partition, int] | None = None
    ) -> dict[Partition, int]:
        """The time of each partition's last record (before `ends`), in ms; those without one are left out.

        The last offsets may be markers or compacted away, so ever longer ends are looked at.
        """
        begins = await self.begin_offsets(partitions)
        ends = ends if ends is not None else await self.end_offsets(partitions)
        found: dict[Partition, int] = {}
        left = {each for each in partitions if begins[each] < ends[each]}
        back = 4
        while left:
            async for record in self.read({each: max(begins[each], ends[each] - back) for each in left}, ends):
                found[record.topic, record.partition] = record.timestamp_ms
            left = {each for each in left if each not in found and ends[each] - back > begins[each]}
            back *= 8
        return found


def record_of(message: Any) -> Record:
    """What aiokafka gives for a record, as ours."""
    return Record(
        message.topic, message.partition, message.offset, message.timestamp, message.key, message.value,
        tuple(message.headers),
    )  # fmt: skip

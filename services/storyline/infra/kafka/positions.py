"""Where one group stands on one topic, asked again and again over one kept connection. Joins no group."""

import asyncio
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from .connection import KafkaConnection, start, stop, translated
from .reading import KafkaReader


class KafkaPositions:
    """Used as an async context manager; may raise Transient or Fatal."""

    def __init__(self, connection: KafkaConnection, group: str, topic: str) -> None:
        self._connection = connection
        self._group = group
        self._topic = topic
        self._consumer: Any = None

    async def __aenter__(self) -> Self:
        # With a group's name and no subscription it may ask for the group's offsets, and takes no part in it.
        self._consumer = AIOKafkaConsumer(
            **self._connection.arguments(), group_id=self._group, enable_auto_commit=False, auto_offset_reset="none"
        )
        await start(self._consumer, self._connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await stop(self._consumer)

    async def read(self, partitions: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """Partition → (next offset to be finished, end offset). Asks for something also if there is no partition."""
        with translated(self._connection):
            if not partitions:
                await self._consumer.topics()
                return {}
            places = [TopicPartition(self._topic, partition) for partition in sorted(partitions)]
            begins, ends = await self._consumer.beginning_offsets(places), await self._consumer.end_offsets(places)
            committed = await asyncio.gather(*(self._consumer.committed(place) for place in places))
        return {
            place.partition: (max(begins[place], at or 0), ends[place])
            for place, at in zip(places, committed, strict=True)
        }

    async def with_records(self, ranges: Mapping[int, tuple[int, int]]) -> Collection[int]:
        """Those of the partitions with a committed record at or after the first offset and before the second.

        What transactions aborted, the markers that end them, and gaps that compaction left are no records.
        """
        begins = {(self._topic, partition): begin for partition, (begin, _) in ranges.items()}
        ends = {(self._topic, partition): end for partition, (_, end) in ranges.items()}
        async with KafkaReader(self._connection) as reader:
            return {record.partition async for record in reader.read(begins, ends)}

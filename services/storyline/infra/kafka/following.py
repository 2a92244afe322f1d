"""Following partitions from some offset on, for as long as one likes. Joins no group, commits nothing."""

from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place

from ...record import Record
from .connection import KafkaConnection, start, stop, translated
from .empty_fetches import with_pauses
from .reading import Partition, record_of

POLL_MS = 200
RECORDS_AT_ONCE = 200
"""Small, so that whoever follows has time for others between two batches."""


class KafkaFollower:
    """Committed records as they come. Used as an async context manager; may raise Transient, Fatal."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._connection = connection
        self._consumer: Any = None

    async def __aenter__(self) -> Self:
        consumer = AIOKafkaConsumer(
            **self._connection.arguments(), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
            isolation_level="read_committed", fetch_max_wait_ms=POLL_MS,
        )  # fmt: skip
        self._consumer = with_pauses(consumer)
        await start(self._consumer, self._connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await stop(self._consumer)

    async def follow(self, begin: Mapping[Partition, int]) -> AsyncIterator[list[Record]]:
        """Batches from these offsets on, in order within each partition; an empty one now and then if nothing comes."""
        places = [Place(*each) for each in begin]
        with translated(self._connection):
            self._consumer.assign(places)
            for place in places:
                self._consumer.seek(place, begin[place.topic, place.partition])
        while True:
            with translated(self._connection):
                found = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
            yield [record_of(message) for messages in found.values() for message in messages]

    async def reached(self, ends: Mapping[Partition, int]) -> bool:
        """Whether everything before these offsets has been given out; transactions' markers count as read."""
        with translated(self._connection):
            for (topic, partition), end in ends.items():
                if await self._consumer.position(Place(topic, partition)) < end:
                    return False
        return True

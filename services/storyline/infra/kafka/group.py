"""Topics read in a consumer group whose offsets are committed by hand: for edges that aren't stages."""

from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place
from aiokafka.errors import CommitFailedError, IllegalStateError

from ...errors import Fatal
from ...record import Record
from .connection import KafkaConnection, start, stop, translated
from .empty_fetches import with_pauses
from .reading import record_of

POLL_MS = 500
FETCH_BYTES_MAX = 32 * 1024 * 1024


class KafkaGroup:
    """A member of `group`. Used as an async context manager; may raise Transient, Fatal.

    A group without offsets begins with the oldest records. One call at a time.
    """

    def __init__(self, connection: KafkaConnection, group: str, topics: Sequence[str], records_max: int) -> None:
        self._connection, self._group, self._topics = connection, group, tuple(topics)
        self._records_max = records_max

    async def __aenter__(self) -> Self:
        self._consumer: Any = AIOKafkaConsumer(
            **self._connection.arguments(), group_id=self._group, enable_auto_commit=False,
            auto_offset_reset="earliest", isolation_level="read_committed", fetch_max_bytes=FETCH_BYTES_MAX,
        )  # fmt: skip
        await start(with_pauses(self._consumer), self._connection)
        try:
            await self._check_topics()  # before they are subscribed to: aiokafka waits for a topic that isn't there
            self._consumer.subscribe(self._topics)
        except BaseException:
            await stop(self._consumer)
            raise
        return self

    async def _check_topics(self) -> None:
        with translated(self._connection):
            metadata = await self._consumer._client.fetch_all_metadata()
        missing = [topic for topic in self._topics if not metadata.partitions_for_topic(topic)]
        if missing:
            where = self._connection.bootstrap_servers
            raise Fatal(f"topic {missing[0]} is missing in {where}; create it or mend STORYLINE_INGEST_TOPICS")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._connection):
            await stop(self._consumer)

    async def some(self) -> list[Record]:
        """The next records, in order within a partition; none after a while without any."""
        with translated(self._connection):
            found = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=self._records_max)
        return [record_of(message) for messages in found.values() for message in messages]

    async def commit(self, records: Sequence[Record]) -> None:
        """All up to these records is done. A partition that was given to another is left to it."""
        done: dict[Place, int] = {}
        for record in records:
            place = Place(record.topic, record.partition)
            done[place] = max(done.get(place, 0), record.offset + 1)
        mine = {place: offset for place, offset in done.items() if place in self._consumer.assignment()}
        if not mine:
            return
        # After a rebalance whoever has the partition reads them again, and that is a no-op.
        with translated(self._connection), suppress(CommitFailedError, IllegalStateError):
            await self._consumer.commit(mine)

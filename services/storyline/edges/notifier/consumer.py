"""A plain aiokafka consumer of `story-updates`: what is read is committed once it is recorded, and not before."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import TopicPartition as Place
from aiokafka.errors import CommitFailedError, IllegalStateError

from storyline_schemas.topics import STORY_UPDATES

from ...infra.kafka.connection import KafkaConnection, start, stop, translated
from ...infra.kafka.empty_fetches import with_pauses
from ...infra.kafka.reading import record_of
from ...record import Record

GROUP = "storyline.notifier"
TOPIC = STORY_UPDATES.name
Start = Literal["latest", "earliest"]


class Updates:
    """Membership in the group. `revoked` is awaited before partitions go to others."""

    def __init__(
        self, connection: KafkaConnection, begin: Start, session_seconds: float, instance: str | None,
        revoked: Callable[[set[int]], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._begin = begin
        self._listener = _Listener(revoked)
        self._consumer: Any = AIOKafkaConsumer(
            **connection.arguments(), group_id=GROUP, group_instance_id=instance, enable_auto_commit=False,
            isolation_level="read_committed",
            # What retention has taken is gone; the oldest there is comes next. A new group begins as `begin` says.
            auto_offset_reset="earliest", session_timeout_ms=int(session_seconds * 1000),
            heartbeat_interval_ms=int(session_seconds * 300), max_poll_interval_ms=600_000,
        )  # fmt: skip

    async def start(self) -> None:
        """Raises Transient or Fatal."""
        await start(with_pauses(self._consumer), self._connection)
        # Only now: a client that is subscribed before waits in `start` for its partitions, and thus for the session of
        # one that was killed.
        self._consumer.subscribe([TOPIC], listener=self._listener)

    async def stop(self) -> None:
        await stop(self._consumer)

    @property
    def partitions(self) -> frozenset[int]:
        """Those that the group has given us, opened or not."""
        return frozenset(place.partition for place in self._consumer.assignment())

    async def position(self, partition: int) -> int | None:
        """What is read next, transactions' markers passed over; None if it isn't ours. May raise Transient."""
        with translated(self._connection):
            try:
                return int(await self._consumer.position(Place(TOPIC, partition)))
            except IllegalStateError:
                return None

    async def assigned(self) -> set[int]:
        """Partitions that are newly ours, each with a position that is committed. May raise Transient."""
        new, self._listener.new = self._listener.new, set()
        try:
            with translated(self._connection):
                await self._place(new)
        except BaseException:
            self._listener.new |= new
            raise
        return new

    async def _place(self, partitions: Iterable[int]) -> None:
        """Each begins where the group stands, whatever was fetched of it before it was opened.

        One without a committed offset gets one at once: a crash mustn't move where a new group begins.
        """
        for number in partitions:
            place = Place(TOPIC, number)
            if place not in self._consumer.assignment():
                continue
            offset = await self._consumer.committed(place)
            if offset is None:
                ask = self._consumer.end_offsets if self._begin == "latest" else self._consumer.beginning_offsets
                offset = (await ask([place]))[place]
                await self._commit({place: offset})
            with suppress(IllegalStateError):  # it went to another one meanwhile
                self._consumer.seek(place, offset)

    async def batch(self, wait_seconds: float, records_max: int) -> dict[int, list[Record]]:
        """What has come, by partition, in order; empty if nothing comes in that time. May raise Transient."""
        with translated(self._connection):
            found = await self._consumer.getmany(timeout_ms=int(wait_seconds * 1000), max_records=records_max)
        return {place.partition: [record_of(each) for each in messages] for place, messages in found.items()}

    async def commit(self, offsets: Mapping[int, int]) -> None:
        """What is before these offsets has been recorded. One that isn't ours any more is passed over: it is repeated
        to whoever has it, and known there by its version. May raise Transient."""
        with translated(self._connection):
            await self._commit({Place(TOPIC, number): offset for number, offset in offsets.items()})

    async def _commit(self, offsets: Mapping[Any, int]) -> None:
        ours = {place: offset for place, offset in offsets.items() if place in self._consumer.assignment()}
        if not ours:
            return
        try:
            await self._consumer.commit(ours)
        except (CommitFailedError, IllegalStateError):
            return


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, revoked: Callable[[set[int]], Awaitable[None]]) -> None:
        self._revoked = revoked
        self.new: set[int] = set()

    async def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        numbers = {place.partition for place in revoked}
        self.new -= numbers
        await self._revoked(numbers)

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        self.new |= {place.partition for place in assigned}

"""The only file that knows Faust: an app that delivers batches of raw records and lets nothing else happen to them.

What is changed of Faust, and why (each measured on 0.15.3):
- batches are drained from the channel's queue: a stream's own ways acknowledge behind the handler's back, also when the
  handler failed or was cancelled; `noack_take` doesn't, but wakes up every `within`, whether anything came or not, and
  adds that wait to every batch. What came in while one batch was handled is the next one.
- acknowledged offsets are committed before partitions are revoked: Faust forgets them, and the next owner repeats them.
- after a rebalance every partition is sought, also one without a committed offset: Faust leaves that one where its
  reader was, and what had been read and thrown away is lost (seen: 68 of 101 records after a broker's restart).
- the first record after that must be the one sought: a fetch begun before the rebalance can return after it, and Faust
  takes the offsets before it for a gap and commits past them.
- what was read and reached nobody is never committed past, and is read again (see readings.py): a rebalance
  on the heels of another can leave it so.
- an error of the group that aiokafka can't mend (the broker refuses its settings, or forbids it) is fatal: aiokafka
  waits until its user has seen the error, Faust never looks, and the consumer stands still without a word.
- a commit refused because of a rebalance doesn't end the process: what it was for is delivered again.
- what is read ahead has a bound in bytes, and so has a batch: Faust counts records alone.
- no producer, no web, no leader topic, no tables: none of them is used, and each is one more thing that can fail.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
import faust.streams
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from faust.app.base import BootStrategy
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from ..errors import Fatal, Transient
from ..infra.kafka.empty_fetches import with_pauses
from ..record import Record
from .producers import client_options
from .reading_ahead import BoundedQueue, gather
from .readings import Readings
from .settings import ShellSettings

COMMIT_ON_REVOKE_SECONDS = 2.0
SEEK_SECONDS = 5.0
POLL_SECONDS_MAX = 86_400  # a batch may wait that long for a server that is away; a hanging stage is the watchdog's


@dataclass(slots=True)  # not frozen: one is made for each record, and freezing triples what that costs
class Delivery:
    """A record and the only handle to acknowledge it."""

    record: Record
    generation: int
    event: Any


class StageConsumer:
    """One topic of one group. `take` is called with each batch, one at a time; it must not raise."""

    def __init__(
        self,
        group: str,
        topic: str,
        settings: ShellSettings,
        directory: str,
        take: Callable[[Sequence[Delivery]], Awaitable[None]],
    ) -> None:
        if getattr(faust.streams, "_CStreamIterator", None) is None:
            raise Fatal("Faust's compiled extension is missing; install faust-streaming from a wheel")
        self._topic = topic
        self._queue: Any = None
        self._in_hand: list[Any] = []
        """The events that are being gathered or that `take` has."""
        self._app = _app(group, topic, settings, directory)
        channel = self._app.topic(
            topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", allow_empty=True
        )

        async def agent(stream: Any) -> None:
            self._queue = queue = aiter(stream.channel).queue
            while True:
                await gather(
                    self._in_hand, queue, settings.batch_max, settings.batch_bytes_max, settings.within_seconds
                )
                await take([_delivery(event) for event in self._in_hand])
                self._in_hand.clear()

        self._app.agent(channel, name=f"{group}.{topic}", concurrency=1)(agent)

    async def start(self) -> None:
        await self._app.start()

    async def stop(self) -> None:
        """Commit what is acknowledged, leave the group, close."""
        await self._app.stop()

    @property
    def crashed(self) -> bool:
        return self.crash_reason is not None or bool(self._app.crashed)

    @property
    def crash_reason(self) -> BaseException | None:
        reason: BaseException | None = self._app.crash_reason
        return reason or self._error_of_group()

    def _error_of_group(self) -> BaseException | None:
        """What aiokafka holds out to its user: until it is looked at, nobody cares for the group. Faust never looks."""
        consumer = self._app._consumer and self._app._consumer._thread and self._app._consumer._thread._consumer
        coordinator = getattr(consumer, "_coordinator", None)
        error: BaseException | None = getattr(coordinator, "_pending_exception", None)
        return error

    @property
    def generation(self) -> int:
        """The group's generation as of the last assignment."""
        return int(self._app.consumer_generation_id or 0)

    @property
    def settled(self) -> bool:
        """No rebalance is going on."""
        return not self._app.rebalancing and self.generation > 0

    @property
    def assigned(self) -> frozenset[int]:
        return frozenset(tp.partition for tp in self._app.consumer.assignment() if tp.topic == self._topic)

    @property
    def buffered(self) -> int:
        """Records read ahead, waiting to be taken."""
        return int(self._queue.qsize()) if self._queue is not None else 0

    @property
    def buffered_bytes(self) -> int:
        """Bytes of these records."""
        return int(self._queue.waiting_bytes) if self._queue is not None else 0

    async def position(self, partition: int) -> int | None:
        """What is read next of an assigned partition, if all that was read of it is acknowledged; else None.

        It is past the marker that ends a transaction, which nobody can acknowledge.
        """
        thread, place = self._app.consumer._thread, TopicPartition(self._topic, partition)
        if not self.settled or partition not in self.assigned:
            return None
        try:
            position: int = await thread.call_thread(thread._consumer.position, place)
        except (KafkaError, IllegalStateError):
            return None  # it is being taken away, or the server is: the probe itself says which
        unfinished = (each for each in list(self._app.consumer.unacked) if not each.acked)
        mine = any(each.tp == place and each.generation_id == self.generation for each in unfinished)
        return None if mine else position

    async def read_again_what_went_astray(self) -> frozenset[int]:
        """Seek the partitions of which something that was read reached nobody; which these were. Raises Transient.

        To be asked now and then: what is so twice in a row counts.
        """
        consumer = self._app.consumer
        if not self.settled:
            return frozenset()
        astray: frozenset[int] = consumer.readings.astray(self._held()) & self.assigned
        try:
            async with asyncio.timeout(SEEK_SECONDS):
                for partition in sorted(astray):
                    await consumer.read_again(TP(self._topic, partition))
        except (KafkaError, TimeoutError) as error:
            raise Transient(f"Kafka does not answer ({type(error).__name__})") from error
        return astray

    def _held(self) -> dict[int, int]:
        """The first offset of each partition that is in hand or waits in the queue."""
        held: dict[int, int] = {}
        waiting = self._queue._queue if self._queue is not None else ()
        for event in (*self._in_hand, *waiting):
            partition, offset = event.message.partition, event.message.offset
            held[partition] = min(offset, held.get(partition, offset))
        return held

    def acknowledge(self, delivery: Delivery) -> None:
        """Let the next commit pass this record."""
        delivery.event.ack()
        self._app.consumer.readings.acknowledged(delivery.record.partition, delivery.record.offset)

    async def has_committed(self, partition: int) -> bool:
        """Whether the group has an offset for the partition. Raises Transient."""
        thread = self._app.consumer._thread
        try:
            committed = await thread.call_thread(thread._consumer.committed, TopicPartition(self._topic, partition))
        except KafkaError as error:
            raise Transient(f"Kafka does not answer ({type(error).__name__})") from error
        return committed is not None


def _delivery(event: Any) -> Delivery:
    message = event.message
    record = Record(
        message.topic, message.partition, message.offset, round((message.timestamp or 0.0) * 1000),
        message.key, message.value, tuple(message.headers or ()),
    )  # fmt: skip
    return Delivery(record, message.generation_id or 0, event)


class _NoProducer(BootStrategy):
    enable_kafka_producer = False
    enable_web = False


class _App(faust.App):
    BootStrategy = _NoProducer
    shell_settings: ShellSettings

    def FlowControlQueue(self, maxsize: int | None = None, *, clear_on_resume: bool = False) -> BoundedQueue:
        return BoundedQueue(
            maxsize, bytes_max=self.shell_settings.buffer_bytes_max, flow_control=self.flow_control,
            clear_on_resume=clear_on_resume,
        )  # fmt: skip


def _app(group: str, topic: str, settings: ShellSettings, directory: str) -> Any:
    app = _App(
        group,
        broker=f"kafka://{settings.kafka.split(',')[0]}",
        datadir=directory,
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=False,
        stream_buffer_maxsize=settings.buffer_max,
        stream_processing_timeout=POLL_SECONDS_MAX,
        broker_commit_livelock_soft_timeout=POLL_SECONDS_MAX,
        broker_commit_interval=settings.commit_seconds,
        broker_session_timeout=settings.session_seconds,
        broker_heartbeat_interval=min(3.0, settings.session_seconds / 4),
        broker_rebalance_timeout=settings.rebalance_seconds,
        broker_request_timeout=max(settings.request_seconds, settings.session_seconds),
        producer_request_timeout=settings.request_seconds,
        consumer_group_instance_id=settings.instance,
        consumer_auto_offset_reset="earliest",
    )
    app.shell_settings = settings
    app.transport = _Transport(app.conf.broker_consumer, app)
    return app


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        settings: ShellSettings = self.app.shell_settings  # type: ignore[attr-defined]
        conf = self.app.conf
        self._assignor = RoundRobinPartitionAssignor
        consumer = AIOKafkaConsumer(
            **client_options(settings, conf.id),
            group_id=conf.id,
            group_instance_id=settings.instance,
            partition_assignment_strategy=[RoundRobinPartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=settings.batch_max,
            max_poll_interval_ms=POLL_SECONDS_MAX * 1000,
            max_partition_fetch_bytes=settings.record_bytes_max,
            fetch_max_bytes=4 * settings.record_bytes_max,
            fetch_max_wait_ms=500,
            session_timeout_ms=int(settings.session_seconds * 1000),
            rebalance_timeout_ms=int(settings.rebalance_seconds * 1000),
            heartbeat_interval_ms=int(min(3.0, settings.session_seconds / 4) * 1000),
            # What was begun and not ended never happened; anybody may put articles on their topic in a transaction.
            isolation_level="read_committed",
        )
        return with_pauses(consumer)

    async def seek_to_committed(self) -> Mapping[Any, int]:
        return await self.call_thread(self._seek, None)  # type: ignore[no-any-return]

    async def seek_one_to_committed(self, tp: Any) -> Mapping[Any, int]:
        return await self.call_thread(self._seek, TopicPartition(*tp))  # type: ignore[no-any-return]

    async def _seek(self, only: Any) -> Mapping[Any, int]:
        consumer = self._ensure_consumer()
        starts = {}
        for tp in [only] if only else consumer.assignment():
            committed = await consumer.committed(tp)
            start = committed if committed is not None else (await consumer.beginning_offsets([tp]))[tp]
            consumer.seek(tp, start)
            starts[tp] = start
        return starts

    async def seek_again(self, tp: Any, offset: int) -> None:
        async def seek() -> None:
            self._ensure_consumer().seek(TopicPartition(*tp), offset)

        with contextlib.suppress(IllegalStateError):  # it is no longer assigned: then nothing comes of it either
            await self.call_thread(seek)

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        consumer = self._ensure_consumer()
        assigned = self.assignment()
        mine = {TopicPartition(*tp): OffsetAndMetadata(at, "") for tp, at in offsets.items() if tp in assigned}
        try:
            await consumer.commit(mine)
        except (CommitFailedError, IllegalStateError):
            return False
        return True


class _Consumer(driver.Consumer):
    _thread: _ConsumerThread

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._starts: dict[Any, int] = {}
        self._doubts: dict[Any, tuple[int, int]] = {}
        self.readings = Readings()

    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_revoked(self, revoked: Any) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(COMMIT_ON_REVOKE_SECONDS):
                await self.commit()
        await super().on_partitions_revoked(revoked)

    async def perform_seek(self) -> None:
        owed = self.readings.owed()
        await super().perform_seek()
        self.readings.sought(owed)
        self._starts = {tp: offset or 0 for tp, offset in self._read_offset.items()}
        self._doubts.clear()  # of the seek before: a record that comes too early once after each is no hole

    async def read_again(self, tp: Any) -> None:
        """Go on from what is committed of one partition; what was read behind it comes again."""
        owed = self.readings.owed(tp.partition)
        with contextlib.suppress(IllegalStateError):  # it is no longer assigned: somebody else reads it
            for start in (await self._thread.seek_one_to_committed(tp)).values():
                self._read_offset[tp] = self._starts[tp] = start
                self._doubts.pop(tp, None)
        self.readings.sought(owed)

    def _filter_committable_offsets(self, tps: Any) -> dict[Any, int]:
        """As Faust's, but never past a record that was read and isn't acknowledged.

        Faust passes a hole of one record at the front, all of them where nothing was committed yet, and any that lies
        before the marker of a transaction.
        """
        found = super()._filter_committable_offsets(tps)
        capped = {tp: self.readings.cap(tp.partition, at) for tp, at in found.items()}
        return {tp: at for tp, at in capped.items() if at > (self._committed_offset[tp] or 0)}

    async def _wait_next_records(self, timeout: float) -> Any:
        self.readings.next_round()
        records, active = await super()._wait_next_records(timeout)
        for tp, found in (records or {}).items():
            self.readings.read(tp.partition, [record.offset for record in found])
        return records, active

    async def getmany(self, timeout: float) -> AsyncIterator[Any]:
        """As Faust's, but the first record of each partition after a seek must be the one sought."""
        held: set[Any] = set()
        async for tp, message in super().getmany(timeout):
            if self._starts and tp in self._starts:
                if tp in held:
                    continue
                if not self._is_start(tp, message.offset):
                    held.add(tp)
                    await self._thread.seek_again(tp, self._starts[tp])
                    continue
                del self._starts[tp]
            yield tp, message

    def _is_start(self, tp: Any, offset: int) -> bool:
        """Whether nothing is missing before `offset`: it is the start, or came first a second time (a real hole)."""
        doubt = (self._starts[tp], offset)
        if offset == doubt[0] or self._doubts.get(tp) == doubt:
            return True
        self._doubts[tp] = doubt
        return False


class _Transport(driver.Transport):
    Consumer = _Consumer

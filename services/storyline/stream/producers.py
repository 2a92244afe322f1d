"""Where outputs go: one idempotent producer a process, and one transactional producer for each owned partition.

Outputs are put into batches by hand (one future a batch, not one a message), and nothing counts as sent before
the brokers have confirmed it. What aiokafka retries by itself it retries for as long as the broker is away; what it
gives up becomes Transient (sent again), Fenced (somebody else owns the partition, or the transaction timed out while
the broker was away: both end in joining the group anew) or Fatal (no retry can help).
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka import errors as kafka_errors

from ..errors import Fatal, Fenced, Transient
from ..record import Output
from .settings import ShellSettings

log = logging.getLogger("storyline.stream")

BATCH_BYTES_MAX = 512 * 1024
STOP_SECONDS = 2.0
_OVER_THE_LIMIT = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)
_REFUSED = (
    kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.ClusterAuthorizationFailedError,
    kafka_errors.TransactionalIdAuthorizationFailed,
)


class Producers:
    """The `Sender` of the shell. Make it inside the running loop."""

    def __init__(self, settings: ShellSettings, group: str, transactional: bool) -> None:
        self._settings = settings
        self._group = group
        self._transactional = transactional
        self._shared: AIOKafkaProducer | None = None
        self._shared_lock = asyncio.Lock()
        self._owned: dict[int, AIOKafkaProducer] = {}
        self._in_transaction: set[int] = set()

    def fenced(self, output: Output) -> bool:
        return output.topic in self._settings.transactional_topics

    async def open(self, partition: int) -> None:
        """Fence every earlier owner of the partition. Raises Transient."""
        if not self._transactional:
            return
        await self.close_partition(partition)
        name = f"{self._group}-{partition}"
        timeout_ms = int(self._settings.transaction_seconds * 1000)
        producer = self._new(transactional_id=name, transaction_timeout_ms=timeout_ms)
        try:
            await producer.start()
        except BaseException as error:
            await _stop(producer)
            if isinstance(error, kafka_errors.KafkaError):
                raise _translated(error, f"transactional id {name}") from error
            raise
        self._owned[partition] = producer

    async def close_partition(self, partition: int) -> None:
        """Give up what is unfinished there, and disconnect."""
        producer = self._owned.pop(partition, None)
        if producer is None:
            return
        if partition in self._in_transaction:
            await self._abort(partition, producer)
        await _stop(producer)

    async def commit(self, partition: int, outputs: Sequence[Output]) -> None:
        producer = self._owned[partition]
        try:
            await producer.begin_transaction()
            self._in_transaction.add(partition)
            await _send(producer, outputs)
            self._in_transaction.discard(partition)  # from here on it ends itself, one way or the other
            await producer.commit_transaction()
        except (kafka_errors.KafkaError, kafka_errors.IllegalOperation, AssertionError) as error:
            # aiokafka asserts its transaction's state; a wrong state means that its sender has failed meanwhile.
            translated = _translated(error, f"partition {partition}'s transaction")
            if isinstance(translated, Transient) and not await self._abort(partition, producer):
                raise Fenced(f"partition {partition}'s transaction can't be ended; joining the group anew") from error
            raise translated from error
        except Fatal:
            await self._abort(partition, producer)
            raise

    async def send(self, outputs: Sequence[Output]) -> None:
        producer = await self._shared_producer()
        try:
            await _send(producer, outputs)
        except kafka_errors.KafkaError as error:
            # Its sequence numbers may have a hole now; a new producer begins a new sequence.
            if self._shared is producer:
                self._shared = None
                await _stop(producer)
            translated = _translated(error, "the producer")
            raise Transient(str(translated)) if isinstance(translated, Fenced) else translated from error

    async def stop(self) -> None:
        """Abort what is open, close everything; bounded."""
        await asyncio.gather(*(self.close_partition(partition) for partition in list(self._owned)))
        if self._shared is not None:
            await _stop(self._shared)
            self._shared = None

    async def _shared_producer(self) -> AIOKafkaProducer:
        async with self._shared_lock:
            if self._shared is None:
                producer = self._new(enable_idempotence=True)
                try:
                    await producer.start()
                except BaseException as error:
                    await _stop(producer)
                    if isinstance(error, kafka_errors.KafkaError):
                        raise _translated(error, "the producer") from error
                    raise
                self._shared = producer
            return self._shared

    def _new(self, **options: Any) -> AIOKafkaProducer:
        usual = {**client_options(self._settings, self._group), **producer_options(self._settings)}
        return AIOKafkaProducer(**usual, **options)

    async def _abort(self, partition: int, producer: AIOKafkaProducer) -> bool:
        self._in_transaction.discard(partition)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await producer.abort_transaction()
        except (kafka_errors.KafkaError, kafka_errors.IllegalOperation, AssertionError, TimeoutError) as error:
            log.debug("aborting on partition %d: %r", partition, error)
            return False
        return True


def client_options(settings: ShellSettings, client_id: str) -> Mapping[str, Any]:
    """What every aiokafka client is given."""
    return {
        "bootstrap_servers": settings.kafka,
        "client_id": client_id,
        "request_timeout_ms": int(settings.request_seconds * 1000),
        **settings.kafka_security,
    }


def producer_options(settings: ShellSettings) -> Mapping[str, Any]:
    """Idempotent or transactional, `acks=all`, no lingering, large enough for the largest record."""
    return {
        "acks": "all",
        "linger_ms": 0,
        "max_batch_size": BATCH_BYTES_MAX,
        "max_request_size": settings.record_bytes_max,
    }


async def _send(producer: AIOKafkaProducer, outputs: Sequence[Output]) -> None:
    """Enqueue everything, order kept within each topic partition, then wait until all of it is confirmed."""
    groups: defaultdict[tuple[str, int], list[Output]] = defaultdict(list)
    for output in outputs:
        groups[output.topic, output.partition].append(output)
    waiting = [future for target, group in groups.items() for future in await _enqueue(producer, *target, group)]
    await asyncio.gather(*waiting)


async def _enqueue(
    producer: AIOKafkaProducer, topic: str, partition: int, outputs: Sequence[Output]
) -> list["asyncio.Future[Any]"]:
    futures = []
    builder = producer.create_batch()
    for output in outputs:
        headers = list(output.headers)
        if builder.append(timestamp=None, key=output.key, value=output.value, headers=headers) is None:
            futures.append(await producer.send_batch(builder, topic, partition=partition))
            builder = producer.create_batch()
            builder.append(timestamp=None, key=output.key, value=output.value, headers=headers)
    futures.append(await producer.send_batch(builder, topic, partition=partition))
    return futures


def _translated(error: Exception, what: str) -> Exception:
    if isinstance(error, _OVER_THE_LIMIT):
        return Fatal(f"{what}: Kafka refuses an output as too large; raise max.message.bytes as `storyline check` says")
    if isinstance(error, _REFUSED):
        return Fatal(f"{what}: Kafka does not permit it ({error}); give this service's user the right to")
    if isinstance(error, kafka_errors.KafkaTimeoutError | kafka_errors.KafkaConnectionError) or getattr(
        error, "retriable", False
    ):
        return Transient(f"Kafka does not answer ({type(error).__name__})")
    return Fenced(f"{what} was fenced or timed out ({type(error).__name__}); joining the group anew")


async def _stop(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(kafka_errors.KafkaError, TimeoutError, AssertionError):
        async with asyncio.timeout(STOP_SECONDS):
            await producer.stop()

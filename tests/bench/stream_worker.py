"""One way of moving records from a topic to another, in a process of its own: run by `tests/bench/stream.py`.

Prints `{"seconds": …, "cpu_seconds": …}`: from the first record received to the last one confirmed (where the way
confirms at all). CPU time of the process is the figure that other load on the machine hardly moves.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

import faust
import redis.asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from storyline.record import Output, Record
from storyline.stream.poison import RedisKillCounter
from storyline.stream.settings import ShellSettings
from storyline.stream.shell import run

BATCH = 500
WITHIN_SECONDS = 0.02


class Stopwatch:
    """Starts with the first record, ends the process with the last."""

    def __init__(self, wanted: int) -> None:
        self._left = wanted
        self._begun = 0.0
        self._cpu = 0.0

    def begin(self) -> None:
        if not self._begun:
            self._begun, self._cpu = time.perf_counter(), time.process_time()

    def done(self, count: int) -> None:
        self._left -= count
        if self._left <= 0:
            seconds, cpu_seconds = time.perf_counter() - self._begun, time.process_time() - self._cpu
            print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds}), flush=True)
            os._exit(0)


async def bare(options: dict[str, Any], watch: Stopwatch) -> None:
    """aiokafka alone: fetch, send all, wait for all, commit."""
    consumer = AIOKafkaConsumer(
        options["reads"], bootstrap_servers=options["kafka"], group_id=options["group"], enable_auto_commit=False,
        auto_offset_reset="earliest",
    )  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=options["kafka"], enable_idempotence=True)
    await consumer.start()
    await producer.start()
    while True:
        fetched = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        records = [record for some in fetched.values() for record in some]
        if records:
            watch.begin()
            sent = [await producer.send(options["writes"], r.value, r.key, r.partition) for r in records]
            await asyncio.gather(*sent)
            await consumer.commit()
            watch.done(len(records))


def faust_app(options: dict[str, Any]) -> Any:
    return faust.App(
        options["group"], broker=f"kafka://{options['kafka']}", datadir=tempfile.mkdtemp(), autodiscover=False,
        web_enabled=False, topic_disable_leader=True, topic_allow_declare=False, stream_wait_empty=False,
        stream_buffer_maxsize=BATCH, consumer_auto_offset_reset="earliest", value_serializer="raw",
    )  # fmt: skip


async def faust_manual(options: dict[str, Any], watch: Stopwatch) -> None:
    """As Faust's manual shows it: one record after the other, `await topic.send()`; nothing is confirmed."""
    app = faust_app(options)
    writes = app.topic(options["writes"], value_serializer="raw", key_serializer="raw")

    async def agent(stream: Any) -> None:
        async for key, value in stream.items():
            watch.begin()
            await writes.send(key=key, value=value)
            watch.done(1)

    await _faust(app, options, agent)


async def faust_confirmed(options: dict[str, Any], watch: Stopwatch) -> None:
    """Faust in batches of 500, each output confirmed, with Faust's own producer."""
    app = faust_app(options)
    writes = app.topic(options["writes"], value_serializer="raw", key_serializer="raw")

    async def agent(stream: Any) -> None:
        async for events in stream.noack_take(BATCH, within=WITHIN_SECONDS):
            watch.begin()
            await asyncio.gather(*[await writes.send(key=event.key, value=event.value) for event in events])
            for event in events:
                event.ack()
            watch.done(len(events))

    await _faust(app, options, agent)


async def faust_idempotent(options: dict[str, Any], watch: Stopwatch) -> None:
    """The same with an idempotent aiokafka producer beside Faust: the best that Faust does."""
    app = faust_app(options)
    producer = AIOKafkaProducer(bootstrap_servers=options["kafka"], enable_idempotence=True)
    await producer.start()

    async def agent(stream: Any) -> None:
        async for events in stream.noack_take(BATCH, within=WITHIN_SECONDS):
            watch.begin()
            sent = [
                await producer.send(options["writes"], event.value, event.key, event.message.partition)
                for event in events
            ]
            await asyncio.gather(*sent)
            for event in events:
                event.ack()
            watch.done(len(events))

    await _faust(app, options, agent)


async def _faust(app: Any, options: dict[str, Any], agent: Callable[[Any], Any]) -> None:
    reads = app.topic(options["reads"], key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    app.agent(reads)(agent)
    await app.start()
    await asyncio.Event().wait()


class PassThrough:
    """A stage that does nothing: one output for each record."""

    transactional = False

    def __init__(self, options: dict[str, Any], watch: Stopwatch) -> None:
        self.name, self.reads = options["group"], options["reads"]
        self._writes, self._watch = options["writes"], watch

    def decode(self, record: Record) -> Record:
        return record

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        return ()

    async def handle(self, partition: int, batch: Sequence[Record]) -> Sequence[Output]:
        self._watch.begin()
        return [Output(self._writes, partition, record.key, record.value, record.headers) for record in batch]

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        self._watch.done(len(outputs))

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        return ()

    async def release(self, partition: int) -> None: ...


def shell(options: dict[str, Any], watch: Stopwatch) -> int:
    """Our shell, with everything it does: counter in Redis, watchdog, ticks, ownership."""
    settings = ShellSettings(
        kafka=options["kafka"], writes=frozenset({options["writes"]}), batch_max=BATCH, within_seconds=WITHIN_SECONDS
    )
    return run(PassThrough(options, watch), settings, RedisKillCounter(redis.asyncio.Redis.from_url(options["redis"])))


WAYS: dict[str, Callable[[dict[str, Any], Stopwatch], Any]] = {
    "bare": bare, "faust_manual": faust_manual, "faust_confirmed": faust_confirmed,
    "faust_idempotent": faust_idempotent,
}  # fmt: skip


def main() -> int:
    options = json.loads(sys.argv[1])
    logging.basicConfig(level=logging.ERROR)
    watch = Stopwatch(options["messages"])
    if options["way"] == "shell":
        return shell(options, watch)
    asyncio.run(WAYS[options["way"]](options, watch))
    return 1


if __name__ == "__main__":
    sys.exit(main())

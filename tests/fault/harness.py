"""What the fault tests share: topics of one's own, records in and out, and stages as real child processes."""

import asyncio
import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

ROOT = Path(__file__).parents[2]
RECORD_BYTES_MAX = 17 * 1024 * 1024
WAIT_SECONDS = 60.0
SILENT_SECONDS = 10.0
"""Nothing more is to come: what is under way in a transaction has no end, and a record of 16 MB takes a while."""
Row = tuple[bytes | None, bytes | None]


class Line:
    """One way of records: a topic in, its dead letters, a topic out, and the stage between them."""

    def __init__(self, kafka: str, redis: str, partitions: int = 2, **options: Any) -> None:
        self.kafka = kafka
        self.name = f"t{uuid.uuid4().hex[:8]}"
        self.reads, self.writes = f"{self.name}-in", f"{self.name}-out"
        self.partitions = partitions
        self.directory = Path(tempfile.mkdtemp(prefix="storyline-line-"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        self.options = {
            "kafka": kafka, "redis": redis, "name": self.name, "reads": self.reads, "writes": self.writes,
            "directory": str(self.directory), "settings": {"session_seconds": 6.0}, **options,
        }  # fmt: skip

    async def create(self) -> "Line":
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        sizes = {"max.message.bytes": str(RECORD_BYTES_MAX)}
        names = (self.reads, f"{self.reads}.dlq", self.writes)
        await admin.create_topics([NewTopic(name, self.partitions, 1, topic_configs=sizes) for name in names])
        await admin.close()
        return self

    async def put(self, values: Sequence[bytes | None], partition: int = 0, key: bytes | None = b"k") -> None:
        """Send each value, in order, with a header of its own number."""
        await self.put_rows([(key, value, (("n", str(n).encode()),)) for n, value in enumerate(values)], partition)

    async def put_rows(self, rows: Sequence[tuple[Any, Any, Any]], partition: int = 0) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.kafka, max_request_size=RECORD_BYTES_MAX) as producer:
            for key, value, headers in rows:
                batch = producer.create_batch()
                batch.append(timestamp=None, key=key, value=value, headers=list(headers))
                await (await producer.send_batch(batch, self.reads, partition=partition))

    async def get(self, topic: str, committed_only: bool = True) -> list[Any]:
        """Every record of a topic as it is now, in order of partition and offset."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka, auto_offset_reset="earliest", enable_auto_commit=False,
            isolation_level="read_committed" if committed_only else "read_uncommitted",
            max_partition_fetch_bytes=RECORD_BYTES_MAX, fetch_max_bytes=2 * RECORD_BYTES_MAX,
        )  # fmt: skip
        await consumer.start()
        try:
            tps = [TopicPartition(topic, partition) for partition in range(self.partitions)]
            consumer.assign(tps)
            ends = await consumer.end_offsets(tps)
            rows: list[Any] = []
            deadline = time.monotonic() + SILENT_SECONDS
            while any([await consumer.position(tp) < ends[tp] for tp in tps]) and time.monotonic() < deadline:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    rows += records
                    deadline = time.monotonic() + SILENT_SECONDS
            return sorted(rows, key=lambda record: (record.partition, record.offset))
        finally:
            await consumer.stop()

    async def values(self) -> list[bytes | None]:
        return [record.value for record in await self.get(self.writes)]

    async def dead(self) -> list[Any]:
        return await self.get(f"{self.reads}.dlq")

    async def until(self, done: Callable[[], Any], what: str, seconds: float = WAIT_SECONDS) -> None:
        """Ask again until `done()` (a coroutine) says so."""
        deadline = time.monotonic() + seconds
        while not await done():
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
            await asyncio.sleep(0.2)

    async def until_out(self, wanted: Sequence[bytes]) -> None:
        """Until each of `wanted` has come out at least once."""

        async def done() -> bool:
            return set(wanted) <= set(await self.values())

        await self.until(done, f"{len(wanted)} values on {self.writes}")

    async def lag(self) -> int:
        """Records of the topic in that the stage's group hasn't committed."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        committed = await admin.list_consumer_group_offsets(f"storyline.{self.name}")
        await admin.close()
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka)
        await consumer.start()
        tps = [TopicPartition(self.reads, partition) for partition in range(self.partitions)]
        ends = await consumer.end_offsets(tps)
        await consumer.stop()
        return sum(end - max(0, committed[tp].offset if tp in committed else 0) for tp, end in ends.items())

    async def until_caught_up(self) -> None:
        async def done() -> bool:
            return await self.lag() == 0

        await self.until(done, "the group's lag is 0")

    def touch(self, name: str) -> Path:
        path = self.directory / name
        path.touch()
        return path

    def handled(self) -> list[str]:
        """What the stage's processes were given to handle, in order."""
        log = self.directory / "handled"
        return log.read_text().split() if log.exists() else []

    @contextmanager
    def running(self, crash_at: str = "", **options: Any) -> Iterator["Worker"]:
        worker = Worker({**self.options, **options}, crash_at)
        try:
            yield worker
        finally:
            worker.end()

    async def until_exit(self, worker: "Worker", seconds: float = WAIT_SECONDS) -> int:
        async def done() -> bool:
            return worker.process.poll() is not None

        await self.until(done, "the process has ended", seconds)
        return int(worker.process.returncode)


class Worker:
    """A stage in a process of its own."""

    def __init__(self, options: dict[str, Any], crash_at: str) -> None:
        # What a killed process leaves in its temporary directory goes with the line.
        directory = options["directory"]
        environment = {
            **os.environ, "STORYLINE_TEST_CRASH_AT": crash_at, "PYTHONPATH": str(ROOT), "TMPDIR": directory,
        }  # fmt: skip
        self.errors = Path(directory) / f"stderr-{uuid.uuid4().hex[:6]}"
        with self.errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fault.worker", json.dumps(options)],
                env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=stderr,
            )  # fmt: skip

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stderr(self) -> str:
        return self.errors.read_text(errors="replace")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()


@asynccontextmanager
async def supervised(line: Line, **options: Any) -> AsyncIterator[list[int]]:
    """The stage under a supervisor that starts it anew whenever it ends; yields the exit codes so far."""
    exits: list[int] = []
    leaving = asyncio.Event()

    async def supervise() -> None:
        while not leaving.is_set():
            with line.running(**options) as worker:
                while worker.process.poll() is None and not leaving.is_set():
                    await asyncio.sleep(0.05)
                if worker.process.poll() is not None:
                    exits.append(int(worker.process.returncode))

    task = asyncio.create_task(supervise())
    try:
        yield exits
    finally:
        leaving.set()
        await task

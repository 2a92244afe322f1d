"""The whole way with real processes: services started, killed and paused, topics audited from outside.

Nothing here looks into Redis or into a service: what Kafka's topics say is what counts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from storyline.edges.ingest.outgoing import outgoing
from storyline.edges.ingest.reading import Read, read_file
from storyline_schemas import Article, PartitionCounts

from ..auditor import Audit, Auditor, Good
from ..offsets import Offsets

SETTLE_SECONDS = 180.0
POLL_SECONDS = 0.2
GROUPS = {"storyline.matcher": "articles", "storyline.updater": "story-commands"}
Sent = tuple[bytes | None, bytes | None, int, Sequence[tuple[str, bytes]]]


class Service:
    """One `storyline run NAME`. Ends only the process it started."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.environment = dict(environment)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "storyline", "run", self.name],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        return self

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self.running:
            self.signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> int:
        """SIGTERM, and wait; its exit code."""
        if self.running:
            self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 30.0) -> int:
        assert self.process is not None
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"{self.name} did not end in {seconds:.0f} s\n{self.said()}") from None

    @property
    def owned(self) -> int:
        """How often it has taken a partition over, by its log."""
        return self.said().count("owns partition")

    def said(self) -> str:
        return self.log.read_text(errors="replace")


class Cluster:
    """A Kafka and a Redis somewhere, and the services on them. Used as a context manager: ends its services."""

    def __init__(self, kafka: str, redis: str, partitions: int = 4, **settings: str) -> None:
        self.kafka, self.redis, self.partitions = kafka, redis, partitions
        self.directory = Path(tempfile.mkdtemp(prefix="storyline-e2e-"))
        self.services: list[Service] = []
        self.settings = settings

    def environment(self, **more: str) -> dict[str, str]:
        ours = {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka, "REDIS_URL": self.redis,
            "ARTICLES_PARTITIONS": str(self.partitions), "STORIES_PARTITIONS": str(self.partitions),
            **{name.upper(): value for name, value in {**self.settings, **more}.items()},
        }  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
        return kept | {f"STORYLINE_{name}": value for name, value in ours.items()}

    def cli(self, *arguments: str, seconds: float = 120.0, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "storyline", *arguments],
            env=self.environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds,
        )  # fmt: skip

    def ok(self, *arguments: str, **more: Any) -> str:
        """Run one command that must succeed; its standard output."""
        done = self.cli(*arguments, **more)
        assert done.returncode == 0, f"storyline {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}"
        return done.stdout

    def start(self, name: str, **settings: str) -> Service:
        """Start one more service; `settings` by their short names, for example instance="a"."""
        log = self.directory / f"{name}-{len(self.services)}.log"
        service = Service(name, self.environment(**settings), log).start()
        self.services.append(service)
        return service

    def said(self) -> str:
        """All that the services have said."""
        return "\n".join(service.said() for service in self.services)

    def logs(self) -> str:
        """The end of what each of them has said: for a person."""
        return "\n".join(f"── {service.log.name}\n{service.said()[-3_000:]}" for service in self.services)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            print(self.logs(), file=sys.stderr)
        for service in self.services:
            if service.running:
                service.signal(signal.SIGCONT)
                service.kill()

    # ---- Kafka, from outside

    async def send(self, records: Iterable[Sent], topic: str = "articles") -> int:
        """Records as (key, value, partition, headers), in order, confirmed; how many."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka, acks="all", enable_idempotence=True, max_request_size=17 * 1024 * 1024,
            max_batch_size=512 * 1024,  # else each record of 12 KB is a request, one at a time
        )  # fmt: skip
        await producer.start()
        try:
            futures = [
                await producer.send(topic, value, key, partition, headers=list(headers))
                for key, value, partition, headers in records
            ]
            await asyncio.gather(*futures)
        finally:
            await producer.stop()
        return len(futures)

    async def repeat_last(self, topic: str) -> None:
        """Send the topic's last record once more, byte for byte."""
        last = (await read_topic(self.kafka, topic))[-1]
        await self.send([(last.key, last.value, last.partition, last.headers)], topic)

    async def send_articles(self, articles: Iterable[Article]) -> int:
        outputs = (outgoing(article, PartitionCounts(self.partitions, self.partitions)) for article in articles)
        return await self.send((each.key, each.value, each.partition, each.headers) for each in outputs)

    async def settled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until both groups have committed all there is. Fails with the services' logs."""
        await self.read_by(GROUPS, seconds)

    async def read_by(self, groups: Mapping[str, str], seconds: float = SETTLE_SECONDS, markers: int = 0) -> None:
        """Wait until each group has committed all of its topic, but for so many markers of transactions at its ends.

        Fails with the services' logs.
        """
        deadline = time.monotonic() + seconds
        async with Offsets(self.kafka) as offsets:
            while True:
                lags: dict[str, int] | str
                try:
                    lags = {group: await offsets.lag(group, topic) for group, topic in groups.items()}
                    if all(lag <= markers for lag in lags.values()):
                        return
                except KafkaError as error:  # a broker that has just started knows no groups yet
                    lags = str(error)
                if time.monotonic() > deadline:
                    raise AssertionError(f"not settled in {seconds:.0f} s: {lags}\n{self.logs()}")
                await asyncio.sleep(POLL_SECONDS)

    async def until(self, reached: Any, what: str, seconds: float = 60.0) -> None:
        """Wait until `reached()` is true. Fails naming `what`."""
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not in {seconds:.0f} s\n{self.logs()}")
            await asyncio.sleep(0.05)

    async def owned(self, *services: Service, partitions: int = 1, seconds: float = 60.0) -> None:
        """Wait until each of them owns so many partitions: one that is starting hears no signal. None may end."""
        for service in services:
            what = f"{service.name} owns its partitions"
            await self.until(lambda its=service: its.owned >= partitions or not its.running, what, seconds)
            assert service.running, service.said()

    async def ends(self, topic: str) -> dict[int, int]:
        """The end offset of each partition."""
        async with Offsets(self.kafka) as offsets:
            return await offsets.ends(topic)

    async def audit(self, uris: Iterable[str]) -> Audit:
        """What the topics say of the articles that were sent."""
        auditor = Auditor(self.kafka, Good(frozenset(uris)))
        await auditor.read()
        return auditor.audit()


async def read_topic(kafka: str, topic: str) -> list[Any]:
    """Every committed record of a topic as aiokafka gives it, in order within each partition."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=None, auto_offset_reset="earliest", enable_auto_commit=False,
        isolation_level="read_committed",
    )  # fmt: skip
    await consumer.start()
    try:
        async with Offsets(kafka) as offsets:
            places = await offsets.places(topic)
        begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        consumer.assign(places)
        for place in places:
            consumer.seek(place, begins[place])
        records: list[Any] = []
        left = {place for place in places if begins[place] < ends[place]}
        deadline = time.monotonic() + 60
        while left:
            for found in (await consumer.getmany(*left, timeout_ms=200)).values():
                records += found
            left = {place for place in left if await consumer.position(place) < ends[place]}
            assert time.monotonic() < deadline, f"{topic} can't be read to its end"
        return records
    finally:
        await consumer.stop()


def articles_of(path: Path) -> list[Article]:
    """The articles of a file, in either format; none may be refused."""
    with path.open("rb") as file:
        lines = list(read_file(file, "auto", 10_000_000))
    assert all(isinstance(line, Read) for line in lines), "the file has lines that are no articles"
    return [line.article for line in lines if isinstance(line, Read)]

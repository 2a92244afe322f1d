"""The whole way with real processes: services started, killed and paused, topics audited from outside.

Nothing here looks into Redis or into a service: what Kafka's topics say is what counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from storyline.edges.ingest.outgoing import outgoing
from storyline.edges.ingest.reading import Read, read_articles
from storyline_schemas import Article, PartitionCounts

SETTLE_SECONDS = 180.0
POLL_SECONDS = 0.2
GROUPS = {"storyline.matcher": "articles", "storyline.updater": "story-commands"}
Sent = tuple[bytes | None, bytes | None, int, Sequence[tuple[str, bytes]]]
LIVE = ("open", "dormant", "closed")


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

    async def ends(self, topic: str) -> dict[int, int]:
        """The end offset of each partition."""
        async with Offsets(self.kafka) as offsets:
            return await offsets.ends(topic)

    async def audit(self, uris: Iterable[str]) -> Audit:
        return await audit(self.kafka, set(uris))


class Offsets:
    """Committed and end offsets over kept connections."""

    def __init__(self, kafka: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        self._consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None)

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()
        await self._consumer.stop()

    async def ends(self, topic: str) -> dict[int, int]:
        places = await _places(self._admin, topic)
        return {place.partition: end for place, end in (await self._consumer.end_offsets(places)).items()}

    async def places(self, topic: str) -> list[TopicPartition]:
        return await _places(self._admin, topic)

    async def lag(self, group: str, topic: str) -> int:
        return await self.behind(group, topic, await self.ends(topic))

    async def behind(self, group: str, topic: str, ends: Mapping[int, int]) -> int:
        """How many records before `ends` the group hasn't committed."""
        found = await self._admin.list_consumer_group_offsets(group)
        committed = {place.partition: at.offset for place, at in found.items() if place.topic == topic}
        return sum(max(0, end - max(0, committed.get(partition, 0))) for partition, end in ends.items())


async def _places(admin: AIOKafkaAdminClient, topic: str) -> list[TopicPartition]:
    described = await admin.describe_topics([topic])
    numbers = [partition["partition"] for each in described for partition in each["partitions"]]
    assert numbers, f"there is no topic {topic}"  # an audit of nothing must not pass
    return [TopicPartition(topic, number) for number in sorted(numbers)]


@dataclass
class Audit:
    """What the topics say. Everything but `articles` … `repeats` must be nothing."""

    articles: int = 0
    stories: int = 0
    updates: int = 0
    dead_letters: int = 0
    repeats: int = 0
    """Updates that came again, byte-identical: allowed, and rare."""
    lost: list[str] = field(default_factory=list)
    """Articles in no live story and no dead letter."""
    doubled: list[str] = field(default_factory=list)
    """Articles in more than one live story."""
    version_gaps: list[str] = field(default_factory=list)
    """Stories whose versions, repeats dropped, aren't 1, 2, 3, …"""
    changed_repeats: list[str] = field(default_factory=list)
    """Versions that came again with other bytes."""
    stale_states: list[str] = field(default_factory=list)
    """Stories whose state on `stories` isn't that of their last update."""
    wrong_counts: list[str] = field(default_factory=list)
    """Stories whose article_count isn't the number of distinct articles in their sources."""
    uncited: list[str] = field(default_factory=list)
    """Stories with a sentence that cites nothing, or a source that isn't there."""

    @property
    def clean(self) -> bool:
        return not any(value for value in asdict(self).values() if isinstance(value, list))

    def report(self) -> dict[str, int]:
        """Numbers only: how many of each."""
        return {name: len(value) if isinstance(value, list) else value for name, value in asdict(self).items()}


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


async def audit(kafka: str, uris: set[str]) -> Audit:
    """Read the topics whole and compare them with each other and with the articles that were sent."""
    updates, states = await read_topic(kafka, "story-updates"), await read_topic(kafka, "stories")
    dead = [*await read_topic(kafka, "articles.dlq"), *await read_topic(kafka, "story-commands.dlq")]
    found = Audit(articles=len(uris), dead_letters=len(dead))
    last = _check_versions(updates, found)
    stories = {record.key: json.loads(record.value) for record in states if record.value is not None}
    stories = {story["id"]: story for story in stories.values()}
    found.stale_states = sorted(id for id in last.keys() | stories.keys() if stories.get(id) != last.get(id))
    live = [story for story in stories.values() if story["status"] in LIVE and story["article_count"]]
    found.stories = len(live)
    for story in live:
        _check_story(story, found)
    places = Counter(source["article_uri"] for story in live for source in story["sources"])
    found.lost = sorted(uris - places.keys() - _dead_uris(dead))
    found.doubled = sorted(uri for uri, count in places.items() if count > 1)
    return found


def _check_versions(updates: Sequence[Any], found: Audit) -> dict[str, Any]:
    """Fill in what the updates tell; each story as its last update has it."""
    seen: defaultdict[str, dict[int, bytes]] = defaultdict(dict)
    last: dict[str, Any] = {}
    gaps: set[str] = set()
    for record in updates:
        story = json.loads(record.value)["story"]
        versions = seen[story["id"]]
        before = versions.get(story["version"])
        if before is not None:
            found.repeats += 1
            if before != record.value:
                found.changed_repeats.append(f"{story['id']} v{story['version']}")
            continue
        if story["version"] != len(versions) + 1:
            gaps.add(story["id"])
        versions[story["version"]] = record.value
        last[story["id"]] = story
    found.updates = sum(map(len, seen.values()))
    found.version_gaps = sorted(gaps)
    return last


def _check_story(story: Mapping[str, Any], found: Audit) -> None:
    numbers = {source["n"] for source in story["sources"]}
    if story["article_count"] != len({source["article_uri"] for source in story["sources"]}):
        found.wrong_counts.append(story["id"])
    for section in story["sections"]:
        for sentence in section["sentences"]:
            if not sentence["citations"] or not set(sentence["citations"]) <= numbers:
                found.uncited.append(story["id"])


def _dead_uris(dead: Sequence[Any]) -> set[str]:
    uris = set()
    for record in dead:
        try:
            value = json.loads(record.value or b"null")
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(value.get("uri", value.get("article_uri")), str):
            uris.add(value.get("uri", value.get("article_uri")))
    return uris


def articles_of(path: Path) -> list[Article]:
    """The articles of a file, in either format; none may be refused."""
    with path.open("rb") as file:
        lines = list(read_articles(file, "auto", 10_000_000))
    assert all(isinstance(line, Read) for line in lines), "the file has lines that are no articles"
    return [line.article for line in lines if isinstance(line, Read)]

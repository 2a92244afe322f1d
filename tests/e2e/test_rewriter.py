"""The rewriter as a service beside a model over real HTTP, killed wherever it hurts: each section is worded once, and
a model that is slow or away holds up nothing."""

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from storyline.observe.probing import PROBE_SECONDS
from storyline.stream.crash_points import POINTS
from storyline_schemas import Article
from tests.model_server import ModelServer, split_at_and

from ..conftest import running
from ..offsets import Offsets
from ..servers import KafkaBroker, RedisServer
from .harness import Cluster, Service, articles_of, read_topic

# One Kafka, Redis, matcher and updater for all: what each test sends comes on top of what the one before has sent.
pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]
PROGRESS_SECONDS = 6
PATHS = ("/live", "/ready", "/progress")
DEATHS = (*POINTS, "asking")
SETTINGS = {"rewriter_settle_seconds": "0.2", "instance": "one", "session_seconds": "6"}


def connected(sentences: list[str]) -> list[str]:
    """A model that has something to say about almost every section: a connective before its last sentence."""
    if len(sentences) == 1 or sentences[-1].startswith("Also"):
        return split_at_and(sentences)
    return [*sentences[:-1], f"Also, {sentences[-1]}"]


@pytest.fixture(scope="module")
def broker() -> Iterator[KafkaBroker]:
    yield from running(KafkaBroker())


@pytest.fixture(scope="module")
def store() -> Iterator[RedisServer]:
    yield from running(RedisServer())


@pytest.fixture(scope="module")
def cluster(broker: KafkaBroker, store: RedisServer) -> Iterator[Cluster]:
    with Cluster(broker.address, store.url) as cluster:
        cluster.ok("topics", "create")
        cluster.start("matcher"), cluster.start("updater")
        yield cluster


@pytest.fixture
def parts(sample: Path) -> list[list[Article]]:
    """The sample, dealt out: two for the bad model, one for each death, one more."""
    articles, count = articles_of(sample), len(DEATHS) + 3
    return [articles[at::count] for at in range(count)]


class Killing:
    """Such a model, that kills who asks it while he waits for the first answer."""

    def __init__(self) -> None:
        self.victim: Service | None = None

    def __call__(self, sentences: list[str]) -> list[str]:
        victim, self.victim = self.victim, None
        if victim is not None and victim.process is not None:
            os.kill(victim.process.pid, signal.SIGKILL)
        return connected(sentences)


def kept(store: RedisServer, pattern: str) -> dict[bytes, Any]:
    """Redis' hashes of that pattern."""
    with redis.Redis.from_url(store.url) as client:
        return {name: client.hgetall(name) for name in client.scan_iter(pattern)}


async def until_dead(service: Service, seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while service.running:
            await asyncio.sleep(0.05)
    assert service.wait() == -signal.SIGKILL, service.said()


async def until_settled(cluster: Cluster, store: RedisServer) -> None:
    """Until every update is read, nothing waits for the model any more, and what it proposed is carried out."""
    async with asyncio.timeout(90), Offsets(cluster.kafka) as offsets:
        while True:
            await cluster.settled()
            ends = await offsets.ends("story-updates")
            unread = await offsets.behind("storyline.rewriter", "story-updates", ends)
            # A marker of a transaction ends each partition; nobody commits past it.
            if unread <= len(ends) and not kept(store, "storyline:{wording/*}:waiting"):
                await cluster.settled()
                if await offsets.ends("story-updates") == ends:
                    return
            await asyncio.sleep(0.3)


async def worded(cluster: Cluster) -> list[dict[str, Any]]:
    updates = [json.loads(record.value) for record in await read_topic(cluster.kafka, "story-updates")]
    return [update for update in updates if update["change"]["kind"] == "prose"]


async def answer(address: str, path: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://{address}{path}", timeout=10)
        return answer.status_code, answer.text


async def until_asked(cluster: Cluster, model: ModelServer) -> None:
    await cluster.until(lambda: model.asked, "the model is asked", seconds=30)


async def until_well(cluster: Cluster, rewriter: Service, seconds: float = 30.0) -> str:
    """Until it is live, ready and getting on; where it says so."""
    found: list[str] = []
    pattern = r"http://([\d.]+:\d+)/metrics"
    await cluster.until(lambda: found.extend(re.findall(pattern, rewriter.said())) or found, "it serves its health", 20)
    said: list[tuple[int, str]] = []
    deadline = time.monotonic() + seconds
    while [status for status, _ in said] != [200] * len(PATHS):
        assert time.monotonic() < deadline, f"{said}\n{cluster.logs()}"
        said = [await answer(found[0], path) for path in PATHS]
        await asyncio.sleep(0.2)
    return found[0]


async def test_pages_come_as_ever_beside_a_model_that_is_slow_and_then_away(
    cluster: Cluster, parts: Sequence[Sequence[Article]]
) -> None:
    more = {"metrics_port": "0", "progress_seconds": str(PROGRESS_SECONDS), "rewriter_timeout_seconds": "2"}
    async with ModelServer("slow").serving() as model:
        rewriter = cluster.start("rewriter", **SETTINGS, **more, rewriter_url=model.url)
        await cluster.send_articles(parts[0])
        await cluster.settled(60)
        await until_asked(cluster, model)
    await cluster.send_articles(parts[1])
    await cluster.settled(60)
    updates = [json.loads(record.value) for record in await read_topic(cluster.kafka, "story-updates")]
    assert len({source["article_uri"] for update in updates for source in update["story"]["sources"]}) > len(parts[0])
    assert updates and not await worded(cluster)
    # At the end of a topic that ends in a transaction's marker nothing is stuck, nor is it while the model is away.
    address = await until_well(cluster, rewriter)
    for _ in range(round(PROGRESS_SECONDS + 2 * PROBE_SECONDS)):
        await asyncio.sleep(1)
        for path in PATHS:
            status, said = await answer(address, path)
            assert status == 200, f"{path}: {said}\n{cluster.logs()}"
    rewriter.kill()


async def test_a_rewriter_killed_anywhere_words_each_section_once(
    cluster: Cluster, store: RedisServer, parts: Sequence[Sequence[Article]], sample_uris: set[str]
) -> None:
    killing = Killing()
    async with ModelServer(killing).serving() as model:
        settings = {**SETTINGS, "rewriter_url": model.url}
        async with asyncio.timeout(160):
            for point, some in zip(DEATHS, parts[2:-1], strict=True):
                crash = {} if point == "asking" else {"test_crash_at": point}
                doomed = cluster.start("rewriter", **settings, **crash)
                killing.victim = doomed if point == "asking" else None
                await cluster.send_articles(some)  # so that each point is reached
                await until_dead(doomed)
        rewriter = cluster.start("rewriter", **settings)
        await until_settled(cluster, store)
        assert await asyncio.to_thread(rewriter.stop) == 0
    # Every version is there once, in order, cited, and nothing was a dead letter.
    sent = {each.uri for part in parts[2:-1] for each in part}
    found = await cluster.audit(sent & sample_uris)
    assert found.clean and found.dead_letters == 0 and not await read_topic(cluster.kafka, "story-updates.dlq"), found
    updates = await worded(cluster)
    assert {update["notify"]["mode"] for update in updates} == {"silent"}
    # A section that has been worded is never worded again before it changed.
    assert all("Also, Also" not in json.dumps(update["story"]["sections"]) for update in updates)


async def test_what_was_worded_comes_back_from_the_topics_byte_for_byte(
    cluster: Cluster, store: RedisServer, parts: Sequence[Sequence[Article]]
) -> None:
    async with ModelServer(connected).serving() as model:
        rewriter = cluster.start("rewriter", **SETTINGS, rewriter_url=model.url)
        await cluster.send_articles(parts[-1])
        await until_settled(cluster, store)
        assert await asyncio.to_thread(rewriter.stop) == 0
    for service in cluster.services:
        await asyncio.to_thread(service.stop)
    before = kept(store, "storyline:{story/*}:head")
    assert any(b'"rewritten":true' in head[b"story"] for head in before.values())
    await asyncio.to_thread(cluster.ok, "rebuild")
    assert kept(store, "storyline:{story/*}:head") == before

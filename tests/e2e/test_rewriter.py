"""The rewriter as a service beside a model over real HTTP, killed wherever it hurts: each section is worded once, and
a model that is slow or away holds up nothing."""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from storyline.stream.crash_points import POINTS
from storyline_schemas import Article
from tests.model_server import ModelServer, split_at_and

from ..servers import RedisServer, free_port
from .harness import Cluster, Offsets, Service, articles_of, read_topic

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]
PROGRESS_SECONDS = 4
SETTINGS = {"rewriter_settle_seconds": "0.2", "instance": "one", "session_seconds": "6"}


def connected(sentences: list[str]) -> list[str]:
    """A model that has something to say about almost every section: a connective before its last sentence."""
    if len(sentences) == 1 or sentences[-1].startswith("Also"):
        return split_at_and(sentences)
    return [*sentences[:-1], f"Also, {sentences[-1]}"]


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
    async with asyncio.timeout(120), Offsets(cluster.kafka) as offsets:
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


async def answers(port: int, path: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}{path}", timeout=10)
        return answer.status_code, answer.text


async def until_asked(cluster: Cluster, model: ModelServer) -> None:
    try:
        async with asyncio.timeout(120):
            while not model.asked:
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"the model is never asked\n{cluster.logs()}") from None


@pytest.mark.timeout(600)
async def test_a_bad_model_holds_up_nothing_and_a_rewriter_killed_anywhere_words_each_section_once(
    cluster: Cluster, store: RedisServer, sample: Path, sample_uris: set[str]
) -> None:
    articles, deaths = articles_of(sample), (*POINTS, "asking")
    parts = [articles[at :: len(deaths) + 2] for at in range(len(deaths) + 2)]
    cluster.start("matcher"), cluster.start("updater")
    await _beside_a_bad_model(cluster, parts[-2:])
    killing = Killing()
    async with ModelServer(killing).serving() as model:
        settings = {**SETTINGS, "rewriter_url": model.url}
        for point, some in zip(deaths, parts, strict=False):
            crash = {} if point == "asking" else {"test_crash_at": point}
            doomed = cluster.start("rewriter", **settings, **crash)
            killing.victim = doomed if point == "asking" else None
            await cluster.send_articles(some)  # so that each point is reached
            await until_dead(doomed)
        rewriter = cluster.start("rewriter", **settings)
        await until_settled(cluster, store)
    # Every version is there once, in order, cited, and nothing was a dead letter.
    found = await cluster.audit(sample_uris)
    assert found.clean and found.dead_letters == 0 and not await read_topic(cluster.kafka, "story-updates.dlq"), found
    updates = await worded(cluster)
    assert {update["notify"]["mode"] for update in updates} == {"silent"}
    # A section that has been worded is never worded again before it changed.
    assert all("Also, Also" not in json.dumps(update["story"]["sections"]) for update in updates)
    assert await asyncio.to_thread(rewriter.stop) == 0
    # And all of it comes back from the topics, byte for byte.
    for service in cluster.services:
        await asyncio.to_thread(service.stop)
    before = kept(store, "storyline:{story/*}:head")
    assert any(b'"rewritten":true' in head[b"story"] for head in before.values())
    await asyncio.to_thread(cluster.ok, "rebuild")
    assert kept(store, "storyline:{story/*}:head") == before


async def _beside_a_bad_model(cluster: Cluster, parts: Sequence[Sequence[Article]]) -> None:
    """One that is slow, then away: pages come as ever, and the rewriter's health is good."""
    port = free_port()
    more = {"metrics_port": str(port), "progress_seconds": str(PROGRESS_SECONDS), "rewriter_timeout_seconds": "2"}
    async with ModelServer("slow").serving() as model:
        rewriter = cluster.start("rewriter", **SETTINGS, **more, rewriter_url=model.url)
        await cluster.send_articles(parts[0])
        await cluster.settled()
        await until_asked(cluster, model)
    await cluster.send_articles(parts[1])
    await cluster.settled()
    updates = [json.loads(record.value) for record in await read_topic(cluster.kafka, "story-updates")]
    assert len({source["article_uri"] for update in updates for source in update["story"]["sources"]}) > len(parts[0])
    assert updates and not await worded(cluster)
    # At the end of a topic that ends in a transaction's marker nothing is stuck, nor is it while the model is away.
    await asyncio.sleep(PROGRESS_SECONDS + 4)
    for path in ("/live", "/ready", "/progress"):
        status, said = await answers(port, path)
        assert status == 200, f"{path}: {said}\n{cluster.logs()}"
    rewriter.kill()

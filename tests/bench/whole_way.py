"""The whole way of an article beside its engines alone, and how long an update takes at a steady pace.

    python -m tests.bench.whole_way [--input FILE.jsonl] [--rounds 3] [--rate 50] [--seconds 30] [--json]

Real Apache Kafka and redis-server, services as processes; engines and whole way in turn, so that a machine whose
speed drifts slows both. Nothing here is a test: it prints medians and ratios, and judges nothing.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.resources import as_file, files
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from storyline.app import rehearse
from storyline.domain.pipeline import Pipeline
from storyline.domain.placing import Arrival
from storyline.domain.placing.arrival import at_ms_of
from storyline.edges.ingest.reading import Read, read_articles
from storyline_schemas import Article, partition_of
from storyline_schemas.topics import ARTICLES, STORY_UPDATES

from ..servers import KafkaBroker, RedisServer

LINE_BYTES_MAX = 8_000_000
SETTLE_SECONDS = 60
SPACE = "world"
STORYLINE = (sys.executable, "-m", "storyline")


def read(path: Path) -> list[Article]:
    """The articles of a file in our contract or of labelled stories, in its order."""
    with path.open("rb") as lines:
        return [line.article for line in read_articles(lines, "auto", LINE_BYTES_MAX) if isinstance(line, Read)]


def engines(path: Path, batch: int) -> float:
    """Articles a second through annotate, decide, join and evolve in memory, `batch` at a time, from text.

    In a fresh process that rehearses as a service does: no article has been seen before, as on the whole way.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(_engines, path, batch).result()


def _engines(path: Path, batch: int) -> float:
    articles = read(path)
    rehearse()
    arrivals = [Arrival(one, SPACE, one.uri, at_ms_of(one, 2**42)) for one in articles]
    pipeline, start = Pipeline(SPACE), time.perf_counter()
    for first in range(0, len(arrivals), batch):
        pipeline.feed(arrivals[first : first + batch])
    return len(articles) / (time.perf_counter() - start)


def whole_way(path: Path, kafka: str, redis: str) -> dict[str, Any]:
    """What `storyline demo --input` reports on a real broker and Redis. Raises CalledProcessError if it fails."""
    command = [*STORYLINE, "demo", "--input", str(path), "--exit", "--json", "--kafka", kafka, "--redis", redis]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def servers() -> Iterator[tuple[KafkaBroker, RedisServer]]:
    """A fresh broker and Redis; both are gone afterwards."""
    with KafkaBroker() as kafka, RedisServer() as redis:
        yield kafka, redis


@contextmanager
def services(kafka: str, redis: str) -> Iterator[None]:
    """Topics, a matcher and an updater; both processes are ended afterwards."""
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": kafka, "STORYLINE_REDIS_URL": redis}
    subprocess.run([*STORYLINE, "topics", "create"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryFile() as log:
        started = [
            subprocess.Popen([*STORYLINE, "run", name], env=environment, stdout=log, stderr=log)
            for name in ("matcher", "updater")
        ]
        try:
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)


async def steady(articles: Sequence[Article], kafka: str, rate: float, seconds: float) -> dict[str, float]:
    """Milliseconds from an article's produce call to the first update that names it being readable."""
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
    warm = asyncio.Event()
    consumer = AIOKafkaConsumer(
        STORY_UPDATES.name, bootstrap_servers=kafka, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=ARTICLES.bytes_max)
    await consumer.start()
    await producer.start()

    async def watch() -> None:
        async for record in consumer:
            now = time.perf_counter()
            for change in json.loads(record.value)["change"]["articles"]:
                seen.setdefault(change["uri"], now)
            warm.set()

    watching = asyncio.create_task(watch())
    try:
        await _send_steadily(producer, articles, rate, seconds, sent, warm)
        deadline = time.perf_counter() + SETTLE_SECONDS
        while not sent.keys() <= seen.keys() and time.perf_counter() < deadline:
            await asyncio.sleep(0.1)
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await producer.stop()
        await consumer.stop()
    delays = sorted((seen[uri] - at) * 1000 for uri, at in sent.items() if uri in seen and uri != _WARM_UP)
    return {
        "articles": len(sent), "missing": len(sent.keys() - seen.keys()), "rate": rate,
        "p50_ms": round(delays[len(delays) // 2], 1), "p95_ms": round(delays[int(len(delays) * 0.95)], 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)], 1), "max_ms": round(delays[-1], 1),
    }  # fmt: skip


_WARM_UP = "urn:bench:warm-up"


async def _send_steadily(
    producer: AIOKafkaProducer, articles: Sequence[Article], rate: float, seconds: float, sent: dict[str, float],
    warm: asyncio.Event,
) -> None:  # fmt: skip
    """One article each 1/rate seconds, the file again and again under new uris, after one that warms the way up."""
    partitions = len(await producer.partitions_for(ARTICLES.name))
    partition = partition_of(SPACE, partitions)

    async def send(article: Article) -> None:
        sent[article.uri] = time.perf_counter()
        await producer.send(ARTICLES.name, article.to_json(), key=SPACE.encode(), partition=partition)

    await send(articles[0].model_copy(update={"uri": _WARM_UP}))
    await warm.wait()  # the services join their groups and acquire their partitions meanwhile
    start = time.perf_counter()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        article = articles[number % len(articles)]
        await send(article.model_copy(update={"uri": f"{article.uri}:{number // len(articles)}"}))


def measure(path: Path, rounds: int, rate: float, seconds: float) -> dict[str, Any]:
    """Rounds of engines and whole way in turn, then the steady pace. Rates in articles a second."""
    articles = read(path)
    alone: list[float] = []
    batched: list[float] = []
    whole: list[float] = []
    for _ in range(rounds):
        alone.append(engines(path, 1))
        batched.append(engines(path, 500))
        with servers() as (kafka, redis):
            whole.append(whole_way(path, kafka.address, redis.url)["articles_per_second"])
    with servers() as (kafka, redis), services(kafka.address, redis.url):
        latency = asyncio.run(steady(articles, kafka.address, rate, seconds))
    median = statistics.median
    return {
        "articles": len(articles), "rounds": rounds,
        "engines_one_by_one_per_second": round(median(alone), 1),
        "engines_in_batches_per_second": round(median(batched), 1),
        "whole_way_per_second": round(median(whole), 1),
        "whole_way_ratio": round(median(w / a for w, a in zip(whole, alone, strict=True)), 2),
        "whole_way_ratio_to_batches": round(median(w / b for w, b in zip(whole, batched, strict=True)), 2),
        "steady": latency,
    }  # fmt: skip


def table(report: dict[str, Any]) -> str:
    """What `measure` found, for a terminal."""
    pace = report["steady"]
    return (
        f"engines alone, one by one   {report['engines_one_by_one_per_second']:>8} articles/s\n"
        f"engines alone, batches      {report['engines_in_batches_per_second']:>8} articles/s\n"
        f"whole way                   {report['whole_way_per_second']:>8} articles/s"
        f"   ratio {report['whole_way_ratio']} (to batches {report['whole_way_ratio_to_batches']})\n"
        f"steady {pace['rate']:g}/s                p50 {pace['p50_ms']} ms, p99 {pace['p99_ms']} ms"
        f", max {pace['max_ms']} ms, missing {pace['missing']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, help="articles; without it, the sample wire")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=50.0, help="articles a second at the steady pace")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the steady pace is kept")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with as_file(files("storyline") / "demo" / "wire.jsonl") as sample:
        report = measure(options.input or sample, options.rounds, options.rate, options.seconds)
    print(table(report), file=sys.stderr)
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()

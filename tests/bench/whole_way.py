"""The whole way of an article beside its engines alone, and how long an update takes at a steady pace.

    python -m tests.bench.whole_way [--input FILE.jsonl] [--rounds 3] [--rate 50] [--warm-seconds 15] [--json]

Real Apache Kafka and redis-server, services as processes; engines and whole way in turn, so that a machine whose
speed drifts slows both. The whole way is `storyline ingest`, a matcher and an updater, as a wire uses them; nobody
reads pages or is notified meanwhile. The pace is held with the sample wire first, until broker and services are warm
(that part is told apart), and then with the input, each article once: a repeat would be a copy, which costs less.
Nothing here is a test: it prints medians and ratios, and judges nothing.
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
from collections.abc import Iterable, Iterator, Sequence
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
from storyline.edges.ingest.reading import Read, read_file
from storyline_schemas import Article, PartitionCounts, partition_of
from storyline_schemas.topics import ARTICLES, STORY_COMMANDS, STORY_UPDATES

from ..servers import KafkaBroker, RedisServer

LINE_BYTES_MAX = 8_000_000
SETTLE_SECONDS = 60
WAY_SECONDS_MAX = 600
OWNS = "owns partition"
"""What a service logs once it has loaded a partition's state."""
SPACE = "world"
STORYLINE = (sys.executable, "-m", "storyline")


def read(path: Path) -> list[Article]:
    """The articles of a file in our contract or of labelled stories, in its order."""
    with path.open("rb") as lines:
        return [line.article for line in read_file(lines, "auto", LINE_BYTES_MAX) if isinstance(line, Read)]


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


def whole_way(path: Path, kafka: str, redis: str) -> float:
    """Articles a second, from the first article's record to the update record that names the last of them.

    Raises CalledProcessError if they can't be sent, TimeoutError if one doesn't come out.
    """
    uris = {article.uri for article in read(path)}
    with services(kafka, redis) as environment:
        subprocess.run(
            [*STORYLINE, "ingest", str(path)], env=environment, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return len(uris) / asyncio.run(_way_seconds(kafka, uris))


async def _way_seconds(kafka: str, uris: set[str]) -> float:
    """Seconds from the first record on `articles` to the first update record after which every uri was named."""
    left, began_ms, ended_ms = set(uris), 0, 0
    consumer = AIOKafkaConsumer(
        ARTICLES.name, STORY_UPDATES.name, bootstrap_servers=kafka, isolation_level="read_committed",
        auto_offset_reset="earliest",
    )  # fmt: skip
    await consumer.start()
    try:
        async with asyncio.timeout(WAY_SECONDS_MAX):
            while left:
                record = await consumer.getone()
                if record.topic == ARTICLES.name:
                    began_ms = min(began_ms or record.timestamp, record.timestamp)
                else:
                    left -= {change["uri"] for change in json.loads(record.value)["change"]["articles"]}
                    ended_ms = max(ended_ms, record.timestamp)
    finally:
        await consumer.stop()
    return (ended_ms - began_ms) / 1000


@contextmanager
def servers() -> Iterator[tuple[KafkaBroker, RedisServer]]:
    """A fresh broker and Redis; both are gone afterwards."""
    with KafkaBroker() as kafka, RedisServer() as redis:
        yield kafka, redis


@contextmanager
def services(kafka: str, redis: str) -> Iterator[dict[str, str]]:
    """Topics, and a matcher and an updater that own their partitions; both are ended afterwards.

    Gives the environment in which a command finds the servers. Raises TimeoutError if they don't come up.
    """
    environment = {**os.environ, "STORYLINE_KAFKA_BOOTSTRAP_SERVERS": kafka, "STORYLINE_REDIS_URL": redis}
    subprocess.run([*STORYLINE, "topics", "create"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with tempfile.NamedTemporaryFile() as log:
        started = [
            subprocess.Popen([*STORYLINE, "run", name], env=environment, stdout=log, stderr=log)
            for name in ("matcher", "updater")
        ]
        try:
            _wait_until_owned(Path(log.name))
            yield environment
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)


def _wait_until_owned(log: Path) -> None:
    counts = PartitionCounts()
    owned = ARTICLES.partitions(counts) + STORY_COMMANDS.partitions(counts)
    deadline = time.monotonic() + SETTLE_SECONDS
    while log.read_text(errors="replace").count(OWNS) < owned:
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


async def steady(
    warming: Sequence[Article], articles: Sequence[Article], kafka: str, rate: float, warm_seconds: float
) -> dict[str, Any]:
    """Milliseconds from an article's produce call to the first update that names it being readable.

    `warming` again and again under new uris, then each of `articles` once, without a pause in between.
    """
    warm_up = [_again(warming, number) for number in range(int(rate * warm_seconds))]
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
    first = asyncio.Event()
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
            first.set()

    watching = asyncio.create_task(watch())
    try:
        await _send_steadily(producer, [*warm_up, *articles], rate, sent, first)
        deadline = time.perf_counter() + SETTLE_SECONDS
        while not sent.keys() <= seen.keys() and time.perf_counter() < deadline:
            await asyncio.sleep(0.1)
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await producer.stop()
        await consumer.stop()
    measured = {article.uri for article in articles}
    delays = {uri: (seen[uri] - at) * 1000 for uri, at in sent.items() if uri in seen and uri != _FIRST}
    return {
        "rate": rate, "articles": len(measured), "missing": len(sent.keys() - seen.keys()),
        **_quantiles(delay for uri, delay in delays.items() if uri in measured),
        "while_warming": _quantiles(delay for uri, delay in delays.items() if uri not in measured),
    }  # fmt: skip


def _quantiles(delays_ms: Iterable[float]) -> dict[str, float]:
    delays = sorted(delays_ms)
    if not delays:
        return {}
    at = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    return {
        **{name: round(delays[int(len(delays) * share)], 1) for name, share in at.items()},
        "max_ms": round(delays[-1], 1),
    }


_FIRST = "urn:bench:first"


def _again(articles: Sequence[Article], number: int) -> Article:
    """The article whose turn it is, under a uri of its own."""
    article = articles[number % len(articles)]
    return article.model_copy(update={"uri": f"urn:bench:{number // len(articles)}:{article.uri}"})


async def _send_steadily(
    producer: AIOKafkaProducer, articles: Sequence[Article], rate: float, sent: dict[str, float], first: asyncio.Event
) -> None:
    """One article each 1/rate seconds, once the update of a first one was seen."""
    partitions = len(await producer.partitions_for(ARTICLES.name))
    partition = partition_of(SPACE, partitions)

    async def send(article: Article) -> None:
        sent[article.uri] = time.perf_counter()
        await producer.send(ARTICLES.name, article.to_json(), key=SPACE.encode(), partition=partition)

    await send(articles[0].model_copy(update={"uri": _FIRST}))
    await first.wait()
    start = time.perf_counter()
    for number, article in enumerate(articles):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        await send(article)


def measure(path: Path, sample: Path, rounds: int, rate: float, warm_seconds: float) -> dict[str, Any]:
    """Rounds of engines and whole way in turn, then the steady pace. Rates in articles a second."""
    articles = read(path)
    alone: list[float] = []
    batched: list[float] = []
    whole: list[float] = []
    for _ in range(rounds):
        alone.append(engines(path, 1))
        batched.append(engines(path, 500))
        with servers() as (kafka, redis):
            whole.append(whole_way(path, kafka.address, redis.url))
    with servers() as (kafka, redis), services(kafka.address, redis.url):
        latency = asyncio.run(steady(read(sample), articles, kafka.address, rate, warm_seconds))
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
    cold = pace["while_warming"]
    return (
        f"engines alone, one by one   {report['engines_one_by_one_per_second']:>8} articles/s\n"
        f"engines alone, batches      {report['engines_in_batches_per_second']:>8} articles/s\n"
        f"whole way                   {report['whole_way_per_second']:>8} articles/s"
        f"   ratio {report['whole_way_ratio']} (to batches {report['whole_way_ratio_to_batches']})\n"
        f"steady {pace['rate']:g}/s                p50 {pace['p50_ms']} ms, p99 {pace['p99_ms']} ms"
        f", max {pace['max_ms']} ms, missing {pace['missing']}\n"
        f"  while warming up           p50 {cold.get('p50_ms')} ms, p99 {cold.get('p99_ms')} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, help="articles; without it, the sample wire")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=50.0, help="articles a second at the steady pace")
    parser.add_argument("--warm-seconds", type=float, default=15.0, help="how long the pace is held before that counts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with as_file(files("storyline") / "demo" / "wire.jsonl") as sample:
        report = measure(options.input or sample, sample, options.rounds, options.rate, options.warm_seconds)
    print(table(report), file=sys.stderr)
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()

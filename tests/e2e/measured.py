"""A labelled file through real services, measured: `python -m tests.e2e.measured --input FILE.jsonl [--order 1]`.

On Apache Kafka and redis-server: counts, versions and B³ of what came out; the same file sent again, and once more
in another order after a restart; Redis wiped and rebuilt. Then through the embedded pair, which must give the same
stories; and both must be those of the engine alone, as `storyline evaluate matching` runs it. Prints one JSON object;
exit 1 if anything is lost, doubled, changed or different.
"""

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import redis

from storyline.evaluate.labelled import read
from storyline.evaluate.metrics import bcubed
from storyline.evaluate.protocol import Row, StreamEngine, in_order, run
from storyline.labelled import article_of, uri_of
from storyline_schemas import Article

from ..servers import EmbeddedKafka, EmbeddedRedis, KafkaBroker, RedisServer
from .harness import Cluster, read_topic

SERVICES = ("matcher", "updater")


async def places(kafka: str) -> dict[str, str]:
    """Uri → the live story it is a source of, from the topic `stories`."""
    last = {record.key: json.loads(record.value) for record in await read_topic(kafka, "stories") if record.value}
    live = (story for story in last.values() if story["status"] in ("open", "dormant", "closed"))
    return {source["article_uri"]: story["id"] for story in live for source in story["sources"]}


def b3(gold: Mapping[str, str], found: Mapping[str, str]) -> float:
    uris = sorted(gold)
    return bcubed([gold[uri] for uri in uris], [found.get(uri, uri) for uri in uris]).f1


async def once(cluster: Cluster, articles: Sequence[Article]) -> dict[str, Any]:
    """Send, wait, audit."""
    await cluster.send_articles(articles)
    await cluster.settled()
    return (await cluster.audit({article.uri for article in articles})).report()


async def again(cluster: Cluster, articles: Sequence[Article]) -> dict[str, int]:
    """New update events after sending all of it again, and after a restart in another order: none are allowed."""
    before = await cluster.ends("story-updates")
    await once(cluster, articles)
    repeated = await cluster.ends("story-updates")
    for service in cluster.services:
        service.stop()
    for name in SERVICES:
        cluster.start(name)
    shuffled = list(articles)
    random.Random(7).shuffle(shuffled)
    await once(cluster, shuffled)
    after = await cluster.ends("story-updates")
    total = lambda ends: sum(ends.values())  # noqa: E731
    return {"sent_again": total(repeated) - total(before), "shuffled": total(after) - total(repeated)}


async def wiped(cluster: Cluster, articles: Sequence[Article]) -> dict[str, Any]:
    """Redis wiped under running services, rebuilt, and on they go: the same stories, no new version."""
    found, ends = await places(cluster.kafka), await cluster.ends("story-updates")
    running = [service for service in cluster.services if service.running]
    redis.Redis.from_url(cluster.redis).flushall()
    await cluster.until(lambda: not any(service.running for service in running), "all services stop")
    named = all("storyline rebuild" in service.said() for service in running)
    cluster.ok("rebuild")
    for name in SERVICES:
        cluster.start(name)
    await once(cluster, articles)
    same = await places(cluster.kafka) == found and await cluster.ends("story-updates") == ends
    return {"stopped_and_named_rebuild": named, "same_stories": same}


async def on_servers(kafka: str, store: str, articles: Sequence[Article], gold: Mapping[str, str]) -> dict[str, Any]:
    with Cluster(kafka, store) as cluster:
        cluster.ok("topics", "create")
        for name in SERVICES:
            cluster.start(name)
        report: dict[str, Any] = {"first": await once(cluster, articles)}
        report["b3_f1"] = round(b3(gold, await places(kafka)), 4)
        report["new_events"] = await again(cluster, articles)
        report["wiped"] = await wiped(cluster, articles)
        return report


async def embedded(kafka: str, store: str, articles: Sequence[Article]) -> dict[str, str]:
    with Cluster(kafka, store) as cluster:
        cluster.ok("topics", "create")
        for name in SERVICES:
            cluster.start(name)
        await once(cluster, articles)
        return await places(kafka)


def alone(rows: Sequence[Row]) -> set[frozenset[str]]:
    """The stories that the engine alone makes of the rows, as sets of uris."""
    one = run(rows, StreamEngine())
    return grouped({uri_of(row["id"]): story for row, story in zip(one.rows, one.found, strict=True)})


def grouped(found: Mapping[str, str]) -> set[frozenset[str]]:
    """Uri → story, as sets of uris: the engine alone gives its stories no ids."""
    stories: dict[str, set[str]] = {}
    for uri, story in found.items():
        stories.setdefault(story, set()).add(uri)
    return set(map(frozenset, stories.values()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.measured", description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--order", type=int, default=1, help="seed of the order of ties and undated articles")
    options = parser.parse_args()
    rows = in_order(list(read(options.input)), options.order)
    articles, gold = [article_of(row) for row in rows], {uri_of(row["id"]): str(row["story"]) for row in rows}
    with KafkaBroker() as broker, RedisServer() as server:
        report = asyncio.run(on_servers(broker.address, server.url, articles, gold))
        stories = asyncio.run(places(broker.address))
    with EmbeddedKafka() as broker, EmbeddedRedis() as server:
        report["embedded_gives_the_same"] = asyncio.run(embedded(broker.address, server.url, articles)) == stories
    report["engine_alone_gives_the_same"] = alone(rows) == grouped(stories)
    print(json.dumps(report))
    first = report["first"]
    wrong = [name for name in ("lost", "doubled", "version_gaps", "zombie_writes") if first[name]]
    wrong += [name for name, count in report["new_events"].items() if count]
    same = [("embedded", report["embedded_gives_the_same"]), ("engine alone", report["engine_alone_gives_the_same"])]
    wrong += [name for name, held in (*report["wiped"].items(), *same) if not held]
    print(f"wrong: {', '.join(wrong) or 'nothing'}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

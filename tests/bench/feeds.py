"""Ten thousand feeds polled by one `storyline run ingest`: is every new item there once, in time, at a flat memory?

    python -m tests.bench.feeds [--feeds 10000] [--interval 120] [--rounds 2] [--json]

A local server, in a process of its own, has the feeds on 250 addresses of 127.0.0.0/8: of twenty, one is slow (it
answers after eight seconds) and one broken (errors, resets, half documents, pages in place of feeds). Every feed gets
a new item once an interval, at a moment of its own. Latency is from that moment until the item stands on `articles`
of an embedded Kafka. It measures and judges nothing. About 200 s to begin, then the rounds and a minute.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

from aiohttp import web
from aiokafka import AIOKafkaConsumer

from storyline_schemas import Article

from ..e2e.harness import Cluster
from ..servers import EmbeddedKafka, EmbeddedRedis, free_port

ADDRESSES = 250
SLOW_SECONDS = 8.0
START_PER_SECOND = 50
"""As the service begins them (`edges/ingest/feeds/polling`)."""
GRACE_SECONDS = 60.0
LOOK_SECONDS = 5.0
BROKEN = ("error", "gone", "reset", "page", "half")


def kind(number: int) -> str:
    """What feed `number` is like: one of BROKEN, `slow` or `sound`."""
    if number % 20 == 0:
        return BROKEN[number // 20 % len(BROKEN)]
    return "slow" if number % 20 == 1 else "sound"


def appears_at(number: int, item: int, begin: float, interval: float) -> float:
    """When an item comes into the feed: at a moment of the feed's own in each interval (a golden-ratio sequence)."""
    return begin + interval * (item + number * 0.6180339887 % 1.0)


class Server:
    """The feeds. Items have appeared or not by the clock alone, so nothing needs to be told."""

    def __init__(self, begin: float, interval: float, items: int) -> None:
        self._begin, self._interval, self._items = begin, interval, items

    async def answer(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        match kind(number):
            case "slow":
                await asyncio.sleep(SLOW_SECONDS)
            case "error":
                raise web.HTTPInternalServerError
            case "gone":
                raise web.HTTPNotFound
            case "reset":
                assert request.transport is not None
                request.transport.abort()
            case "page":
                return web.Response(text="<html><p>Our feeds have moved.</p></html>", content_type="text/html")
            case "half":
                text = self._feed(number, 1)
                return web.Response(text=text[: len(text) // 2], content_type="application/rss+xml")
        now = time.time()
        count = sum(appears_at(number, item, self._begin, self._interval) <= now for item in range(self._items))
        etag = f'"{number}-{count}"'
        if request.headers.get("if-none-match") == etag:
            return web.Response(status=304, headers={"etag": etag})
        return web.Response(text=self._feed(number, count), content_type="application/rss+xml", headers={"etag": etag})

    def _feed(self, number: int, count: int) -> str:
        items = "".join(self._item(number, item) for item in range(count))
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"

    def _item(self, number: int, item: int) -> str:
        published = formatdate(appears_at(number, item, self._begin, self._interval), usegmt=True)
        return (
            f"<item><guid isPermaLink='false'>urn:bench:{number}:{item}</guid>"
            f"<title>Item {item} of feed {number}</title>"
            f"<description>Invented for a benchmark: item {item} of feed {number}.</description>"
            f"<pubDate>{published}</pubDate></item>"
        )

    async def serve(self, port: int) -> None:
        app = web.Application()
        app.router.add_get("/{number:[0-9]+}", self.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        for address in range(1, ADDRESSES + 1):
            await web.TCPSite(runner, f"127.0.0.{address}", port).start()
        print("ready", flush=True)
        await asyncio.Event().wait()


def urls(feeds: int, port: int) -> Iterator[str]:
    for number in range(feeds):
        yield f"http://127.0.0.{number % ADDRESSES + 1}:{port}/{number}"


async def arrivals(kafka: str, until: float) -> dict[tuple[int, int], list[float]]:
    """(feed, item) → when its records were written, in seconds."""
    found: dict[tuple[int, int], list[float]] = {}
    async with AIOKafkaConsumer("articles", bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        while time.time() < until:
            for records in (await consumer.getmany(timeout_ms=1_000)).values():
                for record in records:
                    title = Article.model_validate_json(record.value).headline.split()
                    found.setdefault((int(title[4]), int(title[1])), []).append(record.timestamp / 1000)
    return found


async def looks(pid: int, until: float) -> list[float]:
    """The process's memory in MiB, looked at now and then."""
    seen = []
    while time.time() < until:
        status = Path(f"/proc/{pid}/status").read_text()
        seen.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
        await asyncio.sleep(LOOK_SECONDS)
    return seen


def measure(feeds: int, interval: float, rounds: int) -> dict[str, Any]:
    """Run all of it."""
    port, begin = free_port(), time.time() + feeds / START_PER_SECOND + 20
    until = begin + interval * (rounds + 1) + GRACE_SECONDS
    with tempfile.TemporaryDirectory() as folder, EmbeddedKafka() as broker, EmbeddedRedis() as store:
        listed = Path(folder) / "feeds.txt"
        listed.write_text("\n".join(urls(feeds, port)) + "\n")
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.feeds", "--serve", str(port), "--begin", str(begin),
             "--interval", str(interval), "--rounds", str(rounds)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None and server.stdout.readline() == "ready\n"
            settings = {"ingest_feeds": str(listed), "ingest_feeds_interval_seconds": str(interval)}
            with Cluster(broker.address, store.url, **settings) as cluster:
                cluster.ok("topics", "create")
                service = cluster.start("ingest")
                assert service.process is not None
                pid = service.process.pid
                found, memory, cpu = asyncio.run(_watch(broker.address, pid, until))
                print(service.said()[-2_000:], file=sys.stderr)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(10)

    return report(feeds, interval, rounds, begin, found, memory) | {"cpu_share": round(cpu, 2)}


async def _watch(kafka: str, pid: int, until: float) -> tuple[dict[tuple[int, int], list[float]], list[float], float]:
    began = time.time()
    found, memory = await asyncio.gather(arrivals(kafka, until), looks(pid, until))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found, memory, seconds / (time.time() - began)


def report(
    feeds: int, interval: float, rounds: int, begin: float, found: dict[tuple[int, int], list[float]],
    memory: list[float],
) -> dict[str, Any]:  # fmt: skip
    kinds = Counter(kind(number) for number in range(feeds))
    live = [number for number in range(feeds) if kind(number) in ("slow", "sound")]
    expected = [(number, item) for number in live for item in range(rounds)]
    late = [
        min(found[each]) - appears_at(*each, begin, interval) for each in expected if each in found
    ]  # fmt: skip
    late.sort()
    steady = memory[len(memory) // 3 :]
    return {
        "feeds": feeds, "kinds": dict(kinds), "interval_seconds": interval, "items": len(expected),
        "missing": sum(each not in found for each in expected),
        "doubled": sum(len(times) > 1 for times in found.values()),
        "foreign": sum(kind(number) in BROKEN for number, _ in found),
        "within_interval_and_minute": sum(one <= interval + GRACE_SECONDS for one in late),
        "latency_seconds": {
            "p50": round(statistics.median(late), 1) if late else None,
            "p99": round(late[int(len(late) * 0.99)], 1) if late else None, "max": round(late[-1], 1) if late else None,
        },
        "memory_mib": {"first_third": round(memory[len(memory) // 3], 1), "end": round(steady[-1], 1),
                       "max": round(max(memory), 1)},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--interval", type=float, default=120.0, help="seconds between two polls of a feed")
    parser.add_argument("--rounds", type=int, default=2, help="new items of each feed")
    parser.add_argument("--json", action="store_true", help="one line")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--begin", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(Server(options.begin, options.interval, options.rounds).serve(options.serve))
        return
    measured = measure(options.feeds, options.interval, options.rounds)
    print(json.dumps(measured, indent=None if options.json else 2))


if __name__ == "__main__":
    main()

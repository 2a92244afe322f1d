"""Memory over very many articles: matcher and updater with their state in a real Redis, in one process.

    python -m tests.bench.memory [--articles 200000] [--stories-max 2000] [--json]

Invented stories of four articles each come one after the other, on a clock of their own. Once the matcher has as many
stories as it may and the updater's cache is full, what the process holds must not grow any more; so look at the later
rows. Kafka's part, reading ahead and sending, is bounded by settings of its own (deploy/bounds.md) and left out here.
"""

import argparse
import asyncio
import gc
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storyline.infra.redis.client import Client
from storyline.stages.matcher import Matcher

from ..golden.make import RedisWire
from ..servers import RedisServer
from ..wires import NOW_MS

BATCH, ROWS = 500, 20
EACH = 4
"""Articles of a story."""
BESIDE = 25
"""Stories that are told at the same time."""
STEP_MS = 2_000
SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "yu",
    "za",
    "bren",
    "cor",
    "dal",
    "fen",
    "gor",
    "hul",
    "jar",
    "kel",
    "lor",
    "mun",
    "nor",
    "pel",
]


def text(story: int, number: int) -> tuple[str, str]:
    """Headline and body of a story's `number`-th article; each story has names of its own."""
    dice = random.Random(story)
    place, person, thing = ("".join(dice.choices(SYLLABLES, k=4)) for _ in range(3))
    place, person = place.capitalize(), person.capitalize()
    headline = f"{person} opens the {thing} works of {place}: part {number + 1}"
    sentences = [
        f"The {thing} works of {place} were opened by {person} with {dice.randrange(9, 900) + number} guests.",
        f"{person} said that the {thing} would be made in {place} for {dice.randrange(3, 90)} years.",
        f"In {place} {dice.randrange(20, 80) + number} families live on the {thing}, its mayor said.",
    ]
    return headline, " ".join(sentences)


def articles(count: int) -> Iterator[dict[str, Any]]:
    """Stories in groups that come side by side."""
    for at in range(count):
        group, within = divmod(at, EACH * BESIDE)
        story, number = group * BESIDE + within % BESIDE, within // BESIDE
        headline, body = text(story, number)
        yield {
            "uri": f"urn:invented:{story}:{number}", "version": "1", "headline": headline, "body": body,
            "language": "en", "version_created": None, "provider": {"name": f"Wire {number} (invented)"},
        }  # fmt: skip


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


async def measure(count: int, stories_max: int) -> dict[str, Any]:
    """`{"rows": [{"articles", "stories", "cached_articles", "rss_mb"}], …}`."""
    rows: list[dict[str, Any]] = []
    with RedisServer(aof=False) as server:
        client = Client.from_url(server.url)
        wire = RedisWire(client)
        await wire.start()
        wire.matcher.live_max = stories_max
        await _restart(wire.matcher)
        began, cpu = time.monotonic(), time.process_time()
        stream = articles(count)
        for done in range(0, count, BATCH):
            wire.clock_ms = NOW_MS + done * STEP_MS
            wire.feed([each for _, each in zip(range(BATCH), stream, strict=False)])
            await wire.run(size=64)
            await wire.tick(wire.clock_ms)
            await wire.run(size=64)
            _forget(wire)
            if (done // BATCH) % max(1, count // BATCH // ROWS) == 0:
                rows.append(_row(wire, done + BATCH))
        rows.append(_row(wire, count))
        await client.close()
    half = rows[len(rows) // 2 :]
    return {
        "articles": count, "rows": rows, "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "growth_second_half_mb": round(half[-1]["rss_mb"] - half[0]["rss_mb"], 1),
    }  # fmt: skip


async def _restart(matcher: Matcher) -> None:
    """Spaces that are opened from now on have the new bound."""
    for partition in range(4):
        await matcher.release(partition)
        await matcher.acquire(partition, has_committed=False)


def _forget(wire: RedisWire) -> None:
    """All is acknowledged: the logs that stand for Kafka's are emptied."""
    wire.inputs.clear()
    for log in wire.logs.values():
        log.clear()
    wire.committed = dict.fromkeys(wire.committed, 0)


def _row(wire: RedisWire, done: int) -> dict[str, Any]:
    gc.collect()
    return {
        "articles": done, "stories": wire.matcher.live_stories, "cached_articles": wire.updater.cached_articles,
        "rss_mb": round(resident_mb(), 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description="Memory over many articles.")
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--stories-max", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = asyncio.run(measure(options.articles, options.stories_max))
    for row in report["rows"]:
        print(f"{row['articles']:>9,} articles  {row['stories']:>7,} stories  {row['rss_mb']:>8.1f} MB")
    print(f"in the second half {report['growth_second_half_mb']:+.1f} MB; {report['cpu_seconds']:.0f} s of CPU")
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()

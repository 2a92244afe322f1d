"""`kill -9` in mid-stream, in seeded rounds: `python -m tests.e2e.rounds --rounds 20 --seed 1 [--input FILE] [--json]`.

A round sends the articles of a file in pieces under uris and a space of its own, and kills matcher and updater at
random moments between and during the pieces; each comes back at once. Then everything must be as if nothing had
happened.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from storyline.edges.demo.expecting import Expected
from storyline_schemas import Article

from ..servers import KafkaBroker, RedisServer
from .harness import Audit, Cluster, Service, articles_of

SAMPLE = Path(__file__).parents[2] / "services/storyline/demo/wire.jsonl"
KILLS = (2, 4)
PIECES = 8
PAUSE_SECONDS = (0.0, 1.5)


async def play(cluster: Cluster, file: Path, seed: int) -> Audit:
    """One round on a cluster whose services aren't running; they are stopped at the end. Audits everything so far."""
    dice = random.Random(seed)
    articles = [_of_round(article, seed) for article in articles_of(file)]
    services = {name: _start(cluster, name, seed, dice) for name in ("matcher", "updater")}
    kills = dice.randint(*KILLS)
    await asyncio.gather(_send(cluster, articles, dice), _kill(cluster, services, kills, seed, random.Random(seed + 1)))
    await cluster.settled()
    found = await cluster.audit(_expected(articles))
    for service in services.values():
        assert service.stop() == 0, service.said()
    return found


def _start(cluster: Cluster, name: str, seed: int, dice: random.Random) -> Service:
    # Static members come back to their partitions at once, others when their session has ended: both must hold.
    settings = {"instance": f"{name}-{seed}"} if dice.random() < 0.5 else {}
    return cluster.start(name, **settings)


async def _send(cluster: Cluster, articles: Sequence[Article], dice: random.Random) -> None:
    size = -(-len(articles) // PIECES)
    for start in range(0, len(articles), size):
        await cluster.send_articles(articles[start : start + size])
        await asyncio.sleep(dice.uniform(*PAUSE_SECONDS))


async def _kill(cluster: Cluster, services: dict[str, Service], kills: int, seed: int, dice: random.Random) -> None:
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(1.0, 4.0))
        service = services[dice.choice(list(services))]
        await asyncio.to_thread(service.kill)
        service.start()


def _of_round(article: Article, seed: int) -> Article:
    evolved = article.evolved_from and f"{article.evolved_from}:{seed}"
    changes = {"uri": f"{article.uri}:{seed}", "space": f"round-{seed}", "evolved_from": evolved}
    return article.model_copy(update=changes)


def _expected(articles: Sequence[Article]) -> set[str]:
    expected = Expected()
    for article in articles:
        expected.add(article, now_ms=1 << 53)
    return expected.uris


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.rounds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=Path, default=SAMPLE)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    failed: list[int] = []
    totals: dict[str, int] = {}
    with KafkaBroker() as broker, RedisServer() as store, Cluster(broker.address, store.url) as cluster:
        cluster.ok("topics", "create")
        for seed in range(options.seed, options.seed + options.rounds):
            began = time.monotonic()
            found = asyncio.run(play(cluster, options.input, seed))
            totals = {name: max(value, totals.get(name, 0)) for name, value in found.report().items()}
            verdict = "clean" if found.clean and not found.dead_letters else f"FAILED {found}"
            if verdict != "clean":
                failed.append(seed)
            seconds = time.monotonic() - began
            print(f"seed {seed}: {verdict}, {found.repeats} repeats so far, {seconds:.0f} s", file=sys.stderr)
    if options.json:
        print(json.dumps({"rounds": options.rounds, "failed_seeds": failed, "worst": totals}))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

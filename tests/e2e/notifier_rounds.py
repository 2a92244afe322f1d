"""`kill -9` of the notifier, in seeded rounds: `python -m tests.e2e.notifier_rounds --rounds 20 --seed 1 [--json]`.

A round sends versions of its own stories in pieces, kills the notifier a few times, at named points and at random
times, and starts it again at once. Then a webhook's receiver must have every version of every story, in order; what
came twice is counted and told apart: the same id (the receiver drops it) or a new one (it tells newer versions too).
The servers stay the same for all rounds: what one leaves behind is there for the next.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from ..servers import EmbeddedKafka, EmbeddedRedis, KafkaBroker, RedisServer, Server
from .harness import Cluster, Service
from .notifier_world import LOOPBACK, Receiver, Way, sent, update, way_of, webhook

POINTS = ("before-record", "after-record", "after-commit", "before-send", "after-send", "after-settle")
STORIES, VERSIONS = 6, 40
PAUSE_SECONDS = (0.0, 0.7)
KILLS = (2, 4)
CRASHES_AFTER = (1, 25)
PARTITIONS = 4
SETTINGS = {
    "notifier_networks_allowed": LOOPBACK, "notifier_start": "earliest", "notifier_retry_seconds": "0.05",
    "notifier_retry_seconds_max": "0.5", "session_seconds": "6",
}  # fmt: skip


class Round:
    """One round on servers that are running; the notifier is stopped at its end."""

    def __init__(self, cluster: Cluster, receiver: Receiver, file: Path, seed: int) -> None:
        self.cluster, self.receiver, self.seed = cluster, receiver, seed
        self.dice = random.Random(seed)
        self.stories = [f"st-{seed}-{n}" for n in range(STORIES)]
        self.settings = {**SETTINGS, "notifier_subscriptions": str(file)}
        if self.dice.random() < 0.5:
            # Comes back to its partitions at once; otherwise when the session of the one before has ended.
            self.settings["instance"] = f"notifier-{seed}"
        self.killed = 0
        self.died: list[str] = []

    async def play(self) -> Way:
        service = self._start()
        await self._ready(service)
        sending = asyncio.create_task(self._send())
        kills = self.dice.randint(*KILLS)
        for left in reversed(range(kills)):
            service = await self._kill(service, last=left == 0)
        await sending
        await self._ready(service)
        all_told = dict.fromkeys(self.stories, VERSIONS)
        await self.receiver.until(lambda: all_told.items() <= self.receiver.told().items(), "all is told", 90)
        # What is on its way again may still come; the notifier ends what it has begun.
        await self.cluster.until(lambda: self._drained(), "the last delivery is recorded")
        code = await asyncio.to_thread(service.stop)
        assert code == 0, f"exit {code}: {service.said()[-2_000:]}"
        return way_of([each for each in self.receiver.got if each.story in self.stories])

    def _drained(self) -> bool:
        out = self.cluster.ok("deliveries", "list", "--outcome", "delivered", "--limit", "10000", "--json")
        newest: dict[str, int] = {}
        for line in json.loads(out.splitlines()[-1])["deliveries"]:
            newest[line["story_id"]] = max(newest.get(line["story_id"], 0), line["version"])
        return all(newest.get(story) == VERSIONS for story in self.stories)

    def _start(self) -> Service:
        crash = {}
        if self.dice.random() < 0.7:
            point = self.dice.choice(POINTS)
            crash = {"test_crash_at": f"{point}:{self.dice.randint(*CRASHES_AFTER)}"}
            self.died.append(point)
        return self.cluster.start("notifier", **self.settings, **crash)

    async def _ready(self, service: Service) -> None:
        """It owns its partitions, or has died on the way there."""
        await self.cluster.until(lambda: not service.running or service.owned >= PARTITIONS, "the notifier is ready")

    async def _kill(self, service: Service, last: bool) -> Service:
        """It dies where it was told to, or a kill from outside finds it; another one comes."""
        await self._ready(service)
        deadline = time.monotonic() + self.dice.uniform(0.2, 4.0)
        while service.running and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        self.killed += 1
        await asyncio.to_thread(service.kill)
        assert service.process is not None and service.process.returncode == -9, service.said()
        return self.cluster.start("notifier", **self.settings) if last else self._start()

    async def _send(self) -> None:
        updates = [update(story, n) for n in range(1, VERSIONS + 1) for story in self.stories]
        dice = random.Random(self.seed + 1)
        while updates:
            size = dice.randint(1, 12)
            await self.cluster.send(map(sent, updates[:size]), "story-updates")
            del updates[:size]
            await asyncio.sleep(dice.uniform(*PAUSE_SECONDS))


async def play(kafka: str, redis: str, seeds: range, say: bool = True) -> list[tuple[int, int, Way]]:
    """Each round's seed, kills and what came."""
    found: list[tuple[int, int, Way]] = []
    with tempfile.TemporaryDirectory() as directory, Cluster(kafka, redis) as cluster:
        cluster.ok("topics", "create")
        async with Receiver() as receiver:
            file = Path(directory) / "subscriptions.toml"
            file.write_text(webhook("rounds", receiver.url(), 'pace = "every"'))
            for seed in seeds:
                began = time.monotonic()
                one = Round(cluster, receiver, file, seed)
                way = await one.play()
                found.append((seed, one.killed, way))
                if say:
                    verdict = "clean" if way.clean else f"FAILED {way}"
                    print(
                        f"seed {seed}: {verdict}, {one.killed} kills, {way.messages} messages, {way.repeats} repeats, "
                        f"{len(way.retold)} told again with newer ones, {time.monotonic() - began:.0f} s",
                        file=sys.stderr, flush=True,
                    )  # fmt: skip
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.notifier_rounds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--embedded", action="store_true", help="the wheels' servers instead of Apache Kafka and Redis")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pair: tuple[Server, Server] = (KafkaBroker(), RedisServer())
    if options.embedded:
        pair = (EmbeddedKafka(), EmbeddedRedis())
    seeds = range(options.seed, options.seed + options.rounds)
    with pair[0] as broker, pair[1] as store:
        found = asyncio.run(play(broker.address, f"redis://{store.address}/0", seeds))
    failed = [seed for seed, _, way in found if not way.clean]
    report = {
        "rounds": options.rounds, "failed_seeds": failed, "kills": sum(kills for _, kills, _ in found),
        "versions": options.rounds * STORIES * VERSIONS, "messages": sum(way.messages for _, _, way in found),
        "skipped": sum(len(way.skipped) for _, _, way in found), "repeats": sum(way.repeats for _, _, way in found),
        "told_again_with_newer": sum(len(way.retold) for _, _, way in found),
    }  # fmt: skip
    print(json.dumps(report) if options.json else "; ".join(f"{name} {value}" for name, value in report.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

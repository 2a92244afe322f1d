"""`python -m tests.e2e.rolling --from REV`: a rolling restart from the code of REV to that of today, under traffic.

Apache Kafka, redis-server, two matchers and two updaters of REV, and an invented wire that comes all the while. They
are stopped and started one by one with today's code, so that both versions run side by side; with `--back` then again
with that of REV. Afterwards the topics are audited from outside. The last line is one JSON object; exit code 1 if an
article is lost or doubled, or a version missing. Needs git and what the tests need; REV runs with today's dependencies.
"""

import argparse
import asyncio
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from storyline.edges.demo.expecting import Expected
from storyline_schemas import Article

from ..servers import KafkaBroker, RedisServer
from .harness import Cluster, Service, articles_of

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "services/storyline/demo/wire.jsonl"
WORKERS = ("updater", "updater", "matcher", "matcher")
"""In the order in which they are restarted: an older updater may not read what a newer matcher tells."""
JOIN_SECONDS, APART_SECONDS = 120.0, 3.0


def checked_out(rev: str, folder: Path) -> Path:
    """The code of `rev`, in the folder. Raises CalledProcessError if there is no such revision."""
    tar = subprocess.run(["git", "archive", rev], cwd=ROOT, check=True, capture_output=True, timeout=60).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def wire() -> Iterator[Article]:
    """The sample wire again and again, each time in a space of its own and under new uris."""
    sample = articles_of(SAMPLE)
    turn = 0
    while True:
        turn += 1
        for each in sample:
            uris = {
                name: f"{uri}:{turn}" for name in ("uri", "evolved_from") if (uri := getattr(each, name)) is not None
            }
            yield each.model_copy(update={**uris, "space": f"turn-{turn % 8}"})


class Rolling:
    """The workers, each with the code it runs."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.workers: list[Service] = []
        self.sent: list[Article] = []
        self.restarts = 0
        self.enough = asyncio.Event()

    def start(self, name: str, code: Path) -> Service:
        environment = self.cluster.environment() | {"PYTHONPATH": f"{code / 'services'}:{code / 'schemas'}"}
        log = self.cluster.directory / f"{name}-{len(self.cluster.services)}.log"
        service = Service(name, environment, log).start()
        self.cluster.services.append(service)
        return service

    async def feed(self, articles: Iterator[Article], a_second: float) -> None:
        """Until there is `enough`."""
        for article in articles:
            if self.enough.is_set():
                return
            await self.cluster.send_articles([article])
            self.sent.append(article)
            await asyncio.sleep(1 / a_second)

    async def restart_all(self, code: Path) -> None:
        """One by one; the next when this one works."""
        for at, old in enumerate(self.workers):
            ended = await asyncio.to_thread(old.stop)
            assert ended == 0, f"{old.name} ended with {ended}\n{old.said()[-2_000:]}"
            self.workers[at] = await self.joined(old.name, code)
            self.restarts += 1
            await asyncio.sleep(APART_SECONDS)

    async def joined(self, name: str, code: Path) -> Service:
        service = self.start(name, code)
        await self.cluster.owned(service, seconds=JOIN_SECONDS)
        return service


async def rolled(rev: str, back: bool, a_second: float) -> dict[str, object]:
    """What came of it."""
    with tempfile.TemporaryDirectory(prefix="storyline-rolling-") as folder:
        old = checked_out(rev, Path(folder))
        with KafkaBroker() as broker, RedisServer() as store, Cluster(broker.address, store.url) as cluster:
            cluster.ok("topics", "create")
            rolling = Rolling(cluster)
            rolling.workers = [await rolling.joined(name, old) for name in WORKERS]
            feeding = asyncio.create_task(rolling.feed(wire(), a_second))
            await asyncio.sleep(10 * APART_SECONDS)
            await rolling.restart_all(ROOT)
            if back:
                await rolling.restart_all(old)
                await rolling.restart_all(ROOT)
            rolling.enough.set()
            await feeding
            await cluster.settled()
            expected = Expected()
            for article in rolling.sent:
                expected.add(article, now_ms=1 << 53)
            found = await cluster.audit(expected.uris)
            assert all(worker.running for worker in rolling.workers), cluster.logs()
    clean = found.clean and not found.dead_letters
    return {"from": rev, "restarts": rolling.restarts, "clean": clean, **found.report()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.rolling", description="A rolling restart under traffic.")
    parser.add_argument("--from", dest="rev", required=True, help="the revision that runs at first")
    parser.add_argument("--back", action="store_true", help="back to that revision, and forth again")
    parser.add_argument("--per-second", type=float, default=10.0, help="articles sent each second (10)")
    options = parser.parse_args()
    report = asyncio.run(rolled(options.rev, options.back, options.per_second))
    print(json.dumps(report))
    return 0 if report["clean"] else 1


if __name__ == "__main__":
    sys.exit(main())

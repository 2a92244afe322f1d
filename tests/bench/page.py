"""How fast pages are, and how soon open streams hear of a new version.

    python -m tests.bench.page [--stories 2000] [--rate 100] [--seconds 30] [--streams 2000] [--versions 20] [--json]

One `storyline run page` on an embedded Kafka and Redis, everything on this machine; the load comes from this process
over plain sockets. Requests leave on a fixed beat, whether earlier ones are answered or not, and while they do, five
stories a second change. Times are from a request's beat to its last byte, and from before an update is sent to Kafka
until a stream has read its event. It measures and judges nothing.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from storyline_schemas import StoryUpdate, partition_of
from storyline_schemas.topics import STORIES, STORY_UPDATES

from ..e2e.paper import PageService, ferry, service_environment, short
from ..e2e.screenshots import prepare
from ..servers import EmbeddedKafka, EmbeddedRedis

PARTITIONS = 4
CHANGES_A_SECOND = 5
CONNECTIONS = 16
OPENED_AT_ONCE = 50
MIX = (("story", 70), ("index", 10), ("search", 10), ("api", 10))


class Connection:
    """One kept HTTP connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Status and bytes of the body."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(f"GET {path} HTTP/1.1\r\nhost: bench\r\naccept-encoding: gzip\r\n\r\n".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split("\r\n")[0])
        await self._reader.readexactly(length)
        return int(head.split(" ", 2)[1]), length

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def grown(id: str, version: int) -> StoryUpdate:
    """Version `version` of a story of the usual size; sentences change with it."""
    made = ferry(min(version, 3))
    story = made.story.model_copy(update={"id": id, "version": version, "headline": f"{made.story.headline} {version}"})
    return made.model_copy(update={"story": story})


async def send(producer: AIOKafkaProducer, updates: list[StoryUpdate]) -> None:
    """All of them on both topics, confirmed."""
    sent = []
    for each in updates:
        key, at = each.story.id.encode(), partition_of(each.story.id, PARTITIONS)
        sent.append(await producer.send(STORY_UPDATES.name, each.to_json(), key, at))
        sent.append(await producer.send(STORIES.name, each.story.to_json(), key, at))
    await asyncio.gather(*sent)


async def measure_pages(address: str, producer: AIOKafkaProducer, stories: int, rate: int, seconds: int) -> Any:
    """Latencies by kind of address, in ms."""
    host, port = address.removeprefix("http://").split(":")
    pool: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        pool.put_nowait(Connection(host, int(port)))
    chosen = random.Random(7)
    taken: defaultdict[str, list[float]] = defaultdict(list)
    statuses: Counter[int] = Counter()

    async def ask(kind: str, at: float) -> None:
        number = chosen.randrange(stories)
        paths = {
            "story": f"/stories/st-bench-{number}", "index": "/", "search": f"/?q=council+{chosen.choice('abcdef')}",
            "api": f"/api/stories/st-bench-{number}",
        }  # fmt: skip
        connection = await pool.get()
        status, _ = await connection.get(paths[kind])
        taken[kind].append((time.perf_counter() - at) * 1000)
        statuses[status] += 1
        pool.put_nowait(connection)

    async def change() -> None:
        version = Counter[int]()
        while True:
            number = chosen.randrange(stories)
            version[number] += 1
            await send(producer, [grown(f"st-bench-{number}", 1 + version[number])])
            await asyncio.sleep(1 / CHANGES_A_SECOND)

    changing = asyncio.create_task(change())
    kinds = [name for name, weight in MIX for _ in range(weight)]
    begin, asked = time.perf_counter() + 0.1, []
    for number in range(rate * seconds):
        at = begin + number / rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        asked.append(asyncio.create_task(ask(chosen.choice(kinds), at)))
    await asyncio.gather(*asked)
    changing.cancel()
    while not pool.empty():
        pool.get_nowait().close()
    return {
        "requests": len(asked), "statuses": dict(statuses),
        "ms": {kind: spread(times) for kind, times in [*taken.items(), ("all", list(chain(*taken.values())))]},
    }  # fmt: skip


def spread(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=1000, method="inclusive")
    return {name: round(cuts[at], 2) for name, at in (("p50", 499), ("p95", 949), ("p99", 989))} | {
        "max": round(max(times), 2)
    }


async def measure_streams(address: str, producer: AIOKafkaProducer, streams: int, versions: int) -> Any:
    """How long after an update each stream has its event, in ms, and whether any stream misses one."""
    host, port = address.removeprefix("http://").split(":")
    id, sent, heard = "st-fanout", dict[int, float](), [list[int]() for _ in range(streams)]
    delays: list[float] = []
    await send(producer, [grown(id, 1)])
    probe = Connection(host, int(port))
    while (await probe.get(f"/stories/{id}"))[0] != 200:
        await asyncio.sleep(0.05)
    probe.close()

    async def listen(number: int) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /stories/{id}/events?since=1 HTTP/1.1\r\nhost: bench\r\n\r\n".encode())
        await reader.readuntil(b"retry:")
        tasks.append(asyncio.create_task(follow(number, reader)))
        return writer

    async def follow(number: int, reader: asyncio.StreamReader) -> None:
        while len(heard[number]) < versions:
            line = await reader.readline()
            if line.startswith(b"id: "):
                version = int(line[4:])
                delays.append((time.perf_counter() - sent[version]) * 1000)
                heard[number].append(version)

    tasks: list[asyncio.Task[None]] = []
    writers: list[asyncio.StreamWriter] = []
    for first in range(0, streams, OPENED_AT_ONCE):
        writers += await asyncio.gather(*map(listen, range(first, min(first + OPENED_AT_ONCE, streams))))
    for version in range(2, versions + 2):
        sent[version] = time.perf_counter()
        await send(producer, [grown(id, version)])
        await asyncio.sleep(1.0)
    try:
        async with asyncio.timeout(60):
            await asyncio.gather(*tasks)
    except TimeoutError:
        print("some streams did not hear everything", file=sys.stderr)
    for writer in writers:
        writer.close()
    whole = list(range(2, versions + 2))
    return {
        "streams": streams,
        "versions": versions,
        "complete": sum(each == whole for each in heard),
        "ms": spread(delays),
    }


def resident_mib(pid: int) -> float:
    """Memory that the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024, 1)


async def bench(options: argparse.Namespace, kafka: str, service: PageService) -> dict[str, Any]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        await send(producer, [grown(f"st-bench-{number}", 1) for number in range(options.stories)])
        await send(producer, [short(number) for number in range(min(2_000, options.stories))])
        service.start()
        assert service.process is not None
        pages = await measure_pages(service.address, producer, options.stories, options.rate, options.seconds)
        pages["resident_mib"] = resident_mib(service.process.pid)
        streams = await measure_streams(service.address, producer, options.streams, options.versions)
        streams["resident_mib"] = resident_mib(service.process.pid)
    finally:
        await producer.stop()
    return {"pages": pages, "streams": streams}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("stories", 2000), ("rate", 100), ("seconds", 30), ("streams", 2000), ("versions", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, options.streams + 512), hard))
    with tempfile.TemporaryDirectory() as directory, EmbeddedKafka() as kafka, EmbeddedRedis() as redis:
        environment = service_environment(kafka.address, redis.url)
        prepare(environment)
        service = PageService(environment, Path(directory) / "page.log")
        try:
            found = asyncio.run(bench(options, kafka.address, service))
        finally:
            service.stop()
    for part, figures in found.items():
        print(part, json.dumps(figures), file=sys.stderr)
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()

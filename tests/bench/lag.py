"""`python -m tests.bench.lag`: what one look at a large cluster costs, and how true its seconds are.

`scale`: 500 groups × 50 partitions on Apache Kafka, all behind, in three rounds: the first (every record time must be
read), a quiet one, and one after every group has moved on. Prints the seconds of each and the process's peak memory.

`ages`: five producers at their own speeds and consumers that trail them by a known time; the lag in seconds beside the
true age of the first unread record, which this program knows because it sent it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import nullcontext
from typing import Any

import click
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import GroupCoordinatorNotAvailableError
from aiokafka.protocol.commit import OffsetCommitRequest

from storyline.edges.lag.judging import Bounds
from storyline.edges.lag.observer import Observer
from storyline.infra.kafka import KafkaConnection, KafkaWatcher

from ..servers import KafkaBroker

RECORDS = 400
SPEEDS = (0.5, 5.0, 50.0, 500.0, 2_000.0)
TRAILS = (2.0, 8.0, 4.0, 6.0, 3.0)
"""How far each consumer trails, in seconds."""
AGES_SECONDS = 30.0


@click.group()
def main() -> None:
    """What lag costs and how true it is."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


@main.command()
@click.option("--groups", default=500, show_default=True)
@click.option("--partitions", default=50, show_default=True)
@click.option("--topics", default=10, show_default=True)
@click.option("--kafka", metavar="HOST:PORT", help="A broker that runs already.")
def scale(groups: int, partitions: int, topics: int, kafka: str | None) -> None:
    """The cost of a look."""
    with nullcontext() if kafka else KafkaBroker(properties={"offsets.topic.num.partitions": "16"}) as broker:
        address = kafka or broker.address
        asyncio.run(_prepare(address, groups, partitions, topics))
        # A process of its own: its memory is the observer's alone.
        command = [sys.executable, "-m", "tests.bench.lag", "rounds", address, str(groups), str(topics)]
        subprocess.run([*command, str(partitions)], check=True)


@main.command(hidden=True)
@click.argument("address")
@click.argument("groups", type=int)
@click.argument("topics", type=int)
@click.argument("partitions", type=int)
def rounds(address: str, groups: int, topics: int, partitions: int) -> None:
    asyncio.run(_rounds(address, groups, topics, partitions))


async def _rounds(address: str, groups: int, topics: int, partitions: int) -> None:
    async with KafkaWatcher(KafkaConnection(address)) as watcher:
        observer = Observer(watcher, Bounds())
        for name in ("first look", "quiet look"):
            await _say(name, observer)
        for number in range(3):
            await _commit(address, groups, partitions, topics, 180 + 60 * number)
            await _say("all moved on", observer)
        for _ in range(10):
            await observer.look()
        await _say("whole window", observer)


async def _say(name: str, observer: Observer) -> None:
    before = _cpu()
    view = await observer.look()
    rows = [row for group in view.groups.values() for row in group.partitions]
    known = sum(row.seconds is not None and not row.at_most for row in rows)
    said = (
        f"{name:<14} {view.took_seconds:6.2f} s ({_cpu() - before:.2f} s CPU)", f"{len(view.groups)} groups",
        f"{len(rows)} partitions", f"{sum(row.lag or 0 for row in rows)} messages behind",
        f"{view.reads} record times read", f"{known} ages known", f"{_peak():4.0f} MiB peak",
    )  # fmt: skip
    print(", ".join(said), flush=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _prepare(address: str, groups: int, partitions: int, topics: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(f"bench-{number}", partitions, 1) for number in range(topics)])
    await admin.close()
    await asyncio.sleep(3)
    producer = AIOKafkaProducer(bootstrap_servers=address, linger_ms=20)
    await producer.start()
    for topic in range(topics):
        for partition in range(partitions):
            for _ in range(RECORDS):
                await producer.send(f"bench-{topic}", b"x" * 300, partition=partition)
        await producer.flush()
    await producer.stop()
    await _commit(address, groups, partitions, topics, 0)


async def _commit(address: str, groups: int, partitions: int, topics: int, base: int) -> None:
    """Every group somewhere of its own in the 60 messages after `base`."""
    client, node = await _coordinator(address)
    for number in range(groups):
        places = [(partition, base + random.randrange(60), "") for partition in range(partitions)]
        request = OffsetCommitRequest(f"group-{number:03}", -1, "", -1, [(f"bench-{number % topics}", places)])
        async with asyncio.timeout(60):
            while any(code for _, codes in (await client.send(node, request)).topics for _, code in codes):
                await asyncio.sleep(0.2)  # the coordinator of a new cluster is still made
    await client.close()


async def _coordinator(address: str) -> tuple[Any, int]:
    """A client, and the broker that takes commits; on a new cluster it has to be made first."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    async with asyncio.timeout(60):
        while True:
            try:
                node = await admin.find_coordinator("any")
                break
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(0.2)
    await admin.close()
    client = AIOKafkaClient(bootstrap_servers=address)
    await client.bootstrap()
    return client, node


@main.command()
@click.option("--seconds", default=AGES_SECONDS, show_default=True)
def ages(seconds: float) -> None:
    """Lag in seconds beside the true age."""
    with KafkaBroker() as broker:
        asyncio.run(_ages(broker.address, seconds))


async def _ages(address: str, seconds: float) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(f"speed-{number}", 1, 1) for number in range(len(SPEEDS))])
    await admin.close()
    await asyncio.sleep(2)
    sent: dict[int, list[float]] = {number: [] for number in range(len(SPEEDS))}
    committed: dict[int, int] = {}
    tasks = [asyncio.create_task(_produce(address, number, sent[number], seconds)) for number in sent]
    tasks += [asyncio.create_task(_trail(address, sent, committed, seconds))]
    errors = await _measure(address, sent, committed, seconds)
    await asyncio.gather(*tasks)
    for number, speed in enumerate(SPEEDS):
        pairs = errors[number]
        worst = max(abs(said - true) for said, true in pairs)
        relative = max(abs(said - true) / true for said, true in pairs if true)
        print(
            f"{speed:7.1f}/s, trailing {TRAILS[number]:.0f} s: {len(pairs)} looks, true age"
            f" {statistics.median(true for _, true in pairs):.2f} s, said"
            f" {statistics.median(said for said, _ in pairs):.2f} s; worst error {worst * 1000:.0f} ms"
            f" ({relative:.1%})",
            flush=True,
        )


async def _produce(address: str, number: int, sent: list[float], seconds: float) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=address, linger_ms=10)
    await producer.start()
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        while len(sent) < passed * SPEEDS[number]:
            now = time.time()
            await producer.send(f"speed-{number}", b"x" * 200, timestamp_ms=int(now * 1000))
            sent.append(now)
        await asyncio.sleep(0.02)
    await producer.stop()


async def _trail(address: str, sent: dict[int, list[float]], committed: dict[int, int], seconds: float) -> None:
    """Each group commits, four times a second, the first record that is younger than its trail."""
    (client, node), began = await _coordinator(address), time.monotonic()
    while time.monotonic() - began < seconds:
        for number, times in sent.items():
            before = time.time() - TRAILS[number]
            offset = next((index for index, at in enumerate(times) if at > before), len(times))
            request = OffsetCommitRequest(f"trail-{number}", -1, "", -1, [(f"speed-{number}", [(0, offset, "")])])
            await client.send(node, request)
            committed[number] = offset
        await asyncio.sleep(0.25)
    await client.close()


async def _measure(
    address: str, sent: dict[int, list[float]], committed: dict[int, int], seconds: float
) -> dict[int, list[tuple[float, float]]]:
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    async with KafkaWatcher(KafkaConnection(address)) as watcher:
        observer, began = Observer(watcher, Bounds()), time.monotonic()
        await asyncio.sleep(max(TRAILS) + 1)
        while time.monotonic() - began < seconds - 1:
            view = await observer.look()
            for number in sent:
                group = view.groups.get(f"trail-{number}")
                for row in group.partitions if group else ():
                    if row.seconds is not None and row.lag and row.committed is not None:
                        found[number].append((row.seconds, view.at_seconds - sent[number][row.committed]))
            await asyncio.sleep(0.5)
    return found


if __name__ == "__main__":
    main()

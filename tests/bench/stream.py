"""How fast the shell is beside bare aiokafka and beside Faust in three ways, in one run on Apache Kafka.

    python -m tests.bench.stream [--messages 30000] [--rounds 3] [--json]

Records of 1 KB on 4 partitions, each way in a process of its own and in turn, so that what else the machine does
falls on all of them; medians over the rounds. The topic in is filled before the clock starts.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ..servers import KafkaBroker, RedisServer

ROOT = Path(__file__).parents[2]
PARTITIONS = 4
RECORD_BYTES = 1_000
RUN_SECONDS_MAX = 180
WAYS = {
    "bare": "bare aiokafka, consume → produce",
    "faust_manual": "Faust as its manual shows it (unconfirmed)",
    "faust_confirmed": "Faust, confirmed batches, its own producer",
    "faust_idempotent": "Faust, confirmed batches, idempotent producer",
    "shell": "our shell, empty stage",
}
Run = tuple[float, float]
"""Messages a second, CPU microseconds a message."""
BEST_FAUST = ("faust_manual", "faust_confirmed", "faust_idempotent")


def bench(messages: int = 30_000, rounds: int = 3) -> dict[str, Any]:
    """Messages a second of each way, and its CPU microseconds a message.

    `{"messages", "rounds", "ways": {NAME: {"per_second", "all", "to_bare", "cpu_us"}}, "shell_to_best_faust",
    "shell_to_best_faust_cpu"}`; both ratios: larger is better for the shell.
    """
    with KafkaBroker() as kafka, RedisServer() as redis:
        reads = f"bench-{uuid.uuid4().hex[:6]}"
        asyncio.run(_fill(kafka.address, reads, messages))
        seen: dict[str, list[Run]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for way in WAYS:
                run = _run(way, kafka.address, redis.url, reads, messages)
                seen[way].append(run)
                print(f"round {number + 1}: {way} {run[0]:,.0f}/s, {run[1]:,.0f} µs CPU each", file=sys.stderr)
    return _result(messages, rounds, seen)


def _result(messages: int, rounds: int, seen: dict[str, list[Run]]) -> dict[str, Any]:
    speed = {way: statistics.median(run[0] for run in runs) for way, runs in seen.items()}
    cpu_us = {way: statistics.median(run[1] for run in runs) for way, runs in seen.items()}
    ways = {
        way: {
            "per_second": round(speed[way]),
            "all": [round(run[0]) for run in seen[way]],
            "to_bare": round(speed[way] / speed["bare"], 3),
            "cpu_us": round(cpu_us[way], 1),
        }
        for way in WAYS
    }
    return {
        "messages": messages,
        "rounds": rounds,
        "ways": ways,
        "shell_to_best_faust": round(speed["shell"] / max(speed[way] for way in BEST_FAUST), 3),
        "shell_to_best_faust_cpu": round(min(cpu_us[way] for way in BEST_FAUST) / cpu_us["shell"], 3),
    }


def _run(way: str, kafka: str, redis: str, reads: str, messages: int) -> Run:
    group = f"{reads}-{way.replace('_', '-')}-{uuid.uuid4().hex[:6]}"
    writes = f"{group}-out"
    asyncio.run(_create(kafka, [writes]))
    options = {
        "way": way, "kafka": kafka, "redis": redis, "reads": reads, "writes": writes, "group": group,
        "messages": messages,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.stream_worker", json.dumps(options)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=RUN_SECONDS_MAX,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{way} failed:\n{done.stderr[-3000:]}")
    spent = json.loads(done.stdout.splitlines()[-1])
    return messages / spent["seconds"], spent["cpu_seconds"] / messages * 1e6


async def _create(kafka: str, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names])
    await admin.close()


async def _fill(kafka: str, reads: str, messages: int) -> None:
    await _create(kafka, [reads, f"{reads}.dlq"])
    async with AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=5) as producer:
        value = b"x" * RECORD_BYTES
        sent = [await producer.send(reads, value, f"{n}".encode(), n % PARTITIONS) for n in range(messages)]
        await asyncio.gather(*sent)


def table(result: dict[str, Any]) -> str:
    lines = [f"{'messages a second, medians':<50}{'':>8}{'to bare':>10}{'CPU µs':>10}"]
    for way, about in WAYS.items():
        one = result["ways"][way]
        lines.append(f"{about:<50}{one['per_second']:>8,}{one['to_bare']:>10.2f}{one['cpu_us']:>10.0f}")
    ratio, by_cpu = result["shell_to_best_faust"], result["shell_to_best_faust_cpu"]
    lines.append(f"our shell to the best Faust: {ratio:.2f} (by CPU time {by_cpu:.2f})")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = bench(arguments.messages, arguments.rounds)
    print(table(result), file=sys.stderr if arguments.json else sys.stdout)
    if arguments.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()

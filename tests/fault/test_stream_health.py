"""What keeps a running stage from its work is named: a handler that hangs, a group that rebalances again and again."""

import asyncio
import json
import re
import signal
import urllib.error
import urllib.request
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer

from storyline.observe.probing import PROBE_SECONDS

from ..servers import KafkaBroker, RedisServer
from .harness import Line, Worker

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]

NAMED_SECONDS = 30.0
BOUND_SECONDS = 2.0


@pytest.fixture
async def line(kafka: KafkaBroker, redis_server: RedisServer) -> AsyncIterator[Line]:
    yield await Line(kafka.address, redis_server.url).create()


def asked(worker: Worker, path: str) -> tuple[int, list[tuple[str, str]]]:
    """Status, and (what, name) of each problem; 0 while nobody listens yet."""
    found = re.search(r"http://([\d.]+:\d+)/metrics", worker.stderr())
    if not found:
        return 0, []
    try:
        with urllib.request.urlopen(f"http://{found[1]}{path}", timeout=10) as answer:
            return answer.status, []
    except urllib.error.HTTPError as refused:
        return refused.code, [(each["what"], each["name"]) for each in json.load(refused)["problems"]]


async def until_ready(line: Line, worker: Worker) -> None:
    async def ready() -> bool:
        return (await asyncio.to_thread(asked, worker, "/ready"))[0] == 200

    await line.until(ready, "the stage is ready")


async def until_named(line: Line, worker: Worker, what: str, name: str) -> None:
    async def named() -> bool:
        return (what, name) in (await asyncio.to_thread(asked, worker, "/progress"))[1]

    await line.until(named, f"/progress names {what} {name}", NAMED_SECONDS)


async def is_well(worker: Worker) -> bool:
    status, problems = await asyncio.to_thread(asked, worker, "/progress")
    return status == 200 and not problems


async def test_a_handler_that_hangs_is_named_with_its_partition(line: Line) -> None:
    with line.running(progress_seconds=BOUND_SECONDS) as worker:
        await until_ready(line, worker)
        await line.put([b"good"], partition=0)
        await line.until_out([b"good"])
        await line.put([b"!hang"], partition=1)
        await until_named(line, worker, "handler", "1")
        status, problems = await asyncio.to_thread(asked, worker, "/progress")
        assert status == 503
        assert ("silence", "0") not in problems


async def test_what_a_transaction_aborted_is_never_handled_and_nothing_to_do(line: Line) -> None:
    """Neither is the marker that ends one; what comes after it is."""
    with line.running(progress_seconds=PROBE_SECONDS + BOUND_SECONDS) as worker:
        await until_ready(line, worker)
        producer = AIOKafkaProducer(bootstrap_servers=line.kafka, transactional_id=f"{line.reads}-test")
        async with producer:
            async with producer.transaction():
                await producer.send(line.reads, b"good", b"k", partition=0)
            await producer.begin_transaction()
            for value in (b"never", b"neither"):
                await producer.send_and_wait(line.reads, value, b"k", partition=0)
            await producer.abort_transaction()
        await line.until_out([b"good"])
        # The first look at Kafka counts it as unfinished, the next one looks for records.
        await line.until(lambda: is_well(worker), "what was finished is seen to be", NAMED_SECONDS)
        # Longer than anything may lie unfinished, and one look more.
        for _ in range(2 * round(2 * PROBE_SECONDS + BOUND_SECONDS)):
            await asyncio.sleep(0.5)
            assert await is_well(worker)
        await line.put([b"later"], partition=0)
        await line.until_out([b"later"])
        assert line.handled() == ["good", "later"]
        await line.put([b"!hang"], partition=0)
        await until_named(line, worker, "handler", "0")


async def test_a_group_that_rebalances_again_and_again_is_named(line: Line) -> None:
    with line.running(progress_seconds=60.0) as worker:
        await until_ready(line, worker)

        async def disturbed() -> None:
            while True:
                with line.running() as other:
                    await line.until(lambda: _owns(other), "the other one owns a partition")
                    other.signal(signal.SIGTERM)
                    await line.until_exit(other)

        disturbing = asyncio.create_task(disturbed())
        try:
            await until_named(line, worker, "rebalance", "group")
        finally:
            disturbing.cancel()


async def _owns(worker: Worker) -> bool:
    return "owns partition" in worker.stderr()

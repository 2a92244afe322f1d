"""Servers that go away and come back, and a process that comes back after its group has given it up."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from ..conftest import running
from ..servers import KafkaBroker, RedisServer
from .harness import Line
from .test_stream_keeps import numbered

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


@pytest.fixture
def own_kafka() -> Iterator[KafkaBroker]:
    yield from running(KafkaBroker())


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    yield from running(RedisServer())


@pytest.mark.parametrize("transactional", [False, True])
async def test_a_broker_that_goes_away_is_waited_for_and_said_once(
    own_kafka: KafkaBroker, redis_server: RedisServer, transactional: bool
) -> None:
    settings = {"session_seconds": 6.0, "transaction_seconds": 5.0}
    line = await Line(own_kafka.address, redis_server.url, transactional=transactional, settings=settings).create()
    with line.running() as worker:
        await line.put([b"!sleep", *numbered(50, "a")])
        await line.until(lambda: _acquired(line), "it has begun")
        await asyncio.sleep(1)
        own_kafka.kill()
        await asyncio.sleep(7)
        own_kafka.start()
        await line.put(numbered(50, "b"))
        await line.until_out([*numbered(50, "a"), *numbered(50, "b")])
        await line.until_caught_up()
        assert worker.process.poll() is None
        await line.until(lambda: _says(worker.stderr(), "can be reached again"), "it says that Kafka is back")
        said = worker.stderr()
        own_kafka.kill()
        await line.until(lambda: _says(worker.stderr(), "can't be reached", 2), "it says again that Kafka is away")
        worker.signal(signal.SIGTERM)
        assert await line.until_exit(worker, 15) == 0
        left = worker.stderr().removeprefix(said)
    assert "Traceback" not in left and "Exception in thread" not in left
    assert "dead letter" not in said
    assert said.count("can't be reached; trying again") == said.count("can be reached again") == 1


async def test_redis_going_away_is_waited_for_and_said_once(kafka: KafkaBroker, own_redis: RedisServer) -> None:
    line = await Line(kafka.address, own_redis.url).create()
    with line.running() as worker:
        await line.put(numbered(10, "a"))
        await line.until_out(numbered(10, "a"))
        own_redis.kill()
        await line.put(numbered(10, "b"))
        await line.until(lambda: _says(worker.stderr(), "trying again"), "it says that Redis is away")
        await asyncio.sleep(2)
        own_redis.start()
        await line.until_out(numbered(10, "b"))
        said = worker.stderr()
    assert said.count("begin: Redis does not answer") == said.count("begin: works again") == 1
    assert await line.dead() == []


async def test_a_zombie_is_fenced_and_writes_nothing(kafka: KafkaBroker, redis_server: RedisServer) -> None:
    line = await Line(kafka.address, redis_server.url, transactional=True).create()
    with line.running() as zombie:
        await line.put([b"first"])
        await line.until_out([b"first"])
        await line.until_caught_up()
        await line.put([b"!sleep"])
        await asyncio.sleep(0.7)
        zombie.signal(signal.SIGSTOP)
        with line.running() as heir:
            await line.until_out([b"!sleep"])
            zombie.signal(signal.SIGCONT)
            await line.until(lambda: _acquired(line, zombie.process.pid, times=3), "the zombie has joined anew")
            await line.put([b"last"])
            await line.until_out([b"last"])
            assert heir.process.poll() is None
            assert zombie.process.poll() is None
    assert Counter(await line.values()) == {b"first": 1, b"!sleep": 1, b"last": 1}


async def _says(text: str, words: str, times: int = 1) -> bool:
    return text.count(words) >= times


async def _acquired(line: Line, pid: int | None = None, times: int = 1) -> bool:
    acquired = line.directory / "acquired"
    lines = acquired.read_text().split() if acquired.exists() else []
    return len([one for one in lines if pid is None or one.startswith(f"{pid}:")]) >= times

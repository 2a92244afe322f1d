"""Nothing is lost and nothing bad is acknowledged silently: each thing that Faust does to lose messages, held."""

import asyncio
import re
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from storyline.stream.consumer import Delivery, StageConsumer
from storyline.stream.settings import ShellSettings

from ..servers import KafkaBroker, RedisServer, free_port
from .harness import Line, Worker, supervised

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

BAD = [
    (b"k", b"!invalid \x00 text", [("a", b"1"), ("a", b"\xff"), ("", b"")]),
    (b"k", b"\xff\xfe not UTF-8", [("n", b"")]),
    (b"k", None, []),
    (None, b"no key", [("h", b"x")]),
    (None, None, []),
    (b"", b"!late", []),
    (b"k", b"!invalid" + b"x" * 16_000_000, []),
]


def numbered(count: int, prefix: str = "v") -> list[bytes]:
    return [f"{prefix}{n}".encode() for n in range(count)]


def tried_again(line: Line) -> Callable[[], Awaitable[bool]]:
    """Whether a stage that can't go on has tried four times: 0.1, 0.2 and 0.4 s lie between."""

    async def done() -> bool:
        tries = line.directory / "transient"
        return tries.exists() and len(tries.read_text().split()) >= 4

    return done


def peak_bytes(worker: Worker) -> int:
    """The most memory that the process has had in use."""
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


@pytest.fixture
async def line(kafka: KafkaBroker, redis_server: RedisServer) -> Line:
    return await Line(kafka.address, redis_server.url).create()


async def test_an_exception_from_the_handler_loses_neither_the_message_nor_its_neighbours(line: Line) -> None:
    good = numbered(20)
    await line.put([*good[:10], b"!raise", *good[10:]])
    with line.running():
        await line.until_out(good)
        await line.until_caught_up()
    assert [(dead.value, dict(dead.headers)["storyline-dlq-tries"]) for dead in await line.dead()] == [
        (b"!raise", b"3")
    ]


async def test_bad_records_are_dead_lettered_byte_for_byte_and_the_good_between_them_come_out(line: Line) -> None:
    good = numbered(len(BAD))
    rows: list[Any] = []
    for bad, value in zip(BAD, good, strict=True):
        rows += [bad, (b"k", value, [])]
    await line.put_rows(rows)
    with line.running():
        await line.until_out(good)
        await line.until_caught_up()
    assert await line.values() == good
    dead = await line.dead()
    kept = [[header for header in row.headers if not header[0].startswith("storyline-dlq-")] for row in dead]
    assert [(row.key, row.value, headers) for row, headers in zip(dead, kept, strict=True)] == BAD
    assert [dict(row.headers)["storyline-dlq-field"] for row in dead] == [
        b"value", b"value", b"value", b"key", b"key", b"body", b"value",
    ]  # fmt: skip


async def test_sigterm_during_a_retry_acknowledges_nothing_and_the_batch_comes_again(line: Line) -> None:
    away = line.touch("away")
    values = numbered(40)
    await line.put(values)
    with line.running() as worker:
        await line.until(lambda: _exists(line, "transient"), "the stage is in a retry")
        worker.signal(signal.SIGTERM)
        begun = time.monotonic()
        assert await line.until_exit(worker) == 0
        assert time.monotonic() - begun < 4
    assert await line.lag() == 40
    away.unlink()
    with line.running():
        await line.until_out(values)
    assert await line.dead() == []


@pytest.mark.parametrize("point", ["before-handle", "after-handle", "after-send", "after-confirmed", "after-ack"])
async def test_killed_at_any_point_of_a_batch_it_loses_nothing(line: Line, point: str) -> None:
    values = numbered(30)
    await line.put(values)
    settings = {"session_seconds": 6.0, "instance": "one", "batch_max": 10}
    with line.running(crash_at=f"{point}:2", settings=settings) as worker:
        assert await line.until_exit(worker) == -signal.SIGKILL
    with line.running(settings=settings):
        await line.until_out(values)
        await line.until_caught_up()
    assert await line.dead() == []


async def test_what_is_unfinished_is_never_committed(line: Line) -> None:
    await line.put(numbered(30))
    settings = {"session_seconds": 6.0, "batch_max": 10, "commit_seconds": 0.05}
    with line.running(crash_at="after-handle:2", settings=settings) as worker:
        await line.until_exit(worker)
    assert await line.lag() >= 20


@pytest.mark.parametrize("poison", [b"!die", b"!hang", b"!regex"])
async def test_a_message_that_kills_or_hangs_its_process_ends_as_a_dead_letter(line: Line, poison: bytes) -> None:
    good = numbered(20)
    await line.put([*good[:12], poison, *good[12:]])
    settings = {"session_seconds": 6.0, "instance": "one", "kills_max": 3, "hang_seconds": 0.7}
    async with supervised(line, settings=settings) as exits:
        await line.until_out(good)
        await line.until_caught_up()
    dead = await line.dead()
    assert [(row.value, dict(row.headers)["storyline-dlq-error"]) for row in dead] == [(poison, b"KilledProcess")]
    assert len(exits) == 3


async def test_large_records_wait_in_kafka_and_not_in_memory(line: Line) -> None:
    # Given a stage that can't go on, and 120 records of 2 MB that it could read meanwhile.
    wanted = [b"%03d" % number + b"x" * 2_000_000 for number in range(120)]
    await line.put(wanted[:60], partition=0)
    await line.put(wanted[60:], partition=1)
    away = line.touch("away")
    bounds = {"buffer_bytes_max": 6_000_000, "batch_bytes_max": 4_000_000, "record_bytes_max": 3_000_000}
    with line.running(settings={**line.options["settings"], **bounds}) as worker:
        await line.until(tried_again(line), "it has tried, and read ahead what it may")
        waiting_bytes = peak_bytes(worker)
        away.unlink()
        await line.until_out(wanted)
        await line.until_caught_up()
        assert peak_bytes(worker) < waiting_bytes + 60_000_000, "nor do they come in at once"
    assert waiting_bytes < 200_000_000
    assert len(line.handled()) == len(wanted), "and each was read once"


async def test_a_second_worker_joining_and_leaving_loses_nothing(line: Line) -> None:
    with line.running() as one:
        for partition in (0, 1):
            await line.put(numbered(200, f"a{partition}-"), partition)
        with line.running() as two:
            await line.until(lambda: _acquired_by(line, two.process.pid), "the second worker owns a partition")
            for partition in (0, 1):
                await line.put(numbered(200, f"b{partition}-"), partition)
            two.signal(signal.SIGTERM)
            assert await line.until_exit(two) == 0
        for partition in (0, 1):
            await line.put(numbered(200, f"c{partition}-"), partition)
        wanted = [value for prefix in ("a0-", "a1-", "b0-", "b1-", "c0-", "c1-") for value in numbered(200, prefix)]
        await line.until_out(wanted)
        await line.until_caught_up()
        assert one.process.poll() is None
    assert await line.dead() == []


@pytest.mark.parametrize("falling", ["v0 v1", "v3", "v3 v4"])
async def test_what_faust_lets_fall_between_reader_and_stream_is_read_again(line: Line, falling: str) -> None:
    """As two rebalances on each other's heels can leave it: in the middle, and at the end with nothing behind it."""
    got: list[bytes] = []

    async def take(deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            got.append(delivery.record.value or b"")
            consumer.acknowledge(delivery)

    settings = ShellSettings(kafka=line.kafka, session_seconds=6.0, commit_seconds=0.1)
    consumer = StageConsumer(f"storyline.{line.name}", line.reads, settings, str(line.directory), take)
    fallen = dict.fromkeys([*falling.encode().split(), b"v9"], True)
    deliver = consumer._app.topics.on_message

    async def letting_fall(message: Any) -> None:
        if not fallen.pop(message.value, False):
            await deliver(message)

    consumer._app.topics.on_message = letting_fall

    async def joined() -> bool:
        return consumer.settled

    async def come(*values: bytes) -> bool:
        return set(values) <= set(got)

    async def come_again(*values: bytes) -> bool:
        await consumer.read_again_what_went_astray()
        return await come(*values)

    starting = asyncio.create_task(consumer.start())
    try:
        await line.until(joined, "it has joined")
        await line.put(numbered(9))
        await line.until(lambda: come(b"v8"), "what comes after them is delivered")
        await consumer._app.consumer.commit()
        await line.until(lambda: come_again(*numbered(9)), "what fell has come again")
        await line.put([b"v9"])
        await line.until(lambda: come_again(b"v9"), "so has the last")
        await line.until_caught_up()
    finally:
        await consumer.stop()
        starting.cancel()


async def test_a_group_that_refuses_its_member_is_not_waited_for_in_silence(line: Line) -> None:
    """aiokafka stops until somebody looks at the broker's answer, and Faust doesn't."""

    async def take(deliveries: Sequence[Delivery]) -> None:
        raise AssertionError("there is nothing to take")

    settings = ShellSettings(kafka=line.kafka, session_seconds=2_000.0)  # Kafka allows 1,800
    consumer = StageConsumer(f"storyline.{line.name}", line.reads, settings, str(line.directory), take)

    async def crashed() -> bool:
        return consumer.crashed

    starting = asyncio.create_task(consumer.start())
    try:
        await line.until(crashed, "it knows that it has no place")
        assert "InvalidSessionTimeout" in repr(consumer.crash_reason)
    finally:
        await consumer.stop()
        starting.cancel()


async def test_a_conflict_is_handled_again(line: Line) -> None:
    line.touch("conflict")
    await line.put([b"a"])
    with line.running():
        await line.until_out([b"a"])
    assert line.handled() == ["a"]


async def test_what_comes_due_on_a_tick_is_sent(line: Line) -> None:
    with line.running():
        line.touch("due")
        await line.until_out([b"due"])


async def test_a_stage_is_told_whether_its_group_has_committed(line: Line) -> None:
    await line.put([b"a"])
    with line.running() as worker:
        await line.until_out([b"a"])
        await line.until_caught_up()
        worker.signal(signal.SIGTERM)
        await line.until_exit(worker)
    with line.running(state_lost=True) as worker:
        assert await line.until_exit(worker) == 1
        assert worker.stderr().splitlines()[-1].endswith("the state is missing; run `storyline rebuild`")


async def test_idle_it_leaves_within_two_seconds(line: Line) -> None:
    with line.running() as worker:
        await line.until(lambda: _acquired_by(line, worker.process.pid), "the worker owns a partition")
        begun = time.monotonic()
        worker.signal(signal.SIGTERM)
        assert await line.until_exit(worker) == 0
        assert time.monotonic() - begun < 4


async def test_without_a_broker_it_says_one_line_and_ends(line: Line) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    with line.running(kafka=nowhere) as worker:
        assert await line.until_exit(worker) == 1
        said = worker.stderr().splitlines()
    assert len(said) == 1
    assert f"Kafka does not answer at {nowhere} (no broker there takes our connection)" in said[0]


async def test_without_its_topic_it_says_one_line_and_ends(line: Line) -> None:
    with line.running(reads="storyline-no-such-topic") as worker:
        assert await line.until_exit(worker) == 1
        said = worker.stderr().splitlines()
    assert len(said) == 1
    assert "storyline topics create" in said[0]


async def _exists(line: Line, name: str) -> bool:
    return (line.directory / name).exists()


async def _acquired_by(line: Line, pid: int) -> bool:
    acquired = line.directory / "acquired"
    return acquired.exists() and f"{pid}:" in acquired.read_text()

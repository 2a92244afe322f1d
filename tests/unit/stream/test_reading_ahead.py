"""What is read ahead is bounded by bytes, and by number, and what is taken at once too."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from mode.utils.queues import FlowControlEvent

from storyline.stream.reading_ahead import BoundedQueue, gather


def event(value: bytes | None, key: bytes | None = None) -> Any:
    return SimpleNamespace(message=SimpleNamespace(key=key, value=value))


@pytest.fixture
async def queue() -> BoundedQueue:
    flow = FlowControlEvent(initially_suspended=False)
    return BoundedQueue(4, bytes_max=10, flow_control=flow, clear_on_resume=True)


async def test_it_is_full_at_so_many_bytes_and_one_record_may_exceed_them(queue: BoundedQueue) -> None:
    await queue.put(event(b"x" * 9))
    assert not queue.full()
    await queue.put(event(b"x" * 50, key=b"k"))
    assert queue.full()
    assert queue.waiting_bytes == 60


async def test_it_is_full_at_so_many_records(queue: BoundedQueue) -> None:
    for _ in range(4):
        await queue.put(event(None))
    assert queue.full()


async def test_who_waits_goes_on_when_a_large_record_is_taken(queue: BoundedQueue) -> None:
    await queue.put(event(b"x" * 50))
    waiting = asyncio.create_task(queue.put(event(b"y")))
    await asyncio.sleep(0)
    assert not waiting.done()
    await queue.get()
    await waiting
    assert queue.waiting_bytes == 1


async def test_what_a_rebalance_clears_counts_no_longer(queue: BoundedQueue) -> None:
    await queue.put(event(b"x" * 50))
    queue.clear()
    assert (queue.full(), queue.qsize(), queue.waiting_bytes) == (False, 0, 0)


@pytest.mark.parametrize(
    ("sizes", "taken"), [([1, 1, 1, 1], 3), ([6, 1, 1], 2), ([50, 1], 1), ([1, 50, 1], 2), ([0, 0], 2)]
)
async def test_a_batch_ends_at_either_bound(sizes: list[int], taken: int) -> None:
    flow = FlowControlEvent(initially_suspended=False)
    queue = BoundedQueue(9, bytes_max=1_000, flow_control=flow)
    for size in sizes:
        await queue.put(event(b"x" * size))
    events: list[Any] = []
    await gather(events, queue, most=3, bytes_max=7, within_seconds=0.0)
    assert len(events) == taken
    assert queue.qsize() == len(sizes) - taken

"""The queue between Faust's reader and the stage, bounded by bytes as well as by number.

Faust counts events alone: five hundred records of 16 MB are 8 GB. One that is full lets its reader wait, and Kafka
keeps the rest. What is in it may exceed the bound by one record, else a record larger than the bound never came.
"""

import asyncio
from typing import Any

from mode.utils.queues import ThrowableQueue


class BoundedQueue(ThrowableQueue[Any]):
    """As Faust's own, but full also at `bytes_max` bytes of keys and values."""

    def __init__(self, *args: Any, bytes_max: int, **options: Any) -> None:
        self._bytes_max = bytes_max
        self.waiting_bytes = 0
        """Of all events in it."""
        super().__init__(*args, **options)

    def full(self) -> bool:
        return self.waiting_bytes >= self._bytes_max or super().full()

    def clear(self) -> None:
        self.waiting_bytes = 0
        super().clear()

    def _put(self, item: Any) -> None:
        self.waiting_bytes += bytes_of(item)
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self.waiting_bytes -= bytes_of(item)
        return item


def bytes_of(event: Any) -> int:
    """Bytes of an event's key and value, as they came."""
    message = event.message
    return len(message.key or b"") + len(message.value or b"")


async def gather(events: list[Any], queue: Any, most: int, bytes_max: int, within_seconds: float) -> None:
    """Into `events`: wait for one, then for more if told to; those that are there, until either bound is reached."""
    events.append(await queue.get())
    if within_seconds:
        await asyncio.sleep(within_seconds)
    taken_bytes = bytes_of(events[0])
    while len(events) < most and taken_bytes < bytes_max and not queue.empty():
        events.append(queue.get_nowait())
        taken_bytes += bytes_of(events[-1])

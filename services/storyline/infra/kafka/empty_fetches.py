"""Waiting in the place of a broker that doesn't: an empty fetch that was answered at once is asked again, with pauses.

Kafka holds an empty fetch for `fetch.max.wait.ms`. The embedded noida-db answers at once, and aiokafka asks again at
once: hundreds of requests a second, and half a core for each idle consumer (measured). With Kafka nothing changes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.fetch import FetchRequest

PAUSE_SECONDS_MIN = 0.001
PAUSE_SECONDS_MAX = 0.020
"""A record that ends a silence waits half of it on average."""

Send = Callable[..., Awaitable[Any]]


def with_pauses(consumer: AIOKafkaConsumer) -> AIOKafkaConsumer:
    """The same consumer, not started yet, whose fetches wait even if the broker doesn't."""
    client = consumer._client  # aiokafka has no hook for this; all requests of its fetcher pass here
    client.send = waiting(client.send, asyncio.sleep, time.monotonic)
    return consumer


def waiting(send: Send, sleep: Callable[[float], Awaitable[None]], now: Callable[[], float]) -> Send:
    """A client's `send` that answers a fetch when there is something to say, or its wait is over, as Kafka does."""
    pauses: dict[Any, float] = {}
    """The next pause by node; it doubles while nothing comes."""

    async def sending(node_id: Any, request: Any, **options: Any) -> Any:
        began = now()
        response = await send(node_id, request, **options)
        if not isinstance(request, FetchRequest):
            return response
        while not _says_something(response):
            pause = pauses.get(node_id, PAUSE_SECONDS_MIN)
            if now() + pause - began >= request._max_wait_ms / 1000:
                return response
            pauses[node_id] = min(PAUSE_SECONDS_MAX, 2 * pause)
            await sleep(pause)
            response = await send(node_id, request, **options)
        pauses.pop(node_id, None)
        return response

    return sending


def _says_something(response: Any) -> bool:
    # In every version of the answer a partition's error comes second and its records last.
    return any(partition[1] or partition[-1] for _, partitions in response.topics for partition in partitions)

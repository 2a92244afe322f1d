"""Confirmed publishing for whoever stands outside the stream, such as ingest."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer

from storyline_schemas.topics import DEAD_LETTER_HEADER_BYTES, RAW_BYTES_MAX

from ...record import Output
from .connection import KafkaConnection, start, translated

LINGER_MS = 5
BATCH_BYTES = 128 * 1024
IN_FLIGHT_MAX = 2_000
"""Records sent and not yet confirmed at most; `send` waits beyond it."""


class KafkaPublisher:
    """An idempotent `acks=all` producer. Used as an async context manager; may raise Transient, Fatal, Invalid."""

    def __init__(self, connection: KafkaConnection, in_flight_max: int = IN_FLIGHT_MAX) -> None:
        self._connection = connection
        self._in_flight_max = in_flight_max
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        self._producer = AIOKafkaProducer(
            **self._connection.arguments(), enable_idempotence=True, acks="all", linger_ms=LINGER_MS,
            max_batch_size=BATCH_BYTES, max_request_size=RAW_BYTES_MAX + DEAD_LETTER_HEADER_BYTES,
        )  # fmt: skip
        await start(self._producer, self._connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._producer is not None:
            with translated(self._connection):
                await self._producer.stop()

    async def send(self, outputs: Sequence[Output]) -> None:
        """Send in order; returns when the broker has confirmed every one. After an error some may be there."""
        for at in range(0, len(outputs), self._in_flight_max):
            with translated(self._connection):
                await self._send(outputs[at : at + self._in_flight_max])

    async def _send(self, outputs: Sequence[Output]) -> None:
        assert self._producer is not None, "use it with `async with`"
        pending = []
        try:
            for output in outputs:
                # Waits while the partition's buffer is full, so memory stays bounded.
                pending.append(
                    await self._producer.send(
                        output.topic, output.value, output.key, output.partition, headers=list(output.headers)
                    )
                )
        finally:
            results = await asyncio.gather(*pending, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

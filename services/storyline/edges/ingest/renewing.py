"""A sender that outlives its connection: after an error the next send opens a new one."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from ...errors import Conflict, Fatal, Transient
from ...record import Output
from .sending import Sender

logger = logging.getLogger("storyline.ingest")


class Renewing:
    """Doors go on when Kafka is back. An idempotent producer that gave up on a record can't: its numbering has a gap.

    `open` makes a sender. May be used by several at once. Raises what the sender raises; use with `async with`.
    """

    def __init__(self, open: Callable[[], AbstractAsyncContextManager[Sender]]) -> None:
        self._open = open
        self._opening = asyncio.Lock()
        self._current: tuple[AbstractAsyncContextManager[Sender], Sender] | None = None

    async def __aenter__(self) -> "Renewing":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._close()

    async def send(self, outputs: Sequence[Output]) -> None:
        """As the sender's own."""
        async with self._opening:
            if self._current is None:
                manager = self._open()
                self._current = (manager, await manager.__aenter__())
            current = self._current
        try:
            await current[1].send(outputs)
        except (Transient, Conflict, Fatal):
            if self._current is current:
                await self._close()
            raise

    async def _close(self) -> None:
        current, self._current = self._current, None
        if current is None:
            return
        try:
            await current[0].__aexit__(None, None, None)
        except (Transient, Fatal) as problem:  # it is given up, whatever it says
            logger.debug("closing the connection to Kafka: %s", problem)

"""Waiting for what is away: the same again after growing pauses, until it works or the batch is abandoned."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..errors import Transient
from .metrics import Metrics

log = logging.getLogger("storyline.stream")
T = TypeVar("T")


class Abandoned(Exception):
    """The batch is given up unacknowledged: the process leaves, or the partition has a new generation."""


def pauses(minimum: float, maximum: float, random_unit: Callable[[], float]) -> Callable[[int], float]:
    """The n-th pause in seconds (n from 1): doubled each time up to `maximum`, then a random half of it taken off."""

    def pause(n: int) -> float:
        whole = min(maximum, minimum * 2.0 ** min(n - 1, 30))
        return whole * (0.5 + 0.5 * random_unit())

    return pause


class Patience:
    """Retries on Transient. Says so once when it starts, and once when it works again."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        metrics: Metrics,
        pause: Callable[[int], float] | None = None,
    ) -> None:
        self._sleep = sleep
        self._metrics = metrics
        self._pause = pause or pauses(0.1, 10.0, random.random)

    async def keep_trying(self, what: str, attempt: Callable[[], Awaitable[T]], abandoned: Callable[[], bool]) -> T:
        """The result of `attempt`. Raises Abandoned, and whatever the attempt raises that isn't Transient."""
        tries = 0
        try:
            while True:
                try:
                    return await attempt()
                except Transient as error:
                    tries += 1
                    self._metrics.retries[what] += 1
                    self._say_away(what, error)
                await self.pause(tries, abandoned)
        except (Abandoned, asyncio.CancelledError):
            # Nobody tries it here any more, so nobody here would ever hear that it works again.
            self._metrics.away.pop(what, None)
            raise
        finally:
            self._say_back(what)

    async def pause(self, n: int, abandoned: Callable[[], bool]) -> None:
        """Wait the n-th pause. Raises Abandoned."""
        if not abandoned():
            await self._sleep(self._pause(n))
        if abandoned():
            raise Abandoned

    def _say_away(self, what: str, error: Transient) -> None:
        if what not in self._metrics.away:
            self._metrics.away[what] = (time.monotonic(), str(error))
            log.warning("%s: %s; trying again until it works", what, error)

    def _say_back(self, what: str) -> None:
        if (away := self._metrics.away.pop(what, None)) is not None:
            log.warning("%s: works again, after %.0f s", what, time.monotonic() - away[0])

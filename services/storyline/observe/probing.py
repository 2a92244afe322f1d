"""Watches a running service: the event loop's beat, and every few seconds whether its servers answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from ..errors import Fatal, Transient
from .facts import Facts, History, Standing

BEAT_SECONDS = 0.5
PROBE_SECONDS = 3.0
ANSWER_SECONDS = 5.0
"""A server that takes longer is taken for unreachable; with the pause between two probes well under 30 s."""
MARKER_OFFSETS = 1
"""What the end of a transaction takes up. A record that nobody handled comes before such a marker, and makes two."""

Found = Mapping[int, tuple[int, int]]
"""Partition → (next offset to be finished, end offset)."""


class Probe(Protocol):
    """Asks one server. `ask` may raise Transient or Fatal; what it finds of the assigned partitions it returns."""

    server: str

    async def ask(self, assigned: Collection[int]) -> Found | None: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Ping:
    """Asks whether a server answers at all."""

    server: str
    ping: Callable[[], Awaitable[None]]

    async def ask(self, assigned: Collection[int]) -> Found | None:
        await self.ping()
        return None

    async def close(self) -> None: ...


class Positions(Protocol):
    async def read(self, partitions: Collection[int]) -> Found: ...


class Lag:
    """Asks Kafka where the group stands. Keeps its connection; one that failed is opened anew the next time."""

    server = "kafka"

    def __init__(
        self, opens: Callable[[], AbstractAsyncContextManager[Positions]], took: Callable[[float], None]
    ) -> None:
        self._opens = opens
        self._took = took
        self._context: AbstractAsyncContextManager[Positions] | None = None
        self._positions: Positions | None = None

    async def ask(self, assigned: Collection[int]) -> Found | None:
        try:
            if self._positions is None:
                self._context = self._opens()
                self._positions = await self._context.__aenter__()
            began = time.perf_counter()
            found = await self._positions.read(assigned)
        except BaseException:
            await self.close()
            raise
        self._took(time.perf_counter() - began)
        return found

    async def close(self) -> None:
        context, opened = self._context, self._positions is not None
        self._context = self._positions = None
        if context is not None and opened:
            with suppress(Transient, Fatal, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await context.__aexit__(None, None, None)


@dataclass(slots=True)
class ReadPast:
    """A `Lag` of a group that reads a transactional topic: it never commits past the marker of a transaction.

    If what `position` says was read ends one marker after what was committed, it counts as finished, else a group with
    nothing left to do would seem behind. What lies farther apart was read and never finished, or was lost on the way
    to the stage; so it does for a partition that isn't worked on, of which `position` says None.
    """

    probe: Probe
    position: Callable[[int], Awaitable[int | None]]
    server: str = "kafka"

    async def ask(self, assigned: Collection[int]) -> Found | None:
        found = await self.probe.ask(assigned) or {}
        return {number: (await self._finished(number, at), end) for number, (at, end) in found.items()}

    async def _finished(self, partition: int, committed: int) -> int:
        position = await self.position(partition) or 0
        return position if committed < position <= committed + MARKER_OFFSETS else committed

    async def close(self) -> None:
        await self.probe.close()


class Watcher:
    """Used as an async context manager in the loop it watches. `facts` is safe from any thread."""

    def __init__(
        self,
        standing: Callable[[], Standing],
        in_hand: Callable[[Standing, float], Standing],
        probes: Sequence[Probe],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.history = History([probe.server for probe in probes], clock())
        self.servers = [probe.server for probe in probes]
        self.delay = 0.0
        """Seconds by which the last beat was late."""
        self._read, self._in_hand, self._probes, self._clock = standing, in_hand, probes, clock
        self._standing = Standing()
        self._tasks: list[asyncio.Task[None]] = []

    def facts(self) -> Facts:
        now = self._clock()
        return self.history.facts(now, self._in_hand(self._standing, now))

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._beat_for_ever())]
        self._tasks += [asyncio.create_task(self._probe_for_ever(probe)) for probe in self._probes]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for probe in self._probes:
            await probe.close()

    async def _beat_for_ever(self) -> None:
        while True:
            began = self._clock()
            self._standing = self._read()
            self.history.saw(began, self._standing)
            await asyncio.sleep(BEAT_SECONDS)
            self.delay = max(0.0, self._clock() - began - BEAT_SECONDS)

    async def _probe_for_ever(self, probe: Probe) -> None:
        while True:
            await self.probe(probe)
            await asyncio.sleep(PROBE_SECONDS)

    async def probe(self, probe: Probe) -> None:
        """Ask one server once, and remember what came of it."""
        began = self._clock()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = await probe.ask(self._standing.assigned)
        except TimeoutError:
            self.history.failed(probe.server, began, f"no answer within {ANSWER_SECONDS:g} s")
        except (Transient, Fatal) as error:
            self.history.failed(probe.server, began, " ".join(str(error).split()))
        else:
            self.history.answered(probe.server)
            if found is not None:
                self.history.positions(self._clock(), found)

"""Watches a running service: the event loop's beat, and every few seconds whether its servers answer."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from ..errors import Fatal, Transient
from .facts import Facts, History, Standing

log = logging.getLogger("storyline.observe")

BEAT_SECONDS = 0.5
PROBE_SECONDS = 3.0
ANSWER_SECONDS = 5.0
"""A server that takes longer is taken for unreachable; with the pause between two probes well under 30 s."""
SEARCH_SECONDS = 2.0
"""As long a look goes through what nobody was given."""
SEARCHED_MAX = 10_000
"""Offsets between what is committed and what was read that are looked through for records; more are work to do."""

Found = Mapping[int, tuple[int, int]]
"""Partition → (next offset to be finished, end offset)."""
Range = tuple[int, int]


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

    async def with_records(self, ranges: Mapping[int, Range]) -> Collection[int]:
        """Those of the partitions in which a reader finds a record at or after the first offset, before the second."""
        ...


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

    async def with_records(self, ranges: Mapping[int, Range]) -> Collection[int]:
        """As `Positions.with_records`; all of them while there is no connection."""
        return await self._positions.with_records(ranges) if self._positions is not None else ranges

    async def close(self) -> None:
        context, opened = self._context, self._positions is not None
        self._context = self._positions = None
        if context is not None and opened:
            with suppress(Transient, Fatal, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await context.__aexit__(None, None, None)


class ReadPast:
    """A `Lag` of a group that never commits past what ends a transaction, nor past one that was aborted.

    Nobody is given these, so a group with nothing left to do would seem behind. What was read (`position`) and isn't
    committed counts as finished if the topic has no record there. It is looked for only where nothing was committed
    since the last look, and once: while a group gets on, it is nowhere near silence.
    """

    def __init__(self, probe: Lag, position: Callable[[int], Awaitable[int | None]]) -> None:
        self.server = probe.server
        self._probe = probe
        self._position = position
        self._stood: dict[int, int] = {}
        """Partition → what was committed at the last look."""
        self._searched: dict[int, tuple[Range, bool]] = {}
        """Partition → what was looked through last, and whether there was a record."""

    async def ask(self, assigned: Collection[int]) -> Found | None:
        found = await self._probe.ask(assigned) or {}
        doubtful: dict[int, Range] = {}
        for number, (committed, _) in found.items():
            position = await self._position(number) or 0
            if self._stood.get(number) == committed < position <= committed + SEARCHED_MAX:
                doubtful[number] = committed, position
        self._stood = {number: committed for number, (committed, _) in found.items()}
        await self._search(doubtful)
        empty = {number: read[1] for number, (read, seen) in self._searched.items() if not seen}
        return {number: (empty.get(number, committed), end) for number, (committed, end) in found.items()}

    async def _search(self, doubtful: Mapping[int, Range]) -> None:
        known = {number: seen for number, seen in self._searched.items() if doubtful.get(number) == seen[0]}
        unknown = {number: read for number, read in doubtful.items() if number not in known}
        try:
            async with asyncio.timeout(SEARCH_SECONDS):
                with_records = await self._probe.with_records(unknown) if unknown else ()
        except TimeoutError:  # the next look tries again
            self._searched = known
        else:
            self._searched = known | {number: (read, number in with_records) for number, read in unknown.items()}

    async def close(self) -> None:
        await self._probe.close()


class Watcher:
    """Used as an async context manager in the loop it watches. `facts` is safe from any thread."""

    def __init__(
        self,
        standing: Callable[[], Standing],
        in_hand: Callable[[Standing, float], Standing],
        probes: Sequence[Probe],
        clock: Callable[[], float] = time.monotonic,
        meanwhile: Mapping[str, str] | None = None,
    ) -> None:
        """`meanwhile`: server → what becomes of the service while it is away; logged once, and once when it is back.
        None: whoever waits for it says so."""
        self.history = History([probe.server for probe in probes], clock())
        self.servers = [probe.server for probe in probes]
        self.delay = 0.0
        """Seconds by which the last beat was late."""
        self._read, self._in_hand, self._probes, self._clock = standing, in_hand, probes, clock
        self._meanwhile = meanwhile or {}
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
            self._failed(probe.server, began, f"no answer within {ANSWER_SECONDS:g} s")
        except (Transient, Fatal) as error:
            self._failed(probe.server, began, " ".join(str(error).split()))
        except (Exception, asyncio.CancelledError) as error:
            # Whatever it is, what its client cancelled too: a watcher that ended would call the server well for ever.
            if _cancelled(error):
                raise
            log.exception("asking %s failed", probe.server)
            self._failed(probe.server, began, f"asking it failed: {type(error).__name__}")
        else:
            self._answered(probe.server)
            if found is not None:
                self.history.positions(self._clock(), found)

    def _failed(self, server: str, began: float, why: str) -> None:
        if self.history.failed(server, began, why) and server in self._meanwhile:
            log.warning("%s does not answer: %s; %s", server, why, self._meanwhile[server])

    def _answered(self, server: str) -> None:
        since = self.history.answered(server)
        if since is not None and server in self._meanwhile:
            log.warning("%s answers again, after %.0f s", server, self._clock() - since)


def _cancelled(error: BaseException) -> bool:
    """Whether we are, not something that we waited for."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and (task is None or task.cancelling() > 0)

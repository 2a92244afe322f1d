"""The notifier itself: reads updates, records who is owed what, commits, and lets the desk send.

The order that nothing is lost by: recorded in the ledger, then committed, then sent, then recorded as told. Versions
that come twice, and whatever a crash repeats before the sending, are known by the version the ledger has.
"""

import asyncio
import contextlib
import logging
import random
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ...domain.notify.ports import Ledger
from ...errors import Fenced, StateLost, Transient
from ...observe.facts import Standing
from ...record import Record
from ...stream.crash_points import CrashPoints
from ...stream.metrics import Metrics
from ...stream.patience import Abandoned, Patience, pauses
from .book import Book
from .channels.base import Channel
from .consumer import Updates
from .desk import Desk, DeskSettings
from .directory import Directory
from .patient import PatientLedger
from .reading import read_update

log = logging.getLogger("storyline.notifier")
T = TypeVar("T")

POINTS = ("before-record", "after-record", "after-commit", "before-send", "after-send", "after-settle")
"""Where a test may let the process die, in the order of an update's way."""
WAIT_SECONDS = 0.2
LEAVE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The service's bounds."""

    batch_max: int = 500
    refresh_seconds: float = 2.0
    retry_seconds_max: float = 10.0
    desk: DeskSettings = field(default_factory=DeskSettings)


class Notifier:
    """One notifier in this process. `run` returns when it was told to leave, and raises what ended it otherwise."""

    def __init__(
        self,
        connect: Callable[[Callable[[set[int]], Awaitable[None]]], Updates],
        ledger: Ledger,
        directory: Directory,
        channels: Mapping[str, Channel],
        settings: ServiceSettings,
        clock_ms: Callable[[], int],
    ) -> None:
        self._updates = connect(self._revoked)
        self._directory = directory
        self._channels = channels
        self._settings = settings
        self._clock_ms = clock_ms
        self._books: dict[int, Book] = {}
        self._given_up: set[int] = set()
        self._started = False
        self._leaving = asyncio.Event()
        self._reach = CrashPoints.from_environment(POINTS).reach
        self.failure: BaseException | None = None
        self.repeats = 0
        """Updates that came again and were known."""
        pause = pauses(0.1, settings.retry_seconds_max, random.random)
        self._metrics = Metrics()
        self._patience = Patience(self._sleep, self._metrics, pause)
        self._ledger = PatientLedger(ledger, self._patience, self._is_given_up)
        self._desk = Desk(
            channels, settings.desk, directory.find, self._persist, clock_ms, self._reach, self._fail
        )  # fmt: skip

    @property
    def waiting(self) -> int:
        """Notifications that wait, over all endpoints."""
        return self._desk.waiting

    # ---- life

    async def run(self) -> None:
        """Until SIGTERM, SIGINT or `leave`. Raises what ended it otherwise."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.leave)
        try:
            await self._directory.load()
        except BaseException:
            await self._updates.stop()  # made and never started: else it complains of being left open
            raise
        await self._updates.start()
        self._started = True
        log.info("notifier: started, %d subscriptions", len(self._directory.all()))
        refreshing = asyncio.create_task(self._refresh_for_ever())
        refreshing.add_done_callback(self._refreshing_ended)
        try:
            with contextlib.suppress(Abandoned):
                while not self._leaving.is_set():
                    await self._round()
        finally:
            refreshing.cancel()
            await self._leave()
        if self.failure is not None:
            raise self.failure

    def leave(self) -> None:
        self._leaving.set()

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
        self._leaving.set()

    async def _leave(self) -> None:
        await self._desk.close(self._settings.desk.timeout_seconds + LEAVE_SECONDS)
        for book in self._books.values():
            book.closed = True
        self._books.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._updates.stop()
        for channel in self._channels.values():
            await channel.close()

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._leaving.wait(), seconds)

    def _refreshing_ended(self, refreshing: "asyncio.Task[None]") -> None:
        if not refreshing.cancelled() and (error := refreshing.exception()) is not None:
            self._fail(error)

    async def _refresh_for_ever(self) -> None:
        known = self._directory.changes
        while True:
            await asyncio.sleep(self._settings.refresh_seconds)
            try:
                await self._directory.refresh()
            except Transient as error:
                log.debug("subscriptions can't be read again: %s", error)
            if known != self._directory.changes:
                known = self._directory.changes
                log.info("notifier: %d subscriptions", len(self._directory.all()))
                self._desk.revive(self._directory.all())

    # ---- how it stands

    @property
    def _owned(self) -> frozenset[int]:
        return frozenset(number for number, book in self._books.items() if not book.closed)

    def standing(self) -> Standing:
        """How things are just now; called in the event loop. A partition that was lost to another is not owned."""
        leaving = self._leaving.is_set()
        if not self._started or leaving:
            return Standing(started=self._started, leaving=leaving, settled=self._started)
        assigned = self._updates.partitions
        return Standing(started=True, settled=True, assigned=assigned, owned=self._owned & assigned)

    def in_hand(self, standing: Standing, now: float) -> Standing:
        """With what is tried again at `now` (monotonic); safe from any thread."""
        away = {what: (now - since, why) for what, (since, why) in list(self._metrics.away.items())}
        return replace(standing, away=away)

    async def position(self, partition: int) -> int | None:
        """What is read next of a partition that is owned, None of others. May raise Transient."""
        return await self._updates.position(partition) if partition in self._owned else None

    # ---- updates

    async def _round(self) -> None:
        """One batch, of however many partitions."""
        for partition in await self._keep_trying("partitions", self._new):
            await self._open(partition)
        found = await self._keep_trying("reading", self._read)
        offsets: dict[int, int] = {}
        for partition, records in found.items():
            if await self._take(partition, records):
                offsets[partition] = records[-1].offset + 1
        if offsets:
            await self._keep_trying("committing", lambda: self._updates.commit(offsets))
            self._reach("after-commit")

    async def _read(self) -> dict[int, list[Record]]:
        return await self._updates.batch(WAIT_SECONDS, self._settings.batch_max)

    async def _new(self) -> set[int]:
        return await self._updates.assigned()

    async def _open(self, partition: int) -> None:
        self._given_up.discard(partition)
        try:
            book = await Book.open(self._ledger, partition)
        except Abandoned:
            return
        self._books[partition] = book
        log.info("notifier: owns partition %d of story-updates, %d owed", partition, len(book.entries))
        await self._desk.resume(book)

    async def _take(self, partition: int, records: Sequence[Record]) -> bool:
        """Record who is owed what; whether that was done, and the records may be committed."""
        book = self._books.get(partition)
        if book is None or book.closed:
            # It became ours while the batch was fetched: once it is opened, these come again.
            return False
        arrived = [update for record in records if (update := read_update(record)) is not None]
        self._reach("before-record")
        subscriptions = self._directory.all()

        async def take() -> None:
            keys, repeats = await book.take(arrived, subscriptions, self._clock_ms())
            self.repeats += repeats
            self._reach("after-record")
            await self._desk.add(book, keys)

        return await self._persist(book, take)

    async def _revoked(self, partitions: set[int]) -> None:
        """Others get them: nothing new is begun, and what is under way may end."""
        self._given_up |= partitions
        gone = [self._books.pop(number) for number in partitions if number in self._books]
        for book in gone:
            book.closed = True
        if gone:
            await self._desk.quiet(LEAVE_SECONDS)
            log.info("notifier: gave up partitions %s", ", ".join(str(book.partition) for book in gone))

    # ---- servers that are away

    async def _keep_trying(self, what: str, attempt: Callable[[], Awaitable[T]]) -> T:
        return await self._patience.keep_trying(what, attempt, self._leaving.is_set)

    def _is_given_up(self, partition: int) -> bool:
        book = self._books.get(partition)
        return self._leaving.is_set() or (book is not None and book.closed) or partition in self._given_up

    async def _persist(self, book: Book, step: Callable[[], Awaitable[None]]) -> bool:
        """Whether the step was done.

        Not if the partition went to another owner, its ledger is lost, or we leave and Redis is away.
        """
        try:
            await step()
        except Abandoned:
            return False
        except Fenced as error:
            if not book.closed:
                log.warning("%s; leaving it", error)
            book.closed = True
            return False
        except StateLost as error:
            # Nothing of it can be recorded or committed any more. We end, so that it is seen; a restart acquires anew.
            book.closed = True
            self._fail(error)
            return False
        return True

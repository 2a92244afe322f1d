"""The shell around a stage: joins the group, delivers batches, and ends in one of few ways, all of them clean.

`run(stage, settings, counter)` returns the exit code: 0 after SIGTERM or SIGINT, 1 after one line on stderr. What
must join the group anew (fenced, or Kafka's client gave up) leaves and starts its own process again, a bounded
number of times without progress in between.
"""

import asyncio
import contextlib
import functools
import logging
import os
import random
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, Generic, NoReturn, TypeVar

from ..directories import own_directory
from ..errors import Fatal, Fenced, Transient, not_started
from ..logs import about
from ..observe.facts import Standing
from ..record import Record
from .batches import Batches, Claim, Tracing
from .consumer import Delivery, StageConsumer
from .crash_points import CrashPoints
from .logs import BrokerWatch, configure, hush_threads
from .metrics import Metrics
from .outside import Outside
from .ownership import Ownership
from .patience import Abandoned, Patience, pauses
from .poison import KillCounter
from .preflight import check
from .producers import Producers
from .settings import ShellSettings
from .stage import Stage
from .watchdog import Watchdog

log = logging.getLogger("storyline.stream")
M = TypeVar("M")
Check = Callable[[], Awaitable[None]]
Observing = Callable[["Shell[Any]"], AbstractAsyncContextManager[object]]
"""Opens what shows a running shell to an operator."""

REJOINS = "_STORYLINE_REJOINS"
"""Carried to the process started again: how often it has been, without finishing a batch in between."""
REJOIN_PAUSE_SECONDS = 0.5
CLEAR_SECONDS = 0.5


def run(
    stage: Stage[M],
    settings: ShellSettings,
    counter: KillCounter,
    *,
    checks: Sequence[Check] = (),
    closing: Sequence[Check] = (),
    metrics: Metrics | None = None,
    observing: Observing | None = None,
    tracing: Tracing | None = None,
) -> int:
    """Run `stage` until it is told to leave; the process's exit code.

    `checks` are awaited before it joins (raise Fatal with one line, or Transient); `closing` after it has left.
    `observing` is open all the while; `tracing` is told of each confirmed batch.
    """
    watch = BrokerWatch(settings.kafka)
    configure(watch)
    shell = Shell(stage, settings, counter, metrics or Metrics(), watch, tracing)
    directory = str(own_directory("storyline-run-"))

    async def main() -> None:
        async with observing(shell) if observing else contextlib.nullcontext():
            await shell.main(directory, checks, closing)
        if not shell.stopped:
            # Client threads still wait for a broker: they would hold the process, or complain of a closed loop.
            shutil.rmtree(directory, ignore_errors=True)
            _end(shell)

    try:
        asyncio.run(main())
    except Fatal as error:
        shell.fail(error)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return _conclude(shell)


def _end(shell: "Shell[M]") -> NoReturn:
    os._exit(_conclude(shell))


def _conclude(shell: "Shell[M]") -> int:
    """Start again, or say why it ends; the exit code."""
    sys.stdout.flush()
    error = shell.failure
    if isinstance(error, Fenced) and shell.rejoins < shell.settings.rejoins_max:
        log.warning("%s: %s", shell.stage.name, error)
        _start_again(shell.rejoins + 1)
    if error is not None:
        print(f"storyline {shell.stage.name}: {' '.join(str(error).split())}", file=sys.stderr, flush=True)  # noqa: T201
    return 0 if error is None else 1


def _start_again(rejoins: int) -> None:
    time.sleep(REJOIN_PAUSE_SECONDS * min(rejoins, 10))
    sys.stderr.flush()
    os.environ[REJOINS] = str(rejoins)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  itself, with its own arguments


class Shell(Generic[M]):
    """One stage in one process. `main` runs it; afterwards `failure` says why it ended (None: it was told to)."""

    def __init__(
        self, stage: Stage[M], settings: ShellSettings, counter: KillCounter, metrics: Metrics, watch: BrokerWatch,
        tracing: Tracing | None = None,
    ) -> None:  # fmt: skip
        self.stage = stage
        self.settings = settings
        self.group = f"storyline.{stage.name}"
        self.metrics = metrics
        self.failure: Fatal | None = None
        self.stopped = True
        self.rejoins = int(os.environ.get(REJOINS, "0"))
        self._counter = counter
        self._tracing = tracing
        self._watch = watch
        self._watchdog = Watchdog(settings.hang_seconds)
        self._leaving = asyncio.Event()
        self._started = False
        self._work: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None

    async def main(self, directory: str, checks: Sequence[Check], closing: Sequence[Check]) -> None:
        """Run until told to leave or something is fatal; then leave."""
        self._patience = self._new_patience()
        self._handle_signals()
        hush_threads(self._leaving.is_set)
        try:
            await self._prepare(checks)
        except Abandoned:
            return
        self._producers = Producers(self.settings, self.group, self.stage.transactional)
        self._consumer = StageConsumer(self.group, self.stage.reads, self.settings, directory, self._take)
        self._batches = Batches(
            self.stage, self.group, self.settings, self._producers, self._counter, self._watchdog, self._patience,
            self.metrics, CrashPoints.from_environment(), self._tracing,
        )  # fmt: skip
        self._ownership = Ownership(self, lambda: self._consumer.generation, self._leaving.is_set)
        self._watchdog.start()
        self._started = True
        self.stopped = False
        starting = asyncio.create_task(self._consumer.start())
        self._ticking = asyncio.create_task(self._tick_for_ever())
        looking = asyncio.create_task(self._watch.look_for_ever())
        await self._until_leaving(starting)
        self.stopped = await self._leave(starting, closing)
        looking.cancel()
        self._watchdog.stop()

    def fail(self, error: Fatal) -> None:
        """Something is fatal: remember the first of it, and leave."""
        if self.failure is None:
            self.failure = error
        self._leaving.set()

    # What an operator sees of it.

    def standing(self) -> Standing:
        """How things are just now; called in the event loop."""
        leaving = self._leaving.is_set()
        if not self._started:
            return Standing(leaving=leaving)
        settled = self._consumer.settled
        return Standing(
            True, leaving, self._consumer.generation, settled,
            self._consumer.assigned if settled else frozenset(), self._ownership.owned,
        )  # fmt: skip

    def in_hand(self, standing: Standing, now: float) -> Standing:
        """With what is awaited at `now` (monotonic); safe from any thread, also while the event loop hangs."""
        away = {what: (now - since, why) for what, (since, why) in list(self.metrics.away.items())}
        return replace(standing, waiting=self._watchdog.waiting(now), away=away)

    async def position(self, partition: int) -> int | None:
        """What is read next of a partition of which nothing is in hand; None of others."""
        return await self._consumer.position(partition) if self._started else None

    @property
    def buffered(self) -> int:
        """Records read ahead of the stage."""
        return self._consumer.buffered if self._started else 0

    @property
    def buffered_bytes(self) -> int:
        """Bytes of these records."""
        return self._consumer.buffered_bytes if self._started else 0

    # What Ownership asks for.

    async def acquire(self, claim: Claim) -> None:
        """Fence the owner before, load the state, send what was left unsent."""

        async def load() -> Sequence[object]:
            what = f"{self.stage.name}: acquire partition {partition}"
            with self._watchdog.watching(what, self.settings.acquire_seconds):
                return await self.stage.acquire(partition, committed)

        partition = claim.partition
        keep_trying = self._patience.keep_trying
        began = time.monotonic()
        await keep_trying("acquire", lambda: self._fence(partition), claim.abandoned)
        claim.suspicion = await keep_trying("begin", lambda: self._counter.read(self.group, partition), claim.abandoned)
        committed = await keep_trying("acquire", lambda: self._consumer.has_committed(partition), claim.abandoned)
        outputs = await keep_trying("acquire", load, claim.abandoned)
        if outputs:
            await self._batches.publish(claim, outputs)  # type: ignore[arg-type]
        self.metrics.acquisitions += 1
        self.metrics.acquire_seconds.observe(time.monotonic() - began)
        self._say("owns", partition)

    async def _fence(self, partition: int) -> None:
        began = time.monotonic()
        await self._producers.open(partition)
        self.metrics.kafka_seconds["fence"].observe(time.monotonic() - began)

    async def release(self, partition: int) -> None:
        await self._producers.close_partition(partition)
        await self.stage.release(partition)
        self.metrics.releases += 1
        self._say("gave up", partition)

    def _say(self, what: str, partition: int) -> None:
        known = about(stage=self.stage.name, topic=self.stage.reads, partition=partition)
        log.info("%s: %s partition %d of %s", self.stage.name, what, partition, self.stage.reads, extra=known)

    # Starting.

    def _new_patience(self) -> Patience:
        async def sleep(seconds: float) -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), seconds)

        pause = pauses(self.settings.retry_seconds_min, self.settings.retry_seconds_max, random.random)
        return Patience(sleep, self.metrics, pause)

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leaving.set)

    async def _prepare(self, checks: Sequence[Check]) -> None:
        """All that must be there. The first time a server that is away is fatal; started again, it is waited for."""

        async def all_of_it() -> None:
            await check(self.settings, self.stage.name, self.stage.reads)
            for one in checks:
                await one()

        if self.rejoins:
            await self._patience.keep_trying("starting again", all_of_it, self._leaving.is_set)
            return
        try:
            await all_of_it()
        except Transient as error:
            raise not_started(error) from error

    async def _until_leaving(self, starting: "asyncio.Task[None]") -> None:
        outside = Outside(self.settings.outside_seconds, time.monotonic())
        while not self._leaving.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), 0.1)
            if self._consumer.crashed:
                reason = self._consumer.crash_reason
                self.fail(Fenced(f"the Kafka client gave up ({type(reason).__name__}: {reason}); joining anew"))
            if outside.too_long(self._consumer.settled, self._watch.away, time.monotonic()):
                self.fail(Fenced(f"in no settled group for {outside.seconds:g} s though Kafka answers; joining anew"))
            if starting.done() and not starting.cancelled() and starting.exception() is not None:
                error = starting.exception()
                self.fail(Fenced(f"could not join the group ({type(error).__name__}: {error}); trying anew"))

    # Batches.

    async def _take(self, deliveries: Sequence[Delivery]) -> None:
        """Called by the consumer with each batch; returns when it is finished or must not be."""
        if not self._leaving.is_set():
            self._work = asyncio.create_task(self._finish(deliveries))
            await asyncio.wait([self._work])
        if self._leaving.is_set():
            await asyncio.Event().wait()  # the consumer is stopped from outside; until then nothing more is taken

    async def _finish(self, deliveries: Sequence[Delivery]) -> None:
        generation = self._consumer.generation
        partitions: defaultdict[int, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            if delivery.generation == generation:
                partitions[delivery.record.partition].append(delivery)
            else:
                self.metrics.stale += 1
        self.metrics.took(len(deliveries))
        try:
            await asyncio.gather(*(self._finish_one(p, generation, mine) for p, mine in partitions.items()))
        finally:
            self.metrics.finished()

    async def _finish_one(self, partition: int, generation: int, deliveries: Sequence[Delivery]) -> None:
        by_offset = {delivery.record.offset: delivery for delivery in deliveries}

        def ack(records: Sequence[Record]) -> None:
            if self._consumer.generation != generation:
                return  # somebody else may have them by now; they are handled again, and nothing comes of it
            for record in records:
                self._consumer.acknowledge(by_offset[record.offset])
            self.rejoins = 0

        async def work() -> None:
            async with self._ownership.lock(partition):
                claim = await self._ownership.claim(partition, generation)
                await self._batches.finish(claim, [delivery.record for delivery in deliveries], ack)

        await self._guard(work, generation)

    async def _guard(self, work: Callable[[], Awaitable[None]], generation: int) -> None:
        """Whatever leaves the work unfinished ends here: abandoned, or the end of the process."""
        try:
            await work()
        except Abandoned:
            self.metrics.abandoned += 1
        except Fatal as error:
            if isinstance(error, Fenced) and self._consumer.generation != generation:
                self.metrics.abandoned += 1  # we know already that it isn't ours any more
                return
            self.fail(error)
        except Exception as error:
            log.exception("%s: the shell itself failed", self.stage.name)
            self.fail(Fatal(f"unexpected {type(error).__name__}; see the log above, and report it"))

    # Time.

    async def _tick_for_ever(self) -> None:
        while not self._leaving.is_set():
            await asyncio.sleep(self.settings.tick_seconds)
            if self._consumer.settled and not self._leaving.is_set():
                generation = self._consumer.generation
                await self._guard(self._read_again, generation)
                await self._guard(functools.partial(self._tick, generation), generation)

    async def _read_again(self) -> None:
        """What was read and never reached us comes again."""
        with contextlib.suppress(Transient):  # the next tick asks anew
            for partition in await self._consumer.read_again_what_went_astray():
                self.metrics.astray += 1
                log.warning(
                    "%s: records of %s partition %d were read and not delivered; reading them again",
                    self.stage.name, self.stage.reads, partition,
                    extra=about(stage=self.stage.name, topic=self.stage.reads, partition=partition),
                )  # fmt: skip

    async def _tick(self, generation: int) -> None:
        assigned = self._consumer.assigned

        async def one(partition: int) -> None:
            async with self._ownership.lock(partition):
                claim = await self._ownership.claim(partition, generation)
                await self._batches.tick(claim, time.time_ns() // 1_000_000)

        await self._ownership.release_all_but(assigned)
        await asyncio.gather(*(self._guard(lambda p=p: one(p), generation) for p in sorted(assigned)))  # type: ignore[misc]
        self.metrics.owned = len(self._ownership.owned)

    # Leaving.

    async def _leave(self, starting: "asyncio.Task[None]", closing: Sequence[Check]) -> bool:
        """Finish or abandon what is being handled, then leave the group. False if that took too long."""
        await self._end_work()
        try:
            async with asyncio.timeout(self.settings.stop_seconds):
                await self._clear_counters()
                await self._consumer.stop()
                starting.cancel()
                await self._producers.stop()
                for partition in self._ownership.owned:
                    await self.stage.release(partition)
                for close in closing:
                    await close()
        except (TimeoutError, Transient) as error:
            why = "they did not answer in time" if isinstance(error, TimeoutError) else str(error)
            log.warning("%s: left without waiting for the servers: %s", self.stage.name, why)
            return False
        return True

    async def _end_work(self) -> None:
        tasks = [task for task in (self._work, self._ticking) if task is not None and not task.done()]
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=self.settings.leave_seconds)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=self.settings.leave_seconds)

    async def _clear_counters(self) -> None:
        """We leave of our own will: nobody is to be blamed for what we didn't finish."""

        async def clear(partition: int) -> None:
            with contextlib.suppress(Transient, TimeoutError):
                await asyncio.wait_for(self._counter.clear(self.group, partition), CLEAR_SECONDS)

        await asyncio.gather(*(clear(partition) for partition in self._ownership.owned))

"""The order of things for one batch of one partition: the only way from a record to its acknowledgement.

    begun is written down → decode → handle → outputs confirmed → dead letters confirmed → `confirmed()` → ack

Knows neither Faust nor Kafka nor Redis. Whatever goes wrong, a record ends in one of three ways: handled and
acknowledged, dead letter confirmed and acknowledged, or not acknowledged at all.
"""

import contextlib
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from ..errors import Conflict, Fatal, Invalid, Transient
from ..logs import about
from ..observe.traceparent import parse
from ..record import Output, Record
from .crash_points import CrashPoints
from .dead_letters import Verdict, dead_letter
from .metrics import Metrics
from .patience import Abandoned, Patience
from .poison import Chunk, KillCounter, Suspicion, chunks
from .settings import ShellSettings
from .stage import Stage

log = logging.getLogger("storyline.stream")
M = TypeVar("M")
T = TypeVar("T")
Ack = Callable[[Sequence[Record]], None]


class Sender(Protocol):
    """Where outputs go. Both methods return when every output is confirmed. Raise Transient, Fenced or Fatal."""

    async def commit(self, partition: int, outputs: Sequence[Output]) -> None:
        """All of them in one transaction of the partition's own producer."""
        ...

    async def send(self, outputs: Sequence[Output]) -> None:
        """Through the one idempotent producer."""
        ...

    def fenced(self, output: Output) -> bool:
        """Whether it must go through `commit`."""
        ...


class Watch(Protocol):
    """Ends the process if what it watches doesn't come back in time."""

    def watching(self, what: str, seconds: float) -> AbstractContextManager[None]: ...


class Tracing(Protocol):
    """Is told of each batch that is confirmed; must neither wait nor raise."""

    def finished(
        self, stage: str, began_ns: int, records: Sequence[Record], outputs: Sequence[Output], dead: Sequence[Output]
    ) -> None: ...


@dataclass(slots=True)
class Claim:
    """A partition as it is owned in one generation."""

    partition: int
    generation: int
    abandoned: Callable[[], bool]
    """True once the process leaves or the generation is over: what isn't finished must not be acknowledged."""
    suspicion: Suspicion | None = None
    began_ns: int = 0
    """When its batch was begun (Unix time)."""
    begun: Suspicion | None = None
    """What was written down last of what it handles, until a server that is away is waited for."""


@dataclass(slots=True)  # not frozen: one is made for each record, and freezing triples what that costs
class _Item(Generic[M]):
    record: Record
    message: M | None
    verdict: Verdict | None


@dataclass(slots=True)
class Batches(Generic[M]):
    """Takes the batches of all partitions of one stage through the order above; those of one partition in turn."""

    stage: Stage[M]
    group: str
    settings: ShellSettings
    sender: Sender
    counter: KillCounter
    watchdog: Watch
    patience: Patience
    metrics: Metrics
    crash: CrashPoints = field(default_factory=CrashPoints)
    tracing: Tracing | None = None

    async def finish(self, claim: Claim, records: Sequence[Record], ack: Ack) -> None:
        """Take `records` (rising offsets) to their end. Raises Abandoned or Fatal; then the rest isn't acknowledged."""
        claim.began_ns = time.time_ns()
        for chunk in chunks(records, claim.suspicion, self.settings.kills_max):
            if claim.abandoned():
                raise Abandoned
            await self._finish_chunk(claim, chunk, ack)
        if claim.suspicion is not None and records[-1].offset >= claim.suspicion.last:
            claim.suspicion = None

    async def tick(self, claim: Claim, now_ms: int) -> None:
        """Let time pass on an owned partition, and send what has come due."""

        async def attempt() -> Sequence[Output]:
            with self._watch(claim, "tick", self.settings.hang_seconds):
                return await _transient(self.stage.tick(claim.partition, now_ms))

        try:
            outputs = await self.patience.keep_trying("tick", attempt, claim.abandoned)
        except Conflict:
            self.metrics.conflicts += 1  # the next tick decides anew
            return
        await self.publish(claim, outputs)
        if self.tracing is not None and outputs:
            self.tracing.finished(self.stage.name, now_ms * 1_000_000, (), outputs, ())

    async def publish(self, claim: Claim, outputs: Sequence[Output], dead: Sequence[Output] = ()) -> None:
        """Send and confirm outputs, then dead letters, then tell the stage."""
        fenced = [output for output in outputs if self.stage.transactional and self.sender.fenced(output)]
        others = [output for output in outputs if not (self.stage.transactional and self.sender.fenced(output))]
        began = time.perf_counter()
        if fenced:
            await self._send(claim, "commit", lambda: self.sender.commit(claim.partition, fenced))
            self.metrics.transactions += 1
        for ready in (others, dead):
            if ready:
                await self._send(claim, "send", lambda ready=ready: self.sender.send(ready))  # type: ignore[misc]
        if outputs or dead:
            self.metrics.confirm_seconds.observe(time.perf_counter() - began)
            self.metrics.outputs += len(outputs) + len(dead)
            self.metrics.published(outputs)
            self.crash.reach("after-send")
        if outputs:
            await self._try(claim, "confirm", lambda: self._confirmed(claim, outputs))
            self.crash.reach("after-confirmed")

    async def _finish_chunk(self, claim: Claim, chunk: Chunk, ack: Ack) -> None:
        if chunk.dead:
            await self._bury(claim, chunk, ack)
            return
        await self._begin(claim, chunk.suspicion)
        items = self._decode_all(claim, chunk.records)
        try:
            outputs = await self._handle(claim, items)
        except (Abandoned, Fatal):
            raise
        except Exception as error:  # noqa: BLE001  any message may raise anything: each gets its turn alone
            self._say(claim, "a batch failed and is taken one by one", error)
            await self._one_by_one(claim, chunk, items, ack)
            return
        await self._conclude(claim, items, outputs, ack)

    async def _bury(self, claim: Claim, chunk: Chunk, ack: Ack) -> None:
        verdict = Verdict.killed(chunk.tries)
        items: list[_Item[M]] = [_Item(record, None, verdict) for record in chunk.records]
        await self._conclude(claim, items, (), ack)

    async def _conclude(self, claim: Claim, items: Sequence[_Item[M]], outputs: Sequence[Output], ack: Ack) -> None:
        dead = []
        for item in items:
            if item.verdict is not None:
                dead.append(dead_letter(item.record, self.stage.name, item.verdict))
                self._count_dead(item.record, item.verdict)
        await self.publish(claim, outputs, dead)
        if self.tracing is not None:
            self.tracing.finished(self.stage.name, claim.began_ns, [item.record for item in items], outputs, dead)
        ack([item.record for item in items])
        self.metrics.acked += len(items)
        self.crash.reach("after-ack")

    async def _one_by_one(self, claim: Claim, chunk: Chunk, items: Sequence[_Item[M]], ack: Ack) -> None:
        for item in items:
            if claim.abandoned():
                raise Abandoned
            outputs: Sequence[Output] = ()
            if item.verdict is None:
                alone = Suspicion(item.record.offset, item.record.offset, chunk.tries)
                await self._begin(claim, alone)
                self.metrics.taken_alone += 1
                outputs, verdict = await self._alone(claim, item)
                item = _Item(item.record, item.message, verdict)
            await self._conclude(claim, [item], outputs, ack)

    async def _alone(self, claim: Claim, item: _Item[M]) -> tuple[Sequence[Output], Verdict | None]:
        verdict = None
        for tries in range(1, self.settings.tries_alone + 1):
            try:
                return await self._handle(claim, [item]), None
            except (Abandoned, Fatal):
                raise
            except Invalid as error:
                return (), Verdict.of(error, tries)
            except Exception as error:  # noqa: BLE001  the last error becomes the dead letter's reason
                self._say(claim, f"offset {item.record.offset}, try {tries} of {self.settings.tries_alone}", error)
                verdict = Verdict.of(error, tries)
            if tries < self.settings.tries_alone:
                await self.patience.pause(tries, claim.abandoned)
        return (), verdict

    def _decode_all(self, claim: Claim, records: Sequence[Record]) -> list[_Item[M]]:
        with self._watch(claim, "decode", self.settings.hang_seconds):
            return [self._decode(record) for record in records]

    def _decode(self, record: Record) -> _Item[M]:
        try:
            return _Item(record, self.stage.decode(record), None)
        except Fatal:
            raise
        except Exception as error:  # noqa: BLE001  what can't be decoded, for whatever reason, is a dead letter
            return _Item(record, None, Verdict.of(error, where="value"))

    async def _handle(self, claim: Claim, items: Sequence[_Item[M]]) -> Sequence[Output]:
        messages: list[M] = [item.message for item in items if item.verdict is None]  # type: ignore[misc]
        if not messages:
            return ()

        async def attempt() -> Sequence[Output]:
            self.crash.reach("before-handle")
            began = time.perf_counter()
            with self._watch(claim, "handle", self.settings.hang_seconds):
                outputs = await _transient(self.stage.handle(claim.partition, messages))
            self.metrics.handle_seconds.observe(time.perf_counter() - began)
            return outputs

        for n in range(1, self.settings.conflicts_max + 1):
            try:
                outputs = await self.patience.keep_trying("handle", attempt, claim.abandoned)
            except Conflict:
                self.metrics.conflicts += 1
                if n == self.settings.conflicts_max:
                    raise
            else:
                self.metrics.handled += len(messages)
                self.crash.reach("after-handle")
                return outputs
        raise AssertionError("conflicts_max is at least 1")

    async def _confirmed(self, claim: Claim, outputs: Sequence[Output]) -> None:
        with self._watch(claim, "confirmed", self.settings.hang_seconds):
            await _transient(self.stage.confirmed(claim.partition, outputs))

    async def _begin(self, claim: Claim, records: Suspicion) -> None:
        await self._try(claim, "begin", lambda: self.counter.begin(self.group, claim.partition, records))
        claim.begun = records

    async def _send(self, claim: Claim, call: str, sending: Callable[[], Awaitable[None]]) -> None:
        async def attempt() -> None:
            try:
                await self._timed(call, sending())
            except Transient:
                await self._acquit(claim)
                raise

        await self._try(claim, "send", attempt)

    async def _acquit(self, claim: Claim) -> None:
        """What is handled has killed nobody: however often its partition moves on while it can't be sent, that isn't
        counted against it."""
        begun, claim.begun = claim.begun, None
        if begun is not None and not claim.abandoned():
            with contextlib.suppress(Transient):
                await self.counter.begin(self.group, claim.partition, replace(begun, tries=begun.tries - 1))

    async def _timed(self, call: str, sending: Awaitable[None]) -> None:
        began = time.perf_counter()
        await sending
        self.metrics.kafka_seconds[call].observe(time.perf_counter() - began)

    async def _try(self, claim: Claim, what: str, attempt: Callable[[], Awaitable[None]]) -> None:
        await self.patience.keep_trying(what, attempt, claim.abandoned)

    def _watch(self, claim: Claim, what: str, seconds: float) -> AbstractContextManager[None]:
        return self.watchdog.watching(f"{self.stage.name}: {what} on partition {claim.partition}", seconds)

    def _count_dead(self, record: Record, verdict: Verdict) -> None:
        self.metrics.buried(verdict.error)
        # The reason may quote the text, and logs must not; it is in the dead letter.
        log.warning(
            "dead letter: %s partition %d offset %d (%s: %s)",
            record.topic, record.partition, record.offset, verdict.error, verdict.field, extra=self._about(record),
        )  # fmt: skip

    def _say(self, claim: Claim, what: str, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {frame.name}, {frame.filename}:{frame.lineno}"
        known = about(stage=self.stage.name, topic=self.stage.reads, partition=claim.partition)
        log.warning("%s partition %d: %s (%s)", self.stage.name, claim.partition, what, place, extra=known)

    def _about(self, record: Record) -> dict[str, Any]:
        """Where a record lies and its trace; not which article it is, which may be under embargo."""
        trace = parse(record.header("traceparent"))
        return about(
            stage=self.stage.name, topic=record.topic, partition=record.partition, offset=record.offset,
            trace_id=trace.trace_id if trace else None,
        )  # fmt: skip


async def _transient(call: Awaitable[T]) -> T:
    """A broken connection or a time-out is Transient, also where nobody has said so."""
    try:
        return await call
    except (ConnectionError, TimeoutError) as error:
        raise Transient(f"{type(error).__name__}: {error}") from error

"""A stage, a sender and a watch that live in memory, and records to give them."""

import contextlib
from collections.abc import Iterator, Sequence

from storyline.errors import Fatal, Invalid, Transient
from storyline.record import Output, Record
from storyline.stream.batches import Batches, Claim
from storyline.stream.metrics import Metrics
from storyline.stream.patience import Patience
from storyline.stream.poison import MemoryKillCounter
from storyline.stream.settings import ShellSettings

GROUP = "storyline.copy"


def record(offset: int, value: bytes | None = b"v", key: bytes | None = b"k") -> Record:
    return Record("in", 0, offset, 1_000 + offset, key, value, (("h", b"\xff"),))


class Copy:
    """Returns one output for each message; `faults` maps a value to what handling it raises, each time in turn."""

    name = "copy"
    reads = "in"
    transactional = True

    def __init__(self, faults: dict[bytes, list[Exception]] | None = None) -> None:
        self.faults = faults or {}
        self.batches: list[list[bytes]] = []
        self.confirmations = 0

    def decode(self, record: Record) -> bytes:
        if record.value is None:
            raise Invalid("value", "is null")
        return record.value

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        return ()

    async def handle(self, partition: int, batch: Sequence[bytes]) -> Sequence[Output]:
        self.batches.append(list(batch))
        for value in batch:
            if self.faults.get(value):
                raise self.faults[value].pop(0)
        return [Output("owned" if value.startswith(b"o") else "free", 0, b"k", value) for value in batch]

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        self.confirmations += 1

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        return [Output("free", 0, b"k", str(now_ms).encode())]

    async def release(self, partition: int) -> None: ...


class Sent:
    """Keeps what was sent, in order; raises what `faults` holds first."""

    def __init__(self, faults: list[Exception] | None = None) -> None:
        self.faults = faults or []
        self.transactions: list[list[Output]] = []
        self.free: list[Output] = []

    def fenced(self, output: Output) -> bool:
        return output.topic == "owned"

    async def commit(self, partition: int, outputs: Sequence[Output]) -> None:
        self._maybe_fail()
        self.transactions.append(list(outputs))

    async def send(self, outputs: Sequence[Output]) -> None:
        self._maybe_fail()
        self.free += outputs

    def values(self, topic: str) -> list[bytes | None]:
        return [output.value for output in self.free if output.topic == topic]

    def _maybe_fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


class NoWatch:
    """Ends nothing. `on`: how much is being watched just now."""

    on = 0

    @contextlib.contextmanager
    def watching(self, what: str, seconds: float) -> Iterator[None]:
        self.on += 1
        try:
            yield
        finally:
            self.on -= 1


class Bench:
    """Batches with everything around them replaced; `acked` holds the offsets in the order of their ack."""

    def __init__(self, stage: Copy | None = None, sent: Sent | None = None, **bounds: int) -> None:
        self.stage = stage or Copy()
        self.sent = sent or Sent()
        self.counter = MemoryKillCounter()
        self.metrics = Metrics()
        self.acked: list[int] = []
        self.leaving = False
        self.pauses = 0
        self.leave_after_pauses = 1_000
        self.claim = Claim(0, 1, lambda: self.leaving)
        settings = ShellSettings(kafka="none:1", **bounds)  # type: ignore[arg-type]
        patience = Patience(self._sleep, self.metrics, lambda n: 0.0)
        self.batches = Batches(
            self.stage, GROUP, settings, self.sent, self.counter, NoWatch(), patience, self.metrics
        )  # fmt: skip

    async def finish(self, records: Sequence[Record]) -> None:
        await self.batches.finish(self.claim, records, lambda done: self.acked.extend(one.offset for one in done))

    async def _sleep(self, seconds: float) -> None:
        self.pauses += 1
        self.leaving = self.leaving or self.pauses >= self.leave_after_pauses


__all__ = ["GROUP", "Bench", "Copy", "Fatal", "Sent", "Transient", "record"]

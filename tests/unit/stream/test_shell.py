"""The shell's own tasks, with a consumer that isn't there."""

import asyncio
from collections import Counter
from typing import Any

from storyline.stream.batches import Claim
from storyline.stream.logs import BrokerWatch
from storyline.stream.metrics import Metrics
from storyline.stream.ownership import Ownership
from storyline.stream.poison import MemoryKillCounter
from storyline.stream.settings import ShellSettings
from storyline.stream.shell import Shell

from .fakes import Copy


class Broken:
    """A consumer in a settled group, which can't say what it was given."""

    settled, generation = True, 1

    async def read_again_what_went_astray(self) -> frozenset[int]:
        return frozenset()

    @property
    def assigned(self) -> frozenset[int]:
        raise RuntimeError("the consumer has not started")


async def test_time_that_can_not_pass_ends_the_process_instead_of_standing_still() -> None:
    """Else no embargo would ever end, and no partition be given up, while articles go on coming."""
    settings = ShellSettings(kafka="none:1", tick_seconds=0.001)
    shell: Shell[Any] = Shell(Copy(), settings, MemoryKillCounter(), Metrics(), BrokerWatch("none:1"))
    shell._consumer = Broken()  # type: ignore[assignment]
    await shell._tick_for_ever()
    assert str(shell.failure).startswith("unexpected RuntimeError")


class Settled(Broken):
    """The same, with two partitions."""

    @property
    def assigned(self) -> frozenset[int]:
        return frozenset({0, 1})


class Waiting:
    """Batches whose partition 0 waits for its server."""

    def __init__(self) -> None:
        self.ticks: Counter[int] = Counter()
        self.enough, self.ended = asyncio.Event(), False

    async def tick(self, claim: Claim, now_ms: int) -> None:
        self.ticks[claim.partition] += 1
        if claim.partition == 0:
            try:
                await asyncio.Event().wait()
            finally:
                self.ended = True
        elif self.ticks[1] == 3:
            self.enough.set()


class Acquired:
    async def acquire(self, claim: Claim) -> None: ...

    async def release(self, partition: int) -> None: ...


async def test_a_partition_that_waits_for_its_server_holds_up_no_time_but_its_own() -> None:
    settings = ShellSettings(kafka="none:1", tick_seconds=0.001, leave_seconds=0.01)
    shell: Shell[Any] = Shell(Copy(), settings, MemoryKillCounter(), Metrics(), BrokerWatch("none:1"))
    batches = Waiting()
    shell._consumer, shell._batches = Settled(), batches  # type: ignore[assignment]
    shell._ownership = Ownership(Acquired(), lambda: 1, shell._leaving.is_set)
    shell._ticking = asyncio.create_task(shell._tick_for_ever())
    async with asyncio.timeout(20):
        await batches.enough.wait()
    assert batches.ticks[0] == 1
    shell._leaving.set()
    await shell._end_work()
    assert batches.ended and shell._ticking.done() and shell._ticks == {}

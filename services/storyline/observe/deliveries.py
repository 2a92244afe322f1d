"""The notifier's ledger, with each line of the delivery log counted once it is written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .meter import Meter

if TYPE_CHECKING:
    from ..domain.notify.owed import Entry
    from ..domain.notify.ports import Key, Ledger, Memory, Settled, Taken


class CountingLedger:
    """A `Ledger` over another one."""

    def __init__(self, ledger: "Ledger", meter: Meter) -> None:
        self._ledger = ledger
        self._meter = meter

    async def acquire(self, partition: int) -> "tuple[int, dict[Key, Entry]]":
        return await self._ledger.acquire(partition)

    async def stories(self, partition: int, story_ids: Sequence[str]) -> "dict[str, Memory]":
        return await self._ledger.stories(partition, story_ids)

    async def take(self, partition: int, epoch: int, taken: "Sequence[Taken]") -> None:
        await self._ledger.take(partition, epoch, taken)
        self._meter.count("storyline_notifier_stories_taken_total", amount=len(taken))

    async def settle(self, partition: int, epoch: int, settled: "Sequence[Settled]") -> None:
        await self._ledger.settle(partition, epoch, settled)
        for each in settled:
            if each.line is not None:
                self._meter.count("storyline_notifier_deliveries_total", each.line.channel, each.line.outcome)

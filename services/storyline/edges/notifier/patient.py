"""The ledger while Redis may be away: each call again until it works. What is asked stays the same, so a repeat of a
call whose answer was lost changes nothing (the log may have its line twice).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ...domain.notify import Entry
from ...domain.notify.ports import Key, Ledger, Memory, Settled, Taken
from ...stream.patience import Patience

T = TypeVar("T")


class PatientLedger:
    """Raises Abandoned once `abandoned(partition)` says that nobody needs it any more, and Fenced; never Transient."""

    def __init__(self, ledger: Ledger, patience: Patience, abandoned: Callable[[int], bool]) -> None:
        self._ledger = ledger
        self._patience = patience
        self._abandoned = abandoned

    async def acquire(self, partition: int) -> tuple[int, dict[Key, Entry]]:
        return await self._again(partition, lambda: self._ledger.acquire(partition))

    async def stories(self, partition: int, story_ids: Sequence[str]) -> dict[str, Memory]:
        return await self._again(partition, lambda: self._ledger.stories(partition, story_ids))

    async def take(self, partition: int, epoch: int, taken: Sequence[Taken]) -> None:
        await self._again(partition, lambda: self._ledger.take(partition, epoch, taken))

    async def settle(self, partition: int, epoch: int, settled: Sequence[Settled]) -> None:
        await self._again(partition, lambda: self._ledger.settle(partition, epoch, settled))

    async def _again(self, partition: int, call: Callable[[], Awaitable[T]]) -> T:
        return await self._patience.keep_trying("Redis", call, lambda: self._abandoned(partition))

"""`--dry-run`: what would be sent, of what the group hasn't handled yet. Sends, commits and writes nothing."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from ...domain.notify import Entry
from ...domain.notify.ports import Key, Ledger, Memory, Settled, Taken
from ...record import Record
from .book import Book
from .directory import Directory
from .message import Message
from .reading import read_update
from .subscription import Subscription

RECORDS_AT_ONCE = 500


class _Overlay:
    """A ledger that reads what is there and keeps what is written to itself."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._versions: dict[tuple[int, str], int] = {}

    async def acquire(self, partition: int) -> tuple[int, dict[Key, Entry]]:
        return 0, {}

    async def stories(self, partition: int, story_ids: Sequence[str]) -> dict[str, Memory]:
        found = await self._ledger.stories(partition, story_ids)
        return {
            id: Memory(max(memory.version, self._versions.get((partition, id), 0)), memory.told)
            for id, memory in found.items()
        }

    async def take(self, partition: int, epoch: int, taken: Sequence[Taken]) -> None:
        self._versions |= {(partition, each.story_id): each.version for each in taken}

    async def settle(self, partition: int, epoch: int, settled: Sequence[Settled]) -> None:
        """Nothing is sent, so nothing ends."""


@dataclass(frozen=True, slots=True)
class WouldSend:
    """One notification as it would go out."""

    subscription: Subscription
    endpoint: str
    message: Message

    def report(self) -> dict[str, object]:
        owed = self.message.owed
        return {
            "subscription": self.subscription.id, "channel": self.subscription.channel, "endpoint": self.endpoint,
            "message_id": self.message.id, "story": owed.story_id, "from_version": owed.from_version,
            "version": owed.version, "level": owed.level, "due_ms": owed.due_ms, "headline": owed.headline,
        }  # fmt: skip


async def rehearse(
    records: AsyncIterator[Record], ledger: Ledger, directory: Directory, endpoints: Mapping[str, str], now_ms: int
) -> tuple[int, list[WouldSend]]:
    """How many updates were looked at, and what would be sent, by when it is due. `endpoints`: by subscription."""
    books: dict[int, Book] = {}
    waiting: defaultdict[int, list[Record]] = defaultdict(list)
    looked_at = 0
    async for record in records:
        looked_at += 1
        waiting[record.partition].append(record)
        if len(waiting[record.partition]) >= RECORDS_AT_ONCE:
            await _take(books, ledger, record.partition, waiting.pop(record.partition), directory, now_ms)
    for partition, rest in waiting.items():
        await _take(books, ledger, partition, rest, directory, now_ms)
    found = [
        WouldSend(subscription, endpoints[id], Message(id, entry.waiting))
        for book in books.values()
        for (id, _), entry in book.entries.items()
        if entry.waiting is not None and (subscription := directory.find(id)) is not None
    ]
    return looked_at, sorted(found, key=lambda each: (each.message.owed.due_ms, each.message.id))


async def _take(
    books: dict[int, Book], ledger: Ledger, partition: int, records: Sequence[Record], directory: Directory, now_ms: int
) -> None:
    if partition not in books:
        books[partition] = await Book.open(_Overlay(ledger), partition)
    arrived = [update for record in records if (update := read_update(record)) is not None]
    await books[partition].take(arrived, directory.all(), now_ms)

"""What is owed of one partition's stories: in memory for the workers, and in the ledger before anything is done."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from storyline_schemas import StoryUpdate

from ...domain.notify import Entry, Owed, Told, take
from ...domain.notify.ports import Key, Ledger, Memory, Settled, Taken
from .subscription import Subscription

log = logging.getLogger("storyline.notifier")

EMPTY = Entry()


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update off the topic, with its event's id."""

    update: StoryUpdate
    ce_id: str


class Book:
    """One partition while it is ours. `told` is kept only of stories that something is owed of."""

    def __init__(self, ledger: Ledger, partition: int, epoch: int, entries: Mapping[Key, Entry]) -> None:
        self._ledger = ledger
        self.partition = partition
        self._epoch = epoch
        self.entries: dict[Key, Entry] = dict(entries)
        self._told: dict[Key, Told] = {}
        self._lock = asyncio.Lock()
        """What is owed is read, recorded and known as one step, however long Redis is away; attempts happen outside."""
        self.closed = False
        """It is ours no more: nothing new is begun."""

    @classmethod
    async def open(cls, ledger: Ledger, partition: int) -> "Book":
        """Take the partition over from whoever had it."""
        epoch, entries = await ledger.acquire(partition)
        book = cls(ledger, partition, epoch, entries)
        memories = await ledger.stories(partition, sorted({story for _, story in entries}))
        for subscription, story in entries:
            if told := memories[story].told.get(subscription):
                book._told[subscription, story] = told
        return book

    async def take(
        self, arrived: Sequence[Arrived], subscriptions: Iterable[Subscription], now_ms: int
    ) -> tuple[list[Key], int]:
        """Work out who is owed what by these updates and record it; the keys that changed, and how many were repeats.

        Repeatable: what was recorded before a crash is known by its version. Raises Fenced.
        """
        async with self._lock:
            return await self._take(arrived, list(subscriptions), now_ms)

    async def _take(
        self, arrived: Sequence[Arrived], subscriptions: Sequence[Subscription], now_ms: int
    ) -> tuple[list[Key], int]:
        stories = list(dict.fromkeys(each.update.story.id for each in arrived))
        memories = await self._ledger.stories(self.partition, stories)
        changed: dict[Key, Entry] = {}
        versions = {story: memories[story].version for story in stories}
        repeats = 0
        for each in arrived:
            story = each.update.story
            if story.version <= versions[story.id]:
                repeats += 1
                continue
            if story.version > versions[story.id] + 1 and versions[story.id]:
                log.warning("story %s: version %d comes after %d", story.id, story.version, versions[story.id])
            versions[story.id] = story.version
            self._apply(each, memories[story.id], subscriptions, changed, now_ms)
        taken = [
            Taken(story, versions[story], {sub: entry for (sub, of), entry in changed.items() if of == story})
            for story in stories
            if versions[story] > memories[story].version
        ]
        await self._ledger.take(self.partition, self._epoch, taken)
        self._remember(changed, memories)
        return list(changed), repeats

    def _apply(
        self, each: Arrived, memory: Memory, subscriptions: Sequence[Subscription], changed: dict[Key, Entry],
        now_ms: int,
    ) -> None:  # fmt: skip
        for subscription in subscriptions:
            key = (subscription.id, each.update.story.id)
            before = changed.get(key, self.entries.get(key, EMPTY))
            told = self._told.get(key) or memory.told.get(subscription.id)
            after = take(before, told, each.update, each.ce_id, subscription, subscription.timing, now_ms)
            if after is not before:
                changed[key] = after

    def _remember(self, changed: Mapping[Key, Entry], memories: Mapping[str, Memory]) -> None:
        for (subscription, story), entry in changed.items():
            key = (subscription, story)
            self._know(key, entry, self._told.get(key) or memories[story].told.get(subscription))

    def told(self, key: Key) -> Told | None:
        """What the subscription was told of the story, for keys that something is owed by."""
        return self._told.get(key)

    async def begin(self, key: Key, *, claim: bool) -> Owed | None:
        """What waits goes on its way; None if nothing does. `claim`: record it, so that a crash leaves it in doubt.

        Raises Fenced; then it still waits.
        """
        async with self._lock:
            before = self.entries.get(key, EMPTY)
            if before.waiting is None or before.sent is not None:
                return None
            entry = before.depart()
            if claim:
                await self._ledger.settle(self.partition, self._epoch, [Settled(*key, entry)])
            self.entries[key] = entry
            return entry.sent

    async def finish(self, key: Key, ended: Callable[[Entry], Settled]) -> None:
        """Record how it went, then know it. `ended` is given the entry as it then is. Raises Fenced."""
        async with self._lock:
            settled = ended(self.entries.get(key, EMPTY))
            await self._ledger.settle(self.partition, self._epoch, [settled])
            self._know(key, settled.entry, settled.told)

    def _know(self, key: Key, entry: Entry, told: Told | None) -> None:
        if entry.empty:
            self.entries.pop(key, None)
            self._told.pop(key, None)
            return
        self.entries[key] = entry
        if told is not None:
            self._told[key] = told

"""One endpoint's queue: what waits for it, in order of when it is due. No other endpoint waits for it."""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...domain.notify import Owed
from ...domain.notify.ports import Key
from .book import Book
from .health import Health

OVERTAKEN_MAX = 64
"""Items of a queue that newer ones have overtaken, beside as many as there are others, before they are swept out."""
_Item = tuple[int, int, tuple[int, Key]]
"""When it is due, in ms; a number that rises; where it waits: partition and key."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One notification that is due."""

    book: Book
    key: Key
    owed: Owed


class Endpoint:
    """The queue. At most one notification a story and subscription waits, since newer ones replace it."""

    def __init__(self, name: str, channel: str, health: Health, clock_ms: Callable[[], int]) -> None:
        self.name = name
        self.channel = channel
        self.health = health
        self.gone = False
        self.at_work = False
        """Whether something was taken off the queue and isn't ended yet."""
        self._clock_ms = clock_ms
        self._waiting: dict[tuple[int, Key], Book] = {}
        """In the order in which they began to wait."""
        self._heap: list[_Item] = []
        self._count = 0
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, book: Book, key: Key) -> None:
        """Something waits under the key, or waits until another time."""
        entry = book.entries.get(key)
        if entry is None or entry.waiting is None or entry.sent is not None:
            return
        place = (book.partition, key)
        self._waiting[place] = book
        self._count += 1
        heapq.heappush(self._heap, (entry.waiting.due_ms, self._count, place))
        if len(self._heap) > OVERTAKEN_MAX + 2 * len(self._waiting):
            self._sweep()
        self._changed.set()

    def _sweep(self) -> None:
        """Forget what was overtaken: each update adds an item, and while the endpoint is down nothing takes one off."""
        kept = {item[2]: item for item in self._heap if self._is_true(item)}
        self._heap = list(kept.values())
        heapq.heapify(self._heap)

    def _is_true(self, item: _Item) -> bool:
        """Whether it says when the notification that waits in its place is due."""
        due_ms, _, place = item
        book = self._waiting.get(place)
        entry = book.entries.get(place[1]) if book is not None else None
        return entry is not None and entry.waiting is not None and entry.waiting.due_ms == due_ms

    def oldest(self) -> tuple[Book, Key]:
        """What has waited longest."""
        place = next(iter(self._waiting))
        return self._waiting.pop(place), place[1]

    def wake(self) -> None:
        """Look again, for something outside has changed."""
        self._changed.set()

    async def next(self, batch_max: int) -> list[Pick]:
        """Wait until something is due and the endpoint may be tried; up to `batch_max` of one subscription."""
        while True:
            self._changed.clear()
            now_ms = self._clock_ms()
            may_be_tried = self.gone or now_ms >= self.health.open_at_ms
            if may_be_tried and (picks := self._due(now_ms, batch_max)):
                return picks
            await self._until_changed(now_ms)

    async def _until_changed(self, now_ms: int) -> None:
        if not self._heap:
            await self._changed.wait()
            return
        at_ms = max(self._heap[0][0], 0 if self.gone else self.health.open_at_ms)
        try:
            # Bounded, so that a clock that is set back doesn't hold anything for ever.
            async with asyncio.timeout(min(60.0, max(0.0, (at_ms - now_ms) / 1000) + 0.001)):
                await self._changed.wait()
        except TimeoutError:
            return

    def _due(self, now_ms: int, batch_max: int) -> list[Pick]:
        picks: list[Pick] = []
        others: list[_Item] = []
        for item, pick in self._drain(now_ms):
            if picks and pick.key[0] != picks[0].key[0]:
                others.append(item)
                continue
            picks.append(pick)
            self._waiting.pop(item[2], None)
            if len(picks) >= batch_max:
                break
        for item in others:
            heapq.heappush(self._heap, item)
        return picks

    def _drain(self, now_ms: int) -> Iterator[tuple[_Item, Pick]]:
        """What is due, taken off the heap; what isn't there any more, or came again with another time, is left out."""
        while self._heap and self._heap[0][0] <= now_ms:
            item = heapq.heappop(self._heap)
            due_ms, _, place = item
            book = self._waiting.get(place)
            if book is None or book.closed:
                self._waiting.pop(place, None)
                continue
            entry = book.entries.get(place[1])
            if entry is None or entry.waiting is None or entry.sent is not None:
                self._waiting.pop(place, None)
            elif entry.waiting.due_ms == due_ms:
                yield item, Pick(book, place[1], entry.waiting)

"""One endpoint's queue: what waits for it, in order of when it is due. No other endpoint waits for it."""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...domain.notify import Owed
from ...domain.notify.ports import Key
from .book import Book
from .health import Health


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
        self._clock_ms = clock_ms
        self._waiting: dict[tuple[int, Key], Book] = {}
        """In the order in which they began to wait."""
        self._heap: list[tuple[int, int, tuple[int, Key]]] = []
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
        self._changed.set()

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
        others: list[tuple[int, int, tuple[int, Key]]] = []
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

    def _drain(self, now_ms: int) -> Iterator[tuple[tuple[int, int, tuple[int, Key]], Pick]]:
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

"""When the first record was written that a group hasn't read: asked of the brokers, many partitions in one Fetch.

What is read is bounded: a few KiB of each partition, more only where a batch is larger, and so many reads a call.
Records of aborted transactions, markers and what compaction has taken away are passed over. A record of a transaction
that is still open counts: it is there and waits, though readers of committed records can't see it yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiokafka.protocol.fetch import FetchRequest

from .batches import Aborted, Batch, batches, visible
from .watching import KafkaWatcher, Place

FIRST_BYTES, LAST_BYTES = 4_096, 1 << 20
"""Asked of one partition at first, and in the end; a single batch comes whole even if it is larger."""
GROWTH = 16
RESPONSE_BYTES = 8 << 20
AT_ONCE = 400
"""Partitions in one Fetch."""
_COMMITTED, _ALL = 1, 0
FRUITLESS_MAX = 32
"""Reads in a row of one partition that find nothing a consumer sees; the next call goes on from there."""


class Head(NamedTuple):
    """What comes at an offset or after it."""

    timestamp_ms: int | None
    """When the first record was written; None: there is none in what was read. -1: it has no time."""
    scanned: int
    """Up to here it was looked for; below the log's end: the rest is left for the next call."""


@dataclass(slots=True)
class _Search:
    """Where the search in one partition stands."""

    place: Place
    wanted: list[int]
    """Offsets still to be answered, ascending."""
    position: int
    size: int
    isolation: int = _COMMITTED
    alone: bool = False
    fruitless: int = 0
    """Reads that found markers and aborted records only."""


class Heads:
    """Finds records for many groups at a time. Remembers for each topic how much one read takes."""

    def __init__(self, watcher: KafkaWatcher) -> None:
        self._watcher = watcher
        self._sizes: dict[str, int] = {}

    async def find(
        self,
        wanted: Mapping[Place, Mapping[int, int]],
        leaders: Mapping[Place, int | None],
        reads_max: int,
    ) -> dict[tuple[Place, int], Head]:
        """`wanted`: place → offset → where to start looking (the offset, or how far an earlier call came).

        What couldn't be read, or not within `reads_max` reads of partitions, is missing in the answer.
        """
        found: dict[tuple[Place, int], Head] = {}
        searches: dict[int, list[_Search]] = defaultdict(list)
        for place, offsets in wanted.items():
            leader = leaders.get(place)
            if offsets and leader is not None:
                ordered = sorted(offsets)
                size = self._sizes.get(place[0], FIRST_BYTES)
                searches[leader].append(_Search(place, ordered, offsets[ordered[0]], size))
        for leader, open_searches in searches.items():
            left = open_searches
            while left and reads_max > 0:
                part, rest = self._next(left, reads_max)
                reads_max -= len(part)
                left = rest + await self._pass(leader, part, found)
        return found

    def _next(self, left: list[_Search], reads_max: int) -> tuple[list[_Search], list[_Search]]:
        """The searches for one request: those that ask for much go alone."""
        if left[0].alone:
            return left[:1], left[1:]
        part = [search for search in left if not search.alone][: min(AT_ONCE, reads_max)]
        taken = {id(search) for search in part}
        return part, [search for search in left if id(search) not in taken]

    async def _pass(self, leader: int, part: list[_Search], found: dict[tuple[Place, int], Head]) -> list[_Search]:
        """One request for each isolation level; the searches that must go on."""
        going_on: list[_Search] = []
        for isolation in (_COMMITTED, _ALL):
            asked = {search.place: search for search in part if search.isolation == isolation}
            if not asked:
                continue
            answer = await self._watcher.fetch(leader, _request(asked.values(), isolation))
            for topic, partitions in answer.topics if answer is not None else ():
                for partition, *rest in partitions:
                    search = asked.get((topic, partition))
                    if search is not None and self._read(search, rest, found):
                        going_on.append(search)
        return going_on

    def _read(self, search: _Search, answer: list[Any], found: dict[tuple[Place, int], Head]) -> bool:
        """Take what one partition answered; whether the search goes on."""
        error, end, stable, *_ = answer
        if error:
            return False
        data = answer[-1] or b""
        aborted = [Aborted(*each[:2]) for each in answer[-2 if len(answer) < 7 else -3] or ()]
        before, left = search.position, len(search.wanted)
        _take(search, visible(batches(data), aborted), found)
        if not search.wanted:
            return False
        if search.position >= end:
            _nothing(search, found)
            return False
        if search.position == before:
            return self._ask_otherwise(search, stable)
        search.fruitless = search.fruitless + 1 if len(search.wanted) == left else 0
        if search.fruitless >= FRUITLESS_MAX:
            _nothing(search, found)
            return False
        if search.fruitless:
            search.size = min(search.size * GROWTH, LAST_BYTES)
            search.alone = search.size >= LAST_BYTES
        return True

    def _ask_otherwise(self, search: _Search, stable: int) -> bool:
        """Nothing came though there is something: an open transaction is in the way, or a batch is larger."""
        if search.isolation == _COMMITTED and 0 <= stable <= search.position:
            search.isolation = _ALL
            return True
        if search.alone:
            return False
        search.size *= GROWTH
        search.alone = search.size >= LAST_BYTES
        self._sizes[search.place[0]] = min(search.size, LAST_BYTES // GROWTH)
        return True


def _request(searches: Iterable[_Search], isolation: int) -> FetchRequest:
    topics: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for search in searches:
        topics[search.place[0]].append((search.place[1], search.position, search.size))
    return FetchRequest(0, 0, RESPONSE_BYTES, isolation, list(topics.items()))


def _take(search: _Search, read: Iterable[tuple[Batch, bool]], found: dict[tuple[Place, int], Head]) -> None:
    """Answer the wanted offsets that these batches cover, and move on behind them."""
    for batch, seen in read:
        if batch.last < search.position:
            continue
        while seen and search.wanted and search.wanted[0] <= batch.last:
            offset = search.wanted[0]
            written = batch.time_of(offset)
            if written is None:
                break
            found[search.place, offset] = Head(written, offset)
            search.wanted.pop(0)
        search.position = batch.last + 1
        if not search.wanted:
            return
        # Nothing lies between here and an offset that comes later.
        if search.wanted[0] > search.position:
            search.position = search.wanted[0]


def _nothing(search: _Search, found: dict[tuple[Place, int], Head]) -> None:
    for offset in search.wanted:
        if offset <= search.position:
            found[search.place, offset] = Head(None, search.position)

"""What was read of each partition and isn't acknowledged: so that a record that Faust lets fall is read again.

Between Faust's reader and its stream lie a queue that a rebalance clears, a flow that it stops and an offset below
which records are dropped. Seen: two rebalances within a second, and three records that had been read reached nobody;
what came after them was handled, and the group's offset stood before them for good.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

Open = Mapping[int, Set[int]]
"""Offsets by partition."""


class Readings:
    """Offsets by partition, as they were read. No I/O; not for more than one thread."""

    def __init__(self) -> None:
        self._open: defaultdict[int, dict[int, int]] = defaultdict(dict)
        """Partition → offset → the reader's round in which it came."""
        self._round = 0
        self._doubted: dict[int, int] = {}

    def next_round(self) -> None:
        """The reader goes for more: what it had is handed over, or has fallen."""
        self._round += 1

    def read(self, partition: int, offsets: Iterable[int]) -> None:
        """These came from the broker, in order."""
        self._open[partition].update(dict.fromkeys(offsets, self._round))

    def acknowledged(self, partition: int, offset: int) -> None:
        """Its end is known; nothing is owed for it any more."""
        self._open[partition].pop(offset, None)

    def owed(self, partition: int | None = None) -> Open:
        """What is open now, of one partition or (None) of all."""
        partitions = list(self._open) if partition is None else [partition]
        return {each: frozenset(self._open[each]) for each in partitions}

    def sought(self, owed: Open) -> None:
        """These come again, as their partitions are read again from what is committed."""
        for partition, offsets in owed.items():
            for offset in offsets:
                self._open[partition].pop(offset, None)
            self._doubted.pop(partition, None)

    def cap(self, partition: int, offset: int) -> int:
        """How far may be committed, if all before `offset` were acknowledged: not past the first that is open."""
        return min(offset, min(self._open[partition], default=offset))

    def astray(self, held: Mapping[int, int]) -> frozenset[int]:
        """Partitions with a record before the first that is `held` (in hand or waiting; partition → offset).

        Of earlier rounds alone, as the last one's may wait to be handed over; and what was so the time before too.
        """
        oldest = {}
        for partition, offsets in self._open.items():
            if over := [offset for offset, round in offsets.items() if round < self._round]:
                oldest[partition] = min(over)
        doubted = {p: offset for p, offset in oldest.items() if offset < held.get(p, offset + 1)}
        found = frozenset(p for p, offset in doubted.items() if self._doubted.get(p) == offset)
        self._doubted = doubted
        return found

"""What was read of each partition and isn't acknowledged: so that a record that Faust lets fall is read again.

Between Faust's reader and its stream lie a queue that a rebalance clears, a flow that it stops and an offset below
which records are dropped. Seen: two rebalances within a second, and three records that had been read reached nobody;
what came after them was handled, and the group's offset stood before them for good.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping


class Readings:
    """Offsets by partition, as they were read. No I/O; not for more than one thread."""

    def __init__(self) -> None:
        self._open: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self._doubted: dict[int, int] = {}

    def read(self, partition: int, offsets: Iterable[int]) -> None:
        """These came from the broker, in order."""
        self._open[partition].update(dict.fromkeys(offsets))

    def acknowledged(self, partition: int, offset: int) -> None:
        """Its end is known; nothing is owed for it any more."""
        self._open[partition].pop(offset, None)

    def sought(self, partition: int | None = None) -> None:
        """The partition (None: each) is read again from what is committed."""
        if partition is None:
            self._open.clear()
            self._doubted.clear()
        else:
            self._open.pop(partition, None)
            self._doubted.pop(partition, None)

    def astray(self, held: Mapping[int, int]) -> frozenset[int]:
        """Partitions with a record before the first that is `held` (in hand or waiting; partition → offset).

        Only what was so the time before too: for a moment a record is on its way from the reader to the queue.
        """
        oldest = {partition: min(offsets) for partition, offsets in self._open.items() if offsets}
        doubted = {p: offset for p, offset in oldest.items() if offset < held.get(p, offset + 1)}
        found = frozenset(p for p, offset in doubted.items() if self._doubted.get(p) == offset)
        self._doubted = doubted
        return found

"""Which live stories are about the same, by their directions alone: for articles in another language.

Locality-sensitive hashing by random hyperplanes (Charikar 2002) with probes in the order of their likelihood (Lv et
al. 2007, "Multi-Probe LSH"). Each story lies in one bucket of each table, by the signs of its direction's products
with BITS planes; a search reads its own bucket and those that differ in up to two signs, the least certain first,
until READ_MAX stories are read: its cost is bounded however many stories are live.
"""

import hashlib
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from .live import Meaning
from .postings import Postings
from .vectors import DIMENSIONS, Direction, units

TABLES, BITS = 6, 14
READ_MAX = 2_000
WAITING_MAX = 1_000
"""Stories whose new directions wait, half a kilobyte each, and as many that wait for their buckets."""
Ints = npt.NDArray[np.int64]

_FLIPS = [(), *((one,) for one in range(BITS)), *combinations(range(BITS), 2)]
_FLIPPED = np.array([[bit in flips for bit in range(BITS)] for flips in _FLIPS], np.int64)
_MASKS = _FLIPPED @ (1 << np.arange(BITS))
_COST_OF = np.ascontiguousarray(_FLIPPED.T, np.float32)
_POWERS = 1 << np.arange(BITS)
_FIRST = np.arange(TABLES)[:, None] << BITS
_NOWHERE = -1


def _planes() -> npt.NDArray[np.float32]:
    """±1, the same on every machine; products with int8 directions are exact in float32."""
    bits = hashlib.shake_128(b"storyline neighbours").digest(DIMENSIONS * TABLES * BITS // 8)
    signs = np.unpackbits(np.frombuffer(bits, np.uint8)).astype(np.float32) * 2 - 1
    return signs.reshape(DIMENSIONS, TABLES * BITS)


_PLANES = _planes()


class Neighbours:
    """Slot → direction, and the slots in each bucket. About 350 bytes a story."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._lengths = np.zeros(TABLES << BITS, np.int32)  # of the buckets
        self._directions = np.zeros((64, DIMENSIONS), np.int8)
        self._buckets = np.full((64, TABLES), _NOWHERE, np.int32)
        self._offsets = np.zeros((64, TABLES), np.int32)
        self._squares = np.ones(64)
        """Of the lengths of the directions."""
        self._held = np.zeros(64, np.bool_)
        self._places = np.zeros(64, np.int32)
        self._waiting: dict[int, Meaning] = {}
        """Sums of directions by slot, which nobody has asked for yet."""
        self._unplaced: set[int] = set()
        """Slots that aren't in the buckets of their directions yet."""

    def put(self, slot: int, direction: Direction | None) -> None:
        """The direction of a slot's story is this now; None: it has none."""
        self.remove(slot)
        if direction is not None:
            self._enter([slot], direction[None])

    def put_later(self, slot: int, meaning: Meaning) -> None:
        """The direction of a slot's story is this sum's now; of zeros: it has none.

        It is worked out together with others, when first asked for. Where all speak one language nobody asks.
        """
        self._waiting[slot] = meaning.copy()
        if len(self._waiting) >= WAITING_MAX:
            self._settle()

    def _settle(self) -> None:
        """Work out the directions that wait."""
        if self._waiting:
            slots, sums = list(self._waiting), np.array(list(self._waiting.values()), np.int64)
            self._waiting.clear()
            known = sums.any(axis=1)
            if not known.all():
                for at in np.flatnonzero(~known).tolist():
                    self._leave(slots[at])
                slots, sums = np.array(slots)[known].tolist(), sums[known]
            self._enter(slots, units(sums))

    def _enter(self, slots: Sequence[int], directions: npt.NDArray[np.int8]) -> None:
        while max(slots, default=0) >= len(self._held):
            self._grow()
        self._directions[slots], self._held[slots] = directions, True
        self._unplaced.update(slots)
        if len(self._unplaced) >= WAITING_MAX:
            self._place_all()

    def _place_all(self) -> None:
        """Enter each slot in the buckets of its direction."""
        if self._unplaced:
            slots = list(self._unplaced)
            self._unplaced.clear()
            whole = self._directions[slots].astype(np.float32)
            self._squares[slots] = np.maximum(np.einsum("ij,ij->i", whole, whole), 1.0)
            signs = (whole @ _PLANES > 0).reshape(-1, TABLES, BITS)
            for slot, buckets in zip(slots, (signs @ _POWERS + _FIRST[:, 0]).tolist(), strict=True):
                self._place(slot, buckets)

    def _place(self, slot: int, buckets: Sequence[int]) -> None:
        """Enter the slot in a bucket of each table, and take it out of those in which it is no more."""
        old, offsets = self._buckets[slot].tolist(), self._offsets[slot].tolist()
        changed = [table for table, bucket in enumerate(buckets) if bucket != old[table]]
        if old[0] >= 0:
            self._take_out([old[table] for table in changed], [offsets[table] for table in changed])
        self._buckets[slot] = buckets
        for table in changed:
            bucket = buckets[table]
            self._lengths[bucket] += 1
            [self._offsets[slot, table]] = self._postings.append([bucket], slot, [1], table)

    def remove(self, slot: int) -> None:
        """The slot has no direction any more."""
        self._waiting.pop(slot, None)
        self._leave(slot)

    def _leave(self, slot: int) -> None:
        self._unplaced.discard(slot)
        if slot < len(self._held) and self._held[slot]:
            self._held[slot] = False
            if (buckets := self._buckets[slot].tolist())[0] >= 0:
                self._take_out(buckets, self._offsets[slot].tolist())
                self._buckets[slot] = _NOWHERE

    def _take_out(self, buckets: Sequence[int], offsets: Sequence[int]) -> None:
        for bucket in buckets:
            self._lengths[bucket] -= 1
        self._postings.remove(buckets, offsets, self._moved)

    def of(self, slots: Sequence[int]) -> npt.NDArray[np.int8]:
        """The direction of each slot's story, a row each; zeros if it has none."""
        self._settle()
        while max(slots, default=0) >= len(self._held):
            self._grow()
        rows: npt.NDArray[np.int8] = self._directions[slots] * self._held[slots, None]
        return rows

    def _moved(self, slot: int, table: int, offset: int) -> None:
        self._offsets[slot, table] = offset

    def _grow(self) -> None:
        self._directions = np.concatenate((self._directions, np.zeros_like(self._directions)))
        self._buckets = np.concatenate((self._buckets, np.full_like(self._buckets, _NOWHERE)))
        self._offsets = np.concatenate((self._offsets, np.zeros_like(self._offsets)))
        self._squares = np.concatenate((self._squares, np.ones_like(self._squares)))
        self._held = np.concatenate((self._held, np.zeros_like(self._held)))
        self._places = np.zeros(len(self._held), np.int32)

    def near(self, direction: Direction) -> tuple[Ints, npt.NDArray[np.float64]]:
        """(distinct slots, cosine of each) of the stories read."""
        self._settle()
        self._place_all()
        query = direction.astype(np.float32)
        products = (query @ _PLANES).reshape(TABLES, BITS)
        buckets = (((products > 0) @ _POWERS)[:, None] ^ _MASKS | _FIRST).ravel()
        lengths = self._lengths[buckets]
        filled = np.flatnonzero(lengths)  # few of them, unless hundreds of thousands of stories are live
        buckets, lengths = buckets[filled], lengths[filled]
        if int(lengths.sum()) > READ_MAX:
            costs = (np.abs(products) @ _COST_OF).ravel()[filled]  # whole numbers below 2²⁴: exact in float32
            order = np.lexsort((buckets, costs))
            within = int(np.searchsorted(np.cumsum(lengths[order]), READ_MAX, side="right"))
            buckets = buckets[order[:within]]
        read = self._postings.slots(buckets.tolist())
        place = np.arange(read.size, dtype=np.int32)
        self._places[read] = place  # the last one written stands for its slot
        slots = read[self._places[read] == place]
        dots = (self._directions[slots].astype(np.float32) @ query).astype(np.float64)
        return slots, dots / np.sqrt(self._squares[slots] * max(float(query @ query), 1.0))

"""The inverted index: which live stories carry a term, and with what weight.

All postings lie in one arena of arrays, each term's in one run with room to grow, so that a query and an update
are a handful of numpy calls however many terms they touch. Rooms are powers of two; one that a term has outgrown is
given to the next that needs one of its size, and the arena grows where it lies, so nothing is ever packed anew.
`back` leads from a posting to the place in its story's own term list, which holds the posting's place in turn: a
posting is removed by moving the run's last one into its place, at a cost that doesn't depend on how many stories
share the term.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .words import TERMS

Ints = npt.NDArray[np.int64]
Offsets = npt.NDArray[np.int32]
"""Places in the terms' runs; a story keeps one for each of its terms."""
_SIZES = 32
_ROOMS = np.array([0, *(1 << size for size in range(1, _SIZES))])
"""Postings that a room of each size holds."""
_ARENA_MIN = 1 << 16
_GROWTH = 5 / 4


class Postings:
    """(term, slot) → weight, for terms below `terms`. Memory: 10 bytes a posting, about 1½ times that with the room."""

    def __init__(self, terms: int = TERMS) -> None:
        self._start = np.zeros(terms, np.int32)
        self._length = np.zeros(terms, np.int32)
        self._size = np.zeros(terms, np.int8)
        """The room of a term's run is 2 to the power of this; 0: it has none."""
        self._free: list[list[int]] = [[] for _ in range(_SIZES)]
        """Where rooms of each size lie unused."""
        self._used = 0
        self._slot, self._weight = np.zeros(_ARENA_MIN, np.int32), np.zeros(_ARENA_MIN, np.int32)
        self._back = np.zeros(_ARENA_MIN, np.uint16)

    def lengths(self, terms: Ints) -> Ints:
        """How many stories carry each term."""
        return self._length[terms].astype(np.int64)

    def append(self, terms: Ints, slot: int, weights: Ints, backs: Ints) -> Offsets:
        """Add a posting to each of distinct `terms`; returns their offsets in the terms' runs."""
        offsets = self._length[terms]
        self._make_room(terms, offsets + 1)
        places = self._start[terms] + offsets
        self._slot[places], self._weight[places], self._back[places] = slot, weights, backs
        self._length[terms] += 1
        return offsets

    def extend(self, terms: Ints, slots: Ints, weights: Ints, backs: Ints) -> Offsets:
        """`append` for many stories at once: terms may come again; returns the offset of each posting."""
        order = np.argsort(terms, kind="stable")
        distinct, first, counts = np.unique(terms[order], return_index=True, return_counts=True)
        before = self._length[distinct]
        self._make_room(distinct, before + counts)
        offsets = np.arange(terms.size) + np.repeat(before - first, counts)
        places = np.repeat(self._start[distinct], counts) + offsets
        self._slot[places], self._weight[places], self._back[places] = slots[order], weights[order], backs[order]
        self._length[distinct] += counts.astype(np.int32)
        found = np.empty(terms.size, np.int32)
        found[order] = offsets
        return found

    def add(self, terms: Ints, offsets: Offsets, weights: Ints) -> None:
        """Raise the weights of existing postings."""
        self._weight[self._start[terms] + offsets] += weights.astype(np.int32)

    def remove(self, terms: Ints, offsets: Offsets, moved: Callable[[int, int, int], None]) -> None:
        """Take postings out; `moved(slot, back, offset)` is told of each that now lies elsewhere."""
        starts = self._start[terms]
        last = self._length[terms] - 1
        self._length[terms] -= 1
        holes, tails = starts + offsets, starts + last
        for column in (self._slot, self._weight, self._back):
            column[holes] = column[tails]
        for at in np.flatnonzero(offsets != last):
            hole = holes[at]
            moved(int(self._slot[hole]), int(self._back[hole]), int(offsets[at]))

    def gather(self, terms: Ints, weights: Ints) -> tuple[npt.NDArray[np.int32], Ints]:
        """(slots, products): every posting of `terms`, weight times query weight; a slot comes once for each term."""
        lengths = self._length[terms].astype(np.int64)
        places = _runs(self._start[terms], lengths)
        return self._slot[places], np.repeat(weights, lengths) * self._weight[places]

    def slots(self, terms: Ints) -> npt.NDArray[np.int32]:
        """The slot of every posting of `terms`; it comes once for each term."""
        return self._slot[_runs(self._start[terms], self._length[terms].astype(np.int64))]

    def _make_room(self, terms: Ints, needed: npt.NDArray[np.integer]) -> None:
        """Let the run of each of distinct `terms` have room for `needed` postings."""
        rooms = _ROOMS[self._size[terms]]
        short = needed > rooms
        if not short.any():
            return
        full = terms[short]
        sizes = [max(1, (each - 1).bit_length()) for each in needed[short].tolist()]
        starts = np.array([self._take(size) for size in sizes])
        if self._used > self._slot.size:
            for column in (self._slot, self._weight, self._back):
                # In place: a column of a gigabyte isn't copied, and nothing else holds on to it.
                column.resize(int(self._used * _GROWTH), refcheck=False)
        outgrown = np.flatnonzero(self._size[full])  # most terms had no room at all
        if outgrown.size:
            self._move(full[outgrown], starts[outgrown])
        self._start[full], self._size[full] = starts, sizes

    def _move(self, terms: Ints, starts: Ints) -> None:
        """Copy the runs of `terms` to where they start from now on, and give up their rooms."""
        lengths = self._length[terms].astype(np.int64)
        old, new = _runs(self._start[terms], lengths), _runs(starts, lengths)
        for column in (self._slot, self._weight, self._back):
            column[new] = column[old]
        for size, start in zip(self._size[terms].tolist(), self._start[terms].tolist(), strict=True):
            self._free[size].append(start)

    def _take(self, size: int) -> int:
        """Where a room of this size lies from now on: given up by another term, or at the arena's end."""
        if self._free[size]:
            return self._free[size].pop()
        start = self._used
        self._used += 1 << size
        return start


def _runs(starts: npt.NDArray[np.integer], lengths: Ints) -> Ints:
    """The places start, start+1, …, start+length−1 of every run, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    places: Ints = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - lengths), lengths)
    return places

"""The inverted index: which live stories carry a term, and with what weight.

All postings lie in one arena of arrays, each term's in one run with room to grow, so that a query and an update
are a handful of numpy calls however many terms they touch. `back` leads from a posting to the place in its
story's own term list, which holds the posting's place in turn: a posting is removed by moving the run's last one
into its place, at a cost that doesn't depend on how many stories share the term.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .words import TERMS

Ints = npt.NDArray[np.int64]
_ROOM_MIN = 2
_ARENA_MIN = 1 << 16


class Postings:
    """(term, slot) → weight, for terms below TERMS. Memory: 12 bytes a posting, at most about three times that."""

    def __init__(self) -> None:
        self._start = np.zeros(TERMS, np.int64)
        self._length = np.zeros(TERMS, np.int32)
        self._room = np.zeros(TERMS, np.int32)
        self._used = 0
        self._slot, self._weight, self._back = (np.zeros(_ARENA_MIN, np.int32) for _ in range(3))

    def lengths(self, terms: Ints) -> Ints:
        """How many stories carry each term."""
        return self._length[terms].astype(np.int64)

    def append(self, terms: Ints, slot: int, weights: Ints, backs: Ints) -> Ints:
        """Add a posting to each of distinct `terms`; returns their offsets in the terms' runs."""
        self._make_room(terms)
        offsets = self._length[terms]
        places = self._start[terms] + offsets
        self._slot[places], self._weight[places], self._back[places] = slot, weights, backs
        self._length[terms] += 1
        return offsets.astype(np.int64)

    def add(self, terms: Ints, offsets: Ints, weights: Ints) -> None:
        """Raise the weights of existing postings."""
        self._weight[self._start[terms] + offsets] += weights.astype(np.int32)

    def remove(self, terms: Ints, offsets: Ints, moved: Callable[[int, int, int], None]) -> None:
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

    def _make_room(self, terms: Ints) -> None:
        full = terms[self._length[terms] >= self._room[terms]]
        if not full.size:
            return
        rooms = np.maximum(self._room[full].astype(np.int64) * 2, _ROOM_MIN)
        if self._used + int(rooms.sum()) > self._slot.size:
            self._repack(full)
            return
        starts = self._used + np.cumsum(rooms) - rooms
        lengths = self._length[full].astype(np.int64)
        old, new = _runs(self._start[full], lengths), _runs(starts, lengths)
        for column in (self._slot, self._weight, self._back):
            column[new] = column[old]
        self._start[full], self._room[full] = starts, rooms
        self._used += int(rooms.sum())

    def _repack(self, full: Ints) -> None:
        """A new arena: every run with the room it has, those of `full` with twice that, and as much again free."""
        room = np.where(self._length > 0, self._room, 0)
        room[full] = np.maximum(self._room[full] * 2, _ROOM_MIN)
        terms = np.flatnonzero(room)
        rooms, lengths = room[terms].astype(np.int64), self._length[terms].astype(np.int64)
        starts = np.cumsum(rooms) - rooms
        old, new = _runs(self._start[terms], lengths), _runs(starts, lengths)
        self._used = int(rooms.sum())
        size = max(2 * self._used, _ARENA_MIN)
        self._slot, self._weight, self._back = (
            _moved(column, old, new, size) for column in (self._slot, self._weight, self._back)
        )
        self._room[np.flatnonzero(self._room)] = 0
        self._start[terms], self._room[terms] = starts, rooms


def _moved(column: npt.NDArray[np.int32], old: Ints, new: Ints, size: int) -> npt.NDArray[np.int32]:
    moved = np.zeros(size, np.int32)
    moved[new] = column[old]
    return moved


def _runs(starts: Ints, lengths: Ints) -> Ints:
    """The places start, start+1, …, start+length−1 of every run, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    places: Ints = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - lengths), lengths)
    return places

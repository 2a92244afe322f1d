"""The inverted index: which live stories carry a term, and with what weight.

A posting is one whole number of 64 bits: the story's slot, its weight, and `back`, the place in the story's own term
list, which holds the posting's place in turn. A term's postings are an array of their own. So what an article changes
are sixty numbers here and there, each in a tenth of the time that a call of numpy takes, and what it reads is put end
to end and taken apart by a handful of them. A posting is removed by moving the array's last one into its place, at a
cost that doesn't depend on how many stories share the term.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers: TypeAlias = "array[int]"  # the class itself can't be subscripted before Python 3.12
_BACK_BITS, _WEIGHT_BITS = 11, 28
"""24 are left for the slot: 16 million stories."""
BACK_MAX, WEIGHT_MAX = (1 << _BACK_BITS) - 1, (1 << _WEIGHT_BITS) - 1
"""Larger weights are entered as WEIGHT_MAX."""
_SLOT_SHIFT = _BACK_BITS + _WEIGHT_BITS
_NONE: Numbers = array("q")


class Postings:
    """(term, slot) → weight. Memory: 8 to 9 bytes a posting, and about 150 for a term."""

    def __init__(self) -> None:
        self._of: dict[int, Numbers] = {}

    def append(self, terms: Iterable[int], slot: int, weights: Iterable[int], back: int) -> list[int]:
        """Add a posting to each of distinct `terms`; returns their offsets in the terms' arrays.

        Their places in the story's term list are `back` and those that follow it.
        """
        of, offsets = self._of, []
        posting = slot << _SLOT_SHIFT | back
        for term, weight in zip(terms, weights, strict=True):
            its = of.get(term)
            if its is None:
                its = of[term] = array("q")
            offsets.append(len(its))
            its.append(posting + ((weight if weight < WEIGHT_MAX else WEIGHT_MAX) << _BACK_BITS))
            posting += 1
        return offsets

    def extend(self, terms: Ints, slots: Ints, weights: Ints, backs: Ints) -> npt.NDArray[np.int32]:
        """`append` for many stories at once: terms may come again; returns the offset of each posting."""
        order = np.argsort(terms, kind="stable")
        distinct, first, counts = np.unique(terms[order], return_index=True, return_counts=True)
        postings = slots << _SLOT_SHIFT | np.minimum(weights, WEIGHT_MAX) << _BACK_BITS | backs
        ordered = postings[order].astype(np.int64).tobytes()
        before = []
        for term, begin, count in zip(distinct.tolist(), first.tolist(), counts.tolist(), strict=True):
            its = self._of.setdefault(term, array("q"))
            before.append(len(its))
            its.frombytes(ordered[8 * begin : 8 * (begin + count)])
        found = np.empty(terms.size, np.int32)
        found[order] = np.arange(terms.size) + np.repeat(np.array(before, np.int64) - first, counts)
        return found

    def add(self, terms: Iterable[int], offsets: Iterable[int], weights: Iterable[int]) -> None:
        """Raise the weights of existing postings, none of which gets larger than WEIGHT_MAX."""
        of = self._of
        for term, offset, weight in zip(terms, offsets, weights, strict=True):
            of[term][offset] += weight << _BACK_BITS

    def remove(self, terms: Iterable[int], offsets: Iterable[int], moved: Callable[[int, int, int], None]) -> None:
        """Take postings out; `moved(slot, back, offset)` is told of each that now lies elsewhere."""
        for term, offset in zip(terms, offsets, strict=True):
            its = self._of[term]
            last = its.pop()
            if offset < len(its):
                its[offset] = last
                moved(last >> _SLOT_SHIFT, last & BACK_MAX, offset)
            elif not its:
                del self._of[term]

    def gather(self, terms: Ints, weights: Ints, read_max: int) -> tuple[Ints, Ints]:
        """(slots, products): postings of `terms`, weight times query weight; a slot comes once for each term.

        The rarest terms are read, as long as they have no more than `read_max` postings together, but at least one.
        """
        found = list(map(self._of.get, terms.tolist(), repeat(_NONE)))
        lengths = list(map(len, found))
        if sum(lengths) > read_max:
            rarest = self._rarest(lengths, terms.tolist(), read_max)
            found, lengths, weights = [found[at] for at in rarest], [lengths[at] for at in rarest], weights[rarest]
        postings = _joined(found)
        return postings >> _SLOT_SHIFT, (postings >> _BACK_BITS & WEIGHT_MAX) * weights.repeat(lengths)

    def _rarest(self, lengths: Sequence[int], terms: Sequence[int], read_max: int) -> list[int]:
        rarest, read = [], 0
        for length, _, at in sorted(zip(lengths, terms, range(len(terms)), strict=True)):
            read += length
            if read > read_max and read > length:
                break
            rarest.append(at)
        return rarest

    def slots(self, terms: Iterable[int]) -> Ints:
        """The slot of every posting of `terms`; it comes once for each term."""
        return _joined([self._of.get(term, _NONE) for term in terms]) >> _SLOT_SHIFT


def _joined(arrays: Iterable[Numbers]) -> Ints:
    return np.frombuffer(b"".join(arrays), np.int64)

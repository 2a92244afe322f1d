"""The inverted index: which live stories carry a term, and with what weight.

A posting is one whole number of 64 bits: the story's slot, its weight, and `back`, the place in the story's own term
list, which holds the posting's place in turn. A term's postings are an array of their own. So what an article changes
are sixty numbers here and there, each in a tenth of the time that a call of numpy takes, and what it reads is put end
to end and taken apart by a handful of them. A posting is removed by moving the array's last one into its place, at a
cost that doesn't depend on how many stories share the term.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
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

    def gather(self, terms: Sequence[int], weights: Sequence[int], read_max: int) -> tuple[Ints, Ints]:
        """(slots, products): postings of `terms`, weight times query weight; a slot comes once for each term.

        The rarest terms are read, as long as they have no more than `read_max` postings together, but at least one.
        """
        found = [(its, weight) for term, weight in zip(terms, weights, strict=True) if (its := self._of.get(term))]
        if sum([len(its) for its, _ in found]) > read_max:
            found = list(self._rarest(terms, weights, read_max))
        places = self._joined([its for its, _ in found])
        factors = np.array([weight for _, weight in found], np.int64).repeat([len(its) for its, _ in found])
        return places >> _SLOT_SHIFT, (places >> _BACK_BITS & WEIGHT_MAX) * factors

    def _rarest(self, terms: Sequence[int], weights: Sequence[int], read_max: int) -> Iterable[tuple[Numbers, int]]:
        columns = zip(terms, weights, strict=True)
        rarest = sorted((len(its), term, weight) for term, weight in columns if (its := self._of.get(term)))
        read = 0
        for length, term, weight in rarest:
            read += length
            if read > read_max and read > length:
                return
            yield self._of[term], weight

    def slots(self, terms: Iterable[int]) -> Ints:
        """The slot of every posting of `terms`, which all have some; it comes once for each term."""
        return self._joined([self._of[term] for term in terms]) >> _SLOT_SHIFT

    def _joined(self, arrays: Iterable[Numbers]) -> Ints:
        return np.frombuffer(b"".join(arrays), np.int64)

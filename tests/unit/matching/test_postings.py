"""The inverted index: whatever was entered, raised and taken out, what is read is what is there."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching.live import TERMS_KEPT_MAX
from storyline.domain.matching.postings import BACK_MAX, WEIGHT_MAX, Postings

ALL = 1_000_000


class Kept:
    """Stories with terms, and beside them what should be found."""

    def __init__(self) -> None:
        self.postings = Postings()
        self.terms: dict[int, list[int]] = {}
        self.offsets: dict[int, list[int]] = {}
        self.weights: dict[int, dict[int, int]] = {}

    def enter(self, slot: int, terms: list[int], weight: int) -> None:
        own = self.terms.setdefault(slot, [])
        self.offsets.setdefault(slot, []).extend(self.postings.append(terms, slot, [weight] * len(terms), len(own)))
        own.extend(terms)
        self.weights.setdefault(slot, {}).update(dict.fromkeys(terms, weight))

    def take_out(self, slot: int) -> None:
        self.postings.remove(self.terms.pop(slot), self.offsets.pop(slot), self.moved)
        del self.weights[slot]

    def moved(self, slot: int, back: int, offset: int) -> None:
        self.offsets[slot][back] = offset

    def found(self, terms: list[int], read_max: int = ALL) -> Counter[tuple[int, int]]:
        slots, products = self.postings.gather(np.array(terms), np.full(len(terms), 2), read_max)
        return Counter(zip(slots.tolist(), products.tolist(), strict=True))

    def expected(self, terms: list[int]) -> Counter[tuple[int, int]]:
        return Counter((slot, 2 * its[term]) for slot, its in self.weights.items() for term in terms if term in its)


STEPS = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.integers(0, 12), unique=True, max_size=8), st.integers(1, 5)), max_size=40
)


@settings(max_examples=60)
@given(STEPS)
def test_what_is_read_is_what_is_there(steps: list[tuple[int, list[int], int]]) -> None:
    kept = Kept()
    for slot, terms, weight in steps:
        if slot in kept.terms and weight == 5:
            kept.take_out(slot)
            continue
        old = [term for term in terms if term in kept.weights.get(slot, {})]
        places = [kept.offsets[slot][kept.terms[slot].index(term)] for term in old]
        kept.postings.add(old, places, [weight] * len(old))
        for term in old:
            kept.weights[slot][term] += weight
        kept.enter(slot, [term for term in terms if term not in old], weight)
    every = list(range(13))
    assert kept.found(every) == kept.expected(every)


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 12), unique=True, max_size=8), min_size=1, max_size=8))
def test_many_stories_at_once_are_as_one_by_one(stories: list[list[int]]) -> None:
    together, singly = Kept(), Kept()
    for slot, terms in enumerate(stories):
        singly.enter(slot, terms, slot + 1)
    flat = np.array([term for terms in stories for term in terms], np.int64)
    slots = np.repeat(np.arange(len(stories)), [len(terms) for terms in stories])
    backs = np.array([back for terms in stories for back in range(len(terms))], np.int64)
    offsets = iter(together.postings.extend(flat, slots, slots + 1, backs).tolist())
    for slot, terms in enumerate(stories):
        together.terms[slot], together.weights[slot] = terms, dict.fromkeys(terms, slot + 1)
        together.offsets[slot] = [next(offsets) for _ in terms]
    every = list(range(13))
    for slot in range(0, len(stories), 2):
        assert together.found(every) == singly.found(every)
        together.take_out(slot)
        singly.take_out(slot)
    assert together.found(every) == singly.expected(every)


def test_the_rarest_terms_are_read_first_and_at_least_one() -> None:
    kept = Kept()
    for slot in range(6):
        kept.enter(slot, [1, *([2] if slot < 3 else []), *([3] if slot < 2 else [])], 1)
    assert kept.found([1, 2, 3], read_max=5) == kept.expected([2, 3])
    assert kept.found([1, 2, 3], read_max=4) == kept.expected([3])
    assert kept.found([1, 2, 3], read_max=1) == kept.expected([3])
    assert kept.found([1], read_max=1) == kept.expected([1])
    assert kept.found([4]) == Counter()


def test_a_weight_too_large_for_a_posting_spoils_no_other_number() -> None:
    kept = Kept()
    kept.enter(5, [1], WEIGHT_MAX + 7)
    assert kept.found([1]) == Counter({(5, 2 * WEIGHT_MAX): 1})
    postings = Postings()
    postings.extend(*(np.array([value]) for value in (1, 5, WEIGHT_MAX + 7, 3)))
    slots, products = postings.gather(np.array([1]), np.array([1]), ALL)
    assert (slots.tolist(), products.tolist()) == ([5], [WEIGHT_MAX])


def test_a_posting_can_tell_every_place_of_a_story() -> None:
    assert BACK_MAX >= TERMS_KEPT_MAX - 1

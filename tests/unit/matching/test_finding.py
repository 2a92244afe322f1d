"""What is compiled finds what plain Python would: whatever was put, raised and taken out, at a bounded cost."""

import math
from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import finding as module
from storyline.domain.matching.finding import (
    BITS,
    COSINE_SHARE_MIN,
    FOUND_MAX,
    MEANING_MIN,
    NEAR_READ_MAX,
    NEAREST_MAX,
    POSTINGS_READ_MAX,
    STORIES_BYTES_MAX,
    TABLES,
    WEIGHT_MAX,
    Finding,
    Put,
)
from storyline.domain.matching.index import CANDIDATES_MAX, MEANING_CANDIDATES_MAX
from storyline.domain.matching.live import MEMBERS_MAX, TERMS_KEPT_MAX, pack
from storyline.domain.matching.vectors import DIMENSIONS, Direction, unit
from storyline.errors import Fatal

NOTHING = np.zeros(DIMENSIONS, np.int32)


def direction(seed: int) -> Direction:
    return unit(np.random.default_rng(seed).integers(-1_000, 1_000, DIMENSIONS))


def near(one: Direction, noise: float, seed: int) -> Direction:
    other = one.astype(float) + np.random.default_rng(seed).normal(size=DIMENSIONS) * noise * np.linalg.norm(one) / 11
    return unit(np.rint(other * 100).astype(np.int64))


class Kept:
    """Stories with terms, and beside them what should be found."""

    def __init__(self) -> None:
        self.finding = Finding()
        self.weights: dict[int, dict[int, int]] = {}
        self.sizes: dict[int, int] = {}

    def put(self, slot: int, terms: list[int], weight: int, size: int = 1) -> None:
        """Those that it has already grow."""
        own = self.weights.setdefault(slot, {})
        places = {term: place for place, term in enumerate(own)}
        fresh, known = [term for term in terms if term not in own], [term for term in terms if term in own]
        for term in terms:
            own[term] = own.get(term, 0) + weight
        self.sizes[slot] = size
        columns = fresh, [weight] * len(fresh), known, [places[term] for term in known], [weight] * len(known)
        self.finding.put(
            [Put(slot, size, self.opening(slot), self.norm(slot), NOTHING, *[pack(column, 4) for column in columns])]
        )

    def opening(self, slot: int) -> int:
        return 100 - slot

    def norm(self, slot: int) -> float:
        return math.sqrt(sum(weight * weight for weight in self.weights[slot].values())) or 1.0

    def take(self, slot: int) -> None:
        self.finding.take(slot, pack(self.weights.pop(slot, {}), 4))

    def found(self, weights: dict[int, int], limit: int = CANDIDATES_MAX, size_max: int = 9) -> list[int]:
        columns = pack(weights, 4), pack(weights.values(), 4)
        return self.finding.find(*columns, b"", limit=limit, more=3, size_max=size_max).slots

    def like(self, slot: int, terms_max: int, limit: int = CANDIDATES_MAX, size_max: int = 9) -> list[int]:
        columns = pack(self.weights[slot], 4), pack(self.weights[slot].values(), 4)
        options = {"terms_max": terms_max, "limit": limit, "size_max": size_max}
        return self.finding.like(slot, *columns, more=3, **options).slots

    def expected(
        self, weights: dict[int, int], limit: int = CANDIDATES_MAX, size_max: int = 9, but: int = -1
    ) -> list[int]:
        cosines = {
            slot: sum(own.get(term, 0) * weight for term, weight in weights.items()) / self.norm(slot)
            for slot, own in self.weights.items()
            if self.sizes[slot] <= size_max and slot != but
        }
        least = max(COSINE_SHARE_MIN * max(cosines.values(), default=0), 1e-9)
        slots = [slot for slot, cosine in cosines.items() if cosine >= least]
        return sorted(slots, key=lambda slot: (-cosines[slot], self.opening(slot)))[:limit]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 6) | st.sampled_from([255, 256, 70_000]),
        st.lists(st.integers(0, 12), unique=True, max_size=8), st.integers(1, 5), st.integers(1, 9),
    ), max_size=40,
)  # fmt: skip
QUERIES = st.dictionaries(st.integers(0, 12), st.integers(1, 9), max_size=8)


@settings(max_examples=100, deadline=None)
@given(STEPS, QUERIES, st.integers(1, 12), st.integers(1, 9), st.integers(1, 14))
def test_what_is_found_is_what_is_there(
    steps: list[tuple[int, list[int], int, int]], query: dict[int, int], limit: int, size_max: int, terms_max: int
) -> None:
    kept = Kept()
    for slot, terms, weight, size in steps:
        if slot in kept.weights and weight == 5:
            kept.take(slot)
        else:
            kept.put(slot, terms, weight, size)
    assert kept.found(query, limit, size_max) == kept.expected(query, limit, size_max)
    assert kept.finding.carried(pack(range(13), 4)) == [
        sum(term in own for own in kept.weights.values()) for term in range(13)
    ]
    for slot, own in kept.weights.items():
        heaviest = sorted(own, key=lambda term: (-own[term], term))[:terms_max]
        expected = kept.expected({term: own[term] for term in heaviest}, limit, size_max, slot)
        assert kept.like(slot, terms_max, limit, size_max) == expected


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1 << 32))
def test_lists_that_grow_and_shrink_lose_nothing(seed: int) -> None:
    dice, kept = Random(seed), Kept()
    for _ in range(4):
        for slot in dice.sample(range(400), 300):
            if slot in kept.weights:
                kept.take(slot)
            kept.put(slot, dice.sample(range(30), dice.randrange(1, 12)), dice.randrange(1, 50))
        for slot in dice.sample(sorted(kept.weights), dice.randrange(len(kept.weights))):
            kept.take(slot)
        query = {term: dice.randrange(1, 9) for term in dice.sample(range(30), 5)}
        assert kept.found(query) == kept.expected(query)


def test_many_stories_at_once_are_as_one_by_one() -> None:
    together, singly, dice = Finding(), Finding(), Random(3)
    puts = []
    for slot in range(3_000):
        terms = pack(dice.sample(range(2_000), 60), 4)
        weights = [dice.randrange(1, 999) for _ in range(60)]
        norm = math.sqrt(sum(weight * weight for weight in weights))
        puts.append(Put(slot, 1, slot, norm, direction(slot).astype(np.int32), terms, pack(weights, 4)))
    assert sum(len(one.packed()) for one in puts) > 2 * STORIES_BYTES_MAX
    together.put(puts)
    for one in puts:
        singly.put([one])
    for one in puts[::300]:
        found = [
            each.find(one.terms, one.weights, direction(5).tobytes(), limit=CANDIDATES_MAX, more=3)
            for each in (together, singly)
        ]
        assert found[0] == found[1]
        assert found[0].slots[0] == one.slot


def test_the_rarest_terms_are_read_first_and_at_least_one() -> None:
    kept = Kept()
    often, seldom = POSTINGS_READ_MAX + 10, POSTINGS_READ_MAX // 2
    for slot in range(often):
        kept.put(slot, [1, *([2] if slot < seldom else []), *([3] if slot < 7 else [])], 1)
    for query, read in (({1: 1, 2: 1, 3: 1}, seldom + 7), ({1: 1, 2: 1}, seldom), ({1: 1}, often), ({4: 1}, 0)):
        kept.found(query)
        assert kept.finding.postings_read == read
    assert kept.found({1: 1, 2: 1, 3: 1})[:8] == [6, 5, 4, 3, 2, 1, 0, seldom - 1]


def test_a_weight_too_large_for_a_posting_spoils_no_other_number() -> None:
    kept = Kept()
    kept.put(5, [1], WEIGHT_MAX + 7)
    kept.put(6, [1, 2], 1)
    assert kept.found({1: 1}) == [5, 6]
    kept.take(5)
    assert kept.found({1: 1}) == kept.found({2: 1}) == [6]


def test_the_largest_story_and_the_last_slot_fit() -> None:
    kept = Kept()
    kept.put((1 << 24) - 1, list(range(TERMS_KEPT_MAX)), 3)
    assert kept.found({TERMS_KEPT_MAX - 1: 1}) == [(1 << 24) - 1]
    kept.put((1 << 24) - 1, list(range(TERMS_KEPT_MAX)), 3)
    kept.take((1 << 24) - 1)
    assert kept.found({0: 1}) == []
    assert CANDIDATES_MAX + MEANING_CANDIDATES_MAX <= FOUND_MAX and MEANING_CANDIDATES_MAX <= NEAREST_MAX


def test_what_was_never_there_can_be_taken_out_and_is_carried_by_none() -> None:
    finding = Finding()
    finding.take(12, b"")
    assert finding.carried(pack([7, 8], 4)) == [0, 0] and finding.carried(b"") == []


# ---- by meaning


def filled(count: int) -> Finding:
    finding = Finding()
    finding.put([about(slot, direction(slot)) for slot in range(count)])
    return finding


def about(slot: int, what: Direction | None) -> Put:
    return Put(slot, 1, slot, 1.0, NOTHING if what is None else what.astype(np.int32), b"", b"")


def found(finding: Finding, query: Direction, more: int = NEAREST_MAX, **options: int) -> list[int]:
    return finding.find(b"", b"", query.tobytes(), limit=CANDIDATES_MAX, more=more, **options).slots


def test_a_direction_finds_itself_first() -> None:
    finding = filled(500)
    for slot in range(0, 500, 50):
        assert found(finding, direction(slot))[0] == slot


def test_what_is_near_is_found_among_many_that_are_not() -> None:
    finding = filled(3_000)
    queries = {slot: near(direction(slot), 0.6, slot) for slot in range(0, 3_000, 60)}
    hits = sum(slot in found(finding, query) for slot, query in queries.items())
    assert hits >= 0.9 * len(queries)


def test_nothing_is_found_without_a_direction_or_among_none() -> None:
    assert found(Finding(), direction(1)) == []
    assert filled(9).find(b"", b"", b"", limit=9, more=9).slots == []


def test_a_story_without_a_direction_is_not_found_and_one_that_left_neither() -> None:
    finding = filled(10)
    finding.put([about(3, None)])
    finding.take(4, b"")
    finding.take(4, b"")
    assert found(finding, direction(3)) == found(finding, direction(4)) == []


def test_a_story_that_moves_on_is_found_where_it_is() -> None:
    finding = filled(50)
    finding.put([about(7, direction(1_000))])
    assert found(finding, direction(1_000)) == [7]
    assert found(finding, direction(7)) == []


def test_those_found_by_words_and_those_left_out_are_not_found_by_meaning() -> None:
    finding = Finding()
    finding.put([about(slot, direction(1))._replace(size=slot + 1) for slot in range(6)])
    finding.put([about(9, None)._replace(terms=pack([1], 4), weights=pack([5], 4), norm=5.0)])
    finding.put([about(0, direction(1))._replace(terms=pack([1], 4), weights=pack([3], 4), norm=3.0)])
    answer = finding.find(pack([1], 4), pack([1], 4), direction(1).tobytes(), limit=12, more=3, size_max=5)
    assert answer.slots == [0, 9, 1, 2, 3]
    assert answer.own == direction(1).tobytes()
    its = np.frombuffer(answer.directions, np.int8).reshape(-1, DIMENSIONS)
    assert [row.any() for row in its] == [True, False, True, True, True]
    assert (its[0] == direction(1)).all()


def test_a_story_is_compared_by_its_own_direction_and_does_not_find_itself() -> None:
    finding = filled(9)
    finding.put([about(slot, direction(3)) for slot in (20, 21)])
    finding.put([about(30, None)])
    options = {"terms_max": 60, "limit": 12, "more": 3, "size_max": 9}
    answer = finding.like(3, b"", b"", **options)
    assert (answer.slots, answer.own) == ([20, 21], direction(3).tobytes())
    assert finding.like(30, b"", b"", **options) == ([], b"", b"")


def test_a_search_reads_no_more_than_its_bound_however_many_lie_together() -> None:
    finding, one = Finding(), direction(1)
    finding.put([about(slot, one) for slot in range(1, NEAR_READ_MAX // TABLES + 1)])
    assert found(finding, one, more=1) == [1]
    finding.put([about(slot, one) for slot in range(NEAR_READ_MAX // TABLES, NEAR_READ_MAX + 10)])
    assert found(finding, one) == []  # the fullest bucket alone holds too many


def plainly_near(directions: dict[int, Direction], query: Direction) -> list[int]:
    """The bounded search, in plain Python."""
    planes = module._planes().astype(int)
    tables: list[dict[int, list[int]]] = [defaultdict(list) for _ in range(TABLES)]
    for slot, one in directions.items():
        for table, bucket in enumerate(buckets(planes @ one)):
            tables[table][bucket].append(slot)
    products = (planes @ query.astype(int)).reshape(TABLES, BITS)
    flips = [(), *((one,) for one in range(BITS)), *((n, m) for m in range(BITS) for n in range(m))]
    probes = sorted(
        (int(sum(abs(products[table][bit]) for bit in flipped)), table, own ^ sum(1 << bit for bit in flipped))
        for table, own in enumerate(buckets(products.ravel()))
        for flipped in flips
    )
    slots: set[int] = set()
    read = 0
    for _, table, bucket in probes:
        read += len(tables[table][bucket])
        if read > NEAR_READ_MAX:
            break
        slots.update(tables[table][bucket])
    cosines = {slot: cosine(directions[slot], query) for slot in slots}
    close = [slot for slot in slots if cosines[slot] > MEANING_MIN]
    return sorted(close, key=lambda slot: (-cosines[slot], slot))[:NEAREST_MAX]


def buckets(products: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    return [sum(1 << bit for bit in range(BITS) if row[bit] > 0) for row in products.reshape(TABLES, BITS)]


def cosine(one: Direction, other: Direction) -> float:
    dot, squares = int(one.astype(int) @ other), [int(side.astype(int) @ side) for side in (one, other)]
    return dot / math.sqrt(squares[0] * squares[1])


@pytest.mark.parametrize("count", [60, 2_500])
def test_it_is_what_plain_python_would_find(count: int) -> None:
    some = [direction(seed) for seed in range(5)]
    directions = {slot: near(some[slot % 5], 0.4 + slot % 7 / 10, slot) for slot in range(count)}
    finding = Finding()
    finding.put([about(slot, direction(slot + 1)) for slot in range(count)])
    finding.put([about(slot, one) for slot, one in directions.items()])
    of = {slot: unit(one.astype(np.int64)) for slot, one in directions.items()}
    for seed in range(5):
        assert found(finding, near(some[seed], 0.5, seed)) == plainly_near(of, near(some[seed], 0.5, seed))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 30)), max_size=60))
def test_after_any_changes_it_is_as_if_only_the_last_had_been(changes: list[tuple[int, int | None]]) -> None:
    changed, fresh = Finding(), Finding()
    for slot, seed in changes:
        changed.put([about(slot, None if seed is None else direction(seed))])
    fresh.put([about(slot, None if seed is None else direction(seed)) for slot, seed in dict(changes).items()])
    for seed in (0, 7, 30):
        assert found(changed, direction(seed)) == found(fresh, direction(seed))


def test_stories_of_all_sizes_are_found_unless_asked_otherwise() -> None:
    finding = Finding()
    finding.put([about(1, direction(1))._replace(size=MEMBERS_MAX)])
    assert found(finding, direction(1)) == [1]


def test_an_index_that_breaks_in_the_middle_of_a_change_ends_the_process_rather_than_find_wrong_stories() -> None:
    no_such_slot = Put((1 << 31) - 1, 1, 0, 1.0, NOTHING, pack([1], 4), pack([5], 4))
    with pytest.raises(Fatal, match=r"index of live stories broke \(memory_out_of_bounds\): start this process again"):
        Finding().put([no_such_slot])

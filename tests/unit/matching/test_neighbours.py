"""Stories found by what they are about alone: always the same ones, at a bounded cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import neighbours as module
from storyline.domain.matching.neighbours import BITS, READ_MAX, TABLES, WAITING_MAX, Neighbours
from storyline.domain.matching.vectors import DIMENSIONS, Direction, unit


def direction(seed: int) -> Direction:
    return unit(np.random.default_rng(seed).integers(-1_000, 1_000, DIMENSIONS))


def near(one: Direction, noise: float, seed: int) -> Direction:
    other = one.astype(float) + np.random.default_rng(seed).normal(size=DIMENSIONS) * noise * np.linalg.norm(one) / 11
    return unit(np.rint(other * 100).astype(np.int64))


def found(neighbours: Neighbours, query: Direction) -> dict[int, float]:
    slots, cosines = neighbours.near(query)
    return dict(zip(slots.tolist(), cosines.tolist(), strict=True))


def filled(count: int) -> Neighbours:
    neighbours = Neighbours()
    for slot in range(count):
        neighbours.put(slot, direction(slot))
    return neighbours


def test_a_direction_finds_itself_with_a_cosine_of_one() -> None:
    neighbours = filled(500)
    for slot in range(0, 500, 50):
        assert found(neighbours, direction(slot))[slot] == pytest.approx(1.0)


def test_what_is_near_is_found_among_many_that_are_not() -> None:
    neighbours = filled(3_000)
    queries = {slot: near(direction(slot), 0.6, slot) for slot in range(0, 3_000, 60)}
    hits = sum(slot in found(neighbours, query) for slot, query in queries.items())
    assert hits >= 0.9 * len(queries)


def test_an_empty_set_of_stories_has_no_neighbours() -> None:
    assert found(Neighbours(), direction(1)) == {}


def test_a_story_without_a_direction_is_not_found_and_one_that_left_neither() -> None:
    neighbours = filled(10)
    neighbours.put(3, None)
    neighbours.remove(4)
    neighbours.remove(4)
    neighbours.remove(99_999)
    assert not {3, 4} & found(neighbours, direction(3)).keys()
    assert 4 not in found(neighbours, direction(4))


def test_a_story_that_moves_on_is_found_where_it_is() -> None:
    neighbours = filled(50)
    neighbours.put(7, direction(1_000))
    assert found(neighbours, direction(1_000))[7] == pytest.approx(1.0)
    assert found(neighbours, direction(7)).get(7, 0.0) < 0.5


def test_a_search_reads_no_more_than_its_bound_however_many_lie_together(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = module.Postings.slots

    def counting(self, terms):  # type: ignore[no-untyped-def]
        slots = real(self, terms)
        read.append(slots.size)
        return slots

    monkeypatch.setattr(module.Postings, "slots", counting)
    neighbours, one = Neighbours(), direction(1)
    for slot in range(READ_MAX // TABLES):
        neighbours.put(slot, one)
    assert len(found(neighbours, one)) == READ_MAX // TABLES
    for slot in range(READ_MAX // TABLES, READ_MAX + 10):
        neighbours.put(slot, one)
    neighbours.near(one)
    assert len(read) == 2 and max(read) <= READ_MAX


def test_buckets_fit_the_tables() -> None:
    assert module._MASKS.size == len(module._FLIPS) == 1 + BITS + BITS * (BITS - 1) // 2
    assert int(module._FIRST[-1, 0]) + (1 << BITS) == TABLES << BITS


@settings(max_examples=40)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_coming_changes_nothing(slots: list[int], dice: object) -> None:
    shuffled = list(slots)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Neighbours(), Neighbours()
    for slot in slots:
        one.put(slot, direction(slot))
    for slot in shuffled:
        other.put(slot, direction(slot))
    for query in (direction(slots[0]), direction(777)):
        assert found(one, query) == found(other, query)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 30)), max_size=60))
def test_after_any_changes_it_is_as_if_only_the_last_had_been(changes: list[tuple[int, int | None]]) -> None:
    changed, fresh = Neighbours(), Neighbours()
    for slot, seed in changes:
        changed.put(slot, None if seed is None else direction(seed))
    for slot, seed in dict(changes).items():
        fresh.put(slot, None if seed is None else direction(seed))
    for seed in (0, 7, 30):
        assert found(changed, direction(seed)) == found(fresh, direction(seed))


def test_directions_worked_out_later_are_those_put_at_once() -> None:
    later, at_once = Neighbours(), filled(40)
    for slot in range(40):
        later.put_later(slot, direction(99).astype(np.int32))
        later.put_later(slot, np.random.default_rng(slot).integers(-1_000, 1_000, DIMENSIONS).astype(np.int32))
    later.put_later(7, np.zeros(DIMENSIONS, np.int32))
    later.remove(8)
    at_once.remove(7)
    at_once.remove(8)
    assert found(later, direction(3)) == found(at_once, direction(3))
    assert (later.of([3, 7, 8]) == at_once.of([3, 7, 8])).all()


def test_what_waits_is_bounded() -> None:
    neighbours = Neighbours()
    for slot in range(2 * WAITING_MAX + 10):
        neighbours.put_later(slot, direction(slot % 50).astype(np.int32))
        assert len(neighbours._waiting) < WAITING_MAX

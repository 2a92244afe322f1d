"""A record that was read and reached nobody is noticed, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from storyline.stream.readings import Readings


def test_a_record_that_is_neither_acknowledged_nor_held_is_astray_the_second_time() -> None:
    readings = Readings()
    readings.read(1, range(5, 10))
    readings.next_round()
    assert readings.astray({1: 8}) == set()
    assert readings.astray({1: 8}) == {1}


def test_the_last_records_are_missed_too_though_nothing_comes_after_them() -> None:
    readings = Readings()
    readings.read(0, [3])
    readings.next_round()
    assert [readings.astray({}) for _ in range(2)] == [set(), {0}]


def test_what_the_reader_still_hands_over_is_on_its_way_however_long_it_takes() -> None:
    readings = Readings()
    readings.read(0, range(4))
    assert [readings.astray({}) for _ in range(3)] == [set()] * 3


def test_nothing_is_committed_past_a_record_that_is_open() -> None:
    readings = Readings()
    assert readings.cap(0, 7) == 7
    readings.read(0, [5, 7, 9])
    assert readings.cap(0, 10) == 5
    readings.acknowledged(0, 5)
    assert readings.cap(0, 10) == 7
    assert readings.cap(0, 6) == 6


def test_what_came_while_a_seek_went_on_is_still_owed_and_so_is_all_if_it_fails() -> None:
    readings = Readings()
    readings.read(0, [1, 2])
    owed = readings.owed()
    readings.read(0, [3])
    readings.next_round()
    assert [readings.astray({}) for _ in range(2)] == [set(), {0}]
    readings.sought(owed)
    assert readings.cap(0, 9) == 3


def test_what_moved_on_in_between_is_on_its_way() -> None:
    readings = Readings()
    readings.read(0, range(4))
    readings.next_round()
    assert readings.astray({}) == set()
    readings.acknowledged(0, 0)
    assert readings.astray({}) == set()


def test_a_partition_that_is_sought_owes_nothing_and_the_others_still_do() -> None:
    readings = Readings()
    readings.read(0, [1])
    readings.read(2, [1])
    readings.next_round()
    readings.astray({})
    readings.sought(readings.owed(0))
    assert readings.astray({}) == {2}
    readings.sought(readings.owed())
    assert readings.astray({}) == set()


@given(st.integers(1, 50), st.data())
def test_what_is_handled_in_order_is_never_astray(count: int, data: st.DataObject) -> None:
    readings, queue = Readings(), list(range(count))
    readings.read(0, queue)
    readings.next_round()
    while queue:
        assert readings.astray({0: queue[0]}) == set()
        for offset in queue[: data.draw(st.integers(1, 10))]:
            readings.acknowledged(0, offset)
            queue.remove(offset)
    assert readings.astray({}) == set()

"""A record that was read and reached nobody is noticed, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from storyline.stream.readings import Readings


def test_a_record_that_is_neither_acknowledged_nor_held_is_astray_the_second_time() -> None:
    readings = Readings()
    readings.read(1, range(5, 10))
    assert readings.astray({1: 8}) == set()  # perhaps it is on its way to the queue
    assert readings.astray({1: 8}) == {1}


def test_the_last_records_are_missed_too_though_nothing_comes_after_them() -> None:
    readings = Readings()
    readings.read(0, [3])
    assert [readings.astray({}) for _ in range(2)] == [set(), {0}]


def test_what_moved_on_in_between_is_on_its_way() -> None:
    readings = Readings()
    readings.read(0, range(4))
    assert readings.astray({}) == set()
    readings.acknowledged(0, 0)
    assert readings.astray({}) == set()


def test_a_partition_that_is_sought_owes_nothing_and_the_others_still_do() -> None:
    readings = Readings()
    readings.read(0, [1])
    readings.read(2, [1])
    readings.astray({})
    readings.sought(0)
    assert readings.astray({}) == {2}
    readings.sought()
    assert readings.astray({}) == set()


@given(st.integers(1, 50), st.data())
def test_what_is_handled_in_order_is_never_astray(count: int, data: st.DataObject) -> None:
    readings, queue = Readings(), list(range(count))
    readings.read(0, queue)
    while queue:
        assert readings.astray({0: queue[0]}) == set()
        for offset in queue[: data.draw(st.integers(1, 10))]:
            readings.acknowledged(0, offset)
            queue.remove(offset)
    assert readings.astray({}) == set()

"""A verdict from two looks."""

import pytest

from storyline.domain.lag.glance import decided, glance
from storyline.domain.lag.rules import Commit
from storyline.domain.lag.status import Status


@pytest.mark.parametrize(
    ("case", "first", "last", "age", "owned", "status"),
    [
        ("nothing left", (10, 5), (15, 0), 0.0, True, Status.OK),
        ("nothing was left", (10, 0), (10, 5), 99.0, True, Status.OK),
        ("young", (10, 5), (10, 5), 29.9, True, Status.OK),
        ("age unknown", (10, 5), (10, 5), None, True, Status.OK),
        ("gaining", (10, 9), (15, 5), 99.0, True, Status.OK),
        ("moving and losing", (10, 5), (15, 9), 99.0, True, Status.WARNING),
        ("moving and not gaining", (10, 5), (15, 5), 99.0, False, Status.WARNING),
        ("standing, with an owner", (10, 5), (10, 5), 30.0, True, Status.STALL),
        ("standing, without one", (10, 5), (10, 5), 30.0, False, Status.STOP),
        ("back", (10, 5), (2, 13), 1.0, True, Status.REWIND),
        ("back from the end", (10, 0), (2, 8), None, False, Status.REWIND),
    ],
)
def test_two_looks(
    case: str, first: tuple[int, int], last: tuple[int, int], age: float | None, owned: bool, status: Status
) -> None:
    looks = Commit(first[0], 0.0, first[1]), Commit(last[0], 6.0, last[1])
    assert glance(*looks, age, owned=owned, patience_seconds=30.0) is status


@pytest.mark.parametrize(
    ("lag", "age", "enough"), [(0, None, True), (5, 1.0, True), (5, 30.0, False), (5, None, False)]
)
def test_one_look_is_enough_if_nothing_has_waited_long(lag: int, age: float | None, enough: bool) -> None:
    assert decided(lag, age, 30.0) is enough

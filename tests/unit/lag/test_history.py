"""What the charts show, and their scales."""

import pytest

from storyline.domain.lag.status import Status
from storyline.edges.lag.chart import _nice, _nice_seconds, chart
from storyline.edges.lag.history import POINTS, History, Point
from storyline.edges.lag.pages import _count
from storyline.edges.lag.view import GroupView, View


def view(at: float, lag: int, status: Status = Status.OK) -> View:
    return View(at, 0.1, {"g": GroupView("g", lag=lag, seconds=float(lag), status=status)}, {})


def test_a_chart_is_as_long_as_we_have_looked_and_never_longer_than_what_is_kept() -> None:
    history, shown = History(6), []
    for at in (0, 60, 3_600, 90_000):
        history.add(view(at, 1))
        shown.append(history.shown_seconds)
    assert shown == [600, 600, 3_600, 21_600]


def test_the_last_point_is_the_last_look_and_a_spike_between_two_samples_is_kept() -> None:
    history = History(6)
    for at, lag in ((0, 1), (20, 50), (40, 2), (60, 3), (70, 7)):
        history.add(view(at, lag, Status.ERROR if lag == 50 else Status.OK))
    assert list(history.points("g")) == [
        Point(0, 1, 1.0, Status.OK), Point(60, 50, 50.0, Status.ERROR), Point(70, 7, 7.0, Status.OK),
    ]  # fmt: skip
    assert list(history.points("nobody")) == []


def test_what_is_kept_is_bounded() -> None:
    history = History(6)
    for minute in range(2 * POINTS):
        history.add(view(minute * 60.0, 1))
    assert len(list(history.points("g"))) == POINTS


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.9, 1), (3, 4), (61, 120), (230, 240), (3_600, 3_600), (90_000, 172_800)]
)
def test_a_scale_of_time_has_steps_that_people_count_in(value: float, top: float) -> None:
    assert _nice_seconds(value) == top


@pytest.mark.parametrize(("value", "top"), [(0, 1), (15, 20), (0.3, 0.5), (700, 1_000)])
def test_a_scale_of_numbers_ends_at_a_round_one(value: float, top: float) -> None:
    assert _nice(value) == pytest.approx(top)


@pytest.mark.parametrize(("messages", "shown"), [(0, "0"), (0.25, "0.25"), (20, "20"), (1_250_000, "1,250,000")])
def test_a_scale_of_messages_is_written_in_figures_however_large(messages: float, shown: str) -> None:
    assert _count(messages) == shown


def test_a_chart_says_its_last_value_to_who_cant_see_it() -> None:
    drawn = chart([Point(0, 1, 90.0, Status.OK)], lambda point: point.seconds, "Age <b>", lambda n: f"{n:g} s", 60, 600)
    assert 'aria-label="Age &lt;b&gt;; now 90 s"' in drawn

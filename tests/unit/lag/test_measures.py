"""Seconds, rates and warnings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.domain.lag.measures import Age, age, catch_up_seconds, in_words, loses, loss_seconds, rate_in, rate_out
from storyline.domain.lag.rules import Commit
from storyline.domain.lag.window import Log, LogWindow, Window


@pytest.mark.parametrize(
    ("case", "record", "waited", "expected"),
    [
        ("nothing else is known", 60.0, (0.0, None), Age(40.0, False)),
        ("within what was seen", 92.0, (5.0, 15.0), Age(8.0, False)),
        ("a producer's batching is no lie", 84.0, (5.0, 15.0), Age(16.0, False)),
        ("an event of long ago, written just now", -5e8, (5.0, 15.0), Age(15.0, True)),
        ("from the future, though long in the log", 200.0, (50.0, None), Age(50.0, True)),
        ("from the future, never seen before", 200.0, (0.0, None), Age(0.0, True)),
        ("a clock a little ahead", 101.0, (0.0, None), Age(0.0, False)),
    ],
)
def test_an_age_is_the_records_own_unless_what_was_seen_contradicts(
    case: str, record: float, waited: tuple[float, float | None], expected: Age
) -> None:
    assert age(record, 100.0, waited) == expected


@given(st.floats(-1e9, 1e9), st.floats(0, 1e6), st.floats(0, 1e6) | st.none())
def test_an_age_is_never_negative_nor_far_outside_what_was_seen(
    record: float, least: float, more: float | None
) -> None:
    most = None if more is None else least + more
    found = age(record, 100.0, (least, most)).seconds
    assert found >= max(0.0, least - 2.001)
    assert most is None or found <= most + 2.001


def test_a_log_says_how_long_a_record_has_waited_at_least_and_at_most() -> None:
    log = LogWindow(10)
    for at, end in ((0, 5), (10, 5), (20, 9)):
        log.add(Log(at, at + 1, 0, end))
    assert log.waited(5, 30) == (9, 20)
    assert log.waited(4, 30) == (29, None)
    assert log.waited(9, 30) == (0, 10)


def test_a_log_that_was_made_anew_forgets_what_it_was() -> None:
    log = LogWindow(10)
    log.add(Log(0, 1, 0, 50))
    log.add(Log(10, 11, 0, 3))
    assert log.ends == [3]


def test_a_look_at_a_partition_nobody_owns_counts_as_a_commit_only_if_the_offset_changed() -> None:
    window = Window(5)
    for at, offset in enumerate((3, 3, 4, 4, 4)):
        window.add(Commit(offset, float(at), 1), owned=False)
    assert [(commit.offset, commit.at_seconds) for commit in window.commits] == [(3, 0.0), (4, 2.0)]
    assert window.complete == 1.0


def test_each_look_at_an_owned_partition_counts_as_a_commit_and_the_window_is_bounded() -> None:
    window = Window(3)
    for at in range(10):
        window.add(Commit(7, float(at), 1), owned=True)
    assert [commit.at_seconds for commit in window.commits] == [7.0, 8.0, 9.0]


def test_rates_are_of_the_window() -> None:
    assert rate_in([Log(0, 0, 0, 100), Log(9, 10, 0, 150)]) == 5.0
    assert rate_out([Commit(10, 0.0, 1), Commit(30, 5.0, 1)], 10.0) == 2.0
    assert rate_in([Log(0, 0, 0, 100)]) is None
    assert rate_out([Commit(30, 0.0, 1), Commit(10, 5.0, 1)], 10.0) is None


@pytest.mark.parametrize(
    ("lag", "written", "read", "expected"),
    [(0, 5.0, 0.0, 0.0), (100, 5.0, 15.0, 10.0), (100, 5.0, 5.0, None), (100, 5.0, 1.0, None), (100, None, 9.0, None)],
)
def test_time_to_catch_up(lag: int, written: float | None, read: float | None, expected: float | None) -> None:
    assert catch_up_seconds(lag, written, read) == expected


@pytest.mark.parametrize(
    ("case", "record_age", "looks", "retention", "expected"),
    [
        ("kept for ever", 50.0, [(0, 0)], None, None),
        ("by age", 600.0, [(0, 0)], 3_000.0, 2_400.0),
        ("older than retention", 4_000.0, [(0, 0)], 3_000.0, 0.0),
        ("by the start's pace", 600.0, [(0, 0), (10, 50)], None, 10.0),
        ("whichever is first", 600.0, [(0, 0), (10, 50)], 605.0, 5.0),
        ("age unknown and the start still", None, [(0, 0), (10, 0)], 3_000.0, None),
    ],
)
def test_when_retention_reaches_an_offset(
    case: str, record_age: float | None, looks: list[tuple[int, int]], retention: float | None, expected: float | None
) -> None:
    logs = [Log(at, at, start, 1_000) for at, start in looks]
    assert loss_seconds(100, record_age, logs, retention) == expected


@pytest.mark.parametrize(
    ("loss", "catch_up", "warned"),
    [(None, None, False), (100.0, None, True), (100.0, 50.0, False), (50.0, 100.0, True), (1e6, None, False)],
)
def test_loss_is_warned_of_only_if_it_comes_first_and_soon(
    loss: float | None, catch_up: float | None, warned: bool
) -> None:
    assert loses(loss, catch_up, 86_400.0) is warned


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.42, "0.4 s"), (40, "40 s"), (2_400, "40 min"), (12_600, "3.5 h"), (800_000, "9 d")],
)
def test_a_span_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words

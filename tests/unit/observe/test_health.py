"""Live, ready and progress, as tables: facts in, problems out."""

from dataclasses import replace

import pytest

from storyline.observe.facts import Facts, History, Standing
from storyline.observe.health import live, progress, ready

WELL = Standing(True, False, 3, True, frozenset({0, 1}), frozenset({0, 1}))
BOUND = 20.0


def facts(standing: Standing = WELL, **more: object) -> Facts:
    return Facts(standing, **more)  # type: ignore[arg-type]


def told(answer) -> list[tuple[str, str]]:
    return [(problem.what, problem.name) for problem in answer.problems]


def test_a_service_that_works_is_live_ready_and_progressing() -> None:
    assert live(facts()).ok
    assert ready(facts()).ok
    assert progress(facts(), BOUND).ok


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (facts(replace(WELL, started=False)), ("starting", "service")),
        (facts(replace(WELL, leaving=True)), ("leaving", "service")),
        (facts(replace(WELL, settled=False)), ("group", "group")),
        (facts(replace(WELL, owned=frozenset({0}))), ("partition", "1")),
        (facts(unreachable={"redis": (2.0, "refused")}), ("server", "redis")),
        (facts(unasked=frozenset({"kafka"})), ("starting", "kafka")),
        (facts(beat_age=31.0), ("loop", "event loop")),
    ],
)
def test_what_makes_a_service_unready_is_named(case: Facts, wanted: tuple[str, str]) -> None:
    assert told(ready(case)) == [wanted]


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (facts(behind={1: (40, 21.0)}), ("silence", "1")),
        (facts(replace(WELL, waiting=[("matcher: handle on partition 1", 21.0)])), ("handler", "1")),
        (facts(replace(WELL, away={"handle": (21.0, "Redis doesn't answer")})), ("server", "handle")),
        (facts(unreachable={"redis": (0.1, "refused")}), ("server", "redis")),
        (facts(replace(WELL, settled=False), unsettled=21.0), ("rebalance", "group")),
        (facts(assignments=3), ("rebalance", "group")),
        (facts(beat_age=21.0), ("loop", "event loop")),
    ],
)
def test_what_keeps_a_service_from_progressing_is_named(case: Facts, wanted: tuple[str, str]) -> None:
    assert told(progress(case, BOUND)) == [wanted]


@pytest.mark.parametrize(
    "case",
    [
        facts(behind={1: (40, 19.0)}),
        facts(replace(WELL, waiting=[("matcher: handle on partition 1", 19.0)])),
        facts(replace(WELL, settled=False), unsettled=19.0),
        facts(assignments=2),
        facts(beat_age=19.0),
    ],
)
def test_what_takes_no_longer_than_the_bound_is_no_problem(case: Facts) -> None:
    assert progress(case, BOUND).ok


def test_a_hung_handler_is_named_once_and_not_as_silence_too() -> None:
    hung = replace(WELL, waiting=[("matcher: handle on partition 1", 30.0)])
    assert told(progress(facts(hung, behind={1: (5, 30.0)}), BOUND)) == [("handler", "1")]


def test_a_handler_that_blocks_the_event_loop_is_named_beside_it() -> None:
    hung = replace(WELL, waiting=[("matcher: handle on partition 1", 30.0)])
    assert told(progress(facts(hung, beat_age=30.0), BOUND)) == [("loop", "event loop"), ("handler", "1")]


def test_a_lost_server_explains_the_silence() -> None:
    case = facts(unreachable={"redis": (30.0, "refused")}, behind={0: (9, 30.0), 1: (9, 30.0)})
    assert told(progress(case, BOUND)) == [("server", "redis")]


def test_unready_is_not_dead() -> None:
    assert live(facts(replace(WELL, settled=False), unreachable={"redis": (300.0, "refused")})).ok


def test_a_member_without_a_partition_is_ready() -> None:
    assert ready(facts(replace(WELL, assigned=frozenset(), owned=frozenset()))).ok


class TestHistory:
    """What only watching tells."""

    def test_lag_that_stands_still_is_counted_from_when_it_last_moved(self) -> None:
        history = History(["kafka"], 0.0)
        history.positions(1.0, {0: (10, 50)})
        history.positions(4.0, {0: (20, 50)})
        history.positions(30.0, {0: (20, 60)})
        assert history.facts(30.0, WELL).behind == {0: (40, 26.0)}

    def test_a_partition_that_has_caught_up_is_not_behind_however_long(self) -> None:
        history = History(["kafka"], 0.0)
        history.positions(1.0, {0: (50, 50)})
        history.positions(90.0, {0: (50, 50)})
        assert history.facts(90.0, WELL).behind == {}

    def test_idle_time_does_not_count_as_standing_still(self) -> None:
        history = History(["kafka"], 0.0)
        history.positions(1.0, {0: (50, 50)})
        history.positions(90.0, {0: (50, 50)})
        history.positions(93.0, {0: (50, 51)})
        assert history.facts(93.0, WELL).behind == {0: (1, 3.0)}

    def test_partitions_that_went_are_forgotten(self) -> None:
        history = History(["kafka"], 0.0)
        history.positions(1.0, {0: (10, 50)})
        history.positions(40.0, {})
        assert history.facts(40.0, WELL).behind == {}

    def test_the_first_assignment_is_no_rebalance_loop_but_three_more_are(self) -> None:
        history = History([], 0.0)
        for at, generation in enumerate((1, 2, 3, 4)):
            history.saw(float(at), replace(WELL, generation=generation))
        assert history.facts(4.0, WELL).assignments == 3
        history.saw(60.0, replace(WELL, generation=4))
        assert history.facts(60.0, WELL).assignments == 0

    def test_a_server_is_away_since_its_first_failure_and_back_at_once(self) -> None:
        history = History(["redis"], 0.0)
        history.failed("redis", 5.0, "refused")
        history.failed("redis", 9.0, "still refused")
        assert history.facts(10.0, WELL).unreachable == {"redis": (5.0, "still refused")}
        history.answered("redis")
        assert history.reachable("redis")
        assert history.facts(11.0, WELL).unreachable == {}

    def test_the_age_of_the_beat_and_of_the_last_settled_moment_grow(self) -> None:
        history = History([], 0.0)
        history.saw(1.0, WELL)
        history.saw(5.0, replace(WELL, settled=False))
        found = history.facts(9.0, WELL)
        assert (found.beat_age, found.unsettled) == (4.0, 8.0)

"""The same seed gives the same faults, victims and pauses; every fault has its turn."""

from itertools import islice

import pytest

from .faults import FAULTS as CARRIED_OUT
from .plan import FAULTS, Unknown, chosen, schedule


def test_a_seed_replays_its_schedule() -> None:
    first, second = (list(islice(schedule(7, FAULTS, 3), 40)) for _ in range(2))
    assert first == second
    assert [strike.dice.random() for strikes in first for strike in strikes] == [
        strike.dice.random() for strikes in second for strike in strikes
    ]


def test_another_seed_gives_another_schedule() -> None:
    assert next(schedule(1, FAULTS, 5)) != next(schedule(2, FAULTS, 5))


def test_every_fault_comes_once_before_any_comes_twice() -> None:
    strikes = [strike.fault for strikes in islice(schedule(3, FAULTS, 1), len(FAULTS)) for strike in strikes]
    assert sorted(strikes) == sorted(FAULTS)


def test_every_fault_that_has_a_name_can_be_carried_out() -> None:
    assert set(CARRIED_OUT) == set(FAULTS)


def test_faults_are_chosen_by_name_or_by_the_beginning_of_it() -> None:
    assert chosen("all") == FAULTS
    assert chosen("stop, clock-step") == ("stop-matcher", "stop-updater", "clock-step")


def test_a_misspelt_fault_is_refused_and_the_names_are_said() -> None:
    with pytest.raises(Unknown, match="no fault 'kil9'; there are kill9-matcher"):
        chosen("kil9")

"""Who gets into no group for long joins anew, unless there is no broker."""

from storyline.stream.outside import Outside


def test_outside_for_longer_than_it_may_is_too_long_and_a_settled_group_begins_anew() -> None:
    outside = Outside(80.0, now=100.0)
    assert not outside.too_long(settled=False, away=False, now=180.0)
    assert outside.too_long(settled=False, away=False, now=180.1)
    assert not outside.too_long(settled=True, away=False, now=200.0)
    assert not outside.too_long(settled=False, away=False, now=280.0)


def test_while_the_broker_is_away_no_time_passes() -> None:
    outside = Outside(80.0, now=0.0)
    assert not any(outside.too_long(settled=False, away=True, now=now) for now in range(0, 600, 10))
    assert not outside.too_long(settled=False, away=False, now=660.0)

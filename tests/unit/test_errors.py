"""What a service says when it can't begin."""

import pytest

from storyline.errors import Transient, not_started


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Redis doesn't answer: refused; is it running?", "is it running? Start it, mend it or its address"),
        ("Kafka did not answer; it does now", "it does now; start it, mend it or its address"),
    ],
)
def test_what_to_do_follows_with_one_mark_between(told: str, said: str) -> None:
    assert said in str(not_started(Transient(told)))

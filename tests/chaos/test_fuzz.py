"""Spoiled messages are refused with a reason or go all the way; the many are `python -m tests.chaos.fuzz`."""

from .fuzz import in_memory, messages


def test_nothing_that_is_sent_makes_decoding_or_the_engines_fail() -> None:
    result = in_memory(150, seed=3)
    assert result.wrong == []
    assert result.outcomes["refused"] and result.outcomes["in a story"] and result.outcomes["forwarded"]


def test_a_number_makes_the_same_message_again() -> None:
    assert list(messages(30, seed=3)) == list(messages(30, seed=3))

import re

import pytest

from storyline.domain.sections.patterns import any_of

SIGNS = ("arrest", "arrested", "custody", "caught", "hunt", "manhunt")


@pytest.mark.parametrize("word", ["arrests", "rearrested", "custody", "uncaught", "manhunts"])
def test_any_of_some_words_is_found_inside_a_word(word: str) -> None:
    assert re.search(any_of(SIGNS), word)


@pytest.mark.parametrize("word", ["arrive", "custom", "haunted", ""])
def test_none_of_them_is_found_where_none_is(word: str) -> None:
    assert re.search(any_of(SIGNS), word) is None


def test_a_word_that_holds_another_one_isnt_looked_for_itself() -> None:
    assert any_of(SIGNS) == "a(?:rrest)|c(?:aught|ustody)|h(?:unt)"

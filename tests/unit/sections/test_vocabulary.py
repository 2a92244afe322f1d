"""A word, read once."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storyline.domain.sections import vocabulary as v
from storyline.domain.sections import words as w
from storyline.domain.sections.features import annotate
from storyline.domain.sections.vocabulary import TOKEN, plain, table

LETTERS_AND_MARKS = "aBé9 .,'’\"“”()[]:;!?-—–_́"


@given(st.text(LETTERS_AND_MARKS, max_size=30))
@example("“It's Holm's,” said Brandt (of the U.S.).")
@example("'e' é' _e_ e.e, --e")
def test_the_words_of_a_text_are_what_the_pattern_of_a_token_finds(text: str) -> None:
    text = plain(text)
    assert [word.token for word in table("en").read(text)] == TOKEN.findall(text)


@pytest.mark.parametrize(
    ("bit", "words"),
    [
        (v.OTHER_SIDE, w.OTHER_SIDE),
        (v.HUNTING, w.HUNTING),
        (v.LOOKS, w.LOOKS),
        (v.ASKING, w.ASKING),
        (v.OF_TIME, w.OF_TIME),
        (v.COURTESY, w.COURTESY),
    ],
)
def test_a_sentence_holds_the_flag_of_a_list_just_where_it_holds_one_of_its_words(bit: int, words: set[str]) -> None:
    assert all(annotate(f"Then {word} stood there.", "en").held & bit for word in words)
    assert not annotate("Then the pier stood there.", "en").held & bit


def test_a_mr_is_known_in_whatever_language() -> None:
    assert annotate("Mr Brandt sprach davon.", "de").held & v.COURTESY

"""A word, read once."""

from hypothesis import example, given
from hypothesis import strategies as st

from storyline.domain.sections.vocabulary import TOKEN, plain, table

LETTERS_AND_MARKS = "aBé9 .,'’\"“”()[]:;!?-—–_́"


@given(st.text(LETTERS_AND_MARKS, max_size=30))
@example("“It's Holm's,” said Brandt (of the U.S.).")
@example("'e' é' _e_ e.e, --e")
def test_the_words_of_a_text_are_what_the_pattern_of_a_token_finds(text: str) -> None:
    text = plain(text)
    assert [word.token for word in table("en").read(text)] == TOKEN.findall(text)

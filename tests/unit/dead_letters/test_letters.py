"""Dead letters are read, filtered and sent again byte for byte."""

import pytest

from storyline.edges.dead_letters.letters import Filter, letter_of, parse_id, replay_of
from storyline.errors import Invalid
from storyline.record import Record

ORIGINAL = (("ce_id", b"\xff1"), ("x", b""))
ABOUT = (
    ("storyline-dlq-topic", b"articles"), ("storyline-dlq-partition", b"3"), ("storyline-dlq-offset", b"17"),
    ("storyline-dlq-stage", b"matcher"), ("storyline-dlq-error", b"Invalid"), ("storyline-dlq-field", b"headline"),
    ("storyline-dlq-reason", "headline: is too long – shorten it".encode()), ("storyline-dlq-tries", b"1"),
)  # fmt: skip
RECORD = Record("articles.dlq", 0, 12, 1_000, b"world", b"\x00not json", (*ORIGINAL, *ABOUT))


def test_a_letter_says_where_it_came_from_and_why() -> None:
    letter = letter_of(RECORD)
    assert (letter.topic, letter.partition, letter.offset, letter.field) == ("articles", 3, 17, "headline")


def test_a_record_without_our_headers_is_a_letter_of_unknown_reason() -> None:
    letter = letter_of(Record("articles.dlq", 2, 1, 0, None, None))
    assert (letter.topic, letter.partition, letter.reason) == ("articles", 2, "unknown")


def test_a_replay_is_the_original_byte_for_byte_and_marked() -> None:
    output = replay_of(letter_of(RECORD))
    assert (output.topic, output.partition, output.key, output.value) == ("articles", 3, RECORD.key, RECORD.value)
    assert output.headers == (*ORIGINAL, ("storyline-replay", b"1"), ("storyline-replay-of", b"articles.dlq/0/12"))


def test_a_letter_that_came_back_is_marked_once() -> None:
    again = replay_of(letter_of(RECORD))
    letter = letter_of(Record("articles.dlq", 0, 13, 2_000, again.key, again.value, (*again.headers, *ABOUT)))
    assert letter.came_back and not letter_of(RECORD).came_back
    assert [name for name, _ in replay_of(letter).headers].count("storyline-replay") == 1


def test_the_id_leads_back_to_the_record() -> None:
    assert parse_id(letter_of(RECORD).id) == ("articles.dlq", 0, 12)


@pytest.mark.parametrize("wrong", ["", "articles.dlq", "articles.dlq/0", "a b/0/1", "articles.dlq/0/-1"])
def test_an_id_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        parse_id(wrong)


@pytest.mark.parametrize(
    ("chosen", "taken"),
    [
        (Filter(), True), (Filter(stage="matcher"), True), (Filter(stage="updater"), False),
        (Filter(field="headline"), True), (Filter(words="SHORTEN"), True), (Filter(words="else"), False),
        (Filter(since_ms=1_001), False),
    ],
)  # fmt: skip
def test_a_filter_takes_what_it_names(chosen: Filter, taken: bool) -> None:
    assert chosen.takes(letter_of(RECORD)) is taken

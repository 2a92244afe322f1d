"""What a reader may ask for, and what is answered to the rest."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.edges.page import asking
from storyline.edges.page.words import WordIndex, fold, index_words, query_words
from storyline.errors import Invalid


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"language": "<b>"}, "language"), ({"status": "merged"}, "status"), ({"level": "huge"}, "level"),
        ({"q": "x" * 201}, "q"), ({"q": " ".join(f"w{n}" for n in range(17))}, "q"), ({"q": "?!"}, "q"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused_by_its_name(asked: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        asking.filters(asked)
    assert refused.value.field == field


def test_unknown_parameters_and_empty_ones_ask_for_nothing() -> None:
    assert not asking.filters({"utm_source": "x", "q": " ", "language": ""}).some


@given(st.integers(-(10**14), 10**14), st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
def test_a_cursor_comes_back_as_the_place_it_was(ms: int, id: str) -> None:
    assert asking.place({"cursor": asking.cursor((ms, id))}) == (ms, id)


@given(st.text(max_size=80).filter(lambda text: text.strip()))
def test_any_other_text_as_cursor_is_a_place_or_refused_by_its_name(text: str) -> None:
    try:
        place = asking.place({"cursor": text})
    except Invalid as refused:
        assert refused.field == "cursor"
    else:
        assert place is not None and isinstance(place[0], int)


def test_a_cursor_of_somebody_else_is_refused() -> None:
    with pytest.raises(Invalid, match="not one that this service gave"):
        asking.place({"cursor": base64.urlsafe_b64encode(b"1;drop").decode()})


@pytest.mark.parametrize("value", ["0", "101", "-1", "1e2", "ten", "９"])
def test_a_limit_out_of_bounds_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="limit"):
        asking.limit({"limit": value}, 30)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("ZÜRICH", "Zürich"), ("zurich", "Zürich"), ("ﬁnance", "finance"), ("كتاب", "كِتَاب"), ("हिन्दी", "हिन्दी में"),
        ("東京", "東京都知事"), ("京都", "東京都知事"), ("서울", "서울에서"), ("μέτρα", "ΜΕΤΡΑ"), ("ｆｕｌｌ", "full"),
        ("3.5", "3.5"),
        ("港", "横浜港で"), ("don't", "don’t"), ("שלום", "שָׁלוֹם"),
    ],
)  # fmt: skip
def test_a_word_is_found_as_people_write_it(asked: str, text: str) -> None:
    index = WordIndex()
    index.put("st-1", index_words([text]))
    assert index.find(query_words(asked)) == ["st-1"]


@pytest.mark.parametrize(("asked", "text"), [("京東", "東京都"), ("art", "start"), ("a b", "a"), ("", "a")])
def test_what_is_not_there_is_not_found(asked: str, text: str) -> None:
    index = WordIndex()
    index.put("st-1", index_words([text]))
    assert index.find(query_words(asked)) == []


@given(st.text(max_size=200))
def test_every_word_of_a_text_finds_it(text: str) -> None:
    index = WordIndex()
    index.put("st-1", index_words([text], limit=10_000))
    words = query_words(text)
    assert index.find(words) == (["st-1"] if words else [])


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_words_of_one_story_are_bounded() -> None:
    assert len(index_words([" ".join(f"word{n}" for n in range(5_000))])) == 400


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("vwxyz"))), max_size=60))
def test_an_index_finds_each_story_by_its_last_words_alone(puts: list[tuple[str, set[str]]]) -> None:
    index, last = WordIndex(), dict[str, set[str]]()
    for story, words in puts:
        index.put(story, sorted(words))
        last[story] = words
    for word in "vwxyz":
        assert sorted(index.find([word])) == sorted(story for story, words in last.items() if word in words)


def test_words_that_no_story_has_any_more_are_forgotten() -> None:
    index = WordIndex()
    for n in range(2_000):
        index.put("st-1", [f"only{n}"])
    assert index.words < 500

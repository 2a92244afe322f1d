"""A long opening keeps what stands without its tail, or nothing."""

import pytest
from sections_making import article

from storyline.domain.sections.shortening import shorten
from storyline.domain.sections.text import extract

FERRY = (
    "The ferry Alma ran aground off the harbour of Port Hallow in the early hours of the day with 80 people on board"
)


@pytest.mark.parametrize(
    "tail",
    [
        ", forcing the coast guard to close the channel to every other ship for most of the day",
        ", which has been the main link between the islands since the bridge at Senn was closed",
        ", where a second ferry had been held up by fog since the evening before",
        " — the second accident on the route in a month",
        ", and the harbour master closed the channel to every other ship for most of the day",
        ", while a second ferry waited for the fog to lift outside the mole of Senn",
        "; the coast guard closed the channel to every other ship for most of the day",
    ],
)
def test_a_clause_that_is_only_hung_on_goes(tail: str) -> None:
    assert shorten(f"{FERRY}{tail}.", 30) == f"{FERRY}."


@pytest.mark.parametrize(
    "tail",
    [
        ", the harbour master said in a statement on the morning after",
        ", although nobody at the harbour could say how many there were",
        ", which the owners denied on the morning after in a long statement",
        ", as the owners may have known since the evening before the accident",
        ", and eighty more from the two ferries that had come to its help",
        " — eighty of them children — for the day of the island fair at Senn",
        ", who had come for the island fair, were taken ashore by the coast guard",
        ", unless the figures of the coast guard leave out those who swam ashore",
    ],
)
def test_what_would_change_it_or_goes_on_stays_and_so_the_sentence_is_not_cut(tail: str) -> None:
    assert shorten(f"{FERRY}{tail}.", 30) is None


def test_the_longest_whole_beginning_is_taken() -> None:
    long = f"{FERRY}, forcing the coast guard to close the channel, where a second ferry waited for the fog to lift."
    assert shorten(long, 40) == f"{FERRY}, forcing the coast guard to close the channel."
    assert shorten(long, 25) == f"{FERRY}."


@pytest.mark.parametrize(
    "tail",
    [
        "as the coast guard closed the channel to every other ship for most of the day",
        "even as the coast guard closed the channel to every other ship for most of the day",
        "while a second ferry waited for the fog to lift outside the mole of Senn for a day",
        "after a long night in which two other ships had waited for the fog to lift",
    ],
)
def test_a_clause_may_hang_on_without_a_comma(tail: str) -> None:
    assert shorten(f"{FERRY} {tail}.", 30) == f"{FERRY}."


@pytest.mark.parametrize(
    "whole",
    [
        "The harbour office of Port Hallow will say on Monday when its director announces whether she steps down as "
        "director or stays in office for a second term at the head of the harbour.",
        f"{FERRY} after what the owners of the Alma denied had been a warning of the coast guard in the evening.",
        f"{FERRY} as passengers who were on the bridge said in the evening they had feared since noon.",
    ],
)
def test_no_clause_goes_that_is_none_or_that_changes_the_rest(whole: str) -> None:
    assert shorten(whole, 30) is None


def test_what_is_said_of_the_subject_between_commas_goes() -> None:
    aside = "trying to put an end to a quarrel that has cost the island two of its three ferries"
    said = "firmly rejected on Monday that the Alma had ever been sold to the mainland"
    assert shorten(f"The harbour master, {aside}, {said}.", 30) == f"The harbour master {said}."
    later = f"{said}, citing a letter from the owners in which the island is named"
    assert shorten(f"The harbour master, {aside}, {later}.", 22) == f"The harbour master {said}."


@pytest.mark.parametrize(
    "aside",
    [
        "who is alleged to have sold two of the three ferries of the island to the mainland",
        "Ida Brandt, the mayor of Senn",
    ],
)
def test_no_aside_goes_that_limits_the_subject_or_is_a_list(aside: str) -> None:
    said = "met the owners of the Alma in the town hall of Senn on the morning after the accident at the mole"
    assert shorten(f"The harbour master, {aside}, and two islanders {said}.", 22) is None


def test_an_opening_clause_alone_is_no_sentence() -> None:
    opening = "As the ferry Alma lay aground off the harbour of Port Hallow with eighty people still on board"
    assert (
        shorten(f"{opening}, where the fog had not lifted, the coast guard closed the channel to every ship.", 25)
        is None
    )


def test_a_question_is_left_alone() -> None:
    assert shorten(f"{FERRY}, forcing the coast guard to close the channel to every other ship?", 30) is None


def test_an_article_keeps_its_long_opening_that_way_and_its_later_sentences_as_they_are() -> None:
    long = (
        f"{FERRY} and forty cars below its deck, forcing the coast guard to close the channel to every ship for most "
        "of the day while divers from the mainland looked for damage to the hull below the water line."
    )
    first, *rest = extract(article("Ferry", f"{long} Nobody was hurt on board the ferry, the harbour master said."))
    assert first.text == f"{FERRY} and forty cars below its deck."
    assert [kept.text for kept in rest] == ["Nobody was hurt on board the ferry, the harbour master said."]


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The rowers of Solmar won the regatta of the lakes nine years in a row and defeated crews", False),
        ("The rowers of Solmar won the regatta of the lakes nine years in a row and defeated the best crews", True),
    ],
)
def test_examples_stay_where_what_they_are_of_says_nothing(sentence: str, whole: bool) -> None:
    cut = shorten(f"{sentence}, including those of the islands and the northern lakes.", 22)
    assert cut == (f"{sentence}." if whole else None)

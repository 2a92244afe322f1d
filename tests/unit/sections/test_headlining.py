"""The form of a heading, and what it tells. All sentences are invented."""

import pytest

from storyline.domain.sections.clauses import words_of
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gate import is_deletion
from storyline.domain.sections.headlining import headline, is_of_old
from storyline.domain.sections.telling import tells_little


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Mr. Brandt met Ms. Holm at pier", "Brandt met Holm at pier"),
        ("Police said that ferry had left Solmar", "Police said ferry had left Solmar"),
        ("Marlow warned that talks with Orun may fail", "Marlow warned that talks with Orun may fail"),
        ("number of towns in Orun closed their piers", "towns in Orun closed their piers"),
        ("majority of towns in Orun closed their piers", "majority of towns in Orun closed their piers"),
        ("Holm called plan a mistake in written statement", "Holm called plan a mistake"),
        ("Overnight, storm closed pier", "Overnight, storm closed pier"),
        ("Overnight, Solmar closed its pier", "Solmar closed its pier"),
        ("President Sena Marlow opened pier", "Marlow opened pier"),
        ("President Tomas Ardel opened pier", "President Tomas Ardel opened pier"),
        ("Four sailors were injured in storm", "Four sailors injured in storm"),
        ("Mayor of Solmar has been badly hurt by falling crane", "Mayor of Solmar badly hurt by falling crane"),
        ("Ferry was not damaged in storm", "Ferry was not damaged in storm"),
        ("Holm was married to Brandt", "Holm was married to Brandt"),
        ("Brandt was arrested in Orun and is held there", "Brandt was arrested in Orun and is held there"),
        ("Board decides how money is shared by towns", "Board decides how money is shared by towns"),
    ],
)
def test_a_clause_is_put_as_a_headline_by_leaving_words_out(clause: str, told: str) -> None:
    assert headline(clause, {"marlow"}) == told
    assert is_deletion(headline(clause, {"marlow"}), clause)


@pytest.mark.parametrize(
    "clause",
    [
        "Prison is run by state government",
        "Orun has third-longest pier in world",
        "Changes came amid backlash in Orun",
        "Harbour board initially rejected plan for pier",
        "Holm was in middle of lunch with Brandt",
        "Pier would be unusual choice for town",
    ],
)
def test_what_is_so_on_any_day_tells_little(clause: str) -> None:
    assert tells_little(words_of(clause), annotate(f"{clause}.", "en"), frozenset()) >= 12


@pytest.mark.parametrize(
    "clause",
    [
        "Harbour board rejected plan for pier",
        "Four sailors were injured in storm",
        "Towns have closed their piers",
        "Orun is closing its piers after storm",
        "Holm said she never opposed plan",
        "Prisoners are to be moved to Orun",
        "Chain has cut 40 jobs in Orun",
    ],
)
def test_what_happened_loses_nothing(clause: str) -> None:
    assert tells_little(words_of(clause), annotate(f"{clause}.", "en"), frozenset()) == 0


def test_a_man_whom_no_title_knows_is_nobody_in_particular() -> None:
    sentence = annotate("A man drowned near the pier of Solmar as the storm closed it.", "en")
    words = words_of("Man drowned near pier of Solmar")
    assert tells_little(words, sentence, frozenset())
    assert not tells_little(words, sentence, frozenset({"man"}))


@pytest.mark.parametrize(
    ("sentence", "of_old"),
    [
        ("Last month, Holm was accused by the board of hiding the bill.", True),
        ("Earlier this year Holm was accused by the board of hiding the bill.", True),
        ("In 2029, Holm was accused by the board of hiding the bill.", True),
        ("Three years ago, Holm was accused by the board of hiding the bill.", True),
        ("Holm was accused by the board of hiding the bill last year.", True),
        ("Holm was accused by the board of hiding the bill two months ago.", True),
        ("Last night, Holm was accused by the board of hiding the bill.", False),
        ("Holm was accused by the board of hiding last year's bill.", False),
    ],
)
def test_what_was_a_month_ago_keeps_its_was(sentence: str, of_old: bool) -> None:
    assert is_of_old(sentence) is of_old
    told = headline("Holm was accused by board of hiding bill", frozenset(), is_of_old(sentence))
    assert told == ("Holm was accused by board of hiding bill" if of_old else "Holm accused by board of hiding bill")

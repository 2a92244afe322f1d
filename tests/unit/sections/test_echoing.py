"""What hardly adds to what another article says on the page. All sentences are invented."""

import pytest
from sections_making import parts_of

from storyline.domain.sections.echoing import does_again, echoes, opens_again
from storyline.domain.sections.gathering import build
from storyline.domain.sections.pool import Candidate, Pool

TOLD = (
    "Harbour board of Orun closes old pier",
    "The harbour board of Orun closed the old pier to ferries after a storm broke two of its beams.\n\n"
    "Divers found the beams in the mud of the bay.\n\n"
    "Carpenters from Solmar want to look at the rails.",
)


def pool_with(text: str) -> tuple[Pool, Candidate, list[Candidate]]:
    pool = build(parts_of((TOLD, ("Fishermen take the long way round", text)), houses=("Meridian", "Courier")), "en")
    return pool, pool.by_part[2][0], pool.by_part[1]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Ida Brandt closed the pier at Orun on the advice of divers, as people in the market had feared.", True),
        ("Ida Brandt closed a bakery near the market, as people in the valley had feared for years.", False),
        ("Ida Brandt praised the pier at Orun on the advice of divers, as people in the market had hoped.", False),
    ],
)
def test_what_somebody_did_is_told_once_early_in_two_articles(text: str, again: bool) -> None:
    pool, candidate, shown = pool_with(text)
    assert does_again(pool, candidate, shown) is again


def test_a_short_sentence_of_another_articles_words_and_names_hardly_adds() -> None:
    pool, candidate, shown = pool_with("The harbour board of Orun says the pier is old and needs more care.")
    assert echoes(pool, candidate, shown)
    assert not echoes(pool, candidate, shown[1:])


def test_one_article_may_go_on_from_what_it_said() -> None:
    pool, _, shown = pool_with("The harbour board of Orun says the pier is old and needs more care.")
    first, *_ = shown
    assert not echoes(pool, first, shown)
    assert not opens_again(pool, first, shown)

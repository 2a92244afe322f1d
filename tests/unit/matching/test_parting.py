"""When a story looks like two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching.parting import ARTICLES_MAX, parting_of

from .wire import FIRE, FIRE_AGAIN, STRIKE, profile, profiles

STRIKE_AGAIN = profile(
    "Lindholm ferry strike ends after pay deal",
    "Ferry crews in Lindholm returned to work after the union and Norvik Lines agreed on pay. "
    "Passengers stranded on the islands boarded the first ferries.",
    hours=30,
)


def test_two_matters_in_one_story_are_told_apart() -> None:
    parting = parting_of([FIRE, STRIKE, FIRE_AGAIN, STRIKE_AGAIN])
    assert parting is not None
    assert (parting.first, parting.second) == ((0, 2), (1, 3))
    assert parting.across < 0.06 < 0.2 < parting.within


def test_a_story_of_one_matter_is_left_alone() -> None:
    assert parting_of([FIRE, FIRE_AGAIN] * 3) is None


def test_one_stray_article_is_no_second_story() -> None:
    assert parting_of([FIRE, FIRE_AGAIN, FIRE, STRIKE]) is None


def test_groups_that_do_not_hold_together_are_not_proposed() -> None:
    strays = [profile(f"Report {n}", " ".join(f"w{n}x{k}" for k in range(30))) for n in range(4)]
    assert parting_of(strays) is None


def test_the_days_between_the_groups_are_told_if_they_do_not_overlap() -> None:
    text = "Ferry crews strike in Lindholm over pay at Norvik Lines."
    later = [profile("Lindholm ferry strike over pay", text, hours=hours) for hours in (245, 246)]
    parting = parting_of([FIRE, FIRE_AGAIN, *later])
    assert parting is not None
    assert parting.days_apart == pytest.approx(10)


def test_articles_in_other_languages_and_bare_titles_prove_nothing() -> None:
    german = profile(
        "Lagerhausbrand in Tarnova", "Bei einem Brand in einem Lagerhaus starben drei Arbeiter.", language="de"
    )
    assert parting_of([FIRE, FIRE_AGAIN, german, german]) is None
    assert parting_of([FIRE, FIRE_AGAIN, profile("Ferry strike"), profile("Ferry strike goes on")]) is None


def test_of_a_large_story_the_latest_articles_are_looked_at() -> None:
    parting = parting_of([STRIKE, STRIKE_AGAIN, *[FIRE] * ARTICLES_MAX])
    assert parting is None


@settings(deadline=None, max_examples=40)
@given(st.lists(profiles(), max_size=9))
def test_each_article_is_in_one_group_at_most(stream: list) -> None:  # type: ignore[type-arg]
    parting = parting_of(stream)
    if parting is not None:
        assert not set(parting.first) & set(parting.second)
        assert min(parting.first) < min(parting.second)
        assert set(parting.first) | set(parting.second) <= set(range(len(stream)))

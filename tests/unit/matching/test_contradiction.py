"""What keeps look-alikes apart, and what forbids a merge, one rule at a time."""

import pytest

from storyline.domain.matching import Index, Profile, profile_of
from storyline.domain.matching.contradiction import JOIN_GAP_DAYS_MAX, contradictions, merge_contradictions
from storyline.domain.matching.facts import KEPT_MAX, Facts, Kind, facts_of
from storyline.domain.matching.scoring import MERGE_SMALLER_MAX

from .wire import FIRE, FIRE_AGAIN, article, profile


def facts(*texts: tuple[str, str], places: tuple[str, ...] = ()) -> Facts:
    return Facts([facts_of(title, text, places) for title, text in texts])


def against(mine: Facts, theirs: Facts, **signals: float | bool | None) -> tuple[str, ...]:
    usual: dict[str, float | bool | None] = {
        "gap_days": 7.0, "title": 0.3, "coverage": 0.3, "nearest": 0.5, "with_body": True,
    }  # fmt: skip
    return contradictions(mine, theirs, **(usual | signals))  # type: ignore[arg-type]


PETROL = facts(("Petrol rises", "Petrol cost 1.742 crowns a litre this week, diesel 1.691."))
PETROL_LATER = facts(("Petrol falls", "Petrol cost 1.719 crowns a litre this week, diesel 1.668."))


def test_figures_that_are_all_others_on_another_day_contradict() -> None:
    assert against(PETROL, PETROL_LATER) == ("figures",)
    assert against(PETROL, PETROL_LATER, gap_days=0.2) == ()
    assert against(PETROL, PETROL) == ()


def test_one_figure_each_contradicts_only_after_days() -> None:
    one, other = facts(("Rate at 6.2 per cent", "")), facts(("Rate at 5.8 per cent", ""))
    assert against(one, other, gap_days=1.0) == ()
    assert against(one, other, gap_days=2.0) == ("figures",)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,742 homes", "1.742 Wohnungen"), ("٣٤٥ شخصا", "345 people"), ("１２３４人", "1234 people")],
)
def test_a_figure_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert facts((one, "")).all(Kind.FIGURE) == facts((other, "")).all(Kind.FIGURE) != set()


@pytest.mark.parametrize("text", ["in 2026", "on 02.03.2026", "three of 12", "at 09:40", ""])
def test_years_dates_and_small_numbers_are_no_figures(text: str) -> None:
    assert not facts((text, text)).all(Kind.FIGURE)


def test_like_titles_of_another_month_or_year_contradict() -> None:
    january, february = facts(("Jobless rate in January", "")), facts(("Arbeitslose im Februar", ""))
    assert against(january, february, title=0.6) == ("period",)
    assert against(january, february, title=0.1) == ()
    assert against(facts(("Cup final 2025", "")), facts(("Cup final 2026", "")), title=0.6) == ("period",)
    assert against(facts(("1月CPI", "")), facts(("2月CPI", "")), title=0.6) == ("period",)


def test_the_verb_may_is_no_month() -> None:
    assert not facts(("Strike may end", "")).all(Kind.PERIOD)


def test_the_same_title_above_another_text_on_another_day_is_a_column() -> None:
    none = facts(("Morning briefing", ""))
    assert against(none, none, title=1.0, nearest=0.3, gap_days=1.0) == ("series",)
    assert against(none, none, title=1.0, nearest=0.3, gap_days=0.1) == ()
    assert against(none, none, title=1.0, nearest=0.8, gap_days=1.0) == ()
    assert against(none, none, title=1.0, nearest=0.3, gap_days=1.0, with_body=False) == ()


def test_what_comes_months_later_is_another_story() -> None:
    none = facts(("Cup final", ""))
    assert against(none, none, gap_days=JOIN_GAP_DAYS_MAX + 1) == ("distance",)


def test_nothing_contradicts_an_undated_article() -> None:
    assert against(PETROL, PETROL_LATER, gap_days=None) == ()


def test_other_names_or_other_places_of_the_wire_forbid_a_merge() -> None:
    one = facts(("", "It hit the docks of Mirosk and the river Lusna."))
    other = facts(("", "It hit the villages of Belin and the hills of Karsk."))
    assert merge_contradictions(one, other) == ("names",)
    assert merge_contradictions(one, facts(("", "It hit the docks of Mirosk and the hills of Karsk."))) == ()
    here, there = facts(("", ""), places=("Tarnova",)), facts(("", ""), places=("Lindholm",))
    assert merge_contradictions(here, there) == ("places",)
    assert merge_contradictions(here, facts(("", ""), places=("TARNOVA", "Lindholm"))) == ()


def test_facts_kept_are_bounded() -> None:
    many = " ".join(f"a Name{chr(97 + n)}x{n}x {1_000 + n}" for n in range(60))
    one = Facts([facts_of(many, many, [f"place {n}" for n in range(60)])])
    assert all(len(one.all(kind)) <= KEPT_MAX for kind in Kind)


# ---- in the index


def weekly(number: int, price: str) -> Profile:
    return profile(
        "Petrol price of the week in Tarnova",
        f"Petrol cost {price} crowns a litre on average this week, the motor club of Tarnova said. Drivers pay for "
        f"dear crude and a weak crown, and fill up in the evening.",
        hours=24 * 7 * number,
    )


def test_a_weekly_figure_opens_a_story_every_week() -> None:
    index = Index()
    for number, price in enumerate(("1.742", "1.719", "1.717")):
        decision = index.decide(weekly(number, price))
        assert decision.story_id is None
        index.join(f"week-{number}", f"urn:test:{number}", weekly(number, price), number)


def test_a_story_whose_places_are_others_is_not_merged_and_the_refusal_is_counted() -> None:
    index = Index()
    for n, (story, place) in enumerate([("a", "Tarnova"), ("a", "Tarnova"), ("b", "Lindholm"), ("b", "Lindholm")]):
        index.join(story, f"urn:test:{n}", at_place(place, n), n)
    assert index.merge_for("b") is None
    assert index.merges_refused == {"places": 1}


def at_place(place: str, n: int) -> Profile:
    given = article(
        "Warehouse fire kills three workers",
        "A fire in a textile warehouse killed three workers, the fire brigade said. Flames spread through the depot "
        "before dawn, and the mayor spoke of a black day.",
        n=n, hours=n,
    )  # fmt: skip
    return profile_of(type(given).model_validate({**given.model_dump(), "places": [place]}))


def test_two_large_stories_are_never_merged() -> None:
    index = Index()
    for n in range(MERGE_SMALLER_MAX + 1):
        index.join("a", f"urn:a:{n}", FIRE, n)
        index.join("b", f"urn:b:{n}", FIRE_AGAIN, 1_000 + n)
        if n == 15:
            assert index.merge_for("b") is not None
    while index.merges_refused.total() == 0 and len(index.members("b")) < 200:
        n = len(index.members("b"))
        index.join("b", f"urn:b:{n}", FIRE_AGAIN, 1_000 + n)
        assert index.merge_for("b") is None
    assert index.merges_refused == {"size": 1}


def test_a_merge_is_no_cascade_one_article_leads_to_one_at_most() -> None:
    index = Index()
    for story in range(6):
        for n in range(2):
            index.join(f"s{story}", f"urn:{story}:{n}", FIRE, story * 2 + n)
    merge = index.merge_for("s5")
    assert merge is not None
    index.merge(merge.loser, merge.winner)
    assert len(index) == 5

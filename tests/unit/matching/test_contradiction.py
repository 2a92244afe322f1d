"""What keeps look-alikes apart, and what forbids a merge, one rule at a time."""

import pytest

from storyline.domain.matching import Index, Profile, profile_of
from storyline.domain.matching.contradiction import (
    JOIN_GAP_DAYS_MAX,
    contradictions,
    merge_contradictions,
    unshared,
)
from storyline.domain.matching.facts import KEPT_MAX, Facts, Kind, facts_of
from storyline.domain.matching.scoring import MERGE_SMALLER_MAX

from .wire import FIRE, FIRE_AGAIN, article, fed, profile


def facts(*texts: tuple[str, str], places: tuple[str, ...] = ()) -> Facts:
    return Facts([facts_of(title, text, places) for title, text in texts])


def against(mine: Facts, theirs: Facts, **signals: float | bool | None) -> tuple[str, ...]:
    usual: dict[str, float | bool | None] = {
        "gap_days": 7.0, "title": 0.3, "coverage": 0.3, "nearest": 0.5, "with_body": True,
    }  # fmt: skip
    return contradictions(mine, theirs, **(usual | signals))  # type: ignore[arg-type]


PETROL = facts(("Petrol rises", "Petrol cost 1.742 crowns a litre this week, diesel 1.691."))
PETROL_LATER = facts(("Petrol falls", "Petrol cost 1.719 crowns a litre this week, diesel 1.668."))
QUAKE = facts(("Quake kills 1,200", "It left 3,400 hurt and 250,000 without a roof."))
QUAKE_LATER = facts(("Quake kills 1,900", "It left 5,100 hurt and 310,000 without a roof."))


def test_exact_figures_that_are_all_others_under_a_like_title_on_another_day_contradict() -> None:
    assert against(PETROL, PETROL_LATER, title=0.6, gap_days=1.0) == ("figures",)
    assert against(PETROL, PETROL_LATER, title=0.4, gap_days=7.0) == ("figures",)
    assert against(PETROL, PETROL_LATER, title=0.4, gap_days=1.0) == ()
    assert against(PETROL, PETROL_LATER, title=0.9, gap_days=0.7) == ()
    assert against(PETROL, PETROL, title=0.9) == ()


def test_one_exact_figure_each_contradicts_only_after_days() -> None:
    one, other = facts(("Rate at 6.2 per cent", "")), facts(("Rate at 5.8 per cent", ""))
    assert against(one, other, title=0.7, gap_days=1.0) == ()
    assert against(one, other, title=0.7, gap_days=2.0) == ("figures",)
    assert against(one, other, title=0.5, gap_days=9.0) == ()


@pytest.mark.parametrize("gap_days", [0.6, 2.1, 5.0, 9.0])
def test_a_toll_or_area_that_grows_does_not_contradict(gap_days: float) -> None:
    assert against(QUAKE, QUAKE_LATER, title=0.9, gap_days=gap_days) == ()


def test_a_projection_and_the_result_of_the_next_morning_do_not_contradict() -> None:
    projection, result = [
        Facts([facts_of(f"{first} Prozent", f"{first} zu {second} Prozent", language="de")])
        for first, second in (("29,4", "21,8"), ("28,7", "22,1"))
    ]
    assert len(projection.exact()) == 2
    assert against(projection, result, title=0.9, gap_days=14 / 24) == ()


def test_whole_numbers_are_a_series_only_after_long_silence() -> None:
    assert against(QUAKE, QUAKE_LATER, title=0.5, gap_days=14.0) == ("figures",)


def test_a_draw_is_told_by_its_numbers() -> None:
    one, other = facts(("Draw", "4, 17, 29, 33, 38, 45")), facts(("Draw", "2, 8, 21, 26, 40, 49"))
    assert against(one, other, title=1.0, nearest=0.9, gap_days=3.0) == ("figures",)
    assert one.all(Kind.FIGURE) & facts(("Jackpot", "won with 17, 29, 33, 38")).all(Kind.FIGURE)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,742 homes", "1.742 Wohnungen"), ("٣٤٥ شخصا", "345 people"), ("１２３４人", "1234 people")],
)
def test_a_figure_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert facts((one, "")).all(Kind.FIGURE) == facts((other, "")).all(Kind.FIGURE) != set()


def exact(text: str, language: str) -> int:
    return len(Facts([facts_of("", text, language=language)]).exact())


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("en", "1.742 crowns, 6.2 per cent, 1,234.56", "1,742 homes, 1,234,567, 2.5 million, 3.8bn"),
        ("de", "1,742 Euro, 6,2 Prozent, 1.234,56", "1.742 Häuser, 1.234.567, 2,5 Millionen, 3,8 Mrd."),
        ("es", "84,15 coronas, 6,2 por ciento, 1,742", "48.213, 2,5 millones"),
        ("ru", "84,15 кроны, 6,2 процента, 1,742", "1 200 человек, 2,5 млн, 3,8 миллиарда, 5,5 тыс."),
        ("zh", "6.2级, 84.15克朗, 1.742", "230元, 2.5万, 3.8亿"),
    ],
)
def test_a_fraction_is_exact_unless_it_is_of_thousands_or_millions(language: str, yes: str, no: str) -> None:
    assert (exact(yes, language), exact(no, language)) == (3, 0)


@pytest.mark.parametrize(
    "text", ["in 2026", "on 02.03.2026", "three of 12", "at 09:40", "an A320", "", "from 7.30pm", "0800 555 1234",
             "+44 20 7946 0958", "(0221) 4711 200", "555-0199", "Article 155"],
)  # fmt: skip
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert not facts((text, text)).all(Kind.FIGURE)


@pytest.mark.parametrize("text", ["am 24.11.", "am 24.11.2026", "um 19.30 Uhr", "nach § 129", "§§ 129", "Artikel 155"])
def test_what_counts_nothing_is_no_figure_in_german(text: str) -> None:
    assert not Facts([facts_of(text, text, language="de")]).all(Kind.FIGURE)


def test_figures_under_like_titles_of_another_month_or_year_contradict() -> None:
    january, february = (
        facts(("Jobless rate in January", "6.2 per cent")),
        Facts([facts_of("Arbeitslose im Februar", "6,2 Prozent", language="de")]),
    )
    assert against(january, february, title=0.4) == ("period",)
    assert against(january, february, title=0.1) == ()
    one, other = facts(("Wages 2025", "up 1.4 per cent")), facts(("Wages 2026", "up 1.4 per cent"))
    assert against(one, other, title=0.6) == ("period",)
    one, other = [Facts([facts_of(f"{n}月CPI", "2.1%", language="zh")]) for n in (1, 2)]
    assert against(one, other, title=0.6) == ("period",)
    one, other = facts(("Cars sold in May 2025", "12,400")), facts(("Cars sold in May 2026", "11,900"))
    assert against(one, other, title=0.6) == ("period",)


def test_what_is_put_off_to_another_month_is_the_same() -> None:
    march, april = facts(("Trial to begin in March", "")), facts(("Trial put off to April", ""))
    assert march.all(Kind.PERIOD) and april.all(Kind.PERIOD)
    assert against(march, april, title=0.9) == ()


@pytest.mark.parametrize("title", ["Mars rover lands", "Avril Haines resigns", "Juli Zeh reads", "Strike may end"])
def test_only_the_articles_own_language_has_its_months(title: str) -> None:
    assert not facts((title, "")).all(Kind.PERIOD)


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Inflation de mars"), ("ru", "Инфляция в марте"), ("DE", "März")]
)
def test_a_month_is_the_same_in_all_languages(language: str, title: str) -> None:
    march = facts(("Inflation in March", "")).all(Kind.PERIOD)
    assert Facts([facts_of(title, "", language=language)]).all(Kind.PERIOD) == march


def test_the_same_title_above_another_text_on_another_day_is_a_column() -> None:
    none = facts(("Morning briefing", ""))
    assert against(none, none, title=1.0, nearest=0.3, gap_days=1.0) == ("series",)
    assert against(none, none, title=1.0, nearest=0.3, gap_days=0.1) == ()
    assert against(none, none, title=1.0, nearest=0.8, gap_days=1.0) == ()
    assert against(none, none, title=0.9, nearest=0.3, gap_days=1.0) == (), "the title isn't the same"
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


SUMMARY = (
    "Das Wichtigste vom Abend",
    "In Tellin brennt ein Reifenlager im Hafen. Orsk führt eine Maut für die Innenstadt ein. Der Zoo in Kesten freut "
    "sich über Zwillinge der Pandabärin Lulu.",
)
BRAND = (
    profile(
        "Brand im Hafen von Tellin", "Im Hafen von Tellin brennt ein Lager mit Reifen. Die Feuerwehr ist mit neunzig "
        "Leuten im Einsatz.", language="de",
    ),
    profile(
        "Reifenlager in Tellin brennt seit der Nacht", "Ein Lager für Reifen im Hafen von Tellin brennt. Anwohner "
        "sollen Fenster schliessen, sagte die Feuerwehr.", language="de", hours=2,
    ),
    profile(
        "Feuer in Tellin gelöscht", "Die Feuerwehr hat den Brand im Reifenlager im Hafen von Tellin gelöscht. Die "
        "Ursache ist unklar.", language="de", hours=20,
    ),
)  # fmt: skip
HOROSCOPES = (
    ("Your stars for Saturday", "Aries: a walk clears the head. Taurus: count the change. Gemini: a call from abroad. "
     "Cancer: sleep in. Virgo: bake for the neighbours."),
    ("Your stars for Sunday", "Aries: lend an ear. Taurus: stay at home. Gemini: a debt is paid. Cancer: ring "
     "your aunt. Virgo: the key turns up."),
)  # fmt: skip


def test_a_summary_of_several_stories_is_in_none_of_them_and_they_stay_together() -> None:
    _, placed = fed([*BRAND[:2], profile(*SUMMARY, language="de", hours=9), BRAND[2]])
    assert placed[0] == placed[1] == placed[3] != placed[2]


def test_a_summary_sent_again_is_the_same_summary() -> None:
    _, placed = fed([profile(*SUMMARY, language="de"), profile(*SUMMARY, language="de", hours=1)])
    assert placed[0] == placed[1]


def test_each_days_horoscope_is_one_of_its_own() -> None:
    _, placed = fed([profile(*one, hours=24 * day) for day, one in enumerate(HOROSCOPES)])
    assert placed[0] != placed[1]


def test_a_story_of_summaries_is_merged_with_none() -> None:
    several, one = Facts([profile(*SUMMARY, language="de").facts]), Facts([BRAND[0].facts])
    assert "several" in merge_contradictions(one, several) and "several" in merge_contradictions(several, one)
    assert "several" not in merge_contradictions(one, Facts([profile(*SUMMARY, language="de").facts, BRAND[1].facts]))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Fire in Tarnova", "A depot burns in Tarnova. Smoke drifts over the harbour. Velmar's clerks fled by ladder."),
        (
            "Blaze at night",
            "Tarnova's depot burns. Velmar owns the depot. Clerks fled by ladder over the harbour wall.",
        ),
        ("Blaze at night", "Tarnova's depot burns while clerks of Velmar flee by ladder over the harbour wall."),
        ("", "A depot burns in Tarnova. Ferry crews strike at Lindholm. A lynx is seen near the Belin glacier."),
        (
            "Fifty years gone by teatime",
            "Local historian Enid Karsund, whose grandmother worked the looms, watched from a bridge. Only "
            "chimney and staircase were left standing above the smouldering weir on Friday. Demolition crews from "
            "Belin will take both down before the canal opens again for narrowboats and anglers.",
        ),
    ],
    ids=["the title's word comes again", "a rare word comes twice", "one sentence", "untitled", "a short report"],
)
def test_what_holds_together_or_is_too_short_to_tell_is_about_one_thing(title: str, body: str) -> None:
    assert not Facts([profile(title, body).facts]).of_several()


def test_a_long_text_that_nothing_holds_together_tells_of_several_things_though_its_sentences_are_whole() -> None:
    items = [" ".join(f"Q{number}" for number in range(at, at + 9)) for at in range(100, 280, 9)]
    long, short = ". ".join(items), ". ".join(items[:10])
    assert Facts([profile("News of the day", long).facts]).of_several()
    assert not Facts([profile("News of the day", short).facts]).of_several()


def test_an_article_without_facts_and_no_article_tell_of_one_thing() -> None:
    assert not Facts([]).of_several() and not Facts([b""]).of_several()


@pytest.mark.parametrize(
    ("mine", "theirs", "cosine", "title", "apart"),
    [
        ({"de"}, {"it"}, 0.0, 0.0, True),
        ({"de"}, {"it"}, 0.02, 0.0, False),
        ({"de"}, {"it"}, 0.0, 0.1, False),
        ({"de"}, {"ru"}, 0.0, 0.0, False),
        ({"de", "ar"}, {"it"}, 0.0, 0.0, False),
        ({"de"}, {"und"}, 0.0, 0.0, False),
    ],
)
def test_texts_in_two_languages_of_the_same_letters_share_a_name_if_they_tell_of_one_event(
    mine: set[str], theirs: set[str], cosine: float, title: float, apart: bool
) -> None:
    assert unshared(mine, theirs, cosine=cosine, title=title) is apart

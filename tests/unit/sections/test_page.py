"""Pages as a reader sees them, from invented articles."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from sections_making import EVENT, WIRE, article, pages_of, part, parts_of, texts_of

from storyline.domain.sections import Page, change_summary, evolve
from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.reading import read
from storyline.domain.story.listed import source_of
from storyline_schemas import Correction, Part


def test_the_three_article_story_leads_with_the_event_and_has_its_follow_up() -> None:
    page = pages_of(parts_of(WIRE))[-1]
    assert page.headline == "Velmara and Karsund launch talks on North Norrin policy"
    assert texts_of(page)[0].startswith("Velmara and Karsund held their first coordinated talks")
    assert [section.heading for section in page.sections] == [
        "Velmara and Karsund Launch Talks on North Norrin Policy",
        "Reconciliation Ministry Publicly Objected to Talks",
        "Foreign Ministry Says Allies Plan Regular Consultations on North Norrin",
    ]
    assert {n for section in page.sections for sentence in section.sentences for n in sentence.citations} == {2, 3}


def test_the_announcement_is_gone_once_the_event_is_reported() -> None:
    page = pages_of(parts_of(WIRE))[-1]
    assert not any("will hold talks" in text for text in texts_of(page))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_was_announced_is_no_news_once_it_happened_whatever_the_order(order: tuple[int, ...]) -> None:
    made: list[Part] = []
    for n, i in enumerate(order, 1):
        source = article(*WIRE[i], uri=f"urn:test:{i}", hours=24 * i)
        made.append(part(source, n, made))
    texts = texts_of(pages_of(made)[-1])
    assert any("held their first coordinated talks" in text for text in texts)
    assert not any("will hold talks" in text or "will lead" in text or "will not attend" in text for text in texts)


def test_two_wires_on_one_event_tell_it_once() -> None:
    one = "The House of Deputies passed a sweeping voting reform bill in Linden City, its first in 20 years."
    other = "Deputies approved a sweeping reform bill on voting in Linden City, which critics say goes too far."
    more = "The bill makes polling day a public holiday and lets citizens register on the day they vote."
    parts = parts_of(
        [("House passes voting reform bill", f"{one}\n\n{more}"), ("Deputies approve voting reform bill", other)],
        houses=("Meridian", "Coastline Daily"),
    )
    parts[1] = parts[1].model_copy(update={"at_ms": parts[0].at_ms})
    assert sum("reform bill" in text for text in texts_of(pages_of(parts)[-1])) == 1


def test_an_abbreviation_that_nobody_spelt_out_opens_no_section() -> None:
    body = (
        "Police closed the harbour of Port Solmar after a storm tore 12 boats from their moorings.\n\n"
        "Two ferries to the island of Norrin were held up by the waves for most of the night.\n\n"
        "Fishermen from the valley came in the morning to look for what was left of their nets.\n\n"
        "The VHK said that its engineers would inspect the northern pier of Port Solmar for damage.\n\n"
        "Its report on the northern pier is due within the week, and the harbour stays shut until then."
    )
    assert not any("VHK" in text for text in texts_of(pages_of(parts_of([("Storm closes harbour", body)]))[-1]))


def test_the_follow_up_leaves_the_sections_before_it_as_they_were() -> None:
    before, after = pages_of(parts_of(WIRE))[-2:]
    assert after.sections[: len(before.sections)] == before.sections


def test_one_article_alone_gives_a_page() -> None:
    page = pages_of(parts_of([EVENT]))[-1]
    assert 1 <= len(page.sections) <= 3
    assert page.headline == EVENT[0]


def test_a_headline_alone_gives_no_sections() -> None:
    page = pages_of(parts_of([("Storm closes pier in Port Solmar", "")]))[-1]
    assert (page.headline, page.sections) == ("Storm closes pier in Port Solmar", ())


QUAKE = "A quake killed at least {} people in the Tamrin valley in Ishkar, the civil protection agency said."
MORE = (
    "Rescuers were digging with their hands in the villages of Orun and Lower Tamrin.",
    "Engineers reopened one lane of the road from Besh, and lorries with tents reached the valley.",
)


def test_a_higher_toll_replaces_the_lower_one_and_is_told() -> None:
    parts = parts_of(
        [
            ("Quake kills 12", f"{QUAKE.format(12)}\n\n{MORE[0]}"),
            ("Toll rises to 31", f"{QUAKE.format(31)}\n\n{MORE[1]}"),
        ]
    )
    before, after = pages_of(parts)
    assert any("12 people" in text for text in texts_of(before))
    assert not any("12 people" in text for text in texts_of(after))
    assert any("31 people" in text for text in texts_of(after))
    assert after.superseded == ("12 dead, now 31",)
    assert change_summary(before, after, parts[1:], []) == "Meridian reports: 12 dead, now 31."


def test_a_headline_with_a_toll_that_has_risen_heads_the_story_no_more() -> None:
    held = "Prosecutors questioned the builder of a school about its walls, their office in Besh said."
    later = ("Prosecutors question builder of school", f"{held}\n\n{QUAKE.format(31)}")
    first = ("Quake kills at least 12 people in Tamrin valley in Ishkar", f"{QUAKE.format(12)}\n\n{MORE[0]}")
    before, after = pages_of(parts_of([first, later]))
    assert (before.headline, after.headline) == (first[0], later[0])
    same = pages_of(parts_of([first, (later[0], held)]))[-1]
    assert same.headline == first[0]


def test_tolls_of_different_places_stand_side_by_side() -> None:
    haiti = "Hurricane Odile killed at least 11 people in the eastern provinces of Belacosta, state media said."
    cuba = "Hurricane Odile killed at least 21 people in the mountains of Solmar, the government said."
    pages = pages_of(parts_of([("Odile kills 11 in Belacosta", haiti), ("Odile kills 21 in Solmar", cuba)]))
    assert pages[-1].superseded == ()


def test_a_missing_hiker_found_dead_is_no_longer_missing() -> None:
    lost = "Hiker Jamie Voss was reported missing on Mount Oren in Solmar after a wildfire closed the trails."
    found = "Hiker Jamie Voss was found dead on Mount Oren in Solmar, the mountain rescue service said."
    page = pages_of(parts_of([("Hiker missing on Mount Oren", lost), ("Hiker found dead on Mount Oren", found)]))[-1]
    assert not any("missing" in text for text in texts_of(page))


def test_a_withdrawn_source_takes_its_sentences_and_its_headline_along() -> None:
    parts = parts_of(WIRE)
    page = pages_of(parts)[-1]
    after = evolve(page, [parts[0], parts[2]], {2}, 9, "en")
    assert not set(texts_of(after)) & {sentence.text for sentence in parts[1].sentences}
    assert after.headline != EVENT[0]
    assert EVENT[0] not in json.dumps(after.state)


def test_what_a_copy_also_says_stays_when_the_original_is_withdrawn() -> None:
    parts = parts_of([EVENT, EVENT], houses=("Meridian", "Coastline Daily"))
    page = pages_of(parts)[-1]
    after = evolve(page, parts[1:], {1}, 9, "en")
    assert texts_of(after)[0] == texts_of(page)[0]
    assert {n for section in after.sections for sentence in section.sentences for n in sentence.citations} == {2}


def test_a_sentence_two_wires_share_carries_both_citations() -> None:
    shared = "A storm tore 12 boats from their moorings in Port Solmar and closed the northern pier."
    one = f"{shared}\n\nThe council ordered 300 residents to leave their homes near the river."
    two = f"{shared}\n\nProsecutor Jonas Weil opened an inquiry into the builder of the pier in Port Solmar."
    page = pages_of(
        parts_of([("Storm closes pier", one), ("Inquiry after storm", two)], houses=("Meridian", "Example Wire"))
    )[-1]
    cited = {sentence.text: sentence.citations for section in page.sections for sentence in section.sentences}
    assert cited[shared] == (1, 2)


def test_an_article_in_another_language_brings_no_sentences() -> None:
    first = part(article(*EVENT), 1)
    spanish = part(
        article(
            "Huelga",
            "Una huelga de tripulantes paralizó los 14 ferris diarios entre Port Lindow y las islas.",
            language="es",
        ),
        2,
        [first],
    )
    before = evolve(None, [first], {1}, 1, "en")
    assert evolve(before, [first, spanish], {2}, 2, "en").sections == before.sections


def test_a_locked_section_is_left_alone() -> None:
    parts = parts_of(WIRE)
    page = pages_of(parts)[1]
    locked = page.sections[0].model_copy(update={"locked": True})
    after = evolve(replace(page, sections=(locked, *page.sections[1:])), parts, {3}, 3, "en")
    assert locked in after.sections


def test_the_first_update_says_who_opened_the_story_and_a_withdrawal_who_withdrew() -> None:
    parts = parts_of(WIRE)
    pages = pages_of(parts)
    assert change_summary(None, pages[0], parts[:1], []).startswith("Opened by Meridian: ")
    assert change_summary(pages[0], pages[0], [], parts[:1]) == "Meridian withdrew its report."


def test_what_was_given_to_another_story_was_not_withdrawn() -> None:
    parts = parts_of(WIRE)
    page = pages_of(parts)[0]
    assert change_summary(page, page, [], [], parts[:1]) == "What Meridian reported belongs to another story."


def test_a_correction_is_told_as_one_in_the_agencys_own_words() -> None:
    parts = parts_of(WIRE)
    page = pages_of(parts)[0]
    correction = Correction(severity="correction", note="The number of boats was wrong")
    corrected = parts[0].model_copy(update={"correction": correction})
    said = change_summary(page, page, [corrected], [])
    assert said == "Meridian corrected its report: The number of boats was wrong."


def test_what_was_corrected_in_another_story_is_new_in_this_one() -> None:
    parts = parts_of(WIRE)
    page = pages_of(parts)[0]
    corrected = parts[1].model_copy(update={"correction": Correction(severity="correction", note="240, not 340")})
    assert change_summary(page, page, [], [], adopted=[corrected]).startswith("Meridian adds: ")


def test_a_story_without_any_text_is_opened_without_a_colon() -> None:
    only = parts_of(WIRE[:1])[0].model_copy(update={"adds": ""})
    page = Page("", (), {})
    said = {language: change_summary(None, page, [only], [], language=language) for language in ("en", "de", "fr")}
    assert said == {"en": "Opened by Meridian.", "de": "Begonnen mit Meridian.", "fr": "Ouvert avec Meridian."}


def test_the_state_stays_small_however_many_articles_arrive() -> None:
    texts = [
        (
            f"Pump {n} installed",
            f"Engineers installed pump {n} in Orun {n} days after the flood of the Alban.\n\n{EVENT[1]}",
        )
        for n in range(2, 60)
    ]
    page = pages_of(parts_of(texts))[-1]
    assert len(json.dumps(page.state)) < 5_000
    assert len(page.sections) <= 5
    assert len(page.timeline) <= 30


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_section_has_a_heading(count: int) -> None:
    page = pages_of(parts_of(WIRE[:count]))[-1]
    assert page.sections
    assert all(section.heading for section in page.sections)


def test_a_better_told_article_of_last_week_doesnt_turn_the_lead_and_the_headline_back() -> None:
    now = part(
        article("Harbour", "Divers went on with their search of the Alma's hull off Port Solmar today.", hours=24 * 7),
        1,
    )
    late = part(
        article(
            "Ferry Alma runs aground off Port Solmar with 212 on board, 9 missing",
            "The ferry Alma ran aground off Port Solmar with 212 people aboard, and 9 are missing, officials said.\n\n"
            "Boats of the coast guard took 203 passengers off the ferry Alma within two hours, the coast guard said.",
            uri="urn:test:2", house="Coastline Daily",
        ), 2, [now],
    )  # fmt: skip
    before = evolve(None, [now], {1}, 1, "en")
    after = evolve(before, [now, late], {2}, 2, "en")
    assert (after.headline, after.sections[0]) == (before.headline, before.sections[0])
    in_order = evolve(evolve(None, [late], {2}, 1, "en"), [now, late], {1}, 2, "en")
    assert in_order.headline == late.headline


def test_in_one_batch_the_outcome_leads_and_not_the_partial_count_before_it() -> None:
    count = (
        "Orre ahead of Keddle in Quellin with 40 percent of votes counted",
        "Challenger Tamsin Orre led President Bram Keddle in Quellin's presidential election by 51.8 percent to 41.0 "
        "percent with 40 percent of votes counted, the election commission said.",
    )
    end = (
        "Tamsin Orre wins Quellin presidency as Keddle concedes",
        "Opposition leader Tamsin Orre has won the presidential election in Quellin, taking 53.2 percent of the vote, "
        "the election commission said.",
    )
    parts = parts_of([count, end], houses=("Meridian", "Coastline"))
    page = evolve(None, parts, {1, 2}, 1, "en")
    assert page.headline == end[0]
    assert texts_of(page)[0] == end[1]
    assert not any("counted" in text for text in texts_of(page))


def test_an_article_without_a_headline_is_headed_by_its_first_clause() -> None:
    body = (
        "A storm tore 12 boats from their moorings in Port Solmar, closing the northern pier for the rest of the week "
        "while engineers look for damage."
    )
    parts = parts_of([("", body)])
    assert pages_of(parts)[-1].headline == "A storm tore 12 boats from their moorings in Port Solmar"
    source = source_of(parts[0])
    assert source.headline == "A storm tore 12 boats from their moorings in Port Solmar"
    assert not source.adds


def test_a_source_without_text_tells_its_headline_once() -> None:
    [only] = parts_of([("Storm closes northern pier of Port Solmar", "")])
    assert source_of(only).headline == "Storm closes northern pier of Port Solmar"
    assert source_of(only).adds == ""


@pytest.mark.parametrize("label", ["CORRECTED: ", "UPDATE 2-", "VIDEO | "])
def test_a_source_doesnt_tell_its_headline_again_without_its_label(label: str) -> None:
    [only] = parts_of([(f"{label}Storm closes northern pier of Port Solmar", "")])
    assert source_of(only).headline == f"{label}Storm closes northern pier of Port Solmar"
    assert source_of(only).adds == ""


def test_short_casualty_figures_stand_after_the_lead_and_a_correction_of_one_is_seen() -> None:
    first = "A furnace burst at the Ulmen glassworks before dawn, inspectors said."
    body = f"{first} Nine glaziers died. Twelve workers were hurt. The roof collapsed."
    [before] = parts_of([("Furnace bursts at Ulmen glassworks", body)])
    page = evolve(None, [before], {1}, 1, "en")
    assert texts_of(page) == [first, "Nine glaziers died.", "Twelve workers were hurt."]
    now = body.replace("Twelve workers were hurt.", "Nine workers were hurt, not twelve.")
    [after] = parts_of([("Furnace bursts at Ulmen glassworks", now)])
    page = evolve(page, [after], {1}, 2, "en")
    assert texts_of(page) == [first, "Nine glaziers died.", "Nine workers were hurt, not twelve."]


def test_an_article_that_isnt_on_the_page_adds_a_sentence_where_it_belongs() -> None:
    first = (
        "Storm closes the harbour of Port Solmar",
        "A storm tore 12 boats from their moorings in Port Solmar and closed the harbour, the mayor said.\n\n"
        "The council ordered 300 residents near the harbour of Port Solmar to leave their homes.",
    )
    second = (
        "Harbour of Port Solmar stays shut after storm",
        "The harbour of Port Solmar, closed by the storm that tore boats from their moorings, stays shut.\n\n"
        "Its master said so on the radio. Ships go to Orun for now.\n\n"
        "Engineers found cracks in the northern pier of the harbour of Port Solmar after the storm.",
    )
    page = pages_of(parts_of([first, second], houses=("Meridian", "Coastline Daily")))[-1]
    assert {n for section in page.sections for sentence in section.sentences for n in sentence.citations} == {1, 2}


def test_what_the_lead_says_stands_with_its_denial() -> None:
    claim = ("Kestrel rebels say they downed a jet", "Kestrel rebels shot down a Velmaran jet over Orun, they said.")
    denial = (
        "Velmara denies loss of jet over Orun",
        "Velmara denied that Kestrel rebels had shot down a jet over Orun, and said that all its jets had come back.",
    )
    parts = parts_of([claim, denial], houses=("Meridian", "Coastline Daily"))
    texts = texts_of(pages_of(parts)[-1])
    assert any("denied that" in text for text in texts)


def test_who_is_held_is_no_longer_sought_though_no_article_has_a_date() -> None:
    sought = (
        "Police appeal after attack in Port Solmar market",
        "Police released a description of a man they wish to trace over the attack in the market of Port Solmar.\n\n"
        "The man they wish to trace over the attack is tall and wore a green coat, according to the police.",
    )
    held = (
        "Man arrested after attack in Port Solmar market",
        "Police arrested a man of 31 over the attack in the market of Port Solmar, a spokesman said.",
    )
    for order in ((sought, held), (held, sought)):
        parts = [
            each.model_copy(update={"published_at": None, "at_ms": 1})
            for each in parts_of(list(order), houses=("Meridian", "Coastline Daily"))
        ]
        texts = texts_of(pages_of(parts)[-1])
        assert texts[0].startswith("Police arrested a man of 31")
        assert not any("wish to trace" in text for text in texts)


def test_a_lead_about_another_year_is_no_entry_of_its_articles_day() -> None:
    old = ("Poll on the harbour of Port Solmar", "A poll of 2019 showed that half of Port Solmar wanted a new harbour.")
    new = ("Storm closes harbour of Port Solmar", "A storm closed the harbour of Port Solmar and tore 12 boats loose.")
    assert not pages_of(parts_of([old]))[-1].timeline
    assert len(pages_of(parts_of([new]))[-1].timeline) == 1


@pytest.mark.parametrize(
    ("published_at", "day"),
    [
        (datetime(2031, 12, 1, 6, tzinfo=UTC), "30 November"),
        (datetime(2032, 1, 1, 6, tzinfo=UTC), "31 December 2031"),
    ],
)
def test_a_lead_about_the_day_before_is_an_entry_across_months_and_years(published_at: datetime, day: str) -> None:
    storm = f"A storm closed the harbour of Port Solmar on {day} and tore 12 boats from the northern pier."
    found = parts_of([("Storm closes harbour of Port Solmar", storm)])
    found = [each.model_copy(update={"published_at": published_at}) for each in found]
    assert [entry.text for entry in pages_of(found)[-1].timeline] == [storm]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Theresa May", True),
        ("Kanye West", True),
        ("April Ives", True),
        ("West Virginia", False),
        ("May Day", False),
        ("Wall Street", False),
        ("White House", False),
        ("Senate Minority Leader Ida Brandt", True),
        ("Russian President Ida Brandt", True),
        ("State University President Office", False),
    ],
)
def test_who_may_be_a_person_by_the_words_of_a_name(name: str, person: bool) -> None:
    said = f"The mayor said on the pier that he had written to {name} about the harbour of the town."
    (found,) = parts_of([("Harbour of Port Solmar", said)])
    assert (name.split()[-1].lower() in read(found, "en").persons) is person


def test_in_other_languages_too_what_points_back_opens_no_section() -> None:
    body = (
        "Ein Sturm hat den Hafen von Port Solmar geschlossen und zwölf Boote losgerissen, sagte die Stadt.\n\n"
        "Dieser Hafen wurde erst vor drei Jahren für viel Geld erneuert und ausgebaut.\n\n"
        "Er gehört der Stadt Port Solmar und einer Reederei aus Orun zu gleichen Teilen."
    )
    source = article("Sturm schließt den Hafen von Port Solmar", body, language="de")
    page = evolve(None, [part(source, 1)], {1}, 1, "de")
    assert page.sections
    assert not any(section.sentences[0].text.startswith(("Dieser", "Er ")) for section in page.sections)


def test_the_first_sentence_of_a_later_day_leads_if_it_is_better_at_all() -> None:
    first = "The council of Port Solmar ordered 300 residents to leave their homes near the river after heavy rain."
    later = "The council of Port Solmar let 300 residents return to their homes near the river as the water fell."
    made: list[Part] = []
    for n, (title, text, hours) in enumerate(
        [("Residents leave homes in Solmar", first, 0), ("Residents return to homes in Solmar", later, 24)], 1
    ):
        made.append(part(article(title, text, uri=f"urn:test:{n}", hours=hours), n, made))
    assert texts_of(pages_of(made)[-1])[0] == later


def test_what_tells_its_articles_headline_leads_and_not_the_scene_before_it() -> None:
    scene = "Fishermen stood in the rain at the northern pier of Port Solmar, where grey boats lay since the summer."
    news = "The harbour board of Port Solmar shut the northern pier for good after engineers found cracks in it."
    (page,) = pages_of(parts_of([("Harbour board of Port Solmar shuts northern pier for good", f"{scene}\n\n{news}")]))
    assert texts_of(page)[0] == news


def test_who_it_was_is_told_in_much_the_same_words_right_after_that_it_was_somebody() -> None:
    named = "A pilot who died in a fire at the northern pier of Port Solmar has been named."
    who = "Jonas Weil, 41, a pilot with the harbour board, died in the fire at the northern pier of Port Solmar."
    (page,) = pages_of(parts_of([("Pilot dies in fire at northern pier of Port Solmar", f"{named}\n\n{who}")]))
    assert texts_of(page)[:2] == [named, who]


def test_how_well_the_last_lead_tells_its_headline_holds_back_no_news_of_another_day() -> None:
    first = "The harbour board of Port Solmar shut the northern pier for good after engineers found cracks in it."
    later = "The mayor of Port Solmar sold the cracked northern pier to a builder from Norrin for one crown."
    shut, sold = (
        ("Harbour board of Port Solmar shuts northern pier for good", first),
        ("Builder is glad about cracked pier", later),
    )
    assert texts_of(pages_of(parts_of((shut, sold)))[-1])[0] == later


@pytest.mark.parametrize(
    ("beside", "stays"),
    [
        ("Two cooks were hurt by broken glass in the galley.", True),
        ("Passengers in yellow raincoats smiled and waved from the boats, and a cook handed out soup.", False),
    ],
)
def test_what_stood_beside_the_last_lead_stays_beside_the_next_unless_it_is_colour(beside: str, stays: bool) -> None:
    first = "The ferry Alma ran aground on a reef off Port Solmar with 212 people on board, officials said on Monday."
    boats = "Boats of the coast guard took 180 passengers off the ferry Alma within two hours."
    second = "The ferry Alma, aground on a reef off Port Solmar with 212 people on board, has sunk, officials said."
    aground = ("Ferry Alma runs aground on reef off Port Solmar", f"{first}\n\n{boats}\n\n{beside}")
    before, after = pages_of(parts_of((aground, ("Ferry Alma has sunk off Port Solmar", second))))
    assert beside in texts_of(before)
    assert texts_of(after)[:2] == [second, boats]
    assert (beside in texts_of(after)) is stays


def test_what_two_sentences_tell_together_is_not_told_again() -> None:
    texts = (
        "Two lanes of the harbour bridge were closed for days, which caused long queues of lorries on the quay.",
        "Letters show that engineers hid cracks in pillars from the mayor, who wanted a vote on repairs.",
        "The bridge and all of its lanes were shut once the mayor saw cracks.",
        "The ministry closed the market hall for weeks once firemen showed the council the damage to its roof.",
    )
    pool = build(parts_of([("Cracks close bridge", "\n\n".join(texts))]), "en")
    first, second, both, other = (annotate(text, "en") for text in texts)
    assert not pool.repeats(both, [first, second])
    assert pool.told_in_parts(both, [first, second])
    assert not pool.told_in_parts(other, [first, second])


def test_tweets_and_sentences_without_their_subject_open_nothing() -> None:
    body = (
        "Port Solmar closed its northern pier after a storm tore 12 boats from their moorings.\n\n"
        "Ferries to the island of Ishkar # harbour # storm were moved to the southern pier.\n\n"
        "When that happens, ferries sail from the southern pier of Port Solmar.\n\n"
        "The old slipway is open for small boats of Port Solmar, the harbour office said.\n\n"
        "The governor, a sailor, asked Port Solmar to close its northern pier for the winter.\n\n"
        "The loss of a pier, for example, would cost Port Solmar a tenth of its income."
    )
    texts = texts_of(pages_of(parts_of([("Storm closes northern pier of Port Solmar", body)]))[-1])
    assert not any("#" in text for text in texts)
    assert texts[0].startswith("Port Solmar closed")
    assert not any("for example" in text or text.startswith("The governor") for text in texts)


def test_news_without_a_neighbour_stands_with_what_its_article_tells_of_it_later() -> None:
    storm = (
        "Storm closes harbour of Port Solmar",
        "A storm closed the harbour of Port Solmar on Monday and sank four fishing boats at its northern pier.\n\n"
        "A spokesman for the harbour said that nobody was hurt when the boats sank.",
    )
    market = (
        "After storm closes harbour, fishermen of Port Solmar sell from circus tents",
        "A spokesman for the harbour said that nobody was hurt when the storm sank four fishing boats on Monday.\n\n"
        "The Norrin Cooperative opened a fish market in three tents of the Marlow circus.\n\n"
        "Why? Nobody knew.\n\nWhat next?\n\nAnd who pays?\n\nNot us, we said.\n\n"
        "The Marlow circus lent its tents to the fishermen free of charge until Sunday, director Ida Brandt said.",
    )
    told = pages_of(parts_of((storm, market)))[-1].sections[1]
    assert told.heading == "Norrin Cooperative Opens Fish Market in Three Tents of Marlow Circus"
    assert [sentence.text.split()[1] for sentence in told.sentences] == ["Norrin", "Marlow"]


APART = "\n\nWho knew?\n\nWhy now?\n\nAnd then?\n\n"
"""Questions keep sentences apart: none stands under another one as its neighbour."""


def test_a_page_that_says_little_goes_on_with_what_else_is_new() -> None:
    strike = "The ferry crews of Port Solmar went on strike for higher wages on Monday."
    line = "The ferry line to Norrin carries 4,000 people a day, the harbour board says."
    (page,) = pages_of(parts_of([("Ferry crews of Port Solmar strike", f"{strike}{APART}{line}")]))
    assert line in texts_of(page)


def test_what_leans_on_a_sections_last_sentence_comes_along_if_there_is_room() -> None:
    strike = "The ferry crews of Port Solmar went on strike for higher wages on Monday."
    line = "The ferry line to Norrin carries 4,000 people a day, the harbour board says."
    leans = "They took buses over the bridge of Marlow instead."
    (page,) = pages_of(parts_of([("Ferry crews of Port Solmar strike", f"{strike}{APART}{line}\n\n{leans}")]))
    texts = texts_of(page)
    assert texts.index(leans) == texts.index(line) + 1


def test_who_answers_has_a_say_whatever_words_of_the_titles_he_uses() -> None:
    lead = "The ferry line to Norrin is closed, and the board will build a hotel at its old quay instead."
    answer = "Fishermen from Marlow denounced the hotel at the quay as a gift to builders."
    (page,) = pages_of(parts_of([("Ferry line to Norrin is closed", f"{lead}{APART}{answer}")]))
    assert answer in texts_of(page)


def test_what_is_close_to_a_section_goes_on_under_it_without_a_word_of_the_titles() -> None:
    lead = (
        "The ferry line to Norrin is closed since the old boat, which carries 400 fishermen, teachers and nurses to "
        "work every morning, lost both pumps in a storm and took in water at its keel."
    )
    close = "Two divers were hurt when rusted pumps fell from a crane in the storm, doctors said."
    (page,) = pages_of(parts_of([("Ferry line to Norrin is closed", f"{lead}{APART}{close}")]))
    assert close in texts_of(page)


def test_what_a_section_goes_on_with_reads_in_its_articles_order() -> None:
    told = (
        "The ferry crews of Port Solmar went on strike for higher wages.",
        "The ferry line to Norrin carries 4,000 people a day, the harbour board says.",
        "In Marlow, 60 buses and 12 taxis took commuters of Port Solmar over the bridge.",
    )
    (page,) = pages_of(parts_of([("Ferry crews of Port Solmar strike", APART.join(told))]))
    assert tuple(texts_of(page)) == told


@pytest.mark.parametrize("opening", ["He’s hoping", "She'd hoped", "They’ve hoped", "It’s hoped"])
def test_a_short_form_of_a_pronoun_leans_as_the_pronoun_does(opening: str) -> None:
    assert annotate(f"{opening} that the northern pier of Port Solmar will be open in spring.", "en").dependence


def test_a_page_goes_on_with_who_answers_before_background() -> None:
    closure = "The harbour board closed the ferry line to Norrin on Monday because its last boat leaks."
    place = "The ferry line was founded in 1912 by Tomas Ardel, whose statue stands above the fish market."
    answer = "Fish traders criticised the board, which takes the market of Norrin its best week of the year."
    first = ("Harbour board closes ferry line to Norrin", closure)
    second = ("Ferry line to Norrin closed by harbour board", APART.join((closure, place, answer)))
    texts = texts_of(pages_of(parts_of((first, second), houses=("Meridian", "Courier")))[-1])
    assert answer in texts
    assert place not in texts[: texts.index(answer)]


def test_what_several_publishers_report_fills_a_page_whatever_its_words() -> None:
    strike = "The ferry crews of Port Solmar went on strike for higher wages on Monday."
    stuck = "About 4,000 commuters waited for the crews at the northern pier for hours."
    first = ("Ferry crews of Port Solmar strike", f"{strike}{APART}{stuck}")
    second = ("Ferry strike in Port Solmar", f"Crews of the ferry in Port Solmar went on strike for pay.{APART}{stuck}")
    texts = texts_of(pages_of(parts_of((first, second), houses=("Meridian", "Courier")))[-1])
    assert any("4,000 commuters" in text for text in texts)

"""How a source is placed among those before it."""

from dataclasses import replace

import pytest
from sections_making import ADVANCE, EVENT, WIRE, article, part, parts_of

from storyline.domain.sections import added, change_summary, describe, evolve, tell
from storyline.domain.story.listed import source_of
from storyline_schemas import Section, Sentence

STORM = (
    "A storm tore 12 boats from their moorings in Port Solmar and closed the northern pier, the fire service said.\n\n"
    "The council ordered 300 residents to leave their homes near the river before the evening tide.\n\n"
    "Engineers inspected the cranes of the harbour and found two of them bent by the wind."
)


def test_the_same_text_from_another_house_is_a_copy() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    second = part(article("Pier closed by storm", STORM, house="Coastline Daily"), 2, [first])
    assert (second.relation, second.copy_of, second.adds) == ("copy", 1, "Same text as [1].")


def test_a_copy_of_a_copy_names_the_first() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    second = part(article("Storm closes pier", STORM, house="Coastline Daily"), 2, [first])
    assert describe(part(article("Storm closes pier", STORM, house="Valley Register"), 3), [first, second]).copy_of == 1


def test_a_later_version_with_another_figure_is_an_update_and_no_copy() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    second = part(article("Storm closes pier", STORM.replace("12 boats", "19 boats"), hours=5), 2, [first])
    assert (second.relation, second.copy_of) == ("update", None)


def test_the_same_with_a_new_figure_from_another_house_is_a_rewrite() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    second = part(article("Storm", STORM.replace("12 boats", "19 boats"), hours=5, house="Coastline Daily"), 2, [first])
    assert second.relation == "rewrite"


def test_an_announcement_is_an_advance_and_the_report_of_the_event_is_not() -> None:
    assert [p.relation for p in parts_of(WIRE)] == ["advance", "original", "original"]


QUAKE = "A quake of magnitude 6.4 shook Tamrin in Ishkar and killed 31 people, Nadia Korrel of the office said."
TERREMOTO = (
    "Un terremoto de magnitud 6.4 sacudió Tamrin, en Ishkar, y dejó 31 muertos, dijo Nadia Korrel de la oficina de "
    "Besh."
)


def test_the_same_house_in_another_language_is_a_translation() -> None:
    first = part(article("Quake", QUAKE), 1)
    assert describe(part(article("Terremoto", TERREMOTO, language="es"), 2), [first]).relation == "translation"


def test_another_house_in_another_language_is_a_translation_if_both_credit_one_agency() -> None:
    first = part(article("Quake", QUAKE), 1).model_copy(update={"agencies": ("afp",)})
    second = part(article("Terremoto", TERREMOTO, language="es", house="Coastline Daily"), 2)
    assert describe(second, [first]).relation == "original"
    credited = describe(second.model_copy(update={"agencies": ("afp", "efe")}), [first])
    assert (credited.relation, credited.copy_of) == ("translation", 1)


def test_what_a_source_adds_is_one_of_its_sentences_that_the_others_lack() -> None:
    parts = parts_of([(ADVANCE[0], ADVANCE[1]), (EVENT[0], EVENT[1])])
    assert parts[1].adds in {sentence.text for sentence in parts[1].sentences}
    assert parts[1].adds not in {sentence.text for sentence in parts[0].sentences}


def test_without_a_usable_sentence_it_adds_its_headline() -> None:
    assert (
        part(article("Storm closes pier in Port Solmar | Meridian", ""), 1).adds == "Storm closes pier in Port Solmar"
    )


def test_a_text_that_has_no_word_of_its_headline_isnt_what_it_adds() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    other = (
        "Voters in the valley are to choose a new assembly in May, and the whole province will be looking on.\n\n"
        "Five parties have put up candidates, among them one that was founded only last winter."
    )
    title = "Avalanche kills skier near Tansy Vale"
    assert part(article(title, other, house="Coastline Daily"), 2, [first]).adds == title


def test_headlines_alone_are_copies_only_if_they_are_equal() -> None:
    first = part(article("Storm closes pier in Port Solmar", ""), 1)
    assert (
        describe(part(article("Storm closes pier in Port Solmar", "", house="Coastline Daily"), 2), [first]).relation
        == "copy"
    )
    assert (
        describe(part(article("Storm closes airport in Kell", "", house="Coastline Daily"), 2), [first]).relation
        == "original"
    )


def test_what_happened_before_something_to_come_is_no_advance_notice() -> None:
    source = article(
        "Pier of Port Solmar killed two days ahead of festival",
        "The pier of Port Solmar, where a festival will open in two days, fell and killed two people.",
    )
    assert describe(part(source, 1), []).relation == "original"


PIER = (
    "Holm Marine closed the northern pier of Port Solmar after a crane fell, the mayor said.\n\n"
    "Two workers were treated for cuts at the hospital in Port Solmar and went home before noon."
)


def _added(*sentences: str, title: str = "Pier of Port Solmar stays closed after crane falls") -> str:
    first = part(article("Crane falls on pier in Port Solmar", PIER), 1)
    return part(article(title, "\n\n".join(sentences), hours=3, house="Coastline Daily"), 2, [first]).adds


OPENING = "Holm Marine closed the northern pier of Port Solmar after a crane fell, officials said."
NEWS = "The council of Port Solmar voted to keep the northern pier closed until engineers have tested each crane."


@pytest.mark.parametrize(
    "aside",
    [
        "Seagulls circled over the empty square as children bought lemon ice from a van.",
        "Medics spent an hour trying to free his leg from the northern pier.",
        "Mr. Brandt had bought the crane for the northern pier with money from a fund.",
        "Despite that, the council of Port Solmar wants to keep the northern pier open for boats.",
        "Keira Holm of Holm Marine did not respond to questions about the northern pier.",
        "The northern pier is one of the oldest in the whole of the province and has a fine view.",
        "Holm Marine will surely find money for ropes and boats in accounts of Velmara after what fell on a pier.",
    ],
    ids=["off the topic", "whose leg", "who is that", "despite what", "no answer", "no event", "only a judgement"],
)  # fmt: skip
def test_what_it_adds_is_news_that_is_understood_alone(aside: str) -> None:
    assert _added(OPENING, aside, NEWS) == NEWS


def test_a_sentence_that_names_nobody_is_colour() -> None:
    colour = "Ropes creaked all night and an old bell rang over empty streets as children went home."
    leaning = "Despite that, the council of Port Solmar wants to keep the northern pier open for boats."
    named = (
        "Ida Brandt from Tansy Vale lost 40 baskets of herring by the crane, and a cart with two horses was drowned."
    )
    assert _added(OPENING, colour, leaning, named) == named


def test_the_first_source_adds_its_opening_though_that_is_long() -> None:
    opening = (
        "Holm Marine closed the northern pier of Port Solmar and sent 300 workers home after a crane fell on two of "
        "its boats in the harbour, the mayor said at a meeting of the council in the town hall."
    )
    text = f"{opening}\n\nWorkers were treated at the hospital of the town and went home."
    assert part(article("Crane falls on pier in Port Solmar", text), 1).adds == opening


HELD = (
    "Port Solmar will get a new northern pier for 4 million marks, the council decided.\n\n"
    "Keira Holm of the harbour board told schools in Port Solmar that digging begins in May.\n\n"
    "Fishermen from Tansy Vale collected 900 names last winter against any longer pier."
)


def _shows(*sentences: str) -> list[Section]:
    """A page that shows these of the first article."""
    return [
        Section(
            id="s1",
            heading="Port Solmar gets new pier",
            sentences=tuple(Sentence(text=text, citations=(1,)) for text in sentences),
            hash="0" * 64,
        )
    ]


def test_it_adds_what_the_page_doesnt_show() -> None:
    only = part(article("Port Solmar gets new pier", HELD), 1)
    first, second, third = (kept.text for kept in only.sentences)
    assert added(only, []) == first
    assert added(only, [], _shows(first)) == second
    assert added(only, [], _shows(first, second)) == third


def test_of_an_article_that_the_page_tells_whole_the_headline_says_enough() -> None:
    only = part(article("Port Solmar gets new pier", HELD), 1)
    adds = added(only, [], _shows(*(kept.text for kept in only.sentences)))
    assert adds == "Port Solmar gets new pier"
    assert source_of(only.model_copy(update={"adds": adds})).adds == ""


def test_what_the_page_tells_in_other_words_is_no_more_news_than_an_aside() -> None:
    told = "The council of Port Solmar agreed to pay 4 million marks for a pier in the north of the town."
    only = part(article("Work on pier of Port Solmar to begin", HELD), 1)
    assert added(only, [], _shows(told)) == only.sentences[1].text


def test_an_opening_tells_the_news_of_others_in_words_of_its_own() -> None:
    opening = "Holm Marine has shut its wharf in Port Solmar, where a crane collapsed, for the rest of the summer."
    aside = "Despite that, the council of Port Solmar wants to keep the northern pier open for boats."
    more = "Tomas Ardel of the council told fishermen that Port Solmar will pay for a berth at Tansy Vale."
    assert _added(opening, aside, more) == more


def test_what_the_page_comes_to_show_makes_room_for_what_else_a_source_adds() -> None:
    only = part(article("Port Solmar gets new pier", HELD), 1)
    first, second, third = (kept.text for kept in only.sentences)
    (told,) = tell([only], _shows(first), {only.article_uri})
    assert told.adds == second
    assert tell([told], _shows(first), ()) == [told]
    (anew,) = tell([told], _shows(first, second), ())
    assert anew.adds == third
    in_other_words = "Digging begins in May, Keira Holm of the board of the harbour told two schools."
    (anew,) = tell([told], _shows(first, in_other_words), ())
    assert anew.adds == third


def test_the_noun_of_its_headline_needs_no_sentence_before_it() -> None:
    crane = "The crane was tested in May and had no permit, Tomas Ardel of the harbour board said."
    assert _added(OPENING, crane, title="Fallen crane in Port Solmar had no permit") == crane
    assert _added(OPENING, crane, title="Harbour board speaks of permit in Port Solmar") != crane


def test_an_opening_has_nothing_before_it_to_lean_on() -> None:
    opening = "The decision by the council of Port Solmar to shut the northern pier enraged 40 owners of boats."
    title = "Owners of boats rage at decision in Port Solmar"
    assert _added(opening, OPENING, title=title) == opening
    assert _added(opening.replace("The", "This"), NEWS, title=title) == NEWS
    assert _added(NEWS, OPENING, opening.replace("40", "90"), title=title) == NEWS


def test_who_answers_says_more_than_what_else_is_so() -> None:
    more = "The council of Port Solmar will meet on the northern pier again before the summer comes."
    answer = "Owners of the boats in Port Solmar criticised the council for the northern pier without a crane."
    assert _added(OPENING, more, answer) == answer


def test_whom_the_page_names_needs_no_other_name() -> None:
    aside = "Despite that, the council of Port Solmar wants to keep the northern pier open for boats."
    news = "Brandt said the northern pier of Port Solmar needs a new crane before boats can land."
    page = _shows("Ida Brandt, the mayor, has seen what is left of the harbour.")
    first = part(article("Crane falls on pier in Port Solmar", PIER), 1)
    second = part(article("Pier of Port Solmar stays closed", f"{OPENING}\n\n{aside}\n\n{NEWS}\n\n{news}"), 2, [first])
    assert added(second, [first]) == NEWS
    assert added(second, [first], [*page, *_shows(NEWS)]) == news


FINE = (
    "The harbour board of Port Solmar fined Holm Marine 3 million marks for the crane that fell on the northern pier, "
    "Keira Holm said."
)


def test_it_adds_its_beginning_rather_than_a_voice_from_the_street() -> None:
    voice = (
        "“I will never walk below that rusty thing again in my whole life, and neither will our three children,” "
        "said Ida Brandt, 34, a baker from Tansy Vale."
    )
    plain = "Boats landed at Tansy Vale in the meantime."
    title = "Harbour board of Port Solmar fines Holm Marine 3 million marks for crane"
    assert _added(FINE, plain, plain, voice, title=title) == FINE


def test_an_opening_that_retells_is_worth_less_than_what_is_new() -> None:
    retold = (
        "A crane came down on the northern pier of Port Solmar, which Holm Marine has closed to workers and mayors."
    )
    new = "Divers of the harbour board found 12 rusty bolts below the crane in Port Solmar, Tomas Ardel told reporters."
    assert _added(retold, new, title="Crane falls on northern pier in Port Solmar") == new


def test_nobody_is_called_by_a_surname_that_the_reader_never_saw() -> None:
    introduced = "Ida Brandt, a diver of the harbour board, was on the northern pier when the crane fell on two boats."
    bare = "The northern pier of Port Solmar has 40 rusty pillars, of which Brandt saw 12 crack below the crane in May."
    assert _added(OPENING, bare, introduced) == introduced
    assert _added(OPENING, bare, introduced, title="Brandt warns of pillars below crane in Port Solmar") == bare


def test_of_a_column_only_what_it_cites_is_said() -> None:
    claim = "The harbour board of Port Solmar threw away 3 million marks on a rusty crane for the northern pier."
    cited = (
        "Officials from Velmara said that engineers had warned of rust on the northern pier and its crane 12 times "
        "since May."
    )
    column = article(
        "Opinion: A crane too many in Port Solmar", f"{claim}\n\n{cited}", hours=3, house="Coastline Daily"
    )
    assert part(column, 2, [part(article("Crane falls on pier in Port Solmar", PIER), 1)]).adds == cited


def test_what_the_page_has_dropped_may_be_said_again() -> None:
    only = part(article("Port Solmar gets new pier", HELD), 1)
    first, second, third = (kept.text for kept in only.sentences)
    (told,) = tell([only], _shows(first), {only.article_uri})
    assert told.adds == second
    (anew,) = tell([told], _shows(third), (), _shows(first))
    assert anew.adds == first
    assert tell([told], _shows(first), (), _shows(first)) == [told]


def test_a_summary_says_what_came_to_the_page() -> None:
    only = part(article("Storm closes pier", STORM), 1).model_copy(update={"adds": "Something else."})
    page = evolve(None, [only], {1}, 1, "en")
    assert change_summary(None, page, [only], []) == f"Opened by Meridian: {page.sections[0].sentences[0].text}"


def test_of_what_came_below_the_beginning_a_summary_says_what_the_report_told_first() -> None:
    first = part(article("Storm closes pier", STORM), 1)
    text = "Two ferries sank.\n\nThe harbour of Kell was shut at noon.\n\nNobody was hurt in Kell, its mayor said."
    second = part(article("Ferries sink in Kell", text, house="Coastline Daily"), 2, [first])
    page = evolve(None, [first], {1}, 1, "en")
    closed, nobody = (Sentence(text=kept.text, citations=(2,)) for kept in second.sentences[-2:])
    more = page.sections[0].model_copy(update={"sentences": (*page.sections[0].sentences, nobody, closed)})
    after = replace(page, sections=(more, *page.sections[1:]))
    assert change_summary(page, after, [second], []) == f"Coastline Daily adds: {closed.text}"

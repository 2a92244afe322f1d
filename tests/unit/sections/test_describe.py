"""How a source is placed among those before it."""

import pytest
from sections_making import ADVANCE, EVENT, WIRE, article, part, parts_of

from storyline.domain.sections import added, change_summary, describe, evolve

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
    ],
    ids=["off the topic", "whose leg", "who is that", "despite what", "no answer", "no event"],
)  # fmt: skip
def test_what_it_adds_is_news_that_is_understood_alone(aside: str) -> None:
    assert _added(OPENING, aside, NEWS) == NEWS


def test_the_first_source_adds_its_opening_though_that_is_long() -> None:
    opening = (
        "Holm Marine closed the northern pier of Port Solmar and sent 300 workers home after a crane fell on two of "
        "its boats in the harbour, the mayor said at a meeting of the council in the town hall."
    )
    text = f"{opening}\n\nWorkers were treated at the hospital of the town and went home."
    assert part(article("Crane falls on pier in Port Solmar", text), 1).adds == opening


def test_it_adds_what_the_page_doesnt_show_if_that_is_news_too() -> None:
    held = (
        "Port Solmar will get a new northern pier for 4 million marks, the council decided.\n\n"
        "Keira Holm of the harbour board said work on the pier in Port Solmar is to begin in May."
    )
    only = part(article("Port Solmar gets new pier", held), 1)
    shown = evolve(None, [only], {1}, 1, "en").sections[:1]
    first = shown[0].model_copy(update={"sentences": shown[0].sentences[:1]})
    assert added(only, []) == only.sentences[0].text == first.sentences[0].text
    assert added(only, [], [first]) == only.sentences[1].text
    assert added(only.model_copy(update={"sentences": only.sentences[:1]}), [], [first]) == only.sentences[0].text


def test_a_summary_says_what_came_to_the_page() -> None:
    only = part(article("Storm closes pier", STORM), 1).model_copy(update={"adds": "Something else."})
    page = evolve(None, [only], {1}, 1, "en")
    assert change_summary(None, page, [only], []) == f"Opened by Meridian: {page.sections[0].sentences[0].text}"

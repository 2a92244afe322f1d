"""Pages of stories in other languages than English; all of their news is invented."""

from collections.abc import Sequence

import pytest
from sections_making import article, pages_of, part, texts_of

from storyline.domain.sections import Page
from storyline_schemas import Part


def page_of(texts: Sequence[tuple[str, str]], language: str, hours: int = 5) -> Page:
    """The page of articles (headline, body) that come so many hours apart, each from a house of its own."""
    parts: list[Part] = []
    for i, (headline, body) in enumerate(texts, 1):
        uri, house = f"urn:test:{i}", f"Blatt {i}"
        source = article(headline, body, uri=uri, language=language, hours=hours * i, house=house)
        parts.append(part(source, i, parts))
    return pages_of(parts, language)[-1]


FIRE = (
    "Brand in der Werft von Solmar",
    "In der Werft von Solmar ist am Montag ein Feuer ausgebrochen. Zwei Arbeiter wurden verletzt, teilte die Feuerwehr "
    "von Solmar mit. Die Ursache ist noch unklar. Der Betrieb der Fähren nach Karsund ruht seit dem Mittag.",
)
CAUSE = (
    "Gutachter: Schweißgerät setzte Halle in Brand",
    "Ein defektes Schweißgerät hat nach Angaben der Gutachter das Feuer in der Werft von Solmar ausgelöst. Die Halle "
    "muss abgerissen werden. Den Schaden schätzt die Versicherung auf vier Millionen Kronen.",
)


def test_no_section_is_headed_by_one_of_its_sentences() -> None:
    page = page_of([FIRE, CAUSE], "de")
    for section in page.sections:
        assert all(section.heading != sentence.text.rstrip(".") for sentence in section.sentences)


def test_a_short_sentence_stands_right_behind_the_one_that_it_goes_on_from() -> None:
    told = texts_of(page_of([FIRE], "de"))
    assert told[1:3] == [
        "Zwei Arbeiter wurden verletzt, teilte die Feuerwehr von Solmar mit.",
        "Die Ursache ist noch unklar.",
    ]


@pytest.mark.parametrize(
    ("language", "headline", "opening"),
    [
        ("de", "Werft von Solmar muss schließen", "Das Hafenamt hat den Betrieb der Werft von Solmar untersagt."),
        (
            "es",
            "Cierra el astillero de Solmar",
            "Solo dos barcos quedan en el astillero de Solmar, que cierra el lunes.",
        ),
        ("fr", "Le chantier de Solmar ferme", "« Le chantier de Solmar ferme », a annoncé lundi la maire Ida Brandt."),
        ("ru", "Верфь Солмара закрывается", "Лишь два судна остались на верфи Солмара, которая закроется в среду."),
    ],
)
def test_what_opens_an_article_needs_nothing_before_it(language: str, headline: str, opening: str) -> None:
    assert texts_of(page_of([(headline, opening)], language)) == [opening]


@pytest.mark.parametrize(
    ("language", "headline", "opening"),
    [
        ("de", "Werft von Solmar muss schließen", "Sie wird nach dem Feuer vom Montag nicht wieder geöffnet."),
        ("ru", "Верфь Солмара закрывается", "Её не откроют после пожара, который случился в понедельник."),
    ],
)
def test_but_a_pronoun_does(language: str, headline: str, opening: str) -> None:
    assert texts_of(page_of([(headline, opening)], language)) == []


def test_articles_that_share_parts_of_words_alone_are_of_one_story() -> None:
    owner = (
        "Eigentümer will neu bauen",
        "Die Eigentümerfamilie Holm will die abgebrannte Werfthalle in Solmar wieder aufbauen. Sie rechnet mit zwei "
        "Jahren Bauzeit.",
    )
    page = page_of([FIRE, CAUSE, owner], "de")
    assert {n for section in page.sections for sentence in section.sentences for n in sentence.citations} == {1, 2, 3}


def test_a_later_article_without_a_heading_of_its_own_goes_on_under_the_lead() -> None:
    first = (
        "Tres heridos por un incendio en Solmar",
        "Un incendio en el astillero de Solmar dejó el lunes tres heridos, según la alcaldía. El fuego empezó en el "
        "almacén de pinturas.",
    )
    second = (
        "Tres heridos en Solmar por un incendio",
        "El hospital de Karsund dio de alta a dos de los trabajadores. El astillero calcula las pérdidas en cuatro "
        "millones de coronas.",
    )
    page = page_of([first, second], "es")
    assert len(page.sections) == 1
    assert texts_of(page)[-1] == "El astillero calcula las pérdidas en cuatro millones de coronas."


def test_an_opening_stands_under_the_title_of_its_article_though_that_uses_other_words() -> None:
    march = (
        "Des milliers d'infirmières défilent à Solmar",
        "Des milliers d'infirmières défilent lundi à Solmar contre les gardes de douze heures, selon la police.",
    )
    decree = (
        "Gouvernement : le décret est retiré",
        "Le ministre Hugo Tournel a annoncé la suspension du texte sur les gardes de douze heures, après la marche des "
        "infirmières à Solmar. Des milliers d'entre elles défilent encore à Solmar et à Karsund, selon la police.",
    )
    page = page_of([march, decree], "fr", hours=70)
    assert page.sections[0].sentences[0].citations == (2,)
    assert page.sections[0].heading == decree[0]


def test_a_comment_leads_no_page() -> None:
    comment = ("Kommentar: Die Werft von Solmar gehört geschlossen", FIRE[1].replace("ist am Montag", "ist wieder"))
    page = page_of([FIRE, comment], "de", hours=20)
    assert page.headline == FIRE[0]
    assert not any(2 in sentence.citations for section in page.sections for sentence in section.sentences[:1])


def test_a_number_is_news_beside_an_opening_that_has_none() -> None:
    blast = (
        "Взрыв на рынке Солмара",
        "Взрыв прогремел во вторник утром на Северном рынке в Солмаре. На месте работают спасатели.",
    )
    toll = (
        "На рынке Солмара при взрыве погибли пять человек",
        "Число погибших на Северном рынке в Солмаре выросло до пяти, ранены 27 человек, сообщила мэр Ида Орлина.",
    )
    assert any("27" in text for text in texts_of(page_of([blast, toll], "ru")))

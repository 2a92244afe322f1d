"""Counts of people in other languages than English, and what a later one does. All news is invented."""

import pytest
from sections_making import article, part

from storyline.domain.sections.features import annotate
from storyline.domain.sections.gathering import build
from storyline.domain.sections.states import overtaken
from storyline.domain.sections.tolls import tolls
from storyline_schemas import Part


def counted(text: str, language: str) -> dict[str, int]:
    return dict(tolls(text, annotate(text, language).lower, language))


@pytest.mark.parametrize(
    ("language", "text", "counts"),
    [
        ("ar", "ارتفع عدد القتلى إلى 12 وأصيب 34 بحسب الدفاع المدني في سولمار.", {"dead": 12, "injured": 34}),
        ("ar", "قتل سبعة أشخاص في حريق بمدينة سولمار.", {"dead": 7}),
        ("de", "Drei Menschen sind bei einem Brand in der Werft von Solmar gestorben.", {"dead": 3}),
        ("de", "Die Zahl der Toten nach dem Brand in der Werft von Solmar ist auf fünf gestiegen.", {"dead": 5}),
        ("de", "Bei dem Brand wurden 14 Arbeiter verletzt.", {"injured": 14}),
        ("de", "Bei dem Brand in der Werft von Solmar kamen zwölf Menschen ums Leben.", {"dead": 12}),
        ("es", "El alcalde elevó a siete los fallecidos y a 14.000 los damnificados.", {"dead": 7}),
        ("es", "Los muertos en Solmar son 1.200 y los heridos 3.400.", {"dead": 1200, "injured": 3400}),
        ("fr", "Le bilan est de douze morts et 34 blessés à Solmar.", {"dead": 12, "injured": 34}),
        ("fr", "Trois personnes ont péri lundi dans les crues de Solmar.", {"dead": 3}),
        ("it", "Il bilancio a Solmar è di otto morti e venti dispersi.", {"dead": 8}),
        ("nl", "Bij de brand in Solmar vielen vijf doden en raakten 20 mensen gewond.", {"dead": 5, "injured": 20}),
        ("pl", "W pożarze w Solmarze zginęło pięć osób.", {"dead": 5}),
        ("pl", "Nie żyje pięć osób, które były w Solmarze.", {"dead": 5}),
        ("pt", "O incêndio em Solmar deixou três mortos e 12 feridos.", {"dead": 3, "injured": 12}),
        ("ru", "Число погибших в Солмаре выросло до пяти, ранены 27 человек.", {"dead": 5, "injured": 27}),
        ("sv", "Fem personer har omkommit i branden i Solmar.", {"dead": 5}),
        ("uk", "Унаслідок пожежі в Солмарі загинули четверо людей.", {"dead": 4}),
        ("zh", "索尔马火灾死亡人数升至12人，34人受伤。", {"dead": 12, "injured": 34}),
        ("zh", "索尔马地震已致1,234人死亡。", {"dead": 1234}),
    ],
)
def test_a_number_counts_what_the_word_beside_it_says(language: str, text: str, counts: dict[str, int]) -> None:
    assert counted(text, language) == counts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Drei weitere Menschen wurden verletzt, teilte die Feuerwehr mit."),
        ("de", "Im Jahr 2031 gab es in Solmar viele Verletzte."),
        ("es", "Los heridos fueron trasladados a dos hospitales de Solmar."),
        ("de", "Die Verletzten wurden in drei Kliniken gebracht."),
        ("fr", "Deux hôpitaux soignent les blessés du chantier de Solmar."),
        ("es", "Otras dos personas murieron en el hospital de Solmar."),
        ("es", "Murieron tres en Solmar y en Karsund murieron cinco."),
        ("fr", "Deux personnes ont passé une période périlleuse à Solmar."),
        ("de", "Zwei Menschen leben wieder in der Werft von Solmar."),
        ("ru", "В Солмаре 12 домов сгорели, есть раненые."),
    ],
)
def test_no_toll(language: str, text: str) -> None:
    assert counted(text, language) == {}


def overtaken_by(later: str, earlier: str, language: str) -> list[tuple[int, int]]:
    """The places of the sentences that go once a later article says something."""
    parts: list[Part] = []
    for n, body in enumerate((earlier, later), 1):
        source = article("Solmar", body, uri=f"urn:test:{n}", language=language, hours=9 * n)
        parts.append(part(source, n, parts))
    pool = build(parts, language)
    return [each.old for each in overtaken(pool, pool.by_part[2], pool.by_part[1])]


def test_a_later_higher_count_takes_the_place_of_the_earlier_one() -> None:
    first = "Tres personas murieron en el incendio del astillero de Solmar, dijo la alcaldía."
    later = "Siete personas murieron en el incendio del astillero de Solmar, según la alcaldía."
    assert overtaken_by(later, first, "es") == [(1, 0)]
    assert overtaken_by(first, later, "es") == []


def test_but_a_sentence_that_counts_what_the_later_one_does_not_stays() -> None:
    first = "Три человека погибли и 20 ранены при пожаре на верфи в Солмаре, сообщила мэр Ида Орлина."
    later = "Число погибших при пожаре на верфи в Солмаре выросло до пяти, сообщила мэр Ида Орлина."
    assert overtaken_by(later, first, "ru") == []


def test_a_count_elsewhere_is_another_one() -> None:
    first = "Tres personas murieron en el incendio del astillero de Solmar, dijo la alcaldía."
    later = "Siete personas murieron en el incendio del astillero de Puerto Karsund, dijo la alcaldía."
    assert overtaken_by(later, first, "es") == []


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        (
            "de",
            "Bei dem Busunglück in Solmar sind sieben Menschen ums Leben gekommen.",
            "Bei dem Busunglück in Solmar sind sechs Menschen ums Leben gekommen und nicht sieben.",
        ),
        (
            "de",
            "Bei dem Busunglück in Solmar sind sieben Menschen ums Leben gekommen.",
            "Die Polizei korrigierte die Zahl der Toten bei dem Busunglück in Solmar auf sechs.",
        ),
        (
            "es",
            "Nueve personas murieron en el derrumbe de Solmar.",
            "La alcaldía rectificó el balance del derrumbe de Solmar: los muertos son ocho.",
        ),
        (
            "pt",
            "Doze pessoas morreram em um deslizamento em Solmar.",
            "A prefeitura corrigiu para dez o número de mortos no deslizamento em Solmar.",
        ),
        (
            "ru",
            "Семь человек погибли при взрыве на заводе в Солмаре.",
            "При взрыве на заводе в Солмаре погибли шесть человек, а не семь.",
        ),
    ],
)
def test_a_count_that_is_taken_back_goes(language: str, first: str, later: str) -> None:
    assert overtaken_by(later, first, language) == [(1, 0)]


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        (
            "es",
            "Nueve personas murieron en el derrumbe de Solmar, según la alcaldía.",
            "Ocho personas murieron en el derrumbe de Solmar, según los bomberos.",
        ),
        # "Specified", as any speaker does.
        ("ru", "Семь человек погибли при взрыве в Солмаре.", "Пять человек погибли при взрыве в Солмаре, уточнил мэр."),
    ],
)
def test_but_a_lower_one_that_takes_nothing_back_is_somebody_elses(language: str, first: str, later: str) -> None:
    assert overtaken_by(later, first, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Mateo Larra, el niño de ocho años desaparecido en Solmar, vestía una camiseta roja."),
        ("pt", "A menina de dez anos desaparecida em Solmar tem cabelo preto."),
    ],
)
def test_an_age_is_no_toll(language: str, text: str) -> None:
    assert counted(text, language) == {}

"""Columns say who says so, or nothing. All news is invented."""

import pytest
from sections_making import article, part

from storyline.domain.sections import evolve
from storyline.domain.sections.features import annotate
from storyline.domain.sections.opinion import is_attributed, is_opinion, judging
from storyline.domain.sections.reading import read
from storyline.domain.sections.telling import only_talks
from storyline_schemas import Part

BODY = (
    "The ferry company of Solmar is a circus whose clowns have left the tent.\n\n"
    "Governor Keira Holm said the ferries of Solmar would sail again within a month.\n\n"
    "Nothing the ferry company of Solmar does will bring the trust of its passengers back."
)
NEWS = (
    "Ferries of Solmar stay in port after fire",
    "The ferry company of Solmar kept its nine ferries in port after a fire in an engine room.\n\n"
    "Two sailors were hurt in the fire on the ferry of Solmar, the coast guard said.",
)


def written(headline: str, url: str | None = None, body: str = BODY, **more: object) -> Part:
    return part(article(headline, body, uri="urn:test:9", house="Gazette"), 9).model_copy(update={"url": url, **more})


def known(made: Part) -> bool:
    return is_opinion(made, read(made, "en"))


@pytest.mark.parametrize(
    ("headline", "url"),
    [
        ("Solmar has lost its ferries", "https://gazette.test/opinion/2031/solmar-ferries"),
        ("Solmar has lost its ferries", "https://gazette.test/news/columnists/orsa/solmar-ferries"),
        ("Opinion: Solmar has lost its ferries", None),
        ("Solmar has lost its ferries | Editorial", None),
        ("News analysis: Solmar has lost its ferries", None),
        # Who says so is nobody whom the text knows.
        ("Solmar needs to do the right thing and sell its ferries: Brandt", None),
    ],
)
def test_a_column_is_known_by_its_address_its_label_or_its_author_behind_a_colon(
    headline: str, url: str | None
) -> None:
    assert known(written(headline, url))


@pytest.mark.parametrize(
    ("headline", "url"),
    [
        ("Solmar has lost its ferries", "https://gazette.test/news/2031/solmar-ferries"),
        ("Public opinion turns on ferries", "https://gazette.test/news/public-opinion-turns"),
        ("Ferry company v. Harbour of Solmar", "https://courts.gov.test/opinions/2031-5.html"),
        ("Ferries must sail within a month: Holm", None),
        ("Ferries must sail within a month: Police", None),
        ("Spinal column: a ferry's secret", None),
    ],
)
def test_a_report_is_none(headline: str, url: str | None) -> None:
    assert not known(written(headline, url))


def test_a_slug_or_a_subject_tells_a_column() -> None:
    assert known(written("Solmar has lost its ferries", slugline="COLUMN-SOLMAR/FERRIES"))
    assert not known(written("Solmar has lost its ferries", slugline="SOLMAR-FERRIES"))


@pytest.mark.parametrize(
    ("sentence", "attributed"),
    [
        ("Holm said the ferries of Solmar would sail again within a month.", True),
        ("The fire spread to nine ferries, according to the police.", True),
        ("The ferry company is trying to figure out how much its passengers will bear.", False),
    ],
)
def test_who_says_so(sentence: str, attributed: bool) -> None:
    assert is_attributed(annotate(sentence, "en"), "en") is attributed


@pytest.mark.parametrize(
    ("language", "headline", "url"),
    [
        ("de", "Kommentar: Die Fähren von Solmar", None),
        ("es", "Opinión | Los barcos de Solmar", None),
        ("fr", "Éditorial : les ferries de Solmar", None),
        ("zh", "社论：索尔马的渡轮", None),
        ("ru", "Паромы Солмара", "https://gazeta.test/mneniya/2031/paromy"),
    ],
)
def test_a_column_in_another_language(language: str, headline: str, url: str | None) -> None:
    column = written(headline, url).model_copy(update={"language": language})
    assert is_opinion(column, read(column, language))
    report = written(headline.replace(":", " ").replace("：", "").replace("|", "")).model_copy(
        update={"language": language}
    )
    assert not is_opinion(report, read(report, language))


def test_who_says_so_in_another_language() -> None:
    assert is_attributed(annotate("Мэр Ида Орлина сказала, что паромы выйдут в море через месяц.", "ru"), "ru")
    assert not is_attributed(annotate("Паромы Солмара никогда не вернут доверия пассажиров.", "ru"), "ru")


def test_what_a_column_says_itself_stands_on_no_page_that_has_news() -> None:
    news = part(article(*NEWS, uri="urn:test:1", house="Herald"), 1)
    column = written("Opinion: Solmar has lost its ferries for good")
    alone = evolve(None, [column], {9}, 1, "en")
    assert "circus" in alone.sections[0].sentences[0].text
    page = evolve(alone, [news, column], {1}, 2, "en")
    assert page.headline == NEWS[0]
    said = [sentence.text for section in page.sections for sentence in section.sentences]
    assert said[0].startswith("The ferry company of Solmar kept its nine ferries")
    assert not [text for text in said if "circus" in text or "trust" in text]
    assert not [section for section in page.sections if "Lost" in section.heading]


@pytest.mark.parametrize(
    ("sentence", "empty"),
    [
        ("The harbour office of Solmar answered some of those questions.", True),
        ("The harbour office relayed the response of Governor Keira Holm to the claims of the sailors.", True),
        ("Governor Keira Holm and the harbour master have discussed her future.", True),
        ("Governor Keira Holm responded to criticism of the ferry company by closing the harbour.", False),
        (
            "Governor Keira Holm discussed a bridge to the islands with the harbour master, saying it would be free.",
            False,
        ),
        ("Nine fire engines responded to a call from the ferry company.", False),
        ("The plan, discussed for nine years, was dropped by the ferry company of Solmar.", False),
    ],
)
def test_what_only_says_that_something_was_answered(sentence: str, empty: bool) -> None:
    assert only_talks(annotate(sentence, "en")) is empty


JUDGED = [
    "In a bit of irony, the ferries were sold to the town of Norrin.",
    "It looks like the old pier of Port Solmar posed little danger to the ferries.",
    "To the dockers of Port Solmar the sale was hardly a surprise.",
    "The closed pier serves as a reminder of the chaotic years of the old council.",
    "A second ferry would be a major boost for the fish market of Norrin.",
    "The board was clearly meant as the loser of the sale.",
]
TOLD = [
    "Keira Holm, the mayor, said that the pier would certainly be closed by May.",
    'The plan called the pier "certainly unsafe" and asked for nine pillars.',
    "The pier of Port Solmar was closed to ferries by the council in spring.",
    "A second ferry could be built in Norrin by May for nine million crowns.",
    "The smoke over the pier was clearly seen from the fish market of Norrin.",
]


def test_below_its_opening_a_report_judges_in_its_authors_name() -> None:
    opening = "The pier of Port Solmar certainly lost its last ferry to the storm in the night."
    made = part(article("Pier of Port Solmar closed", "\n\n".join([opening, *JUDGED, *TOLD])), 1)
    reading = read(made, "en")
    assert [reading.sentences[rank].text for rank in sorted(judging(reading))] == JUDGED

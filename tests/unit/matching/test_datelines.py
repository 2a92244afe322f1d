"""An article that nothing else dates is dated by the day that its text begins with, else by the one of its address."""

from datetime import UTC, datetime

import pytest

from storyline.domain.matching import Index, profile_of
from storyline.domain.matching.datelines import begun_ms, named_ms
from storyline.domain.placing.arrival import Arrival
from storyline_schemas.base import to_ms

from .wire import NOON, article, profile


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("March 5, 2026 The port of Karsund is closed.", "en"),
        ("KARSUND, Velmara, Mar. 5, 2026 (Example Wire) - The port is closed.", "en"),
        ("KARSUND (5 March 2026) – The port is closed.", "en"),
        ("By Ines Tarn\nThursday, March 5th, 2026 10:40\nThe port is closed.", "en"),
        ("By Ines Tarn March 5, 2026 The port of Karsund is closed.", "en"),
        ("By Ines Tarn on March 5, 2026 at 10:40", "en"),
        ("Ines Tarn | March 5 , 2026 | The port of Karsund is closed.", "en"),
        ("Published: March 5, 2026 10:40 The port of Karsund is closed.", "en"),
        ("Port of Karsund closed. First posted: 5 Mar 2026", "en"),
        ("Updated 10:40 a.m., Thu March 5, 2026", "en"),
        ("Publicado: 5 de marzo de 2026 El puerto de Karsund está cerrado.", "es"),
        ("Stand: 5. März 2026 Der Hafen von Karsund ist geschlossen.", "de"),
        ("https://courier.invalid/2026/03/05/port-closed Port of Karsund closed", "en"),
        ("http : / / courier . invalid / 2026 / 03 / 05 / port - closed Port of Karsund closed .", "en"),
        ("2026-03-05 The port of Karsund is closed.", "en"),
        ("Karsund, 5. März 2026 - Der Hafen ist geschlossen.", "de"),
        ("5 de marzo del 2026 El puerto de Karsund está cerrado.", "es"),
        ("5 mars 2026 - Le port de Karsund est fermé.", "fr"),
        ("5 марта 2026 Порт Карсунда закрыт.", "ru"),
    ],
)
def test_a_text_that_begins_with_its_day_is_of_that_day(text: str, language: str) -> None:
    assert begun_ms(text, language) == to_ms(datetime(2026, 3, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "On March 5, 1989 the port of Karsund was closed.",
        "The port of Karsund has been closed since March 5, 2026.",
        "The March 5, 2026 fire closed the port.",
        "By Ines Tarn\nMarch 5, 1989 was the day on which the port closed.",
        "https://courier.invalid/port-closed March 5, 1989 is the day on which the port was closed.",
        "https://[courier The port is closed.",
        "http",
        "By the end of March 5, 1989 the port was closed.",
        "The list that was published on March 5, 1989 names the port.",
        "February 31, 2026 The port is closed.",
        "March 5 The port is closed.",
        "",
    ],
)
def test_a_day_of_which_a_text_tells_or_that_is_none_dates_nothing(text: str) -> None:
    assert begun_ms(text, "en") is None


@pytest.mark.parametrize(
    "path", ["2026/03/05/port-closed", "news/2026/3/5/", "world/2026/mar/05/port", "a/20260305-port", "2026-03-05/port"]
)
def test_an_address_names_the_day_under_which_its_site_keeps_it(path: str) -> None:
    assert named_ms(f"https://courier.invalid/{path}") == to_ms(datetime(2026, 3, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "path", ["", "2026/13/05/", "2026/03/", "19040101_port", "id/202603051", "port?day=/2026/03/05/", "2026/02/31/"]
)
def test_an_address_without_a_day_names_none(path: str) -> None:
    assert named_ms(f"https://courier.invalid/{path}") is None


@pytest.mark.parametrize(("text", "month"), [("The port is closed.", 3), ("January 5, 2026 The port is closed.", 1)])
def test_an_article_without_a_time_is_of_the_day_of_its_text_or_else_of_its_address(text: str, month: int) -> None:
    one = article("Port closed", text, hours=None).model_copy(update={"url": "https://courier.invalid/2026/03/05/port"})
    assert profile_of(one).time_ms == to_ms(datetime(2026, month, 5, 12, tzinfo=UTC))


def test_a_report_without_a_date_stays_apart_from_a_story_of_another_year() -> None:
    body = "Fire destroyed the Velmar warehouse in Tarnova and killed three textile workers, the fire brigade said."
    index = Index()
    index.join("s", "urn:test:1", profile("Warehouse fire in Tarnova kills three", body), 1)
    again = [
        profile("Fire in Tarnova warehouse", f"{day}{body}", n=2, hours=None)
        for day in ("", "March 2, 2026 ", "March 2, 2019 ")
    ]
    assert [index.decide(one).story_id for one in again] == ["s", "s", None]


def test_what_an_article_says_of_its_time_goes_before_what_its_text_begins_with() -> None:
    assert profile("Port closed", "March 5, 2019 The port is closed.").time_ms == to_ms(NOON)


def test_a_text_is_never_of_a_day_after_its_arrival() -> None:
    one = article("Port closed", "March 5, 2031 The port is closed.", hours=None)
    assert Arrival(one, "world", "c", to_ms(NOON), to_ms(NOON)).profile().time_ms == to_ms(NOON)
    old = article("Port closed", "January 5, 2026 The port is closed.", hours=None)
    assert Arrival(old, "world", "c", to_ms(NOON), to_ms(NOON)).profile().time_ms == to_ms(
        datetime(2026, 1, 5, 12, tzinfo=UTC)
    )

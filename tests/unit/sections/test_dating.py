"""The day that a lead tells of. All sentences are invented."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sections_making import article, part

from storyline.domain.sections import evolve
from storyline.domain.sections.dating import happened_at
from storyline.domain.sections.features import annotate

THURSDAY = datetime(2031, 3, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "days_before"),
    [
        ("A storm closed the pier of Solmar on Tuesday night.", 2),
        ("A storm closed the pier of Solmar on Thursday.", 0),
        ("A storm closed the pier of Solmar on Friday.", 0),  # it is Friday in the east
        ("A storm closed the pier of Solmar on Monday.", None),
        ("The harbour board of Solmar votes on Wednesday.", 0),
        ("The board of Solmar put the vote off to Tuesday.", 0),
        ("The pier of Solmar was repaired ahead of a Wednesday deadline.", 0),
        ("The board of Solmar let the pier to a fair that opens on Tuesday.", 0),
        ("A storm closed the pier of Solmar yesterday.", 1),
        ("A storm closed the pier of Solmar.", 0),
        ("The pier of Solmar stays shut until Sunday.", 0),
        ("The pier of Solmar will be opened on Sunday.", 0),
        ("A storm closed the pier of Solmar last Friday.", None),
        ("The pier was closed on Monday and opened on Wednesday.", None),
    ],
)
def test_a_weekday_is_that_of_publication_or_just_before(sentence: str, days_before: int | None) -> None:
    expected = None if days_before is None else THURSDAY - timedelta(days=days_before)
    assert happened_at(annotate(sentence, "en"), THURSDAY) == expected


def test_what_is_tomorrow_in_utc_is_today_where_the_article_was_written() -> None:
    at = datetime(2031, 3, 6, 7, tzinfo=timezone(timedelta(hours=11))).astimezone(UTC)
    assert at.strftime("%A") == "Wednesday"
    assert happened_at(annotate("On Thursday, a storm closed the pier of Solmar.", "en"), at) == at


@pytest.mark.parametrize("lead", ["A storm closed the pier of Solmar yesterday.", "A storm closed the pier of Solmar."])
def test_an_article_of_the_calendar_s_first_day_gets_its_page(lead: str) -> None:
    never_set = {"version_created": datetime(1, 1, 1, tzinfo=UTC)}
    source = article("Storm closes pier of Solmar", f"{lead} It tore 12 boats from their moorings.")
    page = evolve(None, [part(source.model_copy(update=never_set), 1)], {1}, 1, "en")
    assert [entry.at for entry in page.timeline] == [datetime(1, 1, 1, tzinfo=UTC)]

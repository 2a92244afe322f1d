"""The day that a lead tells of. All sentences are invented."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storyline.domain.sections.dating import happened_at
from storyline.domain.sections.features import annotate

THURSDAY = datetime(2031, 3, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "days_before"),
    [
        ("A storm closed the pier of Solmar on Tuesday night.", 2),
        ("A storm closed the pier of Solmar on Thursday.", 0),
        ("A storm closed the pier of Solmar on Friday.", 6),
        ("A storm closed the pier of Solmar yesterday.", 1),
        ("A storm closed the pier of Solmar.", 0),
        ("The pier of Solmar stays shut until Sunday.", 0),
        ("The pier of Solmar will be opened on Sunday.", 0),
        ("A storm closed the pier of Solmar last Friday.", None),
        ("The pier was closed on Monday and opened on Wednesday.", None),
    ],
)
def test_a_weekday_is_the_last_one_on_or_before_the_day_of_publication(sentence: str, days_before: int | None) -> None:
    expected = None if days_before is None else THURSDAY - timedelta(days=days_before)
    assert happened_at(annotate(sentence, "en"), THURSDAY) == expected


def test_the_day_is_that_of_the_article_s_own_zone() -> None:
    at = datetime(2031, 3, 6, 1, tzinfo=timezone(timedelta(hours=9)))
    assert happened_at(annotate("A storm closed the pier of Solmar on Thursday.", "en"), at) == at

"""Times as wires write them, and what becomes of those that can't be read."""

import json
from datetime import UTC, datetime

import pytest

from storyline.edges.ingest.readers import Refusal, read
from storyline.edges.ingest.readers.base import Unreadable
from storyline.edges.ingest.readers.times import has_zone, parse_embargo, parse_time

from .test_hostile import G2, NEWSML, NINJS, NITF, PAGE, RSS

RITZAU = b"""<RBNews><NewsID>5</NewsID><headline>Bro lukket</headline>
 <PublishDate>2026-01-02T03:04:05Z</PublishDate></RBNews>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><entry><id>urn:example:5</id>
 <title>Bridge closed</title><updated>2026-01-02T03:04:05Z</updated><published>2026-01-01T00:00:00Z</published>
 </entry></feed>"""
CHANGED_PAGE = PAGE.replace(b'"url"', b'"dateModified": "2026-01-02T03:04:05Z", "url"')
MIDNIGHT = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    (
        "2026-01-05T24:00:00Z", "20260105T240000Z", "2026-01-05T24:00Z", "Mon, 05 Jan 2026 24:00:00 GMT",
        "2026-01-05T23:59:60Z", "20260105T235960Z", "Mon, 05 Jan 2026 23:59:60 GMT",
    ),
)  # fmt: skip
def test_the_end_of_a_day_and_a_leap_second_are_the_next_days_midnight(text: str) -> None:
    assert parse_time(text) == MIDNIGHT == parse_embargo(text)


@pytest.mark.parametrize(
    "text",
    (
        "Tue, 06 Jan 2026 01:00:00 CET", "Mon, 05 Jan 2026 19:00 EST", "2026-01-06 00:00:00 UTC",
        "2026-01-06 02:00 EET",
        "2026-01-06T09:00:00 JST", "2026-01-06t00:00:00z", "2026-01-06T01:00:00 +0100",
        "2026-01-06T01:00:00+01:00[Europe/Oslo]", "6 Jan 26 00:00 GMT", "Tue, 6 Jan 2026 12:00:00 AM GMT",
        "January 5, 2026 7:00 p.m. EST",
    ),
)  # fmt: skip
def test_a_named_zone_and_a_half_day_are_read(text: str) -> None:
    assert parse_time(text) == MIDNIGHT == parse_embargo(text)


def test_september_may_have_four_letters() -> None:
    assert parse_time("Tue, 1 Sept 2026 10:00:00 GMT") == datetime(2026, 9, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ("2026-02-30T10:00:00Z", "2026-01-05T25:00:00Z", "2026-01-05T24:30:00Z", "soon 5"))
def test_what_is_no_time_is_none_and_never_ends_an_embargo(text: str) -> None:
    assert parse_time(text) is None
    with pytest.raises(Unreadable):
        parse_embargo(text)


def test_an_embargo_in_the_evening_is_not_over_in_the_morning() -> None:
    assert parse_embargo("5 January 2026 11:00 PM") == datetime(2026, 1, 6, 11, tzinfo=UTC)  # wherever on Earth


def test_the_day_of_a_date_is_no_zone() -> None:
    assert not has_zone("2026-01-05")
    assert has_zone("2026-01-05T10:00-05") and has_zone("20260105T100000+0100") and has_zone("2026-01-05 10:00 GMT")


def test_a_day_of_release_that_is_the_day_of_issue_holds_nothing_back() -> None:
    (article,) = read(NITF.replace(b"</docdata>", b'<date.release norm="2026-01-02"/></docdata>'))
    assert not isinstance(article, Refusal) and article.embargoed_until is None


@pytest.mark.parametrize(
    ("data", "time", "field"),
    (
        (NINJS, b"2026-01-02T03:04:05Z", "versioncreated"), (G2, b"2026-01-02T03:04:05Z", "versionCreated"),
        (NEWSML, b"20260102T030405Z", "ThisRevisionCreated"), (NITF, b"20260102T030405Z", "date.issue"),
        (RITZAU, b"2026-01-02T03:04:05Z", "PublishDate"), (ATOM, b"2026-01-02T03:04:05Z", "updated"),
        (CHANGED_PAGE, b"2026-01-02T03:04:05Z", "dateModified"),
    ),
)  # fmt: skip
@pytest.mark.parametrize("wrong", (b"soon", b"2026-02-30T10:00:00Z", b"1767323045"))
def test_a_versions_time_that_cannot_be_read_is_refused_by_name(
    data: bytes, time: bytes, field: str, wrong: bytes
) -> None:
    (refused,) = read(data.replace(time, wrong))
    assert isinstance(refused, Refusal) and refused.field == field and "2026-01-02T03:04:05Z" in refused.reason


def test_the_day_of_a_feeds_item_that_cannot_be_read_is_not_known() -> None:
    """All versions of an item have the same day, so that nothing is put back by it."""
    (article,) = read(RSS.replace(b"Fri, 02 Jan 2026 03:04:05 GMT", b"soon"))
    assert not isinstance(article, Refusal) and article.version_created is None


@pytest.mark.parametrize("time", ("", None))
def test_a_versions_time_that_is_not_said_is_when_the_first_was_made(time: str | None) -> None:
    data = NINJS.replace(b'"2026-01-02T03:04:05Z"', b"null" if time is None else b'""')
    (article,) = read(data.replace(b'"type"', b'"firstcreated": "2026-01-01T00:00:00Z", "type"'))
    assert not isinstance(article, Refusal) and article.version_created == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("embargo", ("until further notice", True, {"until": "noon"}, ["2026-01-05"], 1767607200))
def test_an_embargo_that_cannot_be_read_is_not_passed_over(embargo: object) -> None:
    (refused,) = read(json.dumps({**json.loads(NINJS), "embargoed": embargo}).encode())
    assert isinstance(refused, Refusal) and refused.field == "embargoed_until"


@pytest.mark.parametrize("embargo", ("", None, False, "YYYYMMDD000000-HHMM", "0000-00-00T00:00:00", "none"))
def test_an_embargo_that_is_none_holds_nothing_back(embargo: object) -> None:
    (article,) = read(json.dumps({**json.loads(NINJS), "embargoed": embargo}).encode())
    assert not isinstance(article, Refusal) and article.embargoed_until is None

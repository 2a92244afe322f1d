"""Conventions of the trade: markings, notes, datelines and sign-offs. All wires here are invented."""

import json
from datetime import UTC, datetime

import pytest

from storyline.edges.ingest.readers import Refusal, read
from storyline.edges.ingest.readers.base import Unreadable
from storyline.edges.ingest.readers.cleaning import clean, split_dateline
from storyline.edges.ingest.readers.conventions import headline_marks, slug_marks
from storyline.edges.ingest.readers.encoding import repaired
from storyline.edges.ingest.readers.languages import bcp47, guess
from storyline.edges.ingest.readers.times import parse_embargo, parse_time
from storyline_schemas import Article, PubStatus


def one(data: bytes | str, **more: datetime) -> Article:
    (result,) = read(data.encode() if isinstance(data, str) else data, received_at=more.get("received_at"))
    assert isinstance(result, Article), result
    return result


def ninjs(**more: object) -> str:
    return json.dumps(
        {"guid": "urn:example:1", "versioncreated": "2026-01-02T03:04:05Z", "headline": "Bridge closed", **more}
    )


@pytest.mark.parametrize(
    ("written", "headline", "severity"),
    [
        ("UPDATE 2-Bridge closed", "Bridge closed", "update"),
        ("CORRECTED-Bridge closed", "Bridge closed", "correction"),
        ("CORRECTED (OFFICIAL)-Bridge closed", "Bridge closed", "correction"),
        ("REFILE-UPDATE 1-Bridge closed", "Bridge closed", "correction"),
        ("Korrektur: Brücke gesperrt", "Korrektur: Brücke gesperrt", None),
        ("KORREKTUR: Brücke gesperrt", "Brücke gesperrt", "correction"),
        ("Update-to-date bridge", "Update-to-date bridge", None),
        ("Killing of a bridge", "Killing of a bridge", None),
    ],
)
def test_markings_before_a_headline_become_a_correction(written: str, headline: str, severity: str | None) -> None:
    article = one(ninjs(headline=written))
    assert article.headline == headline
    assert (article.correction.severity if article.correction else None) == severity


def test_a_kill_cancels() -> None:
    article = one(ninjs(headline="KILL-Bridge closed"))
    assert article.pub_status is PubStatus.CANCELED and article.correction is not None


def test_update_numbers_count_from_the_original() -> None:
    assert headline_marks("UPDATE 2-X closes")[1][0].rank == 3


def test_a_writethru_is_the_next_version_of_its_slug() -> None:
    slug, marks = slug_marks("BC-US--Bridge Closed, 1st Ld-Writethru,466")
    assert slug == "BC-US--Bridge Closed" and marks[0].rank == 2


@pytest.mark.parametrize(
    ("written", "dateline"),
    [
        ("BERLIN (AP) _ The bridge is closed.", "BERLIN (AP) _"),
        ("Berlin (dpa) - The bridge is closed.", "Berlin (dpa) -"),
        ("MOSCOW, January 21. /TASS/. The bridge is closed.", "MOSCOW, January 21. /TASS/."),
        ("København /ritzau/: The bridge is closed.", "København /ritzau/:"),
        ("Jan 3 (Reuters) - The bridge is closed.", "Jan 3 (Reuters) -"),
        ("Tegucigalpa, Jan 2 (EFE).- The bridge is closed.", "Tegucigalpa, Jan 2 (EFE).-"),
        ("The mayor (Labour) - who was there - left.", ""),
        ("The bridge - closed since May - is old.", ""),
    ],
)
def test_a_dateline_comes_off_only_where_it_is_one(written: str, dateline: str) -> None:
    assert split_dateline(written)[0] == dateline


def test_what_is_not_news_comes_off_and_what_is_stays() -> None:
    cleaned = clean(
        [
            "By Anna Example, Example Wire",
            "(Adds quotes, details)",
            "The bridge is closed.",
            "More to come from the council, it said.",
            "AP Photo XNP101, XNP102",
            "(Reporting by Anna Example; Editing by Bo Example)",
            "MORE TO COME",
        ]
    )
    assert cleaned.paragraphs == ["The bridge is closed.", "More to come from the council, it said."]
    assert cleaned.notes == ["Adds quotes, details"] and cleaned.byline.startswith("By Anna")


def test_mojibake_is_repaired_only_where_it_is_certain() -> None:
    assert repaired("DÃ©cÃ¨s du maire") == "Décès du maire"
    assert repaired("NÃO é Ã©") == "NÃO é Ã©"
    assert repaired("plain") == "plain"


@pytest.mark.parametrize(
    ("declared", "tag"), [("EN", "en"), ("nl-nl", "nl-NL"), ("zh-hant", "zh-Hant"), ("x-default", "")]
)
def test_languages_become_bcp47(declared: str, tag: str) -> None:
    assert bcp47(declared) == tag


def test_a_language_is_guessed_only_from_clear_text() -> None:
    assert guess("The bridge over the river was closed on Monday and the council said that it is old.") == "en"
    assert guess("Pont") == "und"


def test_an_embargo_without_a_zone_ends_when_it_has_come_everywhere() -> None:
    assert parse_embargo("2026-01-02T12:00:00") == datetime(2026, 1, 3, 0, 0, tzinfo=UTC)
    assert parse_embargo("2026-01-02T12:00:00Z") == datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
    assert parse_embargo("YYYYMMDD000000-HHMM") is None


@pytest.mark.parametrize("never", ["9999-12-31", "99991231", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"])
def test_an_embargo_until_the_end_of_the_calendar_is_refused(never: str) -> None:
    """Or the hours for which one may be held too long would lie beyond it."""
    with pytest.raises(Unreadable, match="is held back, not guessed at"):
        parse_embargo(never)


def test_an_embargo_that_cannot_be_read_is_refused_not_ignored() -> None:
    (result,) = read(ninjs(embargoed="next Friday, 12 noon").encode())
    assert isinstance(result, Refusal) and result.field == "embargoed_until"


@pytest.mark.parametrize("written", ["20260102T030405Z", "20260102T040405+0100", "Fri, 02 Jan 2026 03:04:05 GMT"])
def test_times_of_all_wires_are_one(written: str) -> None:
    assert parse_time(written) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


ANPA = (
    "\x16\x16\x01W2870\x1fasian\r\nr i\x13\x11 BC-EX--Bridge {mark}  01-02 0100\r\n\x02^BC-EX--Bridge{lead},100<\r\n"
    "^Bridge closed<\r\n^By ANNA EXAMPLE=\r\n\t   EXAMPLETON (AP) _ The bridge is closed.\r\n\r\n"
    "\t   ^AP-WF-01-02-26 {time}GMT<\r\n\x03"
)


def test_a_writethru_on_an_anpa_wire_has_the_uri_of_its_original() -> None:
    original = one(ANPA.format(mark="", lead="", time="0900"))
    lead = one(ANPA.format(mark="1stLd-Writethru", lead=", 1st Ld-Writethru", time="1010"))
    assert original.uri == lead.uri and original.revision < lead.revision
    assert lead.body == "The bridge is closed." and lead.headline == "Bridge closed"


IPTC = (
    "\x01eca0045 3 i 380  dpa 0045\r\n\r\nExample/bridge/\r\n\x02{mark}Bridge closed in Exampleton\r\n"
    "By dpa correspondents =\r\n\r\nExampleton (dpa) - The bridge is closed, the council of the town\r\nsaid.\r\n\r\n"
    "# Notebook\r\n\r\n## Editorial contacts\r\n- Tel: 0\r\n\r\n\x03{time} GMT Jan 26\r\n"
)


def test_a_refile_on_an_iptc_wire_has_the_uri_of_what_it_mends() -> None:
    original = one(IPTC.format(mark="", time="020900"))
    refile = one(IPTC.format(mark="REFILE\r\n", time="021000"))
    assert original.uri == refile.uri and original.revision < refile.revision
    assert refile.correction is not None and refile.correction.severity == "correction"
    assert refile.body == "The bridge is closed, the council of the town said."


def test_a_year_that_the_wire_leaves_out_is_the_last_before_it_arrived() -> None:
    text = IPTC.format(mark="", time="311200").replace("Jan 26", "Dec")
    arrived = datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert one(text, received_at=arrived).version_created == datetime(2025, 12, 31, 12, 0, tzinfo=UTC)
    assert one(text).version_created is None


def test_a_page_gives_its_declared_article() -> None:
    declared = {
        "@type": "NewsArticle", "headline": "Bridge closed", "url": "https://example.com/1", "inLanguage": "en",
        "datePublished": "2026-01-02T03:04:05Z", "publisher": {"@type": "Organization", "name": "Example Wire"},
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps({"@graph": [declared]})}</script>'
    page = (
        f"<!doctype html><html><head>{script}</head>"
        + """<body><nav>Menu</nav><article><p>The bridge is closed.</p><p>It is old.</p></article></body></html>"""
    )
    article = one(page)
    assert (article.uri, article.body) == ("https://example.com/1", "The bridge is closed.\n\nIt is old.")
    assert article.provider.name == "Example Wire"


def test_a_page_that_declares_nothing_is_refused() -> None:
    (result,) = read(b"<html><body><p>The bridge is closed.</p></body></html>")
    assert isinstance(result, Refusal) and "NewsArticle" in result.reason


def test_rss_1_is_read_as_rss() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.com/">
      <title>Example</title></channel>
      <item rdf:about="https://example.com/1"><title>Bridge closed</title><link>https://example.com/1</link>
      <dc:date>2026-01-02T03:04:05Z</dc:date></item></rdf:RDF>"""
    article = one(feed)
    assert article.uri == article.url == "https://example.com/1"
    assert article.version_created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_lines_of_json_are_read_each_as_what_they_are() -> None:
    own = {
        "uri": "urn:example:2", "headline": "Bridge open", "version_created": None, "language": "en",
        "provider": {"name": "X"},
    }  # fmt: skip
    labelled = {"id": 1, "title": "Bridge closed", "lang": "en", "published_at": None}
    lines = "\n".join([ninjs(), json.dumps(own), "", json.dumps(labelled), '{"uri": '])
    results = list(read(lines.encode()))
    assert [isinstance(result, Article) for result in results] == [True, True, True, False]


def test_a_message_in_mail_is_known_by_its_id() -> None:
    mail = (
        "From: Press <press@example.com>\nSubject: =?utf-8?Q?Br=C3=BCcke?= gesperrt\nMessage-ID: <1@example.com>\n"
        + ("Date: Fri, 02 Jan 2026 03:04:05 +0000\n\nThe bridge is closed.\n")
    )
    article = one(mail)
    assert (article.uri, article.headline, article.body) == (
        "mid:1@example.com",
        "Brücke gesperrt",
        "The bridge is closed.",
    )


def test_a_mail_under_embargo_is_withheld() -> None:
    mail = (
        "From: press@example.com\nSubject: EMBARGOED until Friday: bridge\nMessage-ID: <1@example.com>\n\nIt opens.\n"
    )
    assert one(mail).pub_status is PubStatus.WITHHELD


def test_an_unknown_format_is_wrong_use() -> None:
    with pytest.raises(ValueError, match="format: 'telex' is unknown"):
        read(b"{}", format="telex")


def test_a_pretty_printed_body_is_one_paragraph_and_its_list_is_several() -> None:
    body = "\n      The bridge over the river was closed today by the council\n      of the town.\n" + (
        "      - One lane\n      - Two lanes\n"
    )
    assert one(ninjs(body_text=body)).body.split("\n\n") == [
        "The bridge over the river was closed today by the council of the town.", "- One lane", "- Two lanes",
    ]  # fmt: skip

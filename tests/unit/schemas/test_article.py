"""What an article may look like, what is refused, and how its versions stand to each other."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from storyline_schemas import Article, Provider, explain
from storyline_schemas.events import STRUCTURED, BadEvent, read_event

from .shared import ARTICLE, article_bytes
from .strategies import articles


def tags_in(text: str) -> set[str]:
    """The elements that another reader of HTML finds in the text."""
    found: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.add(tag)  # type: ignore[method-assign]
    parser.feed(text)
    parser.close()
    return found


def read(**changes: Any) -> Article:
    return Article.model_validate_json(article_bytes(**changes))


def refusal(**changes: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refused:
        read(**changes)
    return explain(refused.value)


@pytest.mark.parametrize("field", sorted(ARTICLE))
def test_a_missing_field_is_named(field: str) -> None:
    value = {name: content for name, content in ARTICLE.items() if name != field}
    with pytest.raises(ValidationError) as refused:
        Article.model_validate_json(json.dumps(value))
    assert explain(refused.value) == (field, "is missing")


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("uri", 7),
        ("uri", ""),
        ("uri", "two words"),
        ("uri", "line\nbreak"),
        ("uri", "x" * 513),
        ("version", 2.5),
        ("version", True),
        ("version", ""),
        ("version", "1" * 101),
        ("pub_status", "dead"),
        ("headline", None),
        ("headline", ["a"]),
        ("headline", "x" * 1001),
        ("summary", 3),
        ("summary", "x" * 20_001),
        ("body", {"text": "x"}),
        ("body", "x" * 1_000_001),
        ("language", "english, mostly"),
        ("language", None),
        ("version_created", "2026-01-02T03:04:05"),
        ("version_created", "2026-01-02"),
        ("version_created", "1767323045"),
        ("version_created", 1767323045),
        ("version_created", "yesterday"),
        ("version_created", "2026-02-30T00:00:00Z"),
        ("embargoed_until", "2026-01-02T03:04"),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("urgency", "3"),
        ("urgency", 0),
        ("urgency", 10),
        ("space", "two words"),
        ("space", "{world}"),
        ("provider", "Example Wire"),
        ("provider.name", {"name": ""}),
        ("provider.name", {"name": "x" * 301}),
        ("provider.name", {}),
        ("correction.severity", {"severity": "oops"}),
        ("subjects", "one"),
        ("subjects", ["x"] * 201),
    ],
)
def test_a_wrong_field_is_named(field: str, content: Any) -> None:
    assert refusal(**{field.split(".")[0]: content})[0] == field


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uri": "two words"}, "without spaces"),
        ({"uri": ""}, "is empty"),
        ({"language": "in English"}, "BCP 47 tag such as en"),
        ({"space": "my desk"}, "send letters, digits"),
        ({"url": "ftp://example.org"}, "http:// or https://"),
        ({"version_created": "2026-01-02T03:04:05"}, "add Z, or an offset such as +01:00"),
        ({"version_created": "2026-13-45T03:04:05Z"}, "send it like 2026-01-02T03:04:05Z"),
        ({"urgency": 12}, "is more than 9"),
        ({"urgency": "3"}, "without quotes"),
        ({"pub_status": "dead"}, "usable"),
        ({"provider": "Example"}, "is not an object"),
        ({"keywords": ["a"] * 201}, "at most 200"),
    ],
)
def test_a_refusal_says_what_to_send_and_shows_no_pattern(changes: dict[str, Any], said: str) -> None:
    reason = refusal(**changes)[1]
    assert said in reason
    assert "^" not in reason and "[" not in reason and "input should" not in reason


@pytest.mark.parametrize("value", [b"not json", b"{", b'{"uri": }'])
def test_what_is_no_json_is_said_in_one_way_in_every_form(value: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        Article.model_validate_json(value)
    assert explain(refused.value)[1].startswith("is not JSON: ")
    with pytest.raises(BadEvent, match="is not JSON: "):
        read_event(value, (("content-type", STRUCTURED.encode()),))


def test_a_wrong_entry_of_a_list_is_named_with_its_place() -> None:
    assert refusal(people=["Ines Okaro", {"name": ""}])[0] == "people.1.name"


def test_every_wrong_field_is_said_and_the_first_is_the_field() -> None:
    field, reason = refusal(uri=7, language=None)
    assert field == "uri"
    assert "language: " in reason


def test_a_refusal_does_not_repeat_the_text_it_refuses() -> None:
    assert "secret" not in " ".join(refusal(uri="a secret uri", version_created="a secret day"))


@pytest.mark.parametrize("value", [b"", b"not json", b"[]", b"null", b'"text"', b"3", b"\xff\xfe", b'{"uri": "'])
def test_what_is_no_json_object_is_refused_as_the_value(value: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        Article.model_validate_json(value)
    assert explain(refused.value)[0] == "value"


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValidationError):
        Article.model_validate_json(article_bytes().replace(b"Ferry", b"\\ud800"))


@pytest.mark.parametrize(
    "headline",
    [
        "<script>alert(1)</script>",
        "< SCRIPT src=x>",
        "Ferries<img src=x onerror=alert(1)>",
        "<p>Ferries</p>",
        "</div>",
        "<svg/onload=alert(1)>",
        "<scr<b>ipt>alert(1)</scr</b>ipt>",
        "<if<i>ra<u>me src=x>",
    ],
)
def test_an_html_element_in_the_headline_is_refused(headline: str) -> None:
    field, reason = refusal(headline=headline)
    assert field == "headline"
    assert reason.startswith("contains the HTML element <")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<b>Ferries</b> <i class='x'>stop</i>", "Ferries stop"),
        ("Ferries<br/> stop", "Ferries stop"),
        ("  Ferries\t\n stop  ", "Ferries stop"),
        ("Ferries\x00 stop\x7f", "Ferries stop"),
        ("3 < 5 and 7 > 6", "3 < 5 and 7 > 6"),
        ("Ferries &lt;script&gt; stop", "Ferries &lt;script&gt; stop"),
    ],
)
def test_a_headline_is_kept_as_plain_text(sent: str, kept: str) -> None:
    assert read(headline=sent).headline == kept


@given(st.lists(st.sampled_from(["<", ">", "/", "b", "i", "script", "img", " ", "x", "<b>", "</i>"]), max_size=20))
def test_no_headline_that_is_accepted_holds_an_element(pieces: list[str]) -> None:
    headline = "".join(pieces) + " end"
    try:
        kept = read(headline=headline).headline
    except ValidationError:
        return
    assert not {"script", "img"} & tags_in(kept + ">")
    assert read(headline=kept).headline == kept


def test_an_article_without_any_text_is_refused() -> None:
    assert refusal(headline=" <b></b> ", summary="", body=" \n")[0] == "headline"


def test_a_body_is_enough_where_the_headline_is_empty() -> None:
    assert read(headline="", body="Ferries stop.").body == "Ferries stop."


def test_a_withdrawal_needs_no_text() -> None:
    assert read(headline="", pub_status="canceled").pub_status == "canceled"


def test_control_characters_in_the_body_become_spaces_and_paragraphs_stay() -> None:
    assert read(body="a\x00b\n\nc\td").body == "a b\n\nc\td"


def test_null_means_nothing_given_for_text_and_lists() -> None:
    article = read(summary=None, body=None, subjects=None, people=None, organisations=None, places=None)
    assert (article.summary, article.body, article.subjects, article.people) == ("", "", (), ())


def test_a_concept_may_be_its_name_alone() -> None:
    assert read(places=["Port Lindow"]).places[0].name == "Port Lindow"


def test_unknown_fields_are_left_out_and_not_refused() -> None:
    assert not hasattr(read(a_field_of_tomorrow={"deep": [1]}), "a_field_of_tomorrow")


def test_an_unknown_time_is_said_by_null() -> None:
    assert read(version_created=None).version_created is None


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T03:04:05.6789+02:00", "2026-01-02T01:04:05.678Z"),
        ("2026-01-02 03:04:05-05:30", "2026-01-02T08:34:05.000Z"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(sent: str, written: str) -> None:
    assert json.loads(read(version_created=sent).to_json())["version_created"] == written


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("9", "10"),
        ("09", "10"),
        ("1", "1a"),
        ("a", "b"),
        ("10", "9b"),
        ("9" * 18, "1" + "0" * 18),
        ("9" * 30, "1" + "0" * 30),
    ],
)
def test_versions_stand_in_the_order_of_numbers_then_text(older: str, newer: str) -> None:
    assert read(version=older).revision < read(version=newer).revision


def test_leading_zeros_make_no_other_version() -> None:
    assert read(version="09").revision == read(version="9").revision == read(version=9).revision


def test_without_a_version_the_time_orders() -> None:
    early, late = read(version_created="2026-01-02T03:04:05.001Z"), read(version_created="2026-01-02T03:04:05.002Z")
    assert early.revision < late.revision


def test_without_version_and_time_an_article_is_its_own_first_version() -> None:
    assert read(version_created=None).revision == (0, 0)


@given(st.text(st.sampled_from("0123456789abc-"), min_size=1, max_size=100))
def test_a_revision_fits_64_bits(version: str) -> None:
    _, rank = read(version=version).revision
    assert isinstance(rank, str) or rank < 2**63


@given(st.integers(0, 10**40), st.integers(0, 10**40))
def test_numbers_of_any_length_are_ordered_as_numbers(one: int, other: int) -> None:
    assert (read(version=str(one)).revision < read(version=str(other)).revision) == (one < other)


@given(articles)
def test_what_is_written_is_read_again_unchanged(article: Article) -> None:
    assert Article.model_validate_json(article.to_json()) == article


@given(articles)
def test_equal_articles_give_equal_bytes(article: Article) -> None:
    assert Article.model_validate_json(article.to_json()).to_json() == article.to_json()


@pytest.mark.parametrize(
    ("provider", "family"),
    [
        (Provider(id="i", name="N", family="f"), "f"),
        (Provider(id="i", name="N"), "i"),
        (Provider(name="Some Name"), "some name"),
    ],
)
def test_a_publisher_is_its_family_else_its_id_else_its_name(provider: Provider, family: str) -> None:
    assert provider.family_key == family


def test_a_refusal_stays_short_however_much_is_wrong() -> None:
    field, reason = refusal(people=[{"name": ""}] * 200)
    assert field == "people.0.name"
    assert reason.endswith("and 195 more")
    assert len(reason) < 500

"""A misspelt field is told; what is merely new is passed over."""

from typing import Any

import pytest

from storyline.edges.ingest.readers.base import Context, Refusal
from storyline.edges.ingest.readers.own import read
from storyline.errors import Invalid
from storyline.infra.memory import Backing, MemorySpaceStore
from storyline.stages.matcher import Matcher
from storyline_schemas import Article, resembling_fields
from tests.wires import article, record


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("body_text", "body"), ("bodyText", "body"), ("text", "body"), ("Body", "body"), ("articleBody", "body"),
        ("head_line", "headline"), ("headLine", "headline"), ("headlin", "headline"), ("sumary", "summary"),
        ("pubstatus", "pub_status"), ("embargoed", "embargoed_until"), ("embargo", "embargoed_until"),
        ("subject", "subjects"), ("organizations", "organisations"), ("evolvedfrom", "evolved_from"),
    ],
)  # fmt: skip
def test_a_field_that_resembles_a_missing_one_is_found(name: str, known: str) -> None:
    assert resembling_fields({name: "something"}) == {name: known}


@pytest.mark.parametrize("name", ["_sentiment", "word_count", "x-desk", "topics", "channel", "b" * 5_000, "", "标题"])
def test_a_field_that_resembles_none_is_just_new(name: str) -> None:
    assert resembling_fields({name: "something"}) == {}


def test_what_is_empty_or_beside_the_field_it_resembles_is_left_alone() -> None:
    assert resembling_fields({"body_html": "<p>x</p>", "body": "x", "embargo": None, "text": ""}) == {}


def test_no_field_of_the_contract_resembles_another() -> None:
    assert resembling_fields(dict.fromkeys(Article.model_fields, "x")) == {}


def misspelt(name: str, value: Any) -> dict[str, Any]:
    made = article("urn:x:1")
    made[name] = value
    if name == "body_text":
        del made["body"]
    return made


@pytest.mark.parametrize(
    "more",
    [
        {"body_length": 3_000}, {"has_body": True}, {"summary_length": 200}, {"headline_id": 5}, {"versioned": True},
        {"author": "A. Writer"}, {"place": "Linden City"}, {"keyword": "harbour"}, {"genre": "feature"},
        {"embargo": "none"}, {"embargo_note": "lifted"}, {"embargo": {"state": "none"}}, {"embargo_minutes": 30},
        {"pubstatus": "usable"},
    ],
)  # fmt: skip
def test_what_is_no_text_no_embargo_and_no_withdrawal_is_refused_nowhere(more: dict[str, Any]) -> None:
    made = article("urn:x:1", summary="", **more)
    made = {name: content for name, content in made.items() if name not in ("version", "body")}
    (taken,) = read(made, Context("file", None))
    assert isinstance(taken, Article)
    Matcher(MemorySpaceStore(Backing())).decode(record(made, 0))


def test_ingest_refuses_it_and_says_what_was_meant() -> None:
    (refusal,) = read(misspelt("body_text", "Some text."), Context("file", None))
    assert isinstance(refusal, Refusal)
    assert (refusal.field, "call it body" in refusal.reason) == ("body_text", True)


def test_the_matcher_takes_it_counts_it_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    matcher = Matcher(MemorySpaceStore(Backing()))
    for offset in range(3):
        matcher.decode(record(misspelt("body_text", "Some text."), offset))
    assert matcher.doubtful == {"body": 3}
    assert [each.getMessage() for each in caplog.records] == [
        "articles have a field 'body_text', which is unknown, and the article has no body; "
        "if that is what you mean, call it body; without it it is ignored"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("embargo", "2099-01-01T00:00:00Z"), ("embargo", True), ("embargo", "yes"), ("embargoed", 4_070_908_800),
        ("embargo_note", "not before 18:00 GMT"), ("embargo", {"until": "1 January 2099"}),
        ("embargoUntil", "20990101T000000Z"), ("pubStatus", "canceled"), ("pubstatus", "Withheld"),
    ],
)  # fmt: skip
def test_an_embargo_or_a_withdrawal_is_not_overlooked(name: str, value: Any) -> None:
    (refusal,) = read(misspelt(name, value), Context("file", None))
    assert isinstance(refusal, Refusal) and refusal.field == name
    with pytest.raises(Invalid) as refused:
        Matcher(MemorySpaceStore(Backing())).decode(record(misspelt(name, value), 0))
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("name", "missing", "value"),
    [("headline_id", "headline", "Ferry aground"), ("versioncreated", "version_created", "2026-01-02T03:04:05Z")],
)
def test_a_missing_field_is_named_with_what_looks_like_it(name: str, missing: str, value: str) -> None:
    made = article("urn:x:1")
    del made[missing]
    made |= {name: value, "provider": {"name": "Wire"}}
    said = f"is missing; {name} is unknown: if that is what you mean, call it {missing}"
    with pytest.raises(Invalid) as refused:
        Matcher(MemorySpaceStore(Backing())).decode(record(made, 0))
    assert (refused.value.field, str(refused.value)) == (missing, f"{missing}: {said}")
    (refusal,) = read(made, Context("file", None))
    assert isinstance(refusal, Refusal) and (refusal.field, refusal.reason) == (missing, said)

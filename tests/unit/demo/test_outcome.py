"""What a demo expects, and what it finds on the topics."""

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from storyline.edges.demo.expecting import Expected
from storyline.edges.demo.outcome import Outcome, outcome
from storyline.record import Record
from storyline_schemas import Article, Source, Story
from storyline_schemas.base import from_ms

NOW_MS = 1_800_000_000_000


def article(uri: str = "urn:example:1", **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "uri": uri, "headline": "Bridge closed", "version_created": "2026-01-02T03:04:05Z", "language": "en",
        "provider": {"name": "Example Wire"},
    }  # fmt: skip
    return Article.model_validate_json(json.dumps({**fields, **changes}))


def expected(*articles: Article) -> set[str]:
    found = Expected()
    for each in articles:
        found.add(each, NOW_MS)
    return found.uris


def story(id: str, *uris: str, **changes: Any) -> Story:
    sources = tuple(
        Source(n=n, article_uri=uri, provider="X", family="x", headline="h", language="en", adds="a")
        for n, uri in enumerate(uris, 1)
    )
    fields: dict[str, Any] = {
        "id": id, "version": 1, "space": "world", "language": "en", "headline": "h", "article_count": len(uris),
        "source_count": 1, "independent_report_count": 1, "sources": sources,
        "first_seen": from_ms(0), "updated_at": from_ms(0),
    }  # fmt: skip
    return Story(**(fields | changes))


async def records(values: Iterable[tuple[str, bytes | None]], timestamp_ms: int = 5) -> AsyncIterator[Record]:
    for offset, (key, value) in enumerate(values):
        yield Record("t", 0, offset, timestamp_ms, key.encode(), value)


async def found(*stories: Story, dead: Iterable[bytes] = ()) -> Outcome:
    states = records((each.id, each.to_json()) for each in stories)
    return await outcome(states, records([("st-1", b"{}")], 9), records(("world", value) for value in dead))


def test_the_last_version_decides_whether_an_article_is_expected() -> None:
    assert expected(article(version="1"), article(version="2", pub_status="canceled")) == set()
    assert expected(article(version="2"), article(version="1", pub_status="canceled")) == {"urn:example:1"}


def test_an_article_that_another_replaces_is_not_expected() -> None:
    assert expected(article("urn:a"), article("urn:b", evolved_from="urn:a")) == {"urn:b"}


def test_an_article_under_embargo_is_not_expected_yet() -> None:
    assert expected(article(embargoed_until="2099-01-01T00:00:00Z")) == set()


async def test_an_article_in_no_story_and_no_dead_letter_is_missing() -> None:
    out = await found(story("st-1", "urn:a"), dead=[b'{"uri": "urn:b"}', b"not json"])
    assert out.missing({"urn:a", "urn:b", "urn:c"}) == {"urn:c"}
    assert (out.dead_letters, out.updates, out.last_ms) == (2, 1, 9)


async def test_an_article_in_two_live_stories_is_doubled_and_in_a_merged_one_not() -> None:
    assert (await found(story("st-1", "urn:a"), story("st-2", "urn:a"))).doubled() == {"urn:a"}
    merged = story("st-2", "urn:a", status="merged", redirect_to="st-1")
    assert (await found(story("st-1", "urn:a"), merged)).doubled() == set()


async def test_the_last_state_of_a_story_counts() -> None:
    out = await found(story("st-1", "urn:a"), story("st-1", "urn:b", version=2))
    assert set(out.places()) == {"urn:b"}

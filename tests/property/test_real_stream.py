"""A real stream of labelled news through both stages in memory: every article in one story, every count right."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.wires import Wire

STREAM = Path(__file__).parents[3] / "shared" / "data" / "stories" / "wikinews_cited.jsonl"


def articles() -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in STREAM.read_text().splitlines()]
    return [
        {
            "uri": f"urn:real:{row['id']}", "headline": row["title"], "body": row["body"], "version": "1",
            "language": row.get("lang") or "en", "version_created": None, "provider": {"name": row["source"] or "?"},
        }
        for row in rows
    ]  # fmt: skip


async def through(size: int, times: int = 1) -> Wire:
    wire = Wire()
    await wire.start()
    for _ in range(times):
        wire.feed(articles())
        await wire.run(size)
    return wire


@pytest.fixture(scope="module")
def wire() -> Wire:
    if not STREAM.exists():
        pytest.skip(f"{STREAM.name}: no real stream on this machine")
    return asyncio.run(through(100, times=2))


pytestmark = pytest.mark.slow


def test_every_article_is_in_exactly_one_story(wire: Wire) -> None:
    live = [uri for members in wire.members() for uri in members]
    assert sorted(live) == sorted(value["uri"] for value in articles())


def test_counts_are_those_of_distinct_articles(wire: Wire) -> None:
    stories = [update.story for update in wire.stories().values()]
    assert all(story.article_count == len({source.article_uri for source in story.sources}) for story in stories)


def test_versions_have_no_gap(wire: Wire) -> None:
    assert all(found == list(range(1, len(found) + 1)) for found in wire.versions().values())


def test_every_published_sentence_cites_a_source_of_its_story(wire: Wire) -> None:
    for update in wire.updates():
        numbers = {source.n for source in update.story.sources}
        cited = {n for section in update.story.sections for each in section.sentences for n in each.citations}
        assert cited <= numbers


def test_sections_not_named_as_changed_are_byte_identical(wire: Wire) -> None:
    before: dict[str, dict[str, str]] = {}
    for update in wire.updates():
        change, old = update.change.sections, before.get(update.story.id, {})
        now = {section.id: section.model_dump_json() for section in update.story.sections}
        untouched = now.keys() - {*change.added, *change.changed}
        assert all(now[id] == old[id] for id in untouched)
        before[update.story.id] = now


def test_the_stream_sent_twice_gives_the_stories_of_one_sending(wire: Wire) -> None:
    once = asyncio.run(through(100))
    assert once.stories() == wire.stories()


def test_batches_of_another_size_give_the_same_members(wire: Wire) -> None:
    assert asyncio.run(through(7)).members() == wire.members()

"""Real files of agencies taken through their life: corrected, filed again, withdrawn. Their text stays where it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storyline.edges.ingest.readers import read
from storyline_schemas import Article, StoryUpdate

from .harness import Cluster, read_topic

WIRE = Path(__file__).resolve().parents[2].parent / "shared/data/wire/superdesk-core/tests/io/fixtures"
REUTERS, DPA, AP = "tag_reuters.com_2016_newsml_L1N14N0FF_version_", "dpa_four_line.txt", "ap_anpa-1.tst"

pytestmark = [
    pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the real wire files (../shared/data/wire) are not on this machine"),
]  # fmt: skip


@pytest.fixture
def running(cluster: Cluster) -> Iterator[Cluster]:
    cluster.start("matcher"), cluster.start("updater")
    yield cluster


def article(name: str) -> Article:
    (found,) = (each for each in read((WIRE / name).read_bytes()) if isinstance(each, Article))
    return found


def as_first_filed(name: str) -> Article:
    """The item as it may have been before this version: without its mark, its last two paragraphs not written yet."""
    now = article(name)
    body = "\n\n".join(now.body.split("\n\n")[:-2])
    slugline = (now.slugline or "").replace("REFILE", "")
    return now.model_copy(update={"version": "1", "correction": None, "body": body, "slugline": slugline})


async def updates(cluster: Cluster) -> list[StoryUpdate]:
    await cluster.settled()
    records = await read_topic(cluster.kafka, "story-updates")
    return [StoryUpdate.model_validate_json(record.value) for record in records if record.value]


def shown(cluster: Cluster, story: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cluster.ok("show", story, "--format", "json"))
    return found


async def test_a_reuters_item_is_corrected_and_then_withdrawn(running: Cluster) -> None:
    # Given the corrected version of the item, as the agency sent it.
    cluster, corrected = running, article(f"{REUTERS}978556838")
    cluster.ok("ingest", str(WIRE / f"{REUTERS}978556838"))
    (opened,) = await updates(cluster)
    assert opened.story.headline == corrected.headline
    assert opened.story.sections
    # When its withdrawal comes, which has no text.
    cluster.ok("ingest", str(WIRE / f"{REUTERS}1542761538"))
    *_, last = await updates(cluster)
    # Then the story is withdrawn, says so, and no sentence of the item is left.
    assert (last.change.kind, last.story.status, last.notify.mode) == ("retraction", "retracted", "push")
    state = shown(cluster, opened.story.id)
    assert (state["article_count"], state["sections"], state["sources"]) == (0, [], [])
    last_values = {record.key: record.value for record in await read_topic(cluster.kafka, "stories")}
    parts = {record.key: record.value for record in await read_topic(cluster.kafka, "story-parts")}
    kept = b"".join(value for value in (*last_values.values(), *parts.values()) if value)
    for sentence in (each.text for section in opened.story.sections for each in section.sentences):
        assert sentence.encode() not in kept
    # And the version before it changes nothing when it comes once more.
    cluster.ok("ingest", str(WIRE / f"{REUTERS}978556838"))
    assert len(await updates(cluster)) == 2


@pytest.mark.parametrize(("name", "level"), [(DPA, "major"), (AP, "normal")])
async def test_a_refile_and_a_writethru_replace_what_was_filed_before(running: Cluster, name: str, level: str) -> None:
    # Given the item as it was first filed.
    cluster, now = running, article(name)
    await cluster.send_articles([as_first_filed(name)])
    (first,) = await updates(cluster)
    # When the file that the agency sent comes.
    cluster.ok("ingest", str(WIRE / name))
    *_, last = await updates(cluster)
    # Then it is the same story with the same article, corrected, and says what the agency says about it.
    assert (last.story.id, last.story.version, last.story.article_count) == (first.story.id, 2, 1)
    assert (last.change.kind, last.significance.level) == ("correction", level)
    assert [(each.uri, each.action) for each in last.change.articles] == [(now.uri, "revised")]
    assert last.story.sources[0].version == now.version
    assert last.change.summary

"""A crash at any point, any number of times: nothing lost, nothing counted twice, no gap, repeats byte-identical."""

import asyncio
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import Index, MergeDecision
from tests.wires import POINTS, TOPICS, Crash, Wire, article

uris = st.sampled_from([f"a:{n}" for n in range(6)])


@st.composite
def versions(draw: st.DrawFn) -> dict[str, object]:
    """One version of one of six articles; what it says follows from (uri, version), so that repeats are repeats."""
    uri, version = draw(uris), draw(st.integers(1, 3))
    number = int(uri[2:])
    status = "canceled" if (number + version) % 5 == 0 else "usable"
    about = list(TOPICS)[number % 3]
    return article(uri, about, 10 + number, version=str(version), pub_status=status)


batches = st.lists(st.lists(versions(), max_size=8), min_size=1, max_size=5)
crashes = st.lists(st.none() | st.sampled_from(POINTS), max_size=8)


async def run(batches: list[list[dict[str, object]]], crashes: list[str | None], size: int) -> Wire:
    """Feed batch by batch, crashing and starting again as told, then once through without a crash."""
    wire = Wire()
    await wire.start()
    coming = iter([*crashes, None])
    for batch in batches:
        wire.feed(batch)
        try:
            await wire.run(size, crash=next(coming, None))
        except Crash:
            await wire.start()
    await wire.run(size)
    return wire


def oldest_two(index: Index, story_id: str) -> MergeDecision | None:
    """In place of the engine's judgement, which has its own tests: with three live stories, two become one."""
    if len(index) < 3:
        return None
    first, second, *_ = sorted(index._stories)
    return MergeDecision(second, first, 0.9, "because")


def newest(batches: list[list[dict[str, object]]]) -> set[str]:
    """What must be live in the end: each uri's newest version, unless that is a cancellation."""
    last: dict[str, dict[str, object]] = {}
    for value in (each for batch in batches for each in batch):
        known = last.get(str(value["uri"]))
        if known is None or int(str(value["version"])) > int(str(known["version"])):
            last[str(value["uri"])] = value
    return {uri for uri, value in last.items() if value["pub_status"] == "usable"}


@given(batches, crashes, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_every_article_is_in_exactly_one_story_after_any_crashes(batches, crashes, size):
    wire = asyncio.run(run(batches, crashes, size))
    live = [uri for members in wire.members() for uri in members]
    assert sorted(live) == sorted(newest(batches))


@given(batches, crashes, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_versions_have_no_gap_and_repeats_are_byte_identical_after_any_crashes(batches, crashes, size):
    wire = asyncio.run(run(batches, crashes, size))
    assert all(found == list(range(1, len(found) + 1)) for found in wire.versions().values())


@given(batches, crashes, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_what_is_stored_is_what_was_published_after_any_crashes(batches, crashes, size):
    wire = asyncio.run(run(batches, crashes, size))
    last = {output.key.decode(): output.value for output in wire.logs["stories"] if output.key}
    assert last == {story_id: stored.story for story_id, stored in wire.backing.stories.items()}


@given(batches, crashes, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_the_compacted_parts_are_the_stored_parts_after_any_crashes(batches, crashes, size):
    wire = asyncio.run(run(batches, crashes, size))
    last = {output.key.decode(): output.value for output in wire.logs["story-parts"] if output.key}
    stored = {f"{id}/": story.head for id, story in wire.backing.stories.items()}
    stored |= {f"{id}/{uri}": part for id, story in wire.backing.stories.items() for uri, part in story.parts.items()}
    assert {key: value for key, value in last.items() if value is not None} == stored


@given(batches, crashes, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_stories_that_are_merged_lose_and_double_nothing_after_any_crashes(batches, crashes, size):
    with patch.object(Index, "merge_for", oldest_two):
        wire = asyncio.run(run(batches, crashes, size))
    live = [uri for members in wire.members() for uri in members]
    assert sorted(live) == sorted(newest(batches))
    assert all(found == list(range(1, len(found) + 1)) for found in wire.versions().values())


@given(batches, st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_batching_changes_no_membership(batches, size, other):
    one, two = (asyncio.run(run(batches, [], each)) for each in (size, other))
    assert one.members() == two.members()

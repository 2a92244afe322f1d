"""People's requests while things fail: nothing lost, nothing double, no gap, and stores, topics and index agree."""

import asyncio
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storyline.errors import Invalid
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import CRASHES, FAULTS, TOPICS, Crash, Wire, article, record

from .test_crashes import (
    assert_index_is_the_fold_of_its_members,
    assert_losers_point_to_winners,
    assert_topics_are_the_stores,
    assert_versions_without_gap,
)

URIS = [f"a:{n}" for n in range(5)]
Step = tuple[str, str, str, str | None, bool]
"""What is asked, of the story of which article, with the story of which other, what fails, and whether a newer
version of the article comes in the same batch, right behind the request."""
steps = st.lists(
    st.tuples(
        st.sampled_from(["merge", "split", "move", "rename", "pin", "lock", "unlock"]),
        st.sampled_from(URIS), st.sampled_from(URIS),
        st.none() | st.sampled_from(CRASHES + FAULTS), st.booleans(),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def version(uri: str, number: int) -> dict[str, Any]:
    kind = list(TOPICS)[URIS.index(uri) % 2]
    return article(uri, kind, 10 * URIS.index(uri) + number, version=str(number))


@given(steps)
@example([
    ("merge", "a:0", "a:0", None, False), ("merge", "a:1", "a:1", None, True),
    ("lock", "a:1", "a:0", "updater again", True),
])  # fmt: skip
@settings(max_examples=150)
def test_whatever_fails_what_people_ask_for_loses_and_doubles_nothing(asked: list[Step]) -> None:
    wire, newest = asyncio.run(_taken(asked))
    live = [
        (source.article_uri, source.version)
        for update in wire.stories().values()
        for source in update.story.sources
    ]  # fmt: skip
    assert sorted(live) == sorted((uri, str(number)) for uri, number in newest.items())
    assert_versions_without_gap(wire)
    assert_topics_are_the_stores(wire)
    assert_losers_point_to_winners(wire)
    assert_index_is_the_fold_of_its_members(wire)


async def _taken(asked: list[Step]) -> tuple[Wire, dict[str, int]]:
    wire, newest = Wire(), dict.fromkeys(URIS, 1)
    await wire.start()
    wire.feed([version(uri, 1) for uri in URIS])
    await wire.run()
    for action, uri, other, fault, revised in asked:
        wire.feed([request(wire, action, uri, other)])
        try:
            if revised:
                newest[uri] += 1
                wire.feed([version(uri, newest[uri])])
            await through(wire, fault)
        except Invalid:
            # A dead letter: the shell takes the batch one by one.
            wire.committed["matcher"] += 1
            await through(wire, None)
    return wire, newest


async def through(wire: Wire, fault: str | None) -> None:
    try:
        await wire.run(fault=fault)
    except Crash:
        await wire.start()
        await wire.run()


def request(wire: Wire, action: str, uri: str, other: str) -> Any:
    stories = {
        source.article_uri: id for id, update in wire.stories().items() for source in update.story.sources
    }  # fmt: skip
    edit: dict[str, Any] = {"action": action, "story_id": stories[uri], "articles": [uri], "author": "desk"}
    if stories[other] != stories[uri]:
        edit["into"] = stories[other]
    elif action in ("merge", "move"):
        edit["action"] = "rename"
    number = len(wire.inputs)
    headers = binary_headers(STORY_EDIT, f"edit-{number}", stories[uri], None, "/test")
    edit |= {"headline": f"Headline {number}", "section": "s1"}
    return record(edit, number, timestamp_ms=wire.clock_ms, headers=headers)

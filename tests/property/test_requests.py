"""Requests about anything at all: refused or carried out, never the end of a service, and nothing lost."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.errors import Invalid
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import TOPICS, Wire, article, record

from .test_crashes import assert_topics_are_the_stores, assert_versions_without_gap

URIS = [f"a:{n}" for n in range(5)]
ACTIONS = ["merge", "split", "move", "rename", "close", "reopen", "pin", "unpin", "lock", "unlock", "kill", "revise"]
UNKNOWN = "st-00000000000000000000"
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS), st.integers(0, 9), st.integers(0, 9),
        st.lists(st.sampled_from([*URIS, "a:unknown"]), max_size=3, unique=True), st.booleans(),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


@given(steps)
@settings(max_examples=150)
def test_no_request_ends_a_service_or_loses_an_article(asked: list[Any]) -> None:
    wire, expected = asyncio.run(_play(asked))
    live = [source.article_uri for update in wire.stories().values() for source in update.story.sources]
    assert sorted(live) == sorted(expected)
    assert_versions_without_gap(wire)
    assert_topics_are_the_stores(wire)


async def _play(asked: list[Any]) -> tuple[Wire, set[str]]:
    wire = Wire()
    await wire.start()
    kinds = list(TOPICS)
    wire.feed([article(uri, kinds[n % 3], 10 * n + 10) for n, uri in enumerate(URIS)])
    await wire.run()
    live, versions = set(URIS), dict.fromkeys(URIS, 1)
    for action, story, into, uris, at_once in asked:
        if action in ("kill", "revise"):
            uri = URIS[story % len(URIS)]
            versions[uri] += 1
            status = "canceled" if action == "kill" else "usable"
            (live.discard if action == "kill" else live.add)(uri)
            wire.feed([article(uri, kinds[URIS.index(uri) % 3], version=str(versions[uri]), pub_status=status)])
        else:
            wire.feed([_request(wire, action, story, into, uris)])
        if not at_once:
            await _run(wire)
    await _run(wire)
    return wire, live


async def _run(wire: Wire) -> None:
    """As the shell does it: a batch that is refused is taken one by one, and what is refused is a dead letter."""
    while True:
        try:
            await wire.run(size=1)
        except Invalid:
            wire.committed["matcher"] += 1
        else:
            return


def _request(wire: Wire, action: str, story: int, into: int, uris: list[str]) -> Any:
    """About any story that there ever was, also a merged, withdrawn or closed one, or about none."""
    known = [*sorted(wire.stories()), UNKNOWN]
    edit = {
        "action": action, "story_id": known[story % len(known)], "into": known[into % len(known)],
        "articles": uris or ["a:unknown"], "headline": "By hand", "section": f"s{into % 3}", "author": "desk",
    }  # fmt: skip
    if edit["into"] == edit["story_id"]:
        edit["into"] = UNKNOWN if edit["story_id"] != UNKNOWN else known[0]
    number = len(wire.inputs)
    headers = binary_headers(STORY_EDIT, f"request-{number}", str(edit["story_id"]), None, "/test")
    return record(edit, number, timestamp_ms=wire.clock_ms, headers=headers)

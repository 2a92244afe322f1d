"""Each request, done and undone through both stages: the articles are together as before."""

import json
from typing import Any

import pytest

from storyline.edges.editing.undoing import _takes_back, inverse, undo_reason
from storyline.errors import Fatal
from storyline_schemas import Edited, StoryUpdate
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import Wire, article, record


async def wire_of_two() -> Wire:
    wire = Wire()
    await wire.start()
    wire.feed([article("a:1"), article("a:2", number=14), article("b:1", "budget")])
    await wire.run()
    return wire


def story_of(wire: Wire, uri: str) -> str:
    return next(id for id, each in wire.stories().items() if uri in {s.article_uri for s in each.story.sources})


def history(wire: Wire, story: str) -> dict[int, StoryUpdate]:
    return {update.story.version: update for update in wire.updates() if update.story.id == story}


async def ask(wire: Wire, size: int = 100, **fields: Any) -> None:
    number = len(wire.inputs)
    headers = binary_headers(STORY_EDIT, f"edit-{number}", fields["story_id"], None, "/test")
    value = json.loads(json.dumps({**fields, "author": "desk"}))
    if fields["action"] == "reopen":
        value["articles"] = ["a:1", "a:2"]
    wire.feed([record(value, number, timestamp_ms=wire.clock_ms, headers=headers)])
    await wire.run(size)


async def test_a_split_is_undone_from_either_side() -> None:
    for side in ("a:1", "a:2"):
        wire = await wire_of_two()
        await ask(wire, action="split", story_id=story_of(wire, "a:1"), articles=["a:2"])
        assert frozenset({"a:1"}) in wire.members()
        story = story_of(wire, side)
        await ask(wire, **inverse(story, history(wire, story)))
        assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1"})}


async def test_a_move_is_undone_from_either_side() -> None:
    for side in ("a:1", "b:1"):
        wire = await wire_of_two()
        ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
        await ask(wire, action="move", story_id=ferry, into=budget, articles=["a:2"])
        assert wire.members() == {frozenset({"a:1"}), frozenset({"a:2", "b:1"})}
        story = story_of(wire, side)
        await ask(wire, **inverse(story, history(wire, story)))
        assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1"})}


async def test_a_merge_is_undone_from_either_side() -> None:
    for side in (0, 1):
        wire = await wire_of_two()
        ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
        await ask(wire, action="merge", story_id=budget, into=ferry)
        assert wire.members() == {frozenset({"a:1", "a:2", "b:1"})}
        story = (ferry, budget)[side]
        await ask(wire, **inverse(story, history(wire, story)))
        assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1"})}


async def test_a_merge_that_came_in_several_versions_is_undone_whole() -> None:
    for side in (0, 1):
        wire = await wire_of_two()
        wire.feed([article("b:2", "budget", number=15), article("b:3", "budget", number=16)])
        await wire.run()
        ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
        await ask(wire, size=1, action="merge", story_id=budget, into=ferry)
        assert len([1 for update in history(wire, ferry).values() if update.change.kind == "merge"]) > 1
        story = (ferry, budget)[side]
        await ask(wire, **inverse(story, history(wire, story)))
        assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1", "b:2", "b:3"})}


async def test_two_moves_to_one_story_are_undone_one_by_one() -> None:
    wire = await wire_of_two()
    wire.feed([article("a:3", number=15)])
    await wire.run()
    ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
    await ask(wire, action="move", story_id=ferry, into=budget, articles=["a:2"])
    await ask(wire, action="move", story_id=ferry, into=budget, articles=["a:3"])
    assert inverse(budget, history(wire, budget))["articles"] == ("a:3",)
    assert inverse(ferry, history(wire, ferry))["articles"] == ("a:3",)


async def test_a_merge_is_undone_without_what_was_withdrawn_since() -> None:
    wire = await wire_of_two()
    wire.feed([article("b:2", "budget", number=15)])
    await wire.run()
    ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
    await ask(wire, action="merge", story_id=budget, into=ferry)
    wire.feed([article("b:2", "budget", version="2", pub_status="canceled")])
    await wire.run()
    await ask(wire, **inverse(ferry, history(wire, ferry)))
    assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1"})}


async def test_closing_is_undone() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    await ask(wire, action="close", story_id=story)
    await ask(wire, **inverse(story, history(wire, story)))
    assert wire.stories()[story].story.status == "open"


async def test_a_pin_and_a_lock_are_undone() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    await ask(wire, action="lock", story_id=story, section="s1")
    assert wire.stories()[story].story.sections[0].locked
    await ask(wire, **inverse(story, history(wire, story)))
    assert not wire.stories()[story].story.sections[0].locked
    await ask(wire, action="pin", story_id=story)
    assert inverse(story, history(wire, story)) == {"action": "unpin", "story_id": story}


async def test_a_second_headline_undone_is_the_first_and_that_undone_the_storys_own() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    own = wire.stories()[story].story.headline
    await ask(wire, action="rename", story_id=story, headline="One")
    assert inverse(story, history(wire, story))["headline"] is None
    await ask(wire, action="rename", story_id=story, headline="Two")
    await ask(wire, **inverse(story, history(wire, story)))
    assert wire.stories()[story].story.headline == "One"
    await ask(wire, action="rename", story_id=story)
    assert wire.stories()[story].story.headline == own


async def test_a_headline_from_before_a_kill_doesnt_come_back() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    await ask(wire, action="rename", story_id=story, headline="Captain blamed")
    await ask(wire, action="rename", story_id=story, headline="Two")
    wire.feed([article("a:2", version="2", pub_status="canceled")])
    await wire.run()
    assert inverse(story, history(wire, story))["headline"] is None


async def test_what_nobody_edited_cant_be_undone() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    with pytest.raises(Fatal, match="no edit of story"):
        inverse(story, history(wire, story))


async def undo(wire: Wire, story: str) -> None:
    """As the command asks for it."""
    await ask(wire, **inverse(story, history(wire, story)), reason=undo_reason(""))


async def test_undo_again_takes_back_the_edit_before() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    own = wire.stories()[story].story.headline
    await ask(wire, action="rename", story_id=story, headline="One")
    await ask(wire, action="lock", story_id=story, section="s1")
    await undo(wire, story)
    assert not wire.stories()[story].story.sections[0].locked
    assert wire.stories()[story].story.headline == "One"
    await undo(wire, story)
    assert wire.stories()[story].story.headline == own
    with pytest.raises(Fatal, match="no edit of story"):
        inverse(story, history(wire, story))


async def test_two_headlines_undone_are_the_storys_own() -> None:
    wire = await wire_of_two()
    story = story_of(wire, "a:1")
    own = wire.stories()[story].story.headline
    for headline in ("One", "Two"):
        await ask(wire, action="rename", story_id=story, headline=headline)
    headlines = []
    for _ in range(2):
        await undo(wire, story)
        headlines.append(wire.stories()[story].story.headline)
    assert headlines == ["One", own]


async def test_after_an_undone_merge_of_several_versions_the_edit_before_is_next() -> None:
    wire = await wire_of_two()
    wire.feed([article("b:2", "budget", number=15)])
    await wire.run()
    ferry, budget = story_of(wire, "a:1"), story_of(wire, "b:1")
    await ask(wire, action="rename", story_id=ferry, headline="Alma stranded")
    await ask(wire, size=1, action="merge", story_id=budget, into=ferry)
    await undo(wire, ferry)
    assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1", "b:2"})}
    assert inverse(ferry, history(wire, ferry))["action"] == "rename"
    with pytest.raises(Fatal, match="no edit of story"):
        inverse(story_of(wire, "b:1"), history(wire, story_of(wire, "b:1")))


def test_a_reason_that_only_begins_like_an_undo_is_none() -> None:
    assert (undo_reason(""), undo_reason("wrong story")) == ("undo", "undo: wrong story")
    edits = [Edited(action="pin", author="desk", reason=reason) for reason in ("undone by the desk", "undo: x", "undo")]
    assert [_takes_back(edit) for edit in edits] == [False, True, True]

"""Articles through both stages, over stores in memory."""

import contextlib

import pytest

from storyline.errors import Transient
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import CRASHES, FAULTS, HOUR_MS, Crash, Wire, article, record


@pytest.fixture
async def wire() -> Wire:
    wire = Wire()
    await wire.start()
    return wire


async def test_articles_about_one_event_become_one_story(wire: Wire) -> None:
    wire.feed([article("a:1"), article("a:2", number=14), article("b:1", "budget")])
    await wire.run()
    assert wire.members() == {frozenset({"a:1", "a:2"}), frozenset({"b:1"})}


async def test_a_batch_gives_each_story_one_version(wire: Wire) -> None:
    wire.feed([article("a:1"), article("a:2", number=14)])
    await wire.run()
    [versions] = wire.versions().values()
    assert versions == [1]


async def test_the_same_articles_again_change_nothing(wire: Wire) -> None:
    wire.feed([article("a:1"), article("a:2", number=14)])
    await wire.run()
    sent = len(wire.logs["story-updates"])
    wire.feed([article("a:1"), article("a:2", number=14)])
    await wire.run()
    assert len(wire.logs["story-updates"]) == sent


async def test_a_newer_version_replaces_the_older(wire: Wire) -> None:
    wire.feed([article("a:1")])
    await wire.run()
    wire.feed([article("a:1", version="2", number=99)])
    await wire.run()
    [update] = wire.stories().values()
    assert (update.story.version, update.story.article_count, update.story.sources[0].version) == (2, 1, "2")


async def test_an_older_version_is_skipped(wire: Wire) -> None:
    wire.feed([article("a:1", version="10"), article("a:1", version="9")])
    await wire.run()
    assert wire.matcher.counts == {"opened": 1, "older": 1}


async def test_a_cancelled_article_leaves_no_word_behind(wire: Wire) -> None:
    wire.feed([article("a:1")])
    await wire.run()
    wire.feed([article("a:1", version="2", pub_status="canceled", headline="", body="")])
    await wire.run()
    [update] = wire.stories().values()
    assert update.story.status == "retracted"
    assert not update.story.sources and not update.story.sections
    assert "aground" not in repr(next(iter(wire.backing.stories.values())).parts) + update.story.headline


async def test_a_cancellation_of_an_unseen_article_is_remembered(wire: Wire) -> None:
    wire.feed([article("a:1", version="2", pub_status="canceled"), article("a:1", version="1")])
    await wire.run()
    assert wire.stories() == {}


async def test_a_version_newer_than_the_cancellation_comes_back(wire: Wire) -> None:
    wire.feed([article("a:1"), article("a:1", version="2", pub_status="canceled"), article("a:1", version="3")])
    await wire.run()
    assert wire.members() == {frozenset({"a:1"})}


async def test_a_cancellation_of_the_version_in_use_wins(wire: Wire) -> None:
    wire.feed([article("a:1"), article("a:2", number=14)])
    await wire.run()
    wire.feed([article("a:1", pub_status="canceled")])
    await wire.run()
    assert wire.members() == {frozenset({"a:2"})}


@pytest.mark.parametrize(("sent", "killed"), [(None, "9"), ("9", None), ("b", None)])
@pytest.mark.parametrize("killed_first", [False, True])
async def test_a_cancellation_whose_version_cant_be_compared_wins(
    wire: Wire, sent: str | None, killed: str | None, killed_first: bool
) -> None:
    both = [article("a:1", version=sent), article("a:1", version=killed, pub_status="canceled")]
    for each in (both[killed_first], both[not killed_first], both[0]):
        wire.feed([article("a:2", number=14), each])
        await wire.run()
    assert wire.members() == {frozenset({"a:2"})}


async def test_a_newer_number_comes_back_after_a_cancellation_that_cant_be_compared(wire: Wire) -> None:
    for fields in ({"version": None}, {"version": "9", "pub_status": "canceled"}, {"version": "10"}):
        wire.feed([article("a:1", **fields)])
        await wire.run()
    assert wire.members() == {frozenset({"a:1"})}


async def test_a_held_article_is_dropped_by_a_cancellation_that_cant_be_compared(wire: Wire) -> None:
    wire.feed([article("a:1", version=None, embargoed_until="2026-01-02T01:00:00Z")])
    await wire.run()
    wire.feed([article("a:1", version="2", pub_status="canceled")])
    await wire.run()
    assert not any(space.holds for space in wire.backing.spaces.values())


async def test_an_article_that_evolved_from_another_takes_its_place(wire: Wire) -> None:
    wire.feed([article("a:1")])
    await wire.run()
    wire.feed([article("a:9", "quake", evolved_from="a:1")])
    await wire.run()
    [update] = wire.stories().values()
    assert [source.article_uri for source in update.story.sources] == ["a:9"]


async def test_an_embargoed_article_shows_nowhere_before_its_time(wire: Wire) -> None:
    wire.feed([article("a:1", embargoed_until="2026-01-02T01:00:00Z")])
    await wire.run()
    assert wire.logs["story-commands"] == []


async def test_an_embargoed_article_comes_out_when_its_time_has_come(wire: Wire) -> None:
    wire.feed([article("a:1", embargoed_until="2026-01-02T01:00:00Z")])
    await wire.run()
    await wire.tick(wire.clock_ms + 3_600_000)
    await wire.run()
    assert wire.members() == {frozenset({"a:1"})}


async def test_an_embargo_survives_a_restart(wire: Wire) -> None:
    wire.feed([article("a:1", embargoed_until="2026-01-02T01:00:00Z")])
    await wire.run()
    await wire.start()
    await wire.tick(wire.clock_ms + 3_600_000)
    await wire.run()
    assert wire.members() == {frozenset({"a:1"})}


@pytest.mark.parametrize("fault", [*CRASHES, *FAULTS])
async def test_whatever_fails_an_embargoed_article_comes_out_once(wire: Wire, fault: str) -> None:
    wire.feed([article("a:1", embargoed_until="2026-01-02T01:00:00Z"), article("b:1", "budget")])
    await wire.run()
    wire.clock_ms += HOUR_MS
    name, _, what = fault.partition(" ")
    if name == "matcher" and what in ("unwritten", "unknown"):
        wire.stores["matcher"].fault = what
    with contextlib.suppress(Transient):
        await wire.tick(wire.clock_ms)
    with contextlib.suppress(Crash):
        await wire.run(fault=fault)
    await wire.start()
    await wire.tick(wire.clock_ms)
    await wire.run()
    assert wire.members() == {frozenset({"a:1"}), frozenset({"b:1"})}
    assert set(map(tuple, wire.versions().values())) == {(1,)}


async def test_a_held_article_that_is_cancelled_never_comes_out(wire: Wire) -> None:
    wire.feed([article("a:1", embargoed_until="2026-01-02T01:00:00Z")])
    await wire.run()
    wire.feed([article("a:1", version="2", pub_status="canceled")])
    await wire.run()
    assert not any(space.holds for space in wire.backing.spaces.values())
    await wire.tick(wire.clock_ms + 3_600_000)
    await wire.run()
    assert wire.stories() == {}


async def test_after_a_restart_a_story_goes_on(wire: Wire) -> None:
    wire.feed([article("a:1")])
    await wire.run()
    await wire.start()
    wire.feed([article("a:2", number=14)])
    await wire.run()
    assert list(wire.versions().values()) == [[1, 2]]


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ({"action": "pin"}, {"action": "unpin"}),
        ({"action": "rename", "headline": "First"}, {"action": "rename", "headline": "Second"}),
    ],
)
async def test_a_request_that_was_made_twice_undoes_none_after_it_when_it_is_delivered_again(
    wire: Wire, asked: dict[str, str], then: dict[str, str]
) -> None:
    # Given a request that was made twice, and another one that changed what it asked for.
    wire.feed([article("a:1")])
    await wire.run()
    [story] = wire.stories()
    for number, edit in enumerate((asked, asked, then)):
        headers = binary_headers(STORY_EDIT, f"edit-{number}", story, None, "/test")
        value = {"story_id": story, "author": "desk", **edit}
        wire.feed([record(value, len(wire.inputs), timestamp_ms=wire.clock_ms, headers=headers)])
    await wire.run()
    before = wire.backing.stories[story]
    # When all comes again, nothing changes.
    for stage in ("updater", "matcher"):
        wire.committed[stage] = 0
        await wire.run()
    assert wire.backing.stories[story] == before

"""What the matcher knows of stories that left has a bound in number, and merged ones are forgotten like closed ones."""

from typing import Any

import pytest

from storyline.domain.placing import Life
from storyline_schemas import StoryStatus
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import CRASHES, FAULTS, HOUR_MS, NOW_MS, Crash, Wire, article, record

DAYS_MS = 24 * HOUR_MS
KILL: dict[str, Any] = {"version": "2", "pub_status": "canceled"}


def lives(wire: Wire) -> dict[str, Life]:
    return {story: Life.from_bytes(packed) for story, packed in wire.backing.spaces["world"].lives.items()}


def of(wire: Wire, uri: str) -> str:
    return next(id for id, each in wire.stories().items() if uri in {s.article_uri for s in each.story.sources})


def status(wire: Wire) -> dict[str, StoryStatus]:
    return {id: each.story.status for id, each in wire.stories().items()}


async def through(wire: Wire, now_ms: int) -> None:
    for day_ms in range(wire.clock_ms, now_ms + 1, DAYS_MS):
        await wire.tick(day_ms)
        await wire.run()


async def three(lives_max: int) -> tuple[Wire, str, str, str]:
    """Three stories, each begun a day after the one before."""
    wire = Wire(lives_max=lives_max)
    await wire.start()
    for day, (uri, about) in enumerate([("a", "ferry"), ("b", "budget"), ("c", "quake")]):
        wire.clock_ms = NOW_MS + day * DAYS_MS
        wire.feed([article(uri, about)])
        await wire.run()
    return wire, of(wire, "a"), of(wire, "b"), of(wire, "c")


async def merge(wire: Wire, loser: str, winner: str) -> None:
    headers = binary_headers(STORY_EDIT, f"edit-{len(wire.inputs)}", loser, None, "/test")
    value = {"action": "merge", "story_id": loser, "into": winner, "author": "desk"}
    wire.feed([record(value, len(wire.inputs), timestamp_ms=wire.clock_ms, headers=headers)])
    await wire.run()


async def test_beyond_the_bound_the_story_longest_without_news_rests_is_closed_and_forgotten() -> None:
    wire, ferry, budget, quake = await three(lives_max=2)
    seen = []
    for hour in range(3):
        await wire.tick(wire.clock_ms + HOUR_MS * hour)
        await wire.run()
        seen.append(status(wire)[ferry])
    assert seen == [StoryStatus.DORMANT, StoryStatus.CLOSED, StoryStatus.CLOSED]
    assert lives(wire).keys() == {budget, quake}
    assert {status(wire)[budget], status(wire)[quake]} == {StoryStatus.OPEN}
    await wire.tick(wire.clock_ms + HOUR_MS)
    assert lives(wire).keys() == {budget, quake}, "no further than the bound"


async def test_what_is_closed_goes_before_what_runs() -> None:
    wire, ferry, _, quake = await three(lives_max=3)
    await through(wire, NOW_MS + 31 * DAYS_MS)
    assert [life.stage for life in lives(wire).values()] == ["closed", "closed", "dormant"]
    wire.feed([article("d", "quake", number=50, evolved_from="c"), article("e", "budget", number=9)])
    await wire.run()
    await wire.tick(wire.clock_ms)
    assert ferry not in lives(wire)
    assert lives(wire)[quake].stage == "open"
    assert len(lives(wire)) == 3


async def test_a_late_article_of_a_forgotten_story_leaves_it_closed() -> None:
    wire, ferry, *_ = await three(lives_max=2)
    for _ in range(3):
        await wire.tick(wire.clock_ms + HOUR_MS)
        await wire.run()
    assert ferry not in lives(wire)
    wire.feed([article("a2", number=13, evolved_from="a", version="2")])
    await wire.run()
    assert of(wire, "a2") == ferry, "an article's next version stays in its story"
    assert ferry not in wire.backing.spaces["world"].index
    assert lives(wire)[ferry].stage == "closed"
    wire.feed([article("x", number=14)])
    await wire.run()
    assert of(wire, "x") != ferry


async def test_a_withdrawn_story_is_known_until_its_records_are_gone() -> None:
    """Else a late correction would be told to a story that isn't there, which means lost state."""
    wire = Wire(lives_max=1)
    await wire.start()
    wire.feed([article("a"), article("a", **KILL), article("b", "budget"), article("c", "quake")])
    await wire.run()
    withdrawn = next(id for id, state in status(wire).items() if state is StoryStatus.RETRACTED)
    await through(wire, NOW_MS + 30 * DAYS_MS)
    assert withdrawn in lives(wire)
    assert lives(wire)[withdrawn].expired
    wire.feed([article("a", **{**KILL, "version": "3"})])
    await wire.run()
    assert not wire.dead


async def test_a_merged_story_is_forgotten_when_none_of_its_articles_is_remembered() -> None:
    wire, ferry, budget, _ = await three(lives_max=9)
    await merge(wire, budget, ferry)
    space = wire.backing.spaces["world"]
    await through(wire, wire.clock_ms + 59 * DAYS_MS)
    assert space.redirects == {budget: ferry}
    await through(wire, wire.clock_ms + DAYS_MS)
    assert (space.redirects, budget in lives(wire)) == ({}, False)
    assert wire.stories()[budget].story.redirect_to == ferry, "readers are sent on for ever"


@pytest.mark.parametrize("fault", [*CRASHES, *FAULTS])
async def test_a_command_to_a_merged_story_that_is_forgotten_reaches_its_successor(fault: str) -> None:
    wire, ferry, budget, _ = await three(lives_max=1)
    await merge(wire, budget, ferry)
    for _ in range(3):
        await wire.tick(wire.clock_ms + HOUR_MS)
        await wire.run()
    assert wire.backing.spaces["world"].redirects == {}
    wire.feed([article("b", "budget", number=77, version="2")])
    try:
        await wire.run(fault=fault)
    except Crash:
        await wire.start()
    await wire.run()
    await wire.run()
    assert of(wire, "b") == ferry
    assert "77" in wire.stories()[ferry].model_dump_json()
    wire.versions()


async def test_a_batch_that_fails_forgets_nothing() -> None:
    wire, ferry, budget, _ = await three(lives_max=9)
    await merge(wire, budget, ferry)
    await wire.start()
    await through(wire, wire.clock_ms + 59 * DAYS_MS)
    wire.stores["matcher"].fault = "unwritten"
    with pytest.raises(Exception, match="not written"):
        await wire.tick(wire.clock_ms + 2 * DAYS_MS)
    await wire.tick(wire.clock_ms)
    assert wire.backing.spaces["world"].redirects == {}
    assert budget not in lives(wire)

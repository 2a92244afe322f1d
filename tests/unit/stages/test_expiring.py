"""A withdrawn story's records go when its time is over, whatever fails meanwhile."""

from typing import Any

import pytest

from storyline.domain.placing import Life, Patience
from storyline_schemas import StoryStatus
from tests.wires import CRASHES, FAULTS, HOUR_MS, NOW_MS, Crash, Wire, article

DAYS_MS = 24 * HOUR_MS
KILL: dict[str, Any] = {"version": "2", "pub_status": "canceled"}


async def withdrawn() -> Wire:
    wire = Wire()
    await wire.start()
    wire.feed([article("a"), article("b", "budget")])
    await wire.run()
    wire.feed([article("a", **KILL)])
    await wire.run()
    return wire


def last(wire: Wire, topic: str) -> dict[bytes | None, bytes | None]:
    return {output.key: output.value for output in wire.logs[topic]}


def gone(wire: Wire) -> set[str]:
    return {(key or b"").decode() for key, value in last(wire, "stories").items() if value is None}


async def test_it_is_there_until_its_time_and_then_nowhere() -> None:
    wire = await withdrawn()
    (story,) = (id for id, each in wire.stories().items() if each.story.status is StoryStatus.RETRACTED)
    await wire.tick(NOW_MS + 29 * DAYS_MS)
    await wire.run()
    assert (gone(wire), story in wire.backing.stories) == (set(), True)
    await wire.tick(NOW_MS + 30 * DAYS_MS)
    await wire.run()
    assert (gone(wire), story in wire.backing.stories) == ({story}, False)
    parts = last(wire, "story-parts")
    assert {parts[f"{story}/{uri}".encode()] for uri in ("", "a")} == {None}


@pytest.mark.parametrize("fault", [*CRASHES, *FAULTS])
async def test_whatever_fails_its_records_go_once_and_nothing_else_does(fault: str) -> None:
    wire = await withdrawn()
    others = {id: each for id, each in wire.stories().items() if each.story.status is StoryStatus.OPEN}
    await wire.tick(NOW_MS + 30 * DAYS_MS)
    try:
        await wire.run(fault=fault)
    except Crash:
        await wire.start()
    await wire.run()
    assert len(gone(wire)) == 1 and set(wire.backing.stories) == set(others)
    assert not any(wire.backing.unsent.values())
    wire.versions()  # raises if a version was repeated with other bytes


async def test_a_reader_of_all_commands_since_the_beginning_finds_the_same() -> None:
    """As after the updater's group was set back: the story isn't there, and that is no lost state."""
    wire = await withdrawn()
    await wire.tick(NOW_MS + 30 * DAYS_MS)
    await wire.run()
    wire.feed([article("a", **KILL), article("a", version="3", pub_status="canceled")])
    await wire.run()
    wire.committed["updater"] = next(
        at for at, output in enumerate(wire.logs["story-commands"]) if b'"expire"' in (output.value or b"")
    )
    await wire.start()
    await wire.run()
    assert len(gone(wire)) == 1


async def test_an_article_in_time_keeps_it() -> None:
    wire = await withdrawn()
    await wire.tick(NOW_MS + 20 * DAYS_MS)
    wire.feed([article("c", number=31, evolved_from="a")])
    await wire.run()
    await wire.tick(NOW_MS + 31 * DAYS_MS)
    await wire.run()
    assert gone(wire) == set()
    assert frozenset({"c"}) in wire.members()


async def test_the_time_counts_again_after_a_restart() -> None:
    wire = await withdrawn()
    await wire.start()
    await wire.tick(NOW_MS + 30 * DAYS_MS)
    await wire.run()
    assert len(gone(wire)) == 1


async def test_each_space_may_wait_as_long_as_it_likes() -> None:
    wire = Wire(patience=Patience(expired_after_ms=DAYS_MS))
    await wire.start()
    wire.feed([article("a"), article("a", **KILL)])
    await wire.run()
    await wire.tick(NOW_MS + DAYS_MS)
    await wire.run()
    assert len(gone(wire)) == 1


def test_a_life_of_an_earlier_format_is_read() -> None:
    packed = b"\x94\xa4open\x01\xc3\xc2"  # ["open", 1, true, false]
    assert Life.from_bytes(packed) == Life("open", 1, pinned=True)


async def through(wire: Wire, now_ms: int) -> dict[str, bytes]:
    """Time comes to `now_ms`, day by day; what the space knows of its stories' lives then."""
    for day_ms in range(wire.clock_ms, now_ms + 1, DAYS_MS):
        await wire.tick(day_ms)
        await wire.run()
    return wire.backing.spaces["world"].lives


async def test_a_closed_story_is_forgotten_when_none_of_its_articles_is_remembered_any_more() -> None:
    wire = Wire()
    await wire.start()
    wire.feed([article("a")])
    await wire.run()
    (life,) = (await through(wire, NOW_MS + 59 * DAYS_MS)).values()
    assert Life.from_bytes(life).stage == "closed"
    assert await through(wire, NOW_MS + 60 * DAYS_MS) == {}
    (story,) = wire.stories().values()
    assert story.story.status is StoryStatus.CLOSED  # its page stays
    await wire.start()
    wire.feed([article("b", number=9)])
    await wire.run()
    assert len(wire.backing.spaces["world"].lives) == 1


async def test_a_correction_or_withdrawal_keeps_it_as_long_again() -> None:
    wire = Wire()
    await wire.start()
    wire.feed([article("a"), article("b", "budget")])
    await wire.run()
    await through(wire, NOW_MS + 31 * DAYS_MS)
    wire.feed([article("a", version="2", number=31), article("b", "budget", **KILL)])
    await wire.run()
    assert len(await through(wire, NOW_MS + 90 * DAYS_MS)) == 2
    assert await through(wire, NOW_MS + 91 * DAYS_MS) == {}


async def test_an_article_that_is_withdrawn_again_and_again_never_meets_a_forgotten_story() -> None:
    wire = await withdrawn()
    for number in range(3, 8):
        lives = await through(wire, wire.clock_ms + 29 * DAYS_MS)
        assert len(lives) == 2
        again = {"version": str(number)}
        wire.feed([article("a", **again, pub_status="canceled"), article("b", "budget", **again)])
        await wire.run()
    assert await through(wire, wire.clock_ms + 60 * DAYS_MS) == {}

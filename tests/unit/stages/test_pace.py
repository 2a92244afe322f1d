"""What is usual in a space: kept by the matcher, told with every article."""

from storyline.domain.placing.pace import Pace
from storyline.infra.memory import Backing
from storyline_schemas import StoryUpdate
from tests.wires import HOUR_MS, NOW_MS, Wire, article

HOUR = 400_000 * HOUR_MS


def test_nothing_is_usual_before_ten_hours_of_stories_are_known() -> None:
    pace = Pace()
    for story in range(9):
        pace.note(HOUR + story, None)
    assert pace.usual(HOUR + HOUR_MS) is None
    pace.note(HOUR + 9, None)
    assert pace.usual(HOUR + HOUR_MS) == 1.0


def test_a_story_counts_once_an_hour_and_its_articles_all() -> None:
    pace = Pace()
    for hour in range(10):
        begin = HOUR + hour * HOUR_MS
        last = None if hour == 0 else begin - HOUR_MS
        for minute in range(3):
            pace.note(begin + minute, last)
            last = begin + minute
    assert pace.usual(HOUR + 10 * HOUR_MS) == 3.0


def test_the_running_hour_and_what_is_older_than_a_day_dont_count() -> None:
    pace = Pace()
    for story in range(20):
        pace.note(HOUR + story, None)
    assert pace.usual(HOUR + HOUR_MS - 1) is None
    assert pace.usual(HOUR + 24 * HOUR_MS) == 1.0
    assert pace.usual(HOUR + 25 * HOUR_MS) is None
    pace.note(HOUR + 25 * HOUR_MS, None)
    assert len(pace.hours) == 1


def test_it_comes_back_from_its_bytes() -> None:
    pace = Pace()
    for hour in range(30):
        pace.note(HOUR + hour * HOUR_MS, None)
    assert Pace.from_bytes(pace.to_bytes()) == pace == pace.copy()
    assert Pace.from_bytes(b"") == Pace()


async def busy(backing: Backing) -> Wire:
    """A wire whose space had four articles to each of ten stories in the hour before."""
    wire = Wire(backing)
    await wire.start()
    pace = Pace()
    for number in range(40):
        pace.note(NOW_MS - HOUR_MS, None if number % 4 == 0 else NOW_MS - HOUR_MS)
    await wire.run()
    wire.feed([article("warm:1", "quake", version_created="2025-12-31T23:30:00Z")])
    await wire.run()
    backing.spaces["world"].pace = pace.to_bytes()
    wire = Wire(backing)
    await wire.start()
    return wire


async def reports(wire: Wire, count: int) -> list[StoryUpdate]:
    """One update for each of so many publishers' reports within an hour."""
    for number in range(count):
        value = article(f"p:{number}", "ferry", 10 + number, version_created=f"2025-12-31T23:{number:02d}:00Z")
        wire.feed([value])
        await wire.run()
    return [update for update in wire.updates() if "warm:1" not in str(update.change.articles)]


async def test_five_publishers_are_a_burst_where_no_pace_is_known() -> None:
    wire = Wire()
    await wire.start()
    updates = await reports(wire, 6)
    assert [update.notify.mode for update in updates] == ["digest"] * 4 + ["push", "digest"]
    assert updates[-1].velocity is not None and updates[-1].velocity.space_ratio is None


async def test_a_burst_exceeds_three_times_what_is_usual_in_the_space() -> None:
    updates = await reports(await busy(Backing()), 13)
    assert [update.notify.mode for update in updates] == ["digest"] * 11 + ["push", "digest"]
    velocity = updates[-1].velocity
    assert velocity is not None and velocity.space_ratio == 13 / 4

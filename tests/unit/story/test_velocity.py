"""How fast a story grows, what a burst is, and how often a story may push."""

from typing import Any

from storyline.domain.story.velocity import velocity_of
from storyline_schemas import Part, StoryUpdate
from storyline_schemas.events import STORY_EDIT, binary_headers
from tests.wires import HOUR_MS, NOW_MS, Wire, article, record


def part(n: int, hours_ago: float, relation: Any = "original") -> Part:
    at_ms = NOW_MS - int(hours_ago * HOUR_MS)
    return Part(
        article_uri=f"a:{n}", placement=n, revision=(0, 1), n=n, family=f"f{n}", at_ms=at_ms, relation=relation
    )  # fmt: skip


def test_the_pace_of_the_last_hour_beside_that_of_the_hours_before() -> None:
    parts = [part(1, 5), part(2, 3), part(3, 0.5), part(4, 0.2), part(5, 0)]
    velocity = velocity_of(parts, NOW_MS - 5 * HOUR_MS, NOW_MS)
    assert (velocity.reports_per_hour, velocity.ratio) == (3.0, 6.0)  # 2 in 4 hours before


def test_copies_have_no_pace() -> None:
    assert velocity_of([part(1, 0), part(2, 0, "copy")], NOW_MS, NOW_MS).reports_per_hour == 1.0


def test_a_young_story_has_no_usual_pace() -> None:
    assert velocity_of([part(1, 0.5), part(2, 0)], NOW_MS - HOUR_MS // 2, NOW_MS).ratio is None


async def test_a_report_without_a_date_has_no_pace_beside_what_was_written_years_before() -> None:
    wire = Wire()
    await wire.start()
    for number, at in enumerate(("2018-11-11T12:00:00Z", "2018-11-11T12:30:00Z", None)):
        wire.feed([report(number, at)])
        await wire.run()
    last = wire.updates()[-1]
    assert last.story.independent_report_count == 3
    assert (last.velocity.reports_per_hour, last.velocity.ratio) == (1.0, None)


def test_reports_without_dates_have_a_pace_by_when_they_came() -> None:
    assert velocity_of([part(1, 5), part(2, 0)], NOW_MS - 5 * HOUR_MS, NOW_MS).ratio == 4.0


async def test_five_publishers_within_an_hour_are_major_once() -> None:
    wire = Wire()
    await wire.start()
    for number in range(7):
        minute = f"2026-01-01T12:{number:02}:00Z"
        wire.feed([report(number, minute)])
        await wire.run()
    reasons = [update.significance.reasons for update in wire.updates()]
    assert [number for number, said in enumerate(reasons) if "5 publishers within an hour" in said] == [4]
    assert wire.updates()[4].significance.level == "major"


async def test_what_a_crawler_takes_in_at_once_is_no_burst() -> None:
    wire = Wire()
    await wire.start()
    wire.feed([report(number, f"2026-01-01T12:0{number // 6}:{number * 3:02}Z") for number in range(9)])
    await wire.run(size=3)
    assert [each.story.independent_report_count for each in wire.stories().values()] == [9]
    assert "push" not in {update.notify.mode for update in wire.updates()}


async def test_reports_that_a_merge_brings_are_no_burst() -> None:
    wire = Wire()
    await wire.start()
    for number in range(3):
        at = f"2026-01-01T12:{number:02}:00Z"
        wire.feed([article(f"{about[0]}:{number}", about, 10 + number, version_created=at)
                   for about in ("ferry", "budget")])  # fmt: skip
        await wire.run()
    ferry, budget = (next(id for id, each in wire.stories().items() if each.story.sources[0].article_uri == uri)
                     for uri in ("f:0", "b:0"))  # fmt: skip
    edit = {"action": "merge", "story_id": budget, "into": ferry, "author": "desk"}
    headers = binary_headers(STORY_EDIT, "edit-1", budget, None, "/test")
    wire.feed([record(edit, len(wire.inputs), headers=headers)])
    await wire.run()
    assert wire.stories()[ferry].story.article_count == 6
    assert "push" not in {update.notify.mode for update in wire.updates()}


async def test_a_story_that_was_just_pushed_has_no_burst() -> None:
    wire = Wire()
    await wire.start()
    for number in range(7):
        wire.feed([report(number, f"2026-01-01T12:{number:02}:00Z", urgency=2 if number == 0 else 4)])
        await wire.run()
    assert [update.notify.mode for update in wire.updates()] == ["push"] + ["digest"] * 6


async def test_a_story_pushes_so_often_a_day_and_then_goes_to_the_digest() -> None:
    updates = await urgent_reports(9, urgency=2)
    assert [update.notify.mode for update in updates] == ["push"] * 6 + ["digest"] * 3


async def test_breaking_news_are_outside_the_budget() -> None:
    updates = await urgent_reports(9, urgency=1)
    assert {update.notify.mode for update in updates} == {"push"}


async def urgent_reports(count: int, urgency: int) -> list[StoryUpdate]:
    wire = Wire()
    await wire.start()
    for number in range(count):
        wire.feed([report(number, f"2026-01-01T{number:02}:00:00Z", urgency=urgency)])
        await wire.run()
    return wire.updates()


WORDS = ("harbour pilot", "rescue diver", "ship owner", "island mayor", "weather office", "union leader", "deck cook",
         "tug captain", "insurance clerk")  # fmt: skip


def report(number: int, at: str | None, **fields: Any) -> dict[str, Any]:
    """A report of its own: another sentence than the others, about the same ferry."""
    who = WORDS[number]
    body = (
        f"The ferry Alma lies aground off Port Hallow, and the {who} spoke of {number + 21} passengers on deck. "
        f"According to the {who}, the {who}'s own boat reached the ferry Alma {number + 3} hours after the alarm. "
        f"Nobody at the {who}'s desk in Port Hallow could say why the ferry left its lane number {number + 40}."
    )
    headline = f"Ferry Alma aground off Port Hallow: what the {who} saw"
    return article(f"a:{number}", version_created=at, **{"headline": headline, "body": body, **fields})

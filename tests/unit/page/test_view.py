"""What the page service holds: the newest state of each story, whatever topic and order it comes from."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyline.edges.page.asking import Filters, filters
from storyline.edges.page.events import position_id, read_position
from storyline.edges.page.history import as_shown, difference
from storyline.edges.page.view import RANGES_MAX, Bounds, View, ranges_of
from storyline.record import Record
from tests.e2e.paper import arabic, ferry, hebrew, merged, short, update, withdrawn

from .world import PARTITIONS, Log, Site


def fed(*records: Record, bounds: Bounds | None = None) -> View:
    view = View(bounds or Bounds())
    view.begin(dict.fromkeys(range(PARTITIONS), 0))
    for record in records:
        view.apply(record)
    return view


def listed(view: View, wanted: Filters = Filters()) -> list[str]:  # noqa: B008 - frozen
    return [row.id for row in view.page(wanted, None, 100)[0]]


@given(st.integers(0, 100))
def test_every_interleaving_of_the_two_topics_ends_in_the_same_view(seed: int) -> None:
    log = Log()
    pairs = [log.updated(ferry(version)) for version in (1, 2, 3)]
    orders = list(itertools.combinations(range(6), 3))
    at = orders[seed % len(orders)]
    updates, states = iter([pair[0] for pair in pairs]), iter([pair[1] for pair in pairs])
    view = fed(*(next(updates) if n in at else next(states) for n in range(6)))
    row = view.rows["st-ferry"]
    assert (row.version, row.level, row.article_count) == (3, "major", 3)
    assert [version.number for version in view.versions("st-ferry")] == [1, 2, 3]


def test_a_repeated_update_happens_once() -> None:
    log = Log()
    record, _ = log.updated(ferry(1))
    view = fed(record)
    assert view.apply(record) is None
    assert len(view.versions("st-ferry")) == 1


def test_stories_are_listed_newest_change_first_and_merged_ones_not_at_all() -> None:
    site = Site()
    site.feed([short(0), ferry(1), merged(1), merged(2), hebrew()])
    assert listed(site.view) == ["st-library-he", "st-ferry", "st-short-0"]


def test_a_withdrawn_story_is_listed_for_who_asks_for_withdrawn_ones() -> None:
    site = Site()
    site.feed([withdrawn(1), withdrawn(2)])
    assert listed(site.view) == []
    assert listed(site.view, filters({"status": "retracted"})) == ["st-mill"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"language": "ar"}, ["st-bridge-ar"]),
        ({"level": "major"}, ["st-ferry"]),
        ({"q": "insulin"}, ["st-ferry"]),
        ({"q": "الوردية"}, ["st-bridge-ar"]),
        ({"q": "insulin", "language": "ar"}, []),
        ({"q": "Insulin  lindow"}, ["st-ferry"]),
    ],
)
def test_filters_and_words_hold_together(asked: dict[str, str], found: list[str]) -> None:
    site = Site()
    site.feed([ferry(1), ferry(2), ferry(3), arabic()])
    assert listed(site.view, filters(asked)) == found


@given(st.integers(1, 7), st.booleans())
def test_pages_in_a_row_give_every_story_once_and_in_order(limit: int, searched: bool) -> None:
    site = Site()
    site.feed(short(number) for number in range(20))
    wanted = filters({"q": "council"} if searched else {})
    found, after = site.view.page(wanted, None, limit)
    while after is not None:
        more, after = site.view.page(wanted, after, limit)
        found += more
    assert [row.id for row in found] == [f"st-short-{number}" for number in range(20)]


def test_no_more_stories_are_held_than_may_be_and_the_newest_stay() -> None:
    site = Site(bounds=Bounds(stories=5))
    site.feed(short(number) for number in range(20, -1, -1))
    assert listed(site.view) == [f"st-short-{number}" for number in range(5)]
    assert site.view.forgotten == 16


def test_no_more_text_is_held_than_may_be() -> None:
    site = Site(bounds=Bounds(text_bytes=3_000))
    site.feed(short(number) for number in range(20))
    held = [site.view.kept(f"st-short-{number}") for number in range(20)]
    assert 0 < sum(len(kept.story) for kept in held if kept) <= 3_000


def test_no_more_versions_are_held_than_may_be() -> None:
    site = Site(bounds=Bounds(versions=10))
    site.feed(short(number) for number in range(30))
    assert sum(len(site.view.versions(f"st-short-{number}")) for number in range(30)) == 10


def test_what_happened_since_a_position_is_known_until_the_bound() -> None:
    site = Site(bounds=Bounds(happened=3))
    begin = site.view.position
    site.feed([ferry(1), ferry(2)])
    middle = site.view.position
    assert [each.version for each in site.view.since(begin) or []] == [1, 2]
    site.feed([ferry(3), short(1), short(2)])
    assert site.view.since(begin) is None
    assert [each.id for each in site.view.since(middle) or []] == ["st-ferry", "st-short-1", "st-short-2"]


@pytest.mark.parametrize("position", [(0,), (9, 9, 9, 9), (0, 0, 0, 0, 0)])
def test_a_position_that_was_never_ours_is_not_known(position: tuple[int, ...]) -> None:
    assert Site().view.since(position) is None


@given(st.lists(st.integers(0, 2**50), min_size=1, max_size=20))
def test_a_position_comes_back_from_its_id(position: list[int]) -> None:
    assert read_position(position_id(tuple(position))) == tuple(position)


def test_only_what_the_version_before_did_not_say_is_marked() -> None:
    found = difference(ferry(1).story, ferry(2).story)
    assert found.marks == {("s1", 0), ("s2", 0), ("s2", 1)}
    assert found.removed == 1


def test_an_earlier_version_loses_what_was_withdrawn_since() -> None:
    then, now = ferry(3).story, ferry(3).story
    left = tuple(source for source in now.sources if source.n != 2)
    sections = tuple(section for section in now.sections if section.id != "s2")
    now = now.model_copy(update={"sources": left, "sections": sections, "headline": "Another headline", "version": 4})
    shown, taken = as_shown(then, now)
    assert taken == 2
    assert "insulin" not in shown.to_json().decode().lower()
    assert shown.headline == "Another headline"
    assert [source.n for source in shown.sources] == [1, 3]


def test_a_summary_that_quotes_a_withdrawn_article_is_not_shown_any_more() -> None:
    site = Site()
    site.feed([withdrawn(1), withdrawn(2)])
    first, second = site.view.versions("st-mill")
    live = site.view.rows["st-mill"].live
    assert first.summary_shown(live) == ""
    assert second.summary_shown(live) == "The last article of this story was withdrawn."


def test_a_summary_with_the_figure_of_a_withdrawn_article_is_not_shown_any_more() -> None:
    made = ferry(2)
    change = made.change.model_copy(update={"summary": "Courier (invented) corrects: 12 crossings, now 14."})
    site = Site()
    site.feed([ferry(1), made.model_copy(update={"change": change})])
    second = site.view.versions("st-ferry")[1]
    came = {each.n for each in change.articles}
    everything = {source.n for source in made.story.sources}
    assert came < everything, "an article that this version doesn't bring may have had the first figure"
    assert second.summary_shown(frozenset(everything)) == change.summary
    assert second.summary_shown(frozenset(came)) == ""


@given(st.sets(st.integers(1, 60)))
def test_what_a_summary_rests_on_is_kept_in_few_ranges_and_is_never_less_than_it_was(numbers: set[int]) -> None:
    kept = ranges_of(numbers)
    covered = {number for each in kept for number in each}
    assert len(kept) <= RANGES_MAX and covered >= numbers
    holes = sum(number + 1 not in numbers for number in numbers)
    assert covered == numbers or holes > RANGES_MAX


def test_a_thousand_sources_are_one_range() -> None:
    assert ranges_of(range(1_000, 0, -1)) == (range(1, 1_001),)
    assert ranges_of(range(1, 1_000, 2)) == (range(1, 1_000),)


def test_a_removed_story_is_gone_and_comes_back_if_it_is_written_again() -> None:
    site = Site()
    site.feed([ferry(1)])
    site.view.apply(site.log.removed("st-ferry"))
    assert site.view.is_gone("st-ferry")
    assert listed(site.view) == []
    site.feed([ferry(2)])
    assert not site.view.is_gone("st-ferry")
    assert listed(site.view) == ["st-ferry"]


def test_languages_are_counted_as_they_are_listed() -> None:
    site = Site()
    site.feed([ferry(1), ferry(2), arabic(), merged(1), merged(2)])
    assert +site.view.languages == {"en": 1, "ar": 1}
    assert update("st-x", 1, "x", [], []).story.language == "en"

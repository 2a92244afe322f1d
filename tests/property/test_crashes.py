"""A fault at any point, any number of times: nothing lost, nothing counted twice, no gap, repeats byte-identical."""

import asyncio
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from storyline.domain.matching import Index, MergeDecision, Profile
from storyline.domain.matching.live import Live
from storyline.infra.memory import Space, follow
from storyline_schemas import Story
from tests.examples import examples
from tests.wires import CRASHES, FAULTS, TOPICS, Crash, Wire, article

Values = dict[str, object]
Round = tuple[list[Values], str | None, int]
"""What comes in, what goes wrong, and how many records a batch takes."""


@st.composite
def versions(draw: st.DrawFn) -> Values:
    """One version of one of six articles; what it says follows from (uri, version), so that repeats are repeats."""
    number, version = draw(st.integers(0, 5)), draw(st.integers(1, 3))
    status = "canceled" if (number + version) % 5 == 0 else "usable"
    return article(
        f"a:{number}", list(TOPICS)[number % 3], 10 + number + version, version=str(version), pub_status=status
    )  # fmt: skip


def rounds(faults: list[str]) -> st.SearchStrategy[list[Round]]:
    batch = st.lists(versions(), max_size=6)
    return st.lists(st.tuples(batch, st.none() | st.sampled_from(faults), st.integers(1, 12)), min_size=1, max_size=6)


any_rounds = rounds(CRASHES + FAULTS)


async def run(rounds: list[Round]) -> Wire:
    """Feed round by round, starting again after each crash, then once through without a fault."""
    wire = Wire()
    await wire.start()
    for values, fault, size in rounds:
        wire.feed(values)
        try:
            await wire.run(size, fault)
        except Crash:
            await wire.start()
    await wire.run()
    return wire


def newest(rounds: list[Round]) -> set[str]:
    """What must be live in the end: each uri's newest version, unless that is a cancellation."""
    last: dict[str, Values] = {}
    for value in (each for values, _, _ in rounds for each in values):
        known = last.get(str(value["uri"]))
        if known is None or int(str(value["version"])) > int(str(known["version"])):
            last[str(value["uri"])] = value
    return {uri for uri, value in last.items() if value["pub_status"] == "usable"}


def oldest_two(index: Index, story_id: str) -> MergeDecision | None:
    """In place of the engine's judgement, which has its own tests: with three live stories, two become one."""
    if len(index) < 3:
        return None
    first, second, *_ = sorted(index._stories)
    return MergeDecision(second, first, 0.9, "because")


def assert_nothing_lost_or_double(wire: Wire, rounds: list[Round]) -> None:
    live = [uri for members in wire.members() for uri in members]
    assert sorted(live) == sorted(newest(rounds))


def assert_versions_without_gap(wire: Wire) -> None:
    assert all(found == list(range(1, len(found) + 1)) for found in wire.versions().values())


def assert_topics_are_the_stores(wire: Wire) -> None:
    stories = wire.backing.stories
    last = {output.key.decode(): output.value for output in wire.logs["stories"] if output.key}
    assert last == {story_id: stored.story for story_id, stored in stories.items()}
    parts = {output.key.decode(): output.value for output in wire.logs["story-parts"] if output.key}
    stored = {f"{id}/": story.head for id, story in stories.items()}
    stored |= {f"{id}/{uri}": part for id, story in stories.items() for uri, part in story.parts.items()}
    assert {key: value for key, value in parts.items() if value is not None} == stored


def assert_index_is_the_fold_of_its_members(wire: Wire) -> None:
    """A story's value is what joining its live articles in the order of their placements makes of it."""
    for space in wire.backing.spaces.values():
        folded = Index()
        for story, uri, profile, placement in members_in_order(space):
            folded.join(story, uri, profile, placement)
        assert {story: meaning(folded.dump(story)) for story in folded._stories} == {
            story: meaning(value) for story, value in space.index.items()
        }


def meaning(value: bytes) -> object:
    """A value of the index, whatever the order in which its terms came; no decision depends on that."""
    live = Live.from_bytes("", value)
    body = zip(live.body.terms.tolist(), live.body.weights.tolist(), live.body.counts.tolist(), strict=True)
    return live.members, live.languages, live.bodies, sorted(body), sorted(live.title.of.items())


def members_in_order(space: Space) -> list[tuple[str, str, Profile, int]]:
    live = [each for each, _ in space.assignments.values() if each.profile is not None]
    return [
        (follow(space.redirects, each.story_id), each.uri, Profile.from_bytes(each.profile or b""), each.placement)
        for each in sorted(live, key=lambda each: each.placement)
    ]


def assert_losers_point_to_winners(wire: Wire) -> None:
    stories = {id: Story.model_validate_json(stored.story) for id, stored in wire.backing.stories.items()}
    redirects = {loser: into for space in wire.backing.spaces.values() for loser, into in space.redirects.items()}
    assert {id: story.redirect_to for id, story in stories.items() if story.status == "merged"} == redirects


@given(any_rounds)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_fails_every_article_is_in_exactly_one_story(rounds):
    assert_nothing_lost_or_double(asyncio.run(run(rounds)), rounds)


@given(rounds(["updater committed", "updater sending", "updater again"]))
@settings(max_examples=examples(60), deadline=None)
def test_whatever_fails_versions_have_no_gap_and_repeats_are_byte_identical(rounds):
    assert_versions_without_gap(asyncio.run(run(rounds)))


@given(any_rounds)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_fails_the_compacted_topics_hold_what_the_store_holds(rounds):
    assert_topics_are_the_stores(asyncio.run(run(rounds)))


@given(any_rounds)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_fails_the_index_is_the_fold_of_its_members(rounds):
    assert_index_is_the_fold_of_its_members(asyncio.run(run(rounds)))


@given(any_rounds)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_fails_merged_stories_lose_and_double_nothing(rounds):
    with patch.object(Index, "merge_for", oldest_two):
        wire = asyncio.run(run(rounds))
        assert_nothing_lost_or_double(wire, rounds)
        assert_versions_without_gap(wire)
        assert_topics_are_the_stores(wire)
        assert_losers_point_to_winners(wire)
        assert_index_is_the_fold_of_its_members(wire)


@given(any_rounds)
@settings(max_examples=examples(60), deadline=None)
def test_neither_faults_nor_batching_change_which_articles_are_together(rounds):
    calm: list[Round] = [(values, None, 100) for values, _, _ in rounds]
    assert asyncio.run(run(rounds)).members() == asyncio.run(run(calm)).members()

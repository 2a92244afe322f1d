"""A story that looks like two is told so to editors, and never split by itself."""

import pytest

from storyline.domain.story import Evolution, StoryState, evolve
from storyline.edges.page.listing import newest, proposal_text
from storyline.record import Record
from storyline_schemas import Add, Open, Pin, SplitProposal, StoryCommand
from tests.wires import Wire, arrival, article

from .stories import STORY, add, retract


def told(uri: str, placement: int, about: str, opens: bool = False) -> Open | Add:
    command = add(uri, placement, about=about, opens=opens)
    profile = arrival(article(uri, about, 10 + placement)).profile()
    return command.model_copy(update={"profile": profile.to_json()})


MIXED: list[StoryCommand] = [
    told("a:1", 1, "ferry", opens=True), told("b:1", 2, "budget"), told("a:2", 3, "ferry"), told("b:2", 4, "budget"),
]  # fmt: skip


def state_of(evolution: Evolution) -> StoryState:
    assert evolution.state is not None
    return evolution.state


@pytest.fixture
def mixed() -> StoryState:
    return state_of(evolve(STORY, None, MIXED))


def test_two_groups_of_sources_are_proposed_with_the_evidence(mixed: StoryState) -> None:
    proposal = mixed.story.split_proposal
    assert proposal is not None
    assert (proposal.first, proposal.second) == ((1, 3), (2, 4))
    assert proposal.across < proposal.within


def test_nothing_is_split_by_itself(mixed: StoryState) -> None:
    assert mixed.story.article_count == 4
    assert not evolve(STORY, None, MIXED).commands


def test_a_story_of_one_matter_has_no_proposal() -> None:
    commands = [told(f"a:{n}", n, "ferry", opens=n == 1) for n in range(1, 5)]
    assert state_of(evolve(STORY, None, commands)).story.split_proposal is None


def test_it_stands_until_one_of_the_groups_is_gone(mixed: StoryState) -> None:
    once = state_of(evolve(STORY, mixed, [retract("b:1", 2, 2)]))
    assert once.story.split_proposal == mixed.story.split_proposal
    twice = state_of(evolve(STORY, once, [retract("b:2", 4, 2)]))
    assert twice.story.split_proposal is None


def test_a_person_who_pins_the_story_has_decided(mixed: StoryState) -> None:
    pin = Pin(story_id=STORY, space="world", at_ms=1, cause="pin", pinned=True, reason="one matter")
    assert state_of(evolve(STORY, mixed, [pin])).story.split_proposal is None


def test_a_profile_of_another_format_proposes_nothing() -> None:
    commands = [each.model_copy(update={"profile": {"v": 9, "b": "kgk="}}) for each in MIXED]  # [9] in MessagePack
    assert state_of(evolve(STORY, None, commands)).story.split_proposal is None


async def test_the_list_of_proposals_shows_both_groups_and_what_to_do(mixed: StoryState) -> None:
    async def records():  # type: ignore[no-untyped-def]
        other = mixed.story.model_copy(update={"id": "st-other", "split_proposal": None})
        for number, story in enumerate((mixed.story, other)):
            yield Record("stories", 0, number, 0, story.id.encode(), story.to_json())

    [row] = await newest(records(), 10, proposals=True)
    text = proposal_text(row)
    assert "Ferry runs aground off Port Hallow" in text and "Senate of Vardania passes budget" in text
    assert f"storyline edit split {STORY} URI…" in text
    assert row.report()["split_proposal"]["first"][0]["uri"] == "a:1"


async def test_what_the_matcher_keeps_apart_is_not_proposed() -> None:
    wire = Wire()
    await wire.start()
    wire.feed([article(f"{about}:{n}", about, n) for n in range(1, 5) for about in ("ferry", "budget", "quake")])
    await wire.run()
    proposals: list[SplitProposal | None] = [update.story.split_proposal for update in wire.stories().values()]
    assert proposals == [None] * 3

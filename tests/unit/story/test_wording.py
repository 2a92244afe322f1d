"""A proposed wording lies over a section for as long as that stands; after that the sources' words are back."""

from typing import Any

import pytest

from storyline.domain.story import StoryState, state_of, stored_bytes
from storyline.domain.story.state import Head
from storyline_schemas import Lock, Propose, Section
from storyline_schemas.commands import ProposedSentence
from tests.unit.story.stories import STORY, add, after, merge, opened, retract, then
from tests.wires import NOW_MS

TALE = (
    "Mayor Dana Holt opened the harbour bridge in Linden City, and engineers began the last tests of its cables.\n\n"
    "The harbour bridge, which cost 40 million crowns, is closed to lorries until May, the city said.\n\n"
    "Linden City had waited for the harbour bridge since a storm took the old one nine years ago.\n\n"
    "Engineers will test the cables of the bridge for six weeks, and lorries must take the ferry."
)
FIELDS = {"headline": "Mayor opens harbour bridge in Linden City", "body": TALE}


def story(*more: Any) -> StoryState:
    return after(opened(**FIELDS), *more)


def halves(section: Section) -> list[ProposedSentence]:
    """The section with its first sentence in two."""
    first, *rest = section.sentences
    head, tail = first.text.split(", and ", 1)
    texts = [f"{head}.", tail[0].upper() + tail[1:], *(sentence.text for sentence in rest)]
    cited = [first.citations, *(each.citations for each in section.sentences)]
    return [ProposedSentence(text=text, citations=n) for text, n in zip(texts, cited, strict=True)]


def proposal(state: StoryState, at: int = 0, cause: str = "the update", **more: Any) -> Propose:
    section = state.story.sections[at]
    fields: dict[str, Any] = {"section_hash": section.hash, "sentences": tuple(halves(section))} | more
    return Propose(
        story_id=STORY, space="world", at_ms=NOW_MS, cause=cause, section_id=section.id, **fields
    )  # fmt: skip


def worded() -> StoryState:
    before = story()
    return then(before, proposal(before)).state


def reasons(state: StoryState | None, *commands: Any) -> list[str]:
    return [outcome.reason or outcome.kind for outcome in then(state, *commands).outcomes]


def test_a_wording_is_a_version_of_its_own_that_wakes_nobody() -> None:
    before = story()
    evolution = then(before, proposal(before))
    update = evolution.update
    assert (update.change.kind, update.notify.mode, update.significance.level) == ("prose", "silent", "minor")
    assert update.story.version == before.story.version + 1 and update.story.updated_at == before.story.updated_at
    assert update.change.sections.changed == (before.story.sections[0].id,) and not update.change.articles
    section = update.story.sections[0]
    assert section.rewritten and len(section.sentences) == len(before.story.sections[0].sentences) + 1
    assert update.story.sections[1:] == before.story.sections[1:]


def test_a_repeated_proposal_changes_nothing() -> None:
    before = story()
    state = worded()
    assert reasons(state, proposal(before)) == ["duplicate"]
    assert then(state, proposal(before)).update is None


@pytest.mark.parametrize(
    "more, reason",
    [
        ({"section_hash": "of yesterday"}, "the section has changed since"),
        ({"heading": "Mayor celebrates"}, "headings are not reworded"),
        ({"sentences": ()}, "a sentence of the section is left out or told in another order"),
        (
            {"sentences": (ProposedSentence(text="Vote for Emil Hask.", citations=(1,)),)},
            "a sentence has words, signs or an order that its source has not",
        ),
    ],
)
def test_a_proposal_that_may_not_be_is_refused_with_its_reason(more, reason) -> None:
    before = story()
    evolution = then(before, proposal(before, **more))
    assert evolution.update is None and [each.reason for each in evolution.outcomes] == [reason]


def test_citations_of_its_own_are_refused() -> None:
    before = story()
    lies = tuple(each.model_copy(update={"citations": (1, 7)}) for each in halves(before.story.sections[0]))
    assert reasons(before, proposal(before, sentences=lies)) == ["a sentence doesn't cite what it rests on"]


def test_a_proposal_to_what_isnt_there_is_refused_and_ends_nobody() -> None:
    before = story()
    gone = proposal(before).model_copy(update={"section_id": "s99"})
    assert reasons(before, gone) == ["the story has no such section"]
    assert reasons(None, proposal(before)) == ["there is no such story"]
    assert reasons(story(merge()), proposal(before)) == ["the story is merged"]


def test_a_locked_section_is_not_reworded_and_a_wording_can_be_locked() -> None:
    before = story()
    lock = Lock(
        story_id=STORY, space="world", at_ms=NOW_MS, cause="a person", section_id=before.story.sections[0].id,
        locked=True, reason="mine", author="desk",
    )  # fmt: skip
    assert reasons(before, lock, proposal(before)) == ["applied", "the section is locked"]
    now = then(worded(), lock).state.story.sections[0]
    assert now == worded().story.sections[0].model_copy(update={"locked": True})


def test_a_wording_stands_while_others_change() -> None:
    state = worded()
    assert then(state, add("a:2", 2, about="quake")).state.story.sections[0] == state.story.sections[0]


def test_what_rests_on_a_killed_article_goes_at_once() -> None:
    state = then(worded(), add("a:2", 2, about="quake")).state
    killed = then(state, retract("a:1", 1, 2)).state
    assert not killed.head.extracted and not any(section.rewritten for section in killed.story.sections)
    stored = stored_bytes(killed)
    assert b"cables" not in stored.story + stored.head + b"".join(stored.parts.values())


def test_a_revision_that_no_longer_says_it_takes_it_back_and_one_that_does_leaves_it() -> None:
    state = worded()
    same = then(state, add("a:1", 1, 2, **FIELDS)).state
    assert same.story.sections[0] == state.story.sections[0]
    less = FIELDS | {"body": TALE.replace(", and engineers began the last tests of its cables", "")}
    assert not any(section.rewritten for section in then(state, add("a:1", 1, 3, **less)).state.story.sections)


def test_the_page_goes_on_as_if_there_were_no_model() -> None:
    came = [add("a:2", 2, **FIELDS | {"headline": "Lorries take the ferry in Linden City"}), retract("a:1", 1, 2)]
    with_it, without = worded(), story()
    for command in came:
        with_it, without = then(with_it, command).state, then(without, command).state
        assert with_it.page.sections == without.page.sections and with_it.page.state == without.page.state


def test_proposals_are_judged_on_the_page_that_their_batch_leads_to() -> None:
    before = story()
    evolution = then(before, proposal(before), retract("a:1", 1, 2))
    assert [outcome.kind for outcome in evolution.outcomes] == ["refused", "applied"]


def test_the_same_bytes_come_back_from_the_records() -> None:
    state = worded()
    assert stored_bytes(state_of(stored_bytes(state))) == stored_bytes(state)
    assert Head.model_validate_json(state.head.to_json()).extracted[0].hash == story().story.sections[0].hash

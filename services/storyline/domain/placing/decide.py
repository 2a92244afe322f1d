"""What is done with one arrival: a pure decision, carried out by `space`.

A uri stays in its story. Equal revisions repeat the stored decision, older ones are skipped, newer ones take the
old one's place; a cancellation outlives every revision up to its own, also of an article never seen. Of a version and
a time in place of one neither is older: there the cancellation wins, whichever comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from storyline_schemas import Add, Match, Open, Retract, Revision, StoryCommand
from storyline_schemas import story_id as mint

from ..matching import Profile
from ..ports import Assignment
from .arrival import Arrival

if TYPE_CHECKING:
    from .space import Space

TIMES = range(631_152_000_000, 10**13)
"""Revisions in it are taken for times in ms, 1990 to 2286; versions like 20260305 or 202603051230 aren't in it."""

WhatFor = Literal[
    "opened", "joined", "revised", "evolved", "returned", "retracted", "remembered", "repeated", "older"
]  # fmt: skip
Reason = Literal["canceled", "withheld", "superseded"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An article enters a story's value in the index, or its newer version takes the older one's place there."""

    story_id: str
    uri: str
    profile: Profile
    placement: int


@dataclass(frozen=True, slots=True)
class Exit:
    """An article leaves a story's value in the index."""

    story_id: str
    uri: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done. `assignments` are absolute; `next_placement` is the number after those given."""

    outcome: WhatFor
    next_placement: int
    assignments: tuple[Assignment, ...] = ()
    commands: tuple[StoryCommand, ...] = ()
    entry: Entry | None = None
    exits: tuple[Exit, ...] = ()


def decide(arrival: Arrival, known: Mapping[str, Assignment], space: "Space") -> Verdict:
    """Decide on one arrival, given the assignments of its uri and of the one it evolved from, as far as they exist."""
    stored = known.get(arrival.uri)
    if stored is not None and is_older(arrival, stored.revision, stored.canceled):
        return Verdict("older", space.next_placement)
    if stored is not None and arrival.revision == stored.revision and (arrival.usable or stored.canceled):
        return Verdict("repeated", space.next_placement, commands=_again(arrival, stored, space))
    if not arrival.usable:
        return _withdraw(arrival, stored, space)
    if stored is None:
        return _evolve(arrival, known, space) or _place(arrival, space, None)
    if stored.canceled:
        return _place(arrival, space, stored)
    return _revise(arrival, stored, space)


def is_older(arrival: Arrival, revision: Revision, canceled: bool = False) -> bool:
    """Whether an arrival is older than a revision that is known, or loses to it as one that was `canceled`."""
    if canceled == arrival.usable and _is_unlike(arrival.revision, revision):
        return canceled
    return arrival.revision < revision


def _is_unlike(one: Revision, other: Revision) -> bool:
    """Whether one is a version and the other a time in place of one: such have no order that means anything."""
    return _is_time(one[1]) != _is_time(other[1])


def _is_time(number: int | str) -> bool:
    return isinstance(number, int) and number in TIMES


# ---- an article is used


def _place(arrival: Arrival, space: "Space", before: Assignment | None) -> Verdict:
    profile, placement = space.profile_of(arrival), space.next_placement
    decision = space.index.decide(profile)
    opened = decision.story_id is None
    story = decision.story_id or mint(space.name, arrival.uri, placement)
    assignment = Assignment(
        arrival.uri, story, placement, arrival.revision, opened, False, _share(decision.score) or 0.0,
        decision.runner_up, _share(decision.runner_up_score), decision.method, arrival.at_ms, profile.to_bytes(),
        space.pace.usual(arrival.arrived_ms or arrival.at_ms),
    )  # fmt: skip
    outcome: WhatFor = "returned" if before else "opened" if opened else "joined"
    return _enter(outcome, arrival, assignment, profile, space)


def _enter(outcome: WhatFor, arrival: Arrival, assignment: Assignment, profile: Profile, space: "Space") -> Verdict:
    return Verdict(
        outcome,
        max(space.next_placement, assignment.placement + 1),
        (assignment,),
        (_command(arrival, assignment, profile, space),),
        Entry(space.current(assignment.story_id), arrival.uri, profile, assignment.placement),
    )


def _revise(arrival: Arrival, stored: Assignment, space: "Space") -> Verdict:
    profile = space.profile_of(arrival)
    assignment = replace(stored, revision=arrival.revision, at_ms=arrival.at_ms, profile=profile.to_bytes())
    return _enter("revised", arrival, assignment, profile, space)


def _evolve(arrival: Arrival, known: Mapping[str, Assignment], space: "Space") -> Verdict | None:
    """The article replaces one with another uri: it inherits that one's story, and that one leaves."""
    before = known.get(arrival.article.evolved_from or "")
    if before is None or before.uri == arrival.uri or not before.story_id:
        return None
    if space.lives.expired(space.current(before.story_id)):
        return None  # that one may not be there any more
    story, placement, profile = space.current(before.story_id), space.next_placement, space.profile_of(arrival)
    assignment = Assignment(
        arrival.uri, story, placement, arrival.revision, False, False, 1.0, None, None, "evolved",
        arrival.at_ms, profile.to_bytes(),
    )  # fmt: skip
    verdict = _enter("evolved", arrival, assignment, profile, space)
    if before.canceled:
        return verdict
    # A new placement, because the revision of the one that leaves stays what it was.
    gone = _without(before, placement + 1, before.revision, "superseded", arrival.at_ms)
    return replace(
        verdict,
        next_placement=placement + 2,
        assignments=(*verdict.assignments, gone),
        commands=(*verdict.commands, _retract(gone, arrival, space)),
        exits=(Exit(story, before.uri),),
    )


# ---- an article is not used any more


def _withdraw(arrival: Arrival, stored: Assignment | None, space: "Space") -> Verdict:
    reason: Reason = "withheld" if arrival.article.pub_status == "withheld" else "canceled"
    if stored is None:
        unseen = Assignment(
            arrival.uri, "", 0, arrival.revision, False, True, 1.0, None, None, reason, arrival.at_ms, None
        )  # fmt: skip
        return Verdict("remembered", space.next_placement, (unseen,))
    # One of the very version that is used wins, or one that can't be compared, which takes a higher placement.
    placement = space.next_placement if arrival.revision <= stored.revision else stored.placement
    gone = _without(stored, placement, arrival.revision, reason, arrival.at_ms)
    return Verdict(
        "retracted",
        max(space.next_placement, placement + 1),
        (gone,),
        (_retract(gone, arrival, space),) if stored.story_id else (),
        exits=(Exit(space.current(stored.story_id), arrival.uri),) if stored.story_id else (),
    )


def _without(stored: Assignment, placement: int, revision: Revision, reason: Reason, at_ms: int) -> Assignment:
    return replace(
        stored, placement=placement, revision=revision, canceled=True, opened=False, profile=None,
        method=reason, at_ms=at_ms,
    )  # fmt: skip


# ---- as commands


def _again(arrival: Arrival, stored: Assignment, space: "Space") -> tuple[StoryCommand, ...]:
    """The command that the stored decision led to."""
    if not stored.story_id:
        return ()
    if stored.profile is None:
        return (_retract(stored, arrival, space),)
    return (_command(arrival, stored, Profile.from_bytes(stored.profile), space),)


def _command(arrival: Arrival, assignment: Assignment, profile: Profile, space: "Space") -> Open | Add:
    story = space.current(assignment.story_id)
    kind = Open if assignment.opened and story == assignment.story_id else Add
    return kind(
        story_id=story, space=space.name, at_ms=assignment.at_ms, cause=arrival.cause, article_uri=arrival.uri,
        placement=assignment.placement, revision=arrival.article.revision, article=arrival.article,
        profile=profile.to_json(), handed=space.lives.handed(story), expired=space.lives.expired(story),
        match=Match(
            article_uri=arrival.uri, score=assignment.score, runner_up=assignment.runner_up,
            runner_up_score=assignment.runner_up_score, method=assignment.method, space_pace=assignment.space_pace,
        ),
    )  # fmt: skip


def _retract(gone: Assignment, arrival: Arrival, space: "Space") -> Retract:
    correction, story = arrival.article.correction, space.current(gone.story_id)
    return Retract.model_validate(
        {
            "story_id": story, "space": space.name, "at_ms": gone.at_ms, "handed": space.lives.handed(story),
            "expired": space.lives.expired(story),
            "cause": arrival.cause, "article_uri": gone.uri, "placement": gone.placement, "revision": gone.revision,
            "reason": gone.method, "note": correction.note if correction else None,
        }
    )  # fmt: skip


def _share(score: float | None) -> float | None:
    """A probability as the contract wants it, whatever rounding did to it."""
    return None if score is None else min(1.0, max(0.0, score))

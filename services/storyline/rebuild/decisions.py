"""The matcher's decisions, as parts and commands tell them: of each article the last (placement, revision)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from storyline_schemas import (
    Adopt,
    Close,
    Expire,
    Lock,
    Match,
    Merge,
    Part,
    Pin,
    Propose,
    Rename,
    Reopen,
    Retract,
    Revision,
    Split,
    story_id,
)
from storyline_schemas.commands import Placed

from ..domain.matching import Habits, Index, Profile, without_others_direction
from ..domain.placing import Life
from ..domain.placing.lives import Stage
from ..domain.placing.pace import Pace
from ..domain.ports import Assignment, Hold

GONE = "canceled"
"""The method of an article whose tombstone doesn't say why it left."""


class Told(Placed):
    """An `open` or `add` without its article, which decides nothing here and is most of its bytes."""

    type: Literal["open", "add"]
    profile: dict[str, Any]
    match: Match


Decision = Annotated[
    Told | Retract | Adopt | Merge | Split | Close | Reopen | Expire | Rename | Pin | Lock | Propose,
    Field(discriminator="type"),
]
DECISION: TypeAdapter[Decision] = TypeAdapter(Decision)
"""Reads a value of `story-commands`. Raises pydantic.ValidationError."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the matcher remembers of a record of `articles` beside what is in parts and commands.

    Either a `hold` (it is embargoed) or an `assignment` (withdrawn; it counts if the article was never placed).
    """

    space: str
    uri: str
    revision: Revision
    hold: Hold | None = None
    assignment: Assignment | None = None


@dataclass(slots=True)
class SpaceDecisions:
    """One space's decisions, in any order of telling."""

    space: str
    assignments: dict[str, Assignment] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    merged_ms: dict[str, int] = field(default_factory=dict)
    """Story → when a command that merged it was written down."""
    next_placement: int = 1
    holds: dict[str, tuple[Revision, Hold]] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    """Story → where it is in its life."""
    moved: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Uri → (story, placement) that a person gave it while it was on its way to another."""
    pins: dict[str, bool] = field(default_factory=dict)
    """Story → whether a person has pinned it, of those that `lives` may not have right."""
    written_ms: dict[str, int] = field(default_factory=dict)
    """Uri → when its decision was written down, from which its lifetime counts."""

    def note_part(self, story: str, part: Part, written_ms: int) -> None:
        """A story keeps this of an article."""
        if part.moved is not None:
            self.moved[part.article_uri] = (part.moved.into, part.placement)
        self._note(_from_part(self.space, story, part), written_ms)

    def note_command(self, command: Decision, written_ms: int) -> None:
        """The matcher told a story this; of equal (placement, revision) the command says more than the part."""
        match command:
            case Told():
                self._note(_from_add(command), written_ms)
                self._wake(command.story_id)
            case Retract():
                self._note(_from_retract(command, self.assignments.get(command.article_uri)), written_ms)
            case Adopt():
                part = command.part.model_copy(update={"placement": command.placement})
                self.note_part(command.story_id, part, written_ms)
            case Merge():
                self.redirects[command.story_id] = command.into
                self.merged_ms[command.story_id] = written_ms
            case Split():
                self._note_split(command, written_ms)
            case Close():
                self._turn(command.story_id, command.status, command.at_ms)
            case Reopen():
                self._turn(command.story_id, "open", command.at_ms)
            case Expire():
                life = self.lives.get(command.story_id) or Life("closed", command.at_ms)
                self.lives[command.story_id] = replace(life, expired=True)
            case Pin():
                self.pins[command.story_id] = command.pinned
            case _:
                pass  # rename, lock, propose: nothing the matcher keeps

    def _turn(self, story: str, stage: Stage, at_ms: int) -> None:
        life = self.lives.get(story) or Life(stage, at_ms)
        self.lives[story] = replace(life, stage=stage, news_ms=at_ms if stage == "open" else life.news_ms)

    def _wake(self, story: str) -> None:
        life = self.lives.get(story)
        if life is not None and life.stage == "dormant":
            self.lives[story] = replace(life, stage="open")

    def _note_split(self, command: Split, written_ms: int) -> None:
        for hand in command.articles:
            self.next_placement = max(self.next_placement, hand.placement + 1)
            if not command.moves:
                self.lives[command.into] = Life("open", command.at_ms, pinned=True, handed=True)
            before = self.assignments.get(hand.article_uri)
            if before is not None:
                moved = replace(before, story_id=command.into, placement=hand.placement, opened=False)
                self._note(moved, written_ms)

    def _note(self, assignment: Assignment, written_ms: int) -> None:
        into, placement = self.moved.get(assignment.uri, ("", 0))
        if assignment.profile is not None and assignment.placement < placement:
            assignment = replace(assignment, story_id=into, placement=placement, opened=False)
        self.next_placement = max(self.next_placement, assignment.placement + 1)
        known = self.assignments.get(assignment.uri)
        if known is not None and order_of(assignment) == order_of(known) and assignment.profile is None:
            return  # split off from here; the story that got it says more
        if known is None or order_of(assignment) >= order_of(known):
            self.assignments[assignment.uri] = assignment
            self.written_ms[assignment.uri] = written_ms

    def note_remembered(self, remembered: Remembered) -> None:
        """A record of `articles`; to be told after all parts and commands."""
        known = self.assignments.get(remembered.uri)
        if known is not None and known.revision >= remembered.revision:
            return
        if remembered.assignment is not None and known is None:
            self.assignments[remembered.uri] = remembered.assignment
        held = self.holds.get(remembered.uri)
        if remembered.hold is not None and (held is None or held[0] <= remembered.revision):
            self.holds[remembered.uri] = (remembered.revision, remembered.hold)

    def current(self, story: str) -> str:
        """The story that this one has become; a cycle ends where it closes."""
        seen = {story}
        while (into := self.redirects.get(story)) is not None and into not in seen:
            seen.add(into)
            story = into
        return story

    def unexpired(self, lifetime_ms: int) -> Iterator[Assignment]:
        """The assignments that have not outlived their time, counted back from the latest."""
        oldest_ms = max(self.written_ms.values(), default=0) - lifetime_ms
        return (each for uri, each in self.assignments.items() if self.written_ms.get(uri, oldest_ms) >= oldest_ms)

    def let_go_directions(self, encoder: str) -> None:
        """Forget what any other encoder than `encoder` (its name) said the articles are about: it can't be compared."""
        for uri, each in self.assignments.items():
            if each.profile is not None:
                profile = without_others_direction(Profile.from_bytes(each.profile), encoder)
                self.assignments[uri] = replace(each, profile=profile.to_bytes())

    def is_closed(self, story: str) -> bool:
        """It takes no articles any more."""
        life = self.lives.get(story)
        return life is not None and life.stage == "closed"

    def lives_now(self) -> dict[str, Life]:
        """Story → where it is in its life; its news came when it was written down.

        Not when it was published: a wire also brings what is years old, and its story runs all the same. One that is
        merged counts as merged when the last decision was made, so that its redirect stays long enough.
        """
        found = dict(self.lives)
        for story, members in self.members().items():
            news_ms = max(self.written_ms.get(each.uri, 0) for each in members)
            life = found.get(story) or Life("open", news_ms)
            found[story] = replace(life, news_ms=max(life.news_ms, news_ms))
        for story, pinned in self.pins.items():
            if story in found:
                found[story] = replace(found[story], pinned=pinned)
        merged = Life("closed", max(self.written_ms.values(), default=0))
        return found | dict.fromkeys(self.redirects, merged)

    def pace(self) -> Pace:
        """What was usual in the last day: an article counts when its decision was written down, in that one's story."""
        pace, last_ms = Pace(), dict[str, int]()
        for written_ms, uri in sorted((written_ms, uri) for uri, written_ms in self.written_ms.items()):
            story = self.assignments[uri].story_id
            if story:
                pace.note(written_ms, last_ms.get(story))
                last_ms[story] = written_ms
        return pace

    def habits(self) -> dict[int, bytes]:
        """What each source repeats, learned again of the articles that are left, in the order of their decisions."""
        habits = Habits()
        for each in sorted(self.assignments.values(), key=lambda one: one.placement):
            if each.profile is not None:
                profile = Profile.from_bytes(each.profile)
                habits.note(each.uri, profile.title_terms, profile.sent, each.placement)
        return {source: value for source, value in habits.finish().items() if value is not None}

    def members(self) -> dict[str, list[Assignment]]:
        """Story → its live articles in placement order."""
        found: dict[str, list[Assignment]] = {}
        for each in sorted(self.assignments.values(), key=lambda one: one.placement):
            if each.profile is not None:
                found.setdefault(self.current(each.story_id), []).append(each)
        return found


def order_of(assignment: Assignment) -> tuple[int, Revision]:
    """What of an article is newer."""
    return (assignment.placement, assignment.revision)


def index_value(story: str, members: Iterable[Assignment]) -> bytes:
    """The story's value in the matching index: its members joined one by one."""
    index = Index()
    for each in members:
        assert each.profile is not None, "members are live"
        index.join(story, each.uri, Profile.from_bytes(each.profile), each.placement)
    return index.dump(story)


def _opened(space: str, story: str, uri: str, placement: int) -> bool:
    """A story's id is minted from what opened it."""
    return story_id(space, uri, placement) == story


def _from_part(space: str, story: str, part: Part) -> Assignment:
    match_, profile = part.match, None if part.gone or part.profile is None else Profile.from_json(part.profile)
    return Assignment(
        uri=part.article_uri, story_id=story, placement=part.placement, revision=part.revision,
        opened=not part.gone and _opened(space, story, part.article_uri, part.placement), canceled=part.gone,
        score=match_.score if match_ else 1.0, runner_up=match_.runner_up if match_ else None,
        runner_up_score=match_.runner_up_score if match_ else None,
        method=GONE if part.gone or match_ is None else match_.method, at_ms=part.at_ms,
        profile=None if profile is None else profile.to_bytes(), space_pace=match_.space_pace if match_ else None,
    )  # fmt: skip


def _from_add(command: Told) -> Assignment:
    return Assignment(
        uri=command.article_uri, story_id=command.story_id, placement=command.placement, revision=command.revision,
        opened=_opened(command.space, command.story_id, command.article_uri, command.placement), canceled=False,
        score=command.match.score, runner_up=command.match.runner_up,
        runner_up_score=command.match.runner_up_score, method=command.match.method, at_ms=command.at_ms,
        profile=Profile.from_json(command.profile).to_bytes(), space_pace=command.match.space_pace,
    )  # fmt: skip


def _from_retract(command: Retract, before: Assignment | None) -> Assignment:
    return Assignment(
        uri=command.article_uri, story_id=command.story_id, placement=command.placement, revision=command.revision,
        opened=False, canceled=True, score=before.score if before else 1.0,
        runner_up=before.runner_up if before else None, runner_up_score=before.runner_up_score if before else None,
        method=command.reason, at_ms=command.at_ms, profile=None,
    )  # fmt: skip

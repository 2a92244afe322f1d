"""A story while a batch of commands is applied to it: who is in it, and what happened. Prose comes after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from storyline_schemas import (
    Adopt,
    Edited,
    Merge,
    Part,
    Retract,
    Split,
    StoryCommand,
    StoryStatus,
)  # fmt: skip
from storyline_schemas.update import Action

from .edited import edited_by
from .parts import Order, handed_over, order_of
from .state import StoryState

EDITS_MAX = 64
"""Unordered commands remembered, so that a repeat is known; redelivery reaches back over seconds, not over 64 edits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one command; counted by kind, and told by reason where it was refused."""

    kind: Literal["applied", "duplicate", "older", "forwarded", "refused"]
    reason: str = ""
    field: str = "story_id"
    """What of the request is wrong, where it was refused."""


APPLIED, DUPLICATE, OLDER, FORWARDED = (
    Outcome("applied"), Outcome("duplicate"), Outcome("older"), Outcome("forwarded")
)  # fmt: skip


@dataclass(slots=True)
class Draft:
    """`parts` holds tombstones too, and is empty once the story is merged."""

    story_id: str
    space: str
    parts: dict[str, Part]
    status: StoryStatus = StoryStatus.OPEN
    redirect_to: str | None = None
    next_n: int = 1
    headline: str | None = None
    """A person's headline."""
    pinned: bool = False
    locks: dict[str, bool] = field(default_factory=dict)
    """Section id → whether a person has locked it."""
    first_ms: int | None = None
    updated_ms: int | None = None
    edits: tuple[str, ...] = ()
    exists: bool = False
    expired: bool = False
    """Its records go."""
    untold: bool = False
    """No topic knows the story: what should have opened it is a dead letter, and any command may."""
    touched: set[int] = field(default_factory=set)
    """Source numbers that arrived, were revised or left."""
    actions: dict[str, Action] = field(default_factory=dict)
    """Article uri → what was last done with it."""
    replaced: set[str] = field(default_factory=set)
    """Articles whose place another has taken: they left, and nobody withdrew them."""
    types: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    commands: list[StoryCommand] = field(default_factory=list)
    """For other stories, in order."""
    edited: list[Edited] = field(default_factory=list)
    """The persons' requests that were carried out."""

    @classmethod
    def of(cls, story_id: str, space: str, state: StoryState | None, untold: bool = False) -> "Draft":
        if state is None:
            return cls(story_id, space, {}, untold=untold)
        head, story = state.head, state.story
        return cls(
            story_id, story.space, dict(state.parts), story.status, story.redirect_to,
            head.next_n, head.headline, head.pinned, {section.id: section.locked for section in story.sections},
            head.first_ms, head.updated_ms, head.edits, exists=True,
        )  # fmt: skip

    @property
    def merged(self) -> bool:
        return self.redirect_to is not None

    def note(self, command: StoryCommand) -> Outcome:
        """The command was applied: it is a cause of the new version, and its time counts."""
        self.exists = True
        self.types.append(command.type)
        if command.cause not in self.causes:
            self.causes.append(command.cause)
        if (edited := edited_by(command)) is not None and edited not in self.edited:
            self.edited.append(edited)
        at_ms = command.at_ms
        self.first_ms = at_ms if self.first_ms is None else min(self.first_ms, at_ms)
        self.updated_ms = at_ms if self.updated_ms is None else max(self.updated_ms, at_ms)
        return APPLIED

    def is_news(self, uri: str, order: Order) -> Outcome | None:
        """None if the story hasn't heard this of the article yet; else why it is a no-op."""
        known = self.parts.get(uri)
        if known is None or order > order_of(known):
            return None
        return DUPLICATE if order == order_of(known) else OLDER

    def comes_back(self, command: Adopt) -> bool:
        """The article was split off, and the story that got it is merged into this one: it has the same placement."""
        known = self.parts.get(command.article_uri)
        same = known is not None and (command.placement, command.revision) == order_of(known)
        return same and known is not None and known.gone and not command.part.gone

    def put(self, part: Part, action: Literal["added", "adopted"]) -> None:
        """A live part arrives, or replaces the one of its article, whose number it keeps."""
        known = self.parts.get(part.article_uri)
        if known is not None and known.n is not None:
            n = known.n
            self.actions.setdefault(part.article_uri, "revised")
        else:
            n, self.next_n = self.next_n, self.next_n + 1
            self.actions[part.article_uri] = action
        self.parts[part.article_uri] = part.model_copy(update={"n": n})
        self.touched.add(n)

    def bury(self, stone: Part, action: Literal["retracted", "moved"]) -> None:
        """An article leaves; its tombstone stays, also if the article was never here."""
        known = self.parts.get(stone.article_uri)
        if known is not None and known.n is not None:
            self.touched.add(known.n)
            self.actions[stone.article_uri] = action
        self.parts[stone.article_uri] = stone

    def once(self, command: StoryCommand, apply: Callable[[], Outcome | None], about: str = "") -> Outcome:
        """Apply a command that has no place in an order, unless it was applied before or `apply` refuses it.

        `about` tells apart what one cause may lead to several times.
        """
        mark = f"{command.type}:{command.cause}{about}"
        if mark in self.edits:
            return DUPLICATE
        refused = apply()
        if refused is None or refused is DUPLICATE:
            # One that changes nothing is no news, but kept with the next that is: redelivered, it would undo that one.
            self.edits = (*self.edits, mark)[-EDITS_MAX:]
        return refused or self.note(command)

    def hand_over(self, part: Part, into: str, placement: int, cause: Merge | Split, opens: bool) -> None:
        """Give an article, or what is remembered of one, to another story."""
        given = handed_over(part).model_copy(update={"placement": placement})
        self.commands.append(
            Adopt(
                story_id=into, space=self.space, at_ms=part.at_ms or cause.at_ms, cause=cause.cause,
                article_uri=part.article_uri, placement=placement, revision=part.revision,
                from_story_id=self.story_id, part=given, opens=opens, by=_by(cause),
                author=cause.author, reason=cause.reason,
            )
        )  # fmt: skip

    def hand_on(self, late: Adopt) -> Outcome | None:
        """Give a late article to the story that a person had given it to before it came; None if nobody had."""
        known = self.parts[late.article_uri]
        if known.moved is None or late.part.gone or late.placement >= known.placement:
            return None
        given = handed_over(late.part).model_copy(update={"placement": known.placement})
        self.commands.append(
            late.model_copy(
                update={
                    "story_id": known.moved.into, "from_story_id": self.story_id, "placement": known.placement,
                    "part": given, "opens": True, "by": "move" if known.moved.moves else "split",
                    "author": known.moved.author, "reason": known.moved.reason,
                }
            )
        )  # fmt: skip
        return FORWARDED

    def send_on(self, command: Adopt | Retract) -> Outcome:
        """Pass a command that came too late on to the story that this one has become."""
        update: dict[str, object] = {"story_id": self.redirect_to}
        if isinstance(command, Adopt):
            update |= {"from_story_id": self.story_id, "opens": False}
        self.commands.append(command.model_copy(update=update))
        return FORWARDED


def _by(cause: Merge | Split) -> Literal["merge", "split", "move"]:
    if isinstance(cause, Merge):
        return "merge"
    return "move" if cause.moves else "split"

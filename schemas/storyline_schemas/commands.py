"""The commands that change a story: a closed union on the topic `story-commands` (internal, keyed by story id)."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from .article import Article, Revision
from .base import Contract, Space, StoryId, Uri
from .part import Part
from .update import Match


class Command(Contract):
    """What all commands carry.

    `at_ms` is the article's time clamped to its record's append time, never a wall clock; `cause` the id of the
    event that led here.
    """

    story_id: StoryId
    space: Space
    at_ms: int
    cause: str
    handed: bool = False
    """The story was split off another one, whose articles may still be on their way: it may not be there yet."""
    expired: bool = False
    """The story was told to `expire` before, so it may not be there any more: then there is nothing to do."""


class Placed(Command):
    """A command about one article. Equal or older (placement, revision) than the story knows is a no-op."""

    article_uri: Uri
    placement: int
    revision: Revision


class Add(Placed):
    """Put this version of the article into the story. `profile` is what matching keeps of it."""

    type: Literal["add"] = "add"
    article: Article
    profile: dict[str, Any]
    match: Match


class Open(Placed):
    """Like `add`, and the story may be created: the only command that does."""

    type: Literal["open"] = "open"
    article: Article
    profile: dict[str, Any]
    match: Match


class Retract(Placed):
    """Take the article out; its (placement, revision) stays behind as a tombstone."""

    type: Literal["retract"] = "retract"
    reason: Literal["canceled", "withheld", "moved", "superseded"]
    note: str | None = None


class Adopt(Placed):
    """Take over an article that another story gave away. `opens` says that the story may be created (a split)."""

    type: Literal["adopt"] = "adopt"
    from_story_id: StoryId
    part: Part
    opens: bool = False
    by: Literal["merge", "split", "move"] = "merge"
    author: str | None = None
    reason: str = ""


class Merge(Command):
    """Sent to the losing story: close it, point to `into`, hand every article over.

    `into_opened`: the winner was opened in the same batch, so the handed articles may arrive before its `open`.
    """

    type: Literal["merge"] = "merge"
    into: StoryId
    into_opened: bool = False
    score: float | None = None
    reason: str
    author: str | None = None


class Hand(Contract):
    """An article that a split hands over, with the number of its new placement."""

    article_uri: Uri
    placement: int


class Split(Command):
    """Hand the named articles over to a new story, or, with `moves`, to one that is there."""

    type: Literal["split"] = "split"
    into: StoryId
    articles: Annotated[tuple[Hand, ...], Field(min_length=1, strict=False)]
    moves: bool = False
    reason: str
    author: str | None = None


class Close(Command):
    """No more news is expected: dormant (comes back by itself) or closed."""

    type: Literal["close"] = "close"
    status: Literal["dormant", "closed"]
    reason: str
    author: str | None = None


class Reopen(Command):
    """The story runs again."""

    type: Literal["reopen"] = "reopen"
    reason: str
    author: str | None = None


class Expire(Command):
    """The story was withdrawn long ago: its records go. One that has an article (again) stays as it is."""

    type: Literal["expire"] = "expire"
    reason: str


class Rename(Command):
    """The headline is a person's from now on; without one it is the story's own again."""

    type: Literal["rename"] = "rename"
    headline: str | None = None
    reason: str
    author: str | None = None


class Pin(Command):
    """The machine never merges the story with another, or may again."""

    type: Literal["pin"] = "pin"
    pinned: bool
    reason: str
    author: str | None = None


class Lock(Command):
    """The machine doesn't write the section again, or may again. What its sources no longer say goes all the same."""

    type: Literal["lock"] = "lock"
    section_id: str
    locked: bool
    reason: str
    author: str | None = None


class ProposedSentence(Contract):
    """A sentence offered by the rewriter, with the sources it claims."""

    text: str
    citations: Annotated[tuple[int, ...], Field(strict=False)]


class Propose(Command):
    """Better prose for one section; applied only if the section still has `section_hash` and every sentence passes."""

    type: Literal["propose"] = "propose"
    section_id: str
    section_hash: str
    heading: str | None = None
    sentences: Annotated[tuple[ProposedSentence, ...], Field(strict=False)]


StoryCommand = Annotated[
    Open | Add | Retract | Adopt | Merge | Split | Close | Reopen | Expire | Rename | Pin | Lock | Propose,
    Field(discriminator="type"),
]
STORY_COMMAND: TypeAdapter[StoryCommand] = TypeAdapter(StoryCommand)

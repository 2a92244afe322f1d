"""The part: what a story keeps of one article (internal; topic `story-parts` and the story's slot in Redis)."""

from typing import Annotated, Any

from pydantic import Field

from .article import Concept, Correction, Revision
from .base import Contract, Language, StoryId, Time, Uri
from .story import Relation
from .update import Match


class Kept(Contract):
    """A sentence of the article, cleaned by deletions only. `position` counts the article's raw sentences."""

    position: int
    text: str


class Moved(Contract):
    """Where an article goes that a person gave to another story before it came here, and who asked."""

    into: StoryId
    moves: bool = False
    reason: str = ""
    author: str | None = None


class Part(Contract):
    """What a story keeps of an article: enough to write its sections and to match against it, not the article.

    (placement, revision) orders what a story hears of an article. A part with `gone` is a tombstone: it holds
    that pair and nothing else, so that a late older command stays a no-op.
    """

    article_uri: Uri
    placement: int
    revision: Revision
    gone: bool = False
    moved: Moved | None = None
    """On a tombstone: an older word of the article, still on its way here, goes on to that story."""
    n: int | None = None
    version: str | None = None
    headline: str = ""
    language: Language = "und"
    provider: str = ""
    family: str = ""
    agencies: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """The news agencies whose text it says it has."""
    url: str | None = None
    published_at: Time | None = None
    at_ms: int = 0
    urgency: int | None = None
    slugline: str | None = None
    correction: Correction | None = None
    sentences: Annotated[tuple[Kept, ...], Field(strict=False)] = ()
    people: Annotated[tuple[Concept, ...], Field(strict=False)] = ()
    organisations: Annotated[tuple[Concept, ...], Field(strict=False)] = ()
    places: Annotated[tuple[Concept, ...], Field(strict=False)] = ()
    subjects: Annotated[tuple[Concept, ...], Field(strict=False)] = ()
    profile: dict[str, Any] | None = None
    relation: Relation = "original"
    copy_of: int | None = None
    """The source whose text this one has, whole or rewritten: it is no report of its own then."""
    adds: str = ""
    match: Match | None = None

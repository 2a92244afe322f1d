"""The story: the public state of a running story, kept in the compacted topic `stories`."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .base import Contract, Language, Space, StoryId, Time, Uri

SECTIONS_MAX = 5


class StoryStatus(StrEnum):
    """Where a story is in its life. A merged story only points to the one it became (`redirect_to`)."""

    OPEN = "open"
    DORMANT = "dormant"
    CLOSED = "closed"
    MERGED = "merged"
    RETRACTED = "retracted"


Relation = Literal["original", "copy", "update", "rewrite", "translation", "advance"]
"""How a source relates to those before it. Copies and translations are no independent report."""


class Sentence(Contract):
    """One sentence and the numbers of the sources it stands in; never without one."""

    text: Annotated[str, Field(min_length=1)]
    citations: Annotated[tuple[int, ...], Field(min_length=1, strict=False)]


class Section(Contract):
    """A headed part of the page. `hash` is over the canonical JSON of id, heading and sentences."""

    id: str
    heading: str
    sentences: Annotated[tuple[Sentence, ...], Field(strict=False)]
    hash: str
    locked: bool = False


class Source(Contract):
    """A numbered source. `n` is given once and never reused; `adds` is one sentence on what is new in it."""

    n: Annotated[int, Field(ge=1)]
    article_uri: Uri
    version: str | None = None
    provider: str
    family: str
    headline: str
    language: Language
    adds: str
    relation: Relation = "original"
    url: str | None = None
    published_at: Time | None = None


class TimelineEntry(Contract):
    """Something that happened, with the story version that brought it and its sources."""

    at: Time
    text: str
    citations: Annotated[tuple[int, ...], Field(strict=False)]
    story_version: int


class Entity(Contract):
    """A person, organisation or place and how many of the story's articles name it."""

    kind: Literal["person", "organisation", "place", "other"]
    name: str
    article_count: int


class Story(Contract):
    """What a story says at one version. Counts are absolute: distinct live articles, publisher families, reports."""

    id: StoryId
    version: Annotated[int, Field(ge=1)]
    space: Space
    language: Language
    headline: str
    status: StoryStatus = Field(default=StoryStatus.OPEN, strict=False)
    article_count: Annotated[int, Field(ge=0)]
    source_count: Annotated[int, Field(ge=0)]
    independent_report_count: Annotated[int, Field(ge=0)]
    sections: Annotated[tuple[Section, ...], Field(max_length=SECTIONS_MAX, strict=False)] = ()
    sources: Annotated[tuple[Source, ...], Field(strict=False)] = ()
    timeline: Annotated[tuple[TimelineEntry, ...], Field(strict=False)] = ()
    entities: Annotated[tuple[Entity, ...], Field(strict=False)] = ()
    first_seen: Time
    updated_at: Time
    redirect_to: StoryId | None = None

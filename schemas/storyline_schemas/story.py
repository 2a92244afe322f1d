"""The story: the public state of a running story, kept in the compacted topic `stories`."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .article import Concept
from .base import Contract, Language, Space, StoryId, Time, Uri

SECTIONS_MAX = 5
SOURCES_MAX = 1_000
"""Sources listed in a story: those the text cites, and the newest. About 0.4 KB each."""
OMITTED_FAMILIES_MAX = 20


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
    """A headed part of the page.

    `hash`: BLAKE2b, 16 bytes in hex, over `{"heading": …, "id": …, "sentences": [[text, citations], …]}` as canonical
    JSON (RFC 8785), UTF-8.
    """

    id: str
    heading: str
    sentences: Annotated[tuple[Sentence, ...], Field(strict=False)]
    hash: str
    locked: bool = False
    rewritten: bool = Field(
        False, description="A language model worded it; each sentence still rests on the sources that it cites."
    )


class Source(Contract):
    """A numbered source. `n` is given once and never reused; `adds` is one sentence on what is new in it, or ""."""

    n: Annotated[int, Field(ge=1)] = Field(description="The number that citations use; given once, never reused.")
    article_uri: Uri
    version: str | None = None
    provider: str
    family: str = Field(description="What counts as one publisher.")
    headline: str
    language: Language
    adds: str = Field(
        description="One sentence on what is new in it; empty if nothing is beyond page and headline. "
        "Another one when the page comes to tell it."
    )
    relation: Relation = "original"
    url: str | None = None
    published_at: Time | None = None


class FamilyCount(Contract):
    """A publisher and how many articles of it are meant."""

    family: str
    article_count: Annotated[int, Field(ge=1)]


class OmittedSources(Contract):
    """What a very large story's list of sources leaves out. None of them is cited."""

    count: Annotated[int, Field(ge=1)] = Field(description="How many sources aren't listed.")
    families: Annotated[tuple[FamilyCount, ...], Field(max_length=OMITTED_FAMILIES_MAX, strict=False)] = Field(
        (), description="The publishers with most of them."
    )


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


class SplitProposal(Contract):
    """The story looks like two, by its articles' words. It is never split by itself: a person does that, or not."""

    first: Annotated[tuple[int, ...], Field(strict=False)] = Field(description="Numbers of the sources of one group.")
    second: Annotated[tuple[int, ...], Field(strict=False)] = Field(description="Numbers of those of the other.")
    across: float = Field(description="How alike articles of different groups are: mean cosine of their words.")
    within: float = Field(description="The same for articles of one group, where it is less.")
    days_apart: float | None = Field(None, description="Days between the two groups, if they don't overlap in time.")


class Story(Contract):
    """What a story says at one version. Counts are absolute: distinct live articles, publisher families, reports."""

    id: StoryId
    version: Annotated[int, Field(ge=1)] = Field(description="1, 2, 3, … without a gap.")
    space: Space
    language: Language
    headline: str
    status: StoryStatus = Field(default=StoryStatus.OPEN, strict=False)
    article_count: Annotated[int, Field(ge=0)] = Field(description="Distinct live articles.")
    source_count: Annotated[int, Field(ge=0)] = Field(description="Publisher families among them.")
    independent_report_count: Annotated[int, Field(ge=0)] = Field(
        description="Reports that are no copy or translation of another."
    )
    sections: Annotated[tuple[Section, ...], Field(max_length=SECTIONS_MAX, strict=False)] = ()
    sources: Annotated[tuple[Source, ...], Field(strict=False)] = Field(
        (), description=f"By number; of more than {SOURCES_MAX} the cited ones and the newest (`sources_omitted`)."
    )
    timeline: Annotated[tuple[TimelineEntry, ...], Field(strict=False)] = ()
    entities: Annotated[tuple[Entity, ...], Field(strict=False)] = ()
    subjects: Annotated[tuple[Concept, ...], Field(strict=False)] = Field(
        (), description="What it is about, as its articles' providers file them; those of most articles first."
    )
    first_seen: Time = Field(description="The earliest time of what came to it; a later version may set it back.")
    updated_at: Time = Field(description="The time of the newest event that changed it; never a wall clock.")
    redirect_to: StoryId | None = Field(None, description="The story that this one became, if its status is merged.")
    split_proposal: SplitProposal | None = Field(None, description="For editors: that the story looks like two.")
    sources_omitted: OmittedSources | None = Field(
        None, description=f"What `sources` leaves out of a story with more than {SOURCES_MAX}; null: nothing."
    )

"""The update: the event `storyline.story.updated.v1` on the topic `story-updates`, one for each story version."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import Contract, StoryId, Uri
from .edit import EditAction
from .story import Story

ChangeKind = Literal["opened", "articles", "correction", "retraction", "merge", "split", "lifecycle", "prose", "edit"]


class SectionChange(Contract):
    """Ids of the sections that this version added, rewrote or removed. All others are byte-identical, but
    for `locked`."""

    added: Annotated[tuple[str, ...], Field(strict=False)] = ()
    changed: Annotated[tuple[str, ...], Field(strict=False)] = ()
    removed: Annotated[tuple[str, ...], Field(strict=False)] = ()


Action = Literal["added", "revised", "retracted", "adopted", "moved"]


class ArticleChange(Contract):
    """What this version did with one article."""

    uri: Uri
    action: Action
    n: int


class CountChange(Contract):
    """Differences to the version before."""

    articles: int = 0
    sources: int = 0
    independent_reports: int = 0


class Edited(Contract):
    """A person's request that this version carries out.

    `story_id` is the other story that it is about, `section_id` the section, if any.
    """

    action: EditAction
    author: str
    reason: str = ""
    story_id: StoryId | None = None
    section_id: str | None = None


class Change(Contract):
    """Why there is a new version. `causes` are the ids of the events that led to it. `headline_changed` is false in
    version 1, which has none before it.

    `articles` are at most 5,000, those with the lowest numbers; `articles_omitted` counts the others.
    """

    kind: ChangeKind
    causes: Annotated[tuple[str, ...], Field(strict=False)]
    articles: Annotated[tuple[ArticleChange, ...], Field(strict=False)] = ()
    articles_omitted: Annotated[int, Field(ge=0)] = 0
    sections: SectionChange = SectionChange()
    counts: CountChange = CountChange()
    headline_changed: bool = False
    summary: str = ""
    edits: Annotated[tuple[Edited, ...], Field(strict=False)] = ()


Level = Literal["minor", "normal", "major", "breaking"]
"""How much a change matters; rising."""
LEVELS: tuple[Level, ...] = get_args(Level)


class Significance(Contract):
    """How much the change matters, and why."""

    level: Level
    reasons: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Notify(Contract):
    """What a notification service should do; equal `dedupe_key`s are one notification."""

    mode: Literal["push", "digest", "silent"]
    dedupe_key: str


class Match(Contract):
    """How one article came to this story: the matcher's stored decision."""

    article_uri: Uri
    score: Annotated[float, Field(ge=0, le=1)]
    runner_up: StoryId | None = None
    runner_up_score: Annotated[float, Field(ge=0, le=1)] | None = None
    space_pace: Annotated[float, Field(gt=0)] | None = Field(
        None, description="Articles an hour that a story of the space usually got when it came, while it got any."
    )
    method: str


class Velocity(Contract):
    """Independent reports an hour, and how that compares with what is usual.

    `ratio`: by the story's own pace before; null where that isn't known, as when only what came last has no date.
    `space_ratio`: by that of the stories of its space that get any.
    """

    reports_per_hour: float
    ratio: float | None = None
    space_ratio: float | None = None


class StoryUpdate(Contract):
    """The whole event value: the story as it now stands and what changed."""

    story: Story
    change: Change
    significance: Significance
    notify: Notify
    match: Annotated[tuple[Match, ...], Field(strict=False)] = ()
    velocity: Velocity | None = None

    @property
    def subject(self) -> StoryId:
        return self.story.id

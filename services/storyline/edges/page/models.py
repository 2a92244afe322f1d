"""What the JSON API answers with, beside the contract's own models."""

from typing import Annotated, Literal

from pydantic import Field

from storyline_schemas import Story, StoryStatus
from storyline_schemas.base import Contract, Language, Space, StoryId, Time, from_ms
from storyline_schemas.update import Action, ChangeKind, Level

from .comparing import compared
from .view import Row, Version

Cursor = Annotated[str | None, Field(description="Give it back as `cursor` for the next page; null at the end.")]


class StorySummary(Contract):
    """A story at a glance."""

    id: StoryId
    version: int
    headline: str
    lead: str = Field(description="The first sentence of its first section.")
    status: Annotated[StoryStatus, Field(strict=False)]
    language: Language
    space: Space
    article_count: int
    source_count: int
    independent_report_count: int
    updated_at: Time
    level: Level | None = Field(description="Of the last change; null where it isn't known any more.")
    url: str = Field(description="The page's address on this service.")


class StoryList(Contract):
    """Stories, newest change first."""

    stories: tuple[StorySummary, ...]
    next: Cursor = None


class ArticleAction(Contract):
    """What a version did with a source."""

    n: int
    action: Action


class VersionSummary(Contract):
    """What one version of a story changed."""

    version: int
    updated_at: Time
    kind: ChangeKind
    level: Level
    reasons: tuple[str, ...]
    summary: str = Field(description="Empty where it would quote what was withdrawn since.")
    articles: tuple[ArticleAction, ...]
    url: str


class VersionList(Contract):
    """Versions of a story, newest first, as far as they are kept."""

    versions: tuple[VersionSummary, ...]
    next: Cursor = None


class ComparedLine(Contract):
    """A line that one of two versions has and the other hasn't; a sentence with its citations."""

    what: Literal["headline", "status", "heading", "sentence", "source"]
    text: str


class Comparison(Contract):
    """What a later version says otherwise than an earlier one, in reading order."""

    story_id: StoryId
    before: int
    after: int
    removed: tuple[ComparedLine, ...]
    added: tuple[ComparedLine, ...]


class Problem(Contract):
    """What went wrong (RFC 9457, `application/problem+json`)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The parameter that is wrong.")


def comparison(before: Story, after: Story) -> Comparison:
    lines = [(sign, ComparedLine.model_validate({"what": what, "text": text}))
             for sign, (what, text) in compared(before, after)]  # fmt: skip
    removed, added = (tuple(line for each, line in lines if each == sign) for sign in "-+")
    return Comparison(story_id=after.id, before=before.version, after=after.version, removed=removed, added=added)


def story_summary(row: Row) -> StorySummary:
    return StorySummary.model_validate(
        {
            "id": row.id, "version": row.version, "headline": row.headline, "lead": row.lead, "status": row.status,
            "language": row.language, "space": row.space, "article_count": row.article_count,
            "source_count": row.source_count, "independent_report_count": row.independent_report_count,
            "updated_at": from_ms(row.updated_ms), "level": row.level or None, "url": f"/stories/{row.id}",
        }
    )  # fmt: skip


def version_summary(id: str, version: Version, live: frozenset[int]) -> VersionSummary:
    articles = tuple(ArticleAction.model_validate({"n": n, "action": action}) for action, n in version.articles)
    return VersionSummary.model_validate(
        {
            "version": version.number, "updated_at": from_ms(version.at_ms), "kind": version.kind,
            "level": version.level, "reasons": version.reasons, "summary": version.summary_shown(live),
            "articles": articles, "url": f"/stories/{id}/versions/{version.number}",
        }
    )  # fmt: skip

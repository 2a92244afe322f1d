"""Stories at a glance, from the compacted topic."""

from collections.abc import AsyncIterable
from dataclasses import asdict, dataclass
from typing import Any

from storyline_schemas import Story, StoryStatus
from storyline_schemas.base import format_time

from ...record import Record


@dataclass(frozen=True, slots=True)
class Row:
    """One story in a list."""

    id: str
    version: int
    headline: str
    status: str
    language: str
    article_count: int
    updated_at: str

    def report(self) -> dict[str, Any]:
        return asdict(self)


async def newest(records: AsyncIterable[Record], limit: int, also_merged: bool = False) -> list[Row]:
    """The latest state of each story, newest change first; a later record of a key replaces the earlier."""
    rows: dict[bytes, Row] = {}
    async for record in records:
        key = record.key or b""
        if record.value is None:
            rows.pop(key, None)
        else:
            rows[key] = _row(Story.model_validate_json(record.value))
    shown = [row for row in rows.values() if also_merged or row.status != StoryStatus.MERGED]
    return sorted(shown, key=lambda row: (row.updated_at, row.id), reverse=True)[:limit]


def _row(story: Story) -> Row:
    return Row(
        story.id, story.version, story.headline, story.status.value, story.language, story.article_count,
        format_time(story.updated_at),
    )  # fmt: skip

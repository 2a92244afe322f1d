"""What came out, read from the topics alone: Redis isn't asked."""

import json
from collections import Counter
from collections.abc import AsyncIterable
from dataclasses import dataclass, field

from storyline_schemas import Story, StoryStatus

from ...record import Record

_LIVE = {StoryStatus.OPEN, StoryStatus.DORMANT, StoryStatus.CLOSED}


@dataclass(slots=True)
class Outcome:
    """Stories as they now are, and what was counted on the way."""

    stories: dict[str, Story] = field(default_factory=dict)
    """Live stories by id: those that still have articles and weren't merged."""
    updates: int = 0
    dead_letters: int = 0
    dead_uris: set[str] = field(default_factory=set)
    last_ms: int = 0
    """When the last of it was written, by its records' timestamps."""

    def places(self) -> Counter[str]:
        """Uri → in how many live stories it is a source."""
        return Counter(source.article_uri for story in self.stories.values() for source in story.sources)

    def missing(self, expected: set[str]) -> set[str]:
        """Articles in no story and no dead letter."""
        return expected - self.places().keys() - self.dead_uris

    def doubled(self) -> set[str]:
        """Articles in more than one story."""
        return {uri for uri, places in self.places().items() if places > 1}


async def outcome(
    stories: AsyncIterable[Record], updates: AsyncIterable[Record], dead: AsyncIterable[Record]
) -> Outcome:
    """Read the topic `stories` (the last record of a key counts), `story-updates`, and the dead letters, whole."""
    found = Outcome()
    async for record in stories:
        _apply(found.stories, record)
    async for record in updates:
        found.updates += 1
        found.last_ms = max(found.last_ms, record.timestamp_ms)
    async for record in dead:
        found.dead_letters += 1
        found.last_ms = max(found.last_ms, record.timestamp_ms)
        if (uri := _uri_in(record.value)) is not None:
            found.dead_uris.add(uri)
    return found


def _apply(stories: dict[str, Story], record: Record) -> None:
    id = (record.key or b"").decode()
    stories.pop(id, None)
    if record.value is not None:
        story = Story.model_validate_json(record.value)
        if story.status in _LIVE and story.article_count:
            stories[id] = story


def _uri_in(value: bytes | None) -> str | None:
    try:
        article = json.loads(value or b"null")
    except (ValueError, RecursionError):
        return None
    article = article.get("data", article) if isinstance(article, dict) else None
    uri = article.get("uri", article.get("article_uri")) if isinstance(article, dict) else None
    return uri if isinstance(uri, str) else None

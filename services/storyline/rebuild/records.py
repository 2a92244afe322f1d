"""Compacted topics as what they mean: the last value of each key, put together to stories."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field

from storyline_schemas.topics import STORIES, STORY_PARTS

from ..domain.ports import StoredStory
from ..record import Record


@dataclass(slots=True)
class Story:
    """What the topics say of one story. `parts` maps uri → bytes; None: the article is gone from it."""

    public: bytes | None = None
    head: bytes | None = None
    parts: dict[str, bytes | None] = field(default_factory=dict)
    written_ms: dict[str, int] = field(default_factory=dict)
    """When each part's record was written."""
    told_ms: int = 0
    """When its last version was written."""
    ended: bool = False
    """Its last record is a deletion."""
    first_version: int | None = None
    """The lowest version seen: from there on the changes of its parts are complete."""

    @property
    def version(self) -> int:
        """0: its end of life, or nothing seen."""
        return version_of(self.public) if self.public is not None else 0

    def stored(self, before: Mapping[str, bytes] | None = None) -> StoredStory | None:
        """The story on top of the parts it had `before`; None if something of it is missing."""
        if self.public is None or self.head is None:
            return None
        parts = {**(before or {}), **self.parts}
        return StoredStory(
            self.version, self.public, self.head, {uri: part for uri, part in parts.items() if part is not None}
        )


def version_of(public: bytes) -> int:
    """The version in a value of `stories`. Raises ValueError or KeyError if it is none."""
    return int(json.loads(public)["version"])


async def stories_in(records: AsyncIterator[Record], wanted: Iterable[str] | None = None) -> dict[str, Story]:
    """What `records` of `stories` and `story-parts` say, by story id; only of the `wanted` ones if given."""
    only = None if wanted is None else set(wanted)
    found: dict[str, Story] = {}
    async for record in records:
        if record.key is None:
            continue
        story_id, _, uri = record.key.decode().partition("/")
        if only is not None and story_id not in only:
            continue
        story = found.setdefault(story_id, Story())
        if record.topic == STORIES.name:
            _note_public(story, record.value)
            story.told_ms = record.timestamp_ms
        elif record.topic == STORY_PARTS.name and not uri:
            story.head = record.value
        else:
            story.parts[uri] = record.value
            story.written_ms[uri] = record.timestamp_ms
    return found


def _note_public(story: Story, value: bytes | None) -> None:
    story.public, story.ended = value, value is None
    if value is not None and story.first_version is None:
        story.first_version = version_of(value)

"""A story in memory and as bytes: what the store, `stories` and `story-parts` hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from storyline_schemas import Part, Section, Story
from storyline_schemas.base import Contract

from ..ports import StoredStory
from ..sections import Page


class Head(Contract):
    """A story's internal state, beside what the public sees of it."""

    next_n: int = 1
    """The number that the next source gets; numbers are never used again."""
    first_ms: int
    """The earliest time heard of, in ms; never rises."""
    updated_ms: int
    """The latest time heard of, in ms; never falls."""
    language_uri: str = ""
    """The article that gave the story its language."""
    edits: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """The last commands applied that have no (placement, revision): a repeat of one is a no-op."""
    pushed_ms: Annotated[tuple[int, ...], Field(strict=False)] = ()
    """When its last pushes were, in ms: no more than a day's budget of them."""
    pinned: bool = False
    """A person split it off, or asked for it: the machine never merges it."""
    headline: str | None = None
    """A person's headline, which stands until it is taken back or an article leaves."""
    own_headline: str | None = None
    """The page's own headline, where a person's stands in its place."""
    page: dict[str, Any] | None = None
    """What the sections' writer needs again next time; None while there is no page."""
    extracted: Annotated[tuple[Section, ...], Field(strict=False)] = ()
    """The page's own sections, where a model's wording stands in their place."""


@dataclass(frozen=True, slots=True)
class StoryState:
    """A story at one version. `parts` maps article uri → part, tombstones included."""

    story: Story
    head: Head
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def page(self) -> Page | None:
        """The page as it was last written, in the sources' own words; None if the story has none."""
        if self.head.page is None:
            return None
        story, own = self.story, {section.id: section for section in self.head.extracted}
        sections = tuple(own.get(section.id, section) for section in story.sections)
        return Page(self.head.own_headline or story.headline, sections, self.head.page, story.timeline, story.entities)


def state_of(stored: StoredStory) -> StoryState:
    """The story from its bytes. Raises pydantic.ValidationError if they are no story's."""
    return StoryState(
        Story.model_validate_json(stored.story),
        Head.model_validate_json(stored.head),
        {uri: Part.model_validate_json(part) for uri, part in stored.parts.items()},
    )


def stored_bytes(state: StoryState) -> StoredStory:
    """The story as bytes, final; `state_of` gives the same story again, and its bytes are these."""
    return StoredStory(
        state.story.version,
        state.story.to_json(),
        state.head.to_json(),
        {uri: part.to_json() for uri, part in state.parts.items()},
    )

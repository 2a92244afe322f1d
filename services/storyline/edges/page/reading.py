"""A story whole, from the nearest place that has it: memory, Redis, or the topic of updates."""

from dataclasses import dataclass
from typing import Protocol

from storyline_schemas import Story, StoryUpdate

from .history import Difference, as_shown, difference
from .view import Version, View


class Older(Protocol):
    """Where text lies that the view doesn't hold any more. Both only read, and may raise Transient."""

    async def story(self, id: str) -> bytes | None:
        """The present state of a story, as JSON."""
        ...

    async def update(self, partition: int, offset: int) -> bytes | None:
        """The update at that place of `story-updates`; None once it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as a reader may see it. `withdrawn` sentences of it are not shown any more."""

    story: Story
    difference: Difference
    version: Version | None = None
    withdrawn: int = 0


class Library:
    """Looks stories up."""

    def __init__(self, view: View, older: Older) -> None:
        self.view = view
        self._older = older

    async def text(self, id: str) -> bytes | None:
        """The present version as JSON, as it lies on the topic; None if there is no such story."""
        kept = self.view.kept(id)
        if kept is not None:
            return kept.story
        if id not in self.view.rows and not self.view.forgotten:
            return None  # the view has a row for every story there is
        return await self._older.story(id)

    async def story(self, id: str) -> Story | None:
        """The present version."""
        text = await self.text(id)
        return Story.model_validate_json(text) if text is not None else None

    async def present(self, story: Story) -> Shown:
        """The present version with what it changed."""
        kept = self.view.kept(story.id)
        if kept is not None and kept.version == story.version and kept.before is not None:
            before: Story | None = Story.model_validate_json(kept.before)
        else:
            before = await self._version(story.id, story.version - 1)
        return Shown(story, difference(before, story), self.view.version(story.id, story.version))

    async def earlier(self, now: Story, number: int) -> Shown | None:
        """An earlier version without what was withdrawn since; None where the updates don't reach back so far."""
        then = await self._version(now.id, number)
        if then is None:
            return None
        before = await self._version(now.id, number - 1)
        shown, withdrawn = as_shown(then, now)
        old = as_shown(before, now)[0] if before else None
        return Shown(shown, difference(old, shown), self.view.version(now.id, number), withdrawn)

    async def compared(self, now: Story, before: int, after: int) -> tuple[Story, Story] | None:
        """Two versions without what was withdrawn since; None where the updates don't reach back so far."""
        found = []
        for number in (before, after):
            then = now if number == now.version else await self._version(now.id, number)
            if then is None:
                return None
            found.append(as_shown(then, now)[0])
        return found[0], found[1]

    async def _version(self, id: str, number: int) -> Story | None:
        version = self.view.version(id, number)
        text = await self._older.update(version.partition, version.offset) if version else None
        if text is None:
            return None
        story = StoryUpdate.model_validate_json(text).story
        # A topic made anew has other records at the same places.
        return story if (story.id, story.version) == (id, number) else None

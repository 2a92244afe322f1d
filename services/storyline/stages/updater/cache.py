"""Stories in memory: the most recently used ones, bounded in number and in what they hold."""

from collections import OrderedDict

from ...domain.story import StoryState

STORIES_MAX = 5_000
PARTS_MAX = 30_000
"""Articles over all cached stories: it is they that take the memory, about 15 KB each, a third of it pydantic's own."""


class Cache:
    """Story id → its state, each with the partition it belongs to. The caller checks versions against the store."""

    def __init__(self, stories_max: int = STORIES_MAX, parts_max: int = PARTS_MAX) -> None:
        self._stories: OrderedDict[str, tuple[int, StoryState]] = OrderedDict()
        self._stories_max = stories_max
        self._parts_max = parts_max
        self._parts = 0

    def __len__(self) -> int:
        return len(self._stories)

    @property
    def parts(self) -> int:
        """Articles over all cached stories."""
        return self._parts

    def get(self, story_id: str) -> StoryState | None:
        """The story as it was last put, or None."""
        entry = self._stories.get(story_id)
        if entry is None:
            return None
        self._stories.move_to_end(story_id)
        return entry[1]

    def put(self, partition: int, state: StoryState) -> None:
        """Keep a story; the least recently used ones make room for it."""
        self.drop(state.story.id)
        self._stories[state.story.id] = (partition, state)
        self._parts += len(state.parts)
        while len(self._stories) > self._stories_max or self._parts > self._parts_max:
            self.drop(next(iter(self._stories)))

    def drop(self, story_id: str) -> None:
        entry = self._stories.pop(story_id, None)
        if entry is not None:
            self._parts -= len(entry[1].parts)

    def drop_partition(self, partition: int) -> None:
        """Forget the stories of a partition that belongs to somebody else now, or whose store may have changed."""
        for story_id in [id for id, (its, _) in self._stories.items() if its == partition]:
            self.drop(story_id)

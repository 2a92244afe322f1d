"""A story by its id, merges followed."""

from storyline_schemas import Story

from ...domain.ports import StoryStore
from ...errors import Fatal

REDIRECTS_MAX = 100


class NoStory(Fatal):
    """There is no story of that id, as far as the store knows."""

    def __init__(self, id: str, why: str = "`storyline stories list` shows them") -> None:
        super().__init__(f"there is no story {id}; {why}")
        self.id = id


async def find_itself(store: StoryStore, id: str) -> Story:
    """The story, merges not followed. Raises NoStory."""
    stored = (await store.load([id])).get(id)
    if stored is None:
        raise NoStory(id)
    return Story.model_validate_json(stored.story)


async def find(store: StoryStore, id: str) -> Story:
    """The story, or the one it was merged into. Raises NoStory, or Fatal if merges go round."""
    wanted = id
    for _ in range(REDIRECTS_MAX):
        story = await find_itself(store, wanted)
        if story.redirect_to is None:
            return story
        wanted = story.redirect_to
    raise Fatal(f"story {id} is merged more than {REDIRECTS_MAX} times over; run `storyline rebuild`")

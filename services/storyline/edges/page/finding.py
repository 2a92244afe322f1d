"""A story by its id, merges followed."""

from storyline_schemas import Story

from ...domain.ports import StoryStore
from ...errors import Fatal

REDIRECTS_MAX = 100


async def find(store: StoryStore, id: str) -> Story:
    """The story, or the one it was merged into. Raises Fatal if there is none."""
    wanted = id
    for _ in range(REDIRECTS_MAX):
        stored = (await store.load([wanted])).get(wanted)
        if stored is None:
            raise Fatal(f"there is no story {wanted}; `storyline stories list` shows them")
        story = Story.model_validate_json(stored.story)
        if story.redirect_to is None:
            return story
        wanted = story.redirect_to
    raise Fatal(f"story {id} is merged more than {REDIRECTS_MAX} times over; run `storyline rebuild`")

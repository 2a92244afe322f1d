"""Lines for whoever watches: how the stories grow."""

from collections.abc import Iterator

from storyline_schemas import StoryUpdate

from ...record import Record
from ...terminal import safe
from ..page.citing import articles

SHOWN_FROM_ARTICLES = 2


def growing(record: Record) -> Iterator[str]:
    """One line for an update of a story that has grown beyond one article; none for the many that just opened."""
    if record.value is None:
        return
    update = StoryUpdate.model_validate_json(record.value)
    story = update.story
    if story.article_count >= SHOWN_FROM_ARTICLES and update.change.kind != "merge":
        yield f"{story.id}  {articles(story.article_count)}  v{story.version}  {safe(story.headline)[:80]}"

"""Updates off the topic."""

import logging

from pydantic import ValidationError

from storyline_schemas import StoryUpdate, explain
from storyline_schemas.canonical import event_id
from storyline_schemas.events import STORY_UPDATED

from ...record import Record
from .book import Arrived

log = logging.getLogger("storyline.notifier")


def read_update(record: Record) -> Arrived | None:
    """The update, or None for what isn't one: events of other types, and what can't be read, which is logged.

    Without a `ce_id` header the id is made as the updater makes it, so that it is the same either way.
    """
    kind = record.header("ce_type")
    if record.value is None or (kind is not None and kind != STORY_UPDATED.encode()):
        return None
    try:
        update = StoryUpdate.model_validate_json(record.value)
    except ValidationError as error:
        field, message = explain(error)
        log.error(
            "%s-%d@%d can't be read and is passed over: %s: %s",
            record.topic, record.partition, record.offset, field, message,
        )  # fmt: skip
        return None
    given = record.header("ce_id")
    own = event_id(STORY_UPDATED, update.story.id, update.story.version)
    return Arrived(update, given.decode(errors="replace") if given else own)

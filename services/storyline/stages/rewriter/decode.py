"""A record of `story-updates` as an offer: the sections of a story that a model may be asked about."""

from dataclasses import dataclass

from pydantic import ValidationError

from storyline_schemas import event_id
from storyline_schemas.base import Contract, StoryId
from storyline_schemas.events import STORY_UPDATED
from storyline_schemas.problems import explain
from storyline_schemas.update import ChangeKind, SectionChange

from ...errors import Invalid
from ...record import Headers, Record
from ..events import carried_headers, event_of


class _Story(Contract):
    id: StoryId
    version: int


class _Change(Contract):
    kind: ChangeKind
    sections: SectionChange = SectionChange()


class _Update(Contract):
    """As much of an update as it takes: the text is read from the store, as it is then."""

    story: _Story
    change: _Change


@dataclass(frozen=True, slots=True)
class Offer:
    """Sections that an update added or changed; none if the rewriter itself is behind it."""

    story_id: str
    version: int
    sections: tuple[str, ...]
    cause: str
    """The update's id."""
    carried: Headers


def decode(record: Record) -> Offer:
    """Raises Invalid."""
    event = event_of(record, STORY_UPDATED)
    try:
        update = _Update.model_validate_json(event.data)
    except ValidationError as error:
        raise Invalid(*explain(error)) from None
    changed = update.change.sections
    sections = () if update.change.kind == "prose" else (*changed.added, *changed.changed)
    cause = event_id(STORY_UPDATED, update.story.id, update.story.version)
    return Offer(update.story.id, update.story.version, sections, cause, carried_headers(record, cause))

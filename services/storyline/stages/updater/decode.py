"""A record of `story-commands` as a command."""

from dataclasses import dataclass

from pydantic import ValidationError

from storyline_schemas import STORY_COMMAND, StoryCommand, partition_of
from storyline_schemas.events import STORY_COMMAND as COMMAND_TYPE
from storyline_schemas.problems import explain

from ...errors import Invalid
from ...record import Headers, Record
from ..events import carried_headers, event_of


@dataclass(frozen=True, slots=True)
class Received:
    """A command, and the headers that go with what it leads to."""

    command: StoryCommand
    carried: Headers


def decode(record: Record, partitions: int) -> Received:
    """Read a record of `story-commands`, a topic of that many partitions. Raises Invalid."""
    event = event_of(record, COMMAND_TYPE)
    try:
        command = STORY_COMMAND.validate_json(event.data)
    except ValidationError as error:
        raise Invalid(*explain(error)) from None
    if record.key != command.story_id.encode():
        raise Invalid("key", f"is not the command's story_id, {command.story_id}")
    if (right := partition_of(command.story_id, partitions)) != record.partition:
        raise Invalid("partition", f"is {record.partition}; story {command.story_id} belongs to {right}")
    return Received(command, carried_headers(record, command.cause))

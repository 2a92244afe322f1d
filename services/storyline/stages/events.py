"""What both stages do with events: pass on what travels in headers, and write a command as its final bytes."""

from collections.abc import Iterable

from storyline_schemas import StoryCommand, event_id, partition_of
from storyline_schemas.base import from_ms
from storyline_schemas.commands import Placed
from storyline_schemas.events import STORY_COMMAND, binary_headers
from storyline_schemas.topics import STORY_COMMANDS

from ..record import Headers, Output, Record

CARRIED = ("traceparent", "storyline-replay")
"""Headers that go with whatever an event leads to; never in the value."""
CARRIED_BYTES_MAX = 256


def carried_headers(record: Record) -> Headers:
    """Those of the record's headers that are passed on; an absurdly long one is not."""
    found = ((name, record.header(name)) for name in CARRIED)
    return tuple((name, content) for name, content in found if content and len(content) <= CARRIED_BYTES_MAX)


def first_carried(each: Iterable[Headers]) -> Headers:
    """Of several events that lead to one, the headers of the first that has any."""
    return next((headers for headers in each if headers), ())


def command_output(command: StoryCommand, source: str, partitions: int, carried: Headers = ()) -> Output:
    """A command for `story-commands`. Its id follows from what it says, so a repeat is recognised."""
    placed = [command.story_id, command.type, command.cause]
    if isinstance(command, Placed):
        placed += [command.article_uri, str(command.placement), str(command.revision)]
    headers = binary_headers(
        STORY_COMMAND, event_id(STORY_COMMAND, "\n".join(placed), 0), command.story_id, from_ms(command.at_ms), source
    )
    return Output(
        STORY_COMMANDS.name,
        partition_of(command.story_id, partitions),
        command.story_id.encode(),
        command.to_json(),
        (*headers, *carried),
    )

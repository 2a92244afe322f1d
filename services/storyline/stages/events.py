"""What all stages do with events: take them off records, pass on what travels in headers, and write commands."""

from collections.abc import Iterable

from storyline_schemas import Propose, StoryCommand, event_id, partition_of
from storyline_schemas.base import from_ms
from storyline_schemas.commands import Placed
from storyline_schemas.events import STORY_COMMAND, BadEvent, Event, binary_headers, read_event
from storyline_schemas.topics import STORY_COMMANDS

from ..errors import Invalid
from ..observe import traceparent
from ..record import Headers, Output, Record

REPLAY = "storyline-replay"
CARRIED_BYTES_MAX = 512
"""As much of a `tracestate` as W3C asks everybody to pass on."""


def event_of(record: Record, *known: str) -> Event:
    """The event of a record, if its type is one of those `known` here, or bare JSON's: none. Raises Invalid."""
    try:
        event = read_event(record.value, record.headers)
    except BadEvent as error:
        raise Invalid(error.field, error.said) from None
    if event.type is not None and event.type not in known:
        raise Invalid("ce_type", f"is {event.type[:100]!r}, which is not known here; send {known[0]}")
    return event


def carried_headers(record: Record, cause: str) -> Headers:
    """What goes with whatever an event leads to, never in the value: where it is in its trace, and that it is a replay.

    An event without a (right) `traceparent` begins a trace of its own, which follows from `cause`, its id. An absurdly
    long header is not passed on.
    """
    trace = traceparent.parse(record.header(traceparent.HEADER))
    carried = [(traceparent.HEADER, (trace or traceparent.begin(cause)).header())]
    for name in (traceparent.STATE, REPLAY) if trace else (REPLAY,):
        content = record.header(name)
        if content and len(content) <= CARRIED_BYTES_MAX:
            carried.append((name, content))
    return tuple(carried)


def first_carried(each: Iterable[Headers]) -> Headers:
    """Of several events that lead to one: the trace of the first, and a replay if one of them is."""
    every = list(each)
    first = every[0] if every else ()
    replay = next((header for headers in every for header in headers if header[0] == REPLAY), None)
    return first if replay is None or replay in first else (*first, replay)


def passed_on(carried: Headers, stage: str, id: str) -> Headers:
    """The same for the next: its parent is the span in which `stage` made what is called `id`."""
    return tuple(
        (name, trace.child(stage, id).header())
        if name == traceparent.HEADER and (trace := traceparent.parse(content))
        else (name, content)
        for name, content in carried
    )


def command_output(command: StoryCommand, source: str, partitions: int, carried: Headers = ()) -> Output:
    """A command for `story-commands`. Its id follows from what it says, so a repeat is recognised."""
    placed = [command.story_id, command.type, command.cause]
    if isinstance(command, Placed):
        placed += [command.article_uri, str(command.placement), str(command.revision)]
    if isinstance(command, Propose):
        placed += [command.section_id, command.section_hash]
    id = event_id(STORY_COMMAND, "\n".join(placed), 0)
    headers = binary_headers(STORY_COMMAND, id, command.story_id, from_ms(command.at_ms), source)
    return Output(
        STORY_COMMANDS.name,
        partition_of(command.story_id, partitions),
        command.story_id.encode(),
        command.to_json(),
        (*headers, *passed_on(carried, source, id)),
    )

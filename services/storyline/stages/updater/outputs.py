"""A new version of a story as final bytes: what is stored, and what is sent."""

from collections.abc import Sequence
from dataclasses import replace

from storyline_schemas import Story, StoryUpdate, event_id, part_key, partition_of
from storyline_schemas.events import STORY_PART, STORY_STATE, binary_headers, update_headers
from storyline_schemas.topics import STORIES, STORY_PARTS, STORY_UPDATES

from ...domain.ports import StoryChange
from ...domain.story import Evolution, StoryState
from ...record import Headers, Output
from ..events import command_output, passed_on

SOURCE = "/storyline/updater"


def story_change(
    before: StoryState | None, evolution: Evolution, unsent: Sequence[Output], carried: Headers, partitions: int
) -> StoryChange:
    """The version that an evolution made (it has an update). Outputs of earlier versions still `unsent` go first.

    Of a story that expires it is the end: a change without content, and deletions of all of its records to send.
    """
    state, update = evolution.state, evolution.update
    if state is not None and evolution.expires:
        return _end(before, evolution, unsent, carried, partitions)
    if state is None or update is None:
        raise ValueError("there is no new version")
    parts = {uri: part.to_json() if part else None for uri, part in evolution.changed_parts.items()}
    head = state.head.to_json()
    outbox = (
        *unsent,
        _update(update, carried, partitions),
        _state(update.story, partitions),
        _part(update.story, "", head, partitions),
        *(_part(update.story, uri, part, partitions) for uri, part in parts.items()),
        *command_outputs(evolution, carried, partitions),
    )
    expected = before.story.version if before else 0
    return StoryChange(update.story.id, expected, update.story.version, update.story.to_json(), head, parts, outbox)


def _end(
    before: StoryState | None, evolution: Evolution, unsent: Sequence[Output], carried: Headers, partitions: int
) -> StoryChange:
    assert evolution.state is not None, "only a story that is there can go"
    last = evolution.state.story
    story = last.model_copy(update={"version": last.version + 1})
    uris = sorted(set(evolution.state.parts) | set(before.parts if before else ()))
    outbox = (
        *unsent,
        *((_update(evolution.update, carried, partitions),) if evolution.update else ()),
        replace(_state(story, partitions), value=None),
        *(_part(story, uri, None, partitions) for uri in ("", *uris)),
        *command_outputs(evolution, carried, partitions),
    )
    expected = before.story.version if before else 0
    return StoryChange(story.id, expected, story.version, b"", b"", dict.fromkeys(uris), outbox)


def command_outputs(evolution: Evolution, carried: Headers, partitions: int) -> list[Output]:
    """What the story tells other stories."""
    return [command_output(command, SOURCE, partitions, carried) for command in evolution.commands]


def _update(update: StoryUpdate, carried: Headers, partitions: int) -> Output:
    story = update.story
    return Output(
        STORY_UPDATES.name, partition_of(story.id, partitions), story.id.encode(), update.to_json(),
        (*update_headers(update), *passed_on(carried, SOURCE, f"{story.id}\n{story.version}")),
    )  # fmt: skip


def _state(story: Story, partitions: int) -> Output:
    headers = _headers(STORY_STATE, story.id, story)
    return Output(STORIES.name, partition_of(story.id, partitions), story.id.encode(), story.to_json(), headers)


def _part(story: Story, uri: str, value: bytes | None, partitions: int) -> Output:
    key = part_key(story.id, uri)
    headers = _headers(STORY_PART, key, story)
    return Output(STORY_PARTS.name, partition_of(story.id, partitions), key.encode(), value, headers)


def _headers(event_type: str, subject: str, story: Story) -> Headers:
    return binary_headers(
        event_type, event_id(event_type, subject, story.version), subject, story.updated_at, SOURCE,
        sequence=f"{story.version:010d}",
    )  # fmt: skip

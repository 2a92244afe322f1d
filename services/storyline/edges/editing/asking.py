"""Sends a request and finds out what became of it: from the story's state, or from the dead letters."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from storyline_schemas import DEFAULT_SPACE, PartitionCounts, Story, StoryEdit, StoryStatus, partition_of
from storyline_schemas.events import STORY_EDIT, binary_headers
from storyline_schemas.topics import ARTICLES, ARTICLES_DLQ, STORY_COMMANDS, STORY_COMMANDS_DLQ

from ...domain.ports import SpaceStore, StoryStore
from ...infra.kafka import KafkaPublisher, KafkaReader
from ...infra.kafka.reading import Partition
from ...observe import traceparent
from ...record import Output, Record

LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Editing:
    """What it takes to send a request and to see its effect."""

    publisher: KafkaPublisher
    reader: KafkaReader
    stories: StoryStore
    spaces: SpaceStore
    counts: PartitionCounts
    committed: Callable[[str], Awaitable[Mapping[Partition, int]]]
    """A group → the next offset that it will read of each partition."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request. `carried_out` is None if nobody knows yet.

    `asked_for` is what the person called it, if the request is another: `undo`. `opened` is the story a split began.
    """

    edit: StoryEdit
    event_id: str
    carried_out: bool | None
    reason: str = ""
    story: Story | None = None
    asked_for: str | None = None
    opened: str | None = None

    @property
    def ok(self) -> bool:
        return self.carried_out is True

    def report(self) -> dict[str, Any]:
        return {
            "ok": self.ok, "action": self.asked_for or self.edit.action, "carried_out_as": self.edit.action,
            "story_id": self.edit.story_id, "event_id": self.event_id, "carried_out": self.carried_out,
            "reason": self.reason or None,
            "version": self.story.version if self.story else None,
            "status": str(self.story.status) if self.story else None,
            "opened": self.opened,
        }  # fmt: skip

    def said(self) -> str:
        action = f"{self.asked_for} ({self.edit.action})" if self.asked_for else self.edit.action
        what = f"{action} {self.edit.story_id}"
        if self.carried_out and self.reason:
            return f"{what}: {self.reason}"
        if self.carried_out and self.story is not None:
            opened = f"; the articles are now in {self.opened}" if self.opened else ""
            return f"{what}: done, version {self.story.version} ({self.story.status}){opened}"
        if self.carried_out is False:
            return f"{what}: refused: {self.reason}"
        return f"{what}: sent, and not carried out yet; `storyline lag` shows how far the services are"


def request(edit: StoryEdit, event_id: str, counts: PartitionCounts) -> Output:
    """The request as a binary CloudEvent on its space's partition."""
    space = edit.space or DEFAULT_SPACE
    headers = binary_headers(STORY_EDIT, event_id, edit.story_id, None, "/storyline/edit")
    headers = (*headers, (traceparent.HEADER, traceparent.begin(event_id).header()))
    return Output(
        ARTICLES.name, partition_of(space, ARTICLES.partitions(counts)), space.encode(), edit.to_json(), headers
    )


def _is_done(edit: StoryEdit, story: Story) -> bool:
    """The story is already as it is asked to be."""
    if edit.action == "merge" and story.redirect_to is not None:
        return story.redirect_to == edit.into
    if edit.section is not None:
        locks = {section.id: section.locked for section in story.sections}
        return locks.get(edit.section) is (edit.action == "lock")
    wanted = {"close": StoryStatus.CLOSED, "reopen": StoryStatus.OPEN}.get(edit.action)
    return story.status is wanted or (edit.headline is not None and story.headline == edit.headline)


def known_before(edit: StoryEdit, story: Story) -> Outcome | None:
    """The outcome of a request that need not be sent: it is done already, or its story was merged."""
    if _is_done(edit, story):
        return Outcome(edit, "", True, story=story)
    if story.redirect_to is not None:
        return Outcome(edit, "", False, f"it was merged; ask for {story.redirect_to}", story)
    ids = [section.id for section in story.sections]
    if edit.section is not None and edit.section not in ids:
        return Outcome(edit, "", False, f"it has no section {edit.section}; it has {', '.join(ids) or 'none'}", story)
    return None


async def asked(
    editing: Editing, edit: StoryEdit, before: Story, event_id: str, time_left: Callable[[], bool]
) -> Outcome:
    """Send a request and wait for its outcome while `time_left`. May raise Transient, Fatal."""
    output = request(edit, event_id, editing.counts)
    # The matcher refuses the request itself, the updater the command that it led to.
    command_partition = partition_of(edit.story_id, STORY_COMMANDS_DLQ.partitions(editing.counts))
    dead_letters = [(ARTICLES_DLQ.name, output.partition or 0), (STORY_COMMANDS_DLQ.name, command_partition)]
    since = await editing.reader.end_offsets(dead_letters)
    await editing.publisher.send([output])
    passing = _Passing(editing, (ARTICLES.name, output.partition or 0), (STORY_COMMANDS.name, command_partition))
    while time_left():
        passed = await passing.done()  # before the looks that must find what it did
        if (story := await _done(editing.stories, edit, event_id)) is not None:
            return Outcome(edit, event_id, True, story=story, opened=await _opened(editing.spaces, edit))
        ends = await editing.reader.end_offsets(dead_letters)
        async for record in editing.reader.read(since, ends):
            if _asked_by(record) == event_id:
                reason = (record.header("storyline-dlq-reason") or b"").decode(errors="replace")
                return Outcome(edit, event_id, False, reason, before)
        since = ends
        if passed:
            return Outcome(edit, event_id, True, "nothing was to be done: it is so already", before)
        await asyncio.sleep(LOOK_SECONDS)
    return Outcome(edit, event_id, None)


class _Passing:
    """Whether both stages have passed the request that was just sent: they do nothing where nothing is to be done."""

    def __init__(self, editing: Editing, articles: Partition, commands: Partition) -> None:
        self._editing = editing
        self._articles, self._commands = articles, commands
        self._ends: dict[Partition, int] = {}
        self._passed: set[Partition] = set()

    async def done(self) -> bool:
        # Only once the matcher is past it: by then the command that it may have led to is there.
        return await self._is_past(self._articles, "matcher") and await self._is_past(self._commands, "updater")

    async def _is_past(self, place: Partition, stage: str) -> bool:
        if place in self._passed:
            return True
        if place not in self._ends:
            self._ends |= await self._editing.reader.end_offsets([place])
        end = self._ends[place]
        at = (await self._editing.committed(f"storyline.{stage}")).get(place, 0)
        if at < end:
            async for _ in self._editing.reader.read({place: at}, {place: end}):
                return False
        self._passed.add(place)  # markers alone are left, if anything
        return True


def _asked_by(record: Record) -> str | None:
    """The event that a dead letter goes back to: the request itself, or what a command names as its cause."""
    if record.topic == ARTICLES_DLQ.name:
        return (record.header("ce_id") or b"").decode(errors="replace")
    try:
        cause = json.loads(record.value or b"")["cause"]
    except (ValueError, KeyError, TypeError):
        return None  # a dead letter of something else, which may be anything
    return cause if isinstance(cause, str) else None


async def _opened(spaces: SpaceStore, edit: StoryEdit) -> str | None:
    """Where the articles are that were split off: the matcher gives the new story its id."""
    if edit.action != "split":
        return None
    placed = await spaces.assignments(edit.space or DEFAULT_SPACE, edit.articles)
    return next((each.story_id for each in placed.values() if each.story_id not in (None, edit.story_id)), None)


async def _done(stories: StoryStore, edit: StoryEdit, event_id: str) -> Story | None:
    """The story as it is after the request; None if it hasn't been carried out."""
    stored = (await stories.load([edit.story_id])).get(edit.story_id)
    if stored is None:
        return None
    head: Mapping[str, Any] = json.loads(stored.head)
    done = {mark.partition(":")[2] for mark in head.get("edits", ())}
    return Story.model_validate_json(stored.story) if event_id in done else None

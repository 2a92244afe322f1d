"""The stores in memory: for tests of the stages, property tests and measuring the engines alone.

A `Backing` is what a Redis server is to the Redis stores: several stores, that is several owners, may share one,
and it can be wiped or set back in time. Semantics are those of the ports; `tests/contract` holds both to them.
"""

import copy
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from storyline_schemas.base import DAY_MS

from ..domain.ports import (
    Assignment,
    Hold,
    SpaceChange,
    SpaceLook,
    SpaceState,
    Spent,
    StoredStory,
    StoryChange,
    StoryPeek,
)
from ..record import Output
from .lost import commit_refused, marker_lost, other_encoder, raise_worst, space_lost, taken_over, went_back

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True)
class Space:
    """A space's slot."""

    epoch: int = 0
    commits: int = 0
    next_placement: int = 1
    assignments: dict[str, tuple[Assignment, int]] = field(default_factory=dict)
    """Uri → (assignment, the moment it expires in ms)."""
    index: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    lives: dict[str, bytes] = field(default_factory=dict)
    habits: dict[int, bytes] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    outbox: tuple[Output, ...] = ()
    pace: bytes = b""
    encoder: str = ""


@dataclass(slots=True)
class Backing:
    """What the stores share. `markers` maps (stage, partition) to the spaces known there."""

    markers: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    stories: dict[str, StoredStory] = field(default_factory=dict)
    unsent: dict[str, tuple[Output, ...]] = field(default_factory=dict)
    """Each story's outbox."""
    run: str = field(default_factory=lambda: uuid.uuid4().hex)

    def wipe(self) -> None:
        """Everything is gone, as after FLUSHALL or a restart without a file."""
        self._become(Backing())

    def snapshot(self) -> "Backing":
        """A copy to go back to."""
        return copy.deepcopy(self)

    def go_back(self, snapshot: "Backing") -> None:
        """Lose everything written since the snapshot, as at a failover to a replica that lagged."""
        again = copy.deepcopy(snapshot)
        again.run = uuid.uuid4().hex
        self._become(again)

    def _become(self, other: "Backing") -> None:
        self.markers, self.spaces, self.run = other.markers, other.spaces, other.run
        self.stories, self.unsent = other.stories, other.unsent

    def claim(self, stage: str, partition: int, has_committed: bool) -> None:
        if (stage, partition) not in self.markers:
            if has_committed:
                raise marker_lost(stage, partition)
            self.markers[stage, partition] = set()


def _wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


class MemorySpaceStore:
    """`SpaceStore` on a `Backing`. `clock` gives the time in ms, for the assignments' lifetime only."""

    def __init__(
        self,
        backing: Backing | None = None,
        *,
        assignment_lifetime_ms: int = 30 * DAY_MS,
        clock: Callable[[], int] = _wall_clock_ms,
        encoder: str = "",
    ) -> None:
        self.backing = backing or Backing()
        self._lifetime_ms = assignment_lifetime_ms
        self._encoder = encoder
        self._clock = clock
        self._commits: dict[str, tuple[int, int]] = {}
        """Space → (epoch, number of its last commit): both as this owner last saw them."""

    async def claim(self, partition: int, has_committed: bool) -> None:
        self.backing.claim("matcher", partition, has_committed)

    async def acquire(self, partition: int, space: str, last_epoch: int | None) -> SpaceState:
        known = self.backing.markers.get(("matcher", partition))
        if known is None:
            raise marker_lost("matcher", partition)
        if space in known and space not in self.backing.spaces:
            raise space_lost(space)
        stored = self.backing.spaces.setdefault(space, Space(encoder=self._encoder))
        if stored.encoder != self._encoder:
            raise other_encoder(space, stored.encoder, self._encoder)
        known.add(space)
        resumed = last_epoch is not None and last_epoch == stored.epoch and self._is_current(space, stored)
        stored.epoch = max(stored.epoch + 1, _wall_clock_ms())
        self._commits[space] = (stored.epoch, stored.commits)
        return SpaceState(
            stored.epoch, resumed, stored.next_placement,
            {} if resumed else dict(stored.index), dict(stored.redirects), stored.outbox,
            {} if resumed else dict(stored.lives), stored.pace, {} if resumed else dict(stored.habits),
        )  # fmt: skip

    def _is_current(self, space: str, stored: Space) -> bool:
        return self._commits.get(space) == (stored.epoch, stored.commits)

    async def spaces(self, partition: int) -> Sequence[str]:
        return sorted(self.backing.markers.get(("matcher", partition), ()))

    async def assignments(self, space: str, uris: Sequence[str]) -> Mapping[str, Assignment]:
        stored, now = self.backing.spaces.get(space, Space()), self._clock()
        found = {uri: stored.assignments[uri] for uri in uris if uri in stored.assignments}
        return {uri: assignment for uri, (assignment, expires_ms) in found.items() if now < expires_ms}

    async def look(self, space: str) -> SpaceLook:
        stored = self.backing.spaces.get(space, Space())
        return SpaceLook(dict(stored.index), dict(stored.redirects))

    async def members(self, space: str, story_id: str, uris: Sequence[str]) -> Mapping[str, bytes]:
        redirects = self.backing.spaces.get(space, Space()).redirects
        return {
            uri: assignment.profile
            for uri, assignment in (await self.assignments(space, uris)).items()
            if assignment.profile is not None and follow(redirects, assignment.story_id) == story_id
        }

    async def holds_due(self, space: str, now_ms: int, limit: int) -> Sequence[Hold]:
        holds = self.backing.spaces.get(space, Space()).holds.values()
        due = sorted(
            (hold for hold in holds if hold.release_ms <= now_ms), key=lambda h: (h.release_ms, h.uri.encode())
        )
        return due[:limit]

    async def check(self, space: str, epoch: int) -> None:
        self._owned(space, epoch)

    async def commit(self, space: str, epoch: int, change: SpaceChange) -> None:
        stored = self._owned(space, epoch)
        stored.commits += 1
        self._commits[space] = (epoch, stored.commits)
        expires_ms = self._clock() + self._lifetime_ms
        stored.assignments |= {each.uri: (each, expires_ms) for each in change.assignments}
        _put(stored.index, change.index)
        _put(stored.lives, change.lives)
        _put(stored.habits, change.habits)
        _put(stored.redirects, change.redirects)
        for uri in change.unhold:
            stored.holds.pop(uri, None)
        stored.holds |= {hold.uri: hold for hold in change.holds}
        stored.next_placement = change.next_placement
        stored.outbox = tuple(change.outbox)
        stored.pace = stored.pace if change.pace is None else change.pace

    async def clear_outbox(self, space: str, epoch: int) -> None:
        self._owned(space, epoch).outbox = ()

    def _owned(self, space: str, epoch: int) -> Space:
        stored = self.backing.spaces.get(space)
        if stored is None:
            raise space_lost(space)
        if stored.epoch > epoch:
            raise taken_over(f"the space {space}")
        if stored.epoch < epoch or stored.commits < self._commits.get(space, (epoch, 0))[1]:
            raise went_back(f"the space {space}")
        return stored


class MemoryStoryStore:
    """`StoryStore` on a `Backing`."""

    def __init__(self, backing: Backing | None = None) -> None:
        self.backing = backing or Backing()

    async def claim(self, partition: int, has_committed: bool) -> None:
        self.backing.claim("updater", partition, has_committed)

    async def check(self, partition: int) -> str:
        if ("updater", partition) not in self.backing.markers:
            raise marker_lost("updater", partition)
        return self.backing.run

    async def peek(self, story_ids: Sequence[str]) -> Mapping[str, StoryPeek]:
        stories, unsent = self.backing.stories, self.backing.unsent
        return {
            story_id: StoryPeek(stories[story_id].version if story_id in stories else 0, unsent.get(story_id, ()))
            for story_id in story_ids
        }

    async def load(self, story_ids: Sequence[str]) -> Mapping[str, StoredStory]:
        stories = self.backing.stories
        return {story_id: found for story_id in story_ids if (found := stories.get(story_id)) and found.story}

    async def commit(self, changes: Sequence[StoryChange]) -> None:
        failures = [failure for failure in map(self._commit, changes) if failure]
        raise_worst(failures)

    def _commit(self, change: StoryChange) -> Exception | None:
        stored = self.backing.stories.get(change.story_id)
        version = stored.version if stored else 0
        if version != change.expected:
            if stored and version == change.version and (stored.story, stored.head) == (change.story, change.head):
                return None
            return commit_refused(change.story_id, change.expected, version)
        parts = dict(stored.parts) if stored else {}
        _put(parts, change.parts)
        self.backing.stories[change.story_id] = StoredStory(change.version, change.story, change.head, parts)
        self.backing.unsent[change.story_id] = tuple(change.outbox)
        return None

    async def clear_outbox(self, versions: Mapping[str, int]) -> None:
        for story_id, version in versions.items():
            stored = self.backing.stories.get(story_id)
            if stored and stored.version == version:
                self.backing.unsent.pop(story_id, None)
                if not stored.story:
                    del self.backing.stories[story_id]

    async def restore(self, story_id: str, stored: StoredStory) -> bool:
        present = self.backing.stories.get(story_id)
        if present and present.version >= stored.version:
            return False
        self.backing.stories[story_id] = StoredStory(stored.version, stored.story, stored.head, dict(stored.parts))
        self.backing.unsent.pop(story_id, None)
        return True

    async def forget(self, story_id: str) -> None:
        self.backing.stories.pop(story_id, None)
        self.backing.unsent.pop(story_id, None)


def follow(redirects: Mapping[str, str], story_id: str) -> str:
    """The story that `story_id` has become, over any number of merges; a cycle ends where it closes."""
    seen = {story_id}
    while (into := redirects.get(story_id)) is not None and into not in seen:
        seen.add(into)
        story_id = into
    return story_id


def _put(target: dict[Key, Value], changes: Mapping[Key, Value | None]) -> None:
    for key, value in changes.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value


class MemoryWordingStore:
    """`WordingStore` in memory; several owners may share one."""

    def __init__(self) -> None:
        self.kept: dict[int, dict[str, bytes]] = {}
        self._spent: dict[int, int] = {}

    async def waiting(self, partition: int) -> Mapping[str, bytes]:
        return dict(self.kept.get(partition, {}))

    async def put(self, partition: int, changes: Mapping[str, bytes | None]) -> None:
        _put(self.kept.setdefault(partition, {}), changes)

    async def spend(self, hour: int, millionths: int) -> Spent:
        self._spent[hour] = self._spent.get(hour, 0) + millionths
        return Spent(self._spent[hour], sum(spent for each, spent in self._spent.items() if each // 24 == hour // 24))

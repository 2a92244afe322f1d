"""What the stages need from outside, in the words of the domain. Adapters: `infra/redis` and `infra/memory`.

Every adapter passes the same suite (`tests/contract`). All methods may raise Transient; writes by somebody who
has lost ownership raise Fenced; missing state that must exist raises StateLost.
"""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from storyline_schemas import Revision

from ..record import Output, Record


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where an article is and how it came there: one for each uri of a space, kept `assignment_lifetime`."""

    uri: str
    story_id: str
    placement: int
    revision: Revision
    opened: bool
    """Its first version opened the story, so its command is `open`."""
    canceled: bool
    score: float
    runner_up: str | None
    runner_up_score: float | None
    method: str
    at_ms: int
    profile: bytes | None
    """What matching keeps of it; None once it is canceled."""
    space_pace: float | None = None
    """Articles an hour that were usual in the space when it came (`placing.pace`)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """An article kept back until its embargo ends: the record itself, byte for byte."""

    uri: str
    release_ms: int
    record: bytes


@dataclass(frozen=True, slots=True)
class SpaceChange:
    """What one batch changes in a space: absolute values, applied in one script or not at all."""

    next_placement: int
    assignments: Sequence[Assignment] = ()
    index: Mapping[str, bytes | None] = field(default_factory=dict)
    """Story id → its value in the matching index; None removes it."""
    redirects: Mapping[str, str | None] = field(default_factory=dict)
    """Losing story id → the story it was merged into; None forgets it."""
    lives: Mapping[str, bytes | None] = field(default_factory=dict)
    """Story id → where it is in its life, packed (`placing.lives`); None forgets it."""
    holds: Sequence[Hold] = ()
    unhold: Sequence[str] = ()
    outbox: Sequence[Output] = ()
    pace: bytes | None = None
    """What is usual in the space, packed (`placing.pace`); None: as it was."""
    habits: Mapping[int, bytes | None] = field(default_factory=dict)
    """Source → what it repeats, packed (`matching.habits`); None forgets it."""


@dataclass(frozen=True, slots=True)
class SpaceState:
    """A space as its new owner finds it."""

    epoch: int
    resumed: bool
    """The last epoch was ours too: the in-process index may be kept, and `index` is empty."""
    next_placement: int
    index: Mapping[str, bytes]
    redirects: Mapping[str, str]
    outbox: Sequence[Output]
    lives: Mapping[str, bytes] = field(default_factory=dict)
    """As `SpaceChange.lives`; empty if `resumed`."""
    pace: bytes = b""
    """As `SpaceChange.pace`; empty if nothing is known."""
    habits: Mapping[int, bytes] = field(default_factory=dict)
    """As `SpaceChange.habits`; empty if `resumed`."""


@dataclass(frozen=True, slots=True)
class SpaceLook:
    """What anybody may see of a space's stories; both as in `SpaceState`, but maybe not of one moment."""

    index: Mapping[str, bytes]
    redirects: Mapping[str, str]

    def current(self, story_id: str) -> str:
        """The story that this one has become, over any number of merges."""
        while (into := self.redirects.get(story_id)) is not None:
            story_id = into
        return story_id


class SpaceStore(Protocol):
    """The matcher's state."""

    async def claim(self, partition: int, has_committed: bool) -> None:
        """Set or check the partition's marker. Raises StateLost if it is missing although offsets are committed."""
        ...

    async def acquire(self, partition: int, space: str, last_epoch: int | None) -> SpaceState:
        """Raise the space's epoch and load it; a space the partition's marker doesn't know yet is made.

        Raises Fatal if another encoder (see `Encoder.name`) than the store was given has said what its articles are
        about; whoever owns it keeps it then.
        """
        ...

    async def spaces(self, partition: int) -> Sequence[str]:
        """The spaces this partition's marker knows."""
        ...

    async def assignments(self, space: str, uris: Sequence[str]) -> Mapping[str, Assignment]:
        """Those of `uris` that are assigned."""
        ...

    async def look(self, space: str) -> SpaceLook:
        """The space's stories, without owning it."""
        ...

    async def members(self, space: str, story_id: str, uris: Sequence[str]) -> Mapping[str, bytes]:
        """Uri → profile of those of `uris` that are live in the story, merged stories followed."""
        ...

    async def holds_due(self, space: str, now_ms: int, limit: int) -> Sequence[Hold]:
        """Articles whose embargo has ended, earliest first."""
        ...

    async def commit(self, space: str, epoch: int, change: SpaceChange) -> None:
        """Write one batch's change; its outbox replaces the stored one. Raises StateLost if the space is gone.

        Raises Fenced if the epoch is no longer ours, or if the store has gone back in time (a failover): joining
        again acquires anew and repairs. Writing the same change again is harmless.
        """
        ...

    async def check(self, space: str, epoch: int) -> None:
        """The epoch is still ours, and nothing that we committed is forgotten. Raises as `commit`."""
        ...

    async def clear_outbox(self, space: str, epoch: int) -> None:
        """Every output of the last commit is confirmed. Raises as `commit`."""
        ...


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A story as its topics have it: `head` is its own state, `parts` one record an article; all bytes final."""

    version: int
    story: bytes
    """The public state, as on the topic `stories`."""
    head: bytes
    """The internal state, as on `story-parts` under `story id/`."""
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class StoryPeek:
    """The cheap look that decides whether a cached story is still true."""

    version: int
    """0: there is no such story."""
    outbox: Sequence[Output]


@dataclass(frozen=True, slots=True)
class StoryChange:
    """One new version of a story, written in one script if the stored version is still `expected` (0: none yet).

    With empty `story` and `head` it is the story's end: what is stored can't be loaded any more, and is forgotten when
    the outbox is cleared.
    """

    story_id: str
    expected: int
    version: int
    story: bytes
    head: bytes
    parts: Mapping[str, bytes | None]
    outbox: Sequence[Output]


class StoryStore(Protocol):
    """The updater's state."""

    async def claim(self, partition: int, has_committed: bool) -> None:
        """Set or check the partition's marker. Raises StateLost if it is missing although offsets are committed."""
        ...

    async def check(self, partition: int) -> str:
        """The marker is still there; says which server run answered. Raises StateLost.

        Another run than last time means a restart or a failover, which may have lost the last second: call
        `Recovery.restore_stories` before anything is read.
        """
        ...

    async def peek(self, story_ids: Sequence[str]) -> Mapping[str, StoryPeek]:
        """Version and unsent outputs of each story."""
        ...

    async def load(self, story_ids: Sequence[str]) -> Mapping[str, StoredStory]:
        """Those of the stories that exist, whole."""
        ...

    async def commit(self, changes: Sequence[StoryChange]) -> None:
        """Write each change; writing the same one again is harmless. Others may have been written when it raises:

        Conflict if a stored version isn't the expected one; StateLost if the story was expected and is gone;
        Fenced if the stored version is older than expected (the store has gone back in time: join again, recover).
        """
        ...

    async def clear_outbox(self, versions: Mapping[str, int]) -> None:
        """Forget a story's unsent outputs if it is still at that version; of one that has ended, everything."""
        ...

    async def restore(self, story_id: str, stored: StoredStory) -> bool:
        """Put a story back from its topics if Redis has an older one or none; says whether it did."""
        ...

    async def forget(self, story_id: str) -> None:
        """The topics say that the story has ended."""
        ...


@dataclass(frozen=True, slots=True)
class LostDecisions:
    """What the topics know of a space and its store has lost: to be joined to the index and committed again."""

    next_placement: int
    """At least one more than every placement seen; 0 if nothing was seen."""
    assignments: Sequence[Assignment] = ()
    """Newer than the stored ones, in placement order."""
    redirects: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Losing story id → (the story it was merged into, when that was written down)."""
    lives: Mapping[str, bytes] = field(default_factory=dict)
    """Story id → where it is in its life, of those that a person or time has turned."""
    pins: Mapping[str, bool] = field(default_factory=dict)
    """Story id → whether it is pinned, of those that a person has pinned or not any more."""
    written_ms: Mapping[str, int] = field(default_factory=dict)
    """Uri of each of the assignments → when its decision was written down: by then the article had come."""

    def __bool__(self) -> bool:
        return bool(self.assignments or self.redirects or self.lives or self.pins)


class Recovery(Protocol):
    """What a store lost at a failover (its last second), brought back from the tail of the topics."""

    async def restore_stories(self, partition: int) -> int:
        """Put back every story of the partition of which the topics have a newer version; how many there were."""
        ...

    async def untold_stories(self, partition: int, story_ids: Collection[str]) -> Collection[str]:
        """Those of the stories, all of that partition, of which the topics have no version at all."""
        ...

    async def lost_decisions(self, space: str, next_placement: int) -> LostDecisions:
        """The space's decisions of the last minute that are on `story-commands` but not in the store.

        `next_placement`: the store's. Raises StateLost if more than that minute is missing: an older copy of the store.
        """
        ...

    def recent_articles(self, partition: int) -> AsyncGenerator[Record, None]:
        """The partition's records of the last minute that the matcher has already acknowledged, oldest first.

        One at a time, since they may be large.

        Handling them again (after `lost_decisions` is applied) brings back holds and remembered cancellations,
        which leave no command.
        """
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What a language model is asked: how to answer, with what, and in which shape (a JSON Schema)."""

    instructions: str
    content: str
    schema: Mapping[str, object]
    tokens_max: int
    """Of the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What it said, word for word and unchecked, and what that took; None where it doesn't say."""

    content: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class LanguageModel(Protocol):
    """The rewriter's model. Nothing that it says is trusted."""

    async def ask(self, question: Question) -> Answer:
        """Raises Transient if no usable answer comes in time: it is away, slow, too long-winded or no such server."""
        ...


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in an hour and in its day (UTC), in millionths."""

    hour: int
    day: int


class WordingStore(Protocol):
    """The rewriter's state: which stories wait, and what models have cost, over all processes and restarts."""

    async def waiting(self, partition: int) -> Mapping[str, bytes]:
        """Story id → what was put there last."""
        ...

    async def put(self, partition: int, changes: Mapping[str, bytes | None]) -> None:
        """Story id → what waits; None: nothing any more."""
        ...

    async def spend(self, hour: int, millionths: int) -> Spent:
        """Add to (or with a negative number take off) what `hour`, counted from 1970, and its day have cost."""
        ...

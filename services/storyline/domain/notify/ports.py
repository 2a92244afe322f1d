"""What the notifier remembers outside of itself, in words of the domain. Adapter: `infra/redis/notify_ledger.py`.

A partition of `story-updates` has one owner at a time; each call but the reads says under which epoch it is made,
raises Fenced if another owner has begun a newer one, and StateLost if it finds an older one or none. Every call may
raise Transient.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

from pydantic import Field

from storyline_schemas.base import Contract, StoryId

from .owed import Entry, Told

Key = tuple[str, str]
"""Subscription and story."""

OUTCOMES = ("delivered", "failed", "refused", "given-up", "gone", "expired", "dropped", "in-doubt")
Outcome = Literal["delivered", "failed", "refused", "given-up", "gone", "expired", "dropped", "in-doubt"]


class Line(Contract):
    """One line of the delivery log. It holds no text of a story, so a kill needn't look here."""

    at_ms: int
    subscription: str
    story_id: StoryId
    from_version: int
    version: int
    channel: str
    endpoint: str
    message_id: str
    outcome: Outcome
    why: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a story: the newest version taken up (0: none), and what each subscription was told."""

    version: int = 0
    told: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A story was taken up to `version`; `entries` are those that changed by it, empty ones go."""

    story_id: StoryId
    version: int
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Settled:
    """An attempt has begun or ended: what is owed now, what was told (None: as before), and the log's line, if any."""

    subscription: str
    story_id: StoryId
    entry: Entry
    told: Told | None = None
    line: Line | None = None


class Ledger(Protocol):
    """What is owed and what was told. Each Taken and each Settled is carried out whole or not at all."""

    async def acquire(self, partition: int) -> tuple[int, dict[Key, Entry]]:
        """Begin a new epoch, which ends every other owner's; the epoch and all that is owed."""

    async def stories(self, partition: int, story_ids: Sequence[str]) -> dict[str, Memory]:
        """What is known of each."""

    async def take(self, partition: int, epoch: int, taken: Sequence[Taken]) -> None: ...

    async def settle(self, partition: int, epoch: int, settled: Sequence[Settled]) -> None: ...

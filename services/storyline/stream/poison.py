"""Finding the message that kills its process: what was begun is written down before it is handled.

Before each chunk of records the counter holds (first offset, last offset, tries). A process that finds an entry
when it acquires a partition knows that somebody began these records and never got to say that all was well. It
takes them in pieces, an eighth of the size each time, down to one by one: so the neighbours of a killer come out
fast, and after `kills_max` tries the killer itself is alone and becomes a dead letter unhandled. A clean leave
clears the counter: who is merely interrupted isn't blamed.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import redis.exceptions

from ..errors import Transient
from ..record import Record

PIECES = 8
KEY_LIFETIME_SECONDS = 7 * 86_400  # as long as the records themselves are kept


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Records `first`…`last` (offsets) were begun `tries` times and not finished."""

    first: int
    last: int
    tries: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class KillCounter(Protocol):
    """Where it is written down. Every method may raise Transient."""

    async def read(self, group: str, partition: int) -> Suspicion | None:
        """What was begun last and never finished."""
        ...

    async def begin(self, group: str, partition: int, suspicion: Suspicion) -> None:
        """These records are handled next."""
        ...

    async def clear(self, group: str, partition: int) -> None:
        """Nothing is being handled: the service leaves of its own will."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records that are handled together. `dead`: not at all, they are a dead letter."""

    records: Sequence[Record]
    tries: int = 1
    dead: bool = False

    @property
    def suspicion(self) -> Suspicion:
        return Suspicion(self.records[0].offset, self.records[-1].offset, self.tries)


def chunks(records: Sequence[Record], suspicion: Suspicion | None, kills_max: int) -> Iterator[Chunk]:
    """Split a batch (one partition, rising offsets) around what is suspected. Pure."""
    if suspicion is None:
        yield Chunk(records)
        return
    before = [record for record in records if record.offset < suspicion.first]
    inside = [record for record in records if suspicion.first <= record.offset <= suspicion.last]
    after = [record for record in records if record.offset > suspicion.last]
    if before:
        yield Chunk(before)
    dead = suspicion.size == 1 and suspicion.tries >= kills_max
    piece = max(1, -(-suspicion.size // PIECES))
    for start in range(0, len(inside), piece):
        yield Chunk(inside[start : start + piece], suspicion.tries + (not dead), dead)
    if after:
        yield Chunk(after)


class RedisKillCounter:
    """The counter in Redis: one short string a partition, in the partition's slot. Takes a `redis.asyncio` client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @staticmethod
    def key(group: str, partition: int) -> str:
        return f"storyline:{{begun/{group}/{partition}}}"

    async def read(self, group: str, partition: int) -> Suspicion | None:
        with _transient():
            stored = await self._client.get(self.key(group, partition))
        if stored is None:
            return None
        first, last, tries = (int(number) for number in stored.split())
        return Suspicion(first, last, tries)

    async def begin(self, group: str, partition: int, suspicion: Suspicion) -> None:
        text = f"{suspicion.first} {suspicion.last} {suspicion.tries}"
        with _transient():
            await self._client.set(self.key(group, partition), text, ex=KEY_LIFETIME_SECONDS)

    async def clear(self, group: str, partition: int) -> None:
        with _transient():
            await self._client.delete(self.key(group, partition))


class MemoryKillCounter:
    """The counter in this process: for tests and benchmarks; it forgets what it is there to remember."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, int], Suspicion] = {}

    async def read(self, group: str, partition: int) -> Suspicion | None:
        return self.entries.get((group, partition))

    async def begin(self, group: str, partition: int, suspicion: Suspicion) -> None:
        self.entries[group, partition] = suspicion

    async def clear(self, group: str, partition: int) -> None:
        self.entries.pop((group, partition), None)


@contextlib.contextmanager
def _transient() -> Iterator[None]:
    try:
        yield
    except (redis.exceptions.RedisError, OSError) as error:
        raise Transient(f"Redis does not answer: {error or type(error).__name__}") from error

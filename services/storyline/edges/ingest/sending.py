"""From what was read to confirmed records: in order, bounded, counted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from storyline_schemas import PartitionCounts

from ...record import Output
from .outgoing import outgoing, too_large
from .reading import Read, Refused
from .tally import Seen, Tally

CHUNK_BYTES_MAX = 32 * 1024 * 1024
"""Most bytes sent and not yet confirmed, whatever the number of articles."""

TURN = 20
"""Results read between two turns for everybody else: other doors, and who asks how the service is."""


class Sender(Protocol):
    """Sends records in order and returns when the broker has confirmed every one of them. Raises Transient."""

    async def send(self, outputs: Sequence[Output]) -> None: ...


class Nowhere:
    """For `--check`: everything is done but the sending."""

    async def send(self, outputs: Sequence[Output]) -> None:
        return None


@dataclass(slots=True)
class Publishing:
    """Where articles go, and what became of them so far. `chunk`: most articles sent and not yet confirmed.

    Without `seen` every version is sent, also again: so do doors that are knocked at by several at once, where a
    version that is on its way is not yet one that arrived.
    """

    sender: Sender
    counts: PartitionCounts
    chunk: int
    tally: Tally = field(default_factory=Tally)
    seen: Seen | None = field(default_factory=Seen)

    async def publish(
        self,
        results: Iterable[Read | Refused] | AsyncIterator[Read | Refused],
        on_refused: Callable[[Refused], None],
        idle: Callable[[], bool] = lambda: False,
    ) -> AsyncIterator[Tally]:
        """Publish what was read, a chunk at a time: the next is read only when this one is confirmed.

        A chunk is full, or ends where `idle` says that the next result would have to be waited for.

        Yields the tally after each chunk. A version that this run has published is counted as repeated and not sent
        again; sending one again would be harmless too: equal versions change nothing. Raises what the sender raises.
        """
        each = results if isinstance(results, AsyncIterator) else _in_turn(results)
        async for chunk in self._chunks(each, on_refused, idle):
            await self._send(chunk)
            yield self.tally

    async def _send(self, chunk: "_Chunk") -> None:
        if not chunk.outputs:
            return
        try:
            await self.sender.send(chunk.outputs)
        except BaseException:
            if self.seen is not None:
                self.seen.forget(*chunk.digests)
            raise
        for format in chunk.formats:
            self.tally.of(format).published += 1

    async def _chunks(
        self, results: AsyncIterator[Read | Refused], on_refused: Callable[[Refused], None], idle: Callable[[], bool]
    ) -> AsyncIterator["_Chunk"]:
        chunk = _Chunk()
        async for result in results:
            chunk.looked_at += 1
            if isinstance(result, Refused):
                self._refuse(result, on_refused)
            else:
                self._add(result, chunk, on_refused)
            if chunk.looked_at >= self.chunk or chunk.size >= CHUNK_BYTES_MAX or idle():
                yield chunk
                chunk = _Chunk()
        if chunk.looked_at:
            yield chunk

    def _refuse(self, refused: Refused, on_refused: Callable[[Refused], None]) -> None:
        self.tally.refuse(refused)
        on_refused(refused)

    def _add(self, read: Read, chunk: "_Chunk", on_refused: Callable[[Refused], None]) -> None:
        output = outgoing(read.article, self.counts)
        if reason := too_large(output):
            self._refuse(Refused(read.line, "article", reason, b"", read.format, "item"), on_refused)
            return
        self.tally.of(read.format).read += 1
        if self.seen is not None:
            digest = Seen.digest(read.article)
            if not self.seen.add(digest):
                self.tally.of(read.format).repeated += 1
                return
            chunk.digests.append(digest)
        chunk.outputs.append(output)
        chunk.formats.append(read.format)
        chunk.size += len(output.value or b"")


async def _in_turn(results: Iterable[Read | Refused]) -> AsyncIterator[Read | Refused]:
    """The results; now and then everybody else has a turn."""
    for number, result in enumerate(results, 1):
        if number % TURN == 0:
            await asyncio.sleep(0)
        yield result


@dataclass(slots=True)
class _Chunk:
    """What is sent at once, and confirmed before more is read."""

    outputs: list[Output] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    looked_at: int = 0
    size: int = 0

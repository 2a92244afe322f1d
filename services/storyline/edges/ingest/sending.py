"""From read lines to confirmed records: in order, bounded, counted."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from storyline_schemas import PartitionCounts

from ...record import Output
from .outgoing import outgoing
from .reading import Read, Refused


class Sender(Protocol):
    """Sends records in order and returns when the broker has confirmed every one of them. Raises Transient."""

    async def send(self, outputs: Sequence[Output]) -> None: ...


@dataclass(slots=True)
class Tally:
    """What became of the lines so far."""

    read: int = 0
    published: int = 0
    refused: int = 0
    uris: set[str] = field(default_factory=set)

    @property
    def articles(self) -> int:
        """Distinct articles published."""
        return len(self.uris)


async def publish(
    lines: Iterable[Read | Refused],
    sender: Sender,
    counts: PartitionCounts,
    chunk: int,
    on_refused: Callable[[Refused], None],
    tally: Tally,
) -> AsyncIterator[Tally]:
    """Publish the lines, `chunk` at a time: the next are read only when these are confirmed.

    Yields the tally after each chunk. A repeat of the same lines is harmless: equal versions change nothing.
    """
    source = iter(lines)
    while batch := list(islice(source, chunk)):
        articles = list(_kept(batch, tally, on_refused))
        if articles:
            await sender.send([outgoing(read.article, counts) for read in articles])
        tally.published += len(articles)
        tally.uris.update(read.article.uri for read in articles)
        yield tally


def _kept(batch: Sequence[Read | Refused], tally: Tally, on_refused: Callable[[Refused], None]) -> Iterator[Read]:
    for line in batch:
        tally.read += 1
        if isinstance(line, Read):
            yield line
        else:
            tally.refused += 1
            on_refused(line)

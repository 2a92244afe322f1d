"""Files onto the topic, with a line now and then for whoever waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .readers.base import Unreadable
from .reading import AUTO, Read, Refused, read_file
from .refused import RefusedFile
from .replaying import in_order, replay
from .sending import Publishing
from .sources import Source, sources
from .tally import Tally

SHOWN_MAX = 20
SAY_SECONDS = 1.0


@dataclass(slots=True)
class Ingest:
    """What all files of one run share. `say` gets progress and refusals, a line each."""

    publishing: Publishing
    line_bytes_max: int
    archive_bytes_max: int
    say: Callable[[str], None]
    form: str = AUTO
    refused: Path | None = None

    @property
    def tally(self) -> Tally:
        return self.publishing.tally

    async def paths(self, *paths: str | Path) -> None:
        """Publish what is in files, folders, archives, standard input; returns when all of it is confirmed.

        Raises Transient, Fatal.
        """
        await self.sources(source for path in paths for source in sources(path, self.archive_bytes_max))

    async def sources(self, found: Iterator[Source]) -> None:
        """Publish these sources, in order. Raises Transient, Fatal."""
        reading = _Reading(self)
        said = time.monotonic()
        async for tally in self.publishing.publish(reading.results(found), reading.refuse, reading.idle):
            if time.monotonic() - said > SAY_SECONDS:
                said = time.monotonic()
                self.say(f"{reading.name}: {tally.published:,} published, {tally.refused:,} refused")

    async def replay(self, *paths: str | Path, speed: float) -> None:
        """Publish the articles at the pace of their own times, `speed` times as fast. Raises Transient, Fatal."""
        reading = _Reading(self)
        found = (source for path in paths for source in sources(path, self.archive_bytes_max))

        def refuse(refused: Refused) -> None:
            self.tally.refuse(refused)
            reading.refuse(refused)

        articles = in_order(reading.results(found), refuse)
        self.say(f"{len(articles):,} articles to replay")
        await replay(articles, self.publishing, speed)

    def results(self, source: Source) -> Iterator[Read | Refused]:
        """Everything in one source; what is wrong with the source itself is a refusal of unit `file`."""
        if source.problem is not None or source.open is None:
            if source.problem is not None:
                yield source.problem
            return
        try:
            with source.open() as file:
                yield from read_file(
                    file, self.form, self.line_bytes_max, name=source.name, received_at=source.modified_at,
                    ignored=self.tally.ignored,
                )  # fmt: skip
        except Unreadable as problem:
            yield Refused(1, problem.field, problem.reason, b"", self.form, "file")
        except OSError as error:
            yield Refused(1, "file", f"can't be read: {error.strerror or error}", b"", self.form, "file")


class _Reading:
    """The sources of one run one after the other: whose turn it is, and where its refusals are kept."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest
        self._kept: set[str] = set()
        self._keep = RefusedFile(None, "", self._kept)
        self.name = ""
        self._source: Source | None = None

    def idle(self) -> bool:
        """Whether nothing more is there to be read now, though the source hasn't ended."""
        return self._source is not None and self._source.idle()

    def results(self, found: Iterator[Source]) -> Iterator[Read | Refused]:
        for source in found:
            self._ingest.tally.files += 1
            self.name, self._source = source.name, source
            with ExitStack() as stack:
                self._keep = stack.enter_context(RefusedFile(self._ingest.refused, source.name, self._kept))
                yield from self._ingest.results(source)

    def refuse(self, refused: Refused) -> None:
        self._keep.add(refused)
        count = self._ingest.tally.refused
        if count <= SHOWN_MAX:
            self._ingest.say(f"{self.name}, {refused.where}: {refused.field}: {refused.reason}")
        elif count == SHOWN_MAX + 1:
            self._ingest.say("… and more are refused; --refused DIR keeps all of them")

"""One file onto the topic, with a line now and then for whoever waits."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from storyline_schemas import PartitionCounts

from .reading import Format, Refused, read_articles
from .refused import RefusedFile
from .sending import Sender, Tally, publish

SHOWN_MAX = 20
SAY_SECONDS = 1.0


@dataclass(slots=True)
class Ingest:
    """What all files of one run share. `say` gets progress and refusals, a line each."""

    sender: Sender
    counts: PartitionCounts
    form: Format
    in_flight_max: int
    line_bytes_max: int
    say: Callable[[str], None]
    refused: Path | None = None
    tally: Tally = field(default_factory=Tally)

    async def file(self, path: Path) -> None:
        """Publish the file's articles, in order; returns when every one is confirmed. Raises Transient, Fatal."""
        said = time.monotonic()
        with path.open("rb") as file, RefusedFile(self.refused, path.name) as keep:

            def on_refused(line: Refused) -> None:
                keep.add(line)
                self._say_refused(path.name, line)

            lines = read_articles(file, self.form, self.line_bytes_max)
            async for _ in publish(lines, self.sender, self.counts, self.in_flight_max, on_refused, self.tally):
                if time.monotonic() - said > SAY_SECONDS:
                    said = time.monotonic()
                    self.say(f"{path.name}: {self.tally.published} published, {self.tally.refused} refused")

    def _say_refused(self, name: str, line: Refused) -> None:
        if self.tally.refused <= SHOWN_MAX:
            self.say(f"{name}, line {line.line}: {line.field}: {line.reason}")
        elif self.tally.refused == SHOWN_MAX + 1:
            self.say("… and more are refused; --refused DIR keeps all of them")

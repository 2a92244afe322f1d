"""A folder that others drop files into: each is published, then moved to done/ or failed/ inside that folder.

Looked at again and again rather than asked of the kernel: drop folders lie on NFS and SMB mounts, where inotify sees
nothing of what another machine writes, and one listing a second costs nothing. A file counts as whole when its size
and time haven't changed for a while; names that programs give to half-written files are left alone until renamed.
"""

import asyncio
import json
import os
import stat
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ...errors import Fatal, Transient
from .files import Ingest
from .reading import Read, Refused
from .refused import free_name
from .sending import TURN
from .sources import file_sources

DONE, FAILED = "done", "failed"
BATCH_MAX = 200
"""Most files published together; they are moved when all of them are confirmed."""
SOME_BYTES_MAX = 1_000_000
"""Text of a file that is read before what was read is looked at, but for one article or line."""
REASONS_MAX = 1_000
POLL_SECONDS = 0.5
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0)
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".uploading", ".writing", "~")
_State = tuple[int, int, int]


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    articles: int = 0
    refused: list[Refused] = field(default_factory=list)


class Watch:
    """Publishes what is dropped into `folder`, until told to stop. Where the disk is full, files wait for room.

    Raises Fatal if there is no such folder. A crash between confirmation and move publishes the file again at the
    next start, which changes nothing.
    """

    def __init__(
        self, ingest: Ingest, folder: Path, settle_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not folder.is_dir():
            raise Fatal(f"{folder} is no folder that files can be dropped into")
        self._ingest, self._folder, self._settle_seconds, self._clock = ingest, folder, settle_seconds, clock
        self._since: dict[Path, tuple[_State, float]] = {}
        """Each waiting file, its size, time and inode, and since when they are so."""
        self._published: dict[Path, tuple[_State, Outcome]] = {}
        """What couldn't be put away yet: it isn't published anew, unless it was changed."""
        self._unlisted: set[str] = set()
        """Folders that couldn't be listed at the last look."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, or for as long as Kafka can be waited for. Raises Fatal."""
        failures = 0
        while not stop.is_set():
            try:
                handled = await self.round()
                failures = 0
            except Transient as problem:
                if failures == 0:
                    self._ingest.say(f"waiting: {problem}")
                handled, failures = 0, failures + 1
            pause = RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1] if failures else POLL_SECONDS
            if not handled:
                await _wait(stop, pause)

    async def round(self) -> int:
        """Publish and move what is whole now, at most BATCH_MAX files; how many. Raises Transient, Fatal."""
        ready = [path for path in await self._ready() if not self._is_published(path)][:BATCH_MAX]
        outcomes = {path: Outcome() for path in ready}
        batch = _Batch(self._ingest, self._folder, outcomes)
        async for _ in self._ingest.publishing.publish(batch.results(), batch.refuse):
            pass
        self._published |= {path: (self._since[path][0], outcome) for path, outcome in outcomes.items()}
        # Folders on a network may take their time over it: what else the process does goes on.
        await asyncio.to_thread(self._put_away)
        return len(ready)

    async def _ready(self) -> list[Path]:
        """The files that haven't changed for `settle_seconds`, the oldest first."""
        now, found, unlisted = self._clock(), {}, list[OSError]()
        waiting = await asyncio.to_thread(lambda: list(_waiting(self._folder, unlisted.append)))
        self._tell(unlisted)
        for path, state in waiting:
            known = self._since.get(path)
            found[path] = known if known is not None and known[0] == state else (state, now)
        self._since = found
        whole = [(state[1], path) for path, (state, since) in found.items() if now - since >= self._settle_seconds]
        return [path for _, path in sorted(whole)]

    def _tell(self, unlisted: Sequence[OSError]) -> None:
        """Say of each folder that can't be listed so, once for as long as that lasts."""
        # One that is gone was renamed or removed while we looked; of the drop folder that is to be told.
        reasons = {
            str(error.filename): error.strerror or str(error)
            for error in unlisted
            if not isinstance(error, FileNotFoundError) or Path(error.filename) == self._folder
        }
        for name in sorted(reasons.keys() - self._unlisted):
            self._ingest.say(f"{name} can't be listed, what is in it waits: {reasons[name]}")
        self._unlisted = set(reasons)

    def _is_published(self, path: Path) -> bool:
        return path in self._published and path in self._since and self._published[path][0] == self._since[path][0]

    def _put_away(self) -> None:
        """Move what is published. Raises Transient if that can't be done now with one of them."""
        problem = ""
        for path, (_, outcome) in list(self._published.items()):
            try:
                if self._is_published(path):
                    self._move(path, outcome)
                del self._published[path]
            except OSError as error:
                problem = problem or f"{path} can't be put away: {error.strerror or error}"
        if problem:
            raise Transient(problem)

    def _move(self, path: Path, outcome: Outcome) -> None:
        kind = DONE if outcome.articles or not outcome.refused else FAILED
        day = datetime.now(UTC).date().isoformat()
        folder = self._folder / kind / day
        place = folder / free_name(path.name, lambda name: (folder / name).exists())
        place.parent.mkdir(parents=True, exist_ok=True)
        if outcome.refused:  # before the file: whoever finds it there finds the reason too
            said = [
                {refused.unit: refused.line, "format": refused.format, "field": refused.field, "reason": refused.reason}
                for refused in outcome.refused
            ]
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said)
            place.with_name(f"{place.name}.reasons.jsonl").write_text(lines, encoding="utf-8", errors="replace")
        path.replace(place)
        self._since.pop(path, None)


class _Batch:
    """The files of one round, and what becomes of each."""

    def __init__(self, ingest: Ingest, folder: Path, outcomes: dict[Path, Outcome]) -> None:
        self._ingest, self._folder, self._outcomes = ingest, folder, outcomes
        self._name, self._now = "", Outcome()

    async def results(self) -> AsyncIterator[Read | Refused]:
        for path, outcome in self._outcomes.items():
            self._now, self._name = outcome, path.relative_to(self._folder).as_posix()
            self._ingest.tally.files += 1
            found = self._read(path, self._name)
            while some := await asyncio.to_thread(_some, found):  # the disk may take its time over it
                for result in some:
                    outcome.articles += isinstance(result, Read)
                    yield result

    def _read(self, path: Path, name: str) -> Iterator[Read | Refused]:
        for source in file_sources(path, name, self._ingest.archive_bytes_max, below=True):
            yield from self._ingest.results(source)

    def refuse(self, refused: Refused) -> None:
        self._ingest.say(f"{self._name}, {refused.where}: {refused.field}: {refused.reason}")
        if len(self._now.refused) < REASONS_MAX:
            self._now.refused.append(refused)


def _some(found: Iterator[Read | Refused]) -> list[Read | Refused]:
    """The next results: so many as are read at a time, fewer if they are large."""
    some, size = list[Read | Refused](), 0
    for result in found:
        some.append(result)
        size += len(result.content if isinstance(result, Refused) else result.article.body)
        if len(some) >= TURN or size >= SOME_BYTES_MAX:
            break
    return some


def _waiting(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, _State]]:
    for here, folders, names in os.walk(folder, onerror=on_error):
        apart = (DONE, FAILED) if Path(here) == folder else ()
        folders[:] = [one for one in folders if not one.startswith(".") and one not in apart]
        for name in names:
            if name.startswith(".") or name.lower().endswith(_UNFINISHED):
                continue
            path = Path(here) / name
            try:
                status = path.lstat()
            except OSError:
                continue  # renamed while we looked, or its server doesn't answer for it now: it is seen next time
            if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                yield path, (status.st_size, status.st_mtime_ns, status.st_ino)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return

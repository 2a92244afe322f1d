"""What is remembered of each feed: SQLite, because it writes one feed of ten thousand without writing the others.

Not Redis: nothing else reads it, and feeds may be polled where no Redis is. Losing the file costs one poll of each
feed in full and repeats on `articles`, which change nothing.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ....errors import Fatal

DIGEST_BYTES = 8
SEEN_MAX = 10_000
"""Most digests remembered of one feed, the newest: two of each item, of its version and of its text."""
COMMIT_SECONDS = 1.0
_TABLE = """create table if not exists feeds (
    url text primary key, etag text, modified text, target text, due_at real not null, failures integer not null,
    said text, seen blob not null) without rowid"""


@dataclass(slots=True)
class FeedState:
    """`etag` and `modified` make the next request conditional; `target` is where the feed has moved for good;
    `due_at` is seconds since 1970; `said` is what went wrong last; `seen` are digests of item versions and texts."""

    etag: str | None = None
    modified: str | None = None
    target: str | None = None
    due_at: float = 0.0
    failures: int = 0
    said: str | None = None
    seen: tuple[bytes, ...] = ()


class StateFile:
    """The states of all feeds. Written at most COMMIT_SECONDS after a change, and when closed. Raises Fatal."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written_at = time.monotonic()

    def __enter__(self) -> Self:
        with self._usable():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._rows = sqlite3.connect(self._path, isolation_level="DEFERRED", check_same_thread=False)
            self._rows.execute("pragma journal_mode=wal")
            self._rows.execute("pragma synchronous=normal")
            self._rows.execute(_TABLE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.write()
        finally:
            self._rows.close()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Fatal(f"the state of feeds {self._path} can't be used: {error}") from None

    def due(self) -> dict[str, float]:
        """When each known feed is due."""
        with self._usable():
            return dict(self._rows.execute("select url, due_at from feeds"))

    def load(self, url: str) -> FeedState:
        """The state of a feed; a new one if it isn't known."""
        query = "select etag, modified, target, due_at, failures, said, seen from feeds where url = ?"
        with self._usable():
            row = self._rows.execute(query, (url,)).fetchone()
        if row is None:
            return FeedState()
        etag, modified, target, due_at, failures, said, seen = row
        digests = tuple(seen[at : at + DIGEST_BYTES] for at in range(0, len(seen), DIGEST_BYTES))
        return FeedState(etag, modified, target, due_at, failures, said, digests)

    def save(self, url: str, state: FeedState) -> None:
        """Remember the state."""
        row = (url, state.etag, state.modified, state.target, state.due_at, state.failures, state.said)
        with self._usable():
            self._rows.execute(
                "insert or replace into feeds values (?, ?, ?, ?, ?, ?, ?, ?)", (*row, b"".join(state.seen[:SEEN_MAX]))
            )
        if time.monotonic() - self._written_at > COMMIT_SECONDS:
            self.write()

    def write(self) -> None:
        """To disk."""
        with self._usable():
            self._rows.commit()
        self._written_at = time.monotonic()

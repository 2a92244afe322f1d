"""When which feed is polled, and what becomes of what it says.

A feed is due once an interval. At most `fetches_max` are under way, at most `host_fetches_max` of one host, and a
host is left alone for `host_gap_seconds` in between. One that fails waits twice as long each time.
"""

import asyncio
import hashlib
import heapq
import io
import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from storyline_schemas import Article

from ....errors import Transient
from ..readers.feeds import EMPTY
from ..reading import AUTO, Read, Refused, read_file
from ..sending import Publishing
from .fetching import Fetched, Fetcher, FetchFailed
from .listing import Feed
from .state import DIGEST_BYTES, FeedState, StateFile

logger = logging.getLogger("storyline.ingest.feeds")

START_PER_SECOND = 50
"""New feeds begin spread out, so many a second, and stay so."""
BACKOFF_MAX = 64
"""A failing feed waits at most so many intervals, and at most a day."""
DAY_SECONDS = 86_400.0
IDLE_SECONDS = 0.5
LINE_BYTES_MAX = 8_000_000


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """How often and how many at once."""

    interval_seconds: float
    fetches_max: int
    host_fetches_max: int
    host_gap_seconds: float


@dataclass(slots=True)
class _Host:
    under_way: int = 0
    free_at: float = 0.0
    waiting: deque[Feed] = field(default_factory=deque)


class Polling:
    """Polls feeds until told to stop. Only what Kafka has confirmed is remembered as seen."""

    def __init__(
        self, feeds: Sequence[Feed], state: StateFile, fetcher: Fetcher, publishing: Publishing, limits: FeedLimits
    ) -> None:
        self._feeds, self._state, self._fetcher = feeds, state, fetcher
        self._publishing, self._limits = publishing, limits
        self._hosts: dict[str, _Host] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._due: list[tuple[float, int, Feed]] = []
        self._number = 0
        self._reserved: set[Feed] = set()
        """Those that have been given their time at their host."""
        self._changed = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; fetches under way are then given up. Raises Fatal."""
        known, now = self._state.due(), time.time()
        for place, feed in enumerate(self._feeds):
            self._plan(feed, known.get(feed.url, now + place / START_PER_SECOND))
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._start_what_is_due()
                for task in [one for one in self._under_way if one.done()]:
                    self._under_way.discard(task)
                    task.result()  # Fatal, or a defect: ends the door
                self._changed.clear()
                changed = asyncio.create_task(self._changed.wait())
                await asyncio.wait({stopping, changed}, timeout=self._idle(), return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            stopping.cancel()
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def _idle(self) -> float:
        if not self._due or len(self._under_way) >= self._limits.fetches_max:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.001, self._due[0][0] - time.time()))

    def _plan(self, feed: Feed, at: float) -> None:
        self._number += 1
        heapq.heappush(self._due, (at, self._number, feed))

    def _start_what_is_due(self) -> None:
        now = time.time()
        while self._due and self._due[0][0] <= now and len(self._under_way) < self._limits.fetches_max:
            feed = heapq.heappop(self._due)[2]
            host = self._hosts.setdefault(feed.host, _Host())
            if host.under_way >= self._limits.host_fetches_max:
                host.waiting.append(feed)
            elif host.free_at > now and feed not in self._reserved:
                self._reserve(feed, host)
            else:
                self._start(feed, host, now)

    def _reserve(self, feed: Feed, host: _Host) -> None:
        """Give the feed the host's next free time; those that come after it get later ones."""
        at = max(time.time(), host.free_at)
        self._reserved.add(feed)
        self._plan(feed, at)
        host.free_at = at + self._limits.host_gap_seconds

    def _start(self, feed: Feed, host: _Host, now: float) -> None:
        self._reserved.discard(feed)
        host.under_way += 1
        host.free_at = max(host.free_at, now + self._limits.host_gap_seconds)
        self._under_way.add(asyncio.create_task(self._poll_and_plan(feed, host)))

    async def _poll_and_plan(self, feed: Feed, host: _Host) -> None:
        try:
            self._plan(feed, await self.poll(feed))
        finally:
            host.under_way -= 1
            if host.waiting:
                self._reserve(host.waiting.popleft(), host)
            elif host.under_way == 0 and host.free_at <= time.time():
                self._hosts.pop(feed.host, None)  # else a host for each feed of a lifetime would stay
            self._changed.set()

    async def poll(self, feed: Feed) -> float:
        """Fetch one feed and publish what is new in it; when it is due next. Raises Fatal."""
        state = self._state.load(feed.url)
        try:
            fetched = await self._fetcher.fetch(state.target or feed.url, state.etag, state.modified)
            await self._take(feed, state, fetched)
        except FetchFailed as problem:
            self._failed(feed, state, str(problem), problem)
        except Transient as away:  # Kafka: nothing is remembered, so the next poll brings the same again
            state = self._state.load(feed.url)
            state.due_at = time.time() + min(self._limits.interval_seconds, 30.0)
            logger.warning("%s: its items wait: %s", feed.url, away)
            return state.due_at
        else:
            self._succeeded(feed, state)
        self._state.save(feed.url, state)
        return state.due_at

    def _succeeded(self, feed: Feed, state: FeedState) -> None:
        if state.failures:
            logger.info("%s: comes again, after %d failures", feed.url, state.failures)
        state.failures, state.said = 0, None
        state.due_at = time.time() + self._limits.interval_seconds

    def _failed(self, feed: Feed, state: FeedState, reason: str, problem: FetchFailed) -> None:
        if reason != state.said:
            logger.warning("%s: %s", feed.url, reason)
        if state.target is not None and state.failures >= 3:
            state.target = None  # where it moved to is broken: ask at its own address again
        wait = self._limits.interval_seconds * min(2**state.failures, BACKOFF_MAX)
        state.failures, state.said = min(state.failures + 1, 1_000), reason
        state.due_at = time.time() + (DAY_SECONDS if problem.gone else min(wait, DAY_SECONDS))
        state.due_at = max(state.due_at, time.time() + (problem.after_seconds or 0.0))

    async def _take(self, feed: Feed, state: FeedState, fetched: Fetched) -> None:
        """Publish the items not seen before, or not with this text, the oldest first, and fill in the state.

        Raises FetchFailed, Transient.
        """
        if fetched.moved_to is not None:
            state.target = fetched.moved_to
        if fetched.body is None:
            return
        fetched_ms = int(time.time() * 1000)
        results = await asyncio.to_thread(_read, fetched.body)
        items = [one for one in results if isinstance(one, Read)]
        # A feed that has just begun has no item, which is nothing wrong with it.
        refused = [one for one in results if isinstance(one, Refused) and one.reason != EMPTY]
        if refused and not items:
            self._publishing.tally.refuse(refused[0])
            raise FetchFailed(f"{refused[0].field}: {refused[0].reason}")
        known = set(state.seen)
        new, digests = list[Read](), [TEXTS_TOO]
        for one in items:
            text, version = _digest_of_text(one.article), _digest(one.article)
            # The text first: where there is room for one, it is an item not seen rather than one that changed.
            digests += (text, version)
            if version not in known:
                new.append(one)
            elif text not in known and TEXTS_TOO in known:
                new.append(replace(one, article=_changed(one.article, fetched_ms)))
        new.sort(key=lambda one: one.article.version_created or datetime.min.replace(tzinfo=UTC))
        async for _ in self._publishing.publish([*new, *refused], lambda refused: None):
            pass
        # What the feed shows now comes first; what it showed before stays as long as there is room.
        state.seen = tuple(dict.fromkeys([*digests, *state.seen]))[: max(1_000, 3 * len(digests))]
        state.etag, state.modified = fetched.etag, fetched.modified


def _read(body: bytes) -> list[Read | Refused]:
    return list(read_file(io.BytesIO(body), AUTO, LINE_BYTES_MAX, received_at=datetime.now(UTC)))


def _changed(article: Article, fetched_ms: int) -> Article:
    """It has another text and the date it had, as feeds correct in silence: a version of the time it was noticed."""
    kind, number = article.revision
    if kind or article.version is not None:
        return article
    return article.model_copy(update={"version": str(max(fetched_ms, int(number) + 1))})


def _digest(article: Article) -> bytes:
    kind, number = article.revision
    return _of(f"{article.uri}\n{kind}:{number}")


def _digest_of_text(article: Article) -> bytes:
    return _of("\0".join((article.uri, article.headline, article.summary, article.body)))


def _of(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


TEXTS_TOO = _of("texts")
"""Remembered of a feed when the digests of its texts are as well: earlier states have those of versions alone."""

"""The page service: follows the topics, keeps the view, tells the streams, answers requests."""

import asyncio
import logging
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Protocol

import uvicorn
from pydantic import ValidationError
from starlette.types import ASGIApp

from storyline_schemas.topics import STORIES, STORY_UPDATES

from ...errors import Fatal, Transient
from ...heap import settle
from ...infra.listening import shown
from ...record import Record
from . import html
from .application import Pages, application
from .streams import Streams
from .view import View

log = logging.getLogger(__name__)

Places = dict[tuple[str, int], int]
RETRY_SECONDS, RETRY_SECONDS_MAX = 0.5, 10.0
LEAVE_SECONDS = 5.0
FILES_BESIDE = 256
HEADER_BYTES_MAX = 16 * 1024
TURN = 20
"""Records between two turns for everybody else."""


class Follower(Protocol):
    """Records from some offsets on, without end."""

    def follow(self, begin: Mapping[tuple[str, int], int]) -> AsyncIterator[list[Record]]: ...

    async def reached(self, ends: Mapping[tuple[str, int], int]) -> bool: ...


class Extents(Protocol):
    """Where topics begin and end."""

    async def partitions(self, topic: str) -> list[tuple[str, int]]: ...

    async def begin_offsets(self, partitions: Iterable[tuple[str, int]]) -> Places: ...

    async def end_offsets(self, partitions: Iterable[tuple[str, int]]) -> Places: ...


class Following:
    """Reads both topics into the view, for ever. Waits while Kafka is away, and says so once."""

    def __init__(
        self,
        view: View,
        pages: Pages,
        follower: Callable[[], AbstractAsyncContextManager[Follower]],
        extents: Callable[[], AbstractAsyncContextManager[Extents]],
        updates_max: int,
    ) -> None:
        self._view = view
        self._pages = pages
        self._follower = follower
        self._extents = extents
        self._updates_max = updates_max
        self._at: Places = {}
        self._ends: Places = {}

    async def run(self) -> None:
        """Never returns. Raises Fatal."""
        pause, away = RETRY_SECONDS, False
        while True:
            try:
                if not self._at:
                    await self._find_begin()
                async with self._follower() as follower:
                    async for records in follower.follow(self._at):
                        if away:
                            log.warning("Kafka is back")
                            pause, away = RETRY_SECONDS, False
                        await self._take(records)
                        if not self._pages.ready and await follower.reached(self._ends):
                            self._get_ready()
                            log.info("ready: %d stories", self._view.listed)
            except Transient as error:
                if not away:
                    log.warning("waiting: %s", error)
                away = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_SECONDS_MAX)

    def _get_ready(self) -> None:
        html.prepare()
        # What was read stays: a collection needn't look at all of it again while a reader waits.
        settle()
        self._pages.ready = True

    async def _find_begin(self) -> None:
        """`stories` whole, and the newest of `story-updates`."""
        async with self._extents() as extents:
            states, updates = await extents.partitions(STORIES.name), await extents.partitions(STORY_UPDATES.name)
            begins, ends = await extents.begin_offsets(states), await extents.end_offsets(states)
            first, last = await extents.begin_offsets(updates), await extents.end_offsets(updates)
        each = max(1, self._updates_max // max(1, len(first)))
        first = {place: max(offset, last[place] - each) for place, offset in first.items()}
        self._view.begin({partition: offset for (_, partition), offset in first.items()})
        self._at, self._ends = begins | first, ends | last

    async def _take(self, records: list[Record]) -> None:
        for count, record in enumerate(records):
            if count % TURN == TURN - 1:
                await asyncio.sleep(0)
            self._at[record.topic, record.partition] = record.offset + 1
            try:
                happened = self._view.apply(record)
            except ValidationError as error:
                where = f"{record.topic}/{record.partition}@{record.offset}"
                log.error("%s is no record of ours, left out: %d faults", where, error.error_count())
                continue
            if happened is not None and self._pages.ready:
                self._pages.publish(happened)


class _Server(uvicorn.Server):
    """Ends the open streams when it is told to leave; nobody waits for them then."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn would raise the signal once more when it is done, and the process end as if it was killed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.leave)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def leave(self) -> None:
        """Answer what is asked, end the streams, then end."""
        self.should_exit = True
        self._streams.close()


def allow_files(connections_max: int) -> None:
    """One open file a connection: the system's soft limit is often 1,024. Raises Fatal if the hard one is too low."""
    wanted = connections_max + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Fatal(f"only {hard} files may be open, {wanted} are needed; lower STORYLINE_PAGE_CONNECTIONS_MAX")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def serve(
    pages: Pages,
    streams: Streams,
    following: Following,
    sock: socket.socket,
    connections_max: int,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> None:
    """Until SIGTERM or Ctrl-C; `around` wraps the application. Raises Fatal if following can't go on."""
    config = uvicorn.Config(
        around(application(pages)), log_config=None, access_log=False, server_header=False, lifespan="off", ws="none",
        limit_concurrency=connections_max, timeout_keep_alive=30, timeout_graceful_shutdown=int(LEAVE_SECONDS),
        h11_max_incomplete_event_size=HEADER_BYTES_MAX, proxy_headers=False, backlog=2048,
    )  # fmt: skip
    server = _Server(config, streams)
    task = asyncio.create_task(following.run())

    def leave(ended: "asyncio.Task[None]") -> None:
        server.leave()

    task.add_done_callback(leave)
    host, port = sock.getsockname()[:2]
    log.info("page on http://%s:%d/", shown(host), port)
    try:
        await server.serve([sock])
    finally:
        task.remove_done_callback(leave)
        if task.done():
            task.result()
        task.cancel()
        await asyncio.wait([task])

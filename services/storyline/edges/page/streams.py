"""Open event streams: who listens to what, and what each is yet to be sent. Bounded in number and in length.

A client that doesn't keep up is let go: it comes back with the id of what it has seen, and goes on from there.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

ALL = ""
"""The stream of all stories; others have a story's id."""


class Full(Exception):
    """As many streams are open as there may be."""


class Stream:
    """What one client is yet to be sent."""

    def __init__(self, pending_max: int) -> None:
        self._frames: deque[bytes] = deque()
        self._pending_max = pending_max
        self._news = asyncio.Event()
        self.ended = False

    def put(self, frame: bytes) -> None:
        """One more frame; too many of them end the stream."""
        if len(self._frames) >= self._pending_max:
            self.end()
        if not self.ended:
            self._frames.append(frame)
            self._news.set()

    def end(self) -> None:
        """Nothing more is sent."""
        self.ended = True
        self._frames.clear()
        self._news.set()

    async def next(self, seconds: float) -> bytes:
        """All frames there are, waiting at most so long for one; empty if there are none."""
        if not self._frames and not self.ended:
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            except TimeoutError:
                return b""
        found = b"".join(self._frames)
        self._frames.clear()
        self._news.clear()
        return found


class Streams:
    """All open streams of this process."""

    def __init__(self, streams_max: int, pending_max: int) -> None:
        self._streams_max = streams_max
        self._pending_max = pending_max
        self._open: dict[str, set[Stream]] = {}
        self.count = 0
        self.dropped = 0
        """Streams that were ended because their client did not keep up."""
        self.closed = False

    @contextmanager
    def opened(self, topic: str) -> Iterator[Stream]:
        """A stream for `topic`, a story's id or ALL. Raises Full."""
        if self.count >= self._streams_max or self.closed:
            raise Full
        stream = Stream(self._pending_max)
        self._open.setdefault(topic, set()).add(stream)
        self.count += 1
        try:
            yield stream
        finally:
            self.count -= 1
            self._open[topic].discard(stream)
            if not self._open[topic]:
                del self._open[topic]

    def listening(self, topic: str) -> bool:
        """Whether anybody listens."""
        return topic in self._open

    def publish(self, topic: str, frame: bytes) -> None:
        """To everyone who listens to this topic."""
        for stream in tuple(self._open.get(topic, ())):
            if not stream.ended:
                stream.put(frame)
                self.dropped += stream.ended

    def close(self) -> None:
        """End all streams, and open no more."""
        self.closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()

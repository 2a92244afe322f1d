"""Text of stories that a reader doesn't hold any more: the present state from Redis, updates from their topic."""

import asyncio

from storyline_schemas.topics import STORY_UPDATES

from ..domain.ports import StoryStore
from ..errors import Transient
from .kafka import KafkaConnection, KafkaReader

WAITING_MAX = 64
"""Requests that wait for their turn at the topic; more are sent away."""


class OlderText:
    """Reads one thing at a time from each. Connects when first asked, and again after an error; `close` ends it."""

    def __init__(self, stories: StoryStore, connection: KafkaConnection) -> None:
        self._stories = stories
        self._connection = connection
        self._reader: KafkaReader | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def story(self, id: str) -> bytes | None:
        """The present state of a story as JSON; None if there is none. Raises Transient."""
        stored = (await self._stories.load([id])).get(id)
        return stored.story if stored else None

    async def update(self, partition: int, offset: int) -> bytes | None:
        """The update at that place; None once retention has taken it. Raises Transient."""
        if self._waiting >= WAITING_MAX:
            raise Transient("too many earlier versions are asked for at once")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._read(partition, offset)
        finally:
            self._waiting -= 1

    async def _read(self, partition: int, offset: int) -> bytes | None:
        try:
            if self._reader is None:
                self._reader = await KafkaReader(self._connection).__aenter__()
            place = (STORY_UPDATES.name, partition)
            async for record in self._reader.read({place: offset}, {place: offset + 1}):
                if record.offset == offset:
                    return record.value
        except BaseException:
            await self.close()
            raise
        return None

    async def close(self) -> None:
        """Leave Kafka; the store is its owner's to close."""
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.__aexit__(None, None, None)

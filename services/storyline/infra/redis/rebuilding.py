"""Where `storyline rebuild` puts the state: written past the services' rules, behind a flag that keeps them out."""

from collections.abc import Iterator, Mapping

from storyline_schemas.base import DAY_MS

from ...domain.ports import SpaceChange, StoredStory
from . import keys, space_store, story_store
from .client import Client
from .scripts import CLAIM, command


class RedisTarget:
    """The state's place in Redis while it is made again."""

    def __init__(self, client: Client, *, assignment_lifetime_ms: int = 30 * DAY_MS, encoder: str = "") -> None:
        self._client = client
        self._spaces = space_store.RedisSpaceStore(
            client, assignment_lifetime_ms=assignment_lifetime_ms, encoder=encoder
        )
        self._stories = story_store.RedisStoryStore(client)

    async def begin(self) -> int:
        """Until `finish` no service can claim a partition. Forgets all state; gives the number of keys."""
        await self._client.one("SET", keys.REBUILDING, "1")
        return sum([await self._forget(pattern) for pattern in keys.STATE_PATTERNS])

    async def _forget(self, pattern: str) -> int:
        forgotten = 0
        async for found in self._client.scan(pattern):
            if found:
                # One key a command: in a cluster they lie in many slots.
                forgotten += sum(await self._client.run([command("UNLINK", key) for key in found]))
        return forgotten

    async def put_stories(self, stories: Mapping[str, StoredStory]) -> None:
        await self._stories.restore_all(stories)

    async def put_space(self, partition: int, space: str, changes: Iterator[SpaceChange]) -> None:
        await self._client.run([CLAIM.call([keys.marker(space_store.STAGE, partition)], [0])])
        epoch = (await self._spaces.acquire(partition, space, None)).epoch
        for change in changes:
            await self._spaces.commit(space, epoch, change)

    async def finish(self, matcher_partitions: int, updater_partitions: int) -> None:
        """Every partition has its marker; the services may start."""
        counts = {space_store.STAGE: matcher_partitions, story_store.STAGE: updater_partitions}
        markers = [keys.marker(stage, number) for stage, count in counts.items() for number in range(count)]
        await self._client.run([CLAIM.call([marker], [0]) for marker in markers])
        await self._client.one("DEL", keys.REBUILDING)

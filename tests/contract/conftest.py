"""Every contract test runs against each adapter: memory, redis-server, a cluster, the demo's embedded server."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

import pytest

from storyline.domain.ports import SpaceStore, StoryStore
from storyline.infra.memory import Backing, MemorySpaceStore, MemoryStoryStore
from storyline.infra.redis.client import Client, as_text
from storyline.infra.redis.keys import space_meta
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore
from tests.conftest import running
from tests.redis_sets import RedisCluster

DATABASE = 9
"""Of its own, since these tests wipe it; everything else uses database 0."""


class World(Protocol):
    """What the stores of one test share. Each call of `spaces` or `stories` is another process."""

    def spaces(self, **options: Any) -> SpaceStore: ...
    def stories(self) -> StoryStore: ...
    async def wipe(self) -> None: ...
    async def lose_space(self, space: str) -> None: ...
    async def snapshot(self) -> Any: ...
    async def go_back(self, snapshot: Any) -> None: ...
    async def values_max(self) -> int: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.backing = Backing()

    def spaces(self, **options: Any) -> SpaceStore:
        return MemorySpaceStore(self.backing, **options)

    def stories(self) -> StoryStore:
        return MemoryStoryStore(self.backing)

    async def wipe(self) -> None:
        self.backing.wipe()

    async def lose_space(self, space: str) -> None:
        del self.backing.spaces[space]

    async def snapshot(self) -> Any:
        return self.backing.snapshot()

    async def go_back(self, snapshot: Any) -> None:
        self.backing.go_back(snapshot)

    async def values_max(self) -> int:
        return 0  # nothing is packed


class RedisWorld:
    def __init__(self, client: Client) -> None:
        self.client = client

    def spaces(self, **options: Any) -> SpaceStore:
        return RedisSpaceStore(self.client, **options)

    def stories(self) -> StoryStore:
        return RedisStoryStore(self.client)

    async def wipe(self) -> None:
        await self.client.everywhere("FLUSHDB")

    async def lose_space(self, space: str) -> None:
        await self.client.one("DEL", space_meta(space))

    async def snapshot(self) -> Any:
        names = [name async for page in self.client.scan("*") for name in page]
        return {name: await self.client.one("DUMP", name) for name in names}

    async def go_back(self, snapshot: Any) -> None:
        await self.wipe()
        for name, value in snapshot.items():
            await self.client.one("RESTORE", name, 0, value)

    async def values_max(self) -> int:
        """Bytes of the largest value of any hash."""
        names = [name async for page in self.client.scan("*") for name in page]
        hashes = [name for name in names if as_text(await self.client.one("TYPE", name)) == "hash"]
        values = [value for name in hashes for value in (await self.client.one("HGETALL", name)).values()]
        return max(map(len, values), default=0)


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[RedisCluster]:
    """Three primaries with a replica each: they refuse a script that touches two slots. Nobody may stop a node."""
    yield from running(RedisCluster())


@pytest.fixture(
    params=[
        "memory",
        pytest.param("redis_server", marks=pytest.mark.redis),
        pytest.param("redis_cluster", marks=pytest.mark.redis),
        "embedded_redis",
    ],
    ids=["memory", "redis", "cluster", "embedded"],
)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    server = request.getfixturevalue(request.param)
    in_cluster = request.param == "redis_cluster"
    client = Client.from_url(server.url if in_cluster else f"redis://{server.address}/{DATABASE}")
    await client.everywhere("FLUSHDB")
    # Scripts are unknown to a new server; each test begins like that.
    await client.everywhere("SCRIPT FLUSH")
    yield RedisWorld(client)
    await client.close()

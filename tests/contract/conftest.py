"""Every contract test runs against each adapter: memory, redis-server, a cluster's node, the demo's embedded server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

import pytest

from storyline.domain.ports import SpaceStore, StoryStore
from storyline.infra.memory import Backing, MemorySpaceStore, MemoryStoryStore
from storyline.infra.redis.client import Client
from storyline.infra.redis.keys import space_meta
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore
from tests.conftest import running
from tests.servers import RedisServer, free_port

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


class RedisWorld:
    def __init__(self, client: Client) -> None:
        self.client = client

    def spaces(self, **options: Any) -> SpaceStore:
        return RedisSpaceStore(self.client, **options)

    def stories(self) -> StoryStore:
        return RedisStoryStore(self.client)

    async def wipe(self) -> None:
        await self.client.one("FLUSHDB")

    async def lose_space(self, space: str) -> None:
        await self.client.one("DEL", space_meta(space))

    async def snapshot(self) -> Any:
        names = await self.client.one("KEYS", "*")
        return {name: await self.client.one("DUMP", name) for name in names}

    async def go_back(self, snapshot: Any) -> None:
        await self.wipe()
        for name, value in snapshot.items():
            await self.client.one("RESTORE", name, 0, value)


@pytest.fixture(scope="session")
def cluster_node() -> Iterator[RedisServer]:
    """A Redis Cluster of one node, which has every slot: it refuses a script that touches two."""
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    yield from running(RedisServer(aof=False, options=options))


@pytest.fixture(
    params=[
        "memory",
        pytest.param("redis_server", marks=pytest.mark.redis),
        pytest.param("cluster_node", marks=pytest.mark.redis),
        "embedded_redis",
    ],
    ids=["memory", "redis", "cluster", "embedded"],
)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    server = request.getfixturevalue(request.param)
    in_cluster = request.param == "cluster_node"
    client = Client.from_url(f"redis://{server.address}/{0 if in_cluster else DATABASE}")
    if in_cluster:
        await take_all_slots(client)
    await client.one("FLUSHDB")
    # Scripts are unknown to a new server; each test begins like that.
    await client.one("SCRIPT FLUSH")
    yield RedisWorld(client)
    await client.close()


async def take_all_slots(client: Client) -> None:
    """Every slot to this node, if it hasn't them yet; then wait until the cluster says that it is whole."""
    if b"cluster_slots_assigned:0" in await client.one("CLUSTER", "INFO"):
        await client.one("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    async with asyncio.timeout(20):
        while b"cluster_state:ok" not in await client.one("CLUSTER", "INFO"):
            await asyncio.sleep(0.05)

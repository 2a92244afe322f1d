"""What Redis lacks beside committed offsets, as `storyline check` says it."""

from collections.abc import AsyncIterator

import pytest

from storyline.infra.redis import keys
from storyline.infra.redis.client import Client
from storyline.infra.redis.missing import missing_state
from storyline.infra.redis.space_store import RedisSpaceStore
from storyline.infra.redis.story_store import RedisStoryStore

from ..servers import RedisServer
from .conftest import DATABASE

COMMITTED = {"matcher": [0, 2], "updater": [1]}


@pytest.fixture
async def client(embedded_redis: RedisServer) -> AsyncIterator[Client]:
    """A Redis with the state of the partitions in COMMITTED and of the space `world`."""
    client = Client.from_url(f"redis://{embedded_redis.address}/{DATABASE}")
    await client.one("FLUSHDB")
    spaces = RedisSpaceStore(client)
    await spaces.claim(0, False)
    await spaces.acquire(0, "world", None)
    await spaces.claim(2, False)
    await RedisStoryStore(client).claim(1, False)
    yield client
    await client.close()


async def test_nothing_is_missing_where_every_committed_partition_has_its_state(client: Client) -> None:
    assert await missing_state(client, COMMITTED) == []


async def test_a_wiped_redis_is_named_by_stage_and_partitions(client: Client) -> None:
    await client.one("FLUSHDB")
    matcher, updater = await missing_state(client, COMMITTED)
    assert "matcher for partitions 0, 2 is missing" in matcher
    assert "updater for partition 1 is missing" in updater
    assert "storyline rebuild" in matcher and "storyline rebuild" in updater


async def test_an_empty_redis_is_fine_before_anything_was_committed(client: Client) -> None:
    await client.one("FLUSHDB")
    assert await missing_state(client, {"matcher": [], "updater": []}) == []


async def test_a_space_that_is_gone_is_named(client: Client) -> None:
    await client.one("DEL", keys.space_meta("world"))
    (finding,) = await missing_state(client, COMMITTED)
    assert "the space world is missing" in finding


async def test_a_rebuild_that_was_broken_off_is_said_alone(client: Client) -> None:
    await client.one("FLUSHDB")
    await client.one("SET", keys.REBUILDING, "1")
    (finding,) = await missing_state(client, COMMITTED)
    assert "broken off" in finding

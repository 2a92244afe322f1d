"""What every `WordingStore` does: memory, redis-server and a cluster."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from storyline.domain.ports import Spent, WordingStore
from storyline.infra.memory import MemoryWordingStore
from storyline.infra.redis.client import Client
from storyline.infra.redis.wording_store import RedisWordingStore
from tests.contract.conftest import DATABASE


@pytest.fixture(
    params=[
        "memory",
        pytest.param("redis_server", marks=pytest.mark.redis),
        pytest.param("redis_cluster", marks=pytest.mark.redis),
    ]
)
async def store(request: Any) -> AsyncIterator[WordingStore]:
    if request.param == "memory":
        yield MemoryWordingStore()
        return
    server = request.getfixturevalue(request.param)
    client = Client.from_url(
        server.url if request.param == "redis_cluster" else f"redis://{server.address}/{DATABASE}"
    )  # fmt: skip
    await client.everywhere("FLUSHDB")
    yield RedisWordingStore(client)
    await client.close()


async def test_what_waits_is_kept_by_partition_until_it_is_taken_out(store: WordingStore) -> None:
    await store.put(1, {"a": b"\x00one", "b": b"two"})
    await store.put(1, {"a": b"three", "b": None, "c": None})
    await store.put(2, {})
    assert await store.waiting(1) == {"a": b"three"}
    assert await store.waiting(2) == {}


async def test_what_is_spent_adds_up_by_hour_and_day(store: WordingStore) -> None:
    hour = 24 * 20_000
    assert await store.spend(hour, 700) == Spent(700, 700)
    assert await store.spend(hour, -200) == Spent(500, 500)
    assert await store.spend(hour + 1, 10) == Spent(10, 510)
    assert await store.spend(hour + 24, 1) == Spent(1, 1)

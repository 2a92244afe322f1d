"""Redis Cluster and Sentinel: calls find their server, also after a primary was killed and while slots move."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar

import pytest
import redis

from storyline.domain.ports import StoryChange
from storyline.errors import Fatal, Transient
from storyline.infra.redis import keys
from storyline.infra.redis.client import Client, RedisOptions
from storyline.infra.redis.rebuilding import RedisTarget
from storyline.infra.redis.story_store import RedisStoryStore
from tests.conftest import running
from tests.redis_sets import RedisCluster, RedisWithSentinels

pytestmark = pytest.mark.redis

T = TypeVar("T")
FAILOVER_SECONDS = 40.0


def change(story_id: str) -> StoryChange:
    return StoryChange(story_id, 0, 1, b"story", b"head", {"urn:a": b"a"}, ())


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """As the shell does: again while the servers are away."""
    async with asyncio.timeout(FAILOVER_SECONDS):
        while True:
            try:
                return await call()
            except Transient:
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisCluster]:
    """One of its own, whose nodes are killed and started again."""
    yield from running(RedisCluster())


@pytest.fixture
async def client(cluster: RedisCluster) -> AsyncIterator[Client]:
    client = Client.from_url(cluster.url, RedisOptions(timeout_seconds=1))
    await client.everywhere("FLUSHDB")
    yield client
    await client.close()


@pytest.mark.parametrize(
    "url",
    ["redis+cluster://:secret@/", "redis+cluster://:secret@host:1/3", "redis+sentinel://:secret@host:1",
     "redis+swarm://:secret@host:1", "unix+cluster://:secret@host:1", "redis+sentinel://:secret@host:1/name/secret"],
)  # fmt: skip
def test_what_is_no_such_url_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(Fatal, match="no Redis URL") as caught:
        Client.from_url(url)
    assert "secret" not in str(caught.value)


async def test_a_cluster_that_is_down_is_transient_and_named_without_its_password() -> None:
    client = Client.from_url("redis+cluster://me:secret@127.0.0.1:1,127.0.0.1:2")
    with pytest.raises(Transient, match=r"Redis at 127\.0\.0\.1:1,127\.0\.0\.1:2 doesn't answer") as caught:
        await client.ping()
    assert "secret" not in str(caught.value)
    await client.close()


async def test_sentinels_that_are_down_are_transient_and_named_without_the_password() -> None:
    client = Client.from_url("redis+sentinel://me:secret@127.0.0.1:1/storyline", RedisOptions(timeout_seconds=1))
    with pytest.raises(Transient, match=r"Redis at storyline of 127\.0\.0\.1:1 doesn't answer") as caught:
        await client.ping()
    assert "secret" not in str(caught.value)
    await client.close()


async def test_stories_lie_on_all_primaries_and_a_rebuild_forgets_them_all(client: Client) -> None:
    store = RedisStoryStore(client)
    ids = [f"st-{number}" for number in range(60)]
    await store.commit([change(each) for each in ids])
    assert all(count > 0 for count in await client.everywhere("DBSIZE"))
    assert await RedisTarget(client).begin() == 2 * len(ids)
    assert set(await client.everywhere("DBSIZE")) == {0, 1}, "only the mark of the rebuild is left"


async def test_a_slot_that_is_moving_is_waited_for_and_then_followed(client: Client, cluster: RedisCluster) -> None:
    """`ASK` for a key that isn't at the old place, `TRYAGAIN` for two of them, `MOVED` once the slot has gone."""
    store = RedisStoryStore(client)
    key = keys.story_head("st-moving")
    old = cluster.primary_of(key)
    new = next(node for node in cluster.nodes[:3] if node is not old and cluster.replicas_of(node))
    await client.ping()  # who has which slot is known from before
    with redis.Redis(port=old.port) as at_old, redis.Redis(port=new.port) as at_new:
        slot = at_old.execute_command("CLUSTER", "KEYSLOT", key)
        at_new.execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", at_old.execute_command("CLUSTER", "MYID"))
        at_old.execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", at_new.execute_command("CLUSTER", "MYID"))
        assert (await store.peek(["st-moving"]))["st-moving"].version == 0
        with pytest.raises(Transient, match="can't write just now: Multiple keys"):
            await store.commit([change("st-moving")])
        assert at_old.execute_command("CLUSTER", "COUNTKEYSINSLOT", slot) == 0
        new_id = at_new.execute_command("CLUSTER", "MYID")
        for node in (at_new, at_old):
            node.execute_command("CLUSTER", "SETSLOT", slot, "NODE", new_id)
    await store.commit([change("st-moving"), change("st-else")])
    assert {id: peek.version for id, peek in (await store.peek(["st-moving", "st-else"])).items()} == {
        "st-moving": 1, "st-else": 1,
    }  # fmt: skip


async def test_a_killed_primary_of_the_cluster_is_followed_and_what_its_replica_has_is_there(
    client: Client, cluster: RedisCluster
) -> None:
    safe = Client.from_url(cluster.url, RedisOptions(timeout_seconds=1, min_replicas=1))
    store = RedisStoryStore(safe)
    await store.claim(0, has_committed=False)
    ids = [f"st-{number}" for number in range(30)]
    await patiently(lambda: store.commit([change(each) for each in ids]))
    before = await store.check(0)
    killed = cluster.primary_of(keys.story_head("st-1"))
    killed.kill()
    peeks = await patiently(lambda: store.peek(ids))
    assert {peek.version for peek in peeks.values()} == {1}, "what was confirmed by a replica is there"
    assert await patiently(lambda: store.check(0)) != before, "another server may have lost the last second"
    plain = RedisStoryStore(client)
    await patiently(lambda: plain.commit([change(f"new-{number}") for number in range(30)]))
    killed.start()
    await asyncio.to_thread(cluster.wait_until_whole)
    await safe.close()


@pytest.fixture
def sentinels() -> Iterator[RedisWithSentinels]:
    yield from running(RedisWithSentinels())


async def test_a_primary_that_sentinel_has_replaced_is_left(sentinels: RedisWithSentinels) -> None:
    safe = Client.from_url(sentinels.url, RedisOptions(timeout_seconds=1, min_replicas=1))
    store = RedisStoryStore(safe)
    await store.claim(0, has_committed=False)
    await store.commit([change("st-1")])
    before = await store.check(0)
    sentinels.primary.kill()
    assert (await patiently(lambda: store.peek(["st-1"])))["st-1"].version == 1
    assert await patiently(lambda: store.check(0)) != before
    alone = RedisStoryStore(plain := Client.from_url(sentinels.url, RedisOptions(timeout_seconds=1)))
    await patiently(lambda: alone.commit([change("st-2")]))
    await plain.close()
    await safe.close()

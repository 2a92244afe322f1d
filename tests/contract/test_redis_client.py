"""What each trouble with Redis is called, and what comes through it."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator

import pytest

from storyline.domain.ports import StoryChange
from storyline.errors import Fatal, Transient
from storyline.infra.redis.client import Client, RedisOptions, _findings
from storyline.infra.redis.story_store import RedisStoryStore
from tests.conftest import running
from tests.servers import RedisServer, free_port

pytestmark = pytest.mark.redis

CHANGE = StoryChange("st-1", 0, 1, b"story", b"head", {"urn:a": b"a"}, ())


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """One of its own, to be stopped and set up otherwise."""
    yield from running(RedisServer())


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Client]:
    client = Client.from_url(server.url, RedisOptions(timeout_seconds=1))
    yield client
    await client.close()


@pytest.mark.parametrize("url", ["http://localhost", "redis://:secret@host:port-secret/0", ""])
def test_what_is_no_redis_url_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(Fatal, match="no Redis URL") as caught:
        Client.from_url(url)
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_down_is_transient_and_named() -> None:
    port = free_port()
    client = Client.from_url(f"redis://someone:secret@127.0.0.1:{port}/0")
    with pytest.raises(Transient, match=f"Redis at 127.0.0.1:{port} doesn't answer.*STORYLINE_REDIS_URL") as caught:
        await client.ping()
    assert "secret" not in str(caught.value)
    await client.close()


async def test_a_server_that_hangs_is_transient_after_the_timeout(server: RedisServer, client: Client) -> None:
    await client.ping()
    os.kill(server.pid, signal.SIGSTOP)
    try:
        with pytest.raises(Transient):
            await client.ping()
    finally:
        os.kill(server.pid, signal.SIGCONT)
    await client.ping()


async def test_a_wrong_password_is_fatal_and_not_shown(server: RedisServer, client: Client) -> None:
    await client.one("CONFIG", "SET", "requirepass", "right")
    wrong = Client.from_url(f"redis://:secret@{server.address}/0")
    with pytest.raises(Fatal, match=r"refuses us.*password") as caught:
        await wrong.ping()
    assert "secret" not in str(caught.value)
    await wrong.close()


async def test_no_password_where_one_is_needed_is_fatal(server: RedisServer, client: Client) -> None:
    await client.one("CONFIG", "SET", "requirepass", "right")
    without = Client.from_url(server.url)
    with pytest.raises(Fatal, match="refuses us"):
        await without.ping()
    await without.close()


async def test_a_user_without_the_right_is_fatal(server: RedisServer, client: Client) -> None:
    await client.one("ACL", "SETUSER", "reader", "on", ">pass", "~*", "+@read")
    reader = Client.from_url(f"redis://reader:pass@{server.address}/0")
    with pytest.raises(Fatal, match=r"refuses us.*rights"):
        await RedisStoryStore(reader).commit([CHANGE])
    await reader.close()


async def test_a_full_server_is_transient_and_goes_on_when_there_is_room(client: Client) -> None:
    await client.one("CONFIG", "SET", "maxmemory", "1")
    store = RedisStoryStore(client)
    with pytest.raises(Transient, match=r"can't write just now: .*maxmemory"):
        await store.commit([CHANGE])
    await client.one("CONFIG", "SET", "maxmemory", "0")
    await store.commit([CHANGE])
    assert (await store.peek(["st-1"]))["st-1"].version == 1


async def test_a_replica_is_transient_since_a_failover_makes_one(server: RedisServer, client: Client) -> None:
    await client.one("REPLICAOF", "127.0.0.1", free_port())
    with pytest.raises(Transient):
        await RedisStoryStore(client).commit([CHANGE])


async def test_a_restarted_server_is_met_without_an_error_and_without_scripts(
    server: RedisServer, client: Client
) -> None:
    store = RedisStoryStore(client)
    await store.claim(0, has_committed=False)
    await store.commit([CHANGE])
    before = await store.check(0)
    server.stop()
    server.start()
    assert await store.check(0) != before, "another run may have lost the last second"
    await store.clear_outbox({"st-1": 1})
    assert (await store.peek(["st-1"]))["st-1"].version == 1


async def test_replicas_that_are_asked_for_and_missing_are_transient(server: RedisServer) -> None:
    client = Client.from_url(server.url, RedisOptions(min_replicas=1, replica_timeout_seconds=0.05))
    with pytest.raises(Transient, match="only 0 of 1 replicas"):
        await RedisStoryStore(client).commit([CHANGE])
    await client.close()


async def test_a_write_that_its_replica_has_is_confirmed(server: RedisServer, client: Client) -> None:
    await client.one("CONFIG", "SET", "repl-diskless-sync-delay", "0")
    for replica in running(RedisServer(aof=False, options=("--replicaof", "127.0.0.1", str(server.port)))):
        client = Client.from_url(server.url, RedisOptions(min_replicas=1))
        async with asyncio.timeout(30):
            while (await client.one("INFO", "replication"))["connected_slaves"] == 0:
                await asyncio.sleep(0.05)
        await RedisStoryStore(client).commit([CHANGE])
        copy = Client.from_url(replica.url)
        assert (await RedisStoryStore(copy).peek(["st-1"]))["st-1"].version == 1
        await client.close()
        await copy.close()


async def test_a_server_set_up_to_lose_state_is_found(client: Client) -> None:
    assert await client.findings() == []
    await client.one("CONFIG", "SET", "maxmemory", str(100 * 1024 * 1024))
    await client.one("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    await client.one("CONFIG", "SET", "appendonly", "no")
    assert [finding.split(",")[0].split(":")[0] for finding in await client.findings()] == [
        "maxmemory-policy is allkeys-lru", "appendonly is off",
    ]  # fmt: skip


async def test_a_server_that_takes_no_more_is_found(server: RedisServer, client: Client) -> None:
    await client.one("CONFIG", "SET", "maxmemory", "100kb")
    with pytest.raises(Transient, match="can't write just now"):
        await client.one("SET", "storyline:x", "y")
    (said,) = await client.findings()
    assert f"127.0.0.1:{server.port} has no memory left" in said
    await client.one("CONFIG", "SET", "maxmemory", "0")
    shutil.rmtree(server.directory)
    await client.one("BGSAVE")
    async with asyncio.timeout(30):
        while not (found := await client.findings()):
            await asyncio.sleep(0.05)
    assert "couldn't save its last snapshot" in found[0]


def test_a_file_that_cant_be_appended_to_is_found() -> None:
    info = {"redis_version": "7.0.15", "role": "master", "aof_enabled": 1, "aof_last_write_status": "err"}
    (said,) = _findings(info, "10.0.0.1:6379")
    assert said.startswith("10.0.0.1:6379 can't write its append-only file") and said.endswith("is its disk full?")

"""Faults of a Redis of several servers: a cluster of three primaries with replicas, or one that Sentinels watch.

Between services and servers there are no lines of the test's own here: both kinds tell their clients addresses.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import redis

from ..redis_sets import RedisCluster, RedisWithSentinels
from ..servers import RedisServer
from .plan import Strike

if TYPE_CHECKING:
    from .faults import Scene

WHOLE_SECONDS = 120.0
FAILOVERS_MAX = 3
Stores = RedisCluster | RedisWithSentinels
KINDS: Mapping[str, Callable[[], Stores]] = {"cluster": RedisCluster, "sentinel": RedisWithSentinels}


def client_of(stores: Stores) -> Any:
    """A client of the servers in charge."""
    if isinstance(stores, RedisWithSentinels):
        return redis.Redis(port=stores.in_charge().port, socket_timeout=10)
    living = next(node for node in stores.nodes if node.alive)
    return redis.cluster.RedisCluster(host="127.0.0.1", port=living.port, socket_timeout=10)


def _victim(stores: Stores, dice: random.Random) -> RedisServer:
    if isinstance(stores, RedisWithSentinels):
        return stores.in_charge()
    return stores.primary_of(f"key-{dice.randrange(1 << 20)}")


def _primaries(stores: Stores) -> list[RedisServer]:
    if isinstance(stores, RedisWithSentinels):
        return [stores.in_charge()]
    return stores.primaries()


async def _killed(scene: "Scene", wanted: Strike, dice: random.Random) -> None:
    """A primary dies, its replica takes over, and it comes back as that one's replica; several times."""
    await _failovers(scene, wanted, dice, behind=False)


async def _failed_over(scene: "Scene", wanted: Strike, dice: random.Random) -> None:
    """The same, and the replica never got the last second."""
    await _failovers(scene, wanted, dice, behind=True)


async def _failovers(scene: "Scene", wanted: Strike, dice: random.Random, behind: bool) -> None:
    stores = scene.world.stores
    assert stores is not None
    since = time.monotonic()
    for _ in range(dice.randint(1, min(scene.kills_max, FAILOVERS_MAX))):
        victim = await asyncio.to_thread(_victim, stores, dice)
        heirs = await asyncio.to_thread(stores.replicas_of, victim)
        for heir in heirs if behind else ():
            heir.pause()
        if behind:
            _client(victim).client_kill_filter(_type="replica")  # what was on its way to it would still come
            await asyncio.sleep(1.0)
        await asyncio.to_thread(victim.kill)
        scene.count("redis")
        for heir in heirs:
            heir.resume()
        took_over = partial(_is_so, partial(_has_heir, stores, victim))
        await scene.world.until(took_over, "a replica takes over", WHOLE_SECONDS)
        since = time.monotonic()
        await asyncio.sleep(dice.uniform(0.0, 3.0))
        await asyncio.to_thread(victim.start)
        await scene.world.until(partial(_is_so, stores.whole), "all servers are there again", WHOLE_SECONDS)
    await scene.recovery.since(since, wanted.fault)


def _is_so(question: Callable[[], bool]) -> bool:
    """What it says; no, while a server that is asked isn't there."""
    try:
        return question()
    except (redis.RedisError, OSError, ValueError):
        return False


def _has_heir(stores: Stores, victim: RedisServer) -> bool:
    if isinstance(stores, RedisWithSentinels):
        return stores.in_charge() is not victim
    return len(stores.primaries()) == len(stores.nodes) // 2


async def _full(scene: "Scene", wanted: Strike, dice: random.Random) -> None:
    assert scene.world.stores is not None
    servers = _primaries(scene.world.stores)
    for server in servers:
        _client(server).config_set("maxmemory-policy", "noeviction")
        _client(server).config_set("maxmemory", 1)
    await asyncio.sleep(dice.uniform(3.0, 8.0))
    for server in servers:
        _client(server).config_set("maxmemory", 0)
    await scene.recovery.since(time.monotonic(), wanted.fault)


def wipe(stores: Stores) -> None:
    """Nothing is left of what the services keep."""
    for server in _primaries(stores):
        _client(server).flushall()


def _client(server: RedisServer) -> Any:
    return redis.Redis(port=server.port, socket_timeout=5)


FAULTS: Mapping[str, Callable[["Scene", Strike, random.Random], Awaitable[None]]] = {
    "redis-kill9": _killed,
    "redis-failover": _failed_over,
    "redis-full": _full,
}
"""In the place of those of a single server."""
MISSING = {"redis-power-loss": "a server of a set that lost its last second gives way to its replica: redis-failover"}

"""What each fault does to the world. Each returns when the world is whole again; recovery is measured on the way."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyline.stream.crash_points import POINTS
from storyline_schemas import Article

from ..servers import RedisServer
from . import stores
from .feed import Feed
from .plan import NETWORK, POISONED, STAGES, Strike
from .recovery import Recovery
from .service import poison_uri
from .workers import Worker
from .world import FAKETIME, SESSION_SECONDS, World

FOLLOWERS = 3
SERVER_KILLS_MAX = 5
DEAD_LETTER_SECONDS = 600.0


class Skipped(Exception):
    """The fault can't be made on this machine; the text says what is missing."""


@dataclass
class Scene:
    """What a fault has in its hands. `kills_max` bounds the kills in a row of one fault."""

    world: World
    feed: Feed
    recovery: Recovery
    articles: Sequence[Article]
    kills_max: int = 3
    kills: int = 0
    """What was ended from outside."""
    signals: Counter[str] = field(default_factory=Counter)

    def count(self, server: str) -> None:
        """A server was killed."""
        self.kills += 1
        self.signals[f"SIGKILL {server}"] += 1

    def end(self, worker: Worker, number: signal.Signals = signal.SIGKILL) -> float:
        """Send it; counts what really hit a running process. Returns the moment (monotonic)."""
        if worker.running:
            worker.signal(number)
            self.signals[number.name] += 1
            self.kills += 1
        return time.monotonic()


Fault = Callable[[Scene, Strike, random.Random], Awaitable[None]]


async def strike(scene: Scene, wanted: Strike) -> None:
    """Carry it out. Raises Skipped, or AssertionError if the world didn't come back."""
    dice = wanted.dice
    await asyncio.sleep(dice.uniform(0.2, 1.5))
    if scene.world.stores is None:
        await FAULTS[wanted.fault](scene, wanted, dice)
        return
    if wanted.fault in stores.MISSING:
        raise Skipped(stores.MISSING[wanted.fault])
    await stores.FAULTS.get(wanted.fault, FAULTS[wanted.fault])(scene, wanted, dice)


# ---- ends of processes


def _ending(stage: str, number: signal.Signals) -> Fault:
    """Several in a row, each started again; then one of two that stays away until the other has all of it."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        workers = scene.world.of(stage)
        for _ in range(dice.randint(1, scene.kills_max)):
            scene.end(dice.choice(workers), number)
            await asyncio.sleep(dice.uniform(0.3, 4.0))
        await scene.recovery.caught_up()
        victim = dice.choice(workers)
        victim.hold()
        try:
            await scene.recovery.since(scene.end(victim, number), wanted.fault)
        finally:
            victim.release()

    return fault


def _crashing(stage: str) -> Fault:
    """kill -9 by itself at a point of the shell, some batches after its start."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        for _ in range(dice.randint(1, scene.kills_max)):
            worker = dice.choice(scene.world.of(stage))
            worker.crash_at(f"{dice.choice(POINTS)}:{dice.choice((1, 1, 2, 5))}")
            scene.end(worker)
            starts = worker.starts
            with suppress(AssertionError):  # without a partition it comes to no such point
                await scene.world.until(lambda w=worker, n=starts: w.starts > n + 1, "the crash", 15.0)  # type: ignore[misc]
                scene.signals["CRASH"] += 1
        await scene.recovery.since(time.monotonic(), wanted.fault)

    return fault


async def _two(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    since = time.monotonic()
    for _ in range(dice.randint(1, scene.kills_max)):
        for victim in dice.sample(scene.world.workers, 2):
            since = scene.end(victim)
        await asyncio.sleep(dice.uniform(0.5, 5.0))
    await scene.recovery.since(since, wanted.fault)


async def _in_rebalance(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """One leaves, and while the group sorts itself out another is killed."""
    since = time.monotonic()
    for _ in range(dice.randint(1, scene.kills_max)):
        first, second = dice.sample(scene.world.of(dice.choice(STAGES)), 2)
        scene.end(first, signal.SIGTERM)
        await asyncio.sleep(dice.uniform(0.0, 2.0))
        since = scene.end(second)
        await asyncio.sleep(dice.uniform(1.0, 5.0))
    await scene.recovery.since(since, wanted.fault)


def _stopping(stage: str) -> Fault:
    """SIGSTOP until the group has given it up and the other has its work; then it goes on where it was."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        zombie = dice.choice(scene.world.of(stage))
        began = time.monotonic()
        zombie.signal(signal.SIGSTOP)
        try:
            await scene.recovery.since(began, wanted.fault)
            await asyncio.sleep(max(0.0, began + SESSION_SECONDS + dice.uniform(1.0, 4.0) - time.monotonic()))
        finally:
            zombie.signal(signal.SIGCONT)
        await asyncio.sleep(dice.uniform(0.5, 2.0))
        await scene.recovery.caught_up()

    return fault


# ---- servers


def _server_killed(name: str, away_seconds_max: float) -> Fault:
    """Several times in a row, each time started again with what it kept; recovery counts from its last return."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        server = scene.world.broker if name == "broker" else scene.world.store
        if name == "redis":
            scene.world.redis().config_set("appendfsync", dice.choice(("always", "everysec")))
        kills = dice.randint(1, min(scene.kills_max, SERVER_KILLS_MAX))
        for left in reversed(range(kills)):
            await asyncio.to_thread(server.kill)
            scene.count(name)
            await asyncio.sleep(dice.uniform(0.0, away_seconds_max))
            await asyncio.to_thread(server.start)
            since = time.monotonic()
            if left:
                await asyncio.sleep(dice.uniform(0.3, 4.0))
        await scene.recovery.since(since, wanted.fault)

    return fault


async def _broker_stalls(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """As on a disk that stalls: all of the broker stands still again and again for up to a second and a half."""
    broker = scene.world.broker
    until = time.monotonic() + dice.uniform(4.0, 10.0)
    try:
        while time.monotonic() < until:
            broker.pause()
            await asyncio.sleep(dice.uniform(0.2, 1.5))
            broker.resume()
            await asyncio.sleep(dice.uniform(0.05, 0.3))
    finally:
        broker.resume()
    await scene.recovery.since(time.monotonic(), wanted.fault)


async def _redis_power_loss(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """The machine of a Redis that syncs each second goes dark: what it wrote in the last second is gone."""
    store = scene.world.store
    log = _last_log(store)
    kept = log.stat().st_size
    await asyncio.sleep(1.0)
    await asyncio.to_thread(store.kill)
    scene.count("redis")
    if log.exists():  # else it was just rewritten whole
        os.truncate(log, dice.randint(kept, log.stat().st_size))
    await asyncio.to_thread(store.start)
    await scene.recovery.since(time.monotonic(), wanted.fault)


def _last_log(store: RedisServer) -> Path:
    return max((store.directory / "appendonlydir").glob("*.incr.aof"), key=lambda file: file.stat().st_mtime)


async def _redis_failover(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """The replica that takes over never got the last second."""
    world = scene.world
    heir = RedisServer()
    await asyncio.to_thread(heir.start)
    _client(heir).replicaof("127.0.0.1", world.store.port)  # by command: started anew, it is nobody's replica
    await world.until(lambda: _info(heir, "replication").get("master_link_status") == "up", "the replica follows")
    await asyncio.sleep(dice.uniform(0.5, 2.0))
    _client(heir).replicaof("NO", "ONE")
    await asyncio.sleep(1.0)
    world.set_redis_lines("cut")
    before = world.in_charge(heir)
    await asyncio.to_thread(before.kill)
    scene.count("redis")
    await asyncio.sleep(dice.uniform(0.0, 2.0))
    world.set_redis_lines("pass")
    since = time.monotonic()
    before.close()
    await scene.recovery.since(since, wanted.fault)


async def _redis_full(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    client = scene.world.redis()
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", 1)
    await asyncio.sleep(dice.uniform(3.0, 8.0))
    client.config_set("maxmemory", 0)
    await scene.recovery.since(time.monotonic(), wanted.fault)


async def _redis_wiped(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """The services stop and name `storyline rebuild`; it runs; they go on."""
    world = scene.world
    for worker in world.workers:
        worker.hold()
    ended = {worker.name: len(worker.exits) for worker in world.workers}
    try:
        stores.wipe(world.stores) if world.stores else world.redis().flushall()
        owning = [worker for worker in world.workers if worker.running]
        with suppress(AssertionError):  # who owns nothing notices nothing
            await world.until(lambda: not any(worker.running for worker in owning), "all services end", 20.0)
        said = {w.stage: w.exits[-1].last_line for w in world.workers if len(w.exits) > ended[w.name]}
        for stage in STAGES:
            assert "storyline rebuild" in said.get(stage, ""), f"no {stage} ended and named the rebuild: {said}"
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in world.workers))
        await _rebuilt(world)
    finally:
        for worker in world.workers:
            worker.release()
    await scene.recovery.since(time.monotonic(), wanted.fault)


async def _rebuilt(world: World) -> None:
    for _ in range(30):
        done = await asyncio.to_thread(world.command, "rebuild", check=False)
        if done.returncode == 0:
            return
        assert "stop the services first" in done.stderr, done.stderr
        await asyncio.sleep(1.0)  # a member that ended badly counts until its session ends
    raise AssertionError(f"no rebuild: {done.stderr}")


def _client(server: RedisServer) -> Any:
    import redis

    return redis.Redis(port=server.port, socket_timeout=5)


def _info(server: RedisServer, section: str) -> dict[str, Any]:
    found: dict[str, Any] = _client(server).info(section)
    return found


# ---- the network and the clock


def _line(mode: Any) -> Fault:
    """One of the four lines, for up to some seconds more than a session."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        pair = dice.choice(sorted(scene.world.lines))
        line = scene.world.lines[pair]
        line.set(mode)
        try:
            await asyncio.sleep(dice.uniform(3.0, SESSION_SECONDS + 6.0))
        finally:
            line.set("pass")
        await scene.recovery.since(time.monotonic(), f"{wanted.fault}: {pair[0]}-{pair[1]}")

    return fault


async def _clock(scene: Scene, wanted: Strike, dice: random.Random) -> None:
    """One worker's clock jumps to and fro, by up to two days; monotonic time goes on, as it does in reality."""
    if FAKETIME is None:
        raise Skipped("libfaketime is not installed (Debian: faketime)")
    worker = dice.choice(scene.world.workers)
    file = scene.world.directory / "clock"
    _step(file, 0)
    worker.once |= {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    starts = worker.starts
    scene.end(worker, signal.SIGTERM)
    await scene.world.until(lambda: worker.starts > starts, "it is started again")
    await asyncio.sleep(5.0)
    for _ in range(dice.randint(2, 4)):
        _step(file, dice.choice((-172_800, -3_600, -61, -5, 5, 61, 3_600, 172_800)))
        await asyncio.sleep(dice.uniform(1.0, 4.0))
    await scene.recovery.since(time.monotonic(), wanted.fault)
    _step(file, 0)
    scene.end(worker, signal.SIGTERM)
    await scene.recovery.caught_up()


def _step(file: Path, seconds: int) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{seconds:+d}")
    fresh.rename(file)


# ---- poison


def _poison(what: str, stage: str = "matcher") -> Fault:
    """A bad article among good ones, with others of the same story behind it; it must end as a dead letter."""

    async def fault(scene: Scene, wanted: Strike, dice: random.Random) -> None:
        feed = scene.feed
        article = dice.choice(scene.articles)
        name = f"{wanted.round}:{dice.randrange(1 << 30)}"
        changes = {"uri": poison_uri(stage, what, name), "space": feed.space, "evolved_from": None}
        bad = article.model_copy(update=changes)
        before = await _dead_letters(scene)
        since = time.monotonic()
        feed.poison.append(await feed.spoiled(bad, dice) if what == "invalid" else await feed.send(bad))
        for n in range(FOLLOWERS):
            follower = bad.model_copy(update={"uri": f"urn:chaos:follower:{name}:{n}"})
            feed.followers.add(follower.uri)
            await feed.send(follower)
            feed.expected.add(follower, now_ms=1 << 53)
        deadline = since + DEAD_LETTER_SECONDS
        while await _dead_letters(scene) == before:
            assert time.monotonic() < deadline, f"no dead letter of {bad.uri} in {DEAD_LETTER_SECONDS:.0f} s"
            await asyncio.sleep(0.5)
        await scene.recovery.since(since, wanted.fault)

    return fault


async def _dead_letters(scene: Scene) -> int:
    from ..offsets import Offsets

    async with Offsets(scene.world.broker.address) as offsets:
        return sum([sum((await offsets.ends(topic)).values()) for topic in ("articles.dlq", "story-commands.dlq")])


FAULTS: dict[str, Fault] = {
    **{f"kill9-{stage}": _ending(stage, signal.SIGKILL) for stage in STAGES},
    **{f"term-{stage}": _ending(stage, signal.SIGTERM) for stage in STAGES},
    **{f"crash-{stage}": _crashing(stage) for stage in STAGES},
    "kill9-two": _two,
    "kill9-in-rebalance": _in_rebalance,
    **{f"stop-{stage}": _stopping(stage) for stage in STAGES},
    "broker-kill9": _server_killed("broker", 6.0),
    "broker-stalls": _broker_stalls,
    "redis-kill9": _server_killed("redis", 4.0),
    "redis-power-loss": _redis_power_loss,
    "redis-failover": _redis_failover,
    "redis-full": _redis_full,
    "redis-wiped": _redis_wiped,
    **{fault: _line(fault.removeprefix("net-")) for fault in NETWORK},
    "clock-step": _clock,
    "poison-invalid": _poison("invalid"),
    **{f"poison-{what}-{stage}": _poison(what, stage) for what in POISONED for stage in STAGES},
}

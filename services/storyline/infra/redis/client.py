"""The connection to Redis: from a URL, with time limits, and its errors as ours. The only file that calls redis-py."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from redis import exceptions as redis_errors
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ...errors import Fatal, StateLost, Transient
from .scripts import Call, Script, command

CALLS_MAX = 200
"""Calls in one round trip at most."""
BYTES_MAX = 8 * 1024 * 1024
"""Bytes sent in one round trip at most, a single larger call excepted."""
VERSION_MIN = (6, 2)

# What passes by itself: a restart (LOADING, MASTERDOWN), a failover (READONLY, CLUSTERDOWN), a full or write-protected
# server (OOM, MISCONF, NOREPLICAS), a script of somebody else that takes long (BUSY).
_PASSING = ("LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "OOM", "MISCONF", "NOREPLICAS", "BUSY")
_REFUSED = ("WRONGPASS", "NOAUTH", "NOPERM")


@dataclass(frozen=True, slots=True)
class RedisOptions:
    """How to speak to Redis. `min_replicas` > 0: a commit returns once so many replicas have it (`WAIT`)."""

    timeout_seconds: float = 5.0
    connections_max: int = 16
    min_replicas: int = 0
    replica_timeout_seconds: float = 2.0
    """How long a commit waits for them; at most half of `timeout_seconds`, so that the answer still comes in time."""


class Watched(Protocol):
    """Is told of each round trip: the name of its first script, or `plain`, and seconds; or why it failed."""

    def answered(self, call: str, seconds: float) -> None: ...

    def failed(self, error: Exception) -> None: ...


class Client:
    """Sends calls, many in one round trip. Connects when first used; every method may raise Transient or Fatal."""

    def __init__(self, redis: "Redis", options: RedisOptions, address: str) -> None:
        self._redis = redis
        self._options = options
        self._watched: Watched | None = None
        self.address = address
        """Host and port, for messages: never the user or the password."""

    @classmethod
    def from_url(cls, url: str, options: RedisOptions = RedisOptions()) -> Self:
        """A client for `redis://`, `rediss://` or `unix://` with user, password. Raises Fatal for anything else."""
        try:
            pool = BlockingConnectionPool.from_url(
                url,
                max_connections=options.connections_max,
                timeout=options.timeout_seconds,
                socket_timeout=options.timeout_seconds,
                socket_connect_timeout=options.timeout_seconds,
                socket_keepalive=True,
                # One repeat at once: after a restart each pooled connection fails once. Waiting is the shell's.
                retry=Retry(NoBackoff(), 1),
                protocol=2,
            )
        except ValueError:
            # redis-py's own words may quote the password.
            raise Fatal("STORYLINE_REDIS_URL is no Redis URL; write redis://[USER:PASSWORD@]HOST:PORT/0") from None
        return cls(Redis(connection_pool=pool), options, _address(pool.connection_kwargs))

    def watched_by(self, watched: Watched) -> None:
        """Tell it of each round trip from now on."""
        self._watched = watched

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def run(self, calls: Sequence[Call], *, replicated: bool = False, at_once: int = CALLS_MAX) -> list[Any]:
        """Answers in order of the calls. `replicated`: and `min_replicas` replicas have what was written.

        Up to `at_once` calls go in one round trip. Calls of one round trip stand alone: when one fails the others
        may have been carried out.
        """
        answers: list[Any] = []
        for batch in _batches(calls, at_once):
            answers += await self._timed(batch, replicated)
        return answers

    async def _timed(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        if self._watched is None:
            return await self._round_trip(calls, replicated)
        began = time.perf_counter()
        try:
            answers = await self._round_trip(calls, replicated)
        except (Transient, Fatal) as error:
            self._watched.failed(error)
            raise
        script = calls[0].script
        self._watched.answered(script.name if script else "plain", time.perf_counter() - began)
        return answers

    async def one(self, *words: str | bytes | int) -> Any:
        """The answer to one plain command."""
        return (await self.run([command(*words)]))[0]

    async def _round_trip(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        answers = await self._send(calls, replicated)
        unknown = [at for at, answer in enumerate(answers) if isinstance(answer, redis_errors.NoScriptError)]
        if unknown:
            await self._load({script for at in unknown if (script := calls[at].script)})
            again = await self._send([calls[at] for at in unknown], replicated)
            for at, answer in zip(unknown, again, strict=True):
                answers[at] = answer
        for answer in answers:
            if isinstance(answer, Exception):
                raise self._as_ours(answer)
        return answers

    async def _send(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        wait = replicated and self._options.min_replicas > 0
        pipeline = self._redis.pipeline(transaction=False)
        for call in calls:
            pipeline.execute_command(*call.words)
        if wait:
            seconds = min(self._options.replica_timeout_seconds, self._options.timeout_seconds / 2)
            pipeline.execute_command("WAIT", self._options.min_replicas, int(seconds * 1000))
        try:
            answers: list[Any] = await pipeline.execute(raise_on_error=False)
        except (redis_errors.RedisError, OSError, ValueError) as error:
            raise self._as_ours(error) from None
        if wait:
            self._check_replicas(answers.pop())
        return answers

    def _check_replicas(self, reached: Any) -> None:
        if isinstance(reached, Exception):
            raise self._as_ours(reached)
        if reached < self._options.min_replicas:
            raise Transient(
                f"Redis at {self.address}: only {reached} of {self._options.min_replicas} replicas have the last write"
            )

    async def _load(self, scripts: set[Script]) -> None:
        try:
            for script in scripts:
                await self._redis.script_load(script.text)
        except (redis_errors.RedisError, OSError) as error:
            raise self._as_ours(error) from None

    def _as_ours(self, error: Exception) -> Exception:
        """The one place that says what a Redis error means."""
        where, text = f"Redis at {self.address}", " ".join(str(error).split())[:300]
        code = getattr(error, "status_code", None) or text.split(" ", 1)[0]
        if code in _REFUSED or isinstance(error, redis_errors.AuthenticationError | redis_errors.NoPermissionError):
            return Fatal(f"{where} refuses us: {text}; check user and password in STORYLINE_REDIS_URL and its rights")
        if code in _PASSING:
            return Transient(f"{where} can't write just now: {text}")
        if isinstance(error, redis_errors.ConnectionError | redis_errors.TimeoutError | OSError):
            return Transient(f"{where} doesn't answer: {text}; is it running, is STORYLINE_REDIS_URL right?")
        return Fatal(f"{where} refused a command: {text}")

    async def ping(self) -> None:
        """Raises Transient if nobody answers, Fatal if we are refused."""
        await self.one("PING")

    async def findings(self) -> list[str]:
        """What is wrong with the server for our use, one line each; empty if nothing is."""
        info = await self.one("INFO")
        version = str(info.get("valkey_version") or info.get("redis_version", "0"))
        findings = []
        if tuple(int(number) for number in version.split(".")[:2]) < VERSION_MIN:
            findings.append(f"Redis {version} is too old; Storyline needs {'.'.join(map(str, VERSION_MIN))} or newer")
        if info.get("role") in ("slave", "replica"):
            findings.append(f"{self.address} is a replica; give the address of the primary")
        if info.get("maxmemory") and info.get("maxmemory_policy") != "noeviction":
            findings.append(f"maxmemory-policy is {info['maxmemory_policy']}, which deletes state; set noeviction")
        if not info.get("aof_enabled"):
            findings.append("appendonly is off: a restart loses state; set appendonly yes (or rebuild after a restart)")
        return findings


def _address(settings: dict[str, Any]) -> str:
    return str(settings.get("path") or f"{settings.get('host', 'localhost')}:{settings.get('port', 6379)}")


def _batches(calls: Sequence[Call], count_max: int) -> Iterator[Sequence[Call]]:
    batch: list[Call] = []
    size = 0
    for call in calls:
        length = sum(len(word) if isinstance(word, str | bytes) else 8 for word in call.words)
        if batch and (len(batch) >= count_max or size + length > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(call)
        size += length
    if batch:
        yield batch


def as_text(value: bytes | str) -> str:
    """A name from Redis, which answers in bytes."""
    return value.decode() if isinstance(value, bytes) else value


def lost_if_missing(value: Any, what: str) -> Any:
    """`value`, unless there is none. Raises StateLost."""
    if value is None:
        raise StateLost(f"{what} is missing in Redis: stop the services and run `storyline rebuild`")
    return value

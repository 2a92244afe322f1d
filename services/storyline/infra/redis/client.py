"""The connection to Redis: from a URL, with time limits, its errors as ours. It and `servers` alone call redis-py."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from redis import exceptions as redis_errors
from redis.asyncio import Redis

from ...errors import Fatal, StateLost, Transient
from .scripts import Call, Script, command
from .servers import Servers, Tls, connection_arguments, servers_from

CALLS_MAX = 200
"""Calls in one round trip at most."""
BYTES_MAX = 8 * 1024 * 1024
"""Bytes sent in one round trip at most, a single larger call excepted."""
REDIRECTS_MAX = 5
"""How often a call is sent on in a cluster whose slots move."""
SCAN_COUNT = 1_000
VERSION_MIN = (6, 2)

# What passes by itself: a restart (LOADING, MASTERDOWN), a failover (READONLY, CLUSTERDOWN), a full or write-protected
# server (OOM, MISCONF, NOREPLICAS), a script of somebody else that takes long (BUSY).
_PASSING = ("LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "OOM", "MISCONF", "NOREPLICAS", "BUSY")
_REFUSED = ("WRONGPASS", "NOAUTH", "NOPERM")
_TLS = re.compile(r"CERTIFICATE|WRONG_VERSION_NUMBER|\bALERT\b|_ALERT_|certificate verify failed", re.IGNORECASE)
_COPIES = ("slave", "replica")
_GONE_ON = (redis_errors.MovedError, redis_errors.AskError)


@dataclass(frozen=True, slots=True)
class RedisOptions:
    """How to speak to Redis. `min_replicas` > 0: a commit returns once so many replicas have it (`WAIT`)."""

    timeout_seconds: float = 5.0
    connections_max: int = 16
    min_replicas: int = 0
    replica_timeout_seconds: float = 2.0
    """How long a commit waits for them; at most half of `timeout_seconds`, so that the answer still comes in time."""
    tls: Tls = field(default_factory=Tls)
    """For `rediss`."""
    sentinel_password: str | None = field(default=None, repr=False)


class Watched(Protocol):
    """Is told of each round trip: the name of its first script, or `plain`, and seconds; or why it failed."""

    def answered(self, call: str, seconds: float) -> None: ...

    def failed(self, error: Exception) -> None: ...


class Client:
    """Sends calls, many in one round trip. Connects when first used; every method may raise Transient or Fatal."""

    def __init__(self, servers: Servers, options: RedisOptions, *, without_certificate: bool = False) -> None:
        """`without_certificate`: speaks TLS and shows none of its own."""
        self._servers = servers
        self._options = options
        self._without_certificate = without_certificate
        self._watched: Watched | None = None
        self.address = servers.address
        """Host and port, for messages: never the user or the password."""

    @classmethod
    def from_url(cls, url: str, options: RedisOptions = RedisOptions()) -> Self:
        """A client for one server, a cluster or what Sentinel names (`servers.FORMS`). Raises Fatal for another URL."""
        usual = connection_arguments(options.timeout_seconds, options.connections_max)
        servers = servers_from(url, usual, options.tls, options.sentinel_password)
        return cls(servers, options, without_certificate=url.startswith("rediss") and not options.tls.cert_file)

    def watched_by(self, watched: Watched) -> None:
        """Tell it of each round trip from now on."""
        self._watched = watched

    async def close(self) -> None:
        await self._servers.close()

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

    async def everywhere(self, *words: str | bytes | int) -> list[Any]:
        """The answer of each server that has state of its own; there are several in a cluster."""
        try:
            servers = await self._servers.primaries()
            return list(await asyncio.gather(*(_plain(redis, *words) for redis in servers)))
        except (redis_errors.RedisError, OSError) as error:
            self._servers.doubt()
            raise self._as_ours(error) from None

    async def scan(self, pattern: str) -> AsyncIterator[list[bytes]]:
        """Names of keys, page by page, over all servers. A key may come twice."""
        try:
            for redis in await self._servers.primaries():
                cursor: Any = 0
                while True:
                    cursor, page = await _plain(redis, "SCAN", cursor, "MATCH", pattern, "COUNT", SCAN_COUNT)
                    yield page
                    if int(cursor) == 0:
                        break
        except (redis_errors.RedisError, OSError) as error:
            self._servers.doubt()
            raise self._as_ours(error) from None

    async def run_id(self) -> str:
        """Changes whenever a server was started again or another one has taken its place."""
        answers = await self.everywhere("INFO")
        if any(info.get("role") in _COPIES for info in answers):
            # It was a primary when we last looked.
            self._servers.doubt()
            raise Transient(f"Redis at {self.address}: a server that was the primary is a replica now")
        return ",".join(sorted(str(info["run_id"]) for info in answers))

    async def _round_trip(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        try:
            answers = await self._redirected(calls, replicated)
            for answer in answers:
                if isinstance(answer, Exception):
                    raise self._as_ours(answer)
        except Transient:
            self._servers.doubt()
            raise
        return answers

    async def _redirected(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        """Answers, after what a cluster's nodes sent elsewhere was sent there."""
        answers: list[Any] = [None] * len(calls)
        left = list(range(len(calls)))
        for _ in range(REDIRECTS_MAX):
            for at, answer in zip(left, await self._spread([calls[at] for at in left], replicated), strict=True):
                answers[at] = answer
            for at in left:
                if isinstance(answers[at], redis_errors.AskError):
                    answers[at] = await self._asked(answers[at], calls[at], replicated)
            left = [at for at in left if isinstance(answers[at], _GONE_ON)]
            if not left:
                return answers
            self._servers.doubt()
        raise Transient(f"Redis at {self.address}: the slots of {len(left)} calls keep moving")

    async def _spread(self, calls: Sequence[Call], replicated: bool) -> list[Any]:
        """Each call at its server, all servers at once."""
        try:
            groups = await self._servers.placed(calls)
        except (redis_errors.RedisError, OSError) as error:
            raise self._as_ours(error) from None
        if len(groups) == 1:
            return await self._on(groups[0][0], calls, replicated)
        found = await asyncio.gather(
            *(self._on(redis, [calls[at] for at in its], replicated) for redis, its in groups), return_exceptions=True
        )
        answers: list[Any] = [None] * len(calls)
        for (_, its), some in zip(groups, found, strict=True):
            if isinstance(some, BaseException):
                raise some
            for at, answer in zip(its, some, strict=True):
                answers[at] = answer
        return answers

    async def _asked(self, error: redis_errors.AskError, call: Call, replicated: bool) -> Any:
        """A slot on its way: the node that will have it answers only if it is told that it was named."""
        redis = self._servers.at(error.host, error.port)
        return (await self._on(redis, [call], replicated, asking=True))[0]

    async def _on(self, redis: "Redis", calls: Sequence[Call], replicated: bool, asking: bool = False) -> list[Any]:
        """Answers of one server, which is given the scripts that it doesn't know."""
        answers = await self._send(redis, calls, replicated, asking)
        unknown = [at for at, answer in enumerate(answers) if isinstance(answer, redis_errors.NoScriptError)]
        if unknown:
            await self._load(redis, {script for at in unknown if (script := calls[at].script)})
            again = await self._send(redis, [calls[at] for at in unknown], replicated, asking)
            for at, answer in zip(unknown, again, strict=True):
                answers[at] = answer
        return answers

    async def _send(self, redis: "Redis", calls: Sequence[Call], replicated: bool, asking: bool) -> list[Any]:
        wait = replicated and self._options.min_replicas > 0
        pipeline = redis.pipeline(transaction=False)
        for call in calls:
            if asking:
                pipeline.execute_command("ASKING")
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
        return answers[1::2] if asking else answers

    def _check_replicas(self, reached: Any) -> None:
        if isinstance(reached, Exception):
            raise self._as_ours(reached)
        if reached < self._options.min_replicas:
            raise Transient(
                f"Redis at {self.address}: only {reached} of {self._options.min_replicas} replicas have the last write"
            )

    async def _load(self, redis: "Redis", scripts: set[Script]) -> None:
        try:
            for script in scripts:
                await redis.script_load(script.text)
        except (redis_errors.RedisError, OSError) as error:
            raise self._as_ours(error) from None

    def _as_ours(self, error: Exception) -> Exception:
        """The one place that says what a Redis error means."""
        where, text = f"Redis at {self.address}", " ".join(str(error).split())[:300]
        code = getattr(error, "status_code", None) or text.split(" ", 1)[0]
        if code in _REFUSED or isinstance(error, redis_errors.AuthenticationError | redis_errors.NoPermissionError):
            return Fatal(f"{where} refuses us: {text}; check user and password in STORYLINE_REDIS_URL and its rights")
        if isinstance(error, redis_errors.ConnectionError) and _TLS.search(text):
            return Fatal(f"{where}: TLS fails: {text}; check STORYLINE_REDIS_SSL_*, the port and the host's name")
        if code in _PASSING:
            return Transient(f"{where} can't write just now: {text}")
        if isinstance(error, redis_errors.ConnectionError | redis_errors.TimeoutError | OSError):
            return Transient(f"{where} doesn't answer: {text.rstrip('.')}; is it running, {self._doubt()}?")
        return Fatal(f"{where} refused a command: {text}")

    def _doubt(self) -> str:
        # A server that asks for a certificate may close before its TLS alert is read: it looks like any other loss.
        asked = ", does it ask for STORYLINE_REDIS_SSL_CERT_FILE" if self._without_certificate else ""
        return f"is STORYLINE_REDIS_URL right{asked}"

    async def ping(self) -> None:
        """Raises Transient if nobody answers, Fatal if we are refused."""
        await self.one("PING")

    async def findings(self) -> list[str]:
        """What is wrong with the server for our use, one line each; empty if nothing is."""
        answers = await self.everywhere("INFO")
        return list(dict.fromkeys(finding for info in answers for finding in _findings(info, self.address)))


async def _plain(redis: "Redis", *words: Any) -> Any:
    return await redis.execute_command(*words)  # type: ignore[no-untyped-call]


def _findings(info: dict[str, Any], address: str) -> Iterator[str]:
    version = str(info.get("valkey_version") or info.get("redis_version", "0"))
    if tuple(int(number) for number in version.split(".")[:2]) < VERSION_MIN:
        yield f"Redis {version} is too old; Storyline needs {'.'.join(map(str, VERSION_MIN))} or newer"
    if info.get("role") in _COPIES:
        yield f"{address} is a replica; give the address of the primary"
    if info.get("maxmemory") and info.get("maxmemory_policy") != "noeviction":
        yield f"maxmemory-policy is {info['maxmemory_policy']}, which deletes state; set noeviction"
    if not info.get("aof_enabled"):
        yield "appendonly is off: a restart loses state; set appendonly yes (or rebuild after a restart)"
    if info.get("aof_last_write_status", "ok") != "ok":
        yield f"{address} can't write its append-only file, and takes no state until it can: is its disk full?"
    if info.get("rdb_last_bgsave_status", "ok") != "ok":
        yield f"{address} couldn't save its last snapshot, and may take no state until it can: is its disk full?"
    counted = info.get("used_memory", 0) - info.get("mem_not_counted_for_evict", 0)
    if info.get("maxmemory") and counted >= info["maxmemory"]:
        yield f"{address} has no memory left, and takes no state until it has: set a higher maxmemory"


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

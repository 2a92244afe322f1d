"""Which server a call goes to: the only one there is, the primary that Sentinel names, or the primary of its slot.

Each kind is told of trouble by `doubt` and then looks anew before the next call, so a failover is followed without a
restart. Waiting is the shell's: here a server that is away is an error at once.
"""

import ssl
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from redis import exceptions as redis_errors
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.crc import key_slot

from ...errors import Fatal
from .scripts import Call

FORMS = (
    "redis://[USER:PASSWORD@]HOST:PORT/0, redis+cluster://[…@]HOST:PORT,HOST:PORT or "
    "redis+sentinel://[…@]HOST:PORT,HOST:PORT/NAME/0 (rediss with TLS)"
)
SENTINEL_SECONDS = 1.0
"""How long what a Sentinel said is taken for true while nothing fails: a primary that was cut off still answers."""
SENTINEL_PORT, REDIS_PORT = 26379, 6379
_WITHOUT_KEY = frozenset({"PING", "INFO", "SCRIPT", "SCAN", "KEYS", "FLUSHDB", "CONFIG", "CLUSTER", "ACL", "DBSIZE"})

Group = tuple["Redis", list[int]]
"""A server, and which of the calls go there."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM. The server's chain and name are always checked."""

    ca_file: str | None = None
    """None: what the system trusts."""
    cert_file: str | None = None
    key_file: str | None = None

    def arguments(self) -> dict[str, Any]:
        """For redis-py. Raises Fatal if a file can't be read: it would only say so at each connection."""
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file:
                context.load_cert_chain(self.cert_file, self.key_file, lambda: "")
        except (OSError, ValueError) as error:
            raise Fatal(f"the files of STORYLINE_REDIS_SSL_* can't be read: {error}") from None
        return {
            "connection_class": SSLConnection, "ssl_ca_certs": self.ca_file, "ssl_certfile": self.cert_file,
            "ssl_keyfile": self.key_file,
        }  # fmt: skip


class Servers(Protocol):
    """Where Redis is."""

    address: str
    """For messages: never the user or the password."""

    async def placed(self, calls: Sequence[Call]) -> list[Group]:
        """Every call at one server. Raises redis-py's errors if none can be found."""
        ...

    async def primaries(self) -> list["Redis"]:
        """Every server that has state of its own."""
        ...

    def at(self, host: str, port: int) -> "Redis":
        """The server of that address, which another one has named."""
        ...

    def doubt(self) -> None:
        """Something failed or moved: look again before the next call."""
        ...

    async def close(self) -> None: ...


class OneServer:
    def __init__(self, url: str, usual: dict[str, Any]) -> None:
        pool = BlockingConnectionPool.from_url(url, **usual)
        settings = pool.connection_kwargs
        self.address = str(settings.get("path") or f"{settings.get('host', 'localhost')}:{settings.get('port', 6379)}")
        self._redis = Redis(connection_pool=pool)

    async def placed(self, calls: Sequence[Call]) -> list[Group]:
        return [(self._redis, list(range(len(calls))))]

    async def primaries(self) -> list["Redis"]:
        return [self._redis]

    def at(self, host: str, port: int) -> "Redis":
        return self._redis

    def doubt(self) -> None:
        """There is no other."""

    async def close(self) -> None:
        await _closed(self._redis)


class _Known:
    """A client for each address that was ever named; there are a handful."""

    def __init__(self, usual: dict[str, Any]) -> None:
        self._usual = usual
        self._known: dict[tuple[str, int], Redis] = {}

    def at(self, host: str, port: int) -> "Redis":
        found = self._known.get((host, port))
        if found is None:
            pool = BlockingConnectionPool(host=host, port=port, **self._usual)
            found = self._known[host, port] = Redis(connection_pool=pool)
        return found

    async def close(self) -> None:
        for redis in self._known.values():
            await _closed(redis)


class BySentinel(_Known):
    """The primary of one name, as the Sentinels have it; asked again each second, and after trouble at once."""

    def __init__(self, parts: SplitResult, usual: dict[str, Any], sentinel_password: str | None) -> None:
        name, _, database = parts.path.strip("/").partition("/")
        if not name:
            raise ValueError("no name")
        super().__init__({**usual, "db": int(database or 0)})
        self.address = f"{name} of {parts.netloc.rpartition('@')[2]}"
        self._name = name
        to_sentinels = {key: value for key, value in usual.items() if key not in ("username", "password", "timeout")}
        if to_sentinels.pop("connection_class") is SSLConnection:
            to_sentinels["ssl"] = True
        else:
            to_sentinels = {key: value for key, value in to_sentinels.items() if not key.startswith("ssl_")}
        self._sentinel = Sentinel(  # type: ignore[no-untyped-call]
            _hosts(parts, SENTINEL_PORT), sentinel_kwargs={**to_sentinels, "password": sentinel_password}
        )
        self._primary: Redis | None = None
        self._looked = 0.0

    async def placed(self, calls: Sequence[Call]) -> list[Group]:
        (primary,) = await self.primaries()
        return [(primary, list(range(len(calls))))]

    async def primaries(self) -> list["Redis"]:
        now = time.monotonic()
        if self._primary is None or now - self._looked > SENTINEL_SECONDS:
            host, port = await self._sentinel.discover_master(self._name)
            self._primary, self._looked = self.at(host, port), now
        return [self._primary]

    def doubt(self) -> None:
        self._primary = None

    async def close(self) -> None:
        await super().close()
        for sentinel in self._sentinel.sentinels:
            await _closed(sentinel)


class InCluster(_Known):
    """The primaries of a Redis Cluster by their slots, as any of its nodes tells them."""

    def __init__(self, parts: SplitResult, usual: dict[str, Any]) -> None:
        if parts.path.strip("/") not in ("", "0"):
            raise ValueError("a cluster has one database")
        super().__init__(usual)
        self.address = parts.netloc.rpartition("@")[2]
        self._seeds = _hosts(parts, REDIS_PORT)
        self._begins: list[int] = []
        self._owners: list[Redis] = []

    async def placed(self, calls: Sequence[Call]) -> list[Group]:
        if not self._owners:
            await self._look()
        groups: defaultdict[int, list[int]] = defaultdict(list)
        servers: dict[int, Redis] = {}
        for at, call in enumerate(calls):
            owner = self._owners[max(0, bisect_right(self._begins, slot_of(call)) - 1)]
            servers[id(owner)] = owner
            groups[id(owner)].append(at)
        return [(servers[owner], its) for owner, its in groups.items()]

    async def primaries(self) -> list["Redis"]:
        if not self._owners:
            await self._look()
        return list(dict.fromkeys(self._owners))

    def doubt(self) -> None:
        self._owners = []

    async def _look(self) -> None:
        """Ask one after the other who has which slots. Raises the last one's error if nobody answers."""
        failed: Exception = redis_errors.ConnectionError("no node")
        for host, port in dict.fromkeys([*self._known, *self._seeds]):
            try:
                node = self.at(host, port)
                ranges = await node.execute_command("CLUSTER", "SLOTS")  # type: ignore[no-untyped-call]
            except (redis_errors.RedisError, OSError) as error:
                failed = error
                continue
            owners = sorted((int(begin), _endpoint(primary, host)) for begin, _, primary, *_ in ranges)
            if owners:
                self._begins = [begin for begin, _ in owners]
                self._owners = [self.at(*endpoint) for _, endpoint in owners]
                return
            failed = redis_errors.ClusterDownError("no slot has an owner", status_code="CLUSTERDOWN")
        raise failed


def servers_from(url: str, usual: dict[str, Any], tls: Tls, sentinel_password: str | None) -> Servers:
    """What the URL names. `usual`: redis-py's arguments of every connection. Raises Fatal; quotes nothing of it."""
    parts = urlsplit(url)
    kind, _, form = parts.scheme.partition("+")
    secure = tls.arguments() if kind == "rediss" else {}
    try:
        if not form:
            # The URL has the class in its scheme already.
            return OneServer(url, usual | {name: value for name, value in secure.items() if name.startswith("ssl_")})
        if kind not in ("redis", "rediss") or form not in ("cluster", "sentinel"):
            raise ValueError("unknown scheme")
        usual = {
            **usual, "connection_class": Connection, **secure,
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
        }  # fmt: skip
        return InCluster(parts, usual) if form == "cluster" else BySentinel(parts, usual, sentinel_password)
    except ValueError:
        # Words of the error may quote the password.
        raise Fatal(f"STORYLINE_REDIS_URL is no Redis URL; write {FORMS}") from None


def connection_arguments(timeout_seconds: float, connections_max: int) -> dict[str, Any]:
    """What every connection is made with."""
    return {
        "max_connections": connections_max,
        "timeout": timeout_seconds,
        "socket_timeout": timeout_seconds,
        "socket_connect_timeout": timeout_seconds,
        "socket_keepalive": True,
        # One repeat at once: after a restart each pooled connection fails once. Waiting is the shell's.
        "retry": Retry(NoBackoff(), 1),
        "protocol": 2,
    }


def slot_of(call: Call) -> int:
    """The slot of a call's first key, which all of its keys share; the first slot if it has none."""
    name = str(call.words[0])
    if name in _WITHOUT_KEY:
        return 0
    key = call.words[3 if name == "EVALSHA" else 1]
    return key_slot(key if isinstance(key, bytes) else str(key).encode())


def _hosts(parts: SplitResult, port: int) -> list[tuple[str, int]]:
    """The addresses after the last `@`. Raises ValueError."""
    found = []
    for each in parts.netloc.rpartition("@")[2].split(","):
        one = urlsplit(f"//{each}")
        if not one.hostname:
            raise ValueError("no host")
        found.append((one.hostname, one.port or port))
    return found


def _endpoint(primary: Sequence[Any], asked: str) -> tuple[str, int]:
    """Host and port as `CLUSTER SLOTS` has them; a node that doesn't know its own host is where we asked."""
    host = primary[0].decode() if isinstance(primary[0], bytes) else primary[0]
    return host if host and host != "?" else asked, int(primary[1])


async def _closed(redis: "Redis") -> None:
    await redis.aclose()
    await redis.connection_pool.disconnect()

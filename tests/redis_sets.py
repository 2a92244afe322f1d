"""Several redis-servers that belong together: a cluster of three primaries with a replica each, and Sentinels."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import redis

from .servers import START_SECONDS, RedisServer, Server, free_ports

NODE_TIMEOUT_MS = 1_000
"""Silence after which a node is given up; a failover then takes about two seconds."""
SLOTS = 16_384


class RedisCluster:
    """Six redis-servers on loopback. Started and closed as one; each can be killed and started again."""

    def __init__(self, primaries: int = 3) -> None:
        ports = free_ports(4 * primaries)
        self._buses = ports[1::2]
        self.nodes = [_node(port, bus) for port, bus in zip(ports[::2], self._buses, strict=True)]
        """The first half began as primaries; a failover changes that."""

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(node.address for node in self.nodes)

    def start(self) -> Self:
        """Raises Missing."""
        for node in self.nodes:
            node.start()
        half = len(self.nodes) // 2
        share = -(-SLOTS // half)
        for number, node in enumerate(self.nodes):
            _ask(node, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            if number < half:
                _ask(node, "CLUSTER", "ADDSLOTSRANGE", number * share, min(SLOTS, (number + 1) * share) - 1)
            elif number >= half:
                _ask(node, "CONFIG", "SET", "repl-diskless-sync-delay", "0")
        for node, bus in zip(self.nodes[1:], self._buses[1:], strict=True):
            _ask(self.nodes[0], "CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        _wait(lambda: all(len(self._known(node)) == len(self.nodes) for node in self.nodes), "the nodes meet")
        for primary, replica in zip(self.nodes[:half], self.nodes[half:], strict=True):
            _ask(replica, "CLUSTER", "REPLICATE", _ask(primary, "CLUSTER", "MYID"))
        self.wait_until_whole()
        return self

    def whole(self) -> bool:
        """Every running node says so, and each primary that runs has its replica in step."""
        running = [node for node in self.nodes if node.alive]
        return all("cluster_state:ok" in _text(_ask(node, "CLUSTER", "INFO")) for node in running) and all(
            info["master_link_status"] == "up" for info in map(_replication, running) if info["role"] == "slave"
        )

    def primary_of(self, key: str) -> RedisServer:
        """The node that has the key's slot now."""
        slot = _ask(self._living(), "CLUSTER", "KEYSLOT", key)
        ranges = _ask(self._living(), "CLUSTER", "SLOTS")
        port = next(int(primary[1]) for begin, end, primary, *_ in ranges if begin <= slot <= end)
        return next(node for node in self.nodes if node.port == port)

    def primaries(self) -> list[RedisServer]:
        """Those that have slots now."""
        ports = {int(primary[1]) for _, _, primary, *_ in _ask(self._living(), "CLUSTER", "SLOTS")}
        return [node for node in self.nodes if node.port in ports and node.alive]

    def replicas_of(self, primary: RedisServer) -> list[RedisServer]:
        return [node for node in self.nodes if node.alive and _replication(node).get("master_port") == primary.port]

    def wait_until_whole(self) -> None:
        """Also a node that was started again is a replica in step."""
        _wait(self.whole, "the cluster is whole")

    def _living(self) -> RedisServer:
        return next(node for node in self.nodes if node.alive)

    @staticmethod
    def _known(node: RedisServer) -> list[str]:
        return [line for line in _text(_ask(node, "CLUSTER", "NODES")).splitlines() if "handshake" not in line]

    def close(self) -> None:
        for node in self.nodes:
            node.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()


def _node(port: int, bus: int) -> RedisServer:
    """`bus` is the cluster's own port, beside the clients'."""
    options = (
        "--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-node-timeout", str(NODE_TIMEOUT_MS),
        "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
    )  # fmt: skip
    return RedisServer(port, options=options)


class SentinelServer(Server):
    """One Sentinel that watches one primary by the name `storyline`. Raises Missing without redis-server."""

    name = "sentinel"

    def __init__(self, primary: RedisServer, quorum: int, down_ms: int = 700) -> None:
        super().__init__()
        self._primary, self._quorum, self._down_ms = primary, quorum, down_ms

    def command(self) -> list[str]:
        settings = self.directory / "sentinel.conf"
        if not settings.exists():  # it writes into it what it has learnt
            settings.write_text(
                f"port {self.port}\nbind 127.0.0.1\ndir {self.directory}\n"
                f"sentinel monitor storyline 127.0.0.1 {self._primary.port} {self._quorum}\n"
                f"sentinel down-after-milliseconds storyline {self._down_ms}\n"
                "sentinel failover-timeout storyline 3000\nsentinel parallel-syncs storyline 1\n"
            )
        program = self._primary.command()[0]
        return [str(Path(program)), str(settings), "--sentinel"]


class RedisWithSentinels:
    """A primary, one replica, three Sentinels."""

    def __init__(self) -> None:
        self.primary = RedisServer(options=("--repl-diskless-sync-delay", "0"))
        self.replica = RedisServer(
            options=("--replicaof", "127.0.0.1", str(self.primary.port), "--repl-diskless-sync-delay", "0")
        )
        self.sentinels = [SentinelServer(self.primary, 2) for _ in range(3)]

    @property
    def url(self) -> str:
        return "redis+sentinel://" + ",".join(each.address for each in self.sentinels) + "/storyline/0"

    def start(self) -> Self:
        for server in (self.primary, self.replica):
            server.start()
        _wait(lambda: _replication(self.replica)["master_link_status"] == "up", "the replica is in step")
        for sentinel in self.sentinels:
            sentinel.start()
        _wait(self.watching, "the Sentinels know each other and the replica")
        return self

    def in_charge(self) -> RedisServer:
        """The server that the Sentinels send clients to."""
        _, port = _ask(self.sentinels[0], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "storyline")
        return self.primary if int(port) == self.primary.port else self.replica

    def replicas_of(self, primary: RedisServer) -> list[RedisServer]:
        other = self.replica if primary is self.primary else self.primary
        return [other] if other.alive else []

    def whole(self) -> bool:
        """Who isn't in charge is a replica in step, and the Sentinels know it."""
        (other,) = self.replicas_of(self.in_charge())
        info = _replication(other)
        return info["role"] == "slave" and info["master_link_status"] == "up" and self.watching()

    def watching(self) -> bool:
        for sentinel in self.sentinels:
            row = _ask(sentinel, "SENTINEL", "MASTER", "storyline")
            row = row if isinstance(row, dict) else dict(zip(row[::2], row[1::2], strict=True))
            told = {_text(key): _text(value) for key, value in row.items()}
            if told["num-other-sentinels"] != "2" or told["num-slaves"] == "0":
                return False
        return True

    def close(self) -> None:
        for server in (*self.sentinels, self.replica, self.primary):
            server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()


def _ask(server: Server, *words: Any) -> Any:
    with redis.Redis(port=server.port, socket_timeout=5) as client:
        connection = client.connection_pool.get_connection()
        try:
            connection.send_command(*words)
            return connection.read_response()
        finally:
            client.connection_pool.release(connection)


def _replication(server: RedisServer) -> dict[str, Any]:
    with redis.Redis(port=server.port, socket_timeout=5) as client:
        return dict(client.info("replication"))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _wait(reached: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if reached():
                return
        except (redis.RedisError, OSError, KeyError, subprocess.SubprocessError):
            pass
        if time.monotonic() > deadline:
            raise RuntimeError(f"not in {START_SECONDS:.0f} s: {what}")
        time.sleep(0.05)

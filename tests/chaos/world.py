"""All that a round strikes at: a broker, a Redis, two workers of each stage, and a line between each pair.

worker ── proxy ── Apache Kafka        one listener and one proxy for each stage, so that each pair has its own line
worker ── proxy ── redis-server        the proxy also stands for what moves an address at a failover
"""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import redis

from ..servers import KafkaBroker, RedisServer, free_port
from .plan import STAGES
from .proxy import Mode, Proxy
from .stores import KINDS, Stores, client_of
from .workers import ROOT, Worker, environment_of, supervise

PARTITIONS = 4
SESSION_SECONDS = 6.0
HANG_SECONDS = 20.0
SETTINGS = {
    "articles_partitions": str(PARTITIONS),
    "stories_partitions": str(PARTITIONS),
    "session_seconds": str(SESSION_SECONDS),
    "hang_seconds": str(HANG_SECONDS),
    "connect_timeout_seconds": "30",
    "retry_seconds_max": "2",
    "log_level": "info",
    "log_format": "json",
}
FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
"""Debian's library that shows a process another clock; None where it isn't installed."""


class Broker(KafkaBroker):
    """A broker with one more listener for each stage, whose advertised address is a proxy's."""

    start_seconds = 300.0

    def __init__(self, advertised: dict[str, str]) -> None:
        super().__init__()
        self._ports = {name: free_port() for name in advertised}
        self._advertised = advertised

    def listener(self, name: str) -> tuple[str, int]:
        return ("127.0.0.1", self._ports[name])

    def _settings(self) -> dict[str, str]:
        settings = super()._settings()
        more = {name.upper(): port for name, port in self._ports.items()}
        listeners = [settings["listeners"], *(f"{name}://127.0.0.1:{port}" for name, port in more.items())]
        shown = [f"{name.upper()}://{address}" for name, address in self._advertised.items()]
        return {
            **settings,
            "listeners": ",".join(listeners),
            "advertised.listeners": ",".join([settings["advertised.listeners"], *shown]),
            "listener.security.protocol.map": ",".join(
                [settings["listener.security.protocol.map"], *(f"{name}:PLAINTEXT" for name in more)]
            ),
            "inter.broker.listener.name": "PLAINTEXT",
            "log.cleaner.backoff.ms": "1000",
        }


class World:
    """Used as a context manager around a run; `running()` around what needs the supervisor."""

    def __init__(
        self, workers: int = 2, keep: Path | None = None, settings: Mapping[str, str] = MappingProxyType({}),
        redis: str = "single",
    ) -> None:  # fmt: skip
        self._settings = {**SETTINGS, **settings}
        self.directory = keep or Path(tempfile.mkdtemp(prefix="storyline-chaos-"))
        self.directory.mkdir(parents=True, exist_ok=True)
        self._stack = ExitStack()
        if keep is None:
            self._stack.callback(shutil.rmtree, self.directory, ignore_errors=True)
        self._count = workers
        self.workers: list[Worker] = []
        self.lines: dict[tuple[str, str], Proxy] = {}
        self._supervising: asyncio.Task[None] | None = None
        self.stores: Stores | None = KINDS[redis]() if redis != "single" else None
        """The Redis of several servers that the run has; None: `store` alone."""

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.push(self._stack)
            self._open()
            opening.pop_all()
        return self

    def _open(self) -> None:
        enter = self._stack.enter_context
        if self.stores is not None:
            self._stack.callback(self.stores.close)
            self.stores.start()
        else:
            self.store = RedisServer()
            self._stack.callback(lambda: self.store.close())
            self.store.start()
        for stage in STAGES:
            self.lines[stage, "kafka"] = enter(Proxy(("127.0.0.1", 1)))
            if self.stores is None:
                self.lines[stage, "redis"] = enter(Proxy(("127.0.0.1", self.store.port)))
        self.broker = Broker({stage: self.lines[stage, "kafka"].address for stage in STAGES})
        self._stack.callback(self.broker.close)
        for stage in STAGES:
            self.lines[stage, "kafka"].upstream = self.broker.listener(stage)
        self.broker.start()
        self.command("topics", "create")
        self._stack.callback(self._end_workers)
        for stage in STAGES:
            self.workers += [self._worker(stage, number) for number in range(self._count)]

    def _worker(self, stage: str, number: int) -> Worker:
        settings = {
            **self._settings,
            "kafka_bootstrap_servers": self.lines[stage, "kafka"].address,
            "redis_url": self.stores.url if self.stores else f"redis://{self.lines[stage, 'redis'].address}/0",
        }
        if number == 0:  # a static member, which comes back to its partitions; the others leave and join
            settings["instance"] = f"{stage}-{number}"
        name = f"{stage}-{number}"
        return Worker(name, stage, environment_of(settings), self.directory / f"{name}.log")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):  # not one who was told to leave
            print(self.logs(), file=sys.stderr)
        self._stack.close()

    def _end_workers(self) -> None:
        for worker in self.workers:
            worker.end()

    # ---- services

    async def __aenter__(self) -> Self:
        for worker in self.workers:
            worker.start()
        self._supervising = asyncio.create_task(supervise(self.workers))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._supervising is not None:
            self._supervising.cancel()
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in self.workers))

    async def ready(self) -> None:
        """Every partition of each stage has an owner."""
        for stage in STAGES:
            workers = self.of(stage)
            await self.until(lambda w=workers: sum(map(_owned, w)) >= PARTITIONS, f"{stage} owns its partitions", 180.0)

    def of(self, stage: str) -> list[Worker]:
        return [worker for worker in self.workers if worker.stage == stage]

    async def until(self, reached: Any, what: str, seconds: float = 60.0) -> None:
        """Wait until `reached()` is true. Raises AssertionError naming `what`."""
        deadline = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < deadline, f"{what}: not in {seconds:.0f} s"
            await asyncio.sleep(0.05)

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command on the servers themselves, past the lines."""
        url = self.stores.url if self.stores else self.store.url
        settings = {**SETTINGS, "kafka_bootstrap_servers": self.broker.address, "redis_url": url}
        done = subprocess.run(
            [sys.executable, "-m", "storyline", *words],
            env=environment_of(settings), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=300,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"storyline {' '.join(words)}: {done.stderr}"
        return done

    def logs(self) -> str:
        return "\n".join(f"── {worker.name}\n{worker.said()[-4_000:]}" for worker in self.workers)

    # ---- servers

    def redis(self) -> Any:
        """A client of the Redis in charge, past the lines."""
        if self.stores is not None:
            return client_of(self.stores)
        return redis.Redis(port=self.store.port, socket_timeout=10)

    def redis_lines(self) -> Iterator[Proxy]:
        return (line for (_, server), line in self.lines.items() if server == "redis")

    def set_redis_lines(self, mode: Mode) -> None:
        for line in self.redis_lines():
            line.set(mode)

    def in_charge(self, server: RedisServer) -> RedisServer:
        """`server` takes over the address; returns the one before."""
        before, self.store = self.store, server
        for line in self.redis_lines():
            line.upstream = ("127.0.0.1", server.port)
        return before


def leave_when_told() -> None:
    """SIGTERM and SIGINT end servers and services too, also in the background, where a shell has SIGINT ignored.

    Both become KeyboardInterrupt, which `asyncio.run` turns into an ordered end. Called once, in the main thread.
    """

    def leave(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, lambda *_: None)  # once: a second one would break off the ending
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, leave)


def _owned(worker: Worker) -> int:
    return len(set(re.findall(r"owns partition (\d+)", worker.said())))

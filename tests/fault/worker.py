"""A small stage as a real process: copies each record from one topic to another, and does what a value asks for.

`!invalid` is refused in decoding, `!late` in handling; `!raise` raises, `!die` kills the process, `!hang` never
returns, `!regex` never returns and keeps the interpreter lock, `!sleep` takes a second and a half. While the file
`away` is in its directory it raises Transient, while `conflict` is there Conflict.
"""

import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import redis.asyncio

from storyline.errors import Conflict, Invalid, StateLost, Transient
from storyline.infra.kafka import KafkaConnection
from storyline.infra.kafka.positions import KafkaPositions
from storyline.observe.meter import Meter
from storyline.observe.probing import Lag, ReadPast, Watcher
from storyline.observe.service import Listening, serving
from storyline.record import Output, Record
from storyline.stream.poison import RedisKillCounter
from storyline.stream.settings import ShellSettings
from storyline.stream.shell import Observing, Shell, run


class Copy:
    """Its state is a file of what it was given to handle: written before the outputs are returned."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.name = options["name"]
        self.reads = options["reads"]
        self.transactional = bool(options.get("transactional", False))
        self._writes = options["writes"]
        self._directory = Path(options["directory"])
        self._state_lost = bool(options.get("state_lost"))

    def decode(self, record: Record) -> Record:
        if record.key is None:
            raise Invalid("key", "is missing")
        if record.value is None:
            raise Invalid("value", "is null")
        record.value.decode()
        if record.value.startswith(b"!invalid"):
            raise Invalid("value", "says so itself")
        return record

    async def acquire(self, partition: int, has_committed: bool) -> Sequence[Output]:
        self._note("acquired", f"{os.getpid()}:{partition}:{has_committed}")
        if self._state_lost and has_committed:
            raise StateLost("the state is missing; run `storyline rebuild`")
        return ()

    async def handle(self, partition: int, batch: Sequence[Record]) -> Sequence[Output]:
        if (self._directory / "away").exists():
            self._note("transient", "x")
            raise Transient("the test has taken the state away")
        if (self._directory / "conflict").exists():
            (self._directory / "conflict").unlink()
            raise Conflict("the test says so")
        for record in batch:
            assert record.value is not None
            _behave(record.value)
        self._note("handled", *(record.value.decode() for record in batch if record.value is not None))
        return [Output(self._writes, partition, record.key, record.value, record.headers) for record in batch]

    async def confirmed(self, partition: int, outputs: Sequence[Output]) -> None:
        self._note("confirmed", str(len(outputs)))

    async def tick(self, partition: int, now_ms: int) -> Sequence[Output]:
        if (self._directory / "due").exists():
            (self._directory / "due").unlink()
            return [Output(self._writes, partition, b"k", b"due", ())]
        return ()

    async def release(self, partition: int) -> None:
        self._note("released", f"{os.getpid()}:{partition}")

    def _note(self, name: str, *words: str) -> None:
        with (self._directory / name).open("a") as log:
            log.write("".join(f"{word}\n" for word in words))


def _behave(value: bytes) -> None:
    if value.startswith(b"!late"):
        raise Invalid("body", "is found wrong late")
    if value.startswith(b"!raise"):
        raise ValueError("the test asked for it")
    if value.startswith(b"!die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if value.startswith(b"!hang"):
        time.sleep(1_000)
    if value.startswith(b"!regex"):
        re.match(r"(a+)+$", "a" * 60 + "b")
    if value.startswith(b"!sleep"):
        time.sleep(1.5)


def main() -> int:
    options = json.loads(sys.argv[1])
    settings = ShellSettings(
        kafka=options["kafka"],
        writes=frozenset({options["writes"]}),
        transactional_topics=frozenset({options["writes"]} if options.get("transactional") else ()),
        **options["settings"],
    )
    if options.get("debug"):
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        logging.getLogger("storyline.stream").setLevel(logging.DEBUG)
    client = redis.asyncio.Redis.from_url(options["redis"], socket_timeout=2, socket_connect_timeout=2)
    observing = _observing(options["kafka"], options["progress_seconds"]) if "progress_seconds" in options else None
    return run(Copy(options), settings, RedisKillCounter(client), closing=[client.aclose], observing=observing)


def _observing(kafka: str, progress_seconds: float) -> Observing:
    """Health on a free port, which the log names."""

    @asynccontextmanager
    async def open_all(shell: Shell[Any]) -> AsyncIterator[object]:
        logging.basicConfig(level=logging.INFO)
        meter = Meter("matcher")
        lag = Lag(lambda: KafkaPositions(KafkaConnection(kafka), shell.group, shell.stage.reads), lambda seconds: None)
        watcher = Watcher(shell.standing, shell.in_hand, [ReadPast(lag, shell.position)])
        async with serving(Listening(progress_seconds=progress_seconds), meter, watcher) as server:
            yield server

    return open_all


if __name__ == "__main__":
    sys.exit(main())

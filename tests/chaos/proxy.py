"""A bad line: a loopback port that passes bytes on to another, until it is told not to.

What toxiproxy's toxics do, in the process of the test: `cut` (connections are reset, new ones too), `slow` (each piece
is late), `half-open` (connections stand and nothing comes through), `stale` (so with those that are open, as behind a
firewall that has forgotten them; new ones pass). What was silent is reset when that ends. Each proxy has a thread of
its own, so that it goes on while the test waits.
"""

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Coroutine
from typing import Any, Literal, Self

Mode = Literal["pass", "cut", "slow", "half-open", "stale"]
PIECE_BYTES = 64 * 1024
SLOW_SECONDS = (0.05, 0.4)
"""How late each piece is on a slow line; either way."""


class _Connection:
    """A client's connection; nothing comes through while `passing` isn't set."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writers = [writer]
        self.passing = asyncio.Event()

    def reset(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        self.passing.set()  # whoever waits finds out


class Proxy:
    """Used as a context manager. `address` is where clients connect; `upstream` may be changed at any time."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.mode: Mode = "pass"
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listening.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{self.port}", daemon=True)
        self._open: set[_Connection] = set()
        self._dice = random.Random(self.port)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def set(self, mode: Mode) -> None:
        """Behave like this from now on; returns when it does. Resets what was silent, and on `cut` what is open."""
        self._run(self._set(mode))

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._listening)

    async def _stop(self) -> None:
        self._server.close()
        for connection in self._open:
            connection.reset()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set(self, mode: Mode) -> None:
        self.mode = mode
        for connection in self._open:
            if mode in ("half-open", "stale"):
                connection.passing.clear()
            elif mode == "cut" or not connection.passing.is_set():
                connection.reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer)
        self._open.add(connection)
        if self.mode != "half-open":
            connection.passing.set()
        try:
            if self.mode != "cut":
                await self._pass_on(connection, reader)
        except OSError:
            pass  # nobody is there, or either end has gone: the other is told so
        finally:
            self._open.discard(connection)
            connection.reset()

    async def _pass_on(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        await connection.passing.wait()
        back, out = await asyncio.open_connection(*self.upstream)
        connection.writers.append(out)
        passing = connection.passing
        await asyncio.gather(self._pump(reader, out, passing), self._pump(back, connection.writers[0], passing))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: asyncio.Event) -> None:
        while data := await reader.read(PIECE_BYTES):
            await passing.wait()
            if self.mode == "slow":
                await asyncio.sleep(self._dice.uniform(*SLOW_SECONDS))
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()

"""A bad line: a loopback port that passes bytes on to another, until it is told not to.

What toxiproxy's toxics do, in the process of the test: `cut` (connections are reset, new ones too), `slow` (each piece
is late), `half-open` (connections stand and nothing comes through; what lived through it is reset when it ends). Each
proxy has a thread of its own, so that it goes on while the test waits.
"""

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Coroutine
from typing import Any, Literal, Self

Mode = Literal["pass", "cut", "slow", "half-open"]
PIECE_BYTES = 64 * 1024
SLOW_SECONDS = (0.05, 0.4)
"""How late each piece is on a slow line; either way."""


class Proxy:
    """Used as a context manager. `address` is where clients connect; `upstream` may be changed at any time."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.mode: Mode = "pass"
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listening.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{self.port}", daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._passing: asyncio.Event | None = None
        self._dice = random.Random(self.port)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def set(self, mode: Mode) -> None:
        """Behave like this from now on; returns when it does. Every change but that to `slow` resets what is open."""
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
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _start(self) -> None:
        self._passing = asyncio.Event()
        self._passing.set()
        self._server = await asyncio.start_server(self._serve, sock=self._listening)

    async def _stop(self) -> None:
        self._server.close()
        self._reset()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set(self, mode: Mode) -> None:
        assert self._passing is not None
        before, self.mode = self.mode, mode
        if mode == "cut" or (before == "half-open" and mode != before):
            self._reset()
        if mode == "half-open":
            self._passing.clear()
        else:
            self._passing.set()

    def _reset(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        out: asyncio.StreamWriter | None = None
        try:
            if self.mode == "cut":
                return
            if self._passing is not None:
                await self._passing.wait()
            back, out = await asyncio.open_connection(*self.upstream)
            self._open.add(out)
            await asyncio.gather(self._pump(reader, out), self._pump(back, writer))
        except OSError:
            pass  # nobody is there, or either end has gone: the other is told so
        finally:
            for each in filter(None, (writer, out)):
                self._open.discard(each)
                each.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._passing is not None
        while data := await reader.read(PIECE_BYTES):
            await self._passing.wait()
            if self.mode == "slow":
                await asyncio.sleep(self._dice.uniform(*SLOW_SECONDS))
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()

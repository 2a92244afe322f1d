"""The bad line does what it is told, and nothing else."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest

from .proxy import SLOW_SECONDS, Proxy


@pytest.fixture
async def echo() -> AsyncIterator[Proxy]:
    """A line to a server that gives back what it gets."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1_000):
            writer.write(data)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with Proxy((host, port)) as proxy:
            yield proxy


async def connected(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def told(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], word: bytes) -> bytes:
    reader, writer = line
    writer.write(word)
    return await reader.readexactly(len(word))


async def test_a_line_passes_bytes_on_both_ways(echo: Proxy) -> None:
    line = await connected(echo)
    assert await told(line, b"x" * 300_000) == b"x" * 300_000
    line[1].write_eof()
    assert await line[0].read() == b""


async def test_a_line_that_is_cut_is_reset_and_so_is_a_new_one_until_it_is_mended(echo: Proxy) -> None:
    line = await connected(echo)
    await told(line, b"before")
    echo.set("cut")
    for broken in (line, await connected(echo)):
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await told(broken, b"lost")
    echo.set("pass")
    assert await told(await connected(echo), b"after") == b"after"


async def test_a_half_open_line_stands_and_says_nothing_and_is_reset_in_the_end(echo: Proxy) -> None:
    line = await connected(echo)
    await told(line, b"before")
    echo.set("half-open")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(told(line, b"?"), 0.3)
    echo.set("pass")
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await told(line, b"lost")


async def test_a_stale_line_forgets_what_was_open_and_lets_new_ones_pass(echo: Proxy) -> None:
    line = await connected(echo)
    await told(line, b"before")
    echo.set("stale")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(told(line, b"?"), 0.3)
    assert await told(await connected(echo), b"new") == b"new"


async def test_a_slow_line_is_late_and_loses_nothing(echo: Proxy) -> None:
    line = await connected(echo)
    echo.set("slow")
    began = time.monotonic()
    assert await told(line, b"late") == b"late"
    assert time.monotonic() - began >= 2 * SLOW_SECONDS[0]


async def test_a_line_to_nobody_is_reset() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Proxy(("127.0.0.1", port)) as proxy, pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await told(await connected(proxy), b"anyone?")

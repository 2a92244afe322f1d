"""Standard output that nobody reads holds up neither the notifier nor its end."""

import asyncio
import os
import sys
import threading

import pytest

from storyline.edges.notifier.channels.base import DELIVERED, ChannelSettings, Result
from storyline.edges.notifier.channels.console import Console, ConsoleTarget
from storyline.edges.notifier.message import Message

from .test_sending import owed


def test_the_process_can_leave_while_its_output_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    os.set_blocking(writer, True)
    said: list[Result | str] = []

    async def main() -> None:
        console, messages = Console(ChannelSettings()), [Message("desk", owed(1))]
        try:
            async with asyncio.timeout(0.1):
                await console.send(ConsoleTarget(), messages)
        except TimeoutError:
            said.append("timed out")
        said.append(await console.send(ConsoleTarget(), messages))

    with os.fdopen(writer, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        running = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
        running.start()
        running.join(20)
        left = not running.is_alive()
        drain = threading.Thread(target=lambda: os.read(reader, 1 << 20), daemon=True)
        drain.start()
        drain.join(20)
        for thread in threading.enumerate():
            if thread.name == "console":
                thread.join(20)
    os.close(reader)
    assert left and said == ["timed out", Result("failed", "standard output: nobody reads it")]


async def test_what_is_written_is_read_though_its_thread_has_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()

    class Lingering(threading.Thread):
        def run(self) -> None:
            super().run()
            may_end.wait(20)

    monkeypatch.setattr(threading, "Thread", Lingering)
    console, messages = Console(ChannelSettings()), [Message("desk", owed(1))]
    assert [await console.send(ConsoleTarget(), messages) for _ in range(2)] == [DELIVERED, DELIVERED]
    may_end.set()


async def test_lines_are_written_and_a_closed_output_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    console, messages = Console(ChannelSettings()), [Message("desk", owed(1))]
    reader, writer = os.pipe()
    with os.fdopen(reader) as read, os.fdopen(writer, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert await console.send(ConsoleTarget(), messages) == DELIVERED
        output.close()
        assert read.read().startswith("desk: st-1 as of 1\n")
        assert (await console.send(ConsoleTarget(), messages)).kind == "failed"

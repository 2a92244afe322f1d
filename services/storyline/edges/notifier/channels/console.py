"""Console: a few lines on standard output."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import Sequence
from typing import ClassVar

from ..message import Message
from .base import DELIVERED, ChannelSettings, Doubt, Result, Target


class ConsoleTarget(Target):
    """Nothing to choose."""


class Console:
    """Prints. After a crash the last lines may stand there twice."""

    name: ClassVar[str] = "console"
    on_doubt: ClassVar[Doubt] = "repeat"
    batch_max: ClassVar[int] = 1
    target: ClassVar[type[Target]] = ConsoleTarget

    def __init__(self, settings: ChannelSettings) -> None:
        self._writing: threading.Thread | None = None

    def check(self, target: ConsoleTarget) -> None:
        """Always works."""

    def endpoint(self, target: ConsoleTarget) -> str:
        return "console"

    async def send(self, target: ConsoleTarget, messages: Sequence[Message]) -> Result:
        text = "".join(f"{message.subscription}: {message.text()}\n" for message in messages)
        if self._writing is not None and self._writing.is_alive():
            return Result("failed", "standard output: nobody reads it")
        written: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        # A thread of its own, which nobody waits for: whoever reads our output may have stopped reading, and a pool of
        # threads would hold the process when it is told to leave.
        self._writing = threading.Thread(target=_write, args=(text, written), name="console", daemon=True)
        self._writing.start()
        result = await written
        self._writing = None  # all that is left for it is to end
        return result

    async def close(self) -> None:
        """Nothing is held."""


def _write(text: str, written: "asyncio.Future[Result]") -> None:
    result = DELIVERED
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError) as error:  # ValueError: it is closed
        result = Result("failed", f"standard output: {error}")

    def tell() -> None:
        if not written.done():  # else the attempt was given up
            written.set_result(result)

    with contextlib.suppress(RuntimeError):  # the loop is closed: we leave
        written.get_loop().call_soon_threadsafe(tell)

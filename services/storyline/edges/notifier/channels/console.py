"""Console: a few lines on standard output."""

import asyncio
import sys
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
        pass

    def check(self, target: ConsoleTarget) -> None:
        """Always works."""

    def endpoint(self, target: ConsoleTarget) -> str:
        return "console"

    async def send(self, target: ConsoleTarget, messages: Sequence[Message]) -> Result:
        text = "".join(f"{message.subscription}: {message.text()}\n" for message in messages)
        try:
            # In a thread: whoever reads our output may have stopped reading.
            await asyncio.to_thread(_write, text)
        except OSError as error:
            return Result("failed", f"standard output: {error}")
        return DELIVERED

    async def close(self) -> None:
        """Nothing is held."""


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()

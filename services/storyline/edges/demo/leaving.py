"""The demo ends in one way, however it is told to."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """While used with `with`, SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, in asyncio only where it waits.

    Raised anywhere else in asyncio it could hit a client that is just being opened or closed, and leave it open.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}
        self._cancel: Callable[[], object] | None = None
        self._told = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._interrupt) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._cancel is None:
            raise KeyboardInterrupt
        if not self._told:
            self._told = True
            self._cancel()

    async def cancelling(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work returns. Raises KeyboardInterrupt once it has ended, if it was told to."""
        task, loop = asyncio.create_task(work), asyncio.get_running_loop()
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            if self._told:
                raise KeyboardInterrupt from None
            raise
        finally:
            self._cancel = None

    def ignore(self) -> None:
        """From now on no signal disturbs: a second Ctrl-C while clearing up would leave processes behind."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

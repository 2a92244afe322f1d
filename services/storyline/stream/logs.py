"""Logging of our own: Faust at its level `warn` shows a spinner and sets the root logger to DEBUG; aiokafka says the
same thing of an absent broker many times a second. Here it is said once, and once more when the broker is back.
"""

import asyncio
import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable

log = logging.getLogger("storyline.stream")

# `storyline.stream.consumer`: Faust logs under the module of our subclasses.
NOISY = ("faust", "mode", "aiokafka", "asyncio", "storyline.stream.consumer")
PROBE_SECONDS = 1.0


class BrokerWatch(logging.Handler):
    """Takes the clients' complaints as a hint to look whether a broker can be reached at all."""

    def __init__(self, servers: str) -> None:
        super().__init__(logging.WARNING)
        self._servers = servers
        self._hinted = False
        self._since: float | None = None
        """When it went away."""

    @property
    def away(self) -> bool:
        """Whether no broker could be reached when it was last looked for."""
        return self._since is not None

    def emit(self, record: logging.LogRecord) -> None:
        self._hinted = True
        log.debug("%s: %s", record.name, record.getMessage().replace("\n", " "), exc_info=record.exc_info)

    async def look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Say once that Kafka is away, and once that it is back."""
        if not (self._hinted or self.away):
            return
        self._hinted = False
        reached, since = await self._reachable(), self._since
        if not reached and since is None:
            self._since = time.monotonic()
            log.warning("Kafka at %s can't be reached; trying again until it works", self._servers)
        if reached and since is not None:
            self._since = None
            log.warning("Kafka at %s can be reached again, after %.0f s", self._servers, time.monotonic() - since)

    async def _reachable(self) -> bool:
        for server in self._servers.split(","):
            host, _, port = server.strip().rpartition(":")
            with contextlib.suppress(OSError):
                async with asyncio.timeout(PROBE_SECONDS):
                    _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
                    writer.close()
                    return True
        return False


def hush_threads(leaving: Callable[[], bool]) -> None:
    """While we leave, a client's thread that fails because its broker is away is no news: the line on leaving says so.

    Before that, a thread that dies is shown with where it did.
    """

    def hook(arguments: threading.ExceptHookArgs) -> None:
        if leaving():
            log.debug("a thread ended with %s", arguments.exc_type.__name__)
        else:
            threading.__excepthook__(arguments)

    threading.excepthook = hook


def configure(watch: BrokerWatch) -> None:
    """Our lines to stderr (unless the process has set up logging already); the clients' lines to the watch alone."""
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    for name in NOISY:
        logger = logging.getLogger(name)
        logger.handlers = [watch]
        logger.propagate = False
        logger.setLevel(logging.WARNING)

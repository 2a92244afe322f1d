"""The HTTP server of the door: uvicorn, bounded also against clients that never finish a request's head."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from ...infra.listening import listening, shown

logger = logging.getLogger("storyline.ingest.http")

HEAD_SECONDS = 10.0
"""Longest a client may take over the head of a request; uvicorn itself waits for ever."""
HEAD_BYTES_MAX = 16 * 1024
KEEP_ALIVE_SECONDS = 5
GRACE_SECONDS = 30
"""How long pushes in work may take to end when the service is told to."""


class _Impatient(H11Protocol):
    """Closes a connection whose next request doesn't have its whole head in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        between = self.cycle is None or self.cycle.response_complete
        if between and self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)
        elif not between and self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """Leaves signals to the service around it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, host: str, port: int, connections_max: int, stop: asyncio.Event) -> None:
    """Serve until `stop` is set; requests in work are finished. Raises Fatal if the address can't be had."""
    bound = listening(host, port, "STORYLINE_INGEST_HOST, STORYLINE_INGEST_PORT")
    config = uvicorn.Config(
        app, http=_Impatient, ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, limit_concurrency=connections_max,
        timeout_keep_alive=KEEP_ALIVE_SECONDS, h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip
    server = _Server(config)
    logger.info("http: on http://%s:%d/articles", shown(host), bound.getsockname()[1])
    serving = asyncio.create_task(server.serve([bound]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()
        serving.cancel()

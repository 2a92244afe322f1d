"""`storyline run lag`: looks at all groups every few seconds, and tells it as pages, metrics and as Burrow does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...errors import Transient
from ...infra.kafka import KafkaWatcher
from ...infra.listening import listening, shown
from . import burrow, metrics, pages
from .history import History
from .judging import Bounds
from .observer import Observer

log = logging.getLogger(__name__)

STALE_LOOKS = 3
"""Without a look for so many intervals the service isn't ready: what it shows is old."""
CONNECTIONS_MAX = 200
LEAVING_SECONDS = 2
SAFETY = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
     b" frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"), (b"cache-control", b"no-store"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how."""

    host: str
    port: int
    """0: a free one."""
    cluster: str
    servers: tuple[str, ...]
    interval_seconds: float
    history_hours: float


class LagService:
    """The looks and what is told of them."""

    def __init__(self, watcher: Callable[[], KafkaWatcher], bounds: Bounds, serving: Serving) -> None:
        self._watcher, self._bounds, self._serving = watcher, bounds, serving
        self._history = History(serving.history_hours)
        self._counts = metrics.Counts()
        self._registry = metrics.registry(self._counts)
        self._problem = "The first look is under way."
        self._looked = 0.0

    # ---- looking

    async def look_for_ever(self) -> None:
        """Never returns. Raises Fatal if the cluster refuses us."""
        while True:
            try:
                async with self._watcher() as watcher:
                    await self._look_again_and_again(Observer(watcher, self._bounds))
            except Transient as away:
                self._failed(away)
                await asyncio.sleep(self._serving.interval_seconds)

    async def _look_again_and_again(self, observer: Observer) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                view = await observer.look()
            except Transient as away:
                # The same observer goes on: its windows are still true, and the broker may only have been restarted.
                self._failed(away)
            else:
                if self._problem and self._counts.failures:
                    log.info("Kafka answers again")
                self._problem, self._looked = "", loop.time()
                self._counts.looks += 1
                self._counts.view = view
                self._history.add(view)
            await asyncio.sleep(max(0.05, self._serving.interval_seconds - (loop.time() - began)))

    def _failed(self, away: Transient) -> None:
        if not self._counts.failures or not self._problem:
            log.warning("%s; looking again every %g s", away, self._serving.interval_seconds)
        self._counts.failures += 1
        self._problem = str(away)

    # ---- telling

    def application(self) -> Starlette:
        """Everything that is served."""
        routes = [
            Route("/", self._index), Route("/group", self._group), Route("/style.css", self._style),
            Route("/api/lag", self._json), Route("/metrics", self._metrics), Route("/live", self._live),
            Route("/ready", self._ready), Route("/burrow/admin", self._burrow_admin),
            Route("/v3/kafka", self._burrow), Route("/v3/kafka/{path:path}", self._burrow),
        ]  # fmt: skip
        return Starlette(routes=routes, middleware=[Middleware(_Safety)])

    async def _index(self, request: Request) -> Response:
        return HTMLResponse(pages.index(self._counts.view, self._history, self._problem))

    async def _group(self, request: Request) -> Response:
        name, view = request.query_params.get("name", ""), self._counts.view
        group = view.groups.get(name) if view is not None else None
        if view is None or group is None:
            return HTMLResponse(pages.missing(name), status_code=404)
        return HTMLResponse(pages.group_page(group, view, self._history, self._problem))

    async def _style(self, request: Request) -> Response:
        return Response(pages.STYLE, media_type="text/css")

    async def _json(self, request: Request) -> Response:
        if self._counts.view is None:
            return JSONResponse({"error": self._problem}, status_code=503)
        return JSONResponse(self._counts.view.report())

    async def _metrics(self, request: Request) -> Response:
        return Response(metrics.text(self._registry), media_type="text/plain; version=0.0.4")

    async def _live(self, request: Request) -> Response:
        return PlainTextResponse("live\n")

    async def _ready(self, request: Request) -> Response:
        age = asyncio.get_running_loop().time() - self._looked
        took = self._counts.view.took_seconds if self._counts.view is not None else 0.0
        if self._counts.view is not None and age <= STALE_LOOKS * (self._serving.interval_seconds + took):
            return PlainTextResponse("ready\n")
        return PlainTextResponse(f"not ready: {self._problem}\n", status_code=503)

    async def _burrow_admin(self, request: Request) -> Response:
        return PlainTextResponse("GOOD")

    async def _burrow(self, request: Request) -> Response:
        path = [part for part in request.path_params.get("path", "").split("/") if part]
        code, body = burrow.answer(path, self._counts.view, self._serving.cluster, self._serving.servers)
        asked = {"url": request.url.path, "host": request.url.netloc}
        return JSONResponse(body | {"request": asked}, status_code=code)


class _Safety:
    """Adds the headers that keep a page from doing anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SAFETY]
            await send(message)

        await self._app(scope, receive, with_headers)


async def serve(service: LagService, serving: Serving) -> None:
    """Look and serve until SIGTERM or Ctrl-C. Raises Fatal if the port is taken or the cluster refuses us."""
    bound = listening(serving.host, serving.port, "STORYLINE_LAG_HOST, STORYLINE_LAG_PORT")
    config = uvicorn.Config(
        service.application(), log_config=None, access_log=False,
        limit_concurrency=CONNECTIONS_MAX, timeout_graceful_shutdown=LEAVING_SECONDS, server_header=False, ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    log.info("lag on http://%s:%d/", shown(serving.host), bound.getsockname()[1])
    await _until_one_ends(server.serve([bound]), service.look_for_ever())


async def _until_one_ends(serving: Awaitable[None], looking: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(serving), asyncio.ensure_future(looking)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Requests of a web service: how many, how they ended, how long they took. ASGI middleware, known to no framework."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .meter import Meter

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def kind_of(path: str) -> str:
    """What sort of address it is; a few words, whatever is asked for."""
    if path in ("/live", "/ready", "/progress", "/health", "/metrics"):
        return "probe"
    if path.startswith("/static/"):
        return "static"
    if path.endswith("/events"):
        return "stream"
    if path.startswith("/api/"):
        return "api"
    return "feed" if path.endswith(".atom") else "page"


def counted(app: App, meter: Meter) -> App:
    """`app`, with each request counted when its answer has ended, and timed to the answer's first byte."""

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        kind, began, status = kind_of(scope["path"]), time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                meter.observe("storyline_http_request_seconds", time.perf_counter() - began, kind)
            await send(message)

        try:
            await app(scope, receive, sending)
        finally:
            meter.count("storyline_http_requests_total", kind, f"{status // 100}xx")

    return counting

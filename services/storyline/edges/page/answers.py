"""HTTP answers: with ETag and 304, compressed once, and with the headers that keep a browser safe."""

import asyncio
import gzip
import hashlib
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .streams import Stream

HTML, JSON, ATOM, PROBLEM = (
    "text/html; charset=utf-8", "application/json", "application/atom+xml; charset=utf-8", "application/problem+json",
)  # fmt: skip
REVALIDATE = "public, max-age=0, must-revalidate"
"""Everyone may keep it and asks each time whether it is still right: a 304 costs next to nothing."""
FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED_FROM_BYTES = 500
_ZERO = re.compile(r"q=0(\.0{0,3})?")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_SAFETY = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }.items()
)


@dataclass(frozen=True, slots=True)
class Made:
    """A body that was made once and is sent many times, plain or compressed."""

    body: bytes
    compressed: bytes
    etag: str
    media_type: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.compressed) + 200


def made(text: str | bytes, media_type: str) -> Made:
    """A body with its compressed form and its ETag."""
    body = text.encode() if isinstance(text, str) else text
    compressed = gzip.compress(body, 6, mtime=0) if len(body) >= COMPRESSED_FROM_BYTES else b""
    # Weak: the same tag for both forms.
    return Made(body, compressed, f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"', media_type)


def answer(request: Request, content: Made, cache: str = REVALIDATE, status: int = 200) -> Response:
    """The body, or 304 if the client has it."""
    headers = {"cache-control": cache, "etag": content.etag, "vary": "accept-encoding"}
    if status == 200 and _has(request.headers, content.etag):
        return Response(status_code=304, headers=headers)
    if content.compressed and _takes_gzip(request.headers):
        headers["content-encoding"] = "gzip"
        return Response(content.compressed, status, headers, content.media_type)
    return Response(content.body, status, headers, content.media_type)


def moved(path: str) -> Response:
    """To the address that holds from now on."""
    return Response(status_code=308, headers={"location": path, "cache-control": REVALIDATE})


def _has(headers: Headers, etag: str) -> bool:
    """Weak comparison (RFC 9110, 8.8.3.2) with each tag the client names."""
    given = headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    return given.strip() == "*" or any(each.strip().removeprefix("W/") == bare for each in given.split(","))


def _takes_gzip(headers: Headers) -> bool:
    """Whether gzip is taken: what is said of it before what is said of `*`, in any order (RFC 9110, 12.5.3)."""
    said: dict[str, bool] = {}
    for each in headers.get("accept-encoding", "").split(","):
        coding, _, quality = each.partition(";")
        said[coding.strip().lower()] = not _ZERO.fullmatch(quality.replace(" ", "").lower())
    return said.get("gzip", said.get("*", False))


class EventStream(Response):
    """`stream` to one client: `begin` first, then what comes, and a sign of life when nothing does."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream, begin: bytes, heartbeat: bytes, heartbeat_seconds: float, slow_seconds: float):
        self.status_code = 200
        self.background = None
        self.init_headers({"cache-control": "no-store", "x-accel-buffering": "no"})
        self._stream = stream
        self._begin = begin
        self._heartbeat = heartbeat
        self._heartbeat_seconds = heartbeat_seconds
        self._slow_seconds = slow_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        leaving = asyncio.create_task(self._until_left(receive))
        try:
            await self._send_all(send)
        except TimeoutError:
            self._stream.end()  # too slow: it comes back and goes on from what it has seen
        finally:
            leaving.cancel()
            await asyncio.wait([leaving])

    async def _until_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.end()

    async def _send_all(self, send: Send) -> None:
        await self._send(send, self._begin, True)
        while not self._stream.ended:
            frames = await self._stream.next(self._heartbeat_seconds)
            if self._stream.ended:
                break
            await self._send(send, frames or self._heartbeat, True)
        await self._send(send, b"", False)

    async def _send(self, send: Send, body: bytes, more: bool) -> None:
        async with asyncio.timeout(self._slow_seconds):
            await send({"type": "http.response.body", "body": body, "more_body": more})


class Safety:
    """The same headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_SAFETY]
            await send(message)

        await self._app(scope, receive, safely if scope["type"] == "http" else send)

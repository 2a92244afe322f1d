"""The HTTP door: POST /articles with a document of any format; 202 only when Kafka has confirmed all of it.

In: a request with a bearer token. Out: records on `articles`. State: none. All or nothing: a request of which
something can't be used publishes nothing, unless it says `?partial=true`.
"""

import asyncio
import hmac
import io
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...errors import Fatal, Invalid, Transient
from .readers.base import Ignored
from .reading import AUTO, FORMAT_NAMES, Read, Refused, read_file
from .sending import Publishing

logger = logging.getLogger("storyline.ingest.http")

REFUSED_SHOWN_MAX = 100
URIS_SHOWN_MAX = 1_000
_KAFKA_AWAY_SECONDS, _BUSY_SECONDS = "5", "1"


@dataclass(frozen=True, slots=True)
class PushLimits:
    """Bounds of the door. `pushes_max`: requests in work at once; more are told to come back."""

    body_bytes_max: int
    body_seconds: float
    pushes_max: int
    line_bytes_max: int


class _Answer(Exception):
    """An answer that isn't 202. `field` and `reason` say what to mend."""

    def __init__(self, status: int, field: str, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.field, self.reason, self.headers = status, field, reason, headers or {}

    def response(self) -> JSONResponse:
        body = {"error": f"{self.field}: {self.reason}", "field": self.field, "reason": self.reason}
        return JSONResponse(body, self.status, headers=self.headers)


class Pushes:
    """Takes pushes, at most `pushes_max` at once. `on_fatal` is told what a person must mend."""

    def __init__(
        self, publishing: Publishing, token: str, limits: PushLimits, on_fatal: Callable[[Fatal], None]
    ) -> None:
        self._publishing, self._limits, self._on_fatal = publishing, limits, on_fatal
        self._token = token.encode()
        self._at_work = 0

    def app(self) -> Starlette:
        """The application: `POST /articles`, `GET /health`."""
        return Starlette(
            routes=[
                Route("/articles", _answered(self._push), methods=["POST"]),
                Route("/health", self._health, methods=["GET"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "up", "pushes": self._at_work})

    async def _push(self, request: Request) -> Response:
        self._authorize(request)
        form = request.query_params.get("format", AUTO)
        if form not in FORMAT_NAMES:
            raise _Answer(400, "format", f"is unknown; one of {', '.join(FORMAT_NAMES)}")
        if self._at_work >= self._limits.pushes_max:
            busy = f"is at its limit of {self._limits.pushes_max} pushes at once; come again"
            raise _Answer(429, "server", busy, {"Retry-After": _BUSY_SECONDS})
        self._at_work += 1
        try:
            body = await self._body(request)
            results = await asyncio.to_thread(
                _read, body, form, self._limits.line_bytes_max, self._publishing.tally.ignored
            )
            return await self._publish(results, partial=request.query_params.get("partial") == "true")
        finally:
            self._at_work -= 1

    def _authorize(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self._token):
            reason = "is missing or wrong; send Authorization: Bearer TOKEN"
            raise _Answer(401, "authorization", reason, {"WWW-Authenticate": "Bearer"})

    async def _body(self, request: Request) -> bytes:
        limit = self._limits.body_bytes_max
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise _Answer(415, "content-encoding", "is not taken; send the body as it is")
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            raise _Answer(413, "body", f"is larger than {limit:,} bytes (STORYLINE_INGEST_BODY_BYTES_MAX)")
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for piece in request.stream():
                    body += piece
                    if len(body) > limit:
                        raise _Answer(413, "body", f"is larger than {limit:,} bytes (STORYLINE_INGEST_BODY_BYTES_MAX)")
        except TimeoutError:
            slow = f"did not come within {self._limits.body_seconds:g} seconds"
            raise _Answer(408, "body", slow, {"Connection": "close"}) from None
        except ClientDisconnect:
            raise _Answer(400, "body", "broke off") from None
        return bytes(body)

    async def _publish(self, results: list[Read | Refused], partial: bool) -> Response:
        refused = [one for one in results if isinstance(one, Refused)]
        articles = [one for one in results if isinstance(one, Read)]
        for one in refused:
            self._publishing.tally.refuse(one)
        if refused and not (partial and articles):
            return JSONResponse({**_said(refused[0]), "accepted": 0, "refused": _shown(refused)}, 400)
        try:
            async for _ in self._publishing.publish(articles, refused.append):
                pass
        except Transient as away:
            logger.warning("push not taken: %s", away)
            kafka_away = {"Retry-After": _KAFKA_AWAY_SECONDS}
            raise _Answer(503, "kafka", "does not answer just now; send the same again", kafka_away) from None
        except Invalid as wrong:
            raise _Answer(413, wrong.field, wrong.said) from None
        except Fatal as fatal:
            self._on_fatal(fatal)
            raise _Answer(503, "kafka", "can't be written to; the operator has been told") from None
        uris = list(dict.fromkeys(one.article.uri for one in articles))[:URIS_SHOWN_MAX]
        return JSONResponse({"accepted": len(articles), "uris": uris, "refused": _shown(refused)}, 202)


def _answered(handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return await handle(request)
        except _Answer as answer:
            return answer.response()

    return answered


def _read(body: bytes, form: str, line_bytes_max: int, ignored: Ignored) -> list[Read | Refused]:
    return list(read_file(io.BytesIO(body), form, line_bytes_max, received_at=datetime.now(UTC), ignored=ignored))


def _said(refused: Refused) -> dict[str, Any]:
    error = f"{refused.where}: {refused.field}: {refused.reason}"
    return {"error": error, "field": refused.field, "reason": refused.reason, refused.unit: refused.line}


def _shown(refused: list[Refused]) -> list[dict[str, Any]]:
    return [
        {one.unit: one.line, "format": one.format, "field": one.field, "reason": one.reason}
        for one in refused[:REFUSED_SHOWN_MAX]
    ]

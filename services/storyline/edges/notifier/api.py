"""The API for subscriptions and the delivery log: a few JSON resources behind one token. Off unless a port is set.

    GET    /v1/subscriptions          GET /v1/subscriptions/ID
    PUT    /v1/subscriptions/ID       DELETE /v1/subscriptions/ID
    GET    /v1/deliveries?subscription=…&story=…&outcome=…&limit=…
    GET    /health                    (the only one without the token)

Errors are problem details (RFC 9457). Targets hold addresses of readers, so reading asks for the token too.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...domain.notify.ports import OUTCOMES, Line
from ...errors import Transient
from ...infra.listening import listening, shown
from .directory import Directory, Made
from .subscription import WrongSubscription, subscription_of

BODY_BYTES_MAX = 64 * 1024
LINES_MAX = 1_000
CONNECTIONS_MAX = 100
_DIGITS = re.compile(r"[0-9]{1,9}")
_HIDDEN = "**********"  # how a secret is shown; never taken as one
Answer = Callable[[Request], Awaitable[Response]]


class Log(Protocol):
    """Where deliveries can be looked up."""

    async def lines(self, limit: int, wanted: Mapping[str, str] | None = None) -> list[Line]: ...


class Refused(Exception):
    """An answer that isn't what was asked for."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Api:
    """The resources, over the same directory that the service finds subscriptions in."""

    def __init__(self, directory: Directory, made: Made, log: Log, token: str, subscriptions_max: int) -> None:
        self._directory = directory
        self._made = made
        self._log = log
        self._token = token.encode()
        self._subscriptions_max = subscriptions_max

    def application(self) -> Starlette:
        def route(path: str, answer: Answer, *methods: str) -> Route:
            return Route(path, self._guarded(answer), methods=list(methods))

        one = "/v1/subscriptions/{id}"
        routes = [
            Route("/health", _health),
            route("/v1/subscriptions", self._list, "GET"),
            route(one, self._show, "GET"),
            route(one, self._put, "PUT"),
            route(one, self._delete, "DELETE"),
            route("/v1/deliveries", self._deliveries, "GET"),
        ]
        return Starlette(routes=routes, exception_handlers={404: _not_found, 405: _not_allowed})

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> Response:
            try:
                self._check_token(request)
                return await answer(request)
            except Refused as refused:
                return problem(refused.status, refused.detail, **refused.headers)
            except Transient as error:
                return problem(503, str(error), **{"retry-after": "5"})

        return guarded

    def _check_token(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self._token):
            why = "the token is wrong" if token else "send the header Authorization: Bearer TOKEN"
            raise Refused(401, why, **{"www-authenticate": 'Bearer realm="storyline notifier"'})

    async def _list(self, request: Request) -> Response:
        return JSONResponse({"subscriptions": [self._shown(each.id) for each in self._directory.all()]})

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self._shown(request.path_params["id"]))

    def _shown(self, id: str) -> dict[str, Any]:
        found = self._directory.find(id)
        if found is None:
            raise Refused(404, f"there is no subscription {id}")
        return found.shown() | {"from": "file" if self._directory.is_of_file(id) else "api"}

    async def _put(self, request: Request) -> Response:
        id = request.path_params["id"]
        if self._directory.is_of_file(id):
            raise Refused(409, f"{id} is in the file of subscriptions; change it there")
        given = await _object(request)
        given.pop("from", None)
        if given.setdefault("id", id) != id:
            raise Refused(422, f"id: is {given['id']!r}, and the address says {id}; leave it out")
        self._check(given)
        if id not in await self._made.all() and await self._made.count() >= self._subscriptions_max:
            raise Refused(409, f"there are {self._subscriptions_max} subscriptions already, which is the most")
        new = await self._made.put(id, given)
        await self._directory.refresh()
        return JSONResponse(self._shown(id), 201 if new else 200)

    def _check(self, given: dict[str, Any]) -> None:
        if isinstance(given.get("webhook"), dict) and given["webhook"].get("secret") == _HIDDEN:
            raise Refused(422, "webhook.secret: is the stars that stand for it; give the secret itself")
        try:
            self._directory.check(subscription_of(given))
        except WrongSubscription as wrong:
            raise Refused(422, str(wrong)) from None

    async def _delete(self, request: Request) -> Response:
        id = request.path_params["id"]
        if self._directory.is_of_file(id):
            raise Refused(409, f"{id} is in the file of subscriptions; take it out there")
        if not await self._made.delete(id):
            raise Refused(404, f"there is no subscription {id}")
        await self._directory.refresh()
        return Response(status_code=204)

    async def _deliveries(self, request: Request) -> Response:
        asked = dict(request.query_params)
        limit = asked.pop("limit", "100")
        if not _DIGITS.fullmatch(limit) or not 1 <= int(limit) <= LINES_MAX:
            raise Refused(422, f"limit: is not a number from 1 to {LINES_MAX}")
        names = {"subscription": "subscription", "story": "story_id", "outcome": "outcome"}
        if unknown := sorted(asked.keys() - names.keys()):
            raise Refused(422, f"{unknown[0]}: is unknown; there are {', '.join(names)} and limit")
        if asked.get("outcome", OUTCOMES[0]) not in OUTCOMES:
            raise Refused(422, f"outcome: is not one of {', '.join(OUTCOMES)}")
        lines = await self._log.lines(int(limit), {names[name]: value for name, value in asked.items()})
        return JSONResponse({"deliveries": [line.model_dump(mode="json") for line in lines]})


async def _object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, read no further than it may be long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise Refused(413, f"the body is longer than {BODY_BYTES_MAX} bytes")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise Refused(400, "the body is not a JSON object")
    return given


def problem(status: int, detail: str, **headers: str) -> Response:
    """Problem details (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _not_found(request: Request, error: Exception) -> Response:
    return problem(404, "there is nothing here; the resources are /v1/subscriptions and /v1/deliveries")


async def _not_allowed(request: Request, error: Exception) -> Response:
    return problem(405, f"{request.method} is not for this resource", **getattr(error, "headers", None) or {})


class ApiServer(uvicorn.Server):
    """Serves until it is told to; leaves signals to the service around it. Listens from the start. Raises Fatal."""

    def __init__(self, application: Starlette, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                application, log_config=None, access_log=False, lifespan="off", limit_concurrency=CONNECTIONS_MAX,
                timeout_keep_alive=10, timeout_graceful_shutdown=2, server_header=False,
            )
        )  # fmt: skip
        self._socket = listening(host, port, "STORYLINE_NOTIFIER_API_HOST, STORYLINE_NOTIFIER_API_PORT")
        self._socket.listen()
        self.address = f"http://{shown(host)}:{self._socket.getsockname()[1]}"

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()

    async def run_until_told(self) -> None:
        await self.serve(sockets=[self._socket])

    def tell_to_leave(self) -> None:
        self.should_exit = True

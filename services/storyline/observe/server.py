"""`/metrics`, `/live`, `/ready`, `/progress` on a port of their own, from a thread of its own.

A thread, because the event loop is what `/live` judges: a loop that hangs still gets its verdict out. Bounded: so many
connections at once, so many seconds each, and no body is read.
"""

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..infra.listening import listening, shown

log = logging.getLogger("storyline.observe")

CONNECTIONS_MAX = 16
REQUEST_SECONDS = 5.0
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

Answered = tuple[int, str, bytes]
"""Status, content type, body."""
Route = Callable[[str], Answered]
"""Takes the request's Accept header."""


def as_json(status: int, report: Mapping[str, Any]) -> Answered:
    return status, JSON, (json.dumps(report, ensure_ascii=False) + "\n").encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = CONNECTIONS_MAX

    def __init__(self, bound: socket.socket, routes: Mapping[str, Route]) -> None:
        self.routes = routes
        self._free = threading.BoundedSemaphore(CONNECTIONS_MAX)
        super().__init__(bound.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()  # the one that it makes by itself is of IPv4
        self.socket = bound
        self.server_activate()

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread could be started: nobody else will give the place back
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in mid-answer is no event of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_SECONDS
    server_version = "storyline"
    sys_version = ""

    def do_GET(self) -> None:
        route = self.server.routes.get(self.path.partition("?")[0])
        if route is None:
            known = ", ".join(sorted(self.server.routes))
            self._answer((HTTPStatus.NOT_FOUND, TEXT, f"there is {known}\n".encode()))
            return
        try:
            answered = route(self.headers.get("Accept", ""))
        except Exception:
            log.exception("%s can't be answered", self.path.partition("?")[0])
            answered = (HTTPStatus.INTERNAL_SERVER_ERROR, TEXT, b"a fault of ours; the log has it\n")
        self._answer(answered)

    do_HEAD = do_GET

    def _answer(self, answered: Answered) -> None:
        status, content_type, body = answered
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Probes come every few seconds; they are no news."""


class HealthServer:
    """Listens from the start until `close`. Port 0 takes a free one; `address` says which. Raises Fatal."""

    def __init__(self, host: str, port: int, routes: Mapping[str, Route]) -> None:
        self._server = _Server(listening(host, port, "STORYLINE_METRICS_HOST, STORYLINE_METRICS_PORT"), routes)
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{shown(str(host))}:{port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

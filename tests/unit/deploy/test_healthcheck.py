"""The image's health check: asked of this container itself, and it tells what the service says."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from .shared import DEPLOY


class _Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, said = {"/live": (200, "ok\n"), "/ready": (503, "redis: no answer\n")}.get(self.path, (404, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, format: str, *arguments: object) -> None: ...


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def asked(port: int, *arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, DEPLOY / "healthcheck.py", *arguments],
        env=os.environ | {"STORYLINE_METRICS_PORT": str(port)} | environment,
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_service_that_is_well_is_exit_0_and_else_its_problem_is_told(port: int) -> None:
    assert asked(port) == (0, "ok\n")
    assert asked(port, "/ready") == (1, "redis: no answer\n")
    assert asked(port, f"http://127.0.0.1:{port}/live") == (0, "ok\n")


def test_another_machine_is_not_asked(port: int) -> None:
    code, said = asked(port, "http://example.org/live")
    assert code == 1
    assert "give a path such as /ready" in said


def test_the_way_out_to_the_internet_is_not_the_way_to_oneself(port: int) -> None:
    """Where feeds or a model are asked through a proxy, the container has it in its environment."""
    assert asked(port, http_proxy="http://127.0.0.1:9", no_proxy="") == (0, "ok\n")

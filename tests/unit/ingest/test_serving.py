"""The HTTP door's own server."""

import asyncio

import pytest
from starlette.applications import Starlette

from storyline.edges.ingest.serving import serve
from storyline.errors import Fatal
from storyline.infra.listening import listening


async def test_a_port_that_is_taken_ends_the_service_with_a_line() -> None:
    with listening("127.0.0.1", 0, "X") as bound:
        bound.listen()
        port = bound.getsockname()[1]
        with pytest.raises(Fatal, match=f"can't listen on 127.0.0.1:{port}.*STORYLINE_INGEST_PORT"):
            await serve(Starlette(), "127.0.0.1", port, 10, asyncio.Event())

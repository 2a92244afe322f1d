"""A language model's server on loopback, over real HTTP, that answers as a test wants: well, or as badly as it can."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Say = Callable[[list[str]], Any]
"""From the sentences of a question to those of the answer; or to any text, that is then the answer's content."""


def split_at_and(sentences: list[str]) -> list[str]:
    """What a good model does: the first sentence in two."""
    head, found, tail = sentences[0].partition(", and ")
    return [f"{head}.", tail[:1].upper() + tail[1:], *sentences[1:]] if found else sentences


class ModelServer:
    """`behaviour` is a `Say`, or one of: 500, 401, redirect, wrong, no-json, endless, huge, slow, hangs-up, empty."""

    def __init__(self, behaviour: Say | str = split_at_and) -> None:
        self.behaviour = behaviour
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> "AsyncIterator[ModelServer]":
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/v1/chat/completions", self._answer)
        app.router.add_post("/elsewhere", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(asked)
        self.headers.append(dict(request.headers))
        if isinstance(self.behaviour, str):
            return await _misbehave(self.behaviour, request)
        said = self.behaviour(json.loads(asked["messages"][1]["content"])["sentences"])
        content = said if isinstance(said, str) else json.dumps({"sentences": said})
        return web.json_response(completion(content))


def completion(content: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    usage = {"prompt_tokens": 300, "completion_tokens": 100}
    return {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


async def _misbehave(how: str, request: web.Request) -> web.StreamResponse:
    match how:
        case "redirect":
            raise web.HTTPTemporaryRedirect("/elsewhere")
        case "wrong":
            return web.json_response({"choices": "none"})
        case "empty":
            return web.json_response({"choices": []})
        case "no-json":
            return web.Response(text="<html>not a model</html>")
        case "huge":
            return web.json_response(completion("x" * 2_000_000))
        case "slow":
            await asyncio.sleep(30)
            return web.json_response(completion("{}"))
        case "hangs-up":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        case "endless":
            return await _drip(request)
        case _:
            return web.Response(status=int(how), text="no")


async def _drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)

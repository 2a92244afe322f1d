"""A small receiver of webhooks, as a subscriber would write one: it takes what is signed rightly, and nothing else."""

import asyncio
import json
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

SUBSCRIPTION = "demo"
BODY_BYTES_MAX = 1 << 20
LEAVE_SECONDS = 1.0


class Receiver:
    """Has a free port of this machine from the start, and answers while it is used with `async with`."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._webhook = Webhook(secret)
        self._first: asyncio.Future[dict[str, Any]] | None = None
        self._runner: web.AppRunner | None = None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/hook"

    async def __aenter__(self) -> Self:
        self._first = asyncio.get_running_loop().create_future()
        application = web.Application(client_max_size=BODY_BYTES_MAX)
        application.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=LEAVE_SECONDS)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        try:
            value = self._webhook.verify(await request.read(), dict(request.headers))
        except (WebhookVerificationError, ValueError):
            return web.Response(status=400)
        if self._first is not None and not self._first.done():
            self._first.set_result({"id": request.headers["webhook-id"], **value})
        return web.Response(status=204)

    async def first(self, seconds: float) -> dict[str, Any] | None:
        """The first delivery with a right signature; None if none comes in that time."""
        if self._first is None:
            return None
        await asyncio.wait([self._first], timeout=seconds)
        return self._first.result() if self._first.done() else None

    def subscribe(self, directory: Path) -> dict[str, str]:
        """Write the file of subscriptions; the notifier's settings for it."""
        file = directory / "subscriptions.toml"
        file.write_text(
            f'[[subscription]]\nid = "{SUBSCRIPTION}"\nlevel = "normal"\npace = "every"\n'
            f"[subscription.webhook]\nurl = {json.dumps(self.url)}\nsecret = {json.dumps(self._secret)}\n"
        )
        return {
            "STORYLINE_NOTIFIER_SUBSCRIPTIONS": str(file),
            "STORYLINE_NOTIFIER_NETWORKS_ALLOWED": "127.0.0.0/8",
            "STORYLINE_NOTIFIER_START": "latest",
        }

"""What the notifier's tests stand on: updates made by hand, a receiver of webhooks on a real port, and what it got."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from storyline.record import Output
from storyline_schemas import StoryUpdate, partition_of
from storyline_schemas.events import update_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE = Path(__file__).parents[2] / "schemas/examples/story-update.json"
LOOPBACK = "127.0.0.0/8"


def update(
    story: str, version: int, *, mode: str = "push", level: str = "major", kind: str = "articles", key: str = "",
    **of_story: Any,
) -> StoryUpdate:  # fmt: skip
    """Version `version` of an invented story, as the updater would have sent it."""
    value = json.loads(EXAMPLE.read_text())
    value["story"] |= {"id": story, "version": version, "headline": f"{story} as of {version}", **of_story}
    value["change"] |= {"kind": kind, "summary": f"{story} grew to {version}"}
    value["significance"] = {"level": level, "reasons": ["a new independent report"]}
    value["notify"] = {"mode": mode, "dedupe_key": key or f"{story}:{version}"}
    return StoryUpdate.model_validate_json(json.dumps(value))


def output(of: StoryUpdate, partitions: int = 4) -> Output:
    """The record of an update."""
    place = partition_of(of.story.id, partitions)
    return Output("story-updates", place, of.story.id.encode(), of.to_json(), update_headers(of))


def sent(of: StoryUpdate, partitions: int = 4) -> tuple[bytes | None, bytes | None, int, Any]:
    """As `Cluster.send` takes it."""
    record = output(of, partitions)
    return (record.key, record.value, record.partition, record.headers)


@dataclass
class Got:
    """One request that was answered with 2xx."""

    id: str
    path: str
    body: bytes
    value: Mapping[str, Any]

    @property
    def story(self) -> str:
        return str(self.value["data"]["story"]["id"])

    @property
    def versions(self) -> tuple[int, int]:
        versions = self.value["data"]["versions"]
        return versions["from"], versions["to"]


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """An HTTP server on loopback. Each path takes what is signed with `SECRET`, unless `answers` has its own way."""

    answers: dict[str, Answer] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    asked: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    unsigned: list[str] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=1 << 20)
        application.router.add_route("*", "/{path:.*}", self._take)
        # Short, so that an answer that never ends doesn't hold the test's end.
        self._runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        body = await request.read()
        try:
            # The standard's own library decides whether it is signed rightly, and just now.
            value = Webhook(SECRET).verify(body, dict(request.headers))
        except (WebhookVerificationError, ValueError) as error:
            self.unsigned.append(repr(error))
            return web.Response(status=400)
        if request.path in self.answers:
            answer = await self.answers[request.path](request)
            if not 200 <= answer.status < 300:
                return answer
        else:
            answer = web.Response(status=204)
        self.got.append(Got(request.headers["webhook-id"], request.path, body, value))
        return answer

    async def until(self, reached: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        """Wait until it is so. Fails naming `what`."""
        try:
            async with asyncio.timeout(seconds):
                while not reached():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{what}: not in {seconds:.0f} s; got {len(self.got)}: {self.got[-3:]}") from None

    def told(self, path: str = "/hook") -> dict[str, int]:
        """The newest version told of each story."""
        newest: dict[str, int] = {}
        for each in self.got:
            if each.path == path:
                newest[each.story] = max(newest.get(each.story, 0), each.versions[1])
        return newest


@dataclass
class Way:
    """What a receiver was told of its stories, in order."""

    messages: int = 0
    repeats: int = 0
    """Messages whose id had come before: the receiver drops them."""
    retold: list[str] = field(default_factory=list)
    """Messages with a new id that tell versions which an earlier message had told, and newer ones."""
    skipped: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """An id that came again with other bytes."""

    @property
    def clean(self) -> bool:
        return not (self.skipped or self.backwards or self.changed)


def way_of(got: list[Got]) -> Way:
    """Compare what came with what may come: versions of a story without a gap and in order, repeats by their id."""
    way = Way(messages=len(got))
    seen: dict[str, bytes] = {}
    newest: dict[str, int] = {}
    for each in got:
        first, last = each.versions
        if each.id in seen:
            way.repeats += 1
            if seen[each.id] != each.body:
                way.changed.append(f"{each.story} {first}–{last}")
            continue
        seen[each.id] = each.body
        known = newest.get(each.story, 0)
        if first > known + 1:
            way.skipped.append(f"{each.story}: {known + 1} to {first - 1}")
        if last <= known:
            way.backwards.append(f"{each.story}: {last} after {known}")
        if first <= known:
            way.retold.append(f"{each.story}: {first}–{last} after {known}")
        newest[each.story] = max(known, last)
    return way


def webhook(id: str, url: str, rules: str = "") -> str:
    """A subscription as TOML."""
    return f'[[subscription]]\nid = "{id}"\n{rules}\n[subscription.webhook]\nurl = "{url}"\nsecret = "{SECRET}"\n\n'

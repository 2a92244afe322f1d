"""The web application: which address shows what. Pages for people, the same as JSON and Atom for programs."""

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from storyline_schemas import Story

from ...errors import Invalid, Transient
from . import asking, events, html, models
from .answers import ATOM, FOR_EVER, HTML, JSON, PROBLEM, EventStream, Made, Safety, answer, made, moved
from .history import live_numbers
from .html import Address
from .openapi import openapi
from .reading import Library, Shown
from .streams import ALL, Full, Streams
from .view import Happened, View

ROWS, FEED_ROWS, VERSIONS = 30, 50, 50
REDIRECTS_MAX = 100
LIST_SECONDS = 0.5
"""A list is made at most this often; the script of a page asks a second after it was told of a change."""
_STORY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STATIC_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the web side; seconds and bytes."""

    cache_bytes: int = 64 * 1024 * 1024
    heartbeat_seconds: float = 15.0
    slow_seconds: float = 30.0


class Pages:
    """Everything a request may be answered with."""

    def __init__(self, library: Library, streams: Streams, site: Address, limits: Limits) -> None:
        self._library = library
        self._streams = streams
        self._site = site
        self._limits = limits
        self._made: LRUCache[tuple[object, ...], Made] = LRUCache(limits.cache_bytes, getsizeof=lambda each: each.size)
        self._lists: LRUCache[tuple[object, ...], tuple[float, int, Made]] = LRUCache(
            limits.cache_bytes // 4, getsizeof=lambda each: each[2].size
        )
        self.ready = False

    @property
    def cached_bytes(self) -> int:
        """Finished pages and lists that are held."""
        return int(self._made.currsize + self._lists.currsize)

    @property
    def _view(self) -> View:
        return self._library.view

    # ---- lists

    async def index(self, request: Request) -> Response:
        return self._list(request, "html", HTML, ROWS)

    async def index_feed(self, request: Request) -> Response:
        return self._list(request, "atom", ATOM, FEED_ROWS)

    async def api_stories(self, request: Request) -> Response:
        return self._list(request, "json", JSON, ROWS)

    def _list(self, request: Request, form: str, media_type: str, rows: int) -> Response:
        """A list of stories; the same question within half a second gets the same answer."""
        wanted, after = asking.filters(request.query_params), asking.place(request.query_params)
        limit = asking.limit(request.query_params, rows)
        key = (form, wanted, after, limit)
        at, revision, content = self._lists.get(key, (0.0, -1, None))
        if content is None or (revision != self._view.revision and time.monotonic() - at >= LIST_SECONDS):
            content = made(self._list_text(form, wanted, after, limit), media_type)
            _keep(self._lists, key, (time.monotonic(), self._view.revision, content))
        return answer(request, content)

    def _list_text(self, form: str, wanted: asking.Filters, after: asking.Place | None, limit: int) -> str | bytes:
        rows, following = self._view.page(wanted, after, limit)
        if form == "json":
            stories = tuple(models.story_summary(row) for row in rows)
            return models.StoryList(stories=stories, next=asking.cursor(following) if following else None).to_json()
        if form == "atom":
            return html.index_feed(rows, wanted, self._site)
        languages = {tag: count for tag, count in self._view.languages.items() if count}
        position = events.position_id(self._view.position)
        return html.index_page(
            rows, wanted, following, languages, position, self._site, after is None, self._view.newest_ms
        )

    # ---- one story

    async def story(self, request: Request) -> Response:
        found = await self._story(request, "/stories/{}")
        if isinstance(found, Response):
            return found

        async def page() -> str:
            shown = await self._library.present(found)
            return html.story_page(shown, found, self._view.versions(found.id), self._site)

        return await self._cached(request, ("page", *self._state(found)), HTML, page)

    async def api_story(self, request: Request) -> Response:
        found = await self._story(request, "/api/stories/{}")
        if isinstance(found, Response):
            return found

        async def text() -> bytes:
            return found.to_json()

        return await self._cached(request, ("json", found.id, found.version), JSON, text)

    async def story_feed(self, request: Request) -> Response:
        found = await self._story(request, "/stories/{}/feed.atom")
        if isinstance(found, Response):
            return found

        async def feed() -> str:
            versions = self._view.versions(found.id)[-FEED_ROWS:]
            return html.story_feed(found, self._view.rows.get(found.id), versions, self._site)

        return await self._cached(request, ("feed", *self._state(found)), ATOM, feed)

    async def version(self, request: Request) -> Response:
        number = _number(request)
        found = await self._story(request, "/stories/{}")
        if isinstance(found, Response):
            return found
        if number == found.version:
            return Response(status_code=302, headers={"location": f"/stories/{found.id}", "cache-control": "no-cache"})

        async def page() -> str:
            shown = await self._earlier(found, number)
            return html.story_page(shown, found, self._view.versions(found.id), self._site)

        return await self._cached(request, ("version", number, *self._state(found)), HTML, page)

    async def api_version(self, request: Request) -> Response:
        number = _number(request)
        found = await self._story(request, "/api/stories/{}")
        if isinstance(found, Response):
            return found

        async def text() -> bytes:
            return (await self._earlier(found, number)).story.to_json() if number != found.version else found.to_json()

        return await self._cached(request, ("api version", number, *self._state(found)), JSON, text)

    async def diff(self, request: Request) -> Response:
        return await self._diff(request, "/stories/{}", "diff", HTML, html.comparison_page)

    async def api_diff(self, request: Request) -> Response:
        def text(before: Story, after: Story, now: Story, site: Address) -> bytes:
            return models.comparison(before, after).to_json()

        return await self._diff(request, "/api/stories/{}", "api diff", JSON, text)

    async def _diff(
        self, request: Request, path: str, form: str, media_type: str,
        make: Callable[[Story, Story, Story, Address], str | bytes],
    ) -> Response:  # fmt: skip
        """Two versions sentence by sentence, without what was withdrawn since."""
        before, after = _number(request, "before"), _number(request, "after")
        found = await self._story(request, path)
        if isinstance(found, Response):
            return found

        async def content() -> str | bytes:
            both = await self._library.compared(found, before, after)
            if both is None:
                raise HTTPException(404, f"Versions {before} and {after} of this story are not both there.")
            return make(*both, found, self._site)

        return await self._cached(request, (form, before, after, *self._state(found)), media_type, content)

    async def api_versions(self, request: Request) -> Response:
        before, limit = asking.version_place(request.query_params), asking.limit(request.query_params, VERSIONS)
        found = await self._story(request, "/api/stories/{}/versions")
        if isinstance(found, Response):
            return found
        live = live_numbers(found)
        versions = [each for each in reversed(self._view.versions(found.id)) if before is None or each.number < before]
        shown = tuple(models.version_summary(found.id, each, live) for each in versions[:limit])
        following = str(shown[-1].version) if len(versions) > limit else None
        return answer(request, made(models.VersionList(versions=shown, next=following).to_json(), JSON))

    async def _story(self, request: Request, path: str) -> Story | Response:
        """The story that the address names, or where it is now. Raises HTTPException 404 or 410."""
        asked = id = request.path_params["id"]
        if not _STORY_ID.fullmatch(id):
            raise HTTPException(404, "There is no story with this address.")
        for _ in range(REDIRECTS_MAX):
            story = await self._library.story(id)
            if story is None:
                break
            if story.redirect_to is None:
                return story if id == asked else moved(path.format(id))
            id = story.redirect_to
        if self._view.is_gone(id):
            raise HTTPException(410, "This story was removed.")
        raise HTTPException(404, "There is no story with this address.")

    async def _earlier(self, now: Story, number: int) -> Shown:
        shown = await self._library.earlier(now, number)
        if shown is None:
            known = self._view.versions(now.id)
            first = f"; the earliest that is kept is {known[0].number}" if known else ""
            raise HTTPException(404, f"Version {number} of this story is not there{first}.")
        return shown

    def _state(self, story: Story) -> tuple[object, ...]:
        """Everything that a page of the story depends on."""
        versions = self._view.versions(story.id)
        return story.id, story.version, len(versions), versions[-1].number if versions else 0

    async def _cached(
        self, request: Request, key: tuple[object, ...], media_type: str, make: Callable[[], Awaitable[str | bytes]]
    ) -> Response:
        content = self._made.get(key)
        if content is None:
            content = made(await make(), media_type)
            _keep(self._made, key, content)
        return answer(request, content)

    # ---- streams

    async def all_events(self, request: Request) -> Response:
        since = events.read_position(_last_seen(request)) if _last_seen(request) else self._view.position

        def missed() -> bytes:
            happened = self._view.since(since) if since is not None else None
            if happened is None or since is None:
                return events.reset_event(self._view.position)
            frames, position = [], list(since)
            for each in happened:
                position[each.partition] = each.offset + 1
                frames.append(self.happened_event(each, tuple(position)))
            return b"".join(frames)

        return self._stream(request, ALL, missed)

    async def story_events(self, request: Request) -> Response:
        found = await self._story(request, "/stories/{}/events")
        if isinstance(found, Response):
            merged = self._view.rows.get(request.path_params["id"])
            if merged is None or merged.redirect_to is None or not _last_seen(request):
                return found
            # Who comes back after a break has seen a version of this story; the other one's have other numbers.
            return self._stream(request, merged.id, lambda: events.merged_event(merged))
        since = events.read_version(_last_seen(request))

        def missed() -> bytes:
            row, versions = self._view.rows.get(found.id), self._view.versions(found.id)
            if row is None:
                return b""
            from_version = row.version if since is None else since
            return b"".join(events.version_event(row, each) for each in versions if each.number > from_version)

        return self._stream(request, found.id, missed)

    def happened_event(self, happened: Happened, position: tuple[int, ...]) -> bytes:
        """An event for the stream of all stories, with the position that was reached with it as its id."""
        row = self._view.rows.get(happened.id)
        version = self._view.version(happened.id, happened.version)
        return events.story_event(row, version, position) if row else b""

    def publish(self, happened: Happened) -> None:
        """Tell whoever listens that a story has a new version."""
        row, view = self._view.rows.get(happened.id), self._view
        if row is None:
            return
        if self._streams.listening(ALL):
            self._streams.publish(ALL, self.happened_event(happened, view.position))
        if self._streams.listening(happened.id):
            version = view.version(happened.id, happened.version)
            if version is not None:
                self._streams.publish(happened.id, events.version_event(row, version))
            if row.redirect_to is not None:
                self._streams.publish(happened.id, events.merged_event(row))

    def _stream(self, request: Request, topic: str, missed: Callable[[], bytes]) -> Response:
        """What was missed is made when the stream is open already, so that nothing falls in between."""
        if request.method == "HEAD":
            return Response(headers={"cache-control": "no-store"}, media_type=EventStream.media_type)
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(self._streams.opened(topic))
            except Full:
                raise HTTPException(503, "Too many readers just now; come back soon.") from None
            begin = events.hello() + missed()
            held = stack.pop_all()
        limits = self._limits
        response = EventStream(stream, begin, events.HEARTBEAT, limits.heartbeat_seconds, limits.slow_seconds)
        return _Closing(response, held)

    # ---- the rest

    async def static(self, request: Request) -> Response:
        name, given = request.path_params["name"], request.path_params["hash"]
        try:
            content, current = html.static_file(name)
        except KeyError:
            raise HTTPException(404, "There is no such file.") from None
        media_type = _STATIC_TYPES[name.rpartition(".")[2]]
        return answer(request, made(content, media_type), FOR_EVER if given == current else "no-cache")

    async def api_description(self, request: Request) -> Response:
        return answer(request, made(openapi(), JSON))

    async def without_slash(self, request: Request) -> Response:
        """To the address without its last slash; to no host, since whoever asks may name any."""
        path = "/" + quote(request.path_params["path"].strip("/"))
        return moved(f"{path}?{request.url.query}" if request.url.query else path)

    async def live(self, request: Request) -> Response:
        return JSONResponse({"status": "live"}, headers={"cache-control": "no-store"})

    async def ready_now(self, request: Request) -> Response:
        state = {
            "status": "ready" if self.ready else "reading",
            "stories": self._view.listed,
            "streams": self._streams.count,
        }
        return JSONResponse(state, 200 if self.ready else 503, headers={"cache-control": "no-store"})

    async def refused(self, request: Request, error: Exception) -> Response:
        """Every refusal as the asker reads it: a page, or problem+json under /api."""
        status, title, detail, field = _told(error)
        headers = dict(getattr(error, "headers", None) or {}) | {"cache-control": "no-store"}
        if status == 503:
            headers["retry-after"] = "2"
        if request.url.path.startswith("/api/"):
            problem = models.Problem(title=title, status=status, detail=detail, field=field)
            return Response(problem.to_json(), status, headers, PROBLEM)
        page = html.problem_page(status, title, f"{field}: {detail}" if field else detail, self._site)
        return Response(page, status, headers, HTML)


class _Closing(Response):
    """A stream's answer; its place is free again when it ends, also if the client has left before it begins."""

    def __init__(self, response: EventStream, held: ExitStack) -> None:
        self._response = response
        self._held = held
        self.status_code = 200
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await self._response(scope, receive, send)


def _keep(cache: LRUCache[tuple[object, ...], T], key: tuple[object, ...], value: T) -> None:
    """Unless it alone is larger than the cache."""
    if cache.getsizeof(value) <= cache.maxsize:
        cache[key] = value


def _last_seen(request: Request) -> str:
    """The id a client has seen last: the browser's own header after a break, the page's parameter at first."""
    return request.headers.get("last-event-id") or request.query_params.get("since", "")


def _number(request: Request, name: str = "number") -> int:
    value: str = request.path_params[name]
    if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        raise HTTPException(404, "A version is a number from 1 on.")
    return int(value)


_TITLES = {400: "This can't be asked", 404: "Not found", 405: "Not allowed", 410: "Removed", 503: "Not just now"}


def _told(error: Exception) -> tuple[int, str, str, str | None]:
    if isinstance(error, Invalid):
        return 400, _TITLES[400], error.said, error.field
    if isinstance(error, Transient):
        return 503, _TITLES[503], "The older text can't be read at the moment; come back soon.", None
    if isinstance(error, HTTPException):
        title = _TITLES.get(error.status_code, "It did not work")
        return error.status_code, title, error.detail if error.status_code != 405 else "Only reading is possible.", None
    return 500, "Something broke", "The fault is ours, and it was noted.", None


def application(pages: Pages) -> ASGIApp:
    """All addresses. Until `pages.ready`, everything but the probes answers 503."""

    def when_ready(handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            if not pages.ready:
                raise HTTPException(503, "The service is starting: it reads the stories there are.")
            return await handler(request)

        return handle

    shown = {
        "/": pages.index, "/feed.atom": pages.index_feed, "/events": pages.all_events,
        "/stories/{id}": pages.story, "/stories/{id}/feed.atom": pages.story_feed,
        "/stories/{id}/events": pages.story_events, "/stories/{id}/versions/{number}": pages.version,
        "/stories/{id}/diff/{before}/{after}": pages.diff, "/api/stories/{id}/diff/{before}/{after}": pages.api_diff,
        "/api/stories": pages.api_stories, "/api/stories/{id}": pages.api_story,
        "/api/stories/{id}/versions": pages.api_versions, "/api/stories/{id}/versions/{number}": pages.api_version,
    }  # fmt: skip
    always = {
        "/static/{hash}/{name}": pages.static, "/api/openapi.json": pages.api_description, "/live": pages.live,
        "/ready": pages.ready_now,
    }  # fmt: skip
    routes = [Route(path, handler) for path, handler in always.items()]
    routes += [Route(path, when_ready(handler)) for path, handler in shown.items()]
    routes.append(Route("/{path:path}/", pages.without_slash))
    refusals = dict.fromkeys((HTTPException, Invalid, Transient, Exception), pages.refused)
    # Around everything: the answer to a fault of ours is made outside of Starlette's own middleware.
    app = Starlette(routes=routes, exception_handlers=refusals)
    app.router.redirect_slashes = False  # it sends whoever asks to the host that he names
    return Safety(app)

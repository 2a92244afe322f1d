"""One conditional GET, bounded in every way: time, bytes, redirects, and where a redirect may lead.

aiohttp rather than httpx: it is Faust's own client, so nothing is added, and it costs a third of the CPU a request.
"""

import asyncio
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from ....infra.addresses import is_public
from ....infra.retry_after import retry_after_seconds

REDIRECTS_MAX = 5
CHUNK_BYTES = 64 * 1024
HEADER_CHARS_MAX = 1_000
RETRY_AFTER_SECONDS_MAX = 86_400.0
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `body` is None if nothing has changed (304). `moved_to` is set after permanent redirects only."""

    body: bytes | None
    etag: str | None = None
    modified: str | None = None
    moved_to: str | None = None


class FetchFailed(Exception):
    """The feed didn't come; the text says why. `gone`: it never will. `after_seconds`: the server asks to wait."""

    def __init__(self, reason: str, *, gone: bool = False, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.gone, self.after_seconds = gone, after_seconds


class _Guarded(AbstractResolver):
    """Resolves names; those that weren't listed by the operator never to an address inside (see `is_public`)."""

    def __init__(self, listed: frozenset[str], inner: AbstractResolver | None = None) -> None:
        self._listed, self._inner = listed, inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if host in self._listed:
            return found
        outside = [one for one in found if is_public(one["host"])]
        if not outside:
            raise OSError(f"{host} leads to an address inside, and no listed feed is there")
        return outside

    async def close(self) -> None:
        await self._inner.close()


class Fetcher:
    """Fetches feeds. `listed`: the hosts that the operator named, which alone may lie inside the network."""

    def __init__(
        self, listed: frozenset[str], *, agent: str, seconds: float, bytes_max: int, connections_max: int
    ) -> None:
        self._listed, self._agent, self._seconds, self._bytes_max = listed, agent, seconds, bytes_max
        self._connections_max = connections_max

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._connections_max, resolver=_Guarded(self._listed), ttl_dns_cache=300, keepalive_timeout=10
        )
        # Cookies are for people; a feed that sets one gets none back.
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": self._agent},
            timeout=aiohttp.ClientTimeout(total=None), max_line_size=8_190, max_field_size=8_190,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def fetch(self, url: str, etag: str | None, modified: str | None) -> Fetched:
        """Get a feed if it has changed. Raises FetchFailed."""
        headers = {"Accept": _ACCEPT}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(url, headers)
        except TimeoutError:
            raise FetchFailed(f"did not come whole within {self._seconds:g} seconds") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchFailed(f"{type(error).__name__}: {error}"[:200]) from None

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        for_good = True
        moved_to = None
        for _ in range(REDIRECTS_MAX + 1):
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status not in (301, 302, 303, 307, 308):
                    return await self._answer(answer, moved_to)
                for_good = for_good and answer.status in (301, 308)
                url = self._target(url, answer.headers.get("Location", ""))
                moved_to = url if for_good else moved_to
        raise FetchFailed(f"is redirected more than {REDIRECTS_MAX} times")

    def _target(self, url: str, location: str) -> str:
        target = urljoin(url, location.strip())
        parts = urlsplit(target)
        if parts.scheme not in ("http", "https") or not parts.hostname or target == url:
            raise FetchFailed(f"is redirected to {location[:80]!r}")
        if parts.hostname not in self._listed and _is_inside(parts.hostname):
            raise FetchFailed(f"is redirected to {parts.hostname}, inside the network")
        return target

    async def _answer(self, answer: aiohttp.ClientResponse, moved_to: str | None) -> Fetched:
        if answer.status == 304:
            return Fetched(None, moved_to=moved_to)
        if answer.status == 410:
            raise FetchFailed("is gone (410)", gone=True)
        if answer.status != 200:
            wait = answer.headers.get("Retry-After") if answer.status in (429, 503) else None
            seconds = retry_after_seconds(wait, RETRY_AFTER_SECONDS_MAX)
            raise FetchFailed(f"is answered with {answer.status}", after_seconds=seconds)
        body = bytearray()
        async for piece in answer.content.iter_chunked(CHUNK_BYTES):
            body += piece
            if len(body) > self._bytes_max:
                raise FetchFailed(f"is larger than {self._bytes_max:,} bytes (STORYLINE_INGEST_FEED_BYTES_MAX)")
        return Fetched(bytes(body), _header(answer, "ETag"), _header(answer, "Last-Modified"), moved_to)


def _header(answer: Any, name: str) -> str | None:
    value = answer.headers.get(name)
    return value if value and len(value) <= HEADER_CHARS_MAX and value.isprintable() else None


def _is_inside(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

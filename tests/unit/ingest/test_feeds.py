"""Feeds from a real server on loopback: what is new once, what is broken said, the state over a restart."""

import asyncio
import re
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from storyline.edges.ingest.feeds import Feed, FeedLimits, FeedState, Fetcher, Polling, StateFile, feeds_of
from storyline.edges.ingest.feeds.fetching import FetchFailed, _Guarded
from storyline.errors import Fatal
from storyline_schemas import Article

from ...servers import free_port
from .senders import Collecting, publishing

LIMITS = FeedLimits(interval_seconds=60.0, fetches_max=4, host_fetches_max=4, host_gap_seconds=0.0)


def rss(*numbers: int) -> bytes:
    items = "".join(
        f"<item><guid>urn:example:{n}</guid><title>Bridge {n}</title>"
        f"<pubDate>Fri, 02 Jan 2026 03:{n:02}:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f"<rss><channel><title>Example</title><language>en</language>{items}</channel></rss>".encode()


class Site:
    def __init__(self, port: int) -> None:
        self.url, self.body, self.asked = f"http://127.0.0.1:{port}", rss(1, 2), list[int]()

    async def feed(self, request: web.Request) -> web.Response:
        etag = f'"{hash(self.body)}"'
        status = 304 if request.headers.get("If-None-Match") == etag else 200
        self.asked.append(status)
        return web.Response(body=self.body if status == 200 else None, status=status, headers={"ETag": etag})

    async def slow(self, request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    port = free_port()
    it, app = Site(port), web.Application()

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently({"old": "/feed", "loop": "/loop", "in": "http://10.0.0.1/"}[request.path[1:]])

    async def huge(request: web.Request) -> web.Response:
        return web.Response(body=b" " * 200_000)

    async def gone(request: web.Request) -> web.Response:
        return web.Response(status=410)

    pages = {"/feed": it.feed, "/slow": it.slow, "/huge": huge, "/gone": gone}
    app.add_routes([web.get(path, page) for path, page in pages.items()])
    app.add_routes([web.get(f"/{name}", moved) for name in ("old", "loop", "in")])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield it
    finally:
        await runner.cleanup()


@asynccontextmanager
async def polling(path: Path, sender: Collecting) -> AsyncIterator[tuple[Polling, StateFile]]:
    fetcher = Fetcher(frozenset({"127.0.0.1"}), agent="test", seconds=1.0, bytes_max=100_000, connections_max=4)
    with StateFile(path / "state") as state:
        async with fetcher:
            yield Polling((), state, fetcher, publishing(sender), LIMITS), state


async def test_only_new_items_are_published_oldest_first_and_the_state_survives(tmp_path: Path) -> None:
    sender = Collecting()
    async with site() as it:
        feed = Feed(f"{it.url}/feed", "x")
        for body, expected in ((rss(2, 1), 2), (rss(2, 1), 2), (rss(3, 2, 1), 3)):
            it.body = body
            async with polling(tmp_path, sender) as (polls, _):
                await polls.poll(feed)
            assert len(sender.uris) == expected
        assert sender.uris == [f"urn:example:{n}" for n in (1, 2, 3)] and it.asked == [200, 304, 200]


async def test_an_item_corrected_without_a_new_date_is_a_newer_version_once(tmp_path: Path) -> None:
    sender = Collecting()
    async with site() as it:
        feed, corrected = Feed(f"{it.url}/feed", "x"), rss(1, 2).replace(b"Bridge 1", b"Tunnel 1")
        for body in (rss(1, 2), corrected, corrected + b"\n", rss(3, 1, 2).replace(b"Bridge 1", b"Tunnel 1")):
            it.body = body
            async with polling(tmp_path, sender) as (polls, _):
                await polls.poll(feed)
    assert sender.uris == [f"urn:example:{n}" for n in (1, 2, 1, 3)]
    first, second = (Article.model_validate_json(sender.outputs[n].value or b"") for n in (0, 2))
    assert (second.headline, second.version_created) == ("Tunnel 1", first.version_created)
    assert second.revision > first.revision


async def test_an_item_without_a_date_that_was_corrected_stays_without(tmp_path: Path) -> None:
    sender, undated = Collecting(), re.sub(rb"<pubDate>.*?</pubDate>", b"", rss(1))
    async with site() as it, polling(tmp_path, sender) as (polls, _):
        for body in (undated, undated.replace(b"Bridge 1", b"Tunnel 1")):
            it.body = body
            await polls.poll(Feed(f"{it.url}/feed", "x"))
    first, second = (Article.model_validate_json(output.value or b"") for output in sender.outputs)
    assert second.revision > first.revision and second.version_created is None


async def test_a_state_without_digests_of_texts_publishes_nothing_again(tmp_path: Path) -> None:
    sender = Collecting()
    async with site() as it, polling(tmp_path, sender) as (polls, state):
        feed = Feed(f"{it.url}/feed", "x")
        await polls.poll(feed)
        kept = state.load(feed.url)
        kept.seen, kept.etag = kept.seen[2::2], None  # those of versions, as once
        state.save(feed.url, kept)
        await polls.poll(feed)
        assert len(sender.uris) == 2
        it.body = rss(1, 2).replace(b"Bridge 1", b"Tunnel 1")
        await polls.poll(feed)
    assert len(sender.uris) == 3


async def test_a_feed_without_items_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    sender = Collecting()
    async with site() as it, polling(tmp_path, sender) as (polls, state):
        it.body = rss()
        await polls.poll(Feed(f"{it.url}/feed", "x"))
        found = state.load(f"{it.url}/feed")
    assert (found.failures, found.said, sender.uris) == (0, None, [])


async def test_items_kafka_did_not_take_come_with_the_next_poll(tmp_path: Path) -> None:
    sender = Collecting(away=1)
    async with site() as it, polling(tmp_path, sender) as (polls, _):
        feed = Feed(f"{it.url}/feed", "x")
        await polls.poll(feed)
        assert sender.uris == []
        await polls.poll(feed)
    assert len(sender.uris) == 2


async def test_feeds_of_one_host_that_are_due_at_once_all_have_their_turn(tmp_path: Path) -> None:
    limits = FeedLimits(interval_seconds=0.3, fetches_max=4, host_fetches_max=2, host_gap_seconds=0.05)
    asked = {f"/{n}": 0 for n in range(5)}
    app, port, stop = web.Application(), free_port(), asyncio.Event()

    async def feed(request: web.Request) -> web.Response:
        asked[request.path] += 1
        if min(asked.values()) >= 3:
            stop.set()
        return web.Response(body=rss(1))

    app.add_routes([web.get(path, feed) for path in asked])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    fetcher = Fetcher(frozenset({"127.0.0.1"}), agent="test", seconds=1.0, bytes_max=100_000, connections_max=4)
    feeds = [Feed(f"http://127.0.0.1:{port}{path}", "127.0.0.1") for path in asked]
    try:
        with StateFile(tmp_path / "state") as state:
            async with fetcher, asyncio.timeout(30):
                await Polling(feeds, state, fetcher, publishing(Collecting()), limits).run(stop)
    finally:
        await runner.cleanup()
    assert min(asked.values()) == 3


@pytest.mark.parametrize(
    ("path", "said"),
    [("slow", "within"), ("huge", "larger"), ("loop", "redirected"), ("in", "inside"), ("gone", "410")],
)
async def test_a_feed_that_does_not_come_is_said_and_waits_longer_each_time(
    tmp_path: Path, path: str, said: str
) -> None:
    async with site() as it, polling(tmp_path, Collecting()) as (polls, state):
        feed = Feed(f"{it.url}/{path}", "x")
        await polls.poll(feed)
        found = state.load(feed.url)
        assert found.failures == 1 and said in (found.said or "")


INSIDE = (
    "127.0.0.1", "10.0.0.1", "169.254.169.254", "168.63.129.16", "192.0.0.8", "::1", "fec0::1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "::ffff:10.0.0.1", "::7f00:1",
)  # fmt: skip
"""Ours, or a way to ours: tunnels to IPv4 carry the address that they lead to."""


@pytest.mark.parametrize("address", INSIDE)
async def test_no_redirect_leads_inside_by_number_or_by_name(address: str) -> None:
    class Answers(AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> Any:
            return [{"host": address}]

        async def close(self) -> None: ...

    fetcher = Fetcher(frozenset({"feeds.example"}), agent="t", seconds=1, bytes_max=1, connections_max=1)
    with pytest.raises(FetchFailed, match="inside the network"):
        fetcher._target("https://feeds.example/a", f"http://[{address}]/" if ":" in address else f"http://{address}/")
    with pytest.raises(OSError, match="leads to an address inside"):
        await _Guarded(frozenset({"feeds.example"}), Answers()).resolve("elsewhere.example")


async def test_a_permanent_redirect_is_remembered(tmp_path: Path) -> None:
    sender = Collecting()
    async with site() as it, polling(tmp_path, sender) as (polls, state):
        await polls.poll(Feed(f"{it.url}/old", "x"))
        assert len(sender.uris) == 2 and state.load(f"{it.url}/old").target == f"{it.url}/feed"


def test_lists_and_opml_name_feeds_and_what_is_none_is_said(tmp_path: Path) -> None:
    plain, opml = tmp_path / "list", tmp_path / "opml"
    plain.write_text("# mine\nhttps://a.example/f\nhttps://a.example/f\nftp://b\n")
    opml.write_text('<opml><body><outline><outline xmlUrl="http://a.example:81/f"/></outline></body></opml>')
    found, wrong = feeds_of(plain)
    assert [one.host for one in found] == ["a.example:443"] and "line 4" in wrong[0]
    assert feeds_of(opml)[0][0].host == "a.example:81"
    plain.write_text("# none\n")
    with pytest.raises(Fatal, match="names no feed"):
        feeds_of(plain)


@pytest.mark.parametrize("use", ["load", "due", "save", "close"])
def test_a_state_that_breaks_while_it_is_used_is_one_line_that_names_the_file(tmp_path: Path, use: str) -> None:
    path = tmp_path / "state"
    with pytest.raises(Fatal, match=rf"the state of feeds .*{path.name} can't be used: "), StateFile(path) as state:
        if use == "close":
            state.save("https://example.org/feed", FeedState())
            state._rows.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
            return
        with closing(sqlite3.connect(path)) as other:
            other.execute("drop table feeds")
        {"load": lambda: state.load("x"), "due": state.due, "save": lambda: state.save("x", FeedState())}[use]()

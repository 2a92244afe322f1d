"""The HTTP door on a real socket: what is answered, when, and to whom."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from storyline.edges.ingest import serving
from storyline.edges.ingest.pushing import Pushes, PushLimits
from storyline.edges.ingest.sending import Publishing
from storyline.errors import Fatal, Invalid
from storyline.record import Output
from storyline_schemas import PartitionCounts

from ...servers import free_port
from .senders import Collecting, article

TOKEN = "invented-token"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
LIMITS = PushLimits(body_bytes_max=20_000, body_seconds=1.0, pushes_max=2, line_bytes_max=10_000)
NINJS = {"uri": "tag:example", "type": "text", "headline": "Bridge", "versioncreated": "2026-01-02T03:04:05Z"}


class Door:
    """A running door and a client that knows its token."""

    def __init__(self, port: int, session: aiohttp.ClientSession, fatal: list[Fatal]) -> None:
        self.port, self.session, self.fatal = port, session, fatal
        self.url = f"http://127.0.0.1:{port}/articles"

    async def push(self, body: Any, headers: dict[str, str] | None = None, **query: str) -> tuple[int, dict[str, Any]]:
        given = AUTHORIZED if headers is None else headers
        async with self.session.post(self.url, data=body, headers=given, params=query) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def door(sender: Any, limits: PushLimits = LIMITS, connections_max: int = 100) -> AsyncIterator[Door]:
    fatal: list[Fatal] = []
    publishing = Publishing(sender, PartitionCounts(), 100, seen=None)
    stop, port = asyncio.Event(), free_port()
    app = Pushes(publishing, TOKEN, limits, fatal.append).app()
    served = asyncio.create_task(serving.serve(app, "127.0.0.1", port, connections_max, stop))
    async with aiohttp.ClientSession() as session:
        await _answers(session, port)
        yield Door(port, session, fatal)
    stop.set()
    await served


async def _answers(session: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


async def test_an_article_is_accepted_and_its_uri_named() -> None:
    sender = Collecting()
    async with door(sender) as it:
        status, said = await it.push(article(1))
    assert (status, said["accepted"], said["uris"]) == (202, 1, ["urn:example:1"])
    assert sender.uris == ["urn:example:1"]


async def test_any_format_is_taken_and_recognised_and_may_be_named() -> None:
    sender = Collecting()
    async with door(sender) as it:
        assert (await it.push(json.dumps(NINJS)))[0] == 202
        assert (await it.push(json.dumps(NINJS), format="ninjs"))[0] == 202
        status, said = await it.push(json.dumps(NINJS), format="nonsense")
    assert status == 400 and said["field"] == "format"
    assert len(sender.outputs) == 2


class Held(Collecting):
    """Kafka that confirms when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.confirm = asyncio.Event()
        self.reached = asyncio.Event()

    async def send(self, outputs: Sequence[Output]) -> None:
        self.reached.set()
        await self.confirm.wait()
        await super().send(outputs)


async def test_accepted_is_said_only_when_kafka_has_confirmed() -> None:
    sender = Held()
    async with door(sender) as it:
        pushing = asyncio.create_task(it.push(article(1)))
        await sender.reached.wait()
        done, _ = await asyncio.wait({pushing}, timeout=0.1)
        assert not done
        sender.confirm.set()
        assert (await pushing)[0] == 202


async def test_a_wrong_line_is_named_by_number_and_field_and_nothing_is_published() -> None:
    sender = Collecting()
    async with door(sender) as it:
        status, said = await it.push(article(1) + article(2, headline=7) + article(3))
    assert status == 400 and (said["line"], said["field"], said["accepted"]) == (2, "headline", 0)
    assert sender.outputs == []


async def test_partial_takes_what_can_be_used_and_lists_the_rest() -> None:
    sender = Collecting()
    async with door(sender) as it:
        status, said = await it.push(article(1) + article(2, headline=7) + article(3), partial="true")
        nothing, _ = await it.push(b"{bad", partial="true")
    assert status == 202 and said["accepted"] == 2 and said["refused"][0]["line"] == 2
    assert sender.uris == ["urn:example:1", "urn:example:3"]
    assert nothing == 400


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
async def test_without_the_token_nothing_is_even_read(headers: dict[str, str]) -> None:
    sender = Collecting()
    async with door(sender) as it:
        status, said = await it.push(article(1), headers)
    assert status == 401 and said["field"] == "authorization" and sender.outputs == []
    assert TOKEN not in json.dumps(said)


async def test_a_body_over_the_limit_is_413_declared_or_not() -> None:
    sender = Collecting()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    async with door(sender) as it:
        assert (await it.push(b" " * 20_001))[0] == 413
        assert (await it.push(pieces()))[0] == 413
    assert sender.outputs == []


async def test_what_the_broker_finds_too_large_is_413_and_its_field_named_once() -> None:
    class Strict(Collecting):
        async def send(self, outputs: Sequence[Output]) -> None:
            raise Invalid("value", "is larger than the topic takes")

    async with door(Strict()) as it:
        status, said = await it.push(article(1))
    assert (status, said["error"]) == (413, "value: is larger than the topic takes")


async def test_a_body_that_trickles_is_given_up() -> None:
    async with door(Collecting()) as it:
        reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
        head = f"POST /articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 9000\r\n\r\n"
        writer.write(head.encode() + b" ")
        async with asyncio.timeout(10):
            assert b" 408 " in await reader.readline()
        writer.close()


async def test_a_compressed_body_is_refused_and_not_unpacked() -> None:
    async with door(Collecting()) as it:
        status, said = await it.push(b"\x1f\x8b", {**AUTHORIZED, "Content-Encoding": "gzip"})
    assert status == 415 and said["field"] == "content-encoding"


async def test_more_pushes_than_the_limit_are_told_to_come_again() -> None:
    sender = Held()
    async with door(sender) as it:
        held = [asyncio.create_task(it.push(article(n))) for n in range(2)]
        await sender.reached.wait()
        while (await (await it.session.get(it.url.replace("articles", "health"))).json())["pushes"] < 2:
            await asyncio.sleep(0.01)
        async with it.session.post(it.url, data=article(9), headers=AUTHORIZED) as answer:
            assert answer.status == 429 and int(answer.headers["Retry-After"]) >= 1
        sender.confirm.set()
        assert [status for status, _ in await asyncio.gather(*held)] == [202, 202]


async def test_while_kafka_is_away_it_is_503_with_when_to_come_again() -> None:
    async with door(Collecting(away=1)) as it:
        async with it.session.post(it.url, data=article(1), headers=AUTHORIZED) as answer:
            assert answer.status == 503 and int(answer.headers["Retry-After"]) >= 1
        assert (await it.push(article(1)))[0] == 202


async def test_what_a_person_must_mend_is_passed_on_and_not_shown_to_the_client() -> None:
    class Refusing(Collecting):
        async def send(self, outputs: Sequence[Output]) -> None:
            raise Fatal("Kafka at inside:9092 refuses us")

    async with door(Refusing()) as it:
        status, said = await it.push(article(1))
        assert status == 503 and "inside" not in json.dumps(said)
        assert len(it.fatal) == 1


async def test_a_head_that_trickles_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)
    async with door(Collecting()) as it:
        reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
        writer.write(b"POST /articles HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        await writer.drain()
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()


async def test_a_head_without_end_is_refused() -> None:
    async with door(Collecting()) as it:
        reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
        try:
            writer.write(b"POST /articles HTTP/1.1\r\nX: " + b"a" * 200_000)
            await writer.drain()
            assert b"400" in await reader.read(20) or reader.at_eof()
        except ConnectionError:
            pass  # closed while we still wrote
        finally:
            writer.close()


async def test_other_paths_and_methods_are_not_there() -> None:
    async with door(Collecting()) as it:
        for path, status in (("/", 404), ("/articles", 405), ("/../etc/passwd", 404)):
            async with it.session.get(f"http://127.0.0.1:{it.port}{path}", headers=AUTHORIZED) as answer:
                assert answer.status == status


async def test_the_same_push_again_is_the_same_bytes() -> None:
    sender = Collecting()
    async with door(sender) as it:
        await it.push(article(1))
        await it.push(article(1))
    assert sender.outputs[0] == sender.outputs[1]

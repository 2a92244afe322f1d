"""One suite for every channel: what the notifier relies on, against real endpoints. A new channel adds its world."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from typing import Any, Protocol

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from storyline.domain.notify import Owed
from storyline.edges.notifier.channels import CHANNELS
from storyline.edges.notifier.channels.base import DELIVERED, Channel, ChannelSettings, Result
from storyline.edges.notifier.message import Message
from tests.e2e.notifier_world import LOOPBACK, SECRET, Receiver, update
from tests.servers import free_port

TIMEOUT_SECONDS = 0.5


def message(n: int = 1, headline: str = "Crews walk out") -> Message:
    owed = Owed.of(update(f"st-{n}", 2, headline=headline), f"ce-{n}", from_version=1, due_ms=0, now_ms=0)
    return Message("desk", owed, "https://pages.example/stories/st-1")


class World(Protocol):
    """A channel with an endpoint of each kind."""

    channel: Channel
    target: Any

    def received(self) -> str:
        """All that has arrived, as text."""

    async def break_down(self) -> None:
        """The endpoint goes away."""

    async def hang(self) -> None:
        """The endpoint takes connections and never answers. Channels that have no other end skip this."""


def settings(**more: Any) -> ChannelSettings:
    return ChannelSettings(timeout_seconds=TIMEOUT_SECONDS, networks_allowed=(LOOPBACK,), **more)


class WebhookWorld:
    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.channel: Channel = CHANNELS["webhook"](settings())
        self.target: Any = CHANNELS["webhook"].target(url=receiver.url(), secret=SecretStr(SECRET))  # type: ignore[call-arg]

    def received(self) -> str:
        return "".join(each.body.decode() for each in self.receiver.got)

    async def break_down(self) -> None:
        self.target = self.target.model_copy(update={"url": f"http://127.0.0.1:{free_port()}/hook"})

    async def hang(self) -> None:
        self.receiver.answers["/hook"] = _never

    @classmethod
    @asynccontextmanager
    async def open(cls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["WebhookWorld"]:
        async with Receiver() as receiver:
            world = cls(receiver)
            yield world
            await world.channel.close()


async def _never(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


class EmailWorld:
    def __init__(self, port: int, handler: "Mailbox") -> None:
        self.handler = handler
        self.target: Any = CHANNELS["email"].target(to="reader@example.org")  # type: ignore[call-arg]
        self.channel: Channel
        self._at(port)

    def _at(self, port: int) -> None:
        url = SecretStr(f"smtp://127.0.0.1:{port}")
        self.channel = CHANNELS["email"](settings(smtp_url=url, mail_from="news@example.org"))

    def received(self) -> str:
        return "".join(self.handler.mails)

    async def break_down(self) -> None:
        self._at(free_port())

    async def hang(self) -> None:
        async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        self._silent = await asyncio.start_server(never, "127.0.0.1", 0)
        self._at(self._silent.sockets[0].getsockname()[1])

    @classmethod
    @asynccontextmanager
    async def open(cls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["EmailWorld"]:
        mailbox = Mailbox()
        controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        controller.start()
        try:
            yield cls(controller.port, mailbox)
        finally:
            controller.stop()


class Mailbox:
    """What a real SMTP server took."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.refuse: str | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.headers.append({name.lower(): str(value) for name, value in mail.items()})
        body = mail.get_body()
        assert body is not None
        self.mails.append(body.get_content())
        return "250 OK"


class ConsoleWorld:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._out = io.StringIO()
        self.channel: Channel = CHANNELS["console"](settings())
        self.target: Any = CHANNELS["console"].target()

    def before_a_send(self) -> None:
        # pytest has put its own in place since the fixture was made.
        self._patch.setattr(sys, "stdout", self._out)

    def received(self) -> str:
        return self._out.getvalue()

    async def break_down(self) -> None:
        class Closed(io.StringIO):
            def write(self, text: str) -> int:
                raise BrokenPipeError("nobody reads")

        self._out = Closed()

    async def hang(self) -> None:
        await self.break_down()  # standard output has no other end that could keep silent

    @classmethod
    @asynccontextmanager
    async def open(cls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["ConsoleWorld"]:
        yield cls(monkeypatch)


WORLDS: dict[str, Callable[[pytest.MonkeyPatch], Any]] = {
    "console": ConsoleWorld.open, "webhook": WebhookWorld.open, "email": EmailWorld.open,
}  # fmt: skip


@pytest.fixture(params=list(CHANNELS))
async def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with WORLDS[request.param](monkeypatch) as world:
        yield world


async def deliver(world: World, *messages: Message) -> Result:
    if isinstance(world, ConsoleWorld):
        world.before_a_send()
    async with asyncio.timeout(10 * TIMEOUT_SECONDS):
        return await world.channel.send(world.target, messages)


async def test_a_notification_arrives_with_headline_and_what_is_new(world: World) -> None:
    assert (await deliver(world, message())).kind == "delivered"
    assert "Crews walk out" in world.received()
    assert "st-1 grew to 2" in world.received()
    assert "https://pages.example/stories/st-1" in world.received()


async def test_an_endpoint_that_is_not_there_is_a_failure_that_says_why(world: World) -> None:
    await world.break_down()
    result = await deliver(world, message())
    assert result.kind == "failed" and result.why
    assert "\n" not in result.why


async def test_an_endpoint_that_never_answers_is_a_failure_in_bounded_time(world: World) -> None:
    await world.hang()
    assert (await deliver(world, message())).kind == "failed"


async def test_a_hostile_headline_is_text_and_nothing_else(world: World) -> None:
    hostile = "Ferry\r\nBcc: all@example.org\x1b[2J\u202e <b>"
    assert (await deliver(world, message(headline=hostile))).kind == "delivered"
    assert "\x1b" not in world.received() and "\nBcc:" not in world.received()


async def test_many_texts_at_once_as_far_as_the_channel_takes_them(world: World) -> None:
    count = min(3, world.channel.batch_max)
    assert (await deliver(world, *(message(n) for n in range(count)))).kind == "delivered"
    assert all(f"st-{n} grew to 2" in world.received() for n in range(count))


async def test_a_channel_names_its_endpoint_without_a_secret(world: World) -> None:
    name = world.channel.endpoint(world.target)
    assert name and SECRET not in name and "/hook" not in name
    world.channel.check(world.target)


async def test_every_channel_has_a_world_here() -> None:
    assert WORLDS.keys() == CHANNELS.keys()


async def test_a_reader_at_a_host_with_an_accent_gets_mail_from_a_server_that_knows_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with EmailWorld.open(monkeypatch) as world:
        target = CHANNELS["email"].target(to="reader@exämple.org")  # type: ignore[call-arg]
        assert await world.channel.send(target, [message()]) == DELIVERED
        assert world.handler.headers[-1]["to"] == "reader@xn--exmple-cua.org"


async def test_what_is_no_answer_of_http_is_told_without_the_address_and_what_a_terminal_would_obey() -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"\x1b[2J\x1b]0;title\x07 nonsense\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token-of-the-path"
    channel = CHANNELS["webhook"](settings())
    async with server:
        result = await channel.send(CHANNELS["webhook"].target(url=url, secret=SECRET), [message()])  # type: ignore[call-arg]
    await channel.close()
    assert result.kind == "failed" and result.why.startswith("Bad status line")
    assert "token-of-the-path" not in result.why and result.why.isprintable()


async def test_a_refused_recipient_is_about_the_message_and_not_the_server() -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with EmailWorld.open(patch) as world:
            world.handler.refuse = "550 no such mailbox"
            result = await deliver(world, message())
            assert result.kind == "refused" and "550" in result.why


async def test_an_equal_digest_has_an_equal_message_id_and_headers_stay_headers() -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with EmailWorld.open(patch) as world:
            for _ in range(2):
                await deliver(world, message(1, "One\r\nBcc: x@example.org"), message(2))
            first, second = world.handler.headers
            assert first["message-id"] == second["message-id"]
            assert "bcc" not in first and first["subject"].endswith("and 1 more")
            assert first["to"] == "reader@example.org"


async def test_a_redirect_is_not_followed() -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with WebhookWorld.open(patch) as world:

            async def elsewhere(request: web.Request) -> web.StreamResponse:
                return web.Response(status=307, headers={"location": world.receiver.url("/other")})

            world.receiver.answers["/hook"] = elsewhere
            result = await deliver(world, message())
            assert result.kind == "failed" and "redirects are not followed" in result.why
            assert world.receiver.asked["/other"] == 0


async def test_an_answer_that_never_ends_is_delivered_and_not_read() -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with WebhookWorld.open(patch) as world:

            async def endless(request: web.Request) -> web.StreamResponse:
                answer = web.StreamResponse(status=200)
                await answer.prepare(request)
                while True:
                    await answer.write(b"x" * 65_536)

            world.receiver.answers["/hook"] = endless
            assert (await deliver(world, message())).kind == "delivered"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_a_private_address_is_refused_by_name_and_by_number_and_never_asked(host: str) -> None:
    async with Receiver() as receiver:
        channel = CHANNELS["webhook"](ChannelSettings(timeout_seconds=5.0))
        target: Any = CHANNELS["webhook"].target(  # type: ignore[call-arg]
            url=f"https://{host}:{receiver.port}/hook", secret=SecretStr(SECRET)
        )
        result = await channel.send(target, [message()])
        await channel.close()
        # The HTTP library refuses numbers that only some resolvers take for addresses.
        assert result.kind == "failed" and ("not public" in result.why or "not a canonical" in result.why)
        assert not receiver.asked

"""Who runs a host's DNS can answer with a public address first and with one of ours next: the second is refused.

All of a webhook is real but what lies outside: the answers of the DNS, and the way to a public address.
"""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from storyline.edges.notifier.channels.base import ChannelSettings, Result
from storyline.edges.notifier.channels.webhook import Webhook, WebhookTarget
from storyline.edges.notifier.message import Message
from tests.e2e.notifier_world import SECRET

from .test_sending import owed

PUBLIC, OTHER_PUBLIC, PRIVATE, METADATA = "8.8.8.8", "1.1.1.1", "127.0.0.1", "169.254.169.254"
REFUSED = "hooks.example leads to {}, which is not public"


class Outside:
    """A DNS that gives each of `answers` once, in turn; and what was connected to, which never gets there."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.connected: list[str] = []

    async def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        assert host == "hooks.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in self.answers.pop(0)]

    async def sock_connect(self, sock: socket.socket, address: tuple[str, int]) -> None:
        self.connected.append(address[0])
        raise OSError(errno.EHOSTUNREACH, "no way there from a test")


@pytest.fixture
async def channel() -> AsyncIterator[Webhook]:
    channel = Webhook(ChannelSettings(timeout_seconds=5.0))
    yield channel
    await channel.close()


async def sent(channel: Webhook, outside: Outside, times: int) -> list[Result]:
    """What each attempt comes to. What aiohttp remembers of the DNS is forgotten between them, as after its time."""
    loop = asyncio.get_running_loop()
    target = WebhookTarget.model_validate({"url": "https://hooks.example/in", "secret": SECRET})
    results = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "getaddrinfo", outside.getaddrinfo)
        patched.setattr(loop, "sock_connect", outside.sock_connect)
        for _ in range(times):
            results.append(await channel.send(target, [Message("desk", owed(1))]))
            for session in channel._sessions.values():
                session.connector.clear_dns_cache()  # type: ignore[union-attr]
    return results


@pytest.mark.parametrize("inside", [PRIVATE, METADATA])
async def test_a_name_that_is_public_first_and_private_next_is_refused_before_anything_is_sent(
    channel: Webhook, inside: str
) -> None:
    outside = Outside([PUBLIC], [inside], [PUBLIC])
    first, second, third = await sent(channel, outside, 3)
    assert (first.kind, second.kind, third.kind) == ("failed", "failed", "failed")
    assert "not public" not in first.why + third.why
    assert REFUSED.format(inside) in second.why
    assert outside.connected == [PUBLIC, PUBLIC]


async def test_a_connection_goes_to_what_was_checked_and_the_name_is_not_asked_for_again(channel: Webhook) -> None:
    outside = Outside([PUBLIC, OTHER_PUBLIC], [PRIVATE])
    await sent(channel, outside, 1)
    assert set(outside.connected) == {PUBLIC, OTHER_PUBLIC}
    assert outside.answers == [[PRIVATE]]


async def test_one_private_address_among_public_ones_refuses_them_all(channel: Webhook) -> None:
    outside = Outside([PUBLIC, PRIVATE])
    (result,) = await sent(channel, outside, 1)
    assert REFUSED.format(PRIVATE) in result.why
    assert outside.connected == []

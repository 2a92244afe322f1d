"""Who asks too often is told to wait, and nobody else is."""

import ipaddress

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from storyline.edges.page.limiting import ADDRESSES_MAX, Limited, Rate

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def answered(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("here")(scope, receive, send)


def asking(clock: Clock, peer: str) -> httpx.AsyncClient:
    app = Limited(answered, Rate(1, clock), LOOPBACK)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 1)), base_url="http://page")


async def test_ten_seconds_worth_comes_through_and_then_one_a_second() -> None:
    clock = Clock()
    async with asking(clock, "203.0.113.1") as client:
        assert [(await client.get("/")).status_code for _ in range(11)] == [200] * 10 + [429]
        refused = await client.get("/")
        assert refused.headers["retry-after"] == "1"
        assert "default-src" in refused.headers["content-security-policy"]
        clock.now += 1
        assert [(await client.get("/")).status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("forwarded", ["198.51.100.7", "6.6.6.6, 198.51.100.7", "evil, 198.51.100.7"])
async def test_a_proxy_is_believed_in_what_it_wrote_itself_alone(forwarded: str) -> None:
    async with asking(Clock(), "127.0.0.1") as client:
        got = [(await client.get("/", headers={"x-forwarded-for": forwarded})).status_code for _ in range(11)]
        assert got[-1] == 429
        assert (await client.get("/", headers={"x-forwarded-for": "198.51.100.8"})).status_code == 200
        assert (await client.get("/")).status_code == 200, "the proxy's own"


async def test_a_stranger_cant_speak_for_others() -> None:
    async with asking(Clock(), "203.0.113.1") as client:
        got = [(await client.get("/", headers={"x-forwarded-for": f"10.0.0.{n}"})).status_code for n in range(11)]
        assert got[-1] == 429


def test_an_ipv6_network_is_one_and_so_is_ipv4_in_ipv6() -> None:
    limited = Limited(answered, Rate(1), LOOPBACK)
    assert limited._who({"client": ("2001:db8::1", 1)}) == limited._who({"client": ("2001:db8::2", 1)})
    assert limited._who({"client": ("::ffff:203.0.113.1", 1)}) == "203.0.113.1"


def test_the_number_of_addresses_remembered_is_bounded() -> None:
    rate = Rate(1, Clock())
    for number in range(ADDRESSES_MAX + 10):
        rate.wait_seconds(str(number))
    assert len(rate._buckets) == ADDRESSES_MAX

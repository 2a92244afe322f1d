"""How often one address may ask: a bucket each that fills at the rate and holds ten seconds of it (429 beyond)."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .answers import Safety

BURST_SECONDS = 10.0
ADDRESSES_MAX = 100_000
"""Buckets remembered, about 20 MB; the one that asked longest ago is forgotten first, and is full again."""
IPV6_PREFIX = 64
"""What one household or server has of IPv6."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Rate:
    """Token buckets by name. `clock` in seconds."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._most = per_second * BURST_SECONDS
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, name: str) -> float:
        """0 if it may ask now (and has asked); else how long until it may."""
        now = self._clock()
        tokens, since = self._buckets.pop(name, (self._most, now))
        tokens = min(self._most, tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        self._buckets[name] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > ADDRESSES_MAX:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second


class Limited:
    """An application, asked at most so often by each address.

    A proxy in `proxies` is believed whom it speaks for (the last of `X-Forwarded-For`); without that header it is ours,
    and not limited.
    """

    def __init__(self, app: ASGIApp, rate: Rate, proxies: Sequence[Network]) -> None:
        self._app, self._rate, self._proxies = app, rate, tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._who(scope) if scope["type"] == "http" else None
        seconds = self._rate.wait_seconds(name) if name else 0.0
        if not seconds:
            await self._app(scope, receive, send)
            return
        headers = {"retry-after": str(math.ceil(seconds)), "cache-control": "no-store"}
        refusal = PlainTextResponse("too many requests from your address\n", 429, headers)
        await Safety(refusal)(scope, receive, send)

    def _who(self, scope: Scope) -> str | None:
        peer = _address((scope.get("client") or ("",))[0])
        if peer is None or any(peer in network for network in self._proxies):
            told = Headers(scope=scope).getlist("x-forwarded-for")
            # Only the last was written by our proxy; what stands before it anybody may have sent.
            peer = _address(told[-1].rpartition(",")[2].strip()) if told else None
        return _name(peer) if peer else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _name(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))

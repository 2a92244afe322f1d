"""Which addresses a stranger may send us to: those of the public internet, and what the operator allows besides.

A subscription or a feed's redirect names a host; whoever runs its DNS says which address that is. The check is made on
the address that the connection is then made to, so that a second answer of the DNS can't lead elsewhere (rebinding).
"""

import ipaddress
import socket
from collections.abc import Sequence

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All that is given out of IPv6. What Python's registry calls global is more: site-local and IPv4-compatible addresses,
NAT64's prefix for local use, what is reserved."""
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24", "192.88.99.0/24", "3fff::/20",  # for protocols, 6to4's relays, documentation
        "168.63.129.16/32",  # a cloud's own services at an address that looks public
    )
)  # fmt: skip


class AddressRefused(OSError):
    """Where the host leads is not allowed; the text says how to allow it."""


class Addresses:
    """The rule. `public`: whether public addresses are allowed too, as they are for https."""

    def __init__(self, allowed: Sequence[str], public: bool) -> None:
        self._allowed: list[Network] = [ipaddress.ip_network(each, strict=False) for each in allowed]
        self._public = public

    def check(self, host: str, address: str) -> None:
        """Raises AddressRefused."""
        meant = _meant(address)
        if not self._is_allowed(meant):
            raise AddressRefused(self._why(host, meant))

    def _is_allowed(self, address: Address) -> bool:
        if any(address.version == network.version and address in network for network in self._allowed):
            return True
        return self._public and _is_public(address)

    def _why(self, host: str, address: Address) -> str:
        if _is_public(address):
            return f"{host} is public and the address begins with http://; use https://"
        return f"{host} leads to {address}, which is not public; STORYLINE_NOTIFIER_NETWORKS_ALLOWED can allow it"


def is_public(address: str) -> bool:
    """Whether an address, and what a tunnel's prefix hides in it, is one of the public internet. Raises ValueError."""
    return _is_public(_meant(address))


def _is_public(address: Address) -> bool:
    """IANA's registries of special addresses, as Python has them, and what these leave open."""
    if not address.is_global or address.is_multicast:
        return False
    if any(address.version == network.version and address in network for network in _NOT_PUBLIC):
        return False
    return address.version == 4 or address in _UNICAST


def _meant(text: str) -> Address:
    """Where an address leads: the IPv4 address that an IPv6 one carries (mapped, 6to4, Teredo's client, NAT64), else
    itself. A tunnel's prefix is public, what is behind it may not be. Raises ValueError."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1]) or address


def literal(host: str) -> bool:
    """Whether the host is an address already, which no resolver is asked for."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class CheckedResolver(AbstractResolver):
    """Resolves a name and gives only addresses that are allowed; one that isn't refuses them all."""

    def __init__(self, addresses: Addresses, resolver: AbstractResolver | None = None) -> None:
        self._addresses = addresses
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for each in found:
            self._addresses.check(host, each["host"])
        return found

    async def close(self) -> None:
        await self._resolver.close()

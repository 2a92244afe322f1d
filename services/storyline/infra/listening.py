"""A socket for a service that people and programs call."""

import socket

from ..errors import Fatal

UNREAD_SECONDS = 60
"""A client that takes nothing for so long is cut off by the kernel."""


def listening(host: str, port: int, settings: str) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises Fatal, naming the `settings` to mend, if it can't be had."""
    bound = None
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, number)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        bound.bind(address)
    except OSError as error:
        if bound is not None:
            bound.close()
        why = error.strerror or error
        raise Fatal(f"can't listen on {shown(host)}:{port}: {why}; mend {settings} (port 0 takes a free one)") from None
    return bound


def shown(host: str) -> str:
    """A host as an address has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host

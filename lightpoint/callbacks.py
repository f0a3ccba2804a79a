"""Messages to addresses that customers name: only to the public internet, briefly, and without following anybody.

A name is looked up once, every address that it has must be public, and one of these is what is connected to: a name
that answers otherwise a moment later leads nowhere (server-side request forgery, DNS rebinding).
"""

import ipaddress
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import httpcore2
import httpx2
from django.conf import settings

from lightpoint.errors import InvalidInput
from lightpoint.outgoing import Backend, Options, client_over, once_per_process, until

READ_BYTES = 16_384
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnusableUrl(InvalidInput):
    """The address is not one that messages are sent to."""

    code = "url-unusable"


class NotDelivered(Exception):
    """The message did not arrive, or nobody knows. Says why in words that hold nothing of the answer."""


def check_url(url: str) -> None:
    """Raise UnusableUrl unless `url` is an HTTPS address without a user in it, and not plainly a private one.

    Its name is not looked up here: what it leads to is looked at when a message is sent.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise UnusableUrl("This is not an address") from None
    allowed = ("https", "http") if settings.WEBHOOK_ALLOW_PRIVATE else ("https",)
    if parts.scheme not in allowed or not host or not url.isascii() or any(letter <= " " for letter in url):
        raise UnusableUrl("Give an address that begins with https://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnusableUrl("The address may hold neither a user nor a fragment")
    literal = _literal(host)
    if literal is not None and not _may_reach(literal):
        raise UnusableUrl("This address is not on the public internet")


def _literal(host: str) -> Address | None:
    """The address that `host` writes in figures, also as 127.1, 2130706433 or 0x7f000001; None for a name."""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send `body` and return the status of the answer, of which READ_BYTES are read at most.

    All of it takes WEBHOOK_SECONDS at most. A redirect is an answer like any other. Raises NotDelivered.
    """
    try:
        with (
            until(time.monotonic() + settings.WEBHOOK_SECONDS),
            _client().stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            size = 0
            for part in answer.iter_raw():
                size += len(part)
                if size > READ_BYTES:
                    break
            return answer.status_code
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise NotDelivered(_told(error)) from error


def _told(error: Exception) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return "There was no answer in time"
    if isinstance(error, httpx2.ConnectError):
        return "No connection: the name is not known, nobody answers there, or it is not on the public internet"
    return f"The exchange broke off ({type(error).__name__})"


class _PublicBackend(Backend):
    """Opens connections to public addresses only."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore2.NetworkStream:
        return super().connect_tcp(_looked_up(host, port), port, timeout, local_address, socket_options)

    def connect_unix_socket(self, *_where: object, **_how: object) -> httpcore2.NetworkStream:
        raise httpcore2.ConnectError("No sockets of this machine")


_client = once_per_process(lambda: client_over(_PublicBackend()))


def _looked_up(host: str, port: int) -> str:
    """One of the addresses of `host`. Raises ConnectError unless all of them are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("The name is not known") from error
    names = [str(place[4][0]) for place in found]
    if not names or not all(_may_reach(ipaddress.ip_address(name.partition("%")[0])) for name in names):
        raise httpcore2.ConnectError("The address is not on the public internet")
    return names[0]


def _may_reach(address: Address) -> bool:
    return bool(settings.WEBHOOK_ALLOW_PRIVATE) or all(is_public(one) for one in _meant(address))


def is_public(address: Address) -> bool:
    """Whether `address` is somebody's on the internet: not private, local, shared, reserved, or a group."""
    return address.is_global and not address.is_multicast and not address.is_reserved


def _meant(address: Address) -> list[Address]:
    """`address`, and the IPv4 addresses that lie inside it."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inside = [one for one in inner if one is not None]
    return [*inside] if address.ipv4_mapped else [address, *inside]

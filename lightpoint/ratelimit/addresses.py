"""From whom a request came: the address that trusted proxies vouch for, and the network that is one customer."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
IPV6_PREFIX = 64  # what one household or office is given (RFC 6177, section 2)
LONGEST = 64  # characters that are read as an address; nothing that is one has more


def client_address(request: HttpRequest) -> str:
    """The network to count a request under: an IPv4 address, an IPv6 /64, or "unknown" for what is neither.

    TRUSTED_PROXIES proxies of ours each add the address that they were called from at the right of X-Forwarded-For, so
    that the one to believe is as far from the right as there are proxies; what stands left of it anybody can write.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    trusted: int = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else []
    if len(hops) >= trusted > 0:
        return network_of(hops[-trusted]) or network_of(peer) or UNKNOWN
    return network_of(peer) or UNKNOWN


def network_of(text: str) -> str | None:
    """What stands for the customer at address `text` (with or without a port); None when it is no address."""
    address = _read(text.strip()[:LONGEST])
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Network((int(address), IPV6_PREFIX), strict=False))
    return None if address is None else str(address)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    bare = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return ip_address(bare.partition("%")[0])
    except ValueError:
        return None

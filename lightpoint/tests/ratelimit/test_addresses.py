import pytest
from django.test import RequestFactory
from pytest_django import Settings

from lightpoint.ratelimit import client_address
from lightpoint.ratelimit.addresses import network_of


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:5123", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("", None),
        ("unknown", None),
        ("1.2.3.4.5", None),
        ("192.0.2.7\r\nX: 1", None),
        ("٣.1.1.1", None),
        ("9" * 100_000, None),
    ],
)
def test_an_address_stands_for_one_customer(text: str, network: str | None) -> None:
    assert network_of(text) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.1", "192.0.2.1"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "198.51.100.66, 203.0.113.1", "203.0.113.1"),
        (2, "198.51.100.66, 203.0.113.1, 192.0.2.9", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.1"),
        (1, "198.51.100.66, nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (3, ",,,", "192.0.2.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize("peer", ["", "nobody", "\0"])
def test_a_request_from_nowhere_is_counted_as_unknown(peer: str) -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer)) == "unknown"

"""Every address of the site asks who is there, and says nothing to strangers."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

OPEN = {"", "admin/login/", "admin/logout/", "admin/password-reset/"}  # the first and the third only redirect
FILLED = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def filled(address: str) -> str:
    """`address` with something in place of each parameter."""
    out = address
    while "<" in out:
        before, _, rest = out.partition("<")
        parameter, _, after = rest.partition(">")
        kind = parameter.split(":")[0] if ":" in parameter else "str"
        out = f"{before}{FILLED[kind]}{after}"
    return "/" + out.lstrip("^").rstrip("$")


ADDRESSES = sorted({address for address in addresses(get_resolver()) if "(?P" not in address} - OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_the_door_or_refused(client: Client, address: str) -> None:
    answer = client.get(filled(address))
    if answer.status_code == 302:
        assert "/login/" in answer.headers["Location"]
    else:
        assert answer.status_code in {401, 403, 404, 405}, f"{filled(address)} answered {answer.status_code}"


def test_the_walk_finds_the_pages_of_every_app() -> None:
    starts = {address.split("/")[0] for address in ADDRESSES}
    assert {"admin", "api", "account"} <= starts
    parts = {"/".join(address.split("/")[:3]) for address in ADDRESSES if address.startswith("admin/")}
    assert {"admin/complaints/complaint", "admin/letters/letter", "admin/knowledge/section"} <= parts


def test_plain_http_is_sent_to_https_unless_the_site_stays_on_this_machine(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/admin/login/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/admin/login/")


@pytest.mark.django_db
def test_pages_carry_the_headers_that_keep_browsers_careful(client: Client) -> None:
    headers = client.get("/admin/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

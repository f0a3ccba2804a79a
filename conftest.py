"""What every test has: no way out of the machine, the shared sample data where there is any, a database of its own."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

ROOT = Path(__file__).resolve().parent
SHARED = ROOT.parent / "shared"
REQUIRE_SHARED = "LIGHTPOINT_REQUIRE_SHARED"
OURS = r"^test_lightpoint_\d+(_gw\d+)?$"  # databases of runs, by the number of the process and of pytest-xdist's worker


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of sample cases and data beside the checkout. A clone without it skips the test; CI may not."""
    if not (SHARED / "cases").is_dir():
        if os.environ.get(REQUIRE_SHARED) == "1":
            pytest.fail(f"{REQUIRE_SHARED}=1, but there is no folder {SHARED.name} beside the checkout")
        pytest.skip("needs the shared sample cases beside the checkout")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _no_way_out() -> Iterator[None]:
    """Refuse connections that leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            raise PermissionError(f"A test tried to reach {address[0]}: tests talk to this machine only")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _own_telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Figures of tests are not figures of this checkout."""
    folder = tmp_path_factory.mktemp("telemetry")
    (folder / "metrics").mkdir()
    patch = pytest.MonkeyPatch()
    patch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder / "metrics"))
    with override_settings(TELEMETRY_DIR=folder):
        yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _plain_http() -> Iterator[None]:
    """The test client speaks HTTP; that the site insists on HTTPS is a test of its own."""
    with override_settings(SECURE_SSL_REDIRECT=False):
        yield


@pytest.fixture(autouse=True)
def _own_corner_of_redis(settings: Settings) -> None:
    """A test finds nothing of another one in the cache, and meets no rate limit; tests of limits set their own."""
    settings.CACHE_NAMESPACE = f"test:{uuid4().hex}"
    settings.RATE_LIMITS = {name: {**limit, "rate": ""} for name, limit in settings.RATE_LIMITS.items()}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """Each run has a database named for its process, so that runs do not meet; those of dead runs are dropped."""
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(r"SELECT datname, substring(datname, '\d+')::int FROM pg_database WHERE datname ~ %s", [OURS])
        for name, process in cursor.fetchall():
            if connection.settings_dict.get("EMBEDDED") and not psutil.pid_exists(process):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')

"""A Redis that a test may stop, freeze and flush without hurting anybody."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from lightpoint.embedded import Redis
from lightpoint.ratelimit.counting import local_windows
from lightpoint.redis_link import link


@pytest.fixture
def own_redis(tmp_path: Path, settings: Settings) -> Iterator[Redis]:
    """A server of the test's own, which the product uses in place of the checkout's and does not start again."""
    server = Redis(tmp_path)
    server.ensure()
    options = {**settings.CACHES["default"]["OPTIONS"], "CONNECTION_POOL_CLASS": "lightpoint.cache.NamedPool"}
    options |= {"SOCKET_TIMEOUT": 0.2, "SOCKET_CONNECT_TIMEOUT": 0.2}
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"unix://{server.socket}", "OPTIONS": options}
    }
    settings.CACHE_BUMPS_DIR = tmp_path / "bumps"
    link.breaker.succeed()
    local_windows.clear()
    yield server
    link.breaker.succeed()
    local_windows.clear()
    if server.pid() is not None and server.socket.exists():
        os.kill(server.pid() or 0, signal.SIGCONT)
    server.stop()
    if server.place.home != server.place.var:
        shutil.rmtree(server.place.home)

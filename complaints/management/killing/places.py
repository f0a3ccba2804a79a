"""PostgreSQL and Redis of the storm's own, the variables that lead there, and how they die and come back."""

import os
import random
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

import psutil

from lightpoint import embedded
from lightpoint.embedded import EmbeddedError, Postgres, Redis

LEASE: Final = 4  # seconds without a heartbeat, after which a worker counts as dead
POLL: Final = 1  # seconds between two looks for stalled jobs
SILENT: Final = 20  # seconds without progress, after which nobody is at a run
VARIABLES: Final[Mapping[str, str]] = {
    "JOB_STALLED_SECONDS": str(LEASE),
    "JOB_HEARTBEAT_SECONDS": "0.5",
    "JOB_CHECK_CRON": f"* * * * * */{POLL}",
    "JOB_POLL_SECONDS": "1",
    "RUN_SILENT_SECONDS": str(SILENT),
    "RUN_MAX_ATTEMPTS": "1000",  # a storm kills a run more often than a fault of ours would be tried
    "RUN_RETRY_SECONDS": "1",
    "RUNS_PER_PRACTICE": "1000",
    "WORKER_CONCURRENCY": "3",
    "LLM_RETRIES": "0",
    "LLM_CAP_USER_DAY": "",
    "LLM_CAP_PRACTICE_DAY": "",
    "LLM_CAP_PRACTICE_MONTH": "",
    "LLM_BREAKER_FAILURES": "100000",  # the provider is well all the time
    "INSECURE_HTTP": "on",
    "LOG_LEVEL": "ERROR",
    **{
        f"RATE_LIMIT_{name}": ""
        for name in ("USER", "PRACTICE", "ADDRESS", "API", "LETTERS", "UPLOADS", "CHAT", "ASSISTANT", "SIGN_IN")
    },
}


@dataclass(frozen=True, slots=True)
class Places:
    """The services of a storm. `log` takes what its programs say."""

    folder: Path
    postgres: Postgres
    redis: Redis

    @property
    def log(self) -> Path:
        """The file that programs write to."""
        return self.folder / "programs.log"

    def environment(self) -> dict[str, str]:
        """The variables of every program of the storm, but for the provider's."""
        sockets = self.postgres.place.sockets
        where = f"@/{embedded.DATABASE}?host={sockets}"
        own = {
            "DATABASE_URL": f"postgres://{embedded.APP}{where}",
            "DATABASE_OWNER_URL": f"postgres://{embedded.OWNER}{where}",
            "REDIS_URL": f"unix://{self.redis.socket}",
            "CACHE_BUMPS_DIR": str(self.folder / "bumps"),
            "TELEMETRY_DIR": str(self.folder / "telemetry"),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "telemetry" / "metrics"),
            "DJANGO_SETTINGS_MODULE": "lightpoint.settings",
        }
        return {**os.environ, **VARIABLES, **own}

    def kill_postmaster(self) -> bool:
        """Whether there was one to kill."""
        return _killed(self.postgres.pid())

    def kill_backend(self, chance: random.Random) -> bool:
        """Kill a server process that somebody is connected to: PostgreSQL then ends all the others and recovers."""
        with suppress(psutil.Error):
            children = psutil.Process(self.postgres.pid() or 0).children()
            clients = [one.pid for one in children if embedded.APP in " ".join(one.cmdline())]
            return bool(clients) and _killed(chance.choice(clients))
        return False

    def kill_redis(self) -> bool:
        """Whether there was one to kill."""
        return self.redis.is_running() and _killed(self.redis.pid())

    def keep_postgres(self) -> None:
        """Start PostgreSQL again where it has died."""
        with suppress(EmbeddedError):
            pid = self.postgres.pid()
            if pid is None or not psutil.pid_exists(pid):
                self.postgres.ensure(suspect=True)

    def keep_redis(self) -> None:
        """Start Redis again where it has died."""
        with suppress(EmbeddedError):
            self.redis.ensure()


def _killed(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def own_places() -> Iterator[Places]:
    """Services in a new folder, which is removed in the end."""
    folder = Path(mkdtemp(prefix="lightpoint-kills-"))
    (folder / "telemetry" / "metrics").mkdir(parents=True)
    found = Places(folder, Postgres(folder), Redis(folder))
    try:
        found.postgres.ensure()
        found.redis.ensure()
        yield found
    finally:
        found.redis.stop()
        time.sleep(0.1)
        found.postgres.stop()
        for path in {folder, found.postgres.place.home}:
            rmtree(path, ignore_errors=True)

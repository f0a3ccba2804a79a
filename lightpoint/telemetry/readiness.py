"""Whether this process may be sent requests, told in bounded time also when what it asks does not answer.

Each question is asked in a thread of its own, one at a time: a server that hangs costs one waiting thread, however
often it is asked for, and the question is put again when that one has come back.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from lightpoint.redis_link import link

OK = "ok"
BEHIND = "behind"
SILENT = "no answer"
FAILED = "failed"


@dataclass(frozen=True)
class Readiness:
    """What each part said: ok, behind, failed or no answer."""

    checks: Mapping[str, str]

    @property
    def ready(self) -> bool:
        """Whether requests can be answered: database and migrations."""
        return all(self.checks[name] == OK for name in ("database", "migrations"))

    @property
    def degraded(self) -> bool:
        """Whether something is missing that is done without."""
        return any(said != OK for said in self.checks.values())


@dataclass
class Question:
    """One check, asked by at most one thread at a time."""

    ask: Callable[[], Mapping[str, str]]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asking: threading.Thread | None = None
    _said: Mapping[str, str] | None = None

    def start(self) -> None:
        """Ask, unless a thread still waits for an answer."""
        with self._lock:
            if self._asking is None or not self._asking.is_alive():
                self._said = None
                self._asking = threading.Thread(target=self._run, name="readiness", daemon=True)
                self._asking.start()

    def answer(self, deadline: float) -> Mapping[str, str] | None:
        """What was said until `deadline` (time.monotonic); None for nothing."""
        asking = self._asking
        if asking:
            asking.join(max(0.0, deadline - time.monotonic()))
        return self._said

    def _run(self) -> None:
        try:
            self._said = self.ask()
        except Exception:  # whatever is wrong with it, it is not ready; what it says may name hosts and users
            self._said = {}


def readiness(*, seconds: float) -> Readiness:
    """Ask the database and Redis side by side, and wait at most `seconds` for both together."""
    deadline = time.monotonic() + seconds
    for question in QUESTIONS.values():
        question.start()
    checks: dict[str, str] = {}
    for names, question in QUESTIONS.items():
        said = question.answer(deadline)
        checks |= {name: SILENT if said is None else said.get(name, FAILED) for name in names}
    return Readiness(checks)


def _ask_database() -> Mapping[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    finally:
        connection.close()
    return {"database": OK, "migrations": OK if _wanted() <= applied else BEHIND}


def _ask_redis() -> Mapping[str, str]:
    link.call(lambda client: client.ping())
    return {"redis": OK}


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    """The last migrations of each app, as the code has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


QUESTIONS: Mapping[tuple[str, ...], Question] = {
    ("database", "migrations"): Question(_ask_database),
    ("redis",): Question(_ask_redis),
}

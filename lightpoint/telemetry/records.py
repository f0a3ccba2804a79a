"""What is kept of single requests and queries, for `performance_report`: the newest of all, and of the slow ones."""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lightpoint.telemetry.context import current_request_id, current_work
from lightpoint.telemetry.ring import Ring
from lightpoint.telemetry.statements import fingerprint

REQUESTS = "requests"
SLOW_REQUESTS = "slow-requests"
SLOW_QUERIES = "slow-queries"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered. `slowest` is the statement that took longest, None where there was none."""

    route: str
    method: str
    status: int
    seconds: float
    queries: int
    query_seconds: float
    slowest: object


def ring(name: str) -> Ring:
    """The ring of this installation that is called `name`."""
    return _ring(Path(settings.TELEMETRY_DIR) / f"{name}.jsonl", settings.TELEMETRY_RING_BYTES)


def keep_query(*, seconds: float, sql: object) -> None:
    """Record a slow query, without its parameters."""
    work = current_work()
    figures: dict[str, str | int | float] = {"milliseconds": _milliseconds(seconds), "statement": described(sql)}
    route = (work.route if work else "") or "none"
    log.warning("Slow query", extra={"route": route, **figures})
    ring(SLOW_QUERIES).append({"at": _now(), "route": route, "request_id": current_request_id(), **figures})


def keep_request(answered: Answered) -> None:
    """Record a request; a slow one with its slowest statement besides."""
    figures: dict[str, str | int | float] = {
        "route": answered.route,
        "method": answered.method,
        "status": answered.status,
        "milliseconds": _milliseconds(answered.seconds),
        "queries": answered.queries,
    }
    ring(REQUESTS).append({"at": _now(), **figures})
    if answered.seconds * 1000 >= settings.SLOW_REQUEST_MS:
        figures |= {
            "query_milliseconds": _milliseconds(answered.query_seconds),
            "statement": described(answered.slowest),
        }
        log.warning("Slow request", extra=figures)
        ring(SLOW_REQUESTS).append({"at": _now(), "request_id": current_request_id(), **figures})


def described(sql: object) -> str:
    """The fingerprint of a statement; of one composed by psycopg only that it was, since its parts hold values."""
    return fingerprint(sql) if isinstance(sql, str) else "(composed)" if sql is not None else ""


@lru_cache(maxsize=32)
def _ring(path: Path, limit: int) -> Ring:
    return Ring(path, limit)


def _now() -> float:
    return round(time.time(), 3)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)

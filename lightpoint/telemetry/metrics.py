"""The figures of every process of this installation, in Prometheus' format (prometheus-client, multiprocess mode).

Each process keeps its figures in files of its own, in the folder that settings give to prometheus-client through the
environment before it is imported; whoever is asked adds them up. Labels
are bounded: routes come from the URL table, all else from constants in the code, cut off at MOST_NAMES of a kind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lightpoint.telemetry.folding import fold_dead, fold_many, folding

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
OTHER = "other"
MOST_NAMES = 100
WAIT_SECONDS = 1.0  # for another reader of the files
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
JOB_SECONDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)
QUERIES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 100)

REQUEST_SECONDS = Histogram(
    "lightpoint_request_seconds", "Time to an answer", ("route", "method", "status"), registry=None, buckets=SECONDS
)
REQUEST_QUERIES = Histogram(
    "lightpoint_request_queries", "Queries of a request", ("route",), registry=None, buckets=QUERIES
)
CACHE = Counter("lightpoint_cache", "Look-ups in the cache", ("name", "outcome"), registry=None)
RATE_LIMITS = Counter("lightpoint_rate_limit", "Decisions of rate limits", ("limit", "decision"), registry=None)
JOBS = Counter("lightpoint_jobs", "Jobs by how they went", ("task", "state"), registry=None)
JOB_TIME = Histogram("lightpoint_job_seconds", "Time of a job", ("task",), registry=None, buckets=JOB_SECONDS)
ERRORS = Counter("lightpoint_errors", "Errors by group", ("group",), registry=None)


class Names:
    """The first MOST_NAMES values of a label; all others are one."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def bounded(self, name: str) -> str:
        """`name`, or "other" when there are too many already."""
        if name not in self._known:
            if len(self._known) >= MOST_NAMES:
                return OTHER
            self._known.add(name)
        return name


_caches, _limits, _tasks = Names(), Names(), Names()


def route_of(request: HttpRequest) -> str:
    """The name of the route in the URL table that `request` was led to, "unmatched" before or without any."""
    match = request.resolver_match
    return match.view_name if match else UNMATCHED


def method_of(request: HttpRequest) -> str:
    """The method, where it is one that the product answers to."""
    return request.method if request.method in METHODS else OTHER


def observe_request(*, route: str, method: str, status: int, seconds: float, queries: int) -> None:
    """Add a request to the figures. A figure that cannot be written is lost, here and below."""
    with suppress(OSError):
        REQUEST_SECONDS.labels(route, method, f"{status // 100}xx").observe(seconds)
        REQUEST_QUERIES.labels(route).observe(queries)


def count_cache(name: str, outcome: str, times: int = 1) -> None:
    """Add look-ups of the cache entry `name`; `outcome` is hits, misses, stale, coalesced or errors."""
    with suppress(OSError):
        CACHE.labels(_caches.bounded(name), outcome).inc(times)


def count_decision(limit: str, decision: str) -> None:
    """Add a decision of the rate limit `limit`: allowed, refused or unlimited."""
    with suppress(OSError):
        RATE_LIMITS.labels(_limits.bounded(limit), decision).inc()


def count_job(task: str, state: str, seconds: float | None = None) -> None:
    """Add a job that is now started, succeeded or failed, and how long it took."""
    with suppress(OSError):
        JOBS.labels(_tasks.bounded(task), state).inc()
        if seconds is not None:
            JOB_TIME.labels(_tasks.bounded(task)).observe(seconds)


def count_error(group: str) -> None:
    """Add an error of one of the groups of lightpoint.telemetry.errors."""
    with suppress(OSError):
        ERRORS.labels(group).inc()


def exposition() -> bytes:
    """The figures of all processes, as Prometheus reads them (text format 0.0.4)."""
    registry = CollectorRegistry()
    with _files():
        MultiProcessCollector(registry)
        return generate_latest(registry)


def totals() -> list[Metric]:
    """The figures of all processes, one Metric a name."""
    with _files() as folder:
        collector = MultiProcessCollector(None, str(folder))
        return list(collector.collect())


def directory() -> Path:
    """Where the files are. prometheus-client takes it from the environment."""
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])


@contextmanager
def _files() -> Iterator[Path]:
    """The files, held still while they are read, with those of dead processes in one."""
    folder = directory()
    folder.mkdir(parents=True, exist_ok=True)
    with folding(folder, seconds=WAIT_SECONDS) as held:
        if held:
            fold_dead(folder)
        yield folder


with suppress(OSError):
    directory().mkdir(parents=True, exist_ok=True)
    fold_many(directory())

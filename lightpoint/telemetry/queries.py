"""Counting the queries of a piece of work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

from lightpoint.telemetry.records import keep_query


class QueryLog:
    """How many queries ran, how long they took together, and which took longest. Slow ones are recorded."""

    __slots__ = ("_slow_seconds", "count", "seconds", "slowest", "slowest_seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.slowest: object = None
        self.slowest_seconds = 0.0
        self._slow_seconds = settings.SLOW_QUERY_MS / 1000

    def __call__(self, execute: Callable[..., Any], sql: object, params: object, many: bool, context: object) -> Any:
        """What Django calls in place of running the query (connection.execute_wrapper)."""
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self._add(time.perf_counter() - started, sql)

    def _add(self, seconds: float, sql: object) -> None:
        self.count += 1
        self.seconds += seconds
        if seconds > self.slowest_seconds:
            self.slowest, self.slowest_seconds = sql, seconds
        if seconds >= self._slow_seconds:
            keep_query(seconds=seconds, sql=sql)


@contextmanager
def counted_queries() -> Iterator[QueryLog]:
    """Count the queries on this thread's connection. No connection is opened for it."""
    queries = QueryLog()
    with connection.execute_wrapper(queries):
        yield queries

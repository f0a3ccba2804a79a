"""The way to Redis for the parts that must go on without it: short timeouts, and a circuit breaker.

A Redis that is stopped refuses at once; one that hangs costs a timeout. After either, the breaker of this process is
open for `REDIS_BREAK_SECONDS`: calls are turned away at once, and then one of them is let through to see whether Redis
is back. A call is therefore never slower than one timeout, and only one call per process and break is that slow.
"""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
from django.conf import settings
from django.core.cache import caches
from django.core.signals import setting_changed

from lightpoint.embedded import EmbeddedError

T = TypeVar("T")
FAULTS = (redis.RedisError, OSError, EmbeddedError)


class Unreachable(Exception):
    """Redis did not answer, answered with an error, or was not asked because it did not answer a moment ago."""


class Breaker:
    """Closed while calls succeed; open for `seconds` after one that failed; then one call may try.

    `clock` gives seconds that never run backwards.
    """

    def __init__(self, seconds: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._opened_at: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether the last call failed."""
        return self._opened_at is not None

    def admits(self) -> bool:
        """Whether a call may be made. An admitted call ends with `succeed`, `fail` or `leave`."""
        if self._opened_at is None:
            return True
        with self._lock:
            if self._opened_at is None:
                return True
            if self._trying or self._clock() - self._opened_at < self._seconds():
                return False
            self._trying = True
            return True

    def succeed(self) -> None:
        """Close the breaker."""
        if self._opened_at is not None:
            with self._lock:
                self._opened_at, self._trying = None, False

    def fail(self) -> None:
        """Open the breaker, from now on."""
        with self._lock:
            self._opened_at, self._trying = self._clock(), False

    def leave(self) -> None:
        """End a call that says nothing of Redis."""
        with self._lock:
            self._trying = False


class Link:
    """Calls to the Redis of Django's default cache, through a breaker."""

    def __init__(self, breaker: Breaker) -> None:
        self.breaker = breaker

    def call(self, action: Callable[[redis.Redis], T]) -> T:
        """What `action` makes of a client. Raises Unreachable when Redis fails it, or is known to be away."""
        if not self.breaker.admits():
            raise Unreachable("Redis did not answer a moment ago")
        try:
            answer = action(_client())
        except redis.ResponseError as error:
            self.breaker.succeed()
            raise Unreachable(str(error)) from error
        except FAULTS as error:
            self.breaker.fail()
            raise Unreachable(str(error)) from error
        except BaseException:
            self.breaker.leave()
            raise
        self.breaker.succeed()
        return answer


@cache
def _client() -> redis.Redis:
    """A client of django-redis' pool, which the threads of the process share."""
    client: redis.Redis = caches["default"].client.get_client()  # type: ignore[attr-defined]
    return client


def _forget_client(**_: object) -> None:
    _client.cache_clear()


setting_changed.connect(_forget_client)
link = Link(Breaker(lambda: settings.REDIS_BREAK_SECONDS))

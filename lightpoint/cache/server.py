"""Connections to Redis: the checkout's own is started at the first use, and again when it has died.

A connection of a pool may be to a server that is no more, so that one that broke is made again, at once. A server that
does not answer in time is not asked again: that would only make the caller wait longer.
"""

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool, UnixDomainSocketConnection
from redis.retry import Retry

from lightpoint import embedded
from lightpoint.errors import ServiceUnavailable

REDIS_AT_LEAST = (6, 0)
RECONNECTS = 3


class UnfitCache(ServiceUnavailable):
    """The Redis that REDIS_URL names does not answer, or is too old."""

    code = "cache-unfit"


def check_redis(url: str) -> None:
    """Look at the server that `url` names. Raises UnfitCache with one line that says what is wrong."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            version = str(client.info("server")["redis_version"])
    except (redis.RedisError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UnfitCache(f"The Redis that REDIS_URL names does not answer: {reason}") from error
    if tuple(int(part) for part in version.split(".")[:2]) < REDIS_AT_LEAST:
        raise UnfitCache(f"Redis {version} is too old: {REDIS_AT_LEAST[0]} or later is needed")


class EmbeddedConnection(UnixDomainSocketConnection):
    """A connection that starts the embedded Redis when nothing listens on its socket."""

    def _connect(self) -> Any:
        try:
            return super()._connect()  # type: ignore[no-untyped-call]
        except (OSError, redis.ConnectionError):
            embedded.redis().ensure()
            return super()._connect()  # type: ignore[no-untyped-call]


class NamedPool(ConnectionPool):
    """What django-redis asks for connections to the Redis that REDIS_URL names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"retry": _reconnect(), **options})


class EmbeddedPool(ConnectionPool):
    """The same for the checkout's own. `connection_class` is what it would have used on a Unix socket."""

    def __init__(self, connection_class: type | None = None, **options: Any) -> None:
        del connection_class
        super().__init__(connection_class=EmbeddedConnection, retry=_reconnect(), **options)


def _reconnect() -> Retry:
    return Retry(NoBackoff(), RECONNECTS, supported_errors=(redis.ConnectionError,))

"""Values that are costly to compute and are asked for often, kept in Redis; docs/adr/0008 says how and why.

    GUIDANCE = Entry("guidance.list", ttl=timedelta(hours=1), stale=timedelta(hours=1))

    def sections(day):                      # a selector
        return get_or_compute(GUIDANCE, practice=None, parts=[day.isoformat()], compute=lambda: ...)

    def load(...):                          # the service that changes the rows, in its transaction
        invalidate(GUIDANCE.name, practice=None)

Nothing here raises because of Redis: without it, values are computed.
"""

from lightpoint.cache.bumps import invalidate
from lightpoint.cache.counts import counters
from lightpoint.cache.entries import Entry
from lightpoint.cache.reading import get_or_compute, reading_ahead
from lightpoint.cache.server import EmbeddedConnection, EmbeddedPool, NamedPool, UnfitCache, check_redis

__all__ = [
    "EmbeddedConnection",
    "EmbeddedPool",
    "Entry",
    "NamedPool",
    "UnfitCache",
    "check_redis",
    "counters",
    "get_or_compute",
    "invalidate",
    "reading_ahead",
]

"""Values that are costly to compute and are asked for often, kept in Redis; docs/adr says how and why.

    GUIDANCE = Entry("guidance.list", ttl=timedelta(hours=1), stale=timedelta(hours=1))

    def sections():
        return get_or_compute(GUIDANCE, practice=None, parts=[day.isoformat()], compute=lambda: [...])

    def load(...):                      # the service that changes the rows
        invalidate("guidance.list", practice=None)

Nothing here raises because of Redis: without it, values are computed.
"""

from lightpoint.cache.server import EmbeddedConnection, EmbeddedPool, NamedPool, UnfitCache, check_redis

__all__ = ["EmbeddedConnection", "EmbeddedPool", "NamedPool", "UnfitCache", "check_redis"]

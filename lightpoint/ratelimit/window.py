"""Windows that every process shares: a log of times in Redis for each limit and subject, kept by one script.

A fixed window admits twice its limit at an edge, and the generic cell rate algorithm admits a burst and then a
trickle within one window. A log of the requests let through admits no more than the limit in any window, and holds at
most as many times as the limit. The clock is Redis' own, so that the clocks of the processes do not matter.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from redis.commands.core import Script

from lightpoint.ratelimit.decisions import Decision, decide, from_microseconds
from lightpoint.ratelimit.rates import Limit
from lightpoint.redis_link import link

Counted = tuple[Limit, str]  # a limit that has a count, and the subject that it is counted for
SCRIPT = Path(__file__).with_suffix(".lua").read_text(encoding="utf-8")
MICROSECONDS = 1_000_000


def count_shared(wanted: Sequence[Counted], *, weight: int) -> list[Decision]:
    """Count a request (`weight` 1), or look (0), against all of `wanted` in one round trip: all or none of them.

    Raises Unreachable.
    """
    numbers = [weight]
    for limit, _subject in wanted:
        numbers += [limit.count or 0, limit.seconds * MICROSECONDS]
    keys = [window_key(limit, subject) for limit, subject in wanted]
    now, allowed, *rest = link.call(lambda client: _script()(keys=keys, args=numbers, client=client))
    pairs = zip(wanted, rest[::2], rest[1::2], strict=True)
    return [_decision(limit, now, count, oldest, allowed=bool(allowed)) for (limit, _), count, oldest in pairs]


def forget_shared(limit: Limit, subject: str) -> None:
    """Start the window of `subject` anew. Raises Unreachable."""
    link.call(lambda client: client.delete(window_key(limit, subject)))


def window_key(limit: Limit, subject: str) -> str:
    """The key of a window. The parts are joined as JSON, so that no two sets of parts make one key, and hashed."""
    parts = json.dumps([limit.name, limit.rate, subject]).encode()
    return f"{settings.CACHE_NAMESPACE}:limit:{hashlib.sha256(parts).hexdigest()[:40]}"


@cache
def _script() -> Script:
    return Script(redis.Redis(), SCRIPT)


def _decision(limit: Limit, now: int, count: int, oldest: int, *, allowed: bool) -> Decision:
    at, first = from_microseconds(now), from_microseconds(oldest)
    # one of several limits refused: those that have room let it through, as far as they are concerned
    own = allowed or count < (limit.count or 0)
    return decide(
        limit.name, limit=limit.count or 0, seconds=limit.seconds, at=at, count=count, oldest=first, allowed=own
    )

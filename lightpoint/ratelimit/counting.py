"""Counting a request against limits by name, in Redis or, without it, as each limit says."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from lightpoint.ratelimit.decisions import Decision, refused, unlimited
from lightpoint.ratelimit.local import LocalWindows
from lightpoint.ratelimit.rates import Limit, limit_named
from lightpoint.ratelimit.window import Counted, count_shared, forget_shared
from lightpoint.redis_link import Unreachable
from lightpoint.telemetry.metrics import count_decision

local_windows = LocalWindows()


def consume(name: str, subject: str, *, now: datetime) -> Decision:
    """Count a request of `subject` against the limit `name`, if it is let through. One round trip to Redis.

    The window goes by the clock of Redis; `now` is for when Redis is away. Never raises because of Redis.
    """
    return consume_all([(name, subject)], now=now)[0]


def consume_all(wanted: Sequence[tuple[str, str]], *, now: datetime) -> list[Decision]:
    """Count one request against several (limit, subject) at once; one that is refused counts against none of them."""
    decisions = _count([(limit_named(name), subject) for name, subject in wanted], weight=1, now=now)
    for decision in decisions:
        count_decision(decision.name, _word_for(decision))
    return decisions


def peek(name: str, subject: str, *, now: datetime) -> Decision:
    """Whether a request would be let through; nothing is counted."""
    return _count([(limit_named(name), subject)], weight=0, now=now)[0]


def forget(name: str, subject: str) -> None:
    """Start the window of `subject` anew, as after a sign-in that succeeded."""
    limit = limit_named(name)
    local_windows.forget(limit, subject)
    try:
        forget_shared(limit, subject)
    except Unreachable:
        return


def _count(wanted: Sequence[Counted], *, weight: int, now: datetime) -> list[Decision]:
    counted = [one for one in wanted if one[0].count is not None]
    try:
        found = count_shared(counted, weight=weight) if counted else []
    except Unreachable:
        found = _without_redis(counted, weight=weight, now=now)
    by_name = {decision.name: decision for decision in found}
    return [by_name.get(limit.name) or unlimited(limit.name, now) for limit, _ in wanted]


def _word_for(decision: Decision) -> str:
    if decision.limit is None:
        return "unlimited"
    return "allowed" if decision.allowed else "refused"


def _without_redis(wanted: Sequence[Counted], *, weight: int, now: datetime) -> list[Decision]:
    closed = [limit for limit, _ in wanted if limit.without_redis == "refuse"]
    if closed:
        return [_refuse(limit, now) for limit in closed]
    return local_windows.count([one for one in wanted if one[0].without_redis == "local"], weight=weight, now=now)


def _refuse(limit: Limit, now: datetime) -> Decision:
    wait = timedelta(seconds=settings.REDIS_BREAK_SECONDS)
    return refused(limit.name, limit=limit.count or 0, at=now, wait=wait)

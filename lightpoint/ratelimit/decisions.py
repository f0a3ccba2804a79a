"""What a limit says of a request, and the refusal that comes of it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lightpoint.errors import TooManyRequests

MICROSECOND = timedelta(microseconds=1)
WORDS = "That is more than is allowed here in so short a time; try again in {seconds} s"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request is let through. `limit` None means that there is none, or that nobody counts just now.

    `reset_at` is when the oldest counted request leaves the window, so that `remaining` grows by one; `retry_after` is
    how long until then for a request that is refused, and nothing for one that is not. `at` is the time of the
    decision by the clock that keeps the window: that of Redis, or of this process when Redis is away.
    """

    name: str
    allowed: bool
    limit: int | None
    remaining: int
    reset_at: datetime
    retry_after: timedelta
    at: datetime


class LimitExceeded(TooManyRequests):
    """A rate limit is used up; the answer says when to try again."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(WORDS.format(seconds=whole_seconds(decision.retry_after)))
        self.decision = decision

    @property
    def headers(self) -> Mapping[str, str]:
        """X-RateLimit-... of the limit that refused, and Retry-After (RFC 9110, section 10.2.3)."""
        return headers_of(self.decision)


def decide(
    name: str, *, limit: int, seconds: int, at: datetime, count: int, oldest: datetime, allowed: bool
) -> Decision:
    """The decision on a request at `at`, with `count` requests in the window of which the first was at `oldest`.

    A request leaves the window the moment that it is more than `seconds` old.
    """
    reset_at = oldest + timedelta(seconds=seconds) + MICROSECOND
    wait = timedelta(0) if allowed else max(reset_at - at, MICROSECOND)
    return Decision(name, allowed, limit, max(0, limit - count), reset_at, wait, at)


def unlimited(name: str, at: datetime) -> Decision:
    """Let through without counting."""
    return Decision(name, allowed=True, limit=None, remaining=0, reset_at=at, retry_after=timedelta(0), at=at)


def refused(name: str, *, limit: int, at: datetime, wait: timedelta) -> Decision:
    """Refused without counting, because nobody can count."""
    return Decision(name, allowed=False, limit=limit, remaining=0, reset_at=at + wait, retry_after=wait, at=at)


def tightest(decisions: Iterable[Decision]) -> Decision | None:
    """The one that a caller must mind: one that refuses (the longest wait first), else the least that remains."""
    counted = [decision for decision in decisions if decision.limit is not None]
    if not counted:
        return None
    return min(counted, key=lambda one: (one.allowed, -one.retry_after, one.remaining, -one.reset_at.timestamp()))


def headers_of(decision: Decision) -> dict[str, str]:
    """The headers of a limited answer. Reset is in seconds since 1970, rounded up; Retry-After stands on refusals."""
    headers = {
        "X-RateLimit-Limit": str(decision.limit),
        "X-RateLimit-Remaining": str(decision.remaining),
        "X-RateLimit-Reset": str(math.ceil(decision.reset_at.timestamp())),
    }
    if not decision.allowed:
        headers["Retry-After"] = str(whole_seconds(decision.retry_after))
    return headers


def whole_seconds(wait: timedelta) -> int:
    """Rounded up, and at least one: a caller that waits so long is let through."""
    return max(1, math.ceil(wait / timedelta(seconds=1)))


def from_microseconds(value: int) -> datetime:
    """A time of Redis: microseconds since 1970."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=value)

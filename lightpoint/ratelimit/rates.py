"""The limits of settings.RATE_LIMITS, read: django-ratelimit's notation of rates, and its idea of named groups."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_ratelimit.core import _split_rate

Per = Literal["user", "key", "practice", "address"]
WithoutRedis = Literal["allow", "refuse", "local"]
NOTATION = re.compile(r"[1-9]\d{0,6}/\d{0,6}[smhd]")  # the library's own pattern also takes what only begins like it


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds`; `count` None is no limit. `rate` is how the settings write it."""

    name: str
    rate: str
    count: int | None
    seconds: int
    per: Per
    without_redis: WithoutRedis


def limit_named(name: str) -> Limit:
    """The limit of the settings. Raises ImproperlyConfigured when there is none, or it is not understood."""
    try:
        written = settings.RATE_LIMITS[name]
    except KeyError:
        raise ImproperlyConfigured(f"RATE_LIMITS has no limit named {name}") from None
    return _limit(name, written["rate"], written["per"], written["without_redis"])


@lru_cache(maxsize=256)
def _limit(name: str, rate: str, per: str, without_redis: str) -> Limit:
    if per not in get_args(Per):
        raise ImproperlyConfigured(f"The limit {name} is per {per}; it can be per {', '.join(get_args(Per))}")
    if without_redis not in get_args(WithoutRedis):
        raise ImproperlyConfigured(f"The limit {name} can {', '.join(get_args(WithoutRedis))} without Redis")
    count, seconds = split_rate(rate)
    return Limit(name, rate, count, seconds, per, without_redis)  # type: ignore[arg-type]  # looked up just above


def split_rate(rate: str) -> tuple[int | None, int]:
    """How many, in how many seconds: "10/10s" is (10, 10), "5/15m" is (5, 900); "" is (None, 0), no limit.

    Raises ImproperlyConfigured for anything else.
    """
    if not rate:
        return None, 0
    if not NOTATION.fullmatch(rate):
        raise ImproperlyConfigured(f"{rate!r} is not a rate: write 60/m, 10/10s or 5/15m")
    count, seconds = _split_rate(rate)
    if seconds <= 0:
        raise ImproperlyConfigured(f"{rate!r} is a rate over no time at all")
    return count, seconds

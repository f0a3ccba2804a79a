"""The log of a channel: a Redis stream. Pure but for `publish`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import total_ordering
from typing import Any, Final, Self

import redis
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from lightpoint.redis_link import Unreachable, link

WOKEN: Final = "events:woken"  # a channel of Redis on which names of logs are told that have grown
CLOCKS: Final = timedelta(minutes=1)
_POSITION: Final = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class Position:
    """The place of an event in its log: milliseconds of Redis' clock, and a number within them."""

    milliseconds: int
    number: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The position that `text` is; None where it is none, as in a header that was made up."""
        match = _POSITION.fullmatch(text.strip())
        return cls(int(match[1]), int(match[2])) if match else None

    def __lt__(self, other: "Position") -> bool:
        return (self.milliseconds, self.number) < (other.milliseconds, other.number)

    def __str__(self) -> str:
        return f"{self.milliseconds}-{self.number}"


START: Final = Position(0, 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """What Redis says of a log: the last event it ever had, and the last one that it let go of."""

    last: Position
    gone: Position

    def has_all_after(self, position: Position) -> bool:
        """Whether every event after `position` is still there, and the position is of this log."""
        return self.gone <= position <= self.last


def case_channel(complaint_id: int) -> str:
    """The channel of a complaint: its runs, and the letters that grow."""
    return f"case:{complaint_id}"


def log_name(channel: str) -> str:
    """The name of the channel's log in Redis; processes on another database have other logs."""
    return f"{settings.CACHE_NAMESPACE}:{connection.settings_dict['NAME']}:events:{channel}"


def woken_name() -> str:
    """The channel of Redis on which it is told that a log has grown."""
    return f"{settings.CACHE_NAMESPACE}:{WOKEN}"


def told(channel: str, event: str, since: datetime) -> list[dict[str, Any]]:
    """What was told as `event` since then, as far as the log still has it, the oldest first; nothing without Redis.

    The clocks of Redis and of this machine may be CLOCKS apart.
    """
    first = f"{max(0, int(1000 * (since - CLOCKS).timestamp()))}-0"
    name = log_name(channel)
    try:
        rows: Any = link.call(lambda client: client.xrange(name, min=first))
    except Unreachable:
        return []
    return [json.loads(fields[b"data"]) for _, fields in rows if fields[b"event"] == event.encode()]


def publish(channel: str, event: str, data: Mapping[str, Any]) -> bool:
    """Add an event to the channel's log and wake who follows it. Whether it could be; without Redis nothing is kept.

    Call it after the transaction that it tells of. The newest EVENTS_KEPT are kept, for EVENTS_KEPT_HOURS.
    """
    name, woken = log_name(channel), woken_name()
    body = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)

    def write(client: redis.Redis) -> None:
        with client.pipeline(transaction=False) as line:
            line.xadd(name, {"event": event, "data": body}, maxlen=settings.EVENTS_KEPT, approximate=False)
            line.expire(name, settings.EVENTS_KEPT_HOURS * 3600)
            line.publish(woken, name)
            line.execute()

    try:
        link.call(write)
    except Unreachable:
        return False
    return True

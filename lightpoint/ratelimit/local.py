"""Windows of this process alone, for when Redis is away: as exact, but each process lets through its own share."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from lightpoint.ratelimit.decisions import Decision, decide
from lightpoint.ratelimit.rates import Limit

SUBJECTS = 10_000  # how many windows are kept; the one longest unused goes first


class LocalWindows:
    """The times of the requests let through, by limit and subject. Holds at most `subjects` windows."""

    def __init__(self, subjects: int = SUBJECTS) -> None:
        self._subjects = subjects
        self._lock = threading.Lock()
        self._logs: OrderedDict[tuple[str, str, str], deque[datetime]] = OrderedDict()

    def count(self, wanted: Sequence[tuple[Limit, str]], *, weight: int, now: datetime) -> list[Decision]:
        """Count a request (`weight` 1), or look (0), against all of `wanted`: all or none of them."""
        with self._lock:
            logs = [self._log(limit, subject, now) for limit, subject in wanted]
            room = [len(log) < (limit.count or 0) for log, (limit, _) in zip(logs, wanted, strict=True)]
            if weight and all(room):
                for log in logs:
                    log.append(now)
            return [
                _decision(limit, log, now, allowed=free)
                for (limit, _), log, free in zip(wanted, logs, room, strict=True)
            ]

    def forget(self, limit: Limit, subject: str) -> None:
        """Start the window of `subject` anew."""
        with self._lock:
            self._logs.pop((limit.name, limit.rate, subject), None)

    def clear(self) -> None:
        """Start every window anew."""
        with self._lock:
            self._logs.clear()

    def _log(self, limit: Limit, subject: str, now: datetime) -> deque[datetime]:
        key = (limit.name, limit.rate, subject)
        log = self._logs.setdefault(key, deque())
        self._logs.move_to_end(key)
        while len(self._logs) > self._subjects:
            self._logs.popitem(last=False)
        while log and now - log[0] > timedelta(seconds=limit.seconds):
            log.popleft()
        return log


def _decision(limit: Limit, log: deque[datetime], now: datetime, *, allowed: bool) -> Decision:
    oldest = log[0] if log else now
    return decide(
        limit.name,
        limit=limit.count or 0,
        seconds=limit.seconds,
        at=now,
        count=len(log),
        oldest=oldest,
        allowed=allowed,
    )

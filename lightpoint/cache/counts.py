"""How often each name was found, computed, given out stale or waited for; in this process, since it started.

The same figures of all processes together are among the metrics: added at the end of a request, or once a second.
"""

import threading
import time
from collections import Counter
from typing import Literal, get_args

from lightpoint.telemetry.metrics import count_cache

Outcome = Literal["hits", "misses", "stale", "coalesced", "uncached", "errors"]
PUBLISH_SECONDS = 1.0

_lock = threading.Lock()
_counts: dict[str, dict[str, int]] = {}
_unpublished: Counter[tuple[str, str]] = Counter()
_published_at = time.monotonic()


def add(name: str, outcome: Outcome) -> None:
    """Count one call. Every call is one of the first five; `errors` are those that Redis failed, beside that."""
    with _lock:
        found = _counts.get(name)
        if found is None:
            found = _counts[name] = dict.fromkeys(get_args(Outcome), 0)
        found[outcome] += 1
        _unpublished[name, outcome] += 1
    if time.monotonic() - _published_at > PUBLISH_SECONDS:
        publish()


def publish(**_: object) -> None:
    """Add what was counted since the last time to the metrics, which costs more than counting."""
    global _published_at  # noqa: PLW0603 - one for the process, as the counts are
    with _lock:
        counted = dict(_unpublished)
        _unpublished.clear()
        _published_at = time.monotonic()
    for (name, outcome), times in counted.items():
        count_cache(name, outcome, times)


def counters() -> dict[str, dict[str, int]]:
    """By name: hits, misses, stale, coalesced, uncached (within a transaction, or too large), and errors of Redis."""
    with _lock:
        return {name: dict(found) for name, found in sorted(_counts.items())}

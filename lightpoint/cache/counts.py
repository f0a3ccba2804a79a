"""How often each name was found, computed, given out stale or waited for; in this process, since it started."""

import threading
from typing import Literal, get_args

Outcome = Literal["hits", "misses", "stale", "coalesced", "uncached", "errors"]

_lock = threading.Lock()
_counts: dict[str, dict[str, int]] = {}


def add(name: str, outcome: Outcome) -> None:
    """Count one call. Every call is one of the first five; `errors` are those that Redis failed, beside that."""
    with _lock:
        found = _counts.get(name)
        if found is None:
            found = _counts[name] = dict.fromkeys(get_args(Outcome), 0)
        found[outcome] += 1


def counters() -> dict[str, dict[str, int]]:
    """By name: hits, misses, stale, coalesced, uncached (within a transaction, or too large), and errors of Redis."""
    with _lock:
        return {name: dict(found) for name, found in sorted(_counts.items())}

"""Reading through the cache: one round trip for a value that is there, one computation for one that is not."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TypeVar, cast

from django.conf import settings

from lightpoint.cache.bumps import is_writing, pending
from lightpoint.cache.counts import Outcome, add
from lightpoint.cache.entries import Entry, Keys, Part, keys_of
from lightpoint.cache.later import do_later
from lightpoint.cache.leases import Lease, claim, release, store
from lightpoint.cache.scripts import read
from lightpoint.cache.stored import VERSION_BYTES, decode, encode, read_stored
from lightpoint.redis_link import Unreachable

T = TypeVar("T")
JITTER = 0.1
POLL_SECONDS = (0.005, 0.05)  # from, to; each wait is half as long again as the one before
MILLISECOND = timedelta(milliseconds=1)


class _Uncached(Exception):
    """The value has to be computed by whoever asks; `outcome` is how that counts."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class _Flight:
    """A computation, or the wait for that of another process, that the threads of this process share."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.body: bytes | None = None


class _Ahead(threading.local):
    """What the thread will ask for after its next look-up, and, once that was made, what stood there."""

    wanted: Keys | None = None
    found: tuple[Keys, bytes | None, bytes | None] | None = None


_ahead = _Ahead()
_flights: dict[tuple[str, bytes | None], _Flight] = {}
_flights_lock = threading.Lock()


def get_or_compute(entry: Entry, *, practice: int | None, parts: Sequence[Part], compute: Callable[[], T]) -> T:
    """The value of `entry` for `practice` (None: of all practices) and `parts`, from Redis or from `compute`.

    Values are what JSON holds, None included; tuples come back as lists. Callers at the same time wait for one
    computation, in whichever process it runs. Within a transaction, without Redis, and for values that are too large,
    every caller computes. Raises what `compute` raises, and nothing because of Redis.
    """
    keys = keys_of(entry, practice, parts)
    if is_writing(keys.version):
        return _compute(entry, "uncached", compute)
    try:
        return _read(entry, keys, compute)
    except Unreachable:
        add(entry.name, "errors")
        return _compute(entry, "misses", compute)
    except _Uncached as reason:
        return _compute(entry, reason.outcome, compute)


@contextmanager
def reading_ahead(entry: Entry, *, practice: int | None, parts: Sequence[Part]) -> Iterator[None]:
    """Within, the first look-up of this thread brings what stands under these parts too, in its round trip.

    For a request that will ask for both: the second is then as old as the first, and costs nothing.
    """
    _ahead.wanted = keys_of(entry, practice, parts)
    try:
        yield
    finally:
        _ahead.wanted = _ahead.found = None


def _stored(keys: Keys) -> tuple[bytes | None, bytes | None]:
    """The version that holds and what stands under it; read now, or with the look-up before."""
    found, wanted = _ahead.found, _ahead.wanted
    _ahead.found = None
    if found is not None and found[0] == keys:
        return found[1:]
    if wanted is None or wanted == keys:
        version, stored = read(keys.version, keys.value)
        return version, stored
    version, stored, *ahead = read(keys.version, keys.value, wanted.version, wanted.value)
    _ahead.wanted, _ahead.found = None, (wanted, ahead[0], ahead[1])
    return version, stored


def _read(entry: Entry, keys: Keys, compute: Callable[[], T]) -> T:
    pending.deliver()
    version, stored = _stored(keys)
    found = read_stored(version, stored)
    if found is None:
        return cast("T", decode(_share(entry, keys, version, compute)))
    if not found.body:
        raise _Uncached("uncached")
    if found.is_fresh:
        add(entry.name, "hits")
    else:
        add(entry.name, "stale")
        _refresh(entry, keys, compute)
    return cast("T", decode(found.body))


def _share(entry: Entry, keys: Keys, version: bytes | None, compute: Callable[[], T]) -> bytes:
    """The body of a value that was not there under `version`; one thread of this process sees to it."""
    place = (keys.value, version)
    with _flights_lock:
        flight = _flights.get(place)
        mine = flight is None
        if flight is None:
            flight = _flights[place] = _Flight()
    if not mine:
        return _wait_for_thread(entry, flight)
    try:
        flight.body = _lead_or_follow(entry, keys, compute)
        return flight.body
    finally:
        with _flights_lock:
            del _flights[place]
        flight.landed.set()


def _wait_for_thread(entry: Entry, flight: _Flight) -> bytes:
    flight.landed.wait(settings.CACHE_WAIT_SECONDS)
    if not flight.body:
        raise _Uncached("misses")
    add(entry.name, "coalesced")
    return flight.body


def _lead_or_follow(entry: Entry, keys: Keys, compute: Callable[[], T]) -> bytes:
    """The body, by computing it or from the process that does; b"" for one that is too large, from that process."""
    deadline = time.monotonic() + settings.CACHE_WAIT_SECONDS
    while time.monotonic() < deadline:
        claimed = claim(keys, refresh=False)
        if claimed.lease:
            add(entry.name, "misses")
            return _lead(entry, claimed.lease, compute)
        found = read_stored(claimed.version, claimed.value)
        body = found.body if found else _follow(keys, deadline)
        if body is not None:
            return _body_of_another(entry, body)
    raise _Uncached("misses")


def _body_of_another(entry: Entry, body: bytes) -> bytes:
    if not body:
        raise _Uncached("uncached")
    add(entry.name, "coalesced")
    return body


def _follow(keys: Keys, deadline: float) -> bytes | None:
    """Wait for the value; None when its lease has ended without one, or the time is up."""
    wait, longest = POLL_SECONDS
    while time.monotonic() < deadline:
        time.sleep(wait)
        wait = min(longest, wait * 1.5)
        version, stored, held = read(keys.version, keys.value, keys.lease)
        found = read_stored(version, stored)
        if found is not None:
            return found.body
        if version is None or held is None or held[:VERSION_BYTES] != version:
            return None
    return None


def _lead(entry: Entry, lease: Lease, compute: Callable[[], T]) -> bytes:
    """Compute and keep; the body, also where it is too large to keep."""
    try:
        body = encode(compute())
    except BaseException:
        release(lease)
        raise
    fresh = entry.ttl * random.uniform(1 - JITTER, 1)  # noqa: S311 - spreads load, guards nothing
    kept = body if len(body) <= settings.CACHE_MAX_BYTES else b""
    store(lease, kept, fresh_ms=round(fresh / MILLISECOND), keep_ms=round((fresh + entry.stale) / MILLISECOND))
    return body


def _refresh(entry: Entry, keys: Keys, compute: Callable[[], T]) -> None:
    """See that one caller computes a value anew that is no longer fresh."""
    with suppress(Unreachable):
        lease = claim(keys, refresh=True).lease
        if lease is not None:
            do_later(lambda: _lead(entry, lease, compute))


def _compute(entry: Entry, outcome: Outcome, compute: Callable[[], T]) -> T:
    add(entry.name, outcome)
    return cast("T", decode(encode(compute())))

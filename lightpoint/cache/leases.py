"""The leases that this process holds: renewed while the computation runs, so that they end soon after a killed process.

A lease lasts CACHE_LEASE_SECONDS. One thread renews those of the process four times as often; a computation that takes
longer than CACHE_COMPUTE_SECONDS is given up on, and another caller may begin.
"""

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from django.conf import settings

from lightpoint.cache.entries import Keys
from lightpoint.cache.scripts import CLAIM, RELEASE, RENEW, STORE, run
from lightpoint.cache.stored import new_version
from lightpoint.redis_link import Unreachable

RENEWALS = 4


@dataclass(frozen=True)
class Lease:
    """The right to store the value of `keys` as computed under `version`."""

    keys: Keys
    version: bytes
    token: bytes
    taken: float = field(default_factory=time.monotonic)

    @property
    def mark(self) -> bytes:
        """What stands in Redis while it is held."""
        return self.version + self.token


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim came to: the version that holds, a value that was stored meanwhile, or the lease; or neither."""

    version: bytes
    value: bytes | None
    lease: Lease | None


def claim(keys: Keys, *, refresh: bool) -> Claim:
    """Ask for the right to compute; `refresh`, also when there is a value that is no longer fresh. Raises Unreachable.

    A lease under an older version is taken over: what its holder computes would not be believed.
    """
    token = uuid4().hex.encode()
    milliseconds = round(settings.CACHE_LEASE_SECONDS * 1000)
    version, value, held = run(
        CLAIM, [keys.version, keys.value, keys.lease], [new_version(), token, milliseconds, int(refresh)]
    )
    lease = Lease(keys, _bytes(version), token) if held else None
    if lease:
        keeper.add(lease)
    return Claim(_bytes(version), _bytes(value) if value else None, lease)


def store(lease: Lease, body: bytes, *, fresh_ms: int, keep_ms: int) -> None:
    """Keep `body` and give the lease back; nothing is kept when the lease has gone to somebody else."""
    keeper.drop(lease)
    with suppress(Unreachable):
        run(STORE, [lease.keys.value, lease.keys.lease], [lease.mark, lease.version, fresh_ms, keep_ms, body])


def release(lease: Lease) -> None:
    """Give the lease back without a value."""
    keeper.drop(lease)
    with suppress(Unreachable):
        run(RELEASE, [lease.keys.lease], [lease.mark])


class Keeper:
    """Renews the leases of this process from a thread of its own, which is started with the first of them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._held: dict[bytes, Lease] = {}
        self._thread: threading.Thread | None = None
        os.register_at_fork(after_in_child=self._start_anew)

    def add(self, lease: Lease) -> None:
        """Keep `lease` until it is dropped."""
        with self._condition:
            self._held[lease.token] = lease
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cache-leases", daemon=True)
                self._thread.start()
            self._condition.notify()

    def drop(self, lease: Lease) -> None:
        """No longer keep `lease`."""
        with self._condition:
            self._held.pop(lease.token, None)

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._held:
                    self._condition.wait()
            time.sleep(settings.CACHE_LEASE_SECONDS / RENEWALS)
            for lease in self._still_held():
                with suppress(Unreachable):
                    run(RENEW, [lease.keys.lease], [lease.mark, round(settings.CACHE_LEASE_SECONDS * 1000)])

    def _still_held(self) -> list[Lease]:
        oldest = time.monotonic() - settings.CACHE_COMPUTE_SECONDS
        with self._condition:
            self._held = {token: lease for token, lease in self._held.items() if lease.taken > oldest}
            return list(self._held.values())

    def _start_anew(self) -> None:
        self._condition, self._held, self._thread = threading.Condition(), {}, None


def _bytes(value: bytes | int | None) -> bytes:
    if not isinstance(value, bytes):
        raise Unreachable("Redis answered with something else than was asked")
    return value


keeper = Keeper()

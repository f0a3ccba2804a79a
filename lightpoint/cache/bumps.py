"""Invalidation: a new version for a name and practice, so that no value computed under an old one holds.

The new version is written after the commit. A caller that read the old version before it and computes from old rows
stores its value under that old version, where nobody believes it.

A bump that cannot be delivered is kept as a file in settings.CACHE_BUMPS_DIR, which the processes of a machine share.
Each of them looks at that folder (one `stat`) before it believes Redis, and delivers what it finds there, so that after
Redis returns none of them gives out the old value. Machines that do not share the folder may, until one that does
makes its next call, and at most for the time that the value is kept. So may all when the writer is killed between
its commit and its bump.
"""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection, transaction

from lightpoint.cache.entries import version_key
from lightpoint.cache.scripts import VERSION_MS
from lightpoint.cache.stored import new_version
from lightpoint.redis_link import Unreachable, link

CLAIMED = ".claimed-"
SETTLED_NS = 100_000_000  # file systems keep times in steps of some milliseconds: a younger change may hide another


@dataclass(frozen=True, slots=True)
class Bump:
    """A new version for the name and practice whose version is kept under `key`. Called after the commit."""

    key: str

    def __call__(self) -> None:
        """Write a new version, or keep the bump until it can be delivered."""
        try:
            _deliver(self.key)
        except Unreachable:
            pending.keep(self.key)


class PendingBumps:
    """The bumps that wait for Redis."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unwritten: set[str] = set()
        self._empty_since: dict[str, int] = {}  # by folder

    def keep(self, key: str) -> None:
        """Note that `key` needs a new version; in this process alone where the folder cannot be written."""
        folder = Path(_folder())
        path = folder / hashlib.sha256(key.encode()).hexdigest()[:40]
        draft = path.with_name(f".{uuid4().hex}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(key, encoding="utf-8")
            draft.replace(path)
        except OSError:
            with self._lock:
                self._unwritten.add(key)

    def deliver(self) -> None:
        """Deliver what waits. Raises Unreachable, and then nothing in Redis may be believed."""
        folder = _folder()
        changed = _changed(folder)
        if not self._unwritten and self._empty_since.get(folder) == changed:
            return
        self._deliver_unwritten()
        waiting = _waiting(folder)
        if not waiting and time.time_ns() - changed > SETTLED_NS:
            self._empty_since[folder] = changed
        while waiting:
            for path in waiting:
                _deliver_file(path)
            waiting = _waiting(folder)  # what another process claimed a moment ago is not delivered before it is gone

    def _deliver_unwritten(self) -> None:
        while self._unwritten:
            with self._lock:
                key = next(iter(self._unwritten), None)
            if key is not None:
                _deliver(key)
                with self._lock:
                    self._unwritten.discard(key)


def invalidate(name: str, *, practice: int | None) -> None:
    """Let no value of `name` for `practice` hold that was computed before this transaction's commit.

    Call it in the transaction that changes the rows; without one it takes effect at once. Never raises.
    """
    bump = Bump(version_key(name, practice))
    here = set(connection.savepoint_ids)
    if not any(other == bump and savepoints <= here for savepoints, other in _awaiting_commit()):
        transaction.on_commit(bump, robust=True)


def is_writing(key: str) -> bool:
    """Whether this thread is in a transaction, which sees rows that others do not, and neither believes nor keeps.

    What a test wraps around itself is none, until something in it has bumped `key`: that commit never comes.
    """
    if not connection.in_atomic_block:
        return False
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return True
    return any(other == Bump(key) for _, other in _awaiting_commit())


def _awaiting_commit() -> Iterator[tuple[set[str], object]]:
    """What this transaction does once it is committed, with the savepoints that must not be rolled back before."""
    for savepoints, action, *_ in connection.run_on_commit:
        yield set(savepoints), action


def _deliver(key: str) -> None:
    link.call(lambda client: client.set(key, new_version(), px=VERSION_MS))


def _deliver_file(path: Path) -> None:
    """Claim the file first: a bump that is kept while this one is being delivered makes a file of its own."""
    claimed = path if CLAIMED in path.name else path.with_name(f"{path.name}{CLAIMED}{uuid4().hex}")
    with suppress(FileNotFoundError):  # another process was quicker, and its delivery is as good
        path.rename(claimed)
        _deliver(claimed.read_text(encoding="utf-8"))
        claimed.unlink()


@cache
def _folder() -> str:
    """The folder of the bumps for this Redis."""
    location = str(settings.CACHES["default"]["LOCATION"])
    return str(Path(settings.CACHE_BUMPS_DIR) / hashlib.sha256(location.encode()).hexdigest()[:16])


def _forget_folder(**_: object) -> None:
    _folder.cache_clear()


setting_changed.connect(_forget_folder)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0


def _waiting(folder: str) -> list[Path]:
    try:
        return sorted(path for path in Path(folder).iterdir() if not path.name.startswith("."))
    except OSError:
        return []


pending = PendingBumps()

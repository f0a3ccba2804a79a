"""Files of figures of processes that have ended, added up into one, so that their number stays small.

prometheus-client names a file for the process that writes it, histogram_123.db, and leaves it when the process ends:
counters must not go down. Here such a file is added to histogram_0.db, which no process writes, and removed.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from prometheus_client.mmap_dict import MmapedDict

MANY = 40
LOCK = "folding.lock"
PAUSE_SECONDS = 0.02


@contextmanager
def folding(folder: Path, *, seconds: float) -> Iterator[bool]:
    """Hold the files in `folder` against other readers, so that none is read while it is added to another.

    False where another reader holds them for longer than `seconds`: then they may be read, and not be folded.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _locked(handle, time.monotonic() + seconds)
    finally:
        os.close(handle)


def fold_many(folder: Path) -> None:
    """Fold when there are many files: commands come and go without anybody asking for figures."""
    if sum(1 for _ in folder.glob("*.db")) > MANY:
        with folding(folder, seconds=0) as held:
            if held:
                fold_dead(folder)


def fold_dead(folder: Path) -> None:
    """Add the files of processes that are no more to the one of their kind. Call within `folding`."""
    for path in sorted(folder.glob("*_[0-9]*.db")):
        kind, _, pid = path.stem.rpartition("_")
        if pid.isdigit() and int(pid) and not psutil.pid_exists(int(pid)):
            _add(path, folder / f"{kind}_0.db")


def _add(path: Path, total: Path) -> None:
    """Add one file to `total`. Should this process be killed between the last two lines, it is added twice."""
    sums = MmapedDict(str(total))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)
    finally:
        sums.close()
    path.unlink()


def _locked(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        else:
            return True

"""The newest records of every process of an installation, as lines of JSON in two files of bounded size.

A record is one write to a file opened for appending, which the kernel keeps whole, so that no process ever waits for
another, be it stopped or dead. A full file becomes the older generation and takes the place of the one before it.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

Record = Mapping[str, str | int | float]


class Ring:
    """Records at `path`, of at most `limit` bytes in each of two generations."""

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._older = path.with_suffix(".older.jsonl")
        self._limit = limit
        self._handle: int | None = None
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._renew_lock)

    def append(self, record: Record) -> None:
        """Add a record. One that cannot be written, as on a full disk, is lost."""
        line = json.dumps({**record}, separators=(",", ":")).encode() + b"\n"
        with self._lock, suppress(OSError):
            handle = self._opened()
            if os.fstat(handle).st_size + len(line) > self._limit:
                handle = self._next_file(handle)
            if os.fstat(handle).st_size + len(line) <= self._limit:
                os.write(handle, line)

    def read(self) -> Iterator[dict[str, str | int | float]]:
        """The records, oldest first. A line that a full disk cut is left out."""
        for path in (self._older, self._path):
            with suppress(OSError):
                for line in path.read_bytes().splitlines():
                    with suppress(ValueError):
                        yield json.loads(line)

    def close(self) -> None:
        """Let go of the file; the next record opens it again."""
        with self._lock:
            self._let_go()

    def _opened(self) -> int:
        if self._handle is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._handle

    def _next_file(self, handle: int) -> int:
        """Turn the generations over, unless another process has done so or is at it, and open the newer one."""
        with suppress(BlockingIOError, FileNotFoundError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == self._path.stat().st_ino:
                self._path.replace(self._older)
        self._let_go()
        return self._opened()

    def _let_go(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

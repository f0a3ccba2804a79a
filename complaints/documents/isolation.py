"""Reading with limits: a child process reads a bundle file by file, and a bad file costs only itself."""

import contextlib
import hashlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from complaints.documents.limits import MEGABYTE, Limits
from complaints.documents.names import safe_name
from complaints.documents.reading import DEFAULT_LIMITS, size_problem
from complaints.documents.records import Page, Problem, ReadDocument
from complaints.documents.sniffing import guess_media_type

Progress = Callable[[int, int, str], None]

_ROOT = Path(__file__).resolve().parents[2]
_TICK_SECONDS = 0.05
WORKER: tuple[str, ...] = ("-m", "complaints.documents.worker")
_CHUNK = 1 << 16
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
_TOO_SLOW = Problem("timeout", "Reading the file took too long and was stopped. Print it to PDF and add that.")
_TOO_BIG = Problem("too-large", "Reading the file took too much memory and was stopped. Split it and add the parts.")
_CRASHED = Problem("corrupt", "The file broke the program that reads it. Print it to PDF and add that.")


def read_bundle(
    files: Sequence[tuple[str, bytes]], limits: Limits = DEFAULT_LIMITS, *, on_progress: Progress | None = None
) -> tuple[ReadDocument, ...]:
    """Read files in their order, each followed by the files inside it, in a child process.

    `on_progress(done, total, name)` is called after each file. A file that exceeds the time or memory limit, or
    breaks the child, becomes a document with a `Problem`; a fresh child goes on with the next.
    """
    documents: list[ReadDocument] = []
    for number, found in enumerate(read_files(files, limits), start=1):
        documents += found
        if on_progress is not None:
            on_progress(number, len(files), files[number - 1][0])
    return tuple(documents)


def read_files(
    files: Iterable[tuple[str, bytes]], limits: Limits = DEFAULT_LIMITS
) -> Generator[tuple[ReadDocument, ...], None, None]:
    """What `read_bundle` reads, file by file and as soon as each is read. Closing it stops the child process."""
    with _Child() as child:
        for name, data in files:
            yield child.read(name, data, limits)


def read_file_isolated(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[ReadDocument, ...]:
    """Read one file and the files inside it in a child process of its own."""
    return read_bundle([(name, data)], limits)


class _FailedReading(Exception):
    """The child gave no answer; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class _Child:
    """A reading process, started when first needed and again after each failure."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, name: str, data: bytes, limits: Limits) -> tuple[ReadDocument, ...]:
        refused = size_problem(data, limits)
        if refused is not None:
            return (_unread(name, data, refused),)
        try:
            answer = self._ask(name, data, limits)
        except _FailedReading as failure:
            self._stop()
            return (_unread(name, data, failure.problem),)
        return tuple(_document(item) for item in json.loads(answer))

    def _ask(self, name: str, data: bytes, limits: Limits) -> bytes:
        process = self._process = self._process or _start()
        deadline = time.monotonic() + limits.seconds
        header = json.dumps({"name": name, "limits": asdict(limits), "size": len(data)}).encode()
        exchange = _Exchange(process, b"%d\n%s" % (len(header), header) + data)
        while not exchange.is_complete():
            if time.monotonic() > deadline:
                raise _FailedReading(_TOO_SLOW)
            if _resident_bytes(process.pid) > limits.memory_mb * MEGABYTE:
                raise _FailedReading(_TOO_BIG)
            if not exchange.move(_TICK_SECONDS):
                raise _FailedReading(_TOO_SLOW if process.wait() == -signal.SIGALRM else _CRASHED)
        return exchange.body()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.wait()


class _Exchange:
    """One question to the child and its answer, moved without ever blocking on either pipe."""

    def __init__(self, process: subprocess.Popen[bytes], question: bytes) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the reading process was started without pipes")
        self._to, self._from = process.stdin.fileno(), process.stdout.fileno()
        self._unsent = memoryview(question)
        self._answer = bytearray()
        self._start = 0
        self._end: int | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._from, selectors.EVENT_READ)
        self._selector.register(self._to, selectors.EVENT_WRITE)

    def move(self, seconds: float) -> bool:
        """Send and receive what the pipes take within that time; False when the child has gone."""
        ready = self._selector.select(seconds)
        return all(self._send() if key.fd == self._to else self._receive() for key, _ in ready)

    def _send(self) -> bool:
        try:
            self._unsent = self._unsent[os.write(self._to, self._unsent[:_CHUNK]) :]
        except BrokenPipeError:
            return False
        if not self._unsent:
            self._selector.unregister(self._to)
        return True

    def _receive(self) -> bool:
        chunk = os.read(self._from, _CHUNK)
        self._answer += chunk
        if self._end is None:
            self._measure()
        return bool(chunk)

    def _measure(self) -> None:
        """Find out from the frame's head where its body starts and ends, once enough has come."""
        line_end = self._answer.find(b"\n")
        if line_end < 0:
            return
        start = line_end + 1 + int(self._answer[:line_end])
        if len(self._answer) >= start:
            self._start = start
            self._end = start + int(json.loads(self._answer[line_end + 1 : start])["size"])

    def is_complete(self) -> bool:
        return self._end is not None and len(self._answer) >= self._end

    def body(self) -> bytes:
        self._selector.close()
        return bytes(self._answer[self._start : self._end])


def _start() -> subprocess.Popen[bytes]:
    """Start a reader in a session of its own, without this process's secrets in its environment."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "2", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module, nothing from outside
        [sys.executable, *WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=_ROOT,
        start_new_session=True,
    )
    if process.stdin is not None:
        os.set_blocking(process.stdin.fileno(), False)
    return process


def _resident_bytes(pid: int) -> int:
    """Return the resident size of a process; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0


def _unread(name: str, data: bytes, problem: Problem) -> ReadDocument:
    """Return the document of a file that was not read; nothing is parsed here, in the parent."""
    digest = hashlib.sha256(data).hexdigest()
    return ReadDocument(name=safe_name(name), media_type=guess_media_type(data), sha256=digest, problem=problem)


def _document(item: dict[str, Any]) -> ReadDocument:
    """Rebuild a document from the child's answer."""
    return ReadDocument(
        name=item["name"],
        media_type=item["media_type"],
        sha256=item["sha256"],
        pages=tuple(Page(**page) for page in item["pages"]),
        problem=Problem(**item["problem"]) if item["problem"] else None,
        parent=item["parent"],
        headers=tuple((name, value) for name, value in item["headers"]),
        hidden_text=tuple(item["hidden_text"]),
    )

"""Clients that cost little: processes that write one prepared request over connections that they keep.

What an HTTP library does for each request would take more of the machine than the server does.
"""

import os
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

HOST = "127.0.0.1"
SECONDS = 60
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"
PIECE = 65_536
STOP = ("", 0)


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask of whom."""

    port: int
    path: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def written(self) -> bytes:
        """The request as it is sent."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode()


class Crowd:
    """Processes that ask together: `connections` in all, each kept for as long as the crowd is there."""

    def __init__(self, targets: Mapping[str, Target], lines: Sequence[Connection], connections: int) -> None:
        self._targets = targets
        self._lines = lines
        self._connections = connections
        self.statuses: Counter[int] = Counter()

    def ask(self, name: str, times: int) -> None:
        """Ask for one target so often in each connection, and wait for all answers."""
        for line in self._lines:
            line.send((name, times))
        for line in self._lines:
            self.statuses += line.recv()

    def cpu_seconds(self) -> float:
        """What the clients have used of the processors up to now."""
        for line in self._lines:
            line.send(None)
        return sum(float(line.recv()) for line in self._lines)


@contextmanager
def crowd(targets: Mapping[str, Target], *, processes: int, connections: int) -> Iterator[Crowd]:
    """`processes` with `connections` each."""
    context = get_context("fork")
    pairs = [context.Pipe() for _ in range(processes)]
    workers = [
        context.Process(target=_work, args=(there, dict(targets), connections), daemon=True) for _, there in pairs
    ]
    for worker, (_, there) in zip(workers, pairs, strict=True):
        worker.start()
        there.close()
    try:
        yield Crowd(targets, [here for here, _ in pairs], processes * connections)
    finally:
        for here, _ in pairs:
            here.send(STOP)
        for worker in workers:
            worker.join(SECONDS)


def _work(line: Connection, targets: dict[str, Target], connections: int) -> None:
    askers = [Asker() for _ in range(connections)]
    while (wanted := line.recv()) != STOP:
        line.send(sum(os.times()[:2]) if wanted is None else _burst(askers, targets[wanted[0]], wanted[1]))
    os._exit(0)


def _burst(askers: Sequence["Asker"], target: Target, times: int) -> Counter[int]:
    threads = [threading.Thread(target=asker.ask, args=(target, times)) for asker in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses: Counter[int] = Counter()
    for asker in askers:
        statuses += asker.statuses
        asker.statuses.clear()
    return statuses


class Asker:
    """One client: a connection to each server that it asks."""

    def __init__(self) -> None:
        self._sockets: dict[int, socket.socket] = {}
        self.statuses: Counter[int] = Counter()

    def ask(self, target: Target, times: int) -> None:
        """Ask so often, one after the other; status 0 counts what was not answered."""
        request = target.written
        for _ in range(times):
            try:
                self.statuses[_answer(self._connected(target.port), request)] += 1
            except OSError:
                self.statuses[0] += 1
                self._sockets.pop(target.port).close()

    def _connected(self, port: int) -> socket.socket:
        if port not in self._sockets:
            found = socket.create_connection((HOST, port), timeout=SECONDS)
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[port] = found
        return self._sockets[port]


def _answer(line: socket.socket, request: bytes) -> int:
    """The status; the body is read to its end."""
    line.sendall(request)
    found = b""
    while END not in found:
        found += _received(line)
    head, _, body = found.partition(END)
    length = LENGTH.search(head)
    missing = (int(length[1]) if length else 0) - len(body)
    while missing > 0:
        missing -= len(_received(line))
    return int(head[9:12])


def _received(line: socket.socket) -> bytes:
    piece = line.recv(PIECE)
    if not piece:
        raise ConnectionResetError("The server closed the connection")
    return piece

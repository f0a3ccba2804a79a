"""HTTP to other services: connections that the threads of a process share, and one deadline over everything.

The timeouts of an HTTP client hold for one read each, so that a server which sends a byte a second is never late. Here
every wait on the network ends with the deadline of the thread: `with until(time.monotonic() + 30): client.get(...)`.
The clients whose logs would show what is sent, or the answers to it, are kept to warnings.
"""

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from ssl import SSLContext
from typing import Any, TypeVar

import httpcore2
import httpx2
import openai

T = TypeVar("T")
Options = Iterable[Any]
CONNECTIONS = 64
NEVER = float("inf")
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0  # seconds between attempts, doubled each time
DRAIN_SECONDS, DRAIN_PARTS = 0.05, 4
WATCH_SECONDS = 0.1  # between two looks whether the answer is wanted
WORTH_ANOTHER = {408, 409, 429}  # and what begins with 5

for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Deadline(threading.local):
    at: float = NEVER
    left: Callable[[], bool] | None = None


_deadline = _Deadline()


@contextmanager
def until(at: float, *, left: Callable[[], bool] | None = None) -> Iterator[None]:
    """Within, no wait of this thread on the network lasts past `at`, in seconds of `time.monotonic`.

    Nor does a read wait on once `left` says that nobody wants the answer, but for WATCH_SECONDS; it fails then, and its
    connection is closed.
    """
    before = _deadline.at, _deadline.left
    _deadline.at, _deadline.left = min(_deadline.at, at), left or _deadline.left
    try:
        yield
    finally:
        _deadline.at, _deadline.left = before


def http_client() -> httpx2.Client:
    """A client that follows `until`, for the whole of a process; see `once_per_process`."""
    return client_over(Backend())


def client_over(backend: httpcore2.NetworkBackend) -> httpx2.Client:
    """A client whose connections `backend` opens. It follows no redirects."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS // 4)
    transport = _Transport(limits=limits, backend=backend)
    return httpx2.Client(transport=transport, limits=limits, follow_redirects=False)


def once_per_process(make: Callable[..., T]) -> Callable[..., T]:
    """`make`, called once for each set of arguments and process: a fork must not share its parent's connections."""
    made: dict[tuple[object, ...], T] = {}
    lock = threading.Lock()

    def forget() -> None:
        nonlocal made, lock
        made, lock = {}, threading.Lock()  # not cleared: what the parent holds is not closed by its child

    def get(*args: object) -> T:
        with lock:
            if args not in made:
                made[args] = make(*args)
            return made[args]

    os.register_at_fork(after_in_child=forget)
    return get


def attempts(call: Callable[[], T], *, retries: int, deadline: float, allowed: Callable[[], bool] = lambda: True) -> T:
    """What `call` gives, tried again when it fails for a reason that may pass and time is left until `deadline`.

    Pauses double, with half of each left to chance; a Retry-After of the server is kept to, and one that lasts past the
    deadline ends the attempts. `allowed` is asked before each retry. Raises the last openai.OpenAIError.
    """
    for attempt in range(retries + 1):
        try:
            return call()
        except openai.OpenAIError as error:
            pause = _pause(error, attempt)
            if attempt == retries or pause is None or time.monotonic() + pause >= min(deadline, _deadline.at):
                raise
            if not allowed():
                raise
        _sleep(pause)
    raise AssertionError("no attempt was made")


def _sleep(seconds: float) -> None:
    """Sleep, but no longer than the answer is wanted."""
    ends = time.monotonic() + seconds
    while (more := ends - time.monotonic()) > 0 and not (_deadline.left and _deadline.left()):
        time.sleep(more if _deadline.left is None else min(more, WATCH_SECONDS))


def _pause(error: openai.OpenAIError, attempt: int) -> float | None:
    """Seconds until the next attempt; None where another one would end the same."""
    own: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt) * random.uniform(0.5, 1)  # noqa: S311 - spreads load
    if isinstance(error, openai.APITimeoutError):
        return None  # the time that there was is used up
    if isinstance(error, openai.APIConnectionError):
        return own
    if not isinstance(error, openai.APIStatusError):
        return None
    if error.status_code < 500 and error.status_code not in WORTH_ANOTHER:
        return None
    try:
        return max(own, float(error.response.headers.get("retry-after", "0")))
    except ValueError:  # a date, as RFC 9110 allows too
        return own


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    """The seconds that a wait may take. Raises `late` when there are none."""
    left = _deadline.at - time.monotonic()
    if left <= 0:
        raise late("The deadline has passed")
    if left == NEVER:
        return timeout
    return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    """A connection whose waits end with the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if _deadline.left is None:
            return self._inner.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))
        ends = NEVER if timeout is None else time.monotonic() + timeout
        while not _deadline.left():
            left = _left(None if ends == NEVER else ends - time.monotonic(), httpcore2.ReadTimeout)
            look = WATCH_SECONDS if left is None else max(0.0, min(left, WATCH_SECONDS))
            try:
                return self._inner.read(max_bytes, look)
            except httpcore2.ReadTimeout:
                if left is not None and left <= WATCH_SECONDS:
                    raise
        raise httpcore2.ReadError("Nobody wants the answer any more")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore2.NetworkBackend):
    """Opens connections whose waits end with the deadline."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Options | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_unix_socket(path, left, socket_options))


class _Drained(httpx2.SyncByteStream):
    """A body that is read to its end when it is closed next to it, so that its connection serves the next call.

    The end of a stream of events stands before the end of the body, and the reader stops there.
    """

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner = inner
        self._parts = iter(inner)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts

    def close(self) -> None:
        with suppress(Exception), until(time.monotonic() + DRAIN_SECONDS):
            for _ in islice(self._parts, DRAIN_PARTS):
                pass
        self._inner.close()


class _Transport(httpx2.HTTPTransport):
    """The client's own transport over such connections; httpx2 has no argument for them."""

    def __init__(self, *, limits: httpx2.Limits, backend: httpcore2.NetworkBackend) -> None:
        super().__init__(limits=limits)
        self._pool._network_backend = backend

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Drained(response.stream)
        return response

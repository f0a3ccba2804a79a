"""Server-sent events (HTML Standard, 9.2): frames, signs of life while nothing happens, and the answer that streams."""

import json
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from typing import Any, Final, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.http import StreamingHttpResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

T = TypeVar("T")
MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = b": still here\n\n"
_END: Final = object()


class Streamed(DefaultContentNegotiation):
    """For views that stream: the body is parsed as ever, Accept is not asked; refusals are problem details."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],  # noqa: ARG002
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        """JSON, for what is not the stream."""
        return JSONRenderer(), JSONRenderer.media_type


def frame(event: str, data: object, *, number: object = None) -> bytes:
    """One event: `data` as JSON on one line, so that no text can end the frame or begin another one."""
    return framed(event, json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False), number=number)


def framed(event: str, body: str, *, number: object = None) -> bytes:
    """As `frame`, for data that is JSON already. Without a number, a client that comes back does not name it."""
    body = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
    line = "" if number is None else f"id: {number}\n"
    return f"{line}event: {event}\ndata: {body}\n\n".encode()


def numbered(events: Iterable[tuple[str, object] | None]) -> Iterator[bytes]:
    """The frames of `events`, numbered from 1; None is a sign of life."""
    number = 0
    for one in events:
        if one is None:
            yield HEARTBEAT
            continue
        number += 1
        yield frame(*one, number=number)


def with_heartbeats(items: Iterable[T], *, seconds: float) -> Iterator[T | None]:
    """The items, read in a thread of their own, and None whenever none has come for `seconds`.

    Raises what `items` raises. Where the reader leaves, no more items are asked for, and `items` is closed.
    """
    ready: queue.Queue[object] = queue.Queue(maxsize=64)
    left = threading.Event()
    context = copy_context()
    reader = threading.Thread(target=lambda: context.run(_read, items, ready, left), daemon=True)
    reader.start()
    try:
        while True:
            try:
                found: Any = ready.get(timeout=seconds)
            except queue.Empty:
                yield None
                continue
            if found is _END:
                return
            if isinstance(found, _Failure):
                raise found.error
            yield found
    finally:
        left.set()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _read(items: Iterable[Any], ready: "queue.Queue[object]", left: threading.Event) -> None:
    try:
        for item in items:
            if not _put(ready, item, left):
                break
        _put(ready, _END, left)
    except BaseException as error:  # raised where the items are read
        _put(ready, _Failure(error), left)
    finally:
        close: Callable[[], None] | None = getattr(items, "close", None)
        if close:
            close()
        connections.close_all()


def _put(ready: "queue.Queue[object]", item: object, left: threading.Event) -> bool:
    """Whether there was still a reader to hand `item` to."""
    while not left.is_set():
        try:
            ready.put(item, timeout=0.5)
        except queue.Full:
            continue
        return True
    return False


def event_stream(frames: Iterable[bytes]) -> StreamingHttpResponse:
    """The answer that sends `frames` as they come, past the buffers of proxies."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(frames, content_type=MEDIA_TYPE, headers=headers)

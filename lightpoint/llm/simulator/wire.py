"""The bytes of requests and answers: HTTP/1.1, JSON and events. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lightpoint.llm.records import Usage

END: Final = b"0\r\n\r\n"
STREAM_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
REASONS: Final[Mapping[int, str]] = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Received:
    """One request: its method, path and body, and how many bytes it took."""

    method: str
    path: str
    body: bytes
    size: int


def received(buffer: bytes) -> Received | None:
    """The request at the beginning of `buffer`; None while it is not all there. Raises ValueError if it is none."""
    head, mark, _ = buffer.partition(b"\r\n\r\n")
    if not mark:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    start = len(head) + len(mark)
    size = start + int(headers.get("content-length", "0"))
    return Received(method, path, buffer[start:size], size) if len(buffer) >= size else None


def whole(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """An answer of known length."""
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {REASONS.get(status, 'Error')}\r\n{head}\r\n".encode() + body


def failure(status: int, retry_after: float | None = None) -> bytes:
    """An error as the provider words it."""
    body = json.dumps({"error": {"message": f"simulated {status}", "type": "simulated", "code": status}}).encode()
    return whole(status, body, None if retry_after is None else {"Retry-After": f"{retry_after:g}"})


def part(data: bytes) -> bytes:
    """One part of a body of unknown length."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(value: object) -> bytes:
    """One event of a stream."""
    return part(b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n")


def chunk(number: int, model: str, text: str | None = None, finish: str | None = None) -> dict[str, Any]:
    """A piece of an answer."""
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _frame(number, model, "chat.completion.chunk") | {"choices": [choice]}


def last_chunk(number: int, model: str, usage: Usage) -> dict[str, Any]:
    """What tells the usage at the end of a stream."""
    return _frame(number, model, "chat.completion.chunk") | {"choices": [], "usage": _told(usage)}


def completion(number: int, model: str, text: str, finish: str, usage: Usage) -> dict[str, Any]:
    """A whole answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return _frame(number, model, "chat.completion") | {"choices": [choice], "usage": _told(usage)}


def _frame(number: int, model: str, kind: str) -> dict[str, Any]:
    return {"id": f"simulated-{number}", "object": kind, "created": 0, "model": model}


def _told(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.sent,
        "completion_tokens": usage.written,
        "total_tokens": usage.sent + usage.written,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": usage.cache_written},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }

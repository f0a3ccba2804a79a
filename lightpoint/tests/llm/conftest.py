"""A provider on this machine that speaks chat/completions, whole and as a stream, well and badly."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

KEY = "sk-secret-word"
USAGE = {
    "prompt_tokens": 12,
    "completion_tokens": 3,
    "total_tokens": 15,
    "prompt_tokens_details": {"cached_tokens": 8},
    "completion_tokens_details": {"reasoning_tokens": 1},
}


class Handler(BaseHTTPRequestHandler):
    """Answers as the provider says; the methods are what an answer can be made of."""

    protocol_version = "HTTP/1.1"
    provider: "Provider"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.provider.requests.append(body)
        self.provider.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.provider.clients.add(self.client_address)
        try:
            self.provider.answer(self, body)
        except ConnectionError:
            self.provider.left.set()
            self.close_connection = True

    def whole(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def raw(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def event(self, value: object) -> None:
        self.raw(b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n")

    def end(self) -> None:
        self.event(b"[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_args: object) -> None:
        pass


Answer = Callable[[Handler, dict[str, Any]], None]


def piece(text: str | None = None, finish: str | None = None) -> dict[str, object]:
    delta = {} if text is None else {"content": text}
    return {"id": "1", "model": "model-7", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def answer_of(text: str, finish: str = "stop") -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion", "model": "model-7", "choices": [choice], "usage": USAGE}


def well(handler: Handler, body: dict[str, Any]) -> None:
    """ "Two words", whole or in pieces."""
    if not body.get("stream"):
        return handler.whole(200, answer_of("Two words"))
    handler.begin()
    for text in ("", "Two", " words"):
        handler.event(piece(text))
    handler.event(piece(finish="stop"))
    handler.event({"id": "1", "model": "model-7", "choices": [], "usage": USAGE})
    return handler.end()


class Provider:
    """What was asked of it, and what it answers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.clients: set[object] = set()
        self.left = threading.Event()
        self.answer: Answer = well
        handler = type("Bound", (Handler,), {"provider": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.http.block_on_close = False

    def in_turn(self, *answers: Answer) -> None:
        """The first request has the first of `answers`, and so on; the last one serves the rest."""

        def answer(handler: Handler, body: dict[str, Any]) -> None:
            answers[min(len(self.requests), len(answers)) - 1](handler, body)

        self.answer = answer


def status(code: int, headers: Mapping[str, str] | None = None) -> Answer:
    """An error whose words repeat the prompt and the key."""
    return lambda handler, body: handler.whole(code, {"error": {"message": f"{KEY} {body['messages']}"}}, headers)


def hang(_handler: Handler, _body: dict[str, Any]) -> None:
    time.sleep(2)


def drip(handler: Handler, body: dict[str, Any]) -> None:
    """A byte at a time, for longer than anybody waits, and never a whole event."""
    if not body.get("stream"):
        handler.send_response(200)
        handler.send_header("Content-Length", "10000")
        handler.end_headers()
    else:
        handler.begin()
    for _ in range(60):
        handler.raw(b":") if body.get("stream") else handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """A provider that the settings name."""
    found = Provider()
    thread = threading.Thread(target=found.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.LLM_API_KEY = KEY
    settings.LLM_BASE_URL = f"http://127.0.0.1:{found.http.server_port}/v1"
    settings.LLM_MODEL_FAST, settings.LLM_MODEL_BALANCED, settings.LLM_MODEL_BEST = "small", "middle", "large"
    yield found
    with suppress(OSError):
        found.http.shutdown()
        found.http.server_close()
    thread.join()

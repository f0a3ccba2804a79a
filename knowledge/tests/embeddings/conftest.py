"""Providers that count their calls, and a local server that speaks the shape of OpenAI's embeddings."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings

from knowledge.embeddings import EmbeddingError, Vectors
from knowledge.embeddings.providers import buying_from

Answer = Callable[[dict[str, Any]], tuple[int, dict[str, str], object]]


def row_of(text: str) -> list[float]:
    """A direction of its own for each text."""
    chance = np.random.default_rng(int.from_bytes(sha256(text.encode()).digest()[:8], "big"))
    return [float(value) for value in chance.normal(size=384)]


def unit(text: str) -> Vectors:
    """The same, of length 1."""
    row = np.asarray(row_of(text), dtype=np.float32)
    return row / np.linalg.norm(row)


@dataclass(eq=False)
class Counting:
    """A provider that keeps what it was asked for, refuses the text "bad", and takes its time."""

    key: str = "counting@1"
    seconds: float = 0.0
    calls: list[list[str]] = field(default_factory=list)
    error: Exception = field(default_factory=lambda: EmbeddingError("a text was refused", "text"))

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        time.sleep(self.seconds)
        if "bad" in texts:
            raise self.error
        return np.asarray([unit(text) for text in texts], dtype=np.float32)

    @property
    def bought(self) -> list[str]:
        return sorted(text for call in self.calls for text in call)


@pytest.fixture
def counting() -> Iterator[Counting]:
    """What `embed` buys from, in place of the model."""
    found = Counting()
    with buying_from(found):
        yield found


class Server:
    """A server on this machine. `answer` says what it answers to the body of a request."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = well
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                status, headers, answer = outer.answer(body)
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                with suppress(ConnectionError):  # the client has left
                    self.wfile.write(raw)

            def log_message(self, *_args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.block_on_close = False
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


def well(body: dict[str, Any]) -> tuple[int, dict[str, str], object]:
    """As OpenAI answers; out of order, as it is allowed to."""
    rows = [{"object": "embedding", "index": place, "embedding": row_of(t)} for place, t in enumerate(body["input"])]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return 200, {}, {"object": "list", "data": rows[::-1], "model": body["model"], "usage": usage}


@pytest.fixture
def endpoint(settings: Settings) -> Iterator[Server]:
    """A server that the settings name."""
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.EMBEDDING_URL = server.url
    settings.EMBEDDING_MODEL = "small"
    settings.EMBEDDING_API_KEY = "sk-secret-word"
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()

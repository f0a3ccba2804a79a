"""A Sentry on this machine: takes envelopes in and keeps every byte that arrived.

The format is https://develop.sentry.dev/sdk/data-model/envelopes/: a line of headers, then for each item a line of
headers with its length and the payload.
"""

import gzip
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Item:
    """One item of an envelope."""

    kind: str
    payload: dict[str, Any]


@dataclass
class Receiver:
    """What has arrived: the items, and everything as text (headers of HTTP and of envelopes included)."""

    port: int
    items: list[Item] = field(default_factory=list)
    text: str = ""

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.port}/1"

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [item.payload for item in self.items if item.kind == kind]

    def take(self, headers: str, body: bytes) -> None:
        self.text += headers + body.decode(errors="replace")
        _, _, rest = body.partition(b"\n")
        while rest.strip():
            line, _, rest = rest.partition(b"\n")
            header = json.loads(line)
            length = header.get("length", len(rest))
            payload, rest = rest[:length], rest[length:].removeprefix(b"\n")
            self.items.append(Item(header["type"], json.loads(payload)))


class Server(ThreadingHTTPServer):
    """Listens on a free port of loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.receiver = Receiver(self.server_address[1])
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def stop(self) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert self.path == "/api/1/envelope/"
        self.server.receiver.take(f"{self.path}\n{self.headers}", body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Not on the console of the tests."""

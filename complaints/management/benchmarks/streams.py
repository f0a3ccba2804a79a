"""Streams of events beside the API in one process.

Targets: with 300 streams open a process answers the API at 0.85 of its rate or more, and no stream holds a connection
of the database; the first event comes within 250 ms at the 95th percentile; and over 1,000 random disconnects what the
client was sent is what was published, each event once and in its order.

What the ASGI server costs the API beside the WSGI server is told without a target. On two cores with nothing else to do
it takes about four minutes.
"""

import asyncio
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from rich.console import Console

from complaints.models import Complaint
from lightpoint.benchmarks.bursts import WIDE, even, measure
from lightpoint.benchmarks.crowd import Target
from lightpoint.benchmarks.harness import SEED, Figures, own_redis, ratio
from lightpoint.benchmarks.server import HOST, WITH_STREAMS, own_database, product_server
from lightpoint.embedded import Redis
from lightpoint.events import case_channel, publish
from lightpoint.management.load import fill
from lightpoint.management.reader import Headers, Reader, largest_practice, make_reader

STREAMS, DISCONNECTS = 300, 1_000
RATE_AT_LEAST, FIRST_MS = 0.85, 250
API = "/api/v1/complaints/"
ROUNDS = 8
PIECE = 65_536
END = b"\r\n\r\n"
AT_ONCE = 0.25  # of the clients leave before anything can have come
WAIT_SECONDS = 30
KEPT = 100_000  # events, so that none is lost to a client that was away
BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
PARAGRAPH = "HMRC said on 6 October 2025 that the repayment would be made within 21 days, and it was not. " * 12
_EVENT = re.compile(rb'id: (\S+)\nevent: text\ndata: \{"number": (\d+), [^\n]*\}\n\n')


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_redis(EVENTS_KEPT=KEPT) as redis, own_database() as database:
        with transaction.atomic():
            fill(complaints=50, practices=1, now=timezone.now())
        practice = largest_practice()
        reader = make_reader(now=timezone.now(), practice=practice)
        case = Complaint.objects.filter(practice=practice).order_by("pk").values_list("pk", flat=True)[0]
        sequence = _sequence(redis, database, reader, case)
        say(console, f"{DISCONNECTS} disconnects: {sequence}", sequence)
        rate = _rate(redis, database, reader, case)
        say(console, f"{STREAMS} streams: {rate}", rate)
    return {"rate": rate, "sequence": sequence, "holds": bool(rate["holds"]) and bool(sequence["holds"])}


def say(console: Console, what: str, figures: Figures) -> None:
    """One line for a part of the benchmark, with whether its targets are met."""
    verdict = "holds" if figures["holds"] else "void: the machine was busy" if figures.get("void") else "misses"
    console.print(f"{verdict}: {what}", highlight=False)


def _rate(redis: Redis, database: str, reader: Reader, case: int) -> Figures:
    with (
        product_server(redis, database, application=WITH_STREAMS, **WIDE) as busy,
        product_server(redis, database, application=WITH_STREAMS, **WIDE) as idle,
        product_server(redis, database, **WIDE) as wsgi,
    ):
        before = _backends()
        with _open_streams(busy, case, reader.by_key) as first_ms:
            held = _backends() - before
            targets = {
                "with_streams": Target(busy, API, reader.by_key),
                "without": Target(idle, API, reader.by_key),
                "without_again": Target(idle, API, reader.by_key),
                "wsgi": Target(wsgi, API, reader.by_key),
            }
            seconds, figures = measure(targets, rounds=ROUNDS)
    part = ratio(seconds["without"], seconds["with_streams"])
    again = ratio(seconds["without_again"], seconds["without"])
    p95 = float(np.percentile(first_ms, 95))
    return {
        "streams": STREAMS, **figures, "with_streams_to_without": part.figures, **even(again),
        "asgi_to_wsgi": ratio(seconds["wsgi"], seconds["without"]).figures,
        "first_event_ms": {"p50": round(float(np.percentile(first_ms, 50)), 1), "p95": round(p95, 1)},
        "database_connections_more": held,
        "holds": again.is_even and figures["all_200"] and part.value >= RATE_AT_LEAST and p95 <= FIRST_MS and held <= 8,
    }  # fmt: skip


def _backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(BACKENDS)
        return int(cursor.fetchone()[0])


@contextmanager
def _open_streams(port: int, case: int, headers: Headers) -> Iterator[list[float]]:
    """STREAMS of them, read in a thread of their own; gives the milliseconds to the first event of each."""
    loop, opened, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    first_ms: list[float] = []

    async def hold() -> None:
        lines = []
        for _ in range(STREAMS):
            started = time.perf_counter()
            reader, writer = await _ask(port, case, headers)
            await _until(reader, b"event: state")
            first_ms.append(1000 * (time.perf_counter() - started))
            lines.append((asyncio.create_task(_drain(reader)), writer))
        opened.set()
        await ended.wait()
        for task, writer in lines:
            task.cancel()
            writer.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(hold()), daemon=True)
    thread.start()
    if not opened.wait(STREAMS):
        raise TimeoutError(f"{len(first_ms)} of {STREAMS} streams could be opened")
    try:
        yield first_ms
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(WAIT_SECONDS)
        loop.close()


async def _ask(
    port: int, case: int, headers: Headers, last: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(HOST, port)
    sent = [*headers, ("Accept", "text/event-stream"), *([("Last-Event-ID", last)] if last else [])]
    lines = [f"GET /api/v1/complaints/{case}/events/ HTTP/1.1", f"Host: {HOST}", *(f"{n}: {v}" for n, v in sent)]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await writer.drain()
    return reader, writer


async def _until(reader: asyncio.StreamReader, wanted: bytes) -> bytes:
    found = b""
    async with asyncio.timeout(WAIT_SECONDS):
        while wanted not in found:
            piece = await reader.read(PIECE)
            if not piece:
                raise ConnectionError(f"The stream ended: {found[:300]!r}")
            found += piece
    return found


async def _drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(PIECE):
        pass


def _sequence(redis: Redis, database: str, reader: Reader, case: int) -> Figures:
    """A client that is cut off at random, beside somebody who publishes all the while."""
    with product_server(redis, database, application=WITH_STREAMS, **WIDE, EVENTS_KEPT=str(KEPT)) as port:
        return asyncio.run(_cut_off(port, reader.by_key, case))


@dataclass
class _Client:
    """One that keeps the numbers that it was sent, and the id of the last event."""

    port: int
    headers: Headers
    case: int
    got: list[int] = field(default_factory=list)
    last: str = "0-0"

    async def read(self, seconds: float, until: int) -> None:
        """Follow for so long, or until so many numbers are there; then break off."""
        reader, writer = await _ask(self.port, self.case, self.headers, self.last)
        body = _Body()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.got) < until and (piece := await reader.read(PIECE)):
                    for place, number in body.events(piece):
                        self.last = place
                        self.got.append(number)
        writer.transport.abort()


class _Body:
    """The body of a chunked answer as it comes. What of it is not whole yet is no event yet."""

    def __init__(self) -> None:
        self._raw, self._text, self._begun = bytearray(), bytearray(), False

    def events(self, piece: bytes) -> list[tuple[str, int]]:
        """The ids and numbers of the events that are whole with this piece."""
        self._raw += piece
        if not self._begun and END in self._raw:
            del self._raw[: self._raw.index(END) + len(END)]
            self._begun = True
        while self._begun and (mark := self._raw.find(b"\r\n")) > 0:
            end = mark + 2 + int(self._raw[:mark], 16)
            if len(self._raw) < end + 2:
                break
            self._text += self._raw[mark + 2 : end]
            del self._raw[: end + 2]
        found = list(_EVENT.finditer(self._text))
        events = [(match[1].decode(), int(match[2])) for match in found]
        if found:
            del self._text[: found[-1].end()]
        return events


async def _cut_off(port: int, headers: Headers, case: int) -> Figures:
    chance, client, published = random.Random(SEED), _Client(port, headers, case), 0  # noqa: S311 - an order
    over = asyncio.Event()

    async def tell() -> None:
        nonlocal published
        while not over.is_set():
            text = {"number": published, "paragraphs": [PARAGRAPH]}
            await asyncio.to_thread(publish, case_channel(case), "text", text)
            published += 1
            await asyncio.sleep(chance.uniform(0, 0.01))

    telling = asyncio.create_task(tell())
    for _ in range(DISCONNECTS):
        soon = chance.random() < AT_ONCE
        await client.read(chance.uniform(0.0, 0.02) if soon else WAIT_SECONDS, len(client.got) + chance.randint(1, 5))
    over.set()
    await telling
    await client.read(WAIT_SECONDS, published)
    same = client.got == list(range(published))
    return {"disconnects": DISCONNECTS, "published": published, "received": len(client.got), "same": same,
            "holds": same}  # fmt: skip

"""Rate limits at the edges of windows, beside django-ratelimit alone, and the product while its Redis fails.

Targets: 8 processes never get more than the limit in any window, by the times that Redis gave; no answer of 500 while
Redis is stopped, frozen, and flushed in mid-run.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from multiprocessing import Queue, get_context
from statistics import median

import redis
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django_ratelimit.core import _get_window, is_ratelimited
from rich.console import Console

from lightpoint.benchmarks.harness import Figures, own_redis
from lightpoint.benchmarks.server import Load, own_database, press, product_server, signed_in_cookie
from lightpoint.embedded import Redis
from lightpoint.ratelimit import consume

PROCESSES = 8
LIMIT, SECONDS = 20, 2
RATE = f"{LIMIT}/{SECONDS}s"
EDGES = 5
BEFORE, AFTER = 0.25, 0.45  # seconds round an edge in which all processes press
SUBJECT = "user:1"
LIMITS = {"edge": {"rate": RATE, "per": "user", "without_redis": "refuse"}}
MICROSECONDS = 1_000_000
PATHS = ("/guidance/?q=delay", "/guidance/", "/api/v1/practices/", "/overview/", "/cases/")
WIDE = {f"RATE_LIMIT_{name}": "1000000/m" for name in ("USER", "PRACTICE", "ADDRESS")}
Times = list[int]


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_redis(RATE_LIMITS=LIMITS):
        edges = _edges()
    console.print(f"In any {SECONDS} s: {edges['ours_most']} of ours, {edges['django_ratelimit_most']} of the other")
    with own_redis() as server, own_database() as database:
        faults = _faults(server, database, console)
    return {"edges": edges, "faults": faults, "holds": bool(edges["holds"] and faults["holds"])}


def _edges() -> Figures:
    """What both let through, asked in turn by the same processes at the same moments."""
    begin = time.time() + 1.0
    results: Queue[tuple[Times, Times, int, int]] = get_context("fork").Queue()
    callers = [get_context("fork").Process(target=_press_on_edges, args=(begin, results)) for _ in range(PROCESSES)]
    for caller in callers:
        caller.start()
    found = [results.get() for _ in callers]
    for caller in callers:
        caller.join()
    ours = sorted(at for result in found for at in result[0])
    theirs = sorted(at for result in found for at in result[1])
    wrong, asked = sum(result[2] for result in found), sum(result[3] for result in found)
    most = most_in_window(ours, SECONDS * MICROSECONDS)
    return {
        "processes": PROCESSES,
        "rate": RATE,
        "asked": asked,
        "ours_allowed": len(ours),
        "ours_most": most,
        "times_outside_the_call": wrong,
        "django_ratelimit_allowed": len(theirs),
        "django_ratelimit_most": most_in_window(theirs, SECONDS * MICROSECONDS),
        "holds": most <= LIMIT and not wrong and len(ours) >= LIMIT * (EDGES - 1),
    }


def _press_on_edges(begin: float, results: "Queue[tuple[Times, Times, int, int]]") -> None:
    ours, theirs, wrong, asked = Times(), Times(), 0, 0
    client, edge = _client(), _first_edge(begin)
    for number in range(EDGES):
        middle = edge + number * SECONDS
        time.sleep(max(0.0, middle - BEFORE - time.time()))
        while time.time() < middle + AFTER:
            asked += 1
            first = _time_of(client)
            decision = consume("edge", SUBJECT, now=timezone.now())
            last = _time_of(client)
            if decision.allowed:
                at = _microseconds(decision.at)
                ours.append(at)
                wrong += not first <= at <= last
            if not is_ratelimited(HttpRequest(), group="edge", key=_subject, rate=RATE, increment=True):
                theirs.append(_time_of(client))
    results.put((ours, theirs, wrong, asked))


def most_in_window(times: Sequence[int], width: int) -> int:
    """The most of `times`, in order, that lie in any window of `width`, both of its edges counted."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] > width:
            first += 1
        most = max(most, last - first + 1)
    return most


def _subject(_group: str, _request: HttpRequest) -> str:
    return SUBJECT


def _first_edge(after: float) -> float:
    """Where a window of django-ratelimit ends: its windows are fixed, and shifted by a hash of the subject."""
    now = _get_window(SUBJECT, SECONDS)
    return float(now + SECONDS * (1 + max(0, int(after - now)) // SECONDS))


def _time_of(client: redis.Redis) -> int:
    seconds, microseconds = client.time()
    return int(seconds) * MICROSECONDS + int(microseconds)


def _microseconds(at: datetime) -> int:
    since = at - datetime.fromtimestamp(0, UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def _client() -> redis.Redis:
    client: redis.Redis = caches["default"].client.get_client()  # type: ignore[attr-defined]
    return client


def _faults(server: Redis, database: str, console: Console) -> Figures:
    """The answers of a server of the product in each state of its Redis."""
    cookie = {"Cookie": signed_in_cookie()}
    states: dict[str, Callable[[], None]] = {
        "running": lambda: None,
        "stopped": lambda: _signal(server, signal.SIGTERM),
        "running_again": lambda: _start(server),
        "frozen": lambda: _signal(server, signal.SIGSTOP),
        "thawed": lambda: _signal(server, signal.SIGCONT),
        "flushed": lambda: _flush(server),
    }
    figures: Figures = {}
    with product_server(server, database, REDIS_BREAK_SECONDS="2", **WIDE) as port:
        for state, bring_about in states.items():
            load = _press_through(port, cookie, bring_about)
            figures[state] = _figures_of(load)
            console.print(f"Redis {state}: {dict(load.statuses)}")
    loads = [figure for figure in figures.values() if isinstance(figure, dict)]
    holds = all(not one["answers_5xx"] and not one["no_answer"] and one["answers_200"] for one in loads)
    return {**figures, "holds": holds}


def _press_through(port: int, cookie: dict[str, str], bring_about: Callable[[], None]) -> Load:
    """The answers of some seconds, in the first of which the state of Redis is brought about."""
    change = threading.Timer(0.5, bring_about)
    change.start()
    load = press(port, PATHS, seconds=5.0, headers=cookie)
    change.join()
    return load


def _figures_of(load: Load) -> Figures:
    count = load.statuses
    return {
        "answers": sum(count.values()),
        "answers_200": count[200],
        "answers_429": count[429],
        "answers_5xx": sum(times for status, times in count.items() if status >= 500),
        "no_answer": count[0],
        "others": {status: times for status, times in sorted(count.items()) if status not in {0, 200, 429}},
        "p50_ms": round(median(load.seconds) * 1000, 1),
        "slowest_ms": round(max(load.seconds) * 1000, 1),
    }


def _signal(server: Redis, what: signal.Signals) -> None:
    os.kill(server.pid() or 0, what)


def _start(server: Redis) -> None:
    server.ensure()


def _flush(server: Redis) -> None:
    with redis.Redis(unix_socket_path=str(server.socket)) as client:
        client.flushall()
        client.script_flush()

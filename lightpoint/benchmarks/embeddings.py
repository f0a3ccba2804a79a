"""Embeddings gathered beside one call of the provider for each text; the whole way, with Redis and PostgreSQL.

The provider takes 20 ms for a call, whatever its size, and serves one at a time, as a model on one processor does; what
gathering is worth where it serves all callers at the same time stands beside it. Targets, with 64 callers at once whose
texts nobody has asked for before: at most 1/8 of the calls, at least 3 times the texts a second; and a caller who is
alone, in a process whose other threads could call at any moment, pays at most 12 ms more than without gathering.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from queue import SimpleQueue
from statistics import median

from django.db import connection
from django.test import override_settings
from rich.console import Console

from lightpoint.benchmarks.harness import Figures, medians, own_redis, ratio, take_turns
from lightpoint.benchmarks.server import own_database
from lightpoint.management.embedding_calls import SlowProvider, buying_from, embed_one

CALLERS = 64
CALL_SECONDS = 0.020
ROUNDS = 12
LONE_ROUNDS, LONE_CALLS = 12, 15
MOST_CALLS, LEAST_SPEEDUP, MOST_EXTRA_MS = 1 / 8, 3.0, 12.0
UNGATHERED = {"EMBEDDING_GATHER_MS": 0.0, "EMBEDDING_MAX_BATCH": 1}
ARMS: dict[str, dict[str, float]] = {"ours": {}, "unbatched": UNGATHERED, "unbatched_again": UNGATHERED}
BESIDE = ("texts_per_second", "calls_to_unbatched", "throughput_to_unbatched", "aa")  # no target hangs on these
_numbers = count()


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    queueing, parallel = SlowProvider(CALL_SECONDS, at_once=1), SlowProvider(CALL_SECONDS, at_once=CALLERS)
    with own_redis(), own_database(), _callers() as burst:
        with buying_from(parallel):
            burst()  # connections are made
            beside = _crowd(parallel, burst, console)
        with buying_from(queueing):
            crowd = _crowd(queueing, burst, console)
            lone = _lone()
    return {
        "callers": CALLERS,
        "provider_ms": CALL_SECONDS * 1000,
        "provider_calls_at_once": 1,
        **crowd,
        "provider_serving_all_at_once": {name: beside[name] for name in BESIDE},
        "lone": lone,
        "void": bool(crowd["void"]) or bool(lone["void"]),
        "holds": bool(crowd["holds"]) and bool(lone["holds"]),
    }


def _crowd(provider: SlowProvider, burst: Callable[[], None], console: Console) -> Figures:
    """All callers at once, each with a text of its own; arm after arm within a round, in a new order each time."""
    calls: dict[str, list[float]] = {name: [] for name in ARMS}

    def arm(name: str) -> Callable[[], None]:
        def call() -> None:
            before = provider.calls
            with override_settings(**ARMS[name]):
                burst()
            calls[name].append(provider.calls - before)

        return call

    samples = take_turns({name: arm(name) for name in ARMS}, rounds=ROUNDS, calls=1)
    seconds = {name: medians(rounds) for name, rounds in samples.items()}
    speedup = ratio(seconds["unbatched"], seconds["ours"])
    fewer = ratio(calls["ours"], calls["unbatched"])
    again = ratio(seconds["unbatched_again"], seconds["unbatched"])
    console.print(f"{CALLERS} callers: {median(calls['ours']):g} calls for {median(calls['unbatched']):g}")
    return {
        "rounds": ROUNDS,
        "provider_calls": calls,
        "texts_per_second": {name: round(CALLERS / median(found), 1) for name, found in seconds.items()},
        "calls_to_unbatched": fewer.figures,
        "throughput_to_unbatched": speedup.figures,
        "aa": again.figures,
        "void": not again.is_even,
        "holds": again.is_even and max(calls["ours"]) <= CALLERS * MOST_CALLS and speedup.low >= LEAST_SPEEDUP,
    }


def _lone() -> Figures:
    """One caller, while the threads of the others wait for work."""

    def arm(name: str) -> Callable[[], None]:
        def call() -> None:
            with override_settings(**ARMS[name]):
                embed_one(f"lone {next(_numbers)}")

        return call

    samples = take_turns({name: arm(name) for name in ARMS}, rounds=LONE_ROUNDS, calls=LONE_CALLS)
    p50 = {name: medians(rounds) for name, rounds in samples.items()}
    again = ratio(p50["unbatched_again"], p50["unbatched"])
    extra_ms = [(ours - other) * 1000 for ours, other in zip(p50["ours"], p50["unbatched"], strict=True)]
    return {
        "p50_ms": {name: round(median(found) * 1000, 2) for name, found in p50.items()},
        "extra_ms": round(median(extra_ms), 2),
        "extra_ms_worst_round": round(max(extra_ms), 2),
        "ours_to_unbatched": ratio(p50["ours"], p50["unbatched"]).figures,
        "aa": again.figures,
        "void": not again.is_even,
        "holds": again.is_even and median(extra_ms) <= MOST_EXTRA_MS,
    }


class _Crowd:
    """Threads that each embed a text of their own when told to, all at once."""

    def __init__(self) -> None:
        self._start, self._done = threading.Barrier(CALLERS + 1), threading.Barrier(CALLERS + 1)
        self._faults: SimpleQueue[str] = SimpleQueue()
        self._over = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CALLERS)]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        self._start.wait()
        while not self._over:
            try:
                embed_one(f"text {next(_numbers)}")
            except Exception as error:  # told by the one who waits
                self._faults.put(repr(error))
            self._done.wait()
            self._start.wait()
        connection.close()

    def burst(self) -> None:
        """Begin, and wait for the last."""
        self._start.wait()
        self._done.wait()
        if not self._faults.empty():
            raise RuntimeError(f"A caller failed: {self._faults.get()}")

    def end(self) -> None:
        """Send them home."""
        self._over = True
        self._start.wait()
        for thread in self._threads:
            thread.join()


@contextmanager
def _callers() -> Iterator[Callable[[], None]]:
    """Gives what has all callers embed a text at once."""
    crowd = _Crowd()
    try:
        yield crowd.burst
    finally:
        crowd.end()

"""The cache beside Django's `cache.get_or_set` and a raw GET of Redis.

Targets: 200 cold callers in 4 processes make one computation; with the leader killed, at most two; the p50 of a hit is
at most twice that of a raw GET.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import redis
from django.core.cache import cache, caches
from rich.console import Console

from lightpoint.benchmarks.harness import Figures, medians, own_redis, ratio, take_turns
from lightpoint.cache import Entry, get_or_compute
from lightpoint.cache.entries import keys_of

ENTRY = Entry("bench.value", ttl=timedelta(hours=1))
PROCESSES = 4
THREADS = 50
ROUNDS = 3
COMPUTE_SECONDS = 0.5
START_SECONDS = 1.0  # for the threads of all processes to be there
VALUE = {"rows": [{"id": number, "name": f"Practice {number}", "open": number % 7} for number in range(40)]}
HIT_ROUNDS, HIT_CALLS = 40, 60
LARGEST_RATIO = 2.0
Read = Callable[[str], object]


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_redis():
        cold = {"ours": [], "get_or_set": []}  # type: dict[str, list[int]]
        for number in range(ROUNDS):
            cold["ours"].append(_computations(_read_ours, f"ours-{number}"))
            cold["get_or_set"].append(_computations(_read_theirs, f"theirs-{number}"))
            console.print(f"Cold, round {number + 1}: {cold['ours'][-1]} and {cold['get_or_set'][-1]} computations")
        killed = [_computations(_read_ours, f"killed-{number}", kill_leader=True) for number in range(ROUNDS)]
        console.print(f"Leader killed: {killed} computations")
        hits = _hits()
    holds = set(cold["ours"]) == {1} and max(killed) <= 2 and bool(hits["holds"])
    return {
        "callers": PROCESSES * THREADS,
        "processes": PROCESSES,
        "cold_computations": cold["ours"],
        "cold_computations_get_or_set": cold["get_or_set"],
        "computations_leader_killed": killed,
        "hit": hits,
        "holds": holds,
    }


def _hits() -> Figures:
    key = keys_of(ENTRY, 1, ["hit"]).value
    get_or_compute(ENTRY, practice=1, parts=["hit"], compute=lambda: VALUE)
    client = _client()
    arms = {
        "raw": lambda: client.get(key),
        "raw_again": lambda: client.get(key),
        "ours": lambda: get_or_compute(ENTRY, practice=1, parts=["hit"], compute=lambda: VALUE),
    }
    take_turns(arms, rounds=2, calls=HIT_CALLS)
    p50 = {name: medians(rounds) for name, rounds in take_turns(arms, rounds=HIT_ROUNDS, calls=HIT_CALLS).items()}
    ours, again = ratio(p50["ours"], p50["raw"]), ratio(p50["raw_again"], p50["raw"])
    return {
        "value_bytes": client.strlen(key),
        "p50_us": {name: round(sorted(times)[len(times) // 2] * 1e6, 1) for name, times in p50.items()},
        "ours_to_raw": ours.figures,
        "aa": again.figures,
        "void": not again.is_even,
        "holds": again.is_even and ours.value <= LARGEST_RATIO,
    }


def _computations(read: Read, key: str, *, kill_leader: bool = False) -> int:
    """How often the value was computed when all callers ask for it at the same moment."""
    client = _client()
    with _callers(read, key):
        if kill_leader:
            os.kill(_leader(client, key), signal.SIGKILL)
    return client.llen(f"computed:{key}")


@contextmanager
def _callers(read: Read, key: str) -> Iterator[None]:
    begin = time.time() + START_SECONDS
    callers = [get_context("fork").Process(target=_ask, args=(read, key, begin)) for _ in range(PROCESSES)]
    for caller in callers:
        caller.start()
    yield
    for caller in callers:
        caller.join()
    _check(callers)


def _check(callers: Sequence[BaseProcess]) -> None:
    faults = [caller.exitcode for caller in callers if caller.exitcode not in {0, -signal.SIGKILL}]
    if faults:
        raise RuntimeError(f"Callers ended with {faults}")


def _ask(read: Read, key: str, begin: float) -> None:
    """What one process does: as many threads as it has callers, all at `begin` (seconds since 1970)."""
    faults: list[object] = []

    def one() -> None:
        time.sleep(max(0.0, begin - time.time()))
        if read(key) != VALUE:
            faults.append(key)

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(1 if faults else 0)


def _compute(key: str) -> object:
    _client().rpush(f"computed:{key}", os.getpid())
    time.sleep(COMPUTE_SECONDS)
    return VALUE


def _leader(client: redis.Redis, key: str) -> int:
    while not (found := client.lindex(f"computed:{key}", 0)):
        time.sleep(0.01)
    return int(found)


def _read_ours(key: str) -> object:
    return get_or_compute(ENTRY, practice=1, parts=[key], compute=lambda: _compute(key))


def _read_theirs(key: str) -> object:
    return cache.get_or_set(key, lambda: _compute(key), timeout=3600)


def _client() -> redis.Redis:
    client: redis.Redis = caches["default"].client.get_client()  # type: ignore[attr-defined]
    return client

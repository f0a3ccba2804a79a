"""Rates of a server under bursts of requests, the arms in turn."""

import time
from collections.abc import Callable, Mapping
from statistics import median

from lightpoint.benchmarks.crowd import Crowd, Target, crowd
from lightpoint.benchmarks.harness import Figures, Ratio, medians, take_turns

PROCESSES, CONNECTIONS = 2, 4
TIMES = 12  # requests of each connection in one burst: 96 in all
ROUNDS, BURSTS = 15, 4
WIDE = {f"RATE_LIMIT_{name}": "1000000/m" for name in ("USER", "PRACTICE", "ADDRESS", "API")}  # counted, not reached
Targets = Mapping[str, Target]


def measure(
    targets: Targets, *, processes: int = PROCESSES, connections: int = CONNECTIONS, rounds: int = ROUNDS
) -> tuple[dict[str, list[float]], Figures]:
    """The median seconds of a burst by target and round, and what there is to say of all of them."""
    with crowd(targets, processes=processes, connections=connections) as clients:
        arms = {name: _burst_of(clients, name) for name in targets}
        take_turns(arms, rounds=1, calls=2)
        clients.statuses.clear()
        started, used = time.perf_counter(), clients.cpu_seconds()
        samples = take_turns(arms, rounds=rounds, calls=BURSTS)
        share = (clients.cpu_seconds() - used) / (time.perf_counter() - started)
    seconds = {name: medians(rounds) for name, rounds in samples.items()}
    asked = processes * connections * TIMES
    return seconds, {
        "clients": processes * connections,
        "requests_a_second": {name: round(asked / median(found), 1) for name, found in seconds.items()},
        "answers": dict(clients.statuses),
        "all_200": set(clients.statuses) == {200},
        "clients_share_of_a_core": round(share, 3),
    }


def _burst_of(clients: Crowd, name: str) -> Callable[[], None]:
    return lambda: clients.ask(name, TIMES)


def even(again: Ratio) -> Figures:
    """The A/A of a benchmark, and whether it makes it void."""
    return {"aa": again.figures, "void": not again.is_even}

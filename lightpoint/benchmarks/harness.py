"""What every benchmark needs: arms that take turns, ratios with an interval, and services of the benchmark's own.

    samples = take_turns({"raw": get, "raw again": get, "ours": read}, rounds=40, calls=50)
    p50 = {name: medians(rounds) for name, rounds in samples.items()}
    ours, again = ratio(p50["ours"], p50["raw"]), ratio(p50["raw again"], p50["raw"])
    return {"ours": ours.figures, "aa": again.figures, "void": not again.is_even, "holds": again.is_even and ...}

A run in which an arm differs from itself by more than a twentieth (A/A) says nothing, and is void.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import mkdtemp
from typing import Any

from django.conf import settings
from django.test import override_settings

from lightpoint.embedded import Redis
from lightpoint.redis_link import link

Call = Callable[[], object]
Figures = dict[str, object]
SEED = 20_250_304
RESAMPLES = 2_000
EVEN = (0.95, 1.05)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as large, with the bounds that 95 of 100 resamples of the rounds keep within."""

    value: float
    low: float
    high: float

    @property
    def is_even(self) -> bool:
        """Whether the two could be the same thing, as in an A/A run they are."""
        return EVEN[0] <= self.value <= EVEN[1]

    @property
    def figures(self) -> Figures:
        """As the JSON line has it."""
        return {"ratio": round(self.value, 3), "low": round(self.low, 3), "high": round(self.high, 3)}


def take_turns(arms: Mapping[str, Call], *, rounds: int, calls: int, seed: int = SEED) -> dict[str, list[list[float]]]:
    """The seconds of each call, by arm and round. Within a round the arms take turns, in a new order each time."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    order = list(arms)
    samples: dict[str, list[list[float]]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name in order:
            samples[name].append([])
        for _ in range(calls):
            chance.shuffle(order)
            for name in order:
                samples[name][-1].append(seconds_of(arms[name]))
    return samples


def seconds_of(call: Call) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    """The median of each round."""
    return [median(samples) for samples in rounds]


def ratio(top: Sequence[float], base: Sequence[float], *, seed: int = SEED) -> Ratio:
    """The median of `top` over `base`, round by round, with a bootstrap interval over the rounds (Efron 1979)."""
    pairs = [one / other for one, other in zip(top, base, strict=True)]
    chance = random.Random(seed)  # noqa: S311 - resampling, not a secret
    found = sorted(median(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return Ratio(median(pairs), found[round(0.025 * RESAMPLES)], found[round(0.975 * RESAMPLES) - 1])


@contextmanager
def own_redis(**more: object) -> Iterator[Redis]:
    """A Redis in a folder of its own, which this process and those forked from it use; with the settings `more`."""
    folder = Path(mkdtemp(prefix="lightpoint-bench-"))
    server = Redis(folder)
    server.ensure()
    cache: dict[str, Any] = dict(settings.CACHES["default"])
    cache["LOCATION"] = f"unix://{server.socket}"
    cache["OPTIONS"] = {**cache["OPTIONS"], "CONNECTION_POOL_CLASS": "lightpoint.cache.NamedPool"}
    try:
        with override_settings(CACHES={"default": cache}, CACHE_BUMPS_DIR=folder / "bumps", **more):
            link.breaker.succeed()
            yield server
    finally:
        link.breaker.succeed()
        server.stop()
        for path in {folder, server.place.home}:
            rmtree(path, ignore_errors=True)

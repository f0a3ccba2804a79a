"""What a simulator is set up with: model classes, spread and faults."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from lightpoint.llm.prices import Price

Kind = Literal[
    "status",  # an HTTP error
    "hang",  # no byte at all
    "drip",  # a byte now and then, and never an event
    "half-close",  # the sending side ends in the middle of the answer
    "malformed",  # a body, or in the middle of a stream an event, that is not JSON
    "truncated",  # half the answer, with finish_reason "length"
    "wrong-json",  # JSON of another shape than was asked for
]


@dataclass(frozen=True, slots=True)
class ModelClass:
    """One model: seconds to its first token, tokens a second, and prices. Cache writes are told where they cost."""

    first_token: float
    per_second: float
    price: Price


def _priced(sent: str, cached: str, written: str) -> Price:
    return Price(Decimal(sent), Decimal(cached), Decimal(sent), Decimal(written))


CLASSES: Final[Mapping[str, ModelClass]] = MappingProxyType(
    {
        "simulated/fast": ModelClass(0.6, 120, _priced("1", "0.1", "5")),
        "simulated/balanced": ModelClass(1.5, 55, _priced("3", "0.3", "15")),
        "simulated/best": ModelClass(2.5, 28, _priced("15", "1.5", "75")),
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call goes wrong. `retry_after` are the seconds of that header, of a "status"."""

    kind: Kind
    status: int = 500
    retry_after: float | None = None


Faults = Callable[[int, str], Fault | None]  # of the number of a call, from 0, and its model


def no_faults(_number: int, _model: str) -> Fault | None:
    """Every call goes well."""
    return None


def in_turn(*faults: Fault | None) -> Faults:
    """The first call has the first of `faults`, and so on; those after them go well."""
    return lambda number, _model: faults[number] if number < len(faults) else None


def a_share(share: float, *faults: Fault, seed: int = 0) -> Faults:
    """A `share` of the calls, from 0 to 1, has one of `faults`; which ones depends on `seed` and the number alone."""

    def drawn(number: int, _model: str) -> Fault | None:
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 - a simulation
        return chance.choice(faults) if chance.random() < share else None

    return drawn


@dataclass(frozen=True, slots=True)
class Config:
    """`spread` is the share that speed varies by, `cache_seconds` how long a prefix is known after its last use."""

    models: Mapping[str, ModelClass] = field(default_factory=lambda: CLASSES)
    spread: float = 0.2
    seed: int = 0
    cache_seconds: float = 300.0
    faults: Faults = no_faults

"""What a simulated call is made of, and what it costs: the request read, the answer cut to length, tokens counted."""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from lightpoint.language.tokens import estimate_sent, estimate_tokens
from lightpoint.llm.prices import cost_of
from lightpoint.llm.records import Usage
from lightpoint.llm.simulator.classes import Config, Fault, ModelClass

LEAST_CACHED: Final = 1_024  # tokens
CACHE_STEP: Final = 128
BLOCK: Final = 512  # characters that prefixes are compared by
Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model writes. `tokens` is what it counts for, where that is not what its text would."""

    text: str = field(repr=False)
    tokens: int | None = None


@dataclass(slots=True)
class Call:
    """One call as the provider has it. Tokens and cost are complete when `finished`; times are simulated seconds.

    `due` is how long it takes by its class and its draw, which a busy machine makes longer.
    """

    number: int
    model: str
    streamed: bool
    started: float
    fault: Fault | None
    sent: int = 0
    cached: int = 0
    cache_written: int = 0
    written: int = 0
    cost: Decimal = Decimal(0)
    due: float | None = None
    first_token: float | None = None
    finished: float | None = None
    cancelled: bool = False  # the client left before the end
    status: int = 200

    @property
    def usage(self) -> Usage:
        """The tokens of the call so far."""
        return Usage(self.sent, self.written, self.cached, 0, self.cache_written)

    def charge(self, model: ModelClass) -> None:
        """Set the cost to what the tokens so far amount to."""
        self.cost = cost_of(self.usage, model.price)


@dataclass(frozen=True, slots=True)
class Writing:
    """An answer on its way: all of its text, the tokens it counts for, and why it ends."""

    text: str
    tokens: int
    finish: str

    def shown(self, tokens: float) -> int:
        """How many characters stand there after so many tokens."""
        return len(self.text) if tokens >= self.tokens else int(len(self.text) * tokens / self.tokens)

    def tokens_of(self, shown: int) -> int:
        """How many tokens the first `shown` characters count for."""
        if shown >= len(self.text):
            return self.tokens
        return min(self.tokens, round(estimate_tokens(self.text[:shown]) * self._weight()))

    def half(self, finish: str) -> "Writing":
        """The first half of it."""
        text = self.text[: len(self.text) // 2]
        return Writing(text, self.tokens_of(len(text)), finish)

    def _weight(self) -> float:
        return self.tokens / max(1, estimate_tokens(self.text))


def writing_of(answer: str | Answer, most: int | None) -> Writing:
    """`answer` as it is written within `most` tokens."""
    given = answer if isinstance(answer, Answer) else Answer(answer)
    tokens = given.tokens if given.tokens is not None else estimate_tokens(given.text)
    if most is None or tokens <= most:
        return Writing(given.text, tokens, "stop")
    return Writing(given.text[: int(len(given.text) * most / tokens)], most, "length")


def texts_of(request: Request) -> list[str]:
    """What a model reads of `request`, part by part: the shape of the answer first, as it stands before the rest."""
    shape = (request.get("response_format") or {}).get("json_schema") or {}
    parts = [json.dumps(shape["schema"])] if "schema" in shape else []
    return parts + [_content(message.get("content") or "") for message in request["messages"]]


def _content(given: object) -> str:
    return "".join(str(part["text"]) for part in given) if isinstance(given, list) else str(given)


def sent_of(texts: list[str]) -> int:
    """The tokens of a prompt."""
    return estimate_sent(texts)


class PrefixCache:
    """The prefixes that a model has read lately. Times are simulated seconds."""

    def __init__(self, lasts: float) -> None:
        self._lasts = lasts
        self._until: dict[bytes, float] = {}

    def known(self, keys: list[bytes], sent: int, now: float) -> int:
        """How many of `sent` tokens are known at `now`, for the keys of a prompt's blocks."""
        shared = 0
        for key in keys:
            if self._until.get(key, 0.0) < now:
                break
            shared += 1
        tokens = int(sent * shared / max(1, len(keys))) // CACHE_STEP * CACHE_STEP
        return min(tokens, sent // CACHE_STEP * CACHE_STEP) if tokens >= LEAST_CACHED else 0

    def keep(self, keys: list[bytes], now: float) -> None:
        """Know the blocks from `now` on."""
        for key in keys:
            self._until[key] = now + self._lasts


def keys_of(model: str, texts: list[str]) -> list[bytes]:
    """A key for each block of a prompt, which stands for the blocks before it too."""
    raw = "\0".join(texts)
    running = hashlib.blake2b(model.encode(), digest_size=16)
    keys = []
    for start in range(0, len(raw), BLOCK):
        running.update(raw[start : start + BLOCK].encode())
        keys.append(running.digest())
    return keys


class Speeds:
    """The factor that the speed of each call is multiplied with."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._seen: dict[bytes, int] = {}

    def of(self, key: bytes) -> float:
        """A factor for the request that `key` stands for, within the spread of 1."""
        times = self._seen[key] = self._seen.get(key, 0) + 1
        chance = random.Random(f"{self._config.seed}:{key.hex()}:{times}")  # noqa: S311 - a simulation
        return chance.uniform(1 - self._config.spread, 1 + self._config.spread)

"""Who pays for calls of models: asked before each call, and told after it. What that means is decided above.

    with charged_to(accountant):
        complete(prompt, "fast")

Every call that reaches for a provider is booked: tries, retries and fallbacks, each for itself. `reserve` may refuse by
raising, and then nothing is sent. A thread started within `charged_to` is charged too where it runs in a copy of the
context (contextvars.copy_context). Without an accountant calls are not booked.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from lightpoint.llm.records import Code, Prompt, Tier, Usage

logger = logging.getLogger(__name__)
Outcome = Literal["ok"] | Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """One call of a model, ended. Seconds are counted from its start; `cost` is in US dollars.

    `usage` is what the provider told; else, for a call that it may have worked on, an estimate from what was sent and
    received (`estimated`); else None: nothing was sent, or the provider refused by status, and the cost is 0. `cost` is
    None where there is usage and no price. `reason` says why this model was asked.
    """

    model: str
    tier: Tier
    purpose: str
    reason: str
    prompt_sha256: str
    usage: Usage | None
    outcome: Outcome
    started_at: datetime
    first_token_seconds: float | None
    seconds: float
    cost: Decimal | None
    estimated: bool = False


class Accountant(Protocol):
    """Books calls. Both methods are called in the thread that makes the call, or in the one that closes its stream."""

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> Any:
        """Set `worst` US dollars aside, None where no price is known. Gives a token; raises to stop the call."""
        ...

    def settle(self, token: Any, attempted: Attempted) -> None:
        """The call of `token` has ended. Called once; what it raises is logged, and does not reach the caller."""
        ...


_accountant: ContextVar[Accountant | None] = ContextVar("accountant", default=None)


@contextmanager
def charged_to(accountant: Accountant | None) -> Iterator[None]:
    """Within, calls are booked with `accountant`; with None they are not booked."""
    before = _accountant.set(accountant)
    try:
        yield
    finally:
        _accountant.reset(before)


def accountant_now() -> Accountant | None:
    """Who pays for the calls of this context."""
    return _accountant.get()


def settle_quietly(accountant: Accountant, token: Any, attempted: Attempted) -> None:
    """Settle; an answer that has been paid for is not lost with its booking."""
    try:
        accountant.settle(token, attempted)
    except Exception as error:
        logger.error("A call of a language model could not be booked: %s", type(error).__name__)

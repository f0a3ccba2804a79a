"""One call of one model, from its reservation to its settlement, and which models are called for a tier in turn."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeVar

from django.conf import settings

from lightpoint.language.tokens import estimate_sent, estimate_tokens
from lightpoint.llm.accounting import Accountant, Attempted, Outcome, accountant_now, settle_quietly
from lightpoint.llm.answers import as_ours, was_sent
from lightpoint.llm.cancelling import Cancellation, cancellation_now
from lightpoint.llm.guards import breaker, retry_budget
from lightpoint.llm.prices import cost_of, price_of, worst_cost
from lightpoint.llm.records import LLMError, Prompt, Tier, Usage
from lightpoint.llm.routing import Route

T = TypeVar("T")
MARGIN: Final = 1.25  # of the estimate of what is sent, when its worst cost is set aside


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, the tier that it is called for, and why it is this one."""

    model: str
    tier: Tier
    reason: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who pays for the calls of a prompt, and who may end them: those of the context in which it came."""

    accountant: Accountant | None
    cancellation: Cancellation | None

    @classmethod
    def now(cls) -> "Caller":
        """The caller of this context."""
        return cls(accountant_now(), cancellation_now())

    @property
    def has_left(self) -> bool:
        """Whether the calls are to end."""
        return self.cancellation is not None and self.cancellation.is_cancelled

    def may_retry(self) -> bool:
        """Whether a call may be made again: it is wanted, and the budget has room for it."""
        return not self.has_left and retry_budget(settings.LLM_BASE_URL).take()


def model_of(tier: Tier) -> str:
    """The model that the settings name for a tier."""
    return str(getattr(settings, f"LLM_MODEL_{tier.upper()}"))


def fallback_of(tier: Tier) -> str:
    """The model that is asked where that of the tier fails; empty where there is none."""
    return str(getattr(settings, f"LLM_FALLBACK_{tier.upper()}"))


def first_answer(wanted: Tier | Route, ask: Callable[[Choice], T]) -> T:
    """What `ask` gives for the model of the tier, or for its fallback where that one fails for no fault of the prompt.

    A fallback after a call that was made comes out of the budget of retries; after one that the breaker stopped it is
    the first call. Raises LLMError.
    """
    budget = retry_budget(settings.LLM_BASE_URL)
    budget.note_call()
    tier, reason = (
        (wanted.tier, wanted.reason) if isinstance(wanted, Route) else (wanted, f"the model of tier {wanted}")
    )
    named = wanted.model if isinstance(wanted, Route) else ""
    first, other = named or model_of(tier), fallback_of(tier)
    try:
        return ask(Choice(first, tier, reason))
    except LLMError as error:
        if not other or other == first or not error.elsewhere:
            raise
        if error.code != "circuit-open" and not budget.take():
            raise
        failed = error.code
    return ask(Choice(other, tier, f"{reason}; instead of {first}: {failed}"))


class Upstream:
    """One call. The breaker lets it through and the accountant reserves for it before anything is sent.

    It ends once, by `succeeded` or `failed`, in any thread. Raises LLMError where it may not be made, and whatever the
    accountant raises.
    """

    def __init__(self, prompt: Prompt, choice: Choice, caller: Caller) -> None:
        if caller.has_left:
            raise LLMError("cancelled", "The answer of the language model was cancelled")
        self.choice = choice
        self._prompt = prompt
        self._accountant = caller.accountant
        self._lock = threading.Lock()
        self._ended = False
        self._first_token: float | None = None
        self._breaker = breaker(settings.LLM_BASE_URL, choice.model)
        self._probe = self._breaker.enter()
        try:
            self._reserve()
        except BaseException:
            self._breaker.leave("cancelled", probe=self._probe)
            raise
        self._started_at, self._started = datetime.now(UTC), time.monotonic()

    def first_token(self) -> None:
        """A piece of the answer has come."""
        if self._first_token is None:
            self._first_token = time.monotonic() - self._started

    def succeeded(self, usage: Usage | None, text: str) -> None:
        """The answer is whole."""
        self._end("ok", usage, text, sent=True)

    def failed(self, error: BaseException, usage: Usage | None = None, text: str = "", *, cancelled: bool) -> None:
        """No usable answer; `text` is what there was of it. With `cancelled` the call was ended from outside."""
        ours = as_ours(error, cancelled=cancelled)
        if isinstance(ours, LLMError):
            outcome: Outcome = ours.code
        else:
            outcome = "provider-failed" if isinstance(ours, Exception) else "cancelled"
        self._end(outcome, usage, text, sent=was_sent(error))

    def _end(self, outcome: Outcome, usage: Usage | None, text: str, *, sent: bool) -> None:
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self._breaker.leave(outcome, probe=self._probe)
        if self._accountant is None:
            return
        estimated = usage is None and sent
        found = Usage(self._sent, estimate_tokens(text)) if estimated else usage
        attempted = Attempted(
            model=self.choice.model,
            tier=self.choice.tier,
            purpose=self._prompt.purpose,
            reason=self.choice.reason,
            prompt_sha256=self._prompt.sha256,
            usage=found,
            outcome=outcome,
            started_at=self._started_at,
            first_token_seconds=self._first_token,
            seconds=time.monotonic() - self._started,
            cost=self._cost(found),
            estimated=estimated,
        )
        settle_quietly(self._accountant, self._token, attempted)

    def _reserve(self) -> None:
        if self._accountant is None:
            return
        self._sent = estimate_sent(self._prompt.texts)
        self._price = price_of(self.choice.model)
        worst = None
        if self._price is not None:
            worst = worst_cost(int(self._sent * MARGIN) + 1, self._prompt.max_tokens, self._price)
        self._token = self._accountant.reserve(self._prompt, self.choice.model, worst)

    def _cost(self, usage: Usage | None) -> Decimal | None:
        if usage is None:
            return Decimal(0)
        return None if self._price is None else cost_of(usage, self._price)

"""The accountant whom the boundary to the models asks before a call and tells after it (lightpoint.llm.accounting)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Protocol

from django.utils import timezone

from lightpoint.llm import Prompt, Usage
from lightpoint.llm.prices import MILLION, SMALLEST, price_of, worst_cost
from users.models import Practice, User
from users.services.spending.records import NOTHING, Errand, Held, charge_of
from users.services.spending.reserving import reserve
from users.services.spending.settling import Call, settle


class Attempted(Protocol):
    """A call as the boundary tells of it; `outcome` is ok or the code of an LLMError, `cost` None where unknown."""

    @property
    def model(self) -> str: ...
    @property
    def tier(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def prompt_sha256(self) -> str: ...
    @property
    def usage(self) -> Usage | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def first_token_seconds(self) -> float | None: ...
    @property
    def seconds(self) -> float: ...
    @property
    def cost(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingAccountant:
    """Holds and books the calls that are made for one errand. Safe to share between threads."""

    practice: Practice | None
    user: User | None
    complaint_id: int | None = None
    letter_id: int | None = None
    stage: str = ""
    clock: Callable[[], datetime] = field(default=timezone.now, repr=False)

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> Held:
        """Hold what the call costs at worst. Raises BudgetExceeded and UnpricedModel; call it outside transactions."""
        errand = Errand(prompt.purpose, model, self.complaint_id, self.letter_id, self.stage)
        least = least_of(prompt, model, worst)
        return reserve(
            practice=self.practice, user=self.user, errand=errand, worst=worst, least=least, now=self.clock()
        )

    def settle(self, token: Held, attempted: Attempted) -> None:
        """Book how the call went; a second time nothing changes."""
        charge = charge_of(cost=attempted.cost, outcome=attempted.outcome, held=token, saved=saved_by(attempted))
        call = Call(
            model=attempted.model,
            tier=attempted.tier,
            outcome=attempted.outcome,
            reason=attempted.reason,
            prompt_sha256=attempted.prompt_sha256,
            usage=attempted.usage,
            first_token_seconds=attempted.first_token_seconds,
            seconds=attempted.seconds,
        )
        settle(token=token.token, charge=charge, call=call, now=self.clock())


def accountant_for(
    practice: Practice | None,
    user: User | None,
    *,
    complaint_id: int | None = None,
    letter_id: int | None = None,
    stage: str = "",
) -> SpendingAccountant:
    """Who books calls that are made for `user` in `practice`, on a complaint, a letter and a stage where there are."""
    return SpendingAccountant(practice=practice, user=user, complaint_id=complaint_id, letter_id=letter_id, stage=stage)


def least_of(prompt: Prompt, model: str, worst: Decimal | None) -> Decimal:
    """What of `worst` is for the prompt, and so is owed although no answer came; 0 without a price."""
    price = price_of(model)
    if worst is None or price is None:
        return NOTHING
    return max(NOTHING, worst - worst_cost(0, prompt.max_tokens, price))


def saved_by(attempted: Attempted) -> Decimal:
    """What the provider's cache of prefixes spared, against having sent all of the prompt anew."""
    price = price_of(attempted.model)
    if attempted.usage is None or attempted.cost is None or price is None:
        return NOTHING
    spared = attempted.usage.cached * (price.sent - price.cached) / MILLION
    return max(NOTHING, spared.quantize(SMALLEST, ROUND_FLOOR))

"""What a call is made for, what is held for it, and what it is charged with in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Final, Literal
from uuid import UUID

from django.conf import settings

from lightpoint.llm import Attempted, Usage, price_of
from lightpoint.llm.prices import MILLION, SMALLEST
from users.models import Practice, User
from users.periods import PERIODS, Period, start_of

Level = Literal["user", "practice", "platform"]
Pricing = Literal["counted", "estimated", "worst", "none", "unpriced"]
NOTHING: Final = Decimal(0)
PLATFORM: Final = 0


@dataclass(frozen=True, slots=True)
class Errand:
    """What a call is made for, and of which model."""

    purpose: str
    model: str
    complaint_id: int | None = None
    letter_id: int | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose budget it is, and for which period from which day on."""

    level: Level
    owner: int
    period: Period
    starts_on: date


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation. `worst` is None where the model has no price."""

    token: UUID
    worst: Decimal | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call cost (None: nobody knows, since there is no price), how that was found, and what a cache spared."""

    cost: Decimal | None
    pricing: Pricing
    saved: Decimal = NOTHING

    @property
    def charged(self) -> Decimal:
        """What it takes of the budgets."""
        return self.cost or NOTHING


def scopes_of(practice: Practice | None, user: User | None, now: datetime) -> list[Scope]:
    """Every budget that a call of `user` in `practice` is held against, in the order in which their rows are made."""
    owners: list[tuple[Level, int | None]] = [
        ("user", user.pk if user else None),
        ("practice", practice.pk if practice else None),
        ("platform", PLATFORM),
    ]
    return [
        Scope(level, owner, period, start_of(period, now))
        for level, owner in owners
        if owner is not None
        for period in PERIODS
    ]


def usual_cap(level: str, period: str) -> Decimal | None:
    """What the settings allow whoever has no budget of their own; None for no bound."""
    caps: Mapping[str, Decimal | None] = settings.LLM_CAPS
    return caps[f"{level}-{period}"]


def charge_of(attempted: Attempted) -> Charge:
    """What a call is charged with: as the provider counted it, as the boundary estimated it where it did not, or none.

    A call that was cancelled or broken off keeps the cost of its input, and of what was written up to then.
    """
    if attempted.cost is None:
        return Charge(None, "unpriced")
    if attempted.usage is None:
        return Charge(attempted.cost, "none")
    return Charge(attempted.cost, "estimated" if attempted.estimated else "counted", _saved(attempted.usage, attempted))


def _saved(usage: Usage, attempted: Attempted) -> Decimal:
    """What the provider's cache of prefixes spared, against having sent all of the prompt anew."""
    price = price_of(attempted.model)
    if price is None:
        return NOTHING
    spared = usage.cached * (price.sent - price.cached) / MILLION
    return max(NOTHING, spared.quantize(SMALLEST, ROUND_FLOOR))

"""What a call is made for, what is held for it, and what it is charged with in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from django.conf import settings

from users.models import Practice, User
from users.periods import PERIODS, Period, start_of

Level = Literal["user", "practice", "platform"]
Pricing = Literal["counted", "input", "worst", "none", "unpriced"]
NOTHING: Final = Decimal(0)
PLATFORM: Final = 0

# A provider that answers so has not worked. Any other call without an answer has at least read its prompt.
UNBILLED: Final = frozenset(
    {"not-configured", "unauthorised", "no-credit", "rate-limited", "unknown-model", "refused", "provider-failed"}
)
BROKEN_OFF: Final = frozenset({"timeout", "unreachable", "cut-off", "cancelled"})


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
    """A reservation. `worst` is None where the model has no price; `least` is what a call that is broken off costs."""

    token: UUID
    worst: Decimal | None
    least: Decimal


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


def charge_of(*, cost: Decimal | None, outcome: str, held: Held, saved: Decimal = NOTHING) -> Charge:
    """What a call that ended with `outcome` is charged with; `cost` as far as it could be counted.

    What cannot be counted is never guessed low: the input for a call that was broken off, else the worst case.
    """
    if cost is not None:
        return Charge(cost, "counted", saved)
    if outcome in UNBILLED:
        return Charge(NOTHING, "none")
    if held.worst is None:
        return Charge(None, "unpriced")
    return Charge(held.least, "input") if outcome in BROKEN_OFF else Charge(held.worst, "worst")

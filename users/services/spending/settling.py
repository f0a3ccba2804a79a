"""Booking what a call cost, once: its reservation is closed, what it did not need is free again, the ledger has a row.

What a reservation holds is given back by whoever closes it: the call itself or, when its process has died, the job that
looks for leases that have passed. A call that settles after that is booked with what it cost, and what was booked in
its place is reversed by a row of its own: the ledger is never rewritten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from lightpoint.llm import Usage
from users.models import LLMCall, Practice, Reservation, User
from users.models.spending import CURRENCY
from users.services.spending.records import NOTHING, Charge, Errand, usual_cap
from users.services.spending.warnings import Level, note_steps

CLOSE: Final = """
WITH found AS MATERIALIZED (
    SELECT * FROM users_reservation WHERE token = %(token)s AND state = ANY (%(states)s) FOR UPDATE
), closed AS (
    UPDATE users_reservation AS mine SET state = %(state)s, charged = %(charged)s, closed_at = %(now)s
      FROM found WHERE mine.id = found.id
), held AS MATERIALIZED (
    SELECT use.id, use.level, use.owner, use.period, use.warned, use.spent + %(charged)s - found.charged AS spent
      FROM users_budgetuse AS use JOIN found ON use.id = ANY (found.uses)
     ORDER BY use.id
       FOR UPDATE OF use
), moved AS (
    UPDATE users_budgetuse AS use
       SET spent = use.spent + %(charged)s - found.charged,
           reserved = use.reserved - CASE found.state WHEN 'open' THEN found.worst ELSE 0 END
      FROM held, found
     WHERE use.id = held.id
)
SELECT found.state, found.charged, found.practice_id, found.user_id, found.complaint_id, found.letter_id, found.stage,
       found.purpose, found.model, held.id, level, period, held.warned, held.spent, budget.amount
  FROM found CROSS JOIN held
  LEFT JOIN users_budget AS budget USING (level, owner, period)
"""
BATCH: Final = 500
SHAPE: Final = ("practice_id", "user_id", "complaint_id", "letter_id", "stage", "purpose", "model")
Bill = Callable[[UUID], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a call went, as the ledger keeps it."""

    model: str
    tier: str
    outcome: str
    reason: str = ""
    prompt_sha256: str = ""
    usage: Usage | None = None
    first_token_seconds: float | None = None
    seconds: float | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """As the row has them."""
        usage = self.usage
        return {
            "model": self.model,
            "tier": self.tier,
            "reason": self.reason[:200],
            "prompt_sha256": self.prompt_sha256,
            "outcome": self.outcome,
            "first_token_seconds": self.first_token_seconds,
            "seconds": self.seconds,
            "sent": usage and usage.sent,
            "cached": usage and usage.cached,
            "cache_written": usage and usage.cache_written,
            "written": usage and usage.written,
            "reasoning": usage and usage.reasoning,
        }


@transaction.atomic
def settle(*, token: UUID, charge: Charge, call: Call, now: datetime) -> LLMCall | None:
    """Book a call that was made. None when it is booked already: a second time changes nothing.

    Two statements, and some more when a budget has filled up to a step that people are told of.
    """
    found = _close(token, charge.charged, now, state="settled", states=("open", "reclaimed"))
    if not found:
        return None
    first = found[0]
    if first["state"] == "reclaimed" and first["charged"]:
        _book(first, token, Charge(-first["charged"], "counted"), {"outcome": "reversed"}, now)
    return _book(first, token, charge, call.fields, now)


def reclaim_reservations(*, now: datetime, bill: Bill | None = None) -> int:
    """Close what was reserved by calls that were never heard of again, and free it. Returns how many there were.

    Nobody knows how far such a call came. `bill` asks the provider what it charged for a token; where it does not know
    (None), the worst case counts as spent, so that a budget holds whatever the provider charges.
    """
    closed = 0
    while rows := list(_leaked(now)):
        closed += sum(_reclaim(row, bill, now) for row in rows)
    return closed


def book_hit(*, errand: Errand, saved: Decimal, practice: Practice | None, user: User | None, now: datetime) -> LLMCall:
    """A call that was spared, because a cache held the answer: it costs nothing, and `saved` is what it would have."""
    shape = {"practice_id": practice and practice.pk, "user_id": user and user.pk}
    shape |= {name: getattr(errand, name) for name in ("complaint_id", "letter_id", "stage", "purpose", "model")}
    return _book(shape, uuid4(), Charge(NOTHING, "none", saved), {"outcome": "cached"}, now)


def _leaked(now: datetime) -> list[Reservation]:
    return list(Reservation.objects.filter(state="open", expires_at__lte=now).order_by("expires_at", "pk")[:BATCH])


@transaction.atomic
def _reclaim(row: Reservation, bill: Bill | None, now: datetime) -> int:
    charge = _lost(row, bill)
    found = _close(row.token, charge.charged, now, state="reclaimed", states=("open",))
    if not found:
        return 0
    _book(found[0], row.token, charge, {"outcome": "lost"}, now)
    return 1


def _lost(row: Reservation, bill: Bill | None) -> Charge:
    billed = bill(row.token) if bill else None
    if billed is not None:
        return Charge(billed, "counted")
    return Charge(row.worst, "worst") if row.priced else Charge(None, "unpriced")


def _close(
    token: UUID, charged: Decimal, now: datetime, *, state: str, states: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Close a reservation that is in one of `states`, and move what it held; a row for each budget, or none at all."""
    sent: dict[str, Any] = {"token": token, "states": list(states), "state": state, "charged": charged, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, sent)
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    note_steps([_level(row) for row in found], now=now)
    return found


def _level(row: dict[str, Any]) -> Level:
    own = row["amount"]
    amount = usual_cap(row["level"], row["period"]) if own is None else own
    return Level(row["id"], row["warned"], row["spent"], amount)


def _book(shape: dict[str, Any], token: UUID, charge: Charge, fields: dict[str, Any], now: datetime) -> LLMCall:
    return LLMCall.objects.create(
        **{name: shape[name] for name in SHAPE} | fields,
        token=token,
        cost=charge.cost,
        pricing=charge.pricing,
        saved=charge.saved,
        currency=CURRENCY,
        created_at=now,
    )

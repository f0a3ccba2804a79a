"""Holding what a call may cost at worst against every budget that it counts to, before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from lightpoint.errors import ServiceUnavailable, TooManyRequests
from users.models import BudgetUse, Practice, User
from users.models.spending import CURRENCY
from users.periods import Period, renews_at
from users.services.spending.records import NOTHING, Errand, Held, Scope, scopes_of, usual_cap
from users.services.spending.warnings import note_refusal

# One statement: it locks the rows of use in the order of their ids, looks whether the call fits into all of them as
# they are under the lock, and holds its worst case in all or in none. A row of a period's first call is not there yet.
RESERVE: Final = """
WITH wanted AS (
    SELECT * FROM unnest(%(levels)s::text[], %(owners)s::bigint[], %(periods)s::text[], %(starts)s::date[],
                         %(caps)s::numeric[]) AS scope (level, owner, period, starts_on, usual)
), held AS MATERIALIZED (
    SELECT use.id, level, period, starts_on, use.spent, use.reserved,
           coalesce(budget.amount, wanted.usual) AS amount
      FROM wanted
      JOIN users_budgetuse AS use USING (level, owner, period, starts_on)
      LEFT JOIN users_budget AS budget USING (level, owner, period)
     ORDER BY use.id
       FOR UPDATE OF use
), judged AS MATERIALIZED (
    SELECT *, amount IS NULL OR spent + reserved + %(worst)s <= amount AS fits FROM held
), verdict AS MATERIALIZED (
    SELECT count(*) AS rows, count(*) = %(count)s AND bool_and(fits) AS taken, array_agg(id ORDER BY id) AS ids
      FROM judged
), moved AS (
    UPDATE users_budgetuse AS use SET reserved = use.reserved + %(worst)s
      FROM judged, verdict
     WHERE use.id = judged.id AND verdict.taken
), made AS (
    INSERT INTO users_reservation (token, state, worst, priced, charged, uses, practice_id, user_id, complaint_id,
                                   letter_id, stage, purpose, model, created_at, expires_at)
    SELECT %(token)s, 'open', %(worst)s, %(priced)s, 0, verdict.ids, %(practice)s, %(user)s, %(complaint)s,
           %(letter)s, %(stage)s, %(purpose)s, %(model)s, %(now)s, %(expires)s
      FROM verdict WHERE verdict.taken
)
SELECT verdict.rows, verdict.taken, judged.id, judged.level, judged.period, judged.starts_on, judged.spent,
       judged.reserved, judged.amount, judged.fits
  FROM verdict LEFT JOIN judged ON true
"""
BUSY_SECONDS: Final = 5  # after which calls under way may have given back what they did not need


class UnpricedModel(ServiceUnavailable):
    """Nobody knows what a call of the model costs, and LLM_ALLOW_UNPRICED does not let it be made."""

    code = "model-unpriced"


class BudgetExceeded(TooManyRequests):
    """A budget has no room for the worst case of a call. `level` and `period` say which, `renews_at` until when."""

    code = "budget-exceeded"

    def __init__(self, cap: "Cap", worst: Decimal, now: datetime) -> None:
        super().__init__(cap.told(worst))
        self.level, self.period, self.renews_at = cap.level, cap.period, cap.renews_at
        wait = cap.renews_at - now if cap.is_spent(worst) else timedelta(seconds=BUSY_SECONDS)
        self._wait = max(1, round(wait.total_seconds()))

    @property
    def headers(self) -> dict[str, str]:
        """When a call may fit again."""
        return {"Retry-After": str(self._wait)}


@dataclass(frozen=True, slots=True)
class Cap:
    """A budget as it stood when a call was held against it."""

    use_id: int
    level: str
    period: Period
    starts_on: date
    spent: Decimal
    reserved: Decimal
    amount: Decimal
    fits: bool

    @property
    def renews_at(self) -> datetime:
        """When its period is over."""
        return renews_at(self.period, self.starts_on)

    def is_spent(self, worst: Decimal) -> bool:
        """Whether what is spent leaves no room for a call of `worst`, whatever becomes of the calls under way."""
        return self.spent + worst > self.amount

    def told(self, worst: Decimal) -> str:
        """Which budget it is, how it stands, and when it renews. The platform's figures are nobody else's business."""
        renews = f"It renews on {self.renews_at:%-d %B %Y at %H:%M}."
        if self.level == "platform":
            return f"The platform's budget of the {self.period} for language models has no room left. {renews}"
        of = f"The {self.level}'s budget for language models, {self.amount} {CURRENCY} a {self.period},"
        stands = f"{cents(self.spent)} is spent and {cents(self.reserved)} held for calls under way"
        return f"{of} has no room for a call of up to {cents(worst)}: {stands}. {renews}"


def reserve(
    *,
    practice: Practice | None,
    user: User | None,
    errand: Errand,
    worst: Decimal | None,
    now: datetime,
) -> Held:
    """Hold `worst`, in the currency of prices, of all budgets of `user`, `practice` and the platform, or of none.

    One statement, and three where the call is the first of a period. Call it outside transactions: what it locks would
    stay locked, and what it books would be undone, with the rest.

    Raises BudgetExceeded, and UnpricedModel for `worst` None unless LLM_ALLOW_UNPRICED is set.
    """
    if worst is None and not settings.LLM_ALLOW_UNPRICED:
        raise UnpricedModel(f"There is no price for {errand.model}: set LLM_PRICES, or LLM_ALLOW_UNPRICED")
    scopes = scopes_of(practice, user, now)
    held = Held(uuid4(), worst)
    sent = _parameters(held.token, scopes, practice, user, errand, worst, now)
    found = _tried(sent)
    if found[0]["rows"] < len(scopes):
        _make_uses(scopes, practice)
        found = _tried(sent)
    if not found[0]["taken"]:
        _refuse(found, worst or NOTHING, now)
    return held


def cents(amount: Decimal) -> str:
    """An amount for people, to the cent."""
    return f"{amount.quantize(Decimal('0.01'))}"


def _parameters(
    token: UUID,
    scopes: Sequence[Scope],
    practice: Practice | None,
    user: User | None,
    errand: Errand,
    worst: Decimal | None,
    now: datetime,
) -> dict[str, Any]:
    return {
        "token": token,
        "levels": [scope.level for scope in scopes],
        "owners": [scope.owner for scope in scopes],
        "periods": [scope.period for scope in scopes],
        "starts": [scope.starts_on for scope in scopes],
        "caps": [usual_cap(scope.level, scope.period) for scope in scopes],
        "count": len(scopes),
        "worst": worst or NOTHING,
        "priced": worst is not None,
        "practice": practice.pk if practice else None,
        "user": user.pk if user else None,
        "complaint": errand.complaint_id,
        "letter": errand.letter_id,
        "stage": errand.stage,
        "purpose": errand.purpose,
        "model": errand.model,
        "now": now,
        "expires": now + timedelta(seconds=settings.LLM_RESERVATION_SECONDS),
    }


def _tried(sent: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, sent)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _make_uses(scopes: Sequence[Scope], practice: Practice | None) -> None:
    rows = [
        BudgetUse(
            level=scope.level,
            owner=scope.owner,
            practice=None if scope.level == "platform" else practice,
            period=scope.period,
            starts_on=scope.starts_on,
        )
        for scope in scopes
    ]
    BudgetUse.objects.bulk_create(rows, ignore_conflicts=True)


def _refuse(found: Sequence[dict[str, Any]], worst: Decimal, now: datetime) -> None:
    """Raise BudgetExceeded for the cap that renews last of those without room, and have people told once."""
    caps = [
        Cap(row["id"], *(row[name] for name in ("level", "period", "starts_on", "spent", "reserved", "amount", "fits")))
        for row in found
    ]
    full = [cap for cap in caps if not cap.fits]
    with transaction.atomic():
        for cap in full:
            if cap.is_spent(worst):
                note_refusal(use_id=cap.use_id, worst=worst, amount=cap.amount, now=now)
    raise BudgetExceeded(max(full, key=lambda cap: (cap.is_spent(worst), cap.renews_at)), worst, now)

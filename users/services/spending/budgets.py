"""Budgets: set, changed and taken away by those who may."""

from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from lightpoint.errors import Conflict, InvalidInput, NotAllowed
from lightpoint.rest.etag import check_version
from users.models import Budget, Practice, User
from users.periods import Period
from users.services.spending.records import PLATFORM, Level
from users.services.spending.warnings import note_change
from users.services.trail import record_audit


class BudgetExists(Conflict):
    """There is a budget for that period already; it can be changed."""

    code = "budget-exists"


@transaction.atomic
def set_budget(
    *,
    level: Level,
    period: Period,
    amount: Decimal,
    now: datetime,
    practice: Practice | None = None,
    user: User | None = None,
    by: User | None = None,
) -> Budget:
    """Bound what the models may cost `user`, else `practice`, else the platform, in a day or month.

    What was spent of the period before counts. Raises BudgetExists, InvalidInput for an owner that does not go with
    `level`, and NotAllowed for what is not of the practice of `by`.
    """
    _check_owner(level, practice, user, by)
    owner = user.pk if user else practice.pk if practice else PLATFORM
    if Budget.objects.filter(level=level, owner=owner, period=period).exists():
        raise BudgetExists("There is a budget for that already: change it instead")
    home = user.practice if user else practice
    budget = Budget(level=level, owner=owner, practice=home, user=user, period=period, amount=amount, created_at=now)
    budget.full_clean()
    budget.save()
    note_change(level=level, owner=owner, period=period, now=now)
    new = {"amount": amount, "period": period, "level": level, "owner": owner}
    record_audit(action="budget.set", target=budget, at=now, actor=by, practice=home, new=new)
    return budget


@transaction.atomic
def change_budget(
    *, budget: Budget, amount: Decimal, now: datetime, by: User | None = None, expected_version: int | None = None
) -> Budget:
    """Another amount from now on; it may be less than what is spent. Raises StaleVersion and NotAllowed."""
    row = _locked(budget, by, expected_version)
    if row.amount == amount:
        return row
    old, row.amount = row.amount, amount
    row.full_clean()
    row.version += 1
    row.save()
    note_change(level=row.level, owner=row.owner, period=cast(Period, row.period), now=now)
    record_audit(
        action="budget.changed",
        target=row,
        at=now,
        actor=by,
        practice=row.practice,
        old={"amount": old},
        new={"amount": amount},
    )
    return row


@transaction.atomic
def remove_budget(
    *, budget: Budget, now: datetime, by: User | None = None, expected_version: int | None = None
) -> None:
    """Leave it to the settings what the models may cost. Raises StaleVersion and NotAllowed."""
    row = _locked(budget, by, expected_version)
    old = {"amount": row.amount, "period": row.period, "level": row.level, "owner": row.owner}
    record_audit(action="budget.removed", target=row, at=now, actor=by, practice=row.practice, old=old)
    row.delete()
    note_change(level=row.level, owner=row.owner, period=cast(Period, row.period), now=now)


def _check_owner(level: Level, practice: Practice | None, user: User | None, by: User | None) -> None:
    fits = {
        "user": user is not None and practice is None,
        "practice": practice is not None and user is None,
        "platform": practice is None and user is None,
    }
    if not fits[level]:
        raise InvalidInput("Name a user, a practice or neither: whose budget it is")
    home = user.practice_id if user else practice.pk if practice else None
    _refuse_others(by, home)


def _refuse_others(by: User | None, practice_id: int | None) -> None:
    if by is not None and not by.is_superuser and (practice_id is None or practice_id != by.practice_id):
        raise NotAllowed("Only staff of the platform set its budgets, and those of other practices")


def _locked(budget: Budget, by: User | None, expected_version: int | None) -> Budget:
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("practice", "user")
    row = rows.get(pk=budget.pk)
    _refuse_others(by, row.practice_id)
    check_version(expected=expected_version, current=row.version)
    return row

"""Writes to practices and their rates."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lightpoint.cache import invalidate
from lightpoint.errors import Conflict, InvalidInput
from lightpoint.rest.etag import check_version
from users.models import Practice, Rate, User
from users.selectors import RATES_ON_DAY
from users.services.trail import record_audit

EDITABLE = (
    "name",
    "address",
    "nation",
    "letterhead",
    "signatory_name",
    "signatory_capacity",
    "agent_reference",
    "vat_registered",
    "vat_number",
)


class PracticeExists(Conflict):
    """There is a practice of that name already."""

    code = "practice-exists"


@transaction.atomic
def create_practice(
    *,
    name: str,
    address: str,
    now: datetime,
    by: User | None = None,
    agent_reference: str = "",
    rates: Iterable[tuple[str, Decimal]] = (),
    rates_from: date | None = None,
    **details: Any,
) -> Practice:
    """A new practice with its hourly `rates` by grade, which hold from `rates_from` (by default, from today).

    `details` are the other fields of Practice. Raises PracticeExists, and ValidationError for fields that break a rule.
    """
    practice = Practice(name=name, address=address, agent_reference=agent_reference, created_at=now, **details)
    _refuse_double(practice)
    practice.full_clean()
    practice.save()
    for grade, hourly in rates:
        set_rate(practice=practice, grade=grade, hourly=hourly, valid_from=rates_from or now.date(), now=now, by=by)
    new = {"name": name, "address": address, "agent_reference": agent_reference, **details}
    record_audit(action="practice.created", target=practice, at=now, actor=by, practice=practice, new=new)
    return practice


@transaction.atomic
def set_rate(
    *, practice: Practice, grade: str, hourly: Decimal, valid_from: date, now: datetime, by: User | None = None
) -> Rate:
    """Let an hour of `grade` cost `hourly` pounds from `valid_from` on. A rate that begins on that day is replaced."""
    rates = Rate.objects.select_for_update(no_key=True)
    rate = rates.filter(practice=practice, grade=grade, valid_from=valid_from).first()
    old = {"hourly": rate.hourly} if rate else None
    rate = rate or Rate(practice=practice, grade=grade, valid_from=valid_from)
    rate.hourly = hourly
    rate.full_clean()
    rate.save()
    invalidate(RATES_ON_DAY.name, practice=practice.pk)
    new = {"hourly": hourly, "valid_from": valid_from}
    record_audit(action="rate.set", target=rate, at=now, actor=by, practice=practice, old=old, new=new)
    return rate


@transaction.atomic
def edit_practice(
    *,
    practice: Practice,
    changes: Mapping[str, Any],
    now: datetime,
    by: User | None = None,
    expected_version: int | None = None,
) -> Practice:
    """Change fields of a practice; `changes` by name of the field, of those in EDITABLE.

    Raises StaleVersion, PracticeExists, InvalidInput for another field, and ValidationError for one that breaks a rule.
    """
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise InvalidInput(f"A practice has no {', '.join(unknown)} that could be edited")
    row = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    check_version(expected=expected_version, current=row.version)
    new = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not new:
        return row
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    _refuse_double(row)
    row.full_clean()
    row.version += 1
    row.save()
    record_audit(action="practice.edited", target=row, at=now, actor=by, practice=row, old=old, new=new)
    return row


def _refuse_double(practice: Practice) -> None:
    same = Practice.objects.filter(
        name=practice.name, address=practice.address, agent_reference=practice.agent_reference
    )
    if same.exclude(pk=practice.pk).exists():
        raise PracticeExists(f"There is a practice {practice.name} at that address already")

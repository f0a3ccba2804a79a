"""Writes to practices, users, rates and the audit trail."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from lightpoint.errors import Conflict
from users.models import AuditEvent, Practice, Rate, User

LABEL = 200


class PracticeExists(Conflict):
    """There is a practice of that name already."""

    code = "practice-exists"


def record_audit(
    *,
    action: str,
    target: models.Model,
    at: datetime,
    actor: User | None = None,
    practice: Practice | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add a line to the trail, in the transaction of the write that it tells of. `actor` None means the system."""
    return AuditEvent.objects.create(
        practice=practice,
        actor=actor,
        actor_label=actor.email if actor else "system",
        action=action,
        target_type=target._meta.label_lower,
        target_pk=str(target.pk),
        target_label=str(target)[:LABEL],
        old=_plain(old),
        new=_plain(new),
        at=at,
    )


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
    if Practice.objects.filter(name=name, address=address, agent_reference=agent_reference).exists():
        raise PracticeExists(f"There is a practice {name} at that address already")
    practice = Practice(name=name, address=address, agent_reference=agent_reference, created_at=now, **details)
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
    rates = Rate.objects.select_for_update()
    rate = rates.filter(practice=practice, grade=grade, valid_from=valid_from).first()
    old = {"hourly": rate.hourly} if rate else None
    rate = rate or Rate(practice=practice, grade=grade, valid_from=valid_from)
    rate.hourly = hourly
    rate.full_clean()
    rate.save()
    new = {"hourly": hourly, "valid_from": valid_from}
    record_audit(action="rate.set", target=rate, at=now, actor=by, practice=practice, old=old, new=new)
    return rate


@transaction.atomic
def create_platform_user(*, email: str, password: str, now: datetime) -> User:
    """A member of the platform's staff with every right in the admin."""
    user = User.objects.create_superuser(email, password, created_at=now)
    record_audit(action="user.created", target=user, at=now, new={"email": user.email, "is_superuser": True})
    return user


def _plain(values: Mapping[str, Any] | None) -> Any:
    """`values` as JSON holds them: dates in ISO form, Decimals as strings."""
    if values is None:
        return None
    encoder = DjangoJSONEncoder()
    return {key: _scalar(encoder, value) for key, value in values.items()}


def _scalar(encoder: DjangoJSONEncoder, value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return encoder.default(value)

"""Reads of practices, their people and rates: who may see what."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from lightpoint.cache import Entry, get_or_compute
from users.models import ApiKey, AuditEvent, Invitation, Practice, Rate, User

Row = TypeVar("Row", bound=Model)
RATES_ON_DAY = Entry("users.rates", ttl=timedelta(hours=1))  # never stale: letters claim money by it


def visible_practices(user: User | AnonymousUser) -> QuerySet[Practice]:
    """The practices that `user` may see: their own; all for staff of the platform; none without signing in."""
    if not isinstance(user, User) or not user.is_active:
        return Practice.objects.none()
    if user.is_superuser:
        return Practice.objects.all()
    if user.practice_id is None:
        return Practice.objects.none()
    return Practice.objects.filter(pk=user.practice_id)


def visible_users(user: User | AnonymousUser) -> QuerySet[User]:
    """The people that `user` may see: those of their practice; everybody for staff of the platform."""
    return _of_practice(User.objects.all(), user)


def visible_rates(user: User | AnonymousUser) -> QuerySet[Rate]:
    """The rates of the practices that `user` may see."""
    return _of_practice(Rate.objects.all(), user)


def visible_invitations(user: User | AnonymousUser) -> QuerySet[Invitation]:
    """The invitations into the practices that `user` may see."""
    return _of_practice(Invitation.objects.all(), user)


def visible_api_keys(user: User | AnonymousUser) -> QuerySet[ApiKey]:
    """The user's own keys, and nobody else's."""
    if not isinstance(user, User) or not user.is_active:
        return ApiKey.objects.none()
    return ApiKey.objects.filter(user=user)


def visible_audit_events(user: User | AnonymousUser) -> QuerySet[AuditEvent]:
    """The trail of the user's practice; all of it for staff of the platform."""
    return _of_practice(AuditEvent.objects.all(), user)


def _of_practice(rows: QuerySet[Row], user: User | AnonymousUser) -> QuerySet[Row]:
    """Those of the user's practice; all for staff of the platform; compared with a value, so that indexes serve."""
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def rate_on(practice: Practice, grade: str, day: date) -> Decimal | None:
    """Pounds an hour of `grade` on `day`; None when the practice had no rate for it then."""
    rates = Rate.objects.filter(practice=practice, grade=grade, valid_from__lte=day)
    return rates.order_by("-valid_from").values_list("hourly", flat=True).first()


def rates_on(practice: Practice, day: date) -> dict[str, Decimal]:
    """Pounds an hour by grade, as they hold on `day`; grades in alphabetical order. One query, or none (cache)."""
    found = get_or_compute(
        RATES_ON_DAY,
        practice=practice.pk,
        parts=[day.isoformat()],
        compute=lambda: {grade: str(hourly) for grade, hourly in _rates_on(practice, day)},
    )
    return {grade: Decimal(hourly) for grade, hourly in found.items()}


def _rates_on(practice: Practice, day: date) -> list[tuple[str, Decimal]]:
    rates = Rate.objects.filter(practice=practice, valid_from__lte=day)
    latest = rates.order_by("grade", "-valid_from").distinct("grade")
    return list(latest.values_list("grade", "hourly"))

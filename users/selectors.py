"""Reads of practices and rates."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from users.models import Practice, Rate, User


def visible_practices(user: User | AnonymousUser) -> QuerySet[Practice]:
    """The practices that `user` may see: their own; all for staff of the platform; none without signing in."""
    if not isinstance(user, User) or not user.is_active:
        return Practice.objects.none()
    if user.is_superuser:
        return Practice.objects.all()
    return Practice.objects.filter(users=user)


def rate_on(practice: Practice, grade: str, day: date) -> Decimal | None:
    """Pounds an hour of `grade` on `day`; None when the practice had no rate for it then."""
    rates = Rate.objects.filter(practice=practice, grade=grade, valid_from__lte=day)
    return rates.order_by("-valid_from").values_list("hourly", flat=True).first()


def rates_on(practice: Practice, day: date) -> dict[str, Decimal]:
    """Pounds an hour by grade, as they hold on `day`; grades in alphabetical order. One query."""
    rates = Rate.objects.filter(practice=practice, valid_from__lte=day)
    latest = rates.order_by("grade", "-valid_from").distinct("grade")
    return dict(latest.values_list("grade", "hourly"))

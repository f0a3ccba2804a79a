"""Days and months that budgets run for, by the clock of settings.TIME_ZONE."""

from datetime import date, datetime, timedelta
from typing import Literal

from django.utils import timezone

Period = Literal["day", "month"]
PERIODS: tuple[Period, ...] = ("day", "month")
LONGEST_MONTH = timedelta(days=31)


def start_of(period: Period, at: datetime) -> date:
    """The first day of the period that `at` falls into."""
    day = timezone.localdate(at)
    return day if period == "day" else day.replace(day=1)


def renews_at(period: Period, starts_on: date) -> datetime:
    """The moment at which the period that began on `starts_on` is over, and the next begins."""
    following = starts_on + timedelta(days=1) if period == "day" else (starts_on + LONGEST_MONTH).replace(day=1)
    return timezone.make_aware(datetime.combine(following, datetime.min.time()))

"""Rows that have had their time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from users.models import IdempotencyKey


def forget_spent(*, now: datetime) -> int:
    """Remove sessions that have ended and Idempotency-Keys past IDEMPOTENCY_HOURS. Returns how many rows went."""
    old = now - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    keys, _by_model = IdempotencyKey.objects.filter(created_at__lt=old).delete()
    sessions, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    return keys + sessions

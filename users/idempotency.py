"""Idempotency-Keys in the database: the row of a key is what a second request with it waits for."""

from datetime import datetime, timedelta
from typing import Final

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Q, QuerySet

from lightpoint.rest.idempotency import Answer, Kept, StillRunning
from users.models import IdempotencyKey

# Without a conflict it gives the new row; with one it waits for the transaction that holds the key, and gives nothing.
CLAIM: Final = """
    INSERT INTO users_idempotencykey ("user_id", "key", "fingerprint", "headers", "body", "created_at")
    VALUES (%s, %s, %s, '{}', '', %s)
    ON CONFLICT ("user_id", "key") DO NOTHING RETURNING "id"
"""
TRIES = 3


class DatabaseStore:
    """The store of lightpoint.rest.idempotency over users.IdempotencyKey."""

    def claim(self, *, user_id: int | None, key: str, fingerprint: str, now: datetime) -> Kept | None:
        """Take the key, or return what stands under it; a row past IDEMPOTENCY_HOURS counts as none.

        Raises StillRunning when another transaction holds the key for longer than the database's lock timeout.
        """
        rows = _rows(user_id, key)
        try:
            for _ in range(TRIES):  # a row can be removed between the conflict and the look at it
                rows.filter(created_at__lt=now - timedelta(hours=settings.IDEMPOTENCY_HOURS)).delete()
                if _claimed(user_id, key, fingerprint, now):
                    return None
                row = rows.first()
                if row is not None and row.status is not None:
                    return Kept(row.fingerprint, Answer(row.status, row.headers, row.body))
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise StillRunning("The first request with this Idempotency-Key is still under way") from error
            raise
        raise StillRunning("This Idempotency-Key is in use elsewhere")

    def keep(self, *, user_id: int | None, key: str, answer: Answer) -> None:
        """Store the answer beside the key that this transaction claimed."""
        _rows(user_id, key).update(status=answer.status, headers=dict(answer.headers), body=answer.body)


def _rows(user_id: int | None, key: str) -> QuerySet[IdempotencyKey]:
    whose = Q(user__isnull=True) if user_id is None else Q(user_id=user_id)
    return IdempotencyKey.objects.filter(whose, key=key)


def _claimed(user_id: int | None, key: str, fingerprint: str, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [user_id, key, fingerprint, now])
        return cursor.fetchone() is not None

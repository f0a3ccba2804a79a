from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from users.models import IdempotencyKey
from users.services import forget_spent
from users.tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_what_has_had_its_time_is_removed_and_the_rest_stays() -> None:
    for name, age in (("old", 25), ("fresh", 23)):
        IdempotencyKey.objects.create(key=name, fingerprint="0" * 64, created_at=NOW - timedelta(hours=age))
        Session.objects.create(session_key=name, session_data="", expire_date=NOW + timedelta(hours=24 - age))
    assert forget_spent(now=NOW) == 2
    assert [row.key for row in IdempotencyKey.objects.all()] == ["fresh"]
    assert [row.session_key for row in Session.objects.all()] == ["fresh"]

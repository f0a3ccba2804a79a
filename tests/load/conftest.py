"""A database of 100,000 cases, for as long as the tests of this folder run; it is rolled back after them."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from knowledge.services import load_digest_into_database
from lightpoint.management.load import fill
from users.models import Practice

CASES = 100_000


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Practice]:
    """The largest of the practices, with half of all cases."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_digest_into_database(now=timezone.now())
        fill(complaints=CASES, practices=20, now=timezone.now())
        yield Practice.objects.filter(name__startswith="Load").earliest("pk")
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_limits(settings: settings) -> None:
    settings.RATE_LIMITS = {name: {**limit, "rate": ""} for name, limit in settings.RATE_LIMITS.items()}

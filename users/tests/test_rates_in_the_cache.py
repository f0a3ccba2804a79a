from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from users.selectors import rates_on
from users.services import set_rate
from users.tests.factories import NOW, make_practice

DAY = date(2026, 1, 20)


@pytest.mark.django_db(transaction=True)
def test_rates_are_read_once_and_again_when_one_is_set() -> None:
    practice, other = make_practice(), make_practice()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            assert rates_on(practice, DAY) == {"partner": Decimal("150.00")}
        counts.append(len(found))
    assert counts == [1, 0]
    assert rates_on(other, DAY) == {"partner": Decimal("150.00")}
    set_rate(practice=practice, grade="partner", hourly=Decimal("175.50"), valid_from=DAY, now=NOW)
    assert rates_on(practice, DAY) == {"partner": Decimal("175.50")}
    assert rates_on(other, DAY) == {"partner": Decimal("150.00")}


@pytest.mark.django_db(transaction=True)
def test_a_rate_that_was_not_set_after_all_is_not_seen() -> None:
    practice = make_practice()
    with transaction.atomic():
        set_rate(practice=practice, grade="partner", hourly=Decimal("175.50"), valid_from=DAY, now=NOW)
        assert rates_on(practice, DAY) == {"partner": Decimal("175.50")}
        transaction.set_rollback(True)
    assert rates_on(practice, DAY) == {"partner": Decimal("150.00")}

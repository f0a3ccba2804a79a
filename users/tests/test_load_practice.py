import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command

from users.models import Practice

SAMPLE = settings.BASE_DIR / "samples" / "practice.json"


@pytest.mark.django_db
def test_the_sample_practice_is_stored_once_with_its_rates_and_signatory() -> None:
    said = [io.StringIO(), io.StringIO()]
    for out in said:
        call_command("load_practice", SAMPLE, stdout=out)
    practice = Practice.objects.get()
    assert practice.signatory_name
    assert practice.vat_registered
    assert practice.rates.get(grade="partner").hourly == Decimal("185.00")
    assert "with 3 rates" in said[0].getvalue()
    assert "left as it is" in said[1].getvalue()

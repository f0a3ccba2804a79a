from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from users.models import AuditEvent, Practice, Rate, User
from users.services import PracticeExists, create_platform_user, create_practice, set_rate

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def make_practice(name: str = "Harrow & Lytle", **details: object) -> Practice:
    return create_practice(name=name, address="1 Mill Lane, Ludlow", now=NOW, **details)


def test_a_new_practice_has_its_rates_and_stands_on_the_trail() -> None:
    practice = make_practice(
        rates=[("partner", Decimal("180.00")), ("junior", Decimal("55.00"))], rates_from=date(2025, 1, 1)
    )
    assert list(practice.rates.values_list("grade", "hourly", "valid_from")) == [
        ("junior", Decimal("55.00"), date(2025, 1, 1)),
        ("partner", Decimal("180.00"), date(2025, 1, 1)),
    ]
    assert list(AuditEvent.objects.filter(practice=practice).values_list("action", flat=True)) == [
        "practice.created",
        "rate.set",
        "rate.set",
    ]


def test_the_same_practice_is_not_stored_twice() -> None:
    make_practice()
    with pytest.raises(PracticeExists) as refusal:
        make_practice()
    assert (refusal.value.status, refusal.value.code) == (409, "practice-exists")


def test_a_practice_of_that_name_elsewhere_is_another_one() -> None:
    make_practice()
    assert create_practice(name="Harrow & Lytle", address="9 High Street, Wick", now=NOW).pk


@pytest.mark.parametrize(
    "details",
    [{"nation": "france"}, {"vat_registered": True}, {"vat_registered": False, "vat_number": "GB 999 0601 22"}],
)
def test_a_practice_that_breaks_a_rule_is_refused_with_its_reason(details: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_practice(**details)
    assert not AuditEvent.objects.exists()


def test_the_database_refuses_it_too() -> None:
    with pytest.raises(IntegrityError, match="practice_vat_number_iff_registered"), transaction.atomic():
        Practice.objects.create(name="A", address="B", vat_registered=True)


def test_a_rate_of_the_same_day_is_replaced_and_both_are_on_the_trail() -> None:
    practice = make_practice()
    for hourly in ("150.00", "160.00"):
        set_rate(practice=practice, grade="partner", hourly=Decimal(hourly), valid_from=date(2025, 1, 1), now=NOW)
    assert Rate.objects.get().hourly == Decimal("160.00")
    event = AuditEvent.objects.filter(action="rate.set").first()
    assert (event.old, event.new["hourly"]) == ({"hourly": "150.00"}, "160.00")


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="rate_above_nought"):
        set_rate(practice=make_practice(), grade="partner", hourly=Decimal("0"), valid_from=date(2025, 1, 1), now=NOW)


def test_two_rates_of_a_grade_cannot_begin_on_one_day() -> None:
    practice = make_practice()
    Rate.objects.create(practice=practice, grade="partner", hourly=Decimal("1"), valid_from=date(2025, 1, 1))
    with pytest.raises(IntegrityError, match="rate_begins_once_a_day"), transaction.atomic():
        Rate.objects.create(practice=practice, grade="partner", hourly=Decimal("2"), valid_from=date(2025, 1, 1))


def test_staff_of_the_platform_sign_in_with_their_address_however_written() -> None:
    create_platform_user(email=" Ada@Example.COM ", password="a long enough phrase", now=NOW)
    user = User.objects.get_by_natural_key("ADA@example.com")
    assert user.check_password("a long enough phrase")
    assert AuditEvent.objects.get(action="user.created").new == {"email": "ada@example.com", "is_superuser": True}


def test_staff_of_the_platform_belong_to_no_practice() -> None:
    practice = make_practice()
    with pytest.raises(IntegrityError, match="user_superuser_of_no_practice"), transaction.atomic():
        User.objects.create_superuser("ada@example.com", "secret", practice=practice)


def test_an_address_in_capitals_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="user_email_in_lower_case"), transaction.atomic():
        User.objects.create(email="Ada@example.com")

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from users.models import Practice, User
from users.selectors import rate_on, rates_on, visible_practices
from users.services import create_practice, set_rate

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Practice:
    made = create_practice(
        name="Harrow & Lytle",
        address="1 Mill Lane, Ludlow",
        rates=[("partner", Decimal("150.00")), ("junior", Decimal("50.00"))],
        rates_from=date(2024, 4, 6),
        now=NOW,
    )
    set_rate(practice=made, grade="partner", hourly=Decimal("180.00"), valid_from=date(2025, 4, 6), now=NOW)
    return made


@pytest.mark.parametrize(
    ("day", "hourly"),
    [
        (date(2024, 4, 5), None),
        (date(2024, 4, 6), Decimal("150.00")),
        (date(2025, 4, 5), Decimal("150.00")),
        (date(2025, 4, 6), Decimal("180.00")),
        (date(2030, 1, 1), Decimal("180.00")),
    ],
)
def test_a_rate_holds_from_its_day_until_the_next_begins(practice: Practice, day: date, hourly: Decimal | None) -> None:
    assert rate_on(practice, "partner", day) == hourly


def test_an_unknown_grade_has_no_rate(practice: Practice) -> None:
    assert rate_on(practice, "wizard", date(2025, 5, 1)) is None


def test_all_rates_of_a_day_come_in_one_query(
    practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        rates = rates_on(practice, date(2025, 5, 1))
    assert rates == {"junior": Decimal("50.00"), "partner": Decimal("180.00")}


def test_alice_sees_her_practice_and_charlie_does_not(practice: Practice) -> None:
    other = create_practice(name="Other", address="2 Mill Lane, Ludlow", now=NOW)
    alice = User.objects.create_user("alice@example.com", practice=practice)
    charlie = User.objects.create_user("charlie@example.com", practice=other)
    assert list(visible_practices(alice)) == [practice]
    assert list(visible_practices(charlie)) == [other]


def test_staff_of_the_platform_see_all_and_strangers_none(practice: Practice) -> None:
    staff = User.objects.create_superuser("staff@example.com")
    nobody = User.objects.create_user("nobody@example.com")
    gone = User.objects.create_user("gone@example.com", practice=practice, is_active=False)
    assert list(visible_practices(staff)) == [practice]
    for user in (nobody, gone, AnonymousUser()):
        assert not visible_practices(user).exists()

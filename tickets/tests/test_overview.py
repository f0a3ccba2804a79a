from datetime import UTC, date, datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from complaints.models import Client, Complaint
from tickets.selectors import practice_overview
from users.models import Practice, User
from users.services import create_practice

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def open_complaints(practice: Practice, *states: str) -> None:
    client = Client.objects.create(practice=practice, name="A", kind="individual", nation="scotland")
    for number, state in enumerate(states):
        Complaint.objects.create(
            practice=practice,
            client=client,
            reference=f"LP-{number}",
            status=state,
            opened_on=date(2025, 1, 6),
            intake_hash=str(number),
            created_at=NOW,
        )


@pytest.fixture
def alice() -> User:
    practice = create_practice(name="Harrow & Lytle", address="1 Mill Lane, Ludlow", now=NOW)
    open_complaints(practice, "active", "active", "closed")
    return User.objects.create_user("alice@example.com", practice=practice)


def test_complaints_are_counted_by_state_in_the_order_of_the_ladder(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        overview = practice_overview(alice)
    assert [count for _, count in overview.by_status] == [0, 2, 0, 0, 1]


def test_another_practice_counts_its_own_only(alice: User) -> None:
    other = create_practice(name="Other", address="2 Mill Lane, Ludlow", now=NOW)
    open_complaints(other, "assessment")
    charlie = User.objects.create_user("charlie@example.com", practice=other)
    assert [count for _, count in practice_overview(charlie).by_status] == [1, 0, 0, 0, 0]
    assert sum(count for _, count in practice_overview(alice).by_status) == 3


def test_the_page_opens_for_someone_who_has_signed_in(client: Browser, alice: User) -> None:
    client.force_login(alice)
    assert client.get(reverse("tickets:overview")).status_code == 200

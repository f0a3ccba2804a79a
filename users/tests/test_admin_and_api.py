import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from users.models import AuditEvent, Practice, Rate, User
from users.services import create_practice

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Practice:
    rates = [("partner", Decimal("150.00"))]
    return create_practice(
        name="Harrow & Lytle", address="1 Mill Lane, Ludlow", rates=rates, rates_from=date(2024, 4, 6), now=NOW
    )


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff@example.com"))
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", ["practice", "user", "auditevent"])
def test_each_list_of_the_admin_opens(staff: Client, practice: Practice, model: str) -> None:
    assert "Lightpoint" in page(staff, f"users_{model}_changelist")


def test_the_trail_can_be_read_and_not_written(staff: Client, practice: Practice) -> None:
    event = AuditEvent.objects.first()
    assert "practice.created" in page(staff, "users_auditevent_change", event.pk)
    assert staff.get(reverse("admin:users_auditevent_add")).status_code == 403
    assert staff.post(reverse("admin:users_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403


def test_a_change_in_the_admin_is_audited_with_old_and_new(staff: Client, practice: Practice) -> None:
    rate = practice.rates.get()
    form = {
        "name": "Harrow & Daughters",
        "address": practice.address,
        "nation": "scotland",
        "vat_registered": "unknown",
        "rates-TOTAL_FORMS": "1",
        "rates-INITIAL_FORMS": "1",
        "rates-0-id": rate.pk,
        "rates-0-practice": practice.pk,
        "rates-0-grade": "partner",
        "rates-0-hourly": "175.00",
        "rates-0-valid_from": "06/04/2024",
    }
    answer = staff.post(reverse("admin:users_practice_change", args=[practice.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]
    event = AuditEvent.objects.get(action="practice.changed")
    assert event.actor_label == "staff@example.com"
    assert (event.old["name"], event.new["name"]) == ("Harrow & Lytle", "Harrow & Daughters")
    assert Rate.objects.get().hourly == Decimal("175.00")
    assert AuditEvent.objects.filter(action="rate.set", actor_label="staff@example.com").count() == 1


def test_a_password_never_reaches_the_trail(staff: Client) -> None:
    form = {"email": "new@example.com", "name": "New", "password1": "velvet-otter-71", "password2": "velvet-otter-71"}
    answer = staff.post(reverse("admin:users_user_add"), {**form, "usable_password": "true"})
    assert answer.status_code == 302, answer.context["errors"]
    event = AuditEvent.objects.get(action="user.created")
    assert "velvet" not in json.dumps([event.old, event.new])


def test_the_api_shows_the_callers_practice_with_todays_rates(client: Client, practice: Practice) -> None:
    create_practice(name="Other", address="2 Mill Lane, Ludlow", now=NOW)
    client.force_login(User.objects.create_user("alice@example.com", practice=practice))
    answer = client.get(reverse("users-api:practices"))
    assert answer.json() == [
        {
            "id": practice.pk,
            "name": "Harrow & Lytle",
            "nation": "england-and-wales",
            "agent_reference": "",
            "rates": {"partner": "150.00"},
        }
    ]


def test_the_api_answers_a_stranger_with_problem_details(client: Client) -> None:
    answer = client.get(reverse("users-api:practices"))
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401

"""Budgets and the ledger of calls over the REST API and in the browser admin, as each role meets them."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from users.models import AuditEvent, Budget, LLMCall, Practice, User
from users.roles import Role
from users.services import set_budget
from users.tests import factories

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(autouse=True)
def _no_caps(settings: Settings) -> None:
    settings.LLM_CAPS = dict.fromkeys(settings.LLM_CAPS)


@pytest.fixture
def practice() -> Practice:
    return factories.make_practice("Harrow & Lytle")


@pytest.fixture
def admin(practice: Practice, client: Client) -> User:
    user = factories.admin(practice)
    client.force_login(user)
    return user


@pytest.fixture
def budget(practice: Practice) -> Budget:
    return set_budget(level="practice", practice=practice, period="month", amount=Decimal(50), now=timezone.now())


def sent(client: Client, method: str, path: str, data: object = None, **headers: str) -> Any:
    body = {} if data is None else {"data": json.dumps(data), "content_type": JSON}
    return getattr(client, method)(f"/api/v1/{path}", headers=headers, **body)


def test_the_ledger_lists_calls_the_newest_first(admin: User, client: Client, practice: Practice) -> None:
    factories.make_call(practice, cost="0.10", stage="facts")
    factories.make_call(practice, admin, "0.12345678", letter_id=70, complaint_id=7, stage="tone")
    rows = sent(client, "get", "llm-calls/").json()["results"]
    assert [row["cost"] for row in rows] == ["0.12345678", "0.10000000"]
    assert (rows[0]["letter"], rows[0]["complaint"], rows[0]["user"], rows[0]["outcome"]) == (70, 7, admin.pk, "ok")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("letter=70", 1), ("complaint=8", 0), ("stage=facts", 1), ("purpose=letter", 2), ("tier=best", 2),
        ("outcome=timeout", 0), ("model=anthropic/best", 2), ("pricing=counted", 2), ("since=2020-01-01", 2),
        ("until=2020-01-01", 0),
    ],
)  # fmt: skip
def test_the_ledger_can_be_filtered(admin: User, client: Client, practice: Practice, asked: str, count: int) -> None:
    factories.make_call(practice, stage="facts")
    factories.make_call(practice, admin, letter_id=70, complaint_id=7, stage="tone")
    assert len(sent(client, "get", f"llm-calls/?{asked}").json()["results"]) == count


@pytest.mark.parametrize("role", list(Role))
def test_who_manages_sees_what_is_spent_and_admins_set_budgets(
    client: Client, practice: Practice, budget: Budget, role: Role
) -> None:
    client.force_login(factories.make_user(role, practice))
    sees, sets = role in (Role.ADMIN, Role.MANAGER), role is Role.ADMIN
    for path in ("llm-calls/", "budgets/", f"budgets/{budget.pk}/"):
        assert sent(client, "get", path).status_code == (200 if sees else 403)
    made = sent(client, "post", "budgets/", {"level": "practice", "period": "day", "amount": "5"})
    assert made.status_code == (201 if sets else 403)
    match = {"If-Match": '"1"'}
    changed = sent(client, "patch", f"budgets/{budget.pk}/", {"amount": "60"}, **match)
    assert changed.status_code == (200 if sets else 403)


def test_a_budget_comes_with_what_is_spent_of_it(
    admin: User, client: Client, practice: Practice, budget: Budget
) -> None:
    factories.make_call(practice, cost="0.25")
    found = sent(client, "get", f"budgets/{budget.pk}/")
    assert found.headers["ETag"] == '"1"'
    shown = found.json()
    assert (shown["amount"], shown["spent"], shown["reserved"]) == ("50.00", "0.25000000", "0.00000000")
    assert (shown["left"], shown["currency"]) == ("49.75000000", "USD")
    assert shown["renews_at"] > timezone.now().isoformat()


def test_a_budget_is_set_for_a_colleague(admin: User, client: Client, practice: Practice) -> None:
    analyst = factories.analyst(practice)
    made = sent(client, "post", "budgets/", {"level": "user", "user": analyst.pk, "period": "day", "amount": "2.50"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert made.headers["Location"] == f"/api/v1/budgets/{made.json()['id']}/"
    again = sent(client, "post", "budgets/", {"level": "user", "user": analyst.pk, "period": "day", "amount": "3"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:lightpoint:budget-exists")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"level": "user", "period": "day", "amount": "1"}, 422),
        ({"level": "platform", "period": "day", "amount": "1"}, 403),
        ({"level": "practice", "period": "week", "amount": "1"}, 422),
        ({"level": "practice", "period": "day", "amount": "-1"}, 422),
        ({"level": "practice", "period": "day", "amount": 1.5}, 422),
    ],
)
def test_what_is_no_budget_of_the_caller_is_refused(
    admin: User, client: Client, body: dict[str, Any], status: int
) -> None:
    assert sent(client, "post", "budgets/", body).status_code == status
    assert not Budget.objects.exists()


def test_nobody_sets_or_sees_the_budget_of_another_practice(client: Client, practice: Practice, budget: Budget) -> None:
    factories.make_call(practice)
    client.force_login(factories.outsider())
    assert sent(client, "get", "llm-calls/").json()["results"] == []
    assert sent(client, "get", "budgets/").json()["results"] == []
    assert sent(client, "get", f"budgets/{budget.pk}/").status_code == 404
    body = {"level": "user", "user": factories.analyst(practice).pk, "period": "day", "amount": "1"}
    assert sent(client, "post", "budgets/", body).status_code == 422


def test_an_edit_names_the_version_it_has_read(admin: User, client: Client, budget: Budget) -> None:
    path = f"budgets/{budget.pk}/"
    assert sent(client, "patch", path, {"amount": "60"}).status_code == 428
    changed = sent(client, "patch", path, {"amount": "60"}, **{"If-Match": '"1"'})
    assert (changed.json()["amount"], changed.headers["ETag"]) == ("60.00", '"2"')
    assert sent(client, "patch", path, {"amount": "70"}, **{"If-Match": '"1"'}).status_code == 412
    assert sent(client, "delete", path, **{"If-Match": '"1"'}).status_code == 412
    assert sent(client, "delete", path, **{"If-Match": '"2"'}).status_code == 204
    actions = AuditEvent.objects.filter(target_type="users.budget").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["budget.set", "budget.changed", "budget.removed"]


def test_staff_set_the_budget_of_the_platform_and_a_practice_does_not_see_it(
    client: Client, practice: Practice
) -> None:
    client.force_login(factories.superuser())
    body = {"level": "platform", "period": "month", "amount": "5000"}
    assert sent(client, "post", "budgets/", body).status_code == 201
    body = {"level": "practice", "practice": practice.pk, "period": "day", "amount": "50"}
    assert sent(client, "post", "budgets/", body).status_code == 201
    assert len(sent(client, "get", "budgets/").json()["results"]) == 2
    client.force_login(factories.admin(practice))
    assert [row["level"] for row in sent(client, "get", "budgets/").json()["results"]] == ["practice"]


# The browser admin


def test_the_ledger_can_be_read_and_not_written(admin: User, client: Client, practice: Practice) -> None:
    factories.make_call(practice, stage="tone")
    call = LLMCall.objects.get()
    assert "0.25" in client.get(reverse("admin:users_llmcall_changelist")).content.decode()
    assert client.get(reverse("admin:users_llmcall_change", args=[call.pk])).status_code == 200
    assert client.get(reverse("admin:users_llmcall_add")).status_code == 403
    assert client.post(reverse("admin:users_llmcall_delete", args=[call.pk]), {"post": "yes"}).status_code == 403


def test_an_admin_sets_changes_and_removes_a_budget_on_the_pages(
    admin: User, client: Client, practice: Practice
) -> None:
    form = {"level": "practice", "practice": practice.pk, "user": "", "period": "day", "amount": "12.50"}
    assert client.post(reverse("admin:users_budget_add"), form).status_code == 302
    budget = Budget.objects.get()
    factories.make_call(practice)
    assert "12.25" in client.get(reverse("admin:users_budget_changelist")).content.decode()
    page = reverse("admin:users_budget_change", args=[budget.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"amount": "20"}).status_code == 302
    budget.refresh_from_db()
    assert (budget.amount, budget.version) == (Decimal("20.00"), 2)
    chosen = {"action": "delete_selected", "_selected_action": [budget.pk], "post": "yes"}
    client.post(reverse("admin:users_budget_changelist"), chosen)
    assert not Budget.objects.exists()
    assert AuditEvent.objects.filter(action="budget.removed", actor=admin).count() == 1


def test_what_the_service_refuses_is_said_on_the_page(admin: User, client: Client) -> None:
    form = {"level": "platform", "practice": "", "user": "", "period": "day", "amount": "12.50"}
    answer = client.post(reverse("admin:users_budget_add"), form, follow=True)
    assert "Only staff of the platform" in answer.content.decode()
    assert not Budget.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.VIEWER])
def test_nobody_else_changes_a_budget_on_the_pages(
    client: Client, practice: Practice, budget: Budget, role: Role
) -> None:
    client.force_login(factories.make_user(role, practice))
    page = reverse("admin:users_budget_change", args=[budget.pk])
    assert client.get(page).status_code == (200 if role is Role.MANAGER else 403)
    assert client.post(page, {"amount": "20"}).status_code == 403


def test_letters_are_drafted_ten_times_an_hour(settings: Settings) -> None:
    from lightpoint.ratelimit import consume, limit_named  # noqa: PLC0415
    from lightpoint.settings import RATE_LIMITS  # noqa: PLC0415

    settings.RATE_LIMITS = RATE_LIMITS
    limit = limit_named("letters")
    assert (limit.count, limit.per) == (10, "user")
    now = timezone.now()
    decisions = [consume("letters", "user:77", now=now) for _ in range(11)]
    assert [one.allowed for one in decisions] == [True] * 10 + [False]
    assert decisions[-1].retry_after >= timedelta(minutes=50)

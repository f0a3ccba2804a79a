"""What people are told when a budget changes, and when a call is refused."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from users.models import AuditEvent, Budget, BudgetUse, Practice
from users.services import (
    BudgetExceeded,
    Call,
    Charge,
    Errand,
    change_budget,
    remove_budget,
    reserve,
    send_budget_warning,
    set_budget,
    settle,
)
from users.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_caps(settings: Settings) -> None:
    settings.LLM_CAPS = dict.fromkeys(settings.LLM_CAPS)


@pytest.fixture
def practice() -> Practice:
    return factories.make_practice("Harrow & Lytle")


@pytest.fixture
def budget(practice: Practice) -> Budget:
    factories.admin(practice)
    return set_budget(level="practice", practice=practice, period="month", amount=Decimal(10), now=NOW)


def spend(practice: Practice, cost: str, worst: str = "") -> None:
    errand = Errand("letter", "anthropic/best")
    held = reserve(practice=practice, user=None, errand=errand, worst=Decimal(worst or cost), now=NOW)
    call = Call(model="anthropic/best", tier="best", outcome="ok")
    settle(token=held.token, charge=Charge(Decimal(cost), "counted"), call=call, now=NOW)


def steps() -> list[int]:
    return [event.new["step"] for event in AuditEvent.objects.filter(action="budget.warned").order_by("pk")]


def test_who_has_raised_a_budget_is_told_of_the_steps_of_the_new_one(practice: Practice, budget: Budget) -> None:
    spend(practice, "10")
    change_budget(budget=budget, amount=Decimal(100), now=NOW)
    spend(practice, "69")
    assert steps() == [100]
    spend(practice, "1")
    spend(practice, "20")
    assert steps() == [100, 80, 100]


def test_a_step_that_is_reached_still_is_not_told_of_again(practice: Practice, budget: Budget) -> None:
    spend(practice, "8.50")
    change_budget(budget=budget, amount=Decimal("10.50"), now=NOW)
    spend(practice, "0.10")
    change_budget(budget=budget, amount=Decimal(5), now=NOW)
    with pytest.raises(BudgetExceeded):
        spend(practice, "0.10")
    assert steps() == [80, 100]


def test_a_budget_in_the_place_of_the_cap_of_the_settings_has_steps_of_its_own(
    practice: Practice, settings: Settings
) -> None:
    settings.LLM_CAPS = {**settings.LLM_CAPS, "practice-month": Decimal(1)}
    spend(practice, "1")
    made = set_budget(level="practice", practice=practice, period="month", amount=Decimal(10), now=NOW)
    spend(practice, "7")
    assert steps() == [100, 80]
    remove_budget(budget=made, now=NOW)
    with pytest.raises(BudgetExceeded):
        spend(practice, "0.10")
    assert steps() == [100, 80, 100]


def test_a_refused_call_is_not_told_as_money_that_was_spent(
    practice: Practice, budget: Budget, django_capture_on_commit_callbacks: Any
) -> None:
    spend(practice, "7")
    with pytest.raises(BudgetExceeded):
        spend(practice, "1", worst="5")
    use = BudgetUse.objects.get(level="practice", period="month")
    with django_capture_on_commit_callbacks(execute=True):
        assert send_budget_warning(use_id=use.pk, step=100) == 1
    message = mail.outbox[0]
    assert message.subject == "Your practice's budget for language models has no room for a call"
    assert "had no room for a call: 7.00 USD of it are spent." in message.body
    assert "100%" not in message.body


def test_nobody_is_told_of_a_budget_that_was_taken_away(practice: Practice, budget: Budget) -> None:
    spend(practice, "8")
    remove_budget(budget=budget, now=NOW)
    assert send_budget_warning(use_id=BudgetUse.objects.get(level="practice", period="month").pk, step=80) == 0

"""Budgets and the ledger of calls, with a real PostgreSQL under threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from lightpoint.errors import InvalidInput, NotAllowed, StaleVersion
from lightpoint.llm import Attempted, Message, Prompt, Usage, charged_to, complete
from lightpoint.llm.simulator import Simulator
from users.models import AuditEvent, Budget, BudgetUse, LLMCall, Practice, Reservation, User
from users.periods import renews_at, start_of
from users.selectors import receipt_of, receipt_of_complaint, visible_budgets, visible_llm_calls
from users.services import (
    BudgetExceeded,
    BudgetExists,
    Call,
    Charge,
    Errand,
    Held,
    UnpricedModel,
    accountant_for,
    book_hit,
    change_budget,
    charge_of,
    reclaim_reservations,
    remove_budget,
    reserve,
    send_budget_warning,
    set_budget,
    settle,
)
from users.tasks import reclaim_leaked
from users.tests import factories

NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
ERRAND = Errand("letter", "anthropic/best", complaint_id=7, letter_id=70, stage="outline")
CALL = Call(model="anthropic/best", tier="best", outcome="ok", usage=Usage(sent=1000, written=200))
ONE = Decimal("1.00")


@dataclass
class Row:
    """A letter or a complaint of another app."""

    pk: int
    practice_id: int


@pytest.fixture(autouse=True)
def _no_caps(settings: Settings) -> None:
    settings.LLM_CAPS = dict.fromkeys(settings.LLM_CAPS)
    settings.LLM_PRICES = {"anthropic/best": {"sent": "15", "cached": "1.5", "written": "75"}}


@pytest.fixture
def practice(db: None) -> Practice:
    return factories.make_practice("Harrow & Lytle")


@pytest.fixture
def admin(practice: Practice) -> User:
    return factories.admin(practice)


def attempted(**changes: Any) -> Attempted:
    """As the boundary tells of a call."""
    fields = {
        "model": "anthropic/best",
        "tier": "best",
        "purpose": "letter",
        "reason": "tone of a Tier 2 letter",
        "prompt_sha256": "a" * 64,
        "usage": Usage(sent=10_000, written=1_000, cached=8_000),
        "outcome": "ok",
        "started_at": NOW,
        "first_token_seconds": 1.5,
        "seconds": 9.0,
        "cost": Decimal("0.117"),
    }
    return Attempted(**fields | changes)


def held_for(practice: Practice | None, worst: Decimal | None = ONE, user: User | None = None, **changes: Any) -> Held:
    values = {"errand": ERRAND, "now": NOW} | changes
    return reserve(practice=practice, user=user, worst=worst, **values)


def booked(held: Held, cost: str, now: datetime = NOW) -> LLMCall | None:
    return settle(token=held.token, charge=Charge(Decimal(cost), "counted"), call=CALL, now=now)


def use_of(level: str, period: str = "day") -> BudgetUse:
    return BudgetUse.objects.get(level=level, period=period)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database, without savepoints."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def in_threads(work: Callable[[int], None], count: int) -> None:
    """Do it at the same moment in so many threads, each with its own connection."""
    barrier = threading.Barrier(count)
    faults: list[BaseException] = []

    def one(number: int) -> None:
        try:
            barrier.wait()
            work(number)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


# Periods


@pytest.mark.parametrize(
    ("period", "at", "starts", "renews"),
    [
        ("day", "2026-01-19T09:00+00:00", "2026-01-19", "2026-01-20T00:00+00:00"),
        ("day", "2026-06-30T23:30+00:00", "2026-07-01", "2026-07-01T23:00+00:00"),
        ("month", "2026-12-31T12:00+00:00", "2026-12-01", "2027-01-01T00:00+00:00"),
        ("month", "2026-02-10T12:00+00:00", "2026-02-01", "2026-03-01T00:00+00:00"),
    ],
)
def test_periods_go_by_the_clock_of_london(period: Any, at: str, starts: str, renews: str) -> None:
    found = start_of(period, datetime.fromisoformat(at))
    assert found.isoformat() == starts
    assert renews_at(period, found) == datetime.fromisoformat(renews)


# Reserving


def test_a_call_is_held_of_every_budget_it_counts_to(practice: Practice, admin: User) -> None:
    held_for(practice, user=admin)
    found = {(use.level, use.owner, use.period): use.reserved for use in BudgetUse.objects.all()}
    owners = {"user": admin.pk, "practice": practice.pk, "platform": 0}
    assert found == {(level, owner, period): ONE for level, owner in owners.items() for period in ("day", "month")}
    row = Reservation.objects.get()
    assert (row.state, row.worst, row.letter_id, row.stage, len(row.uses)) == ("open", ONE, 70, "outline", 6)
    assert row.expires_at == NOW + timedelta(seconds=900)


def test_a_call_of_the_platform_itself_is_held_of_its_budgets_alone(db: None) -> None:
    held_for(None)
    assert set(BudgetUse.objects.values_list("level", flat=True)) == {"platform"}


def test_reserving_takes_one_statement_and_settling_two(practice: Practice, admin: User) -> None:
    set_budget(level="practice", practice=practice, period="day", amount=Decimal(100), now=NOW)
    held_for(practice, user=admin)
    with statements() as asked:
        held = held_for(practice, user=admin)
    assert len(asked) == 1
    with statements() as asked:
        booked(held, "0.25")
    assert len(asked) == 2


@pytest.mark.parametrize("period", ["day", "month"])
@pytest.mark.parametrize("level", ["user", "practice", "platform"])
def test_a_budget_without_room_refuses_and_nothing_is_held_anywhere(
    practice: Practice, admin: User, level: Any, period: Any
) -> None:
    owner = {"user": {"user": admin}, "practice": {"practice": practice}, "platform": {}}[level]
    set_budget(level=level, period=period, amount=Decimal("1.50"), now=NOW, **owner)
    held_for(practice, user=admin)
    with pytest.raises(BudgetExceeded) as refused:
        held_for(practice, user=admin)
    assert (refused.value.level, refused.value.period) == (level, period)
    assert set(BudgetUse.objects.values_list("reserved", flat=True)) == {ONE}
    assert Reservation.objects.count() == 1
    assert str(renews_at(period, start_of(period, NOW)).day) in str(refused.value)
    assert ("1.50" in str(refused.value)) == (level != "platform")


def test_a_call_fits_to_the_last_cent(practice: Practice) -> None:
    set_budget(level="practice", practice=practice, period="day", amount=Decimal("2.00"), now=NOW)
    held_for(practice)
    held_for(practice)
    with pytest.raises(BudgetExceeded) as refused:
        held_for(practice, Decimal("0.00000001"))
    assert refused.value.headers == {"Retry-After": "5"}


def test_who_has_spent_it_waits_until_it_renews(practice: Practice) -> None:
    set_budget(level="practice", practice=practice, period="day", amount=ONE, now=NOW)
    booked(held_for(practice), "0.90")
    with pytest.raises(BudgetExceeded, match=r"1\.00 USD a day.*0\.90 is spent.*20 January 2026 at 00:00") as refused:
        held_for(practice)
    assert refused.value.headers == {"Retry-After": str(15 * 3600)}
    held_for(practice, now=NOW + timedelta(days=1))


def test_of_two_budgets_without_room_the_one_that_renews_last_is_named(practice: Practice) -> None:
    for period in ("day", "month"):
        set_budget(level="practice", practice=practice, period=period, amount=Decimal(0), now=NOW)
    with pytest.raises(BudgetExceeded, match="1 February 2026"):
        held_for(practice)


def test_without_a_budget_the_settings_bound_it_and_a_budget_goes_before_them(
    practice: Practice, settings: Settings
) -> None:
    settings.LLM_CAPS = {**settings.LLM_CAPS, "practice-day": Decimal("0.50")}
    with pytest.raises(BudgetExceeded):
        held_for(practice)
    set_budget(level="practice", practice=practice, period="day", amount=ONE, now=NOW)
    held_for(practice)


def test_what_was_spent_before_a_budget_was_set_counts(practice: Practice) -> None:
    booked(held_for(practice), "0.75")
    set_budget(level="practice", practice=practice, period="day", amount=ONE, now=NOW)
    with pytest.raises(BudgetExceeded):
        held_for(practice, Decimal("0.50"))


def test_a_model_without_a_price_is_refused_unless_the_settings_let_it_through(
    practice: Practice, settings: Settings
) -> None:
    with pytest.raises(UnpricedModel, match="anthropic/best"):
        held_for(practice, None)
    assert not Reservation.objects.exists()
    settings.LLM_ALLOW_UNPRICED = True
    held = held_for(practice, None)
    charge = charge_of(attempted(cost=None))
    settle(token=held.token, charge=charge, call=CALL, now=NOW)
    row = LLMCall.objects.get()
    assert (row.cost, row.pricing) == (None, "unpriced")
    assert receipt_of(Row(70, practice.pk)).unpriced == 1


@pytest.mark.django_db(transaction=True)
def test_callers_at_once_never_hold_more_than_the_budget() -> None:
    practice, other = factories.make_practice(), factories.make_practice()
    set_budget(level="practice", practice=practice, period="day", amount=Decimal("5.00"), now=NOW)
    set_budget(level="platform", period="month", amount=Decimal("12.00"), now=NOW)
    got: list[Held] = []

    def work(number: int) -> None:
        for _ in range(5):
            try:
                got.append(held_for(practice if number % 2 else other))
            except BudgetExceeded:
                continue

    in_threads(work, 8)
    assert use_of("platform", "month").reserved == Decimal("12.00") == len(got)
    of_practice = BudgetUse.objects.get(level="practice", owner=practice.pk, period="day")
    assert of_practice.reserved <= Decimal("5.00")
    assert Reservation.objects.count() == 12


# Settling


def test_settling_frees_what_was_not_needed(practice: Practice, admin: User) -> None:
    call = booked(held_for(practice, user=admin), "0.12345678")
    assert {(use.spent, use.reserved) for use in BudgetUse.objects.all()} == {(Decimal("0.12345678"), Decimal(0))}
    assert call is not None
    assert (call.cost, call.complaint_id, call.letter_id, call.stage) == (Decimal("0.12345678"), 7, 70, "outline")
    assert (call.sent, call.written, call.cached, call.practice, call.user) == (1000, 200, 0, practice, admin)


def test_settling_twice_books_once(practice: Practice) -> None:
    held = held_for(practice)
    assert booked(held, "0.40") is not None
    assert booked(held, "0.90") is None
    assert use_of("practice").spent == Decimal("0.40")
    assert LLMCall.objects.count() == 1


def test_a_token_that_nobody_gave_books_nothing(practice: Practice) -> None:
    assert settle(token=uuid4(), charge=Charge(ONE, "counted"), call=CALL, now=NOW) is None
    assert not LLMCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_settling_at_once_books_once() -> None:
    held = held_for(factories.make_practice())
    in_threads(lambda _: booked(held, "0.40") and None, 8)
    assert LLMCall.objects.count() == 1
    assert {(use.spent, use.reserved) for use in BudgetUse.objects.all()} == {(Decimal("0.40"), Decimal(0))}


@pytest.mark.django_db(transaction=True)
def test_reserving_settling_and_reclaiming_at_once_leave_the_books_even() -> None:
    practice, user = factories.make_practice(), factories.admin()
    late = NOW + timedelta(hours=1)

    def work(number: int) -> None:
        for turn in range(6):
            held = held_for(practice, user=user if turn % 2 else None)
            if turn % 3:
                booked(held, "0.10")
            if number == 0:
                reclaim_reservations(now=late)

    in_threads(work, 6)
    reclaim_reservations(now=late)
    total = sum(call.cost for call in LLMCall.objects.all() if call.cost)
    assert {use.reserved for use in BudgetUse.objects.all()} == {Decimal(0)}
    assert use_of("platform", "day").spent == use_of("practice", "month").spent == total
    assert not Reservation.objects.filter(state="open").exists()


def test_a_call_belongs_to_the_period_in_which_it_began(practice: Practice) -> None:
    held = held_for(practice, now=datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    booked(held, "0.40", now=datetime(2026, 2, 1, 0, 1, tzinfo=UTC))
    assert use_of("practice", "month").starts_on.month == 1
    assert use_of("practice", "month").spent == Decimal("0.40")


@pytest.mark.parametrize(
    ("how", "cost", "pricing"),
    [
        ({}, Decimal("0.117"), "counted"),
        ({"estimated": True, "outcome": "cancelled", "cost": Decimal("0.15")}, Decimal("0.15"), "estimated"),
        ({"usage": None, "cost": Decimal(0), "outcome": "rate-limited"}, Decimal(0), "none"),
        ({"cost": None}, None, "unpriced"),
    ],
)
def test_a_charge_says_how_it_was_found(how: dict[str, Any], cost: Decimal | None, pricing: str) -> None:
    found = charge_of(attempted(**how))
    assert (found.cost, found.pricing) == (cost, pricing)


# Reclaiming


def test_what_a_dead_call_held_is_free_again_and_counts_at_its_worst(practice: Practice) -> None:
    held_for(practice)
    assert reclaim_reservations(now=NOW + timedelta(seconds=899)) == 0
    assert reclaim_reservations(now=NOW + timedelta(seconds=900)) == 1
    assert reclaim_reservations(now=NOW + timedelta(seconds=901)) == 0
    use = use_of("practice")
    assert (use.spent, use.reserved) == (ONE, Decimal(0))
    call = LLMCall.objects.get()
    assert (call.outcome, call.cost, call.pricing, call.sent) == ("lost", ONE, "worst", None)


def test_a_provider_that_says_what_it_charged_is_believed(practice: Practice) -> None:
    first, second = held_for(practice), held_for(practice)
    bill: dict[UUID, Decimal] = {first.token: Decimal("0.17"), second.token: Decimal(0)}
    assert reclaim_reservations(now=NOW + timedelta(hours=1), bill=bill.get) == 2
    assert use_of("practice").spent == Decimal("0.17")
    assert {call.pricing for call in LLMCall.objects.all()} == {"counted"}


def test_a_call_that_settles_after_its_lease_is_booked_and_what_stood_for_it_reversed(practice: Practice) -> None:
    held = held_for(practice)
    reclaim_reservations(now=NOW + timedelta(hours=1))
    assert booked(held, "0.25") is not None
    assert booked(held, "0.25") is None
    use = use_of("practice")
    assert (use.spent, use.reserved) == (Decimal("0.25"), Decimal(0))
    rows = LLMCall.objects.order_by("pk").values_list("outcome", "cost")
    assert list(rows) == [("lost", ONE), ("reversed", -ONE), ("ok", Decimal("0.25"))]
    assert receipt_of(Row(70, practice.pk)).total == Decimal("0.25")


# Warnings


@pytest.fixture
def bounded(practice: Practice, admin: User) -> Budget:
    return set_budget(level="practice", practice=practice, period="day", amount=Decimal("10.00"), now=NOW)


def steps() -> list[int]:
    return [event.new["step"] for event in AuditEvent.objects.filter(action="budget.warned").order_by("pk")]


def test_people_are_told_at_80_95_and_100_percent_once_each(practice: Practice, bounded: Budget) -> None:
    for cost in ("7.99", "0.01", "0.50", "0.99", "0.01", "0.50"):
        booked(held_for(practice, Decimal(cost)), cost)
    assert steps() == [80, 95, 100]
    with pytest.raises(BudgetExceeded):
        held_for(practice)
    assert steps() == [80, 95, 100]


def test_the_message_is_a_job_of_the_transaction_that_noted_it(practice: Practice, bounded: Budget) -> None:
    booked(held_for(practice, Decimal(8)), "8.00")
    job = ProcrastinateJob.objects.get(task_name="users.tell_of_budget")
    use = use_of("practice")
    assert (job.queue_name, job.args, use.warned) == ("mail", {"use_id": use.pk, "step": 80}, 80)


def test_the_job_that_looks_for_leaked_reservations_frees_them(practice: Practice) -> None:
    held_for(practice)
    reclaim_leaked(0)
    assert not Reservation.objects.filter(state="open").exists()


def test_a_leap_over_two_steps_is_told_once(practice: Practice, bounded: Budget) -> None:
    booked(held_for(practice, Decimal("9.70")), "9.70")
    assert steps() == [95]


def test_a_refusal_is_told_as_the_end_of_the_budget_once(practice: Practice, bounded: Budget) -> None:
    booked(held_for(practice, Decimal("7.00")), "7.00")
    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            held_for(practice, Decimal("5.00"))
    assert steps() == [100]


def test_a_refusal_for_what_is_only_held_is_told_to_nobody(practice: Practice, bounded: Budget) -> None:
    held_for(practice, Decimal("9.00"))
    with pytest.raises(BudgetExceeded):
        held_for(practice, Decimal("5.00"))
    assert steps() == []


def test_the_next_period_warns_anew(practice: Practice, bounded: Budget) -> None:
    for day in range(2):
        booked(held_for(practice, Decimal(8), now=NOW + timedelta(days=day)), "8.00")
    assert steps() == [80, 80]


@pytest.mark.django_db(transaction=True)
def test_calls_that_settle_at_once_warn_once() -> None:
    practice = factories.make_practice()
    set_budget(level="practice", practice=practice, period="day", amount=Decimal("8.00"), now=NOW)
    held = [held_for(practice, Decimal("0.50")) for _ in range(16)]
    in_threads(lambda number: booked(held[number], "0.48") and None, 16)
    assert steps() == [80, 95]


def test_admins_are_written_to_and_the_user_whose_budget_it_is(
    practice: Practice, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    analyst = factories.analyst(practice)
    factories.viewer(practice)
    set_budget(level="user", user=analyst, period="day", amount=ONE, now=NOW)
    booked(held_for(practice, user=analyst), "0.81")
    use = use_of("user")
    with django_capture_on_commit_callbacks(execute=True):
        assert send_budget_warning(use_id=use.pk, step=80) == 2
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {analyst.email, admin.email}
    assert told[analyst.email].subject == "Your budget for language models is 80% spent"
    assert str(analyst) in told[admin.email].subject
    assert "0.81 USD" in told[admin.email].body


# Budgets


def test_a_budget_is_set_once_for_an_owner_and_a_period(practice: Practice, admin: User) -> None:
    made = set_budget(level="practice", practice=practice, period="day", amount=ONE, now=NOW, by=admin)
    assert (made.owner, made.currency, made.version) == (practice.pk, "USD", 1)
    with pytest.raises(BudgetExists):
        set_budget(level="practice", practice=practice, period="day", amount=ONE, now=NOW, by=admin)
    set_budget(level="practice", practice=practice, period="month", amount=ONE, now=NOW, by=admin)
    assert AuditEvent.objects.filter(action="budget.set", actor=admin).count() == 2


@pytest.mark.parametrize("level", ["user", "practice", "platform"])
def test_nobody_sets_a_budget_beyond_their_practice(practice: Practice, level: Any) -> None:
    stranger, member = factories.outsider(), factories.analyst(practice)
    owner = {"user": {"user": member}, "practice": {"practice": practice}, "platform": {}}[level]
    with pytest.raises(NotAllowed):
        set_budget(level=level, period="day", amount=ONE, now=NOW, by=stranger, **owner)
    staff = factories.superuser()
    budget = set_budget(level=level, period="day", amount=ONE, now=NOW, by=staff, **owner)
    with pytest.raises(NotAllowed):
        change_budget(budget=budget, amount=Decimal(5), now=NOW, by=stranger)


def test_an_owner_must_go_with_the_level(practice: Practice, admin: User) -> None:
    with pytest.raises(InvalidInput):
        set_budget(level="platform", practice=practice, period="day", amount=ONE, now=NOW)


def test_a_budget_may_be_lowered_below_what_is_spent(practice: Practice, bounded: Budget) -> None:
    booked(held_for(practice, Decimal("6.00")), "6.00")
    changed = change_budget(budget=bounded, amount=Decimal("2.00"), now=NOW, expected_version=1)
    assert changed.version == 2
    with pytest.raises(BudgetExceeded):
        held_for(practice, Decimal("0.01"))
    with pytest.raises(StaleVersion):
        change_budget(budget=bounded, amount=Decimal("3.00"), now=NOW, expected_version=1)
    remove_budget(budget=changed, now=NOW, expected_version=2)
    held_for(practice)


def test_a_budget_is_shown_with_its_use(practice: Practice, admin: User, bounded: Budget) -> None:
    booked(held_for(practice), "0.25")
    held_for(practice)
    found = visible_budgets(admin, NOW).get()
    assert (found.spent, found.reserved, found.left) == (Decimal("0.25"), ONE, Decimal("8.75"))
    assert visible_budgets(admin, NOW + timedelta(days=1)).get().left == Decimal("10.00")


# The ledger


@pytest.mark.parametrize("statement", ["UPDATE {} SET cost = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_not_change_the_ledger(practice: Practice, statement: str) -> None:
    booked(held_for(practice), "0.25")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(LLMCall._meta.db_table))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE {} SET cost = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_of_the_ledger_is_refused_by_a_trigger(statement: str) -> None:
    booked(held_for(None), "0.25")
    with connection.as_owner(), pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(LLMCall._meta.db_table))
    assert LLMCall.objects.get().cost == Decimal("0.25")


@pytest.mark.parametrize(
    "broken", [{"cost": None}, {"pricing": "unpriced"}, {"prompt_sha256": "x"}, {"tier": "huge"}, {"outcome": ""}]
)
def test_the_database_refuses_a_row_that_contradicts_itself(practice: Practice, broken: dict[str, Any]) -> None:
    call = booked(held_for(practice), "0.25")
    fields = {field.attname: getattr(call, field.attname) for field in LLMCall._meta.concrete_fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        LLMCall.objects.create(**{**fields, "id": None, "token": uuid4(), **broken})


def test_a_call_is_booked_once_whatever_a_service_does(practice: Practice) -> None:
    call = booked(held_for(practice), "0.25")
    assert call is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        LLMCall.objects.create(
            token=call.token, purpose="x", model="x", outcome="ok", cost=1, pricing="counted", created_at=NOW
        )


def test_another_practice_sees_neither_calls_nor_budgets(practice: Practice, admin: User, bounded: Budget) -> None:
    booked(held_for(practice), "0.25")
    stranger = factories.outsider()
    assert not visible_llm_calls(stranger).exists()
    assert not visible_budgets(stranger, NOW).exists()
    assert visible_llm_calls(admin).count() == 1
    assert visible_llm_calls(factories.superuser()).count() == 1
    assert receipt_of(Row(70, stranger.practice_id)).calls == ()


def test_the_receipt_of_a_letter_sums_exactly_to_its_rows(practice: Practice) -> None:
    costs = ("0.00000001", "0.33333333", "0.12500000")
    for stage, cost in zip(("facts", "outline", "outline"), costs, strict=True):
        booked(held_for(practice, errand=replace(ERRAND, stage=stage)), cost)
    booked(held_for(practice, errand=replace(ERRAND, letter_id=71)), "0.50")
    book_hit(errand=replace(ERRAND, stage="facts"), saved=Decimal("0.02"), practice=practice, user=None, now=NOW)
    with statements() as asked:
        receipt = receipt_of(Row(70, practice.pk))
    assert len(asked) == 1
    assert receipt.total == sum(Decimal(cost) for cost in costs) == Decimal("0.45833334")
    assert receipt.by_stage == {"facts": Decimal("0.00000001"), "outline": Decimal("0.45833333")}
    assert (receipt.saved, receipt.unpriced, len(receipt.calls)) == (Decimal("0.02"), 0, 4)
    assert receipt_of_complaint(Row(7, practice.pk)).total == Decimal("0.95833334")


# The accountant


PROMPT = Prompt(system="s", messages=(Message("user", "m"),), max_tokens=2_000, purpose="letter")
WORST = Decimal("0.30")  # 10,000 tokens sent at $15 and 2,000 written at $75 a million
INPUT = Decimal("0.15")


def test_an_accountant_holds_and_books_what_the_boundary_tells(practice: Practice, admin: User) -> None:
    accountant = accountant_for(practice, admin, complaint_id=7, letter_id=70, stage="tone")
    token = accountant.reserve(PROMPT, "anthropic/best", WORST)
    accountant.settle(token, attempted())
    accountant.settle(token, attempted())
    row = LLMCall.objects.get()
    assert (row.cost, row.saved, row.reason) == (Decimal("0.117"), Decimal("0.108"), "tone of a Tier 2 letter")
    assert (row.stage, row.tier, row.cached, row.seconds) == ("tone", "best", 8_000, 9.0)


def test_a_cancelled_call_keeps_the_cost_of_its_input(practice: Practice, admin: User) -> None:
    accountant = accountant_for(practice, admin, letter_id=70)
    token = accountant.reserve(PROMPT, "anthropic/best", WORST)
    accountant.settle(token, attempted(outcome="cancelled", estimated=True, usage=Usage(10_000, 0), cost=INPUT))
    row = LLMCall.objects.get()
    assert (row.cost, row.pricing, row.sent, row.written) == (INPUT, "estimated", 10_000, 0)
    assert {(use.spent, use.reserved) for use in BudgetUse.objects.all()} == {(INPUT, Decimal(0))}


@pytest.mark.django_db(transaction=True)
def test_what_the_boundary_does_is_on_the_ledger_as_the_provider_bills_it(settings: Settings) -> None:
    practice = factories.make_practice()
    with Simulator(answer=lambda _request: "Dear Sir", time_scale=0.001) as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        with charged_to(accountant_for(practice, None, letter_id=70)):
            complete(PROMPT, "fast")
            complete(PROMPT, "best")
        set_budget(level="practice", practice=practice, period="day", amount=Decimal("0.01"), now=NOW)
        with charged_to(accountant_for(practice, None)), pytest.raises(BudgetExceeded):
            complete(PROMPT, "best")
        assert len(provider.calls) == 2
        assert receipt_of(Row(70, practice.pk)).total == provider.bill > 0
    assert {use.reserved for use in BudgetUse.objects.all()} == {Decimal(0)}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_the_caller_neither_locks_the_budgets_nor_takes_the_books_back() -> None:
    practice = factories.make_practice()
    accountant = replace(accountant_for(practice, None), clock=lambda: NOW)
    with transaction.atomic():
        token = accountant.reserve(PROMPT, "anthropic/best", WORST)
        in_threads(lambda _: held_for(practice) and None, 1)
        accountant.settle(token, attempted())
        transaction.set_rollback(True)
    assert LLMCall.objects.get().cost == Decimal("0.117")
    use = use_of("platform", "month")
    assert (use.spent, use.reserved) == (Decimal("0.117"), ONE)

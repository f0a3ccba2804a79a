"""Reads of practices, their people, rates and what they spend: who may see what."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, DecimalField, F, Model, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from lightpoint.cache import Entry, get_or_compute
from users.models import ApiKey, AuditEvent, Budget, BudgetUse, Invitation, LLMCall, Practice, Rate, User, Webhook
from users.models.spending import CURRENCY, DIGITS, PLACES
from users.periods import start_of

Row = TypeVar("Row", bound=Model)
RATES_ON_DAY = Entry("users.rates", ttl=timedelta(hours=1))  # never stale: letters claim money by it


def visible_practices(user: User | AnonymousUser) -> QuerySet[Practice]:
    """The practices that `user` may see: their own; all for staff of the platform; none without signing in."""
    if not isinstance(user, User) or not user.is_active:
        return Practice.objects.none()
    if user.is_superuser:
        return Practice.objects.all()
    if user.practice_id is None:
        return Practice.objects.none()
    return Practice.objects.filter(pk=user.practice_id)


def visible_users(user: User | AnonymousUser) -> QuerySet[User]:
    """The people that `user` may see: those of their practice; everybody for staff of the platform."""
    return _of_practice(User.objects.all(), user)


def visible_rates(user: User | AnonymousUser) -> QuerySet[Rate]:
    """The rates of the practices that `user` may see."""
    return _of_practice(Rate.objects.all(), user)


def visible_invitations(user: User | AnonymousUser) -> QuerySet[Invitation]:
    """The invitations into the practices that `user` may see."""
    return _of_practice(Invitation.objects.all(), user)


def visible_api_keys(user: User | AnonymousUser) -> QuerySet[ApiKey]:
    """The user's own keys, and nobody else's."""
    if not isinstance(user, User) or not user.is_active:
        return ApiKey.objects.none()
    return ApiKey.objects.filter(user=user)


def visible_audit_events(user: User | AnonymousUser) -> QuerySet[AuditEvent]:
    """The trail of the user's practice; all of it for staff of the platform."""
    return _of_practice(AuditEvent.objects.all(), user)


def visible_webhooks(user: User | AnonymousUser) -> QuerySet[Webhook]:
    """The webhooks of the user's practice; all of them for staff of the platform."""
    return _of_practice(Webhook.objects.all(), user)


def visible_llm_calls(user: User | AnonymousUser) -> QuerySet[LLMCall]:
    """The calls of language models that were made for the user's practice; all for staff of the platform."""
    return _of_practice(LLMCall.objects.all(), user)


def visible_budgets(user: User | AnonymousUser, now: datetime) -> QuerySet[Budget]:
    """The budgets of the user's practice and its people, with `spent` and `reserved` of the period that `now` is in."""
    starts = Case(When(period="day", then=Value(start_of("day", now))), default=Value(start_of("month", now)))
    budgets = _of_practice(Budget.objects.select_related("user", "practice"), user).annotate(starts_on=starts)
    use = BudgetUse.objects.filter(
        level=OuterRef("level"), owner=OuterRef("owner"), period=OuterRef("period"), starts_on=OuterRef("starts_on")
    )
    money: DecimalField[Decimal, Decimal] = DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    return budgets.annotate(
        spent=Coalesce(Subquery(use.values("spent")), Value(Decimal(0)), output_field=money),
        reserved=Coalesce(Subquery(use.values("reserved")), Value(Decimal(0)), output_field=money),
    ).annotate(left=F("amount") - F("spent") - F("reserved"))


def _of_practice(rows: QuerySet[Row], user: User | AnonymousUser) -> QuerySet[Row]:
    """Those of the user's practice; all for staff of the platform; compared with a value, so that indexes serve."""
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def rate_on(practice: Practice, grade: str, day: date) -> Decimal | None:
    """Pounds an hour of `grade` on `day`; None when the practice had no rate for it then."""
    rates = Rate.objects.filter(practice=practice, grade=grade, valid_from__lte=day)
    return rates.order_by("-valid_from").values_list("hourly", flat=True).first()


def rates_on(practice: Practice, day: date) -> dict[str, Decimal]:
    """Pounds an hour by grade, as they hold on `day`; grades in alphabetical order. One query, or none (cache)."""
    found = get_or_compute(
        RATES_ON_DAY,
        practice=practice.pk,
        parts=[day.isoformat()],
        compute=lambda: {grade: str(hourly) for grade, hourly in _rates_on(practice, day)},
    )
    return {grade: Decimal(hourly) for grade, hourly in found.items()}


def _rates_on(practice: Practice, day: date) -> list[tuple[str, Decimal]]:
    rates = Rate.objects.filter(practice=practice, valid_from__lte=day)
    latest = rates.order_by("grade", "-valid_from").distinct("grade")
    return list(latest.values_list("grade", "hourly"))


class OfPractice(Protocol):
    """A row of another app that calls are made for: a complaint, or a letter."""

    @property
    def pk(self) -> int: ...
    @property
    def practice_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was paid for one thing. `total` is the sum of its rows to the last place; `unpriced` have no known cost."""

    calls: tuple[LLMCall, ...]
    currency: str = CURRENCY

    @property
    def total(self) -> Decimal:
        """What all calls cost of which that is known."""
        return sum((call.cost for call in self.calls if call.cost is not None), Decimal(0))

    @property
    def saved(self) -> Decimal:
        """What caches spared."""
        return sum((call.saved for call in self.calls), Decimal(0))

    @property
    def unpriced(self) -> int:
        """How many calls nobody knows the cost of."""
        return sum(call.cost is None for call in self.calls)

    @property
    def by_stage(self) -> dict[str, Decimal]:
        """What each stage cost, in the order in which they were first called."""
        found: dict[str, Decimal] = {}
        for call in self.calls:
            found[call.stage] = found.get(call.stage, Decimal(0)) + (call.cost or Decimal(0))
        return found


def receipt_of(letter: OfPractice) -> Receipt:
    """What was paid for a letter that the reader may see, call by call. One query."""
    return Receipt(tuple(LLMCall.objects.filter(letter_id=letter.pk, practice=letter.practice_id).order_by("pk")))


def receipt_of_complaint(complaint: OfPractice) -> Receipt:
    """What was paid for a whole complaint, its letters included. One query."""
    calls = LLMCall.objects.filter(complaint_id=complaint.pk, practice=complaint.practice_id)
    return Receipt(tuple(calls.order_by("pk")))

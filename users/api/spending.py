"""What language models may cost and what they did, over the REST API."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.filters import ChoiceFilter, DayFilter, Filters, IdFilter, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import Budget
from users.models.spending import (
    CAP_DIGITS,
    CAP_PLACES,
    DIGITS,
    LEVELS,
    PERIODS,
    PLACES,
    PRICINGS,
    TIERS,
    choices,
)
from users.periods import renews_at
from users.roles import Action
from users.selectors import visible_budgets, visible_llm_calls, visible_practices, visible_users
from users.services import change_budget, remove_budget, set_budget


def money(help_text: str = "", **options: Any) -> serializers.DecimalField:
    """An amount of the ledger."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES, help_text=help_text, **options)


def cap(**options: Any) -> serializers.DecimalField:
    """The amount of a budget."""
    return serializers.DecimalField(max_digits=CAP_DIGITS, decimal_places=CAP_PLACES, **options)


class CallOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    practice = serializers.IntegerField(source="practice_id", allow_null=True)
    user = serializers.IntegerField(source="user_id", allow_null=True)
    complaint = serializers.IntegerField(source="complaint_id", allow_null=True)
    letter = serializers.IntegerField(source="letter_id", allow_null=True)
    stage = serializers.CharField(help_text="Of the pipeline.")
    purpose = serializers.CharField()
    model = serializers.CharField()
    tier = serializers.ChoiceField(choices=[("", ""), *choices(TIERS)])
    reason = serializers.CharField(help_text="Why this model.")
    prompt_sha256 = serializers.CharField(help_text="The version of the prompt.")
    sent = serializers.IntegerField(allow_null=True, help_text="Tokens; null where the provider did not say.")
    cached = serializers.IntegerField(allow_null=True, help_text="Of those sent, read from the provider's cache.")
    cache_written = serializers.IntegerField(allow_null=True, help_text="Of those sent, put into the cache.")
    written = serializers.IntegerField(allow_null=True, help_text="Tokens of the answer.")
    reasoning = serializers.IntegerField(allow_null=True, help_text="Of those written.")
    cost = money("Null: nobody knows the price.", allow_null=True)
    pricing = serializers.ChoiceField(choices=choices(PRICINGS), help_text="How the cost was found.")
    saved = money("What a cache spared.")
    currency = serializers.CharField()
    first_token_seconds = serializers.FloatField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    outcome = serializers.CharField(help_text="ok, cached, lost, reversed, or why there is no answer.")


class CallFilters(Filters):
    purpose = WordsFilter(field_name="purpose", help_text="Calls for this.")
    stage = WordsFilter(field_name="stage", help_text="Calls of this stage of a pipeline.")
    model = WordsFilter(field_name="model", help_text="Calls of this model.")
    outcome = WordsFilter(field_name="outcome", help_text="Calls that ended so, for instance ok or timeout.")
    tier = ChoiceFilter(choices=choices(TIERS), help_text="Calls of this tier.")
    pricing = ChoiceFilter(choices=choices(PRICINGS), help_text="Calls whose cost was found so.")
    letter = IdFilter(field_name="letter_id", help_text="Calls for this letter.")
    complaint = IdFilter(field_name="complaint_id", help_text="Calls for this complaint, its letters included.")
    user = IdFilter(field_name="user_id", help_text="Calls that this user caused.")
    since = DayFilter(field_name="created_at", lookup_expr="date__gte", help_text="Calls from this day on.")
    until = DayFilter(field_name="created_at", lookup_expr="date__lte", help_text="Calls up to this day.")


class LLMCallList(ApiView):
    """The ledger of calls of language models."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "spending.view"}
    filters = CallFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "-created_at": ("-created_at", "-pk"),
        "created_at": ("created_at", "pk"),
    }

    @extend_schema(operation_id="list_llm_calls", responses=CallOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of calls, the newest first."""
        return self.page(visible_llm_calls(self.caller), CallOutput)


class BudgetOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    level = serializers.ChoiceField(choices=choices(LEVELS), help_text="Whose it is.")
    practice = serializers.IntegerField(source="practice_id", allow_null=True)
    user = serializers.IntegerField(source="user_id", allow_null=True)
    period = serializers.ChoiceField(choices=choices(PERIODS))
    amount = cap(help_text="The most that may be spent in a period.")
    currency = serializers.CharField()
    starts_on = serializers.DateField(help_text="When the period that is running began.")
    spent = money("In that period.")
    reserved = money("Held for calls under way.")
    left = money("Below nought where the budget was lowered.")
    renews_at = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_renews_at(self, budget: Any) -> str:
        """When the next period begins."""
        return renews_at(budget.period, budget.starts_on).isoformat()


class BudgetFilters(Filters):
    level = ChoiceFilter(choices=choices(LEVELS), help_text="Budgets of users, of practices, or of the platform.")
    period = ChoiceFilter(choices=choices(PERIODS), help_text="Budgets of a day or of a month.")
    user = IdFilter(field_name="user_id", help_text="Budgets of this user.")


class BudgetList(ApiView):
    """The budgets of the caller's practice and its people."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "spending.view", "POST": "budget.set"}
    creates = True
    filters = BudgetFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "level": ("level", "owner", "period", "pk"),
        "-level": ("-level", "-owner", "-period", "-pk"),
    }

    class BudgetInput(Input):
        level = serializers.ChoiceField(choices=choices(LEVELS))
        period = serializers.ChoiceField(choices=choices(PERIODS))
        amount = cap(min_value=Decimal(0))
        user = serializers.IntegerField(
            min_value=1, max_value=2**63 - 1, required=False, help_text="For the level user alone."
        )
        practice = serializers.IntegerField(
            min_value=1,
            max_value=2**63 - 1,
            required=False,
            help_text="For the level practice alone, by staff of the platform; else one's own.",
        )

    @extend_schema(operation_id="list_budgets", responses=BudgetOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of budgets, each with what is spent of the period that is running."""
        return self.page(visible_budgets(self.caller, self.now), BudgetOutput)

    @extend_schema(operation_id="set_budget", request=BudgetInput, responses={201: BudgetOutput})
    def post(self, request: Request) -> Response:
        """Bound a day or a month. What was spent of it before counts."""
        sent = self.body(self.BudgetInput)
        budget = set_budget(
            level=sent["level"],
            period=sent["period"],
            amount=sent["amount"],
            **self._owner(sent),
            by=self.caller,
            now=self.now,
        )
        shown = visible_budgets(self.caller, self.now).get(pk=budget.pk)
        where = reverse("users-api:budget", args=[budget.pk])
        return self.created(BudgetOutput(shown).data, location=where, version=budget.version)

    def _owner(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Whom the body names, of those that the caller sees. Raises ValidationError (422)."""
        user, practice = sent.get("user"), sent.get("practice")
        if sent["level"] == "practice" and practice is None:
            practice = self.caller.practice_id
        return {
            "user": _named(visible_users(self.caller), "user", user),
            "practice": _named(visible_practices(self.caller), "practice", practice),
        }


class BudgetDetail(ApiView):
    """One budget."""

    versioned = True
    actions: ClassVar[Mapping[str, Action]] = {"GET": "spending.view", "PATCH": "budget.set", "DELETE": "budget.set"}

    class AmountInput(Input):
        amount = cap(min_value=Decimal(0))

    def budget(self, budget_id: int) -> Budget:
        """The budget of the address, where the caller may see it."""
        return self.found(visible_budgets(self.caller, self.now), pk=budget_id)

    @extend_schema(operation_id="get_budget", responses=BudgetOutput)
    def get(self, request: Request, budget_id: int) -> Response:
        """The budget, and what is spent of it."""
        budget = self.budget(budget_id)
        return self.answer(BudgetOutput(budget).data, version=budget.version)

    @extend_schema(operation_id="change_budget", request=AmountInput, responses=BudgetOutput)
    def patch(self, request: Request, budget_id: int) -> Response:
        """Another amount; it may be less than what is spent."""
        budget, sent = self.budget(budget_id), self.body(self.AmountInput, partial=True)
        change_budget(
            budget=budget,
            amount=sent.get("amount", budget.amount),
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.get(request, budget_id)

    @extend_schema(operation_id="remove_budget", request=None, responses={204: None})
    def delete(self, request: Request, budget_id: int) -> Response:
        """Leave it to the settings of the site what may be spent."""
        budget = self.budget(budget_id)
        remove_budget(budget=budget, by=self.caller, now=self.now, expected_version=self.expected_version)
        return Response(status=204)


def _named(rows: Any, field: str, number: int | None) -> Any:
    if number is None:
        return None
    row = rows.filter(pk=number).first()
    if row is None:
        raise ValidationError({field: ["There is no such row, or none that you may use."]}, "does_not_exist")
    return row

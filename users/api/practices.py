"""Practices and their rates over the REST API."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.filters import Filters, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import Nation
from users.roles import Action
from users.selectors import visible_practices
from users.services import edit_practice, set_rate


class PracticeOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField()
    nation = serializers.ChoiceField(choices=Nation.choices)
    letterhead = serializers.CharField(help_text="Lines below the name of a letter.")
    signatory_name = serializers.CharField()
    signatory_capacity = serializers.CharField()
    agent_reference = serializers.CharField(help_text="HMRC's agent code.")
    vat_registered = serializers.BooleanField(allow_null=True, help_text="Null until somebody has said.")
    vat_number = serializers.CharField()
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class RateOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    grade = serializers.CharField()
    hourly = serializers.DecimalField(max_digits=8, decimal_places=2, help_text="Pounds an hour, net of VAT.")
    valid_from = serializers.DateField()


class PracticeList(ApiView):
    """The practices that the caller may see: their own, or all for staff of the platform."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view"}
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {"name": ("name", "pk"), "-name": ("-name", "-pk")}

    @extend_schema(operation_id="list_practices", responses=PracticeOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of practices."""
        return self.page(visible_practices(self.caller), PracticeOutput)


class PracticeDetail(ApiView):
    """One practice: how it is headed, and who signs."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view", "PATCH": "practice.edit"}
    versioned = True

    class PracticeInput(Input):
        name = serializers.CharField(max_length=200)
        address = serializers.CharField(max_length=2_000)
        nation = serializers.ChoiceField(choices=Nation.choices)
        letterhead = serializers.CharField(max_length=2_000, allow_blank=True)
        signatory_name = serializers.CharField(max_length=120, allow_blank=True)
        signatory_capacity = serializers.CharField(max_length=120, allow_blank=True)
        agent_reference = serializers.CharField(max_length=40, allow_blank=True)
        vat_registered = serializers.BooleanField(allow_null=True)
        vat_number = serializers.CharField(max_length=20, allow_blank=True)

    @extend_schema(operation_id="get_practice", responses=PracticeOutput)
    def get(self, request: Request, practice_id: int) -> Response:
        """The practice as it stands."""
        practice = self.found(visible_practices(self.caller), pk=practice_id)
        return self.answer(PracticeOutput(practice).data, version=practice.version)

    @extend_schema(operation_id="edit_practice", request=PracticeInput, responses=PracticeOutput)
    def patch(self, request: Request, practice_id: int) -> Response:
        """Change the fields that are sent."""
        practice = edit_practice(
            practice=self.found(visible_practices(self.caller), pk=practice_id),
            changes=self.body(self.PracticeInput, partial=True),
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.answer(PracticeOutput(practice).data, version=practice.version)


class RateFilters(Filters):
    grade = WordsFilter(field_name="grade", help_text="Rates of this grade.")


class RateList(ApiView):
    """What an hour costs by grade, and from which day."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view", "POST": "rate.set"}
    creates = True
    filters = RateFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "grade": ("grade", "valid_from", "pk"),
        "-valid_from": ("-valid_from", "-pk"),
    }

    class RateInput(Input):
        grade = serializers.CharField(max_length=60)
        hourly = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=Decimal("0.01"))
        valid_from = serializers.DateField()

    @extend_schema(operation_id="list_rates", responses=RateOutput(many=True))
    def get(self, request: Request, practice_id: int) -> Response:
        """A page of rates. A rate holds until the next of its grade begins."""
        practice = self.found(visible_practices(self.caller), pk=practice_id)
        return self.page(practice.rates.all(), RateOutput)

    @extend_schema(operation_id="set_rate", request=RateInput, responses={201: RateOutput})
    def post(self, request: Request, practice_id: int) -> Response:
        """Let a rate hold from a day on; one of the same grade and day is replaced."""
        practice = self.found(visible_practices(self.caller), pk=practice_id)
        rate = set_rate(practice=practice, **self.body(self.RateInput), by=self.caller, now=self.now)
        where = reverse("users-api:rates", args=[practice.pk])
        return self.created(RateOutput(rate).data, location=where)

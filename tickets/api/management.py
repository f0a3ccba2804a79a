"""Where a practice stands, in figures."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from tickets.selectors import management_figures
from users.selectors import visible_practices


class CountOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    count = serializers.IntegerField()


class PersonOutput(serializers.Serializer[Any]):
    person = serializers.IntegerField(allow_null=True, help_text="Null: cases given to nobody.")
    name = serializers.CharField()
    states = CountOutput(many=True)
    total = serializers.IntegerField()


class TicketFiguresOutput(serializers.Serializer[Any]):
    open = serializers.IntegerField(help_text="Open, in progress or waiting.")
    unassigned = serializers.IntegerField()
    urgent = serializers.IntegerField()
    first_response_minutes = serializers.IntegerField(allow_null=True, help_text="The mean over 30 days.")


class ManagementOutput(serializers.Serializer[Any]):
    """Figures as they stood at `as_of`, up to two minutes ago."""

    as_of = serializers.DateTimeField()
    cases_by_state = CountOutput(many=True)
    cases_by_person = PersonOutput(many=True)
    open_cases_by_age = CountOutput(many=True)
    letters_by_state = CountOutput(many=True)
    tickets = TicketFiguresOutput()
    minutes_this_month = serializers.IntegerField(help_text="By the time records of cases analysed this month.")


class ManagementView(ApiView):
    """The figures of a practice."""

    actions: ClassVar = {"GET": "management.view"}

    class Query(Input):
        practice = serializers.IntegerField(
            required=False,
            min_value=1,
            max_value=LARGEST,
            help_text="The practice; needed by staff of the platform only.",
        )

    query = Query

    @extend_schema(operation_id="get_management", responses=ManagementOutput)
    def get(self, request: Request) -> Response:
        """Of the caller's practice; for staff of the platform of one, or of all together."""
        practice = self.parameters().get("practice")
        if practice is not None:
            self.found(visible_practices(self.caller), pk=practice)
        figures = management_figures(self.caller, now=timezone.localtime(), practice=practice)
        return self.answer(ManagementOutput(figures).data)

"""Practices over the REST API."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from users.models import Practice
from users.roles import Action
from users.selectors import rates_on, visible_practices


class PracticeList(APIView):
    """GET: the practices that the caller may see, with the rates that hold today."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "practice.view"}

    class OutputSerializer(serializers.Serializer[Any]):
        id = serializers.IntegerField()
        name = serializers.CharField()
        nation = serializers.CharField()
        agent_reference = serializers.CharField()
        rates = serializers.SerializerMethodField()

        def get_rates(self, practice: Practice) -> dict[str, str]:
            """Pounds an hour by grade, as strings: money is never a float."""
            today: date = self.context["today"]
            return {grade: str(hourly) for grade, hourly in rates_on(practice, today).items()}

    @extend_schema(operation_id="list_practices", responses=OutputSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them, by name."""
        practices = visible_practices(request.user).order_by("name", "pk")
        context = {"today": timezone.localdate()}
        return Response(self.OutputSerializer(practices, many=True, context=context).data)

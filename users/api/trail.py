"""The audit trail over the REST API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.filters import Filters, IdFilter, WordsFilter
from lightpoint.rest.views import ApiView
from users.roles import Action
from users.selectors import visible_audit_events


class AuditEventOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    actor_label = serializers.CharField(help_text="Who it was then; 'system' for nobody.")
    action = serializers.CharField(help_text="noun.verb")
    target_type = serializers.CharField(help_text="app.model")
    target_pk = serializers.CharField()
    target_label = serializers.CharField()
    old = serializers.DictField(allow_null=True)
    new = serializers.DictField(allow_null=True)
    practice = serializers.IntegerField(source="practice_id", allow_null=True)


class AuditEventFilters(Filters):
    action = WordsFilter(field_name="action", help_text="What was done, for instance letter.approved.")
    actor = IdFilter(field_name="actor_id", help_text="What this user did.")
    target_type = WordsFilter(field_name="target_type", help_text="Rows of this kind, for instance letters.letter.")
    target_pk = WordsFilter(field_name="target_pk", help_text="The row of this number.")


class AuditEventList(ApiView):
    """Who did what to which row of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "audit.view"}
    filters = AuditEventFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    @extend_schema(operation_id="list_audit_events", responses=AuditEventOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of the trail, the newest first."""
        return self.page(visible_audit_events(self.caller), AuditEventOutput)

"""Where a section of the guidance is used: the impact of a change."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.models import Complaint
from knowledge.selectors import history_of, section_named
from letters.models import Letter
from letters.selectors import uses_of_sections
from lightpoint.errors import NotFound
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import WRITTEN, Input
from lightpoint.rest.views import ApiView
from users.roles import Action


class UseOutput(serializers.Serializer[Any]):
    """A version of a letter that rests on the section."""

    letter = serializers.IntegerField(source="letter_id")
    type = serializers.ChoiceField(choices=Letter.Type.choices, source="letter.type")
    state = serializers.ChoiceField(choices=Letter.State.choices, source="letter.state")
    version_id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField(help_text="Of the version.")
    newest = serializers.BooleanField(help_text="Whether it is the last version of the letter.")
    section_versions = serializers.ListField(
        child=serializers.CharField(),
        source="cited",
        help_text="The hashes of the section's versions that it rests on.",
    )
    complaint = serializers.IntegerField(source="letter.complaint_id")
    reference = serializers.CharField(source="letter.complaint.reference")
    status = serializers.ChoiceField(choices=Complaint.Status.choices, source="letter.complaint.status")
    created_at = serializers.DateTimeField()


class UseQuery(Input):
    source_id = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, help_text="The section of this source, where several have it."
    )
    section_version = serializers.CharField(
        required=False, max_length=64, help_text="Only what rests on the version of this hash."
    )
    open = serializers.BooleanField(default=False, help_text="Only cases that are not over.")


class SectionUses(ApiView):
    """The letters that rest on a section."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}
    query = UseQuery
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}

    @extend_schema(operation_id="list_section_uses", responses=UseOutput(many=True))
    def get(self, request: Request, identifier: str) -> Response:
        """A page of versions of letters, the newest first, of the cases that the caller may see."""
        asked = self._asked()
        section = section_named(self.caller, identifier, source=asked.get("source_id"))
        if section is None:
            raise NotFound("There is nothing at this address")
        versions = history_of(self.caller, section)
        if "section_version" in asked:
            versions = versions.filter(version=asked["section_version"])
        return self.page(uses_of_sections(versions, viewer=self.caller, open_only=asked["open"]), UseOutput)

    def _asked(self) -> dict[str, Any]:
        """The parameters beside those of the page. Raises ValidationError (422)."""
        names = UseQuery().fields
        sent = {name: value for name, value in self.request.query_params.items() if name in names}
        checked = UseQuery(data=sent, context={WRITTEN: True})
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

"""Uploads that wait for a decision: sent in, looked at beside what they resemble, decided about, taken back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.api.shapes import FIGURE_KINDS, ChangePiece
from knowledge.api.uploads import BoundedUploadHandler, sent_files
from knowledge.comparison import changes_between
from knowledge.models import StagedSection
from knowledge.models.guidance import KINDS
from knowledge.models.staging import FINDINGS, STATES
from knowledge.selectors import comparisons_seen, visible_staged, visible_versions
from knowledge.services.comparing import text_of
from knowledge.services.reading import read_files
from knowledge.services.staging import (
    LONGEST,
    Judgement,
    compare_again,
    decide,
    merged_text,
    stage_upload,
    undo,
)
from knowledge.staging_status import DECISIONS, open_decisions
from lightpoint.rest.filters import ChoiceFilter, Filters, WordsFilter
from lightpoint.rest.parsing import LARGEST, StrictMultiPartParser
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action


class DisagreementOutput(serializers.Serializer[Any]):
    """Two sentences that say the same with another figure."""

    kind = serializers.ChoiceField(choices=FIGURE_KINDS)
    staged = serializers.CharField(source="one")
    held = serializers.CharField(source="other")
    staged_figures = serializers.ListField(child=serializers.CharField(), source="one_figures")
    held_figures = serializers.ListField(child=serializers.CharField(), source="other_figures")


class StagedOutput(serializers.Serializer[Any]):
    """An upload without its words."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=KINDS)
    source_name = serializers.CharField()
    identifier = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    page_date = serializers.DateField(allow_null=True)
    page_date_role = serializers.CharField(help_text="updated, published or printed")
    archived = serializers.BooleanField(help_text="Whether the page says that it is.")
    file_name = serializers.CharField()
    finding = serializers.ChoiceField(choices=FINDINGS, help_text="What it is to the section that it is most like.")
    state = serializers.ChoiceField(choices=STATES)
    decisions = serializers.SerializerMethodField(help_text="What can be decided about it now.")
    result = serializers.IntegerField(source="result_id", allow_null=True, help_text="The version that was made.")
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True, help_text="The version that it ended.")
    created_by = serializers.IntegerField(source="created_by_id", allow_null=True)
    created_at = serializers.DateTimeField()
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=DECISIONS)))
    def get_decisions(self, row: StagedSection) -> list[str]:
        """By the rules of `knowledge.staging_status`."""
        return list(open_decisions(row.state))


class ComparedOutput(serializers.Serializer[Any]):
    """A version that an upload resembles, and how it differs from it."""

    version_id = serializers.IntegerField()
    identifier = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source_name = serializers.CharField()
    finding = serializers.ChoiceField(choices=FINDINGS)
    similarity = serializers.FloatField(help_text="Of the wording, from 0 to 1; figures do not count.")
    disagreements = DisagreementOutput(many=True)
    text = serializers.CharField(help_text="What the version says.")
    changes = ChangePiece(many=True, help_text="From the version to the upload.")


class FullStagedOutput(StagedOutput):
    """An upload with its words, beside what it resembles."""

    body = serializers.CharField()
    compared = serializers.SerializerMethodField()

    @extend_schema_field(ComparedOutput(many=True))
    def get_compared(self, row: StagedSection) -> Any:
        """The versions that the caller may see."""
        found = [
            {**one, "text": text_of(version), "changes": changes_between(text_of(version), row.body)}
            for one, version in comparisons_seen(self.context["caller"], row)
        ]
        return ComparedOutput(found, many=True).data


class StagedFilters(Filters):
    state = ChoiceFilter(choices=STATES, help_text="Uploads in this state.")
    finding = ChoiceFilter(choices=FINDINGS, help_text="Uploads of which this was found.")
    kind = ChoiceFilter(choices=KINDS, help_text="Uploads of this kind.")
    q = WordsFilter(field_name="title", lookup_expr="icontains", help_text="Words of the title.")


class StagedList(ApiView):
    """The uploads of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "guidance.view", "POST": "guidance.curate"}
    limit = "uploads"
    creates = True
    filters = StagedFilters
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}
    parser_classes = (StrictMultiPartParser,)
    body_bytes = settings.STAGING_UPLOAD_BYTES

    class InputSerializer(Input):
        kind = serializers.ChoiceField(choices=KINDS)
        source_name = serializers.CharField(max_length=200, help_text="The source that the sections go into.")
        files = serializers.ListField(
            child=serializers.FileField(allow_empty_file=True, max_length=255),
            allow_empty=False,
            max_length=settings.STAGING_FILES,
        )

    class OutputSerializer(serializers.Serializer[Any]):
        staged = StagedOutput(many=True)
        problems = serializers.ListField(child=serializers.CharField(), help_text="What could not be read, and why.")

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Set who takes the files before anybody reads the body; looking for a token against forgery does."""
        request.upload_handlers = [BoundedUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(operation_id="list_staged_sections", responses=StagedOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of uploads, the newest first."""
        return self.page(visible_staged(self.caller).defer("body", "compared"), StagedOutput)

    @extend_schema(
        operation_id="stage_sections",
        request={"multipart/form-data": InputSerializer},
        responses={201: OutputSerializer},
    )
    def post(self, request: Request) -> Response:
        """Read files, and keep their sections until somebody decides. Precedents are anonymised before."""
        sent = self.body(self.InputSerializer)
        read = read_files(sent_files(sent["files"]))
        rows = stage_upload(
            pages=read.pages, kind=sent["kind"], source_name=sent["source_name"], by=self.caller, now=self.now
        )
        where = reverse("knowledge-api:staged", args=[rows[0].pk])
        return self.created(self.OutputSerializer({"staged": rows, "problems": read.problems}).data, location=where)


class StagedView(ApiView):
    """What all views of one upload share."""

    def staged(self, staged_id: int) -> StagedSection:
        """The upload of the address, where the caller may see it."""
        return self.found(visible_staged(self.caller), pk=staged_id)

    def shown(self, row: StagedSection) -> Response:
        """The upload with its ETag."""
        data = FullStagedOutput(row, context={"caller": self.caller}).data
        return self.answer(data, version=row.version)


class StagedDetail(StagedView):
    """One upload."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "guidance.view"}
    versioned = True

    @extend_schema(operation_id="get_staged_section", responses=FullStagedOutput)
    def get(self, request: Request, staged_id: int) -> Response:
        """Beside the versions that it resembles, with the figures that disagree."""
        return self.shown(self.staged(staged_id))


class StagedCompare(StagedView):
    """POST compares an upload again."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "guidance.curate"}

    @extend_schema(operation_id="compare_staged_section", request=None, responses=FullStagedOutput)
    def post(self, request: Request, staged_id: int) -> Response:
        """With what is held now; only while it waits."""
        return self.shown(compare_again(staged=self.staged(staged_id), by=self.caller, now=self.now))


class StagedMerge(StagedView):
    """What a merge would say."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "guidance.view"}

    class Query(Input):
        target = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text="The version to merge with.")

    query = Query

    class MergeOutput(serializers.Serializer[Any]):
        text = serializers.CharField()

    @extend_schema(operation_id="preview_staged_merge", responses=MergeOutput)
    def get(self, request: Request, staged_id: int) -> Response:
        """The held text, then the sentences that only the upload has: to be read and changed before the decision."""
        row = self.staged(staged_id)
        target = self.found(visible_versions(self.caller), pk=self.parameters()["target"])
        return self.answer(self.MergeOutput({"text": merged_text(staged=row, target=target)}).data)


class StagedDecide(StagedView):
    """Decides about an upload."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "guidance.curate"}
    creates = True
    versioned = True

    class InputSerializer(Input):
        decision = serializers.ChoiceField(choices=DECISIONS)
        target = serializers.IntegerField(
            required=False, min_value=1, max_value=LARGEST, help_text="Of merge and replace: the id of the version."
        )
        text = serializers.CharField(
            required=False, max_length=LONGEST, help_text="Of merge: the text, where it was changed."
        )

    @extend_schema(operation_id="decide_staged_section", request=InputSerializer, responses=FullStagedOutput)
    def post(self, request: Request, staged_id: int) -> Response:
        """approve: a version of its own. merge, replace: in the place of another. reject: none."""
        row, sent = self.staged(staged_id), self.body(self.InputSerializer)
        wanted = self.expected_version
        return self.shown(
            decide(staged=row, judged=Judgement(**sent), by=self.caller, now=self.now, expected_version=wanted)
        )


class StagedUndo(StagedView):
    """Takes a decision back."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "guidance.curate"}
    creates = True
    versioned = True

    @extend_schema(operation_id="undo_staged_section", request=None, responses=FullStagedOutput)
    def post(self, request: Request, staged_id: int) -> Response:
        """What stood before the decision stands again, and the upload waits again."""
        row, wanted = self.staged(staged_id), self.expected_version
        return self.shown(undo(staged=row, by=self.caller, now=self.now, expected_version=wanted))

"""The sources of sections, and the sharing of precedents."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.api.sections import OWNERS
from knowledge.models import Source
from knowledge.models.guidance import KINDS
from knowledge.selectors import sources_with_counts, visible_sources
from knowledge.services.staging import share_source, unshare_source
from lightpoint.rest.filters import ChoiceFilter, Filters, FlagFilter
from lightpoint.rest.views import ApiView
from users.roles import Action


class SourceOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    owner = serializers.SerializerMethodField(
        help_text="platform: everybody's; practice: of one that shares it, or yours."
    )
    shared = serializers.BooleanField(help_text="Whether all practices see it; only precedents can be shared.")
    publisher = serializers.CharField()
    licence = serializers.CharField()
    licence_url = serializers.CharField()
    sections = serializers.IntegerField(source="held", help_text="How many have a version that holds now.")

    @extend_schema_field(serializers.ChoiceField(choices=OWNERS))
    def get_owner(self, row: Source) -> str:
        """Whose the source is."""
        return "platform" if row.practice_id is None else "practice"


class SourceFilters(Filters):
    kind = ChoiceFilter(choices=KINDS, help_text="Sources of this kind.")
    shared = FlagFilter(field_name="shared", help_text="Only what practices share, or none of it.")


class SourceList(ApiView):
    """The sources that the caller may see."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "guidance.view"}
    filters = SourceFilters
    orderings: ClassVar = {"name": ("name", "pk"), "-name": ("-name", "-pk")}

    @extend_schema(operation_id="list_sources", responses=SourceOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of sources."""
        return self.page(sources_with_counts(self.caller), SourceOutput)


class SourceView(ApiView):
    """What all views of one source share."""

    def shown(self, source_id: int) -> Response:
        """The source with how many sections it holds."""
        return self.answer(SourceOutput(self.found(sources_with_counts(self.caller), pk=source_id)).data)


class SourceDetail(SourceView):
    """One source."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "guidance.view"}

    @extend_schema(operation_id="get_source", responses=SourceOutput)
    def get(self, request: Request, source_id: int) -> Response:
        """As it stands."""
        return self.shown(source_id)


class SourceShare(SourceView):
    """Shares the precedents of a source."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "guidance.share"}

    @extend_schema(operation_id="share_source", request=None, responses=SourceOutput)
    def post(self, request: Request, source_id: int) -> Response:
        """With every practice, from now on: those of it that are approved later too."""
        source = share_source(
            source=self.found(visible_sources(self.caller), pk=source_id), by=self.caller, now=self.now
        )
        return self.shown(source.pk)


class SourceUnshare(SourceView):
    """Takes the sharing back."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "guidance.share"}

    @extend_schema(operation_id="unshare_source", request=None, responses=SourceOutput)
    def post(self, request: Request, source_id: int) -> Response:
        """From then on the practice alone sees it."""
        rows = visible_sources(self.caller)
        source = unshare_source(source=self.found(rows, pk=source_id), by=self.caller, now=self.now)
        return self.shown(source.pk)

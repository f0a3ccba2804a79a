"""Sections of the guidance, their versions, and the search for those that answer a question."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.models import SectionVersion
from knowledge.search import Hit
from knowledge.selectors import (
    PAGES,
    having_words,
    known_section,
    search_sections,
    section_history,
    sections_standing,
    stored_sections,
)
from lightpoint.rest.filters import ChoiceFilter, DayFilter, Filters, FlagFilter, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.shared import SharedList
from lightpoint.rest.views import ApiView
from users.roles import Action

READ: Mapping[str, Action] = {"GET": "guidance.view"}
KINDS = [("crg", "crg"), ("page", "page")]


class FigureOutput(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="As the page prints it.")
    role = serializers.CharField(help_text="What it is there for.")


class VersionOutput(serializers.Serializer[Any]):
    """A version without its words."""

    identifier = serializers.CharField()
    version = serializers.CharField(help_text="Short hash of the entry; letters cite it.")
    title = serializers.CharField()
    manual = serializers.CharField(source="section.source.name")
    archived = serializers.BooleanField(help_text="Archived sections must not be cited.")
    page_date = serializers.DateField(allow_null=True, help_text="The date that the page prints as its own.")
    page_date_role = serializers.CharField(help_text="updated, published or printed")
    valid_from = serializers.DateField(allow_null=True, help_text="Null: from before what is known.")
    valid_to = serializers.DateField(allow_null=True, help_text="The day after the last; null: it still holds.")
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="When a correction took its place.")
    retrieved_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="The page on GOV.UK (Open Government Licence v3.0).")


class FullVersionOutput(VersionOutput):
    """A version with what it requires, in our words."""

    requires = serializers.CharField()
    figures = serializers.SerializerMethodField()
    topics = serializers.ListField(child=serializers.CharField())
    keywords = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(FigureOutput(many=True))
    def get_figures(self, row: SectionVersion) -> list[dict[str, str]]:
        """The figures that the page prints."""
        return [{"value": value, "role": role} for value, role in row.figures]


class SectionFilters(Filters):
    manual = WordsFilter(field_name="section__source__name", help_text="Sections of this manual.")
    kind = ChoiceFilter(choices=KINDS, method="of_kind", help_text="crg: numbered sections of the CRG; page: others.")
    archived = FlagFilter(field_name="archived", help_text="Only archived sections, or none of them.")
    in_force = DayFilter(method="standing", help_text="As it was in force on that day, instead of now.")
    q = WordsFilter(method="having", help_text="Sections with any of these words.")

    class Meta:
        model = SectionVersion
        fields: tuple[str, ...] = ()

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        """By how the section is cited."""
        numbered = {"identifier__regex": r"^CRG[0-9]+$"}
        return rows.filter(**numbered) if value == "crg" else rows.exclude(**numbered)

    def standing(self, rows: Any, name: str, value: Any) -> Any:
        """Chosen before all else, in `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        """Of each section the version that holds, now or on the day asked for; then the other filters."""
        day = self.form.cleaned_data["in_force"]
        return super().filter_queryset(queryset.in_force(day) if day else queryset.current())

    def having(self, rows: Any, name: str, value: str) -> Any:
        """By the search column; best first is what /guidance/search/ is for."""
        return having_words(rows, value)


class SectionList(SharedList):
    """The sections of the guidance, each in the version that holds."""

    actions = READ
    entry = PAGES
    plain = frozenset({"kind", "archived"})
    filters = SectionFilters
    orderings: ClassVar = {"identifier": ("identifier", "pk"), "-identifier": ("-identifier", "-pk")}

    @extend_schema(operation_id="list_sections", responses=VersionOutput(many=True))
    def get(self, request: Request) -> HttpResponse:
        """A page of sections."""
        return self.kept(lambda: self.page(stored_sections(), VersionOutput))


class SectionDetail(ApiView):
    """One section as it holds now, or as it was in force on a day."""

    actions = READ

    class Query(Input):
        on = serializers.DateField(required=False, help_text="As it was in force on that day.")

    query = Query

    @extend_schema(operation_id="get_section", responses=FullVersionOutput)
    def get(self, request: Request, identifier: str) -> Response:
        """The section with what it requires. "crg 5225" finds CRG5225."""
        rows = sections_standing(self.parameters().get("on"))
        return self.answer(FullVersionOutput(self.found(rows, identifier=known_section(identifier))).data)


class VersionList(ApiView):
    """Every stored version of a section."""

    actions = READ
    orderings: ClassVar = {"-retrieved_at": ("-retrieved_at", "-pk"), "retrieved_at": ("retrieved_at", "pk")}

    @extend_schema(operation_id="list_section_versions", responses=VersionOutput(many=True))
    def get(self, request: Request, identifier: str) -> Response:
        """A page of versions, the latest first."""
        self.found(section_history(identifier))
        return self.page(section_history(identifier), VersionOutput)


class VersionDetail(ApiView):
    """A version of a section, as a letter cites it."""

    actions = READ

    @extend_schema(operation_id="get_section_version", responses=FullVersionOutput)
    def get(self, request: Request, identifier: str, version: str) -> Response:
        """What the section said then."""
        return self.answer(FullVersionOutput(self.found(section_history(identifier), version=version)).data)


class PieceOutput(serializers.Serializer[Any]):
    text = serializers.CharField(trim_whitespace=False)
    hit = serializers.BooleanField(help_text="Whether these words matched.")


class ResultOutput(serializers.Serializer[Hit]):
    """A section that answers, and why it does."""

    identifier = serializers.CharField(source="section.id")
    title = serializers.CharField(source="section.title")
    manual = serializers.CharField(source="section.manual")
    version = serializers.CharField(source="section.version")
    url = serializers.URLField(source="section.url")
    archived = serializers.BooleanField(source="section.archived")
    snippet = serializers.SerializerMethodField()
    score = serializers.FloatField(source="score.total")

    @extend_schema_field(PieceOutput(many=True))
    def get_snippet(self, result: Hit) -> list[dict[str, object]]:
        """The words that answer, in pieces."""
        return [{"text": text, "hit": hit} for text, hit in result.snippet]


class Search(ApiView):
    """The sections that answer a question."""

    actions = READ

    class Query(Input):
        q = serializers.CharField(max_length=500, help_text="A question, words, or the number of a section.")
        on = serializers.DateField(required=False, help_text="Only what was in force on that day.")
        archived = serializers.BooleanField(default=False, help_text="Archived sections too.")
        limit = serializers.IntegerField(default=10, min_value=1, max_value=50, help_text="How many at most.")

    query = Query

    class AnswerOutput(serializers.Serializer[Any]):
        results = ResultOutput(many=True)

    @extend_schema(operation_id="search_guidance", responses=AnswerOutput)
    def get(self, request: Request) -> Response:
        """Best first; sections that the question names come before all others."""
        asked = self.parameters()
        results = search_sections(
            asked["q"],
            on=asked.get("on"),
            include_archived=asked["archived"],
            limit=asked["limit"],
            practice_id=self.caller.practice_id,
        )
        return self.answer(self.AnswerOutput({"results": results}).data)

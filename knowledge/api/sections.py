"""Sections of the guidance, their versions and what changed between two, and the search for those that answer.

An identifier leads to the caller's own section, else to the platform's, else to a shared one. `source_id` names
another.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.api.shapes import ChangePiece
from knowledge.comparison import changes_between
from knowledge.models import Section, SectionVersion
from knowledge.models.guidance import KINDS as SOURCE_KINDS
from knowledge.search import Hit, search
from knowledge.selectors import (
    PAGES,
    having_words,
    history_of,
    platform_versions,
    section_named,
    sees_more_than_the_platform,
    visible_versions,
)
from lightpoint.errors import NotFound
from lightpoint.rest.filters import ChoiceFilter, DayFilter, Filters, FlagFilter, IdFilter, WordsFilter
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import WRITTEN, Input
from lightpoint.rest.shared import SharedList
from lightpoint.rest.views import ApiView
from users.roles import Action

READ: Mapping[str, Action] = {"GET": "guidance.view"}
CITED = [("crg", "crg"), ("page", "page")]
KINDS = [*CITED, *SOURCE_KINDS]
OWNERS = [("platform", "platform"), ("practice", "practice")]
LONGEST_HASH = 64
WIDE = ("body", "requires", "search")  # columns that lists do not show


class FigureOutput(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="As the page prints it.")
    role = serializers.CharField(help_text="What it is there for.")


class VersionOutput(serializers.Serializer[Any]):
    """A version without its words."""

    identifier = serializers.CharField()
    version = serializers.CharField(help_text="Short hash of the entry; letters cite it.")
    title = serializers.CharField()
    section = serializers.IntegerField(source="section_id")
    manual = serializers.CharField(source="section.source.name")
    source_id = serializers.IntegerField(source="section.source_id")
    kind = serializers.ChoiceField(choices=SOURCE_KINDS, source="section.source.kind")
    owner = serializers.SerializerMethodField(
        help_text="platform: everybody's; practice: of one that shares it, or yours."
    )
    shared = serializers.BooleanField(source="section.source.shared")
    archived = serializers.BooleanField(help_text="Archived sections must not be cited.")
    page_date = serializers.DateField(allow_null=True, help_text="The date that the page prints as its own.")
    page_date_role = serializers.CharField(help_text="updated, published or printed")
    valid_from = serializers.DateField(allow_null=True, help_text="Null: from before what is known.")
    valid_to = serializers.DateField(allow_null=True, help_text="The day after the last; null: it still holds.")
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="When a correction took its place.")
    retrieved_at = serializers.DateTimeField()
    url = serializers.CharField(help_text="The page on GOV.UK (Open Government Licence v3.0), where it is one.")

    @extend_schema_field(serializers.ChoiceField(choices=OWNERS))
    def get_owner(self, row: SectionVersion) -> str:
        """Whose the section is."""
        return "platform" if row.section.practice_id is None else "practice"


class FullVersionOutput(VersionOutput):
    """A version with what it requires, in our words."""

    body = serializers.CharField(help_text="The words of the page, where it is held.")
    requires = serializers.CharField(help_text="The digest's account, where it has one.")
    figures = serializers.SerializerMethodField()
    topics = serializers.ListField(child=serializers.CharField())
    keywords = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(FigureOutput(many=True))
    def get_figures(self, row: SectionVersion) -> list[dict[str, str]]:
        """The figures that the page prints."""
        return [{"value": value, "role": role} for value, role in row.figures]


class SectionFilters(Filters):
    manual = WordsFilter(field_name="section__source__name", help_text="Sections of this manual.")
    kind = ChoiceFilter(
        choices=KINDS,
        method="of_kind",
        help_text="By source: manual, charter and so on; or crg: numbered sections of the CRG, page: all others.",
    )
    owner = ChoiceFilter(choices=OWNERS, method="of_owner", help_text="The platform's, or those of practices.")
    source_id = IdFilter(field_name="section__source_id", help_text="Sections of this source.")
    archived = FlagFilter(field_name="archived", help_text="Only archived sections, or none of them.")
    in_force = DayFilter(method="standing", help_text="As it was in force on that day, instead of now.")
    q = WordsFilter(method="having", help_text="Sections with any of these words.")

    class Meta:
        model = SectionVersion
        fields: tuple[str, ...] = ()

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        """By the kind of the source, or by how the section is cited."""
        if value not in dict(CITED):
            return rows.filter(section__source__kind=value)
        numbered = {"identifier__regex": r"^CRG[0-9]+$"}
        return rows.filter(**numbered) if value == "crg" else rows.exclude(**numbered)

    def of_owner(self, rows: Any, name: str, value: str) -> Any:
        """By whether a practice has it."""
        return rows.filter(section__practice__isnull=value == "platform")

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
        """A page of sections: the platform's, those of the caller's practice, and shared precedents."""
        if sees_more_than_the_platform(self.caller):
            return self.page(visible_versions(self.caller).defer(*WIDE), VersionOutput)
        return self.kept(lambda: self.page(platform_versions().defer(*WIDE), VersionOutput))


class SourceQuery(Input):
    source_id = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, help_text="The section of this source, where several have it."
    )


class SectionView(ApiView):
    """What all views of one section share."""

    actions = READ
    query: ClassVar[type[Input] | None] = SourceQuery

    def section(self, identifier: str) -> Section:
        """The section that the address means, where the caller may see it."""
        asked = self.request.query_params
        checked = SourceQuery(
            data={"source_id": asked["source_id"]} if "source_id" in asked else {}, context={WRITTEN: True}
        )
        checked.is_valid(raise_exception=True)
        section = section_named(self.caller, identifier, source=checked.validated_data.get("source_id"))
        if section is None:
            raise NotFound("There is nothing at this address")
        return section


class SectionDetail(SectionView):
    """One section as it holds now, or as it was in force on a day."""

    class Query(SourceQuery):
        on = serializers.DateField(required=False, help_text="As it was in force on that day.")

    query = Query

    @extend_schema(operation_id="get_section", responses=FullVersionOutput)
    def get(self, request: Request, identifier: str) -> Response:
        """The section with what it requires. "crg 5225" finds CRG5225."""
        on = self.parameters().get("on")
        rows = visible_versions(self.caller).filter(section=self.section(identifier))
        return self.answer(FullVersionOutput(self.found(rows.in_force(on) if on else rows.current())).data)


class VersionList(SectionView):
    """Every stored version of a section."""

    orderings: ClassVar = {"-retrieved_at": ("-retrieved_at", "-pk"), "retrieved_at": ("retrieved_at", "pk")}

    @extend_schema(operation_id="list_section_versions", responses=VersionOutput(many=True))
    def get(self, request: Request, identifier: str) -> Response:
        """A page of versions, the latest first."""
        return self.page(history_of(self.caller, self.section(identifier)).defer(*WIDE), VersionOutput)


class VersionDetail(SectionView):
    """A version of a section, as a letter cites it."""

    @extend_schema(operation_id="get_section_version", responses=FullVersionOutput)
    def get(self, request: Request, identifier: str, version: str) -> Response:
        """What the section said then."""
        rows = history_of(self.caller, self.section(identifier))
        return self.answer(FullVersionOutput(self.found(rows, version=version)).data)


class SectionChanges(SectionView):
    """What changed between two versions of a section."""

    class Query(SourceQuery):
        old = serializers.CharField(max_length=LONGEST_HASH, help_text="The hash of a version.")
        new = serializers.CharField(max_length=LONGEST_HASH, help_text="The hash of another one.")

    query = Query

    class ChangesOutput(serializers.Serializer[Any]):
        old = VersionOutput()
        new = VersionOutput()
        title = ChangePiece(many=True)
        body = ChangePiece(many=True)
        requires = ChangePiece(many=True)

    @extend_schema(operation_id="compare_section_versions", responses=ChangesOutput)
    def get(self, request: Request, identifier: str) -> Response:
        """The words in pieces: "same" and "removed" make the old text, "same" and "added" the new one."""
        rows, asked = history_of(self.caller, self.section(identifier)), self.parameters()
        old, new = self.found(rows, version=asked["old"]), self.found(rows, version=asked["new"])
        texts = {
            name: changes_between(getattr(old, name), getattr(new, name)) for name in ("title", "body", "requires")
        }
        return self.answer(self.ChangesOutput({"old": old, "new": new, **texts}).data)


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
        kind = serializers.ChoiceField(choices=SOURCE_KINDS, required=False, help_text="Only sections of this kind.")
        limit = serializers.IntegerField(default=10, min_value=1, max_value=50, help_text="How many at most.")

    query = Query

    class AnswerOutput(serializers.Serializer[Any]):
        results = ResultOutput(many=True)
        answerable = serializers.FloatField(
            help_text="How likely, 0 to 1, something here answers the question. The chat declines below "
            f"{settings.CHAT_LEAST_ANSWERABLE}."
        )
        archived = serializers.ListField(
            child=serializers.CharField(), help_text="Sections that the question names and that are archived."
        )

    @extend_schema(operation_id="search_guidance", responses=AnswerOutput)
    def get(self, request: Request) -> Response:
        """Best first; sections that the question names come before all others."""
        asked = self.parameters()
        found = search(
            asked["q"],
            on=asked.get("on"),
            kinds=(asked["kind"],) if "kind" in asked else (),
            archived=asked["archived"],
            limit=asked["limit"],
            practice_id=self.caller.practice_id,
        )
        return self.answer(self.AnswerOutput(found).data)

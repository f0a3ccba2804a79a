"""Letters: lists, drafting, and changes of their words."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.shapes import RunShape
from complaints.api.work import followed
from complaints.models import CaseRun
from complaints.selectors import visible_complaints
from letters.api.shapes import LetterShape, VersionShape, with_newest
from letters.editing import LONGEST, SentenceEdit
from letters.models import Letter, LetterVersion
from letters.records import DocumentSource, SectionSource
from letters.selectors import visible_letters, with_standing
from letters.services import (
    CHANGES,
    PIPELINES,
    TONES,
    Asked,
    edit_letter,
    edit_letter_section,
    start_change,
    start_draft,
)
from lightpoint.rest.filters import ChoiceFilter, Filters, IdFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action

ORDERINGS = {"-updated_at": ("-updated_at", "-pk"), "updated_at": ("updated_at", "pk")}


class LetterFilters(Filters):
    state = ChoiceFilter(choices=Letter.State.choices, help_text="Letters in this state.")
    type = ChoiceFilter(choices=Letter.Type.choices, help_text="Letters of this type.")
    complaint = IdFilter(field_name="complaint_id", help_text="Letters of this complaint.")


class LetterList(ApiView):
    """The letters that the caller may see."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}
    filters = LetterFilters
    orderings = ORDERINGS

    @extend_schema(operation_id="list_letters", responses=LetterShape(many=True))
    def get(self, request: Request) -> Response:
        """A page of letters, the last changed first."""
        return self.page(with_newest(visible_letters(self.caller)), LetterShape)


class LetterView(ApiView):
    """What all views of one letter share."""

    def letter(self, letter_id: int) -> Letter:
        """The letter, or NotFound for one that the caller may not see."""
        rows = with_newest(visible_letters(self.caller))
        return self.found(rows.select_related("complaint__practice", "complaint__client"), pk=letter_id)

    def told(self, letter_id: int) -> Response:
        """The letter as it is now, with its ETag."""
        letter = self.letter(letter_id)
        return self.answer(LetterShape(letter).data, version=letter.version)


class LetterDetail(LetterView):
    """One letter."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}
    versioned = True

    @extend_schema(operation_id="get_letter", responses=LetterShape)
    def get(self, request: Request, letter_id: int) -> Response:
        """Where the letter stands, with the ETag that changes to it need."""
        return self.told(letter_id)


class LetterDraft(ApiView):
    """POST has the letters of a complaint drafted."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.draft"}
    limit = "letters"
    creates = True

    class InputSerializer(Input):
        tone = serializers.ChoiceField([*TONES], required=False, help_text="firm, unless the practice has set another")
        pipeline = serializers.ChoiceField(
            [*PIPELINES], required=False, help_text="parallel where models are set up, else embedded, unless named"
        )
        keep_edits = serializers.BooleanField(
            default=True, help_text="put back what people had changed, as far as the ledger still bears it out"
        )

    class OutputSerializer(serializers.Serializer[Any]):
        id = serializers.IntegerField(help_text="of the run; GET /api/v1/runs/{id}/ tells how far it is")
        kind = serializers.ChoiceField(CaseRun.Kind.choices)
        state = serializers.ChoiceField(CaseRun.State.choices)

    @extend_schema(operation_id="draft_letters", request=InputSerializer, responses={202: OutputSerializer})
    def post(self, request: Request, complaint_id: int) -> Response:
        """Start the drafting, or find the one that is under way."""
        complaint = self.found(visible_complaints(self.caller), pk=complaint_id)
        run = start_draft(complaint=complaint, by=self.caller, now=self.now, **self.body(self.InputSerializer))
        response = self.answer(self.OutputSerializer(run).data, status=202)
        response["Location"] = reverse("complaints-api:run", args=[run.pk])
        return response


class SourceInput(Input):
    """What carries a sentence: a paper of the case by name, with the words and their page; or a section by id."""

    document = serializers.CharField(max_length=500, required=False)
    page = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    quote = serializers.CharField(max_length=4_000, required=False)
    section = serializers.CharField(max_length=40, required=False)
    version = serializers.CharField(max_length=12, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Either a document with words of it, or a section with its version."""
        given = {name for name in ("document", "quote", "section", "version") if name in attrs}
        if given not in ({"document", "quote"}, {"section", "version"}):
            told = "Name a document and its words in 'quote', or a section and its version."
            raise serializers.ValidationError(told, "one_of")
        return attrs


class EditInput(Input):
    """New words for the sentence at a position of the ledger; empty words take it out."""

    position = serializers.IntegerField(min_value=0, max_value=100_000)
    text = serializers.CharField(max_length=LONGEST, allow_blank=True)
    sources = SourceInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]  # for the list


class LetterEdit(LetterView):
    """POST changes sentences of the newest version; the ledger checks them, and a new version holds the result."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.edit"}
    versioned = True
    creates = True

    class InputSerializer(Input):
        edits = EditInput(many=True, allow_empty=False, max_length=200)  # type: ignore[call-arg]  # for the list

    @extend_schema(operation_id="edit_letter", request=InputSerializer, responses={201: VersionShape})
    def post(self, request: Request, letter_id: int) -> Response:
        """The new version, released or blocked with its reasons."""
        letter = self.letter(letter_id)
        edits = [_edit(given) for given in self.body(self.InputSerializer)["edits"]]
        version = edit_letter(
            letter=letter, edits=edits, expected_version=self.expected_version, by=self.caller, now=self.now
        )
        return _made(self, version)


def _edit(given: Mapping[str, Any]) -> SentenceEdit:
    sources = given.get("sources")
    return SentenceEdit(given["position"], given["text"], None if sources is None else tuple(map(_source, sources)))


def _source(given: Mapping[str, Any]) -> DocumentSource | SectionSource:
    if "section" in given:
        return SectionSource(given["section"], given["version"])
    return DocumentSource(given["document"], given.get("page"), given["quote"])


def _made(view: ApiView, version: LetterVersion) -> Response:
    shown = with_standing(LetterVersion.objects.filter(pk=version.pk)).get()
    where = reverse("letters-api:version", args=[version.pk])
    return view.created(VersionShape(shown).data, location=where, version=version.letter.version)


class SectionEdit(LetterView):
    """POST replaces the paragraphs under a heading; the ledger checks them, and a new version holds the result."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.edit"}
    versioned = True
    creates = True

    class InputSerializer(Input):
        section = serializers.IntegerField(min_value=0, max_value=1_000, help_text="its index, as the version tells")
        text = serializers.CharField(max_length=LONGEST * 20, help_text="blank lines part paragraphs")

    @extend_schema(operation_id="edit_letter_section", request=InputSerializer, responses={201: VersionShape})
    def post(self, request: Request, letter_id: int) -> Response:
        """The new version, released or blocked with its reasons."""
        letter = self.letter(letter_id)
        version = edit_letter_section(
            letter=letter,
            **self.body(self.InputSerializer),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return _made(self, version)


class SectionChange(LetterView):
    """POST has a section of the newest version changed; the work is a run, and a new version holds the result."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "letter.edit"}
    limit = "changes"
    versioned = True
    creates = True

    class InputSerializer(Input):
        section = serializers.IntegerField(min_value=0, max_value=1_000, help_text="its index, as the version tells")
        change = serializers.ChoiceField(
            [*CHANGES],
            help_text="reword: as the words ask, by a model; tone: in another tone; restore: as it was drafted; "
            "renew: anew, with new papers and corrections",
        )
        words = serializers.CharField(
            max_length=settings.LETTER_REQUEST_CHARACTERS, allow_blank=True, default="", help_text="for reword"
        )
        tone = serializers.ChoiceField([*TONES], allow_blank=True, default="", help_text="for tone")

    @extend_schema(operation_id="change_letter_section", request=InputSerializer, responses={202: RunShape})
    def post(self, request: Request, letter_id: int) -> Response:
        """Start the change, or find the same one under way. What is not borne out is not made: the run says why."""
        letter = self.letter(letter_id)
        run = start_change(
            letter=letter,
            asked=Asked(**self.body(self.InputSerializer)),
            expected_version=self.expected_version,
            by=self.caller,
            now=self.now,
        )
        return followed(self, run)

"""Versions of a letter: text, ledger, what changed, and the files."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from letters.api.shapes import ChangeShape, SentenceShape, VersionShape, WholeVersionShape, ledger_of
from letters.editing import changes, sections
from letters.files import FILES, version_file
from letters.models import LetterVersion
from letters.records import DraftLetter
from letters.selectors import visible_letters, visible_versions, with_standing
from lightpoint.codec import from_plain
from lightpoint.errors import NotFound
from lightpoint.rest.files import FileView, answers, file_response
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action

ORDERINGS = {"-number": ("-number",), "number": ("number",)}


class VersionList(ApiView):
    """The versions of a letter."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}
    orderings = ORDERINGS

    @extend_schema(operation_id="list_letter_versions", responses=VersionShape(many=True))
    def get(self, request: Request, letter_id: int) -> Response:
        """The newest first."""
        letter = self.found(visible_letters(self.caller), pk=letter_id)
        return self.page(with_standing(letter.versions.all()).defer("draft", "text"), VersionShape)


class VersionDetail(ApiView):
    """One version."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}

    @extend_schema(operation_id="get_letter_version", responses=WholeVersionShape)
    def get(self, request: Request, version_id: int) -> Response:
        """The text with its sections, why it is blocked if it is, the reviews, and how it was sent."""
        rows = with_standing(visible_versions(self.caller)).select_related("dispatch__by").prefetch_related("reviews")
        version = self.found(rows, pk=version_id)
        version.sections = sections(from_plain(DraftLetter, version.draft))  # type: ignore[attr-defined]
        version.dispatched = getattr(version, "dispatch", None)  # type: ignore[attr-defined]
        return self.answer(WholeVersionShape(version).data)


class VersionLedger(ApiView):
    """The ledger of a version."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}

    class OutputSerializer(serializers.Serializer[Any]):
        version = serializers.IntegerField()
        sentences = SentenceShape(many=True)

    @extend_schema(operation_id="get_ledger", responses=OutputSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        """Every sentence in reading order with its kind, its status, the reasons and what carries it."""
        version = self.found(visible_versions(self.caller).only("pk"), pk=version_id)
        return self.answer(self.OutputSerializer({"version": version.pk, "sentences": ledger_of(version)}).data)


class VersionChanges(ApiView):
    """What changed between two versions of a letter."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}

    class Query(Input):
        against = serializers.IntegerField(
            min_value=1, max_value=LARGEST, required=False, help_text="id of the older version; else the one before"
        )

    class OutputSerializer(serializers.Serializer[Any]):
        older = serializers.IntegerField(allow_null=True)
        newer = serializers.IntegerField()
        changes = ChangeShape(many=True)

    query = Query

    @extend_schema(operation_id="compare_letter_versions", responses=OutputSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        """Sentence by sentence, in the order of the newer version. The first version has nothing before it."""
        newer = self.found(visible_versions(self.caller), pk=version_id)
        older = self._older(newer)
        letters = [from_plain(DraftLetter, row.draft) for row in (older, newer) if row is not None]
        told = changes(letters[0], letters[1]) if older else ()
        found = {"older": older.pk if older else None, "newer": newer.pk, "changes": told}
        return self.answer(self.OutputSerializer(found).data)

    def _older(self, newer: LetterVersion) -> LetterVersion | None:
        siblings = LetterVersion.objects.filter(letter=newer.letter_id)
        wanted = self.parameters().get("against")
        if wanted is None:
            return siblings.filter(number__lt=newer.number).order_by("-number").first()
        row = siblings.filter(pk=wanted).first()
        if row is None:
            raise NotFound("The letter has no such version to compare with")
        return row


class VersionFile(FileView):
    """A version as a file: docx, pdf, or receipt (JSON)."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view"}

    @extend_schema(
        operation_id="download_letter",
        parameters=[OpenApiParameter("kind", str, "path", enum=sorted(FILES))],
        responses=answers(*(media_type for _, media_type, _ in FILES.values())),
    )
    def get(self, request: Request, version_id: int, kind: str) -> HttpResponse:
        """The file, to be saved. One of a blocked version says so in its name."""
        rows = visible_versions(self.caller).select_related("letter__complaint__practice", "base")
        version = self.found(rows, pk=version_id)
        if kind not in FILES:
            raise Http404
        file = version_file(version, kind)
        return file_response(file.data, name=file.name, media_type=file.media_type)

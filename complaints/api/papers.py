"""The documents of a complaint: sent in, read by a job, looked at, and downloaded."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.cases import ComplaintView
from complaints.api.shapes import (
    DOCUMENT_STATES,
    ContextShape,
    DocumentShape,
    PageShape,
    RunShape,
)
from complaints.api.uploads import BoundedUploadHandler, bundle_file
from complaints.models import Document
from complaints.selectors import original_of, visible_documents
from complaints.services import add_context, retry_document, upload_documents
from lightpoint.errors import NotFound
from lightpoint.rest.files import SAFE, FileView, answers, file_response
from lightpoint.rest.filters import ChoiceFilter, Filters
from lightpoint.rest.parsing import StrictMultiPartParser
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action

LONG = 20_000


class DocumentFilters(Filters):
    status = ChoiceFilter(
        choices=[(state, state) for state in DOCUMENT_STATES], method="standing", help_text="How far the reading is."
    )

    def standing(self, rows: Any, name: str, value: str) -> Any:
        """By the columns that the state is told from."""
        if value == "problem":
            return rows.exclude(problem_kind="")
        fine = rows.filter(problem_kind="")
        return fine.filter(read_with="") if value == "waiting" else fine.exclude(read_with="")


class DocumentList(ComplaintView):
    """The documents of a complaint."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "document.view", "POST": "document.upload"}
    limit = "uploads"
    creates = True
    filters = DocumentFilters
    orderings: ClassVar = {"position": ("position", "pk"), "-position": ("-position", "-pk")}
    parser_classes = (StrictMultiPartParser,)
    body_bytes = settings.UPLOAD_MAX_BYTES

    class InputSerializer(Input):
        files = serializers.ListField(
            child=serializers.FileField(allow_empty_file=True, max_length=255),
            allow_empty=False,
            max_length=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        )

    class OutputSerializer(serializers.Serializer[Any]):
        documents = DocumentShape(many=True, help_text="In the order of the files; a known file is its old document.")
        run = RunShape(allow_null=True, help_text="The reading; null when every file was known.")

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Set who takes the files before anybody reads the body; looking for a token against forgery does."""
        request.upload_handlers = [BoundedUploadHandler(request, settings.UPLOAD_MAX_BYTES)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(operation_id="list_documents", responses=DocumentShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """A page of documents; attachments stand behind their e-mail."""
        rows = self.complaint(complaint_id).documents.defer("headers", "hidden_text")
        return self.page(rows, DocumentShape)

    @extend_schema(
        operation_id="upload_documents",
        request={"multipart/form-data": InputSerializer},
        responses={202: OutputSerializer},
    )
    def post(self, request: Request, complaint_id: int) -> Response:
        """Take files in and have them read. One over the limit becomes a document with that problem."""
        complaint = self.complaint(complaint_id)
        files = [bundle_file(file) for file in self.body(self.InputSerializer)["files"]]
        taken = upload_documents(complaint=complaint, files=files, by=self.caller, now=self.now)
        response = self.answer(self.OutputSerializer(taken).data, status=202)
        if taken.run:
            response["Location"] = reverse("complaints-api:run", args=[taken.run.pk])
        return response


class DocumentDetail(ApiView):
    """One document."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "document.view"}

    @extend_schema(operation_id="get_document", responses=DocumentShape)
    def get(self, request: Request, document_id: int) -> Response:
        """With its state and its problem."""
        return self.answer(DocumentShape(self.found(visible_documents(self.caller), pk=document_id)).data)


class DocumentPages(ApiView):
    """The text of a document."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "document.view"}
    orderings: ClassVar = {"position": ("position", "pk")}

    @extend_schema(operation_id="list_pages", responses=PageShape(many=True))
    def get(self, request: Request, document_id: int) -> Response:
        """Page by page."""
        document = self.found(visible_documents(self.caller), pk=document_id)
        return self.page(document.pages.all(), PageShape)


class DocumentContent(FileView):
    """The bytes of a document as they came."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "document.view"}

    @extend_schema(operation_id="download_document", responses=answers(*sorted(SAFE)))
    def get(self, request: Request, document_id: int) -> HttpResponse:
        """To be saved. An attachment is inside its e-mail, which is sent instead."""
        document: Document = self.found(visible_documents(self.caller).select_related("parent"), pk=document_id)
        root = original_of(document)
        if root.blob is None:
            raise NotFound("The bytes of this document were not taken in, because it is too large")
        return file_response(bytes(root.blob.data), name=root.name, media_type=root.media_type)


class DocumentRetry(ApiView):
    """POST has a document read again that could not be read."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "document.upload"}
    creates = True

    @extend_schema(operation_id="retry_document", request=None, responses={202: RunShape})
    def post(self, request: Request, document_id: int) -> Response:
        """The run that reads it."""
        rows = visible_documents(self.caller).select_related("complaint__practice", "parent")
        run = retry_document(document=self.found(rows, pk=document_id), by=self.caller, now=self.now)
        response = self.answer(RunShape(run).data, status=202)
        response["Location"] = reverse("complaints-api:run", args=[run.pk])
        return response


class ContextList(ComplaintView):
    """What advisers know besides the papers."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "analysis.view", "POST": "analysis.run"}
    creates = True
    orderings: ClassVar = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    class InputSerializer(Input):
        text = serializers.CharField(max_length=LONG)

    @extend_schema(operation_id="list_context", responses=ContextShape(many=True))
    def get(self, request: Request, complaint_id: int) -> Response:
        """A page of entries, the newest first."""
        return self.page(self.complaint(complaint_id).context.all(), ContextShape)

    @extend_schema(operation_id="add_context", request=InputSerializer, responses={201: ContextShape})
    def post(self, request: Request, complaint_id: int) -> Response:
        """Keep a dated note among the documents, and have the case analysed with it."""
        complaint = self.complaint(complaint_id)
        entry = add_context(complaint=complaint, **self.body(self.InputSerializer), by=self.caller, now=self.now)
        where = reverse("complaints-api:context", args=[complaint.pk])
        return self.created(ContextShape(entry).data, location=where)

"""The base of every REST view. Views are classes with one method a verb; they parse, call one service, and answer.

    class TicketList(ApiView):                                   # a list, and what creates a row of it
        actions = {"GET": "ticket.view", "POST": "ticket.create"}    # users.roles.Action by method
        filters = TicketFilters                                  # a lightpoint.rest.filters.Filters
        orderings = {"-created_at": ("-created_at", "-pk")}      # the first is the default
        creates = True                                           # POST heeds Idempotency-Key

        class InputSerializer(Input): ...                        # lightpoint.rest.serializers.Input
        class OutputSerializer(serializers.Serializer[Any]): ...

        @extend_schema(operation_id="list_tickets", responses=OutputSerializer(many=True))
        def get(self, request: Request) -> Response:
            return self.page(visible_tickets(self.caller), self.OutputSerializer)

        @extend_schema(operation_id="create_ticket", request=InputSerializer, responses={201: OutputSerializer})
        def post(self, request: Request) -> Response:
            ticket = create_ticket(**self.body(self.InputSerializer), by=self.caller, now=self.now)
            where = reverse("tickets-api:ticket", args=[ticket.pk])
            return self.created(self.OutputSerializer(ticket).data, location=where, version=ticket.version)

    class TicketDetail(ApiView):                                 # one row: read, and edited by whoever has read it
        actions = {"GET": "ticket.view", "PATCH": "ticket.edit"}
        versioned = True                                         # GET gives an ETag, all else needs If-Match

        @extend_schema(operation_id="get_ticket", responses=OutputSerializer)
        def get(self, request: Request, ticket_id: int) -> Response:
            ticket = self.found(visible_tickets(self.caller), pk=ticket_id)
            return self.answer(self.OutputSerializer(ticket).data, version=ticket.version)

        @extend_schema(operation_id="edit_ticket", request=InputSerializer, responses=OutputSerializer)
        def patch(self, request: Request, ticket_id: int) -> Response:
            ticket = self.found(visible_tickets(self.caller), pk=ticket_id)
            ticket = edit_ticket(ticket=ticket, **self.body(self.InputSerializer, partial=True), by=self.caller,
                                 now=self.now, expected_version=self.expected_version)
            return self.answer(self.OutputSerializer(ticket).data, version=ticket.version)

    class DocumentFile(FileView):                                # a file (lightpoint.rest.files)
        actions = {"GET": "document.view"}

        @extend_schema(operation_id="download_document", responses={(200, "application/octet-stream"): bytes})
        def get(self, request: Request, document_id: int) -> HttpResponse:
            document = self.found(visible_documents(self.caller), pk=document_id)
            return file_response(bytes(document.blob.data), name=document.name, media_type=document.media_type)

A view that takes files sets `parser_classes = (StrictMultiPartParser,)` and `body_bytes`. One that takes parameters
other than filters names them in a serializer, `query`, and reads them with `self.parameters()`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lightpoint import ratelimit
from lightpoint.errors import NotFound
from lightpoint.rest import etag, parsing
from lightpoint.rest.filters import Filters
from lightpoint.rest.idempotency import answer_once
from lightpoint.rest.pagination import PARAMETERS, KeysetPagination, Orderings
from lightpoint.rest.serializers import WRITTEN, Input

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

Row = TypeVar("Row", bound=Model)
Output = type[serializers.Serializer[Any]]
READING = frozenset({"GET", "HEAD"})


class ApiView(APIView):
    """A REST view: what it allows to whom, what it takes, and the answers that all views give alike."""

    actions: ClassVar[Mapping[str, str]] = {}
    limit: ClassVar[str] = "api"
    creates: ClassVar[bool] = False
    versioned: ClassVar[bool] = False
    filters: ClassVar[type[Filters] | None] = None
    orderings: ClassVar[Orderings] = {}
    query: ClassVar[type[Input] | None] = None
    body_bytes: ClassVar[int | None] = None
    counts_requests: ClassVar[bool] = True  # for the middleware of the rate limits

    @property
    def caller(self) -> "_User":
        """Who asks; raises NotAuthenticated when nobody has signed in."""
        user = self.request.user
        if isinstance(user, AnonymousUser):
            raise NotAuthenticated
        return user

    @property
    def now(self) -> datetime:
        """The time, for services."""
        return timezone.now()

    @property
    def expected_version(self) -> int:
        """The version of the row that the caller has read, by If-Match. Raises VersionRequired or StaleVersion."""
        return etag.version_wanted(self.request.headers.get("If-Match"))

    def body(self, serializer: Output, *, partial: bool = False) -> dict[str, Any]:
        """What was sent, checked; with `partial` only what is there. Raises ValidationError (422)."""
        checked = serializer(data=self.request.data, partial=partial)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def parameters(self) -> dict[str, Any]:
        """The query, checked by `query`. Raises ValidationError (422)."""
        checked = (self.query or Input)(data=self.request.query_params.dict(), context={WRITTEN: True})
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def found(self, rows: QuerySet[Row], **wanted: object) -> Row:
        """The one row of `rows` that is wanted; raises NotFound. `rows` come from a `visible_...` selector."""
        row = rows.filter(**wanted).first()
        if row is None:
            raise NotFound("There is nothing at this address")
        return row

    def page(self, rows: QuerySet[Any, Any], output: Output, **context: object) -> Response:
        """A page of `rows`, filtered and sorted as asked. One query, and those that `rows` prefetch."""
        if self.filters:
            asked = self.request.query_params
            rows = self.filters.apply(rows, asked, request=self.request)
        found, links = KeysetPagination(self.orderings).page(rows, self.request)
        return Response({"results": output(found, many=True, context=context).data, **links})

    def answer(self, data: object, *, version: int | None = None, status: int = 200) -> Response:
        """`data`, with the ETag of `version` when the row has one."""
        headers = {} if version is None else {"ETag": etag.tag_of(version)}
        return Response(data, status=status, headers=headers)

    def created(self, data: object, *, location: str, version: int | None = None) -> Response:
        """201 with where the new row stands, as a path."""
        response = self.answer(data, version=version, status=201)
        response["Location"] = location
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what no handler should see: method, address, who asks, parameters, size, version, in this order."""
        if not self._has(request.method or ""):
            raise MethodNotAllowed(request.method or "")
        parsing.check_path(kwargs)
        super().initial(request, *args, **kwargs)
        parsing.check_query(request, self.query_names(request.method or ""))
        parsing.check_size(request, self.body_bytes)
        if self.versioned and request.method not in READING:
            etag.version_wanted(request.headers.get("If-Match"))

    def check_throttles(self, request: Request) -> None:
        """Count the request against the API's limit and, when it writes, the view's own. Raises TooManyRequests."""
        ratelimit.check(request, "api", *(() if request.method in READING else (self.limit,)))

    def query_names(self, method: str) -> frozenset[str]:
        """The parameters that `method` takes in the query."""
        if method not in READING:
            return frozenset()
        names = self.filters.names() if self.filters else frozenset()
        names |= PARAMETERS if self.orderings else frozenset()
        return names | frozenset(self.query().fields if self.query else ())

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As REST framework does, but that a handler may run in the transaction of an Idempotency-Key."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            response = self._handle(*args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        finalized: HttpResponseBase = self.finalize_response(self.request, response, *args, **kwargs)  # type: ignore[arg-type]
        return finalized

    def _handle(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = getattr(self, (self.request.method or "").lower())
        if self.creates and self.request.method == "POST" and "Idempotency-Key" in self.request.headers:
            return answer_once(self.request, lambda: handler(self.request, *args, **kwargs), now=self.now)
        response: HttpResponseBase = handler(self.request, *args, **kwargs)
        return response

    def _has(self, method: str) -> bool:
        name = method.lower()
        return name in self.http_method_names and name != "options" and hasattr(self, name)

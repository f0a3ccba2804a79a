"""Lists of cases, papers and clients, and the addresses of their pages. Writes go through services."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from procrastinate.contrib.django import admin as _jobs  # noqa: F401 - registers what is taken away below
from procrastinate.contrib.django.models import ProcrastinateJob
from unfold.admin import ModelAdmin

from complaints.forms import AssignForm, ClientForm
from complaints.models import Client, Complaint, Document
from complaints.selectors import search_complaints, visible_clients, visible_complaints, visible_documents
from complaints.services import assign_complaint, move_complaint, rename_client, retry_document
from complaints.views import cases, corrections, papers, work
from complaints.views.shared import caller
from lightpoint.errors import DomainError
from lightpoint.pages import WorkList, page, tell
from users.models import User
from users.permissions import RoleAdmin, may

# Work is seen on its case. This list asks for permissions that nobody holds, at a query a page.
admin.site.unregister(ProcrastinateJob)

Pages = Sequence[tuple[str, Callable[..., HttpResponseBase], str]]  # address, view, last part of the name
COLLEAGUES = 100  # that a filter offers


def key_like(text: str) -> bool:
    """Whether `text` can be a key."""
    return text.isascii() and text.isdigit() and len(text) < 19


def key_of(object_id: str) -> int:
    """The key that stands in an address of the admin; Http404 for what is none."""
    if not key_like(object_id):
        raise Http404
    return int(object_id)


def badge(state: str, label: str) -> str:
    """A state as the pages show it."""
    return format_html('<span class="lp-state" data-state="{}">{}</span>', state, label)


class AssigneeFilter(admin.SimpleListFilter):
    """Cases by who works on them."""

    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Me, nobody, and each colleague who can be given a case."""
        people = cases.colleagues_for(caller(request), None).exclude(pk=caller(request).pk)[:COLLEAGUES]
        return [("me", "Me"), ("nobody", "Nobody"), *((str(person.pk), str(person)) for person in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        """The cases of the one that was chosen."""
        chosen = self.value()
        if chosen == "nobody":
            return queryset.filter(assigned_to=None)
        if chosen == "me":
            return queryset.filter(assigned_to=caller(request))
        return queryset.filter(assigned_to=int(chosen)) if chosen and key_like(chosen) else queryset


@admin.register(Complaint)
class ComplaintAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "complaint.view", "add": "complaint.create", "change": "complaint.edit"}
    list_title = "Cases"
    list_display = ("reference", "client", "tax_head", "state", "assignee", "opened_on")
    list_filter = ("status", AssigneeFilter)
    list_select_related = ("client", "assigned_to")
    search_fields = ("search",)
    search_help_text = "Reference, client or tax"
    ordering = ("-opened_on", "-pk")
    sortable_by = ("opened_on",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        """The cases that the user may see."""
        return visible_complaints(caller(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Complaint], search_term: str
    ) -> tuple[QuerySet[Complaint], bool]:
        """By the index of words."""
        return (search_complaints(queryset, search_term) if search_term else queryset), False

    @admin.display(description="State", ordering="status")
    def state(self, complaint: Complaint) -> str:
        """Where the case stands."""
        return badge(complaint.status, complaint.get_status_display())

    @admin.display(description="Assigned to", empty_value="nobody")
    def assignee(self, complaint: Complaint) -> User | None:
        """Who works on it."""
        return complaint.assigned_to

    def get_urls(self) -> list[URLPattern]:
        """The pages of a case."""
        pages: Pages = (
            ("<int:pk>/edit/", cases.edit, "edit"),
            ("<int:pk>/assign/", cases.assign, "assign"),
            ("<int:pk>/move/", cases.move, "move"),
            ("<int:pk>/note/", cases.add_line, "note"),
            ("<int:pk>/context/", cases.give_context, "context"),
            ("<int:pk>/analyse/", cases.analyse, "analyse"),
            ("<int:pk>/documents/", papers.documents, "documents"),
            ("<int:pk>/upload/", papers.upload, "upload"),
            ("<int:pk>/analysis/", work.analysis, "analysis"),
            ("<int:pk>/runs/", work.runs, "runs"),
            ("run/<int:pk>/restart/", work.restart, "restart"),
            ("correction/<int:pk>/withdraw/", corrections.withdraw, "withdraw"),
            ("run/<int:pk>/cancel/", work.cancel, "cancel"),
        )
        return [*own_urls(self, pages), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form for a new case."""
        return cases.open_case(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The first page of the case."""
        return cases.overview(request, key_of(object_id))

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """Whether the user may give cases to others."""
        return may(request.user, "complaint.assign")

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Whether the user may move cases."""
        return may(request.user, "complaint.move")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """To assign, and to move to each of the states."""
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)
        if self.has_assign_permission(request):
            found["assign_to"] = (ComplaintAdmin.assign_to, "assign_to", "Assign to a colleague …")
        if self.has_move_permission(request):
            found |= {f"move_{state}": _mover(state, str(label)) for state, label in Complaint.Status.choices}
        return found

    def assign_to(self, request: HttpRequest, rows: QuerySet[Complaint]) -> HttpResponse | None:
        """Ask to whom, then give each case to them."""
        sent = request.POST if "apply" in request.POST else None
        form = AssignForm(sent, colleagues=cases.colleagues_for(caller(request), None))
        if sent is None or not form.is_valid():
            return page(request, "complaints/assign_many.html", {"form": form, "rows": rows}, title="Assign cases")
        to = form.cleaned_data["to"]
        by, now = caller(request), timezone.now()
        each(request, rows, lambda row: assign_complaint(complaint=row, to=to, by=by, now=now), f"assigned to {to}")
        return None


def _mover(state: str, label: str) -> tuple[Callable[..., None], str, str]:
    def move(_admin: ComplaintAdmin, request: HttpRequest, rows: QuerySet[Complaint]) -> None:
        by, now = caller(request), timezone.now()
        each(request, rows, lambda row: move_complaint(complaint=row, to=state, by=by, now=now), f"moved to {label}")

    return move, f"move_{state}", f"Move to: {label}"


def each(request: HttpRequest, rows: QuerySet[Any], write: Callable[[Any], object], what: str) -> None:
    """Write to every row, and say for how many it went well and which were refused, and why."""
    refused = list(_refusals(rows, write))
    done = len(rows) - len(refused)
    tell(request, done=f"{done} {what}." if done else "", refused=refused)


def _refusals(rows: QuerySet[Any], write: Callable[[Any], object]) -> Iterator[str]:
    for row in rows:
        try:
            write(row)
        except DomainError as error:
            yield f"{row}: {error}"


def own_urls(owner: ModelAdmin, pages: Pages) -> list[URLPattern]:
    """Addresses of pages beside those of Django; each is for people whom the admin lets in."""
    stem = f"{owner.model._meta.app_label}_{owner.model._meta.model_name}"
    return [path(address, owner.admin_site.admin_view(view), name=f"{stem}_{name}") for address, view, name in pages]


class ProblemFilter(admin.SimpleListFilter):
    """Papers by whether they could be read."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """The states that Document.status tells."""
        return [("problem", "Problem"), ("waiting", "Waiting"), ("read", "Read")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """The papers in the state that was chosen."""
        if self.value() == "problem":
            return queryset.exclude(problem_kind="")
        if self.value() == "waiting":
            return queryset.filter(problem_kind="", read_with="")
        return queryset.filter(problem_kind="").exclude(read_with="") if self.value() == "read" else queryset


@admin.register(Document)
class DocumentAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "document.view"}
    list_title = "Documents"
    list_display = ("name", "complaint", "state", "problem_detail", "uploaded_at")
    list_filter = (ProblemFilter,)
    list_select_related = ("complaint__client",)
    search_fields = ("complaint",)
    search_help_text = "Reference or client of the case"
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("read_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """The papers that the user may see."""
        return visible_documents(caller(request)).defer("headers", "hidden_text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """The papers of the cases that have the words."""
        if not search_term:
            return queryset, False
        return queryset.filter(complaint__in=search_complaints(visible_complaints(caller(request)), search_term)), False

    @admin.display(description="State")
    def state(self, document: Document) -> str:
        """Whether it has been read."""
        return badge(document.status, document.status.capitalize())

    def get_urls(self) -> list[URLPattern]:
        """What is done with a paper."""
        pages: Pages = (
            ("<int:pk>/download/", papers.download, "download"),
            ("<int:pk>/retry/", papers.retry, "retry"),
            ("<int:pk>/correct/", corrections.correct, "correct"),
        )
        return [*own_urls(self, pages), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The text of the paper."""
        return papers.document(request, key_of(object_id))

    def has_upload_permission(self, request: HttpRequest) -> bool:
        """Whether the user may have papers read."""
        return may(request.user, "document.upload")

    @admin.action(description="Read again", permissions=["upload"])
    def read_again(self, request: HttpRequest, rows: QuerySet[Document]) -> None:
        """Have the papers read again that could not be read."""
        by, now = caller(request), timezone.now()
        each(request, rows, lambda row: retry_document(document=row, by=by, now=now), "being read again")


@admin.register(Client)
class ClientAdmin(RoleAdmin, WorkList, ModelAdmin):  # type: ignore[misc]
    rights: ClassVar = {"view": "complaint.view", "change": "complaint.edit"}
    list_title = "Clients"
    list_display = ("name", "kind", "nation", "cases")
    list_filter = ("kind", "nation")
    search_fields = ("complaints",)
    search_help_text = "Name of the client"
    ordering = ("name", "pk")
    sortable_by = ("name",)
    form = ClientForm
    fields = ("name", "kind", "nation", "practice")
    readonly_fields = ("kind", "nation", "practice")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """The clients that the user may see."""
        return visible_clients(caller(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        """The clients whose cases have the words, of which the client's name is one."""
        if not search_term:
            return queryset, False
        found = search_complaints(visible_complaints(caller(request)), search_term)
        return queryset.filter(Exists(found.filter(client=OuterRef("pk")))), False

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> tuple[str, ...]:
        """Who changes the name says from which version of the row."""
        return (*self.fields, "seen_version") if self.has_change_permission(request, obj) else self.fields

    @admin.display(description="Cases")
    def cases(self, client: Client) -> str:
        """The way to the client's cases."""
        return format_html(
            '<a href="{}?client__id__exact={}">Cases</a>', reverse("admin:complaints_complaint_changelist"), client.pk
        )

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """The new name, through the service that records it."""
        sent = form.cleaned_data
        by, now = caller(request), timezone.now()
        rename_client(client=obj, name=sent["name"], expected_version=sent["seen_version"], by=by, now=now)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Django's page, which stays with the reason where the service refuses."""
        try:
            return cast(HttpResponse, super().changeform_view(request, *args, **options))
        except (DomainError, ValidationError) as error:
            tell(request, refused=[str(error)])
            return cast(HttpResponse, super().changeform_view(_as_get(request), *args, **options))


def _as_get(request: HttpRequest) -> HttpRequest:
    request.method = "GET"
    return request

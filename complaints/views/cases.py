"""The pages on which a case is opened, read, changed, given to somebody and moved on."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.forms import AssignForm, ContextForm, MatterForm, MoveForm, NoteForm, OpenForm
from complaints.models import CaseRun, Complaint
from complaints.services import (
    CaseIntake,
    add_context,
    add_note,
    assign_complaint,
    edit_complaint,
    move_complaint,
    open_complaint,
    start_run,
)
from complaints.status import allowed_moves
from complaints.views.shared import caller, case_page, found_complaint
from lightpoint.errors import DomainError, StaleVersion
from lightpoint.pages import hidden_version, page, tell, tell_form
from users.models import Practice, User
from users.permissions import may, require
from users.roles import MATRIX
from users.selectors import visible_practices, visible_users

CHANGE = "admin:complaints_complaint_change"
TIMELINE = 200  # lines shown; older ones are in the audit trail


def colleagues_for(user: User, practice: Practice | None) -> QuerySet[User]:
    """Those to whom a case of `practice` can be given; of any practice that `user` sees where it is None."""
    rows = visible_users(user).filter(is_active=True, role__in=MATRIX["complaint.edit"])
    return rows.filter(practice=practice) if practice else rows


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """The form for a new case."""
    require(request.user, "complaint.create")
    practices = visible_practices(caller(request))
    form = OpenForm(request.POST or None, practices=practices)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        practice = values.pop("practice", None) or practices.get()
        complaint = _opened(request, form, practice, values)
        if complaint:
            return redirect("admin:complaints_complaint_documents", complaint.pk)
    status = 422 if form.errors else 200
    return page(request, "complaints/open.html", {"form": form}, title="Open a case", status=status)


def _opened(request: HttpRequest, form: OpenForm, practice: Practice, values: dict[str, Any]) -> Complaint | None:
    values["references"] = tuple((kind, value) for kind, value in values["references"])
    by = caller(request)
    assigned = by if not may(by, "complaint.assign") else None
    try:
        intake = CaseIntake(**values, assigned_to=assigned)
        complaint = open_complaint(practice=practice, intake=intake, by=by, now=timezone.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    tell(request, done=f"Case {complaint.reference} is open. Add its papers next.")
    return complaint


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The case at a glance: what it is about, where it stands, what was done."""
    return show_overview(request, found_complaint(request, pk, "complaint.view"))


def show_overview(request: HttpRequest, complaint: Complaint, *, status: int = 200, **typed: object) -> HttpResponse:
    """The first tab; `typed` are forms with what was refused, to stand in place of fresh ones."""
    lines = complaint.timeline.select_related("by").order_by("-at", "-pk")[:TIMELINE]
    forms = {
        "note_form": NoteForm(),
        "context_form": ContextForm(),
        "move_form": MoveForm(status=complaint.status) if allowed_moves(complaint.status) else None,
        "assign_form": _assign_form(request, complaint),
    }
    context = {**forms, "lines": lines, "added": complaint.context.select_related("by", "document"), **typed}
    return case_page(request, "complaints/overview.html", complaint, context, tab="overview", status=status)


def _assign_form(request: HttpRequest, complaint: Complaint) -> AssignForm | None:
    if not may(request.user, "complaint.assign"):
        return None
    colleagues = colleagues_for(caller(request), complaint.practice)
    return AssignForm(colleagues=colleagues, initial={"to": complaint.assigned_to_id})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for what the case is about. One that is out of date keeps what was typed beside what holds now."""
    complaint = found_complaint(request, pk, "complaint.edit")
    names = ("tax_head", "references", "brief", "desired_outcome")
    form = MatterForm(request.POST or None, initial={name: getattr(complaint, name) for name in names})
    if request.method == "POST" and form.is_valid() and _edited(request, complaint, form):
        return redirect(CHANGE, pk)
    status = 422 if form.errors else 200
    return case_page(request, "complaints/edit.html", complaint, {"form": form}, tab="overview", status=status)


def _edited(request: HttpRequest, complaint: Complaint, form: MatterForm) -> bool:
    version = hidden_version(request)
    try:
        edit_complaint(
            complaint=complaint,
            changes=form.cleaned_data,
            expected_version=version,
            by=caller(request),
            now=timezone.now(),
        )
    except StaleVersion as error:
        form.add_error(None, f"{error}. What you typed is below; what holds now is beside it.")
        return False
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    tell(request, done="The case is changed.")
    return True


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case to a colleague, or to nobody."""
    complaint = found_complaint(request, pk, "complaint.assign")
    form = AssignForm(request.POST, colleagues=colleagues_for(caller(request), complaint.practice))
    if not form.is_valid():
        tell_form(request, form)
        return redirect(CHANGE, pk)
    to = form.cleaned_data["to"]
    try:
        assign_complaint(
            complaint=complaint, to=to, by=caller(request), now=timezone.now(), expected_version=hidden_version(request)
        )
    except DomainError as error:
        tell(request, refused=[str(error)])
        return show_overview(request, complaint, status=error.status, assign_form=form)
    tell(request, done=f"Assigned to {to or 'nobody'}.")
    return redirect(CHANGE, pk)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the case to another state."""
    complaint = found_complaint(request, pk, "complaint.move")
    to = request.POST.get("to", "")
    try:
        move_complaint(
            complaint=complaint, to=to, by=caller(request), now=timezone.now(), expected_version=hidden_version(request)
        )
    except DomainError as error:
        tell(request, refused=[str(error)])
        return show_overview(request, complaint, status=error.status)
    tell(request, done=f"The case is now {Complaint.Status(to).label.lower()}.")
    return redirect(CHANGE, pk)


@require_POST
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to the timeline."""
    complaint = found_complaint(request, pk, "complaint.edit")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_overview(request, complaint, status=422, note_form=form)
    add_note(complaint=complaint, text=form.cleaned_data["text"], by=caller(request), now=timezone.now())
    tell(request, done="The line is on the timeline.")
    return redirect(CHANGE, pk)


@require_POST
def give_context(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the adviser knows, and have the case analysed with it."""
    complaint = found_complaint(request, pk, "analysis.run")
    form = ContextForm(request.POST)
    if not form.is_valid():
        return show_overview(request, complaint, status=422, context_form=form)
    try:
        add_context(complaint=complaint, text=form.cleaned_data["context"], by=caller(request), now=timezone.now())
    except DomainError as error:
        form.add_error("context", str(error))
        return show_overview(request, complaint, status=error.status, context_form=form)
    tell(request, done="The note is kept as a paper of the case, and the case is being analysed with it.")
    return redirect(CHANGE, pk)


@require_POST
def analyse(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the case read and analysed again."""
    complaint = found_complaint(request, pk, "analysis.run")
    start_run(complaint=complaint, kind=CaseRun.Kind.ANALYSE, by=caller(request), now=timezone.now())
    return redirect("admin:complaints_complaint_analysis", pk)

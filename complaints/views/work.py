"""The state of the work on a case, and what came of it: chronology, analysis, evidence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from complaints.models import CaseRun
from complaints.selectors import analysis_of, facts_of, latest_analysis, newest_runs, visible_runs
from complaints.services import RIGHTS, cancel_run, restart_run
from complaints.views.shared import caller, case_page, found_complaint
from lightpoint.errors import DomainError
from lightpoint.pages import came_from, tell
from users.permissions import require


@require_safe
def runs(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work on the case is: the piece of the page that the browser asks for again and again."""
    complaint = found_complaint(request, pk, "complaint.view")
    context = {"complaint": complaint, "runs": newest_runs(complaint), "now": timezone.now()}
    return render(request, "complaints/runs.html", context)


@require_POST
def restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Start again what failed or was cancelled."""
    return _changed(request, pk, restart_run)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End what waits or is at work."""
    return _changed(request, pk, cancel_run)


def _changed(request: HttpRequest, pk: int, change: Callable[..., CaseRun]) -> HttpResponse:
    run = get_object_or_404(visible_runs(caller(request)).select_related("complaint"), pk=pk)
    require(request.user, RIGHTS[run.kind])
    try:
        change(run=run, by=caller(request), now=timezone.now())
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(came_from(request, reverse("admin:complaints_complaint_change", args=[run.complaint_id])))


@require_safe
def analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """What the papers say and what follows from it, each with the words that carry it."""
    complaint = found_complaint(request, pk, "analysis.view")
    run = latest_analysis(complaint)
    corrections = complaint.corrections.select_related("document", "shown_in", "by", "withdrawn_by")
    context: dict[str, object] = {"analysis": None, "run": run, "corrections": corrections}
    if run is not None:
        papers = dict(complaint.documents.values_list("name", "pk"))
        context |= {"facts": facts_of(run), "analysis": analysis_of(run), "papers": papers}
    return case_page(request, "complaints/analysis.html", complaint, context, tab="analysis")

"""Uploads in the browser: sent in, compared side by side, decided about, taken back."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from knowledge.api.uploads import sent_files
from knowledge.comparison import changes_between, marked
from knowledge.forms import DecideForm, UploadForm
from knowledge.models import SectionVersion, StagedSection
from knowledge.models.staging import FINDINGS, STATES
from knowledge.selectors import comparisons_seen, visible_staged
from knowledge.services.comparing import text_of
from knowledge.services.reading import read_files
from knowledge.services.staging import Judgement, compare_again, decide, merged_text, stage_upload, undo
from knowledge.staging_status import WAITING
from knowledge.views.shared import caller
from lightpoint.errors import DomainError
from lightpoint.pages import hidden_version, page, tell, tell_form
from lightpoint.pages.lists import BoundedPaginator
from lightpoint.ratelimit import limited
from users.permissions import may, require
from users.roles import Action

LIST = "admin:knowledge_stagedsection_changelist"
ONE = "admin:knowledge_stagedsection_change"
ON_A_PAGE = 50
DONE = {
    "approved": "It holds now.",
    "merged": "The merged text holds now.",
    "replaced": "It has taken the place of what was there.",
    "rejected": "It is rejected.",
}


@require_safe
def staging(request: HttpRequest) -> HttpResponse:
    """The uploads of the practice, the newest first, and the place to send others."""
    require(request.user, "guidance.view")
    state = request.GET.get("state", WAITING)
    rows = visible_staged(caller(request)).select_related("created_by", "practice").defer("body", "compared")
    rows = rows.filter(state=state) if state in dict(STATES) else rows
    shown = BoundedPaginator(rows.order_by("-created_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("p"))
    limits = {"megabytes": settings.STAGING_FILE_BYTES // 2**20, "files": settings.STAGING_FILES}
    context = {"shown": shown, "state": state, "states": STATES, "limits": limits, "upload_form": UploadForm()}
    return page(request, "knowledge/staging.html", context, title="Uploads")


@require_POST
@limited("uploads")
def upload(request: HttpRequest) -> HttpResponse:
    """Read the files and keep their sections until somebody decides."""
    require(request.user, "guidance.curate")
    form = UploadForm(request.POST)
    if not form.is_valid():
        tell_form(request, form)
        return redirect(LIST)
    try:
        read = read_files(sent_files(request.FILES.getlist("files")))
        rows = stage_upload(pages=read.pages, by=caller(request), now=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        tell(request, refused=[str(error)])
        return redirect(LIST)
    count = "1 section waits" if len(rows) == 1 else f"{len(rows)} sections wait"
    tell(request, done=f"{count} for a decision.", refused=read.problems)
    return redirect(ONE, rows[0].pk) if len(rows) == 1 else redirect(LIST)


@require_safe
def staged(request: HttpRequest, pk: int) -> HttpResponse:
    """An upload beside a version that it resembles: the most telling one, or ?with= another."""
    row = _found(request, pk, "guidance.view")
    found = comparisons_seen(caller(request), row)
    chosen = next((pair for pair in found if str(pair[1].pk) == request.GET.get("with")), found[0] if found else None)
    context = {
        "staged": row,
        "found": [(dict(FINDINGS)[one["finding"]], one, version) for one, version in found],
        "beside": _beside(row, *chosen) if chosen else None,
        "words": row.body,
        "curates": may(request.user, "guidance.curate"),
    }
    return page(request, "knowledge/staged.html", context, title=row.identifier)


@require_POST
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what was decided about an upload."""
    row, form = _found(request, pk, "guidance.curate"), DecideForm(request.POST)
    if not form.is_valid():
        tell_form(request, form)
        return redirect(ONE, pk)
    sent = form.cleaned_data
    text = sent["text"].replace("\r\n", "\n") if sent["decision"] == "merge" and "text" in request.POST else None
    judged = Judgement(sent["decision"], target=sent["target"], text=text)
    try:
        wanted = hidden_version(request)
        row = decide(staged=row, judged=judged, by=caller(request), now=timezone.now(), expected_version=wanted)
        tell(request, done=DONE[row.state])
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(ONE, pk)


@require_POST
def undone(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    row = _found(request, pk, "guidance.curate")
    try:
        wanted = hidden_version(request)
        undo(staged=row, by=caller(request), now=timezone.now(), expected_version=wanted)
        tell(request, done="The decision is taken back; what stood before stands again.")
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(ONE, pk)


@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare an upload with what is held now."""
    row = _found(request, pk, "guidance.curate")
    try:
        compare_again(staged=row, by=caller(request), now=timezone.now())
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(ONE, pk)


def _found(request: HttpRequest, pk: int, action: Action) -> StagedSection:
    rows = visible_staged(caller(request)).select_related("practice", "created_by", "decided_by", "result", "replaces")
    row = get_object_or_404(rows, pk=pk)
    require(request.user, action)
    return row


def _beside(row: StagedSection, one: dict[str, Any], version: SectionVersion) -> dict[str, object]:
    """The two texts with the figures that disagree marked, and whether the version can be replaced."""
    pairs = one["disagreements"]
    text = text_of(version)
    own = version.section.practice_id == row.practice_id and version.section.source.kind == row.kind
    return {
        "one": one,
        "version": version,
        "staged_words": marked(row.body, [(pair["one"], pair["one_figures"]) for pair in pairs]),
        "held_words": marked(text, [(pair["other"], pair["other_figures"]) for pair in pairs]),
        "changes": changes_between(text, row.body),
        "replaceable": own and version.is_current and row.state == WAITING,
        "merged": merged_text(staged=row, target=version) if own and version.is_current and version.body else "",
        "percent": round(one["similarity"] * 100),
    }

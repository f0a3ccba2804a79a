"""Pages of letters: the letters of a case beside their ledger, and the files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from complaints.selectors import analysis_of, facts_of, latest_analysis, visible_complaints
from letters.files import FILES, version_file
from letters.selectors import newest_versions, visible_versions
from lightpoint.rest.files import file_response


@login_required
def case(request: HttpRequest, complaint_pk: int) -> HttpResponse:
    """What the adviser works from: the letters beside their ledger, then the analysis behind them."""
    complaint = get_object_or_404(
        visible_complaints(request.user).select_related("client"),
        pk=complaint_pk,
    )
    run = latest_analysis(complaint)
    context = {
        "complaint": complaint,
        "versions": newest_versions(complaint),
        "unused": complaint.documents.exclude(problem_kind=""),
        "facts": facts_of(run) if run else None,
        "analysis": analysis_of(run) if run else None,
    }
    return render(request, "letters/case.html", context)


@login_required
def download(request: HttpRequest, version_pk: int, kind: str) -> HttpResponse:
    """A version of a letter as a file to be saved."""
    rows = visible_versions(request.user).select_related("letter__complaint__practice", "base")
    version = get_object_or_404(rows, pk=version_pk)
    if kind not in FILES:
        raise Http404
    file = version_file(version, kind)
    return file_response(file.data, name=file.name, media_type=file.media_type)

"""Pages of letters: the letters of a case beside their ledger, and the files."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from complaints.selectors import analysis_of, facts_of, latest_analysis, visible_complaints
from letters.export import write_docx, write_pdf
from letters.models import LetterVersion
from letters.practice import PracticeDetails
from letters.records import DraftLetter
from letters.selectors import newest_versions, practice_details, visible_letters
from lightpoint.codec import from_plain

Writer = Callable[[DraftLetter, PracticeDetails], bytes]
FILES: dict[str, tuple[str, Writer]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
    "pdf": ("application/pdf", write_pdf),
}


@login_required
def case(request: HttpRequest, complaint_pk: int) -> HttpResponse:
    """What the adviser works from: the letters beside their ledger, then the analysis behind them."""
    complaint = get_object_or_404(
        visible_complaints(request.user).select_related("client"),  # type: ignore[arg-type]
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
    """A version of a letter as DOCX or PDF."""
    visible = LetterVersion.objects.filter(letter__in=visible_letters(request.user))  # type: ignore[arg-type]
    version = get_object_or_404(visible.select_related("letter__complaint__practice"), pk=version_pk)
    if kind not in FILES:
        raise Http404
    media_type, write = FILES[kind]
    complaint = version.letter.complaint
    response = HttpResponse(
        write(from_plain(DraftLetter, version.draft), practice_details(complaint)), content_type=media_type
    )
    state = "" if version.released else "-blocked"
    name = f"{complaint.reference}-{version.letter.type}-v{version.number}{state}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

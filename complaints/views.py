"""Pages of a case: its papers, and the words of a page that carry a fact."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from complaints.models import Document
from complaints.selectors import visible_complaints


@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """The newest cases that the user may see."""
    cases = visible_complaints(request.user).select_related("client")[:100]  # type: ignore[arg-type]
    return render(request, "complaints/case_list.html", {"cases": cases})


@login_required
def evidence(request: HttpRequest, document_pk: int) -> HttpResponse:
    """The text of a document with the words between `start` and `end` of page `page` marked."""
    visible = Document.objects.filter(complaint__in=visible_complaints(request.user))  # type: ignore[arg-type]
    document = get_object_or_404(visible.select_related("complaint"), pk=document_pk)
    page, start, end = (_number(request, name) for name in ("page", "start", "end"))
    pages = [
        {"number": row.number, "parts": _parts(row.text, start, end) if row.number == page else (row.text, "", "")}
        for row in document.pages.all()
    ]
    return render(request, "complaints/evidence.html", {"document": document, "pages": pages})


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


def _parts(text: str, start: int | None, end: int | None) -> tuple[str, str, str]:
    if start is None or end is None or not start < end <= len(text):
        return text, "", ""
    return text[:start], text[start:end], text[end:]

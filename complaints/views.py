"""Pages of a case: its papers, and the words of a page that carry a fact."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from complaints.models import Document
from complaints.selectors import visible_complaints
from lightpoint.language.normalise import find_loose

QUOTE_LENGTH = 4_000
LIST_LENGTH = 100


@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """The newest cases that the user may see."""
    cases = visible_complaints(request.user).select_related("client")[:LIST_LENGTH]  # type: ignore[arg-type]
    return render(request, "complaints/case_list.html", {"cases": cases})


@login_required
def evidence(request: HttpRequest, document_pk: int) -> HttpResponse:
    """The text of a document; the words of `quote` are marked, on page `page` where one is named."""
    visible = Document.objects.filter(complaint__in=visible_complaints(request.user))  # type: ignore[arg-type]
    document = get_object_or_404(visible.select_related("complaint__client"), pk=document_pk)
    quote, wanted = request.GET.get("quote", "")[:QUOTE_LENGTH], request.GET.get("page", "")
    pages = [
        {"number": page.number, "parts": _parts(page.text, quote if wanted in ("", str(page.number)) else "")}
        for page in document.pages.all()
    ]
    return render(request, "complaints/evidence.html", {"document": document, "pages": pages})


def _parts(text: str, quote: str) -> tuple[str, str, str]:
    """`text` before, in and after the first place where `quote` stands, white space and quotation marks aside."""
    found = find_loose(quote, text) if quote.strip() else None
    if found is None:
        return text, "", ""
    start, end = found
    return text[:start], text[start:end], text[end:]

"""The papers of a case: sent in, read, shown with the words that matter marked, and handed out again."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from complaints.api.uploads import bundle_file
from complaints.models import Complaint, Document
from complaints.selectors import visible_documents
from complaints.services import Upload, retry_document, upload_documents
from complaints.views.shared import caller, case_page, found_complaint
from lightpoint.errors import DomainError, NotFound
from lightpoint.language.normalise import find_loose
from lightpoint.pages import tell
from lightpoint.ratelimit import limited
from lightpoint.rest.files import file_response
from users.permissions import require
from users.roles import Action

QUOTE_LENGTH = 4_000
DOCUMENTS = "admin:complaints_complaint_documents"


@require_safe
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers with their state, and the place to add others."""
    complaint = found_complaint(request, pk, "document.view")
    rows = complaint.documents.select_related("parent", "uploaded_by").order_by("position", "pk").defer("headers")
    limits = {"megabytes": settings.DOCUMENT_MAX_BYTES // 2**20, "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    context = {"documents": rows, "limits": limits}
    return case_page(request, "complaints/documents.html", complaint, context, tab="documents")


@require_POST
@limited("uploads")
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take files in. A script that asks for JSON is answered with it; a plain form with the page."""
    complaint = found_complaint(request, pk, "document.upload")
    try:
        taken = upload_documents(
            complaint=complaint,
            files=[bundle_file(file) for file in request.FILES.getlist("files")],
            by=caller(request),
            now=timezone.now(),
        )
    except DomainError as error:
        return _upload_refused(request, complaint, error)
    if _wants_json(request):
        return JsonResponse({"message": _told(taken)}, status=201)
    tell(request, done=_told(taken))
    return redirect(DOCUMENTS, pk)


def _upload_refused(request: HttpRequest, complaint: Complaint, error: DomainError) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"message": str(error)}, status=error.status)
    tell(request, refused=[str(error)])
    return redirect(DOCUMENTS, complaint.pk)


def _told(taken: Upload) -> str:
    known = len(taken.documents) - taken.fresh
    if not taken.fresh:
        return f"{_papers(known)}: the case has {'it' if known == 1 else 'them'} already."
    told = f"{_papers(taken.fresh)} taken in and being read."
    return f"{told} The case has {_papers(known)} of these already." if known else told


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a paper; the words of ?quote= are marked, on page ?page= where one is named."""
    paper = _found_document(request, pk, "document.view")
    quote, wanted = request.GET.get("quote", "")[:QUOTE_LENGTH], request.GET.get("page", "")
    pages = [
        {"page": page, "parts": marked(page.text, quote if wanted in ("", str(page.number)) else "")}
        for page in paper.pages.all()
    ]
    context = {"document": paper, "pages": pages, "quote": quote, "children": paper.children.all()}
    return case_page(request, "complaints/document.html", paper.complaint, context, tab="documents")


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a paper as they came, to be saved. An attachment is inside its e-mail, which is sent instead."""
    paper = _found_document(request, pk, "document.view")
    root = paper.parent or paper
    while root.parent is not None:
        root = root.parent
    if root.blob is None:
        raise NotFound("The bytes of this paper were not taken in, because it is too large")
    return file_response(bytes(root.blob.data), name=root.name, media_type=root.media_type)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a paper read again that could not be read."""
    paper = _found_document(request, pk, "document.upload")
    try:
        retry_document(document=paper, by=caller(request), now=timezone.now())
        tell(request, done=f"{paper.name} is being read again.")
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(DOCUMENTS, paper.complaint_id)


def _found_document(request: HttpRequest, pk: int, action: Action) -> Document:
    near = ("complaint__client", "complaint__practice", "complaint__assigned_to", "complaint__created_by", "parent")
    paper = get_object_or_404(visible_documents(caller(request)).select_related(*near), pk=pk)
    require(request.user, action)
    return paper


def marked(text: str, quote: str) -> Sequence[str]:
    """`text` before, in and after the first place where `quote` stands, white space and quotation marks aside."""
    found = find_loose(quote, text) if quote.strip() else None
    if found is None:
        return text, "", ""
    start, end = found
    return text[:start], text[start:end], text[end:]

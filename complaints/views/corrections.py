"""What a person corrects in the papers: the form for it, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from complaints.forms import CorrectionForm
from complaints.selectors import visible_corrections, visible_documents
from complaints.services import Holds, correct_fact, withdraw_correction
from complaints.views.papers import QUOTE_LENGTH
from complaints.views.shared import caller, case_page
from lightpoint.errors import DomainError
from lightpoint.pages import tell
from users.permissions import require

ANALYSIS = "admin:complaints_complaint_analysis"
DONE = (
    "The words are struck. Have the letters drafted again, or a section written anew: what rested on them falls away."
)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for words of a paper that are wrong; ?quote= fills them in. What is refused stays typed."""
    rows = visible_documents(caller(request))
    paper = get_object_or_404(
        rows.select_related("complaint__client", "complaint__practice", "complaint__assigned_to"), pk=pk
    )
    require(request.user, "complaint.edit")
    papers = paper.complaint.documents.order_by("position", "pk")
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(sent, papers=papers, initial={"quote": request.GET.get("quote", "")[:QUOTE_LENGTH]})
    status = 200
    if sent is not None and form.is_valid():
        values = form.cleaned_data
        right = values["day"] is not None or values["amount"] is not None
        holds = Holds(values["shown_in"], values["shown_quote"], values["day"], values["amount"]) if right else None
        try:
            correct_fact(
                document=paper,
                quote=values["quote"],
                reason=values["reason"],
                by=caller(request),
                now=timezone.now(),
                holds=holds,
            )
        except DomainError as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            tell(request, done=DONE)
            return redirect(ANALYSIS, paper.complaint_id)
    elif sent is not None:
        status = 422
    context = {"document": paper, "form": form}
    return case_page(request, "complaints/correct.html", paper.complaint, context, tab="documents", status=status)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    row = get_object_or_404(visible_corrections(caller(request)), pk=pk)
    require(request.user, "complaint.edit")
    try:
        withdraw_correction(correction=row, by=caller(request), now=timezone.now())
        tell(request, done="The correction is taken back: the paper counts as it did.")
    except DomainError as error:
        tell(request, refused=[str(error)])
    return redirect(ANALYSIS, row.complaint_id)

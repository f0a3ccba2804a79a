"""The letters of a case, and the drafting of them."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from complaints.models import Complaint
from complaints.selectors import visible_complaints
from letters.forms import DraftForm
from letters.models import Letter, LetterVersion
from letters.selectors import visible_letters
from letters.services import start_draft
from letters.views.shared import caller, case_page
from lightpoint.pages import tell, tell_form
from lightpoint.ratelimit import limited
from users.permissions import require
from users.roles import Action

LETTERS = "admin:letters_letter_case"


def with_newest(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """`letters` with number, verdict and tone of the newest version of each, in the same query."""
    newest = LetterVersion.objects.filter(letter=OuterRef("pk")).order_by("-number")
    return letters.annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_released=Subquery(newest.values("released")[:1]),
        newest_tone=Subquery(newest.values("tone")[:1]),
        newest_problems=Subquery(newest.values("problems")[:1]),
    )


@require_safe
def letters(request: HttpRequest, complaint_pk: int) -> HttpResponse:
    """The letters of a case with where they stand, and the form that has them drafted."""
    complaint = _found_complaint(request, complaint_pk, "letter.view")
    rows = with_newest(visible_letters(caller(request)).filter(complaint=complaint)).order_by("position", "pk")
    context = {"letters": rows, "draft_form": DraftForm(again=rows.exists())}
    return case_page(request, "letters/case.html", complaint, context, title=f"Letters, {complaint.reference}")


@require_POST
@limited("letters")
def draft(request: HttpRequest, complaint_pk: int) -> HttpResponse:
    """Have the letters drafted; a second press finds the drafting that is under way."""
    complaint = _found_complaint(request, complaint_pk, "letter.draft")
    form = DraftForm(request.POST)
    if form.is_valid():
        start_draft(
            complaint=complaint,
            by=caller(request),
            now=timezone.now(),
            pipeline=form.cleaned_data.get("pipeline") or None,
            tone=form.cleaned_data["tone"],
            keep_edits=form.cleaned_data["keep_edits"],
        )
        tell(request, done="The letters are being drafted.")
    else:
        tell_form(request, form)
    return redirect(LETTERS, complaint_pk)


def _found_complaint(request: HttpRequest, pk: int, action: Action) -> Complaint:
    rows = visible_complaints(caller(request)).select_related("client", "practice", "assigned_to")
    complaint = get_object_or_404(rows, pk=pk)
    require(request.user, action)
    return complaint

"""Stars for a version of a letter, given on its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.forms import RatingForm
from letters.services import rate_letter
from letters.views.shared import caller, found_version
from lightpoint.pages import tell, tell_form


@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the user thinks of the version."""
    version = found_version(request, pk, "letter.edit")
    form = RatingForm(request.POST)
    if form.is_valid():
        rate_letter(version=version, **form.cleaned_data, by=caller(request), now=timezone.now())
        tell(request, done="Thank you: your stars are kept.")
    else:
        tell_form(request, form)
    page = reverse("admin:letters_letter_change", args=[version.letter_id])
    return redirect(f"{page}?version={version.number}")

"""A section of a letter changed for somebody: asked for in words, in another tone, as drafted, or written anew."""

from typing import Any, Final, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.forms import ChangeForm, ToneForm
from letters.models import Letter
from letters.services import Asked, newest_version, start_change
from letters.services.asking import Change
from letters.views.letter import CHANGE, change_forms, show_letter, words_of
from letters.views.shared import caller, found_letter
from lightpoint.errors import DomainError
from lightpoint.pages import hidden_version, tell
from lightpoint.ratelimit import limited

_FORMS: Final[dict[str, tuple[str, type[forms.Form]]]] = {
    "reword": ("change_form", ChangeForm),
    "tone": ("tone_form", ToneForm),
}
_NOTHING_MORE: Final = ("", forms.Form)


@require_POST
@limited("changes")
def change_section(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a section changed; a second press finds the change that is under way, and what was typed is kept."""
    letter = found_letter(request, pk, "letter.edit")
    change = request.POST.get("change", "")
    index = request.POST.get("section", "")
    section = int(index) if index.isascii() and index.isdigit() and len(index) < 5 else -1
    name, kind = _FORMS.get(change, _NOTHING_MORE)
    form = kind(request.POST)
    if not form.is_valid():
        return _refused(request, letter, section, {name: form}, status=422)
    try:
        start_change(
            letter=letter,
            asked=Asked(cast(Change, change), section, **form.cleaned_data),
            expected_version=hidden_version(request),
            by=caller(request),
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, words_of(error))
        return _refused(request, letter, section, {name or "refused_form": form}, status=error.status)
    tell(
        request, done="The section is being changed. When that is done it is a new version; until then nothing changes."
    )
    return redirect(reverse(CHANGE, args=[pk]))


def _refused(
    request: HttpRequest, letter: Letter, section: int, refused: dict[str, Any], *, status: int
) -> HttpResponse:
    """The page as it is now, with what was typed still in its form."""
    letter.refresh_from_db(fields=["version", "state"])
    found = {**change_forms(section), **refused}
    return show_letter(request, letter, newest_version(letter), found, status=status)

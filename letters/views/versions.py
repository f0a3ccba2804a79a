"""What changed from one version of a letter to another, and a version as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from letters.editing import changes
from letters.files import FILES, version_file
from letters.models import LetterVersion
from letters.records import DraftLetter
from letters.views.shared import case_page, found_version
from lightpoint.codec import from_plain
from lightpoint.rest.files import file_response


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Sentence by sentence what became of the version before, or of ?against=."""
    newer = found_version(request, pk, "letter.view")
    older = _older(request, newer)
    drafts = [from_plain(DraftLetter, row.draft) for row in (older, newer) if row is not None]
    found = changes(drafts[0], drafts[1]) if older else ()
    others = newer.letter.versions.exclude(pk=newer.pk).defer("draft", "text").order_by("-number")
    context = {
        "letter": newer.letter,
        "newer": newer,
        "older": older,
        "others": others,
        "changes": [change for change in found if change.kind != "same"],
        "same": sum(change.kind == "same" for change in found),
    }
    return case_page(request, "letters/changes.html", newer.letter.complaint, context, title="What changed")


def _older(request: HttpRequest, newer: LetterVersion) -> LetterVersion | None:
    rows = LetterVersion.objects.filter(letter=newer.letter_id).select_related("author")
    number = request.GET.get("against", "")
    if not number:
        return rows.filter(number__lt=newer.number).order_by("-number").first()
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise Http404
    return get_object_or_404(rows, number=int(number))


@require_safe
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A version as a file to be saved: docx, pdf or receipt."""
    version = found_version(request, pk, "letter.view")
    if kind not in FILES:
        raise Http404
    file = version_file(version, kind)
    return file_response(file.data, name=file.name, media_type=file.media_type)

"""The letter beside its ledger: read it, see what carries each sentence, change its words."""

from contextlib import suppress
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters.editing import SentenceEdit, sections
from letters.forms import ChangeForm, CommentForm, ReasonForm, SectionForm, SendForm, SentenceForm, ToneForm
from letters.models import Letter, LetterVersion, Sentence
from letters.reading import editable_sections, shown_blocks
from letters.records import DraftLetter
from letters.selectors import carriers_of, standing_of, with_standing
from letters.services import edit_letter, edit_letter_section, newest_version
from letters.status import FINAL, takes_versions
from letters.views.shared import caller, case_page, found_letter
from lightpoint.codec import from_plain
from lightpoint.errors import DomainError, StaleVersion
from lightpoint.llm import is_configured
from lightpoint.pages import hidden_version, tell
from users.permissions import may

CHANGE = "admin:letters_letter_change"
VERSIONS = 30  # shown; older ones are reached by their number


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version, or ?version=; ?sentence= or ?section= opens what stands beside it.

    What stood beside it when the address was kept may be gone by now, or not to be changed any more: then nothing does.
    """
    letter = found_letter(request, pk, "letter.view")
    version = _asked_version(request, letter)
    found: dict[str, Any] = {}
    with suppress(Http404):
        found = _beside(request, letter, version)
    return show_letter(request, letter, version, found)


@require_safe
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands beside a sentence or a section: the piece of the page that the browser asks for at a click."""
    letter = found_letter(request, pk, "letter.view")
    found = _beside(request, letter, _asked_version(request, letter))
    if not found:
        raise Http404
    return render(request, "letters/beside.html", {"letter": letter, **found})


def show_letter(
    request: HttpRequest,
    letter: Letter,
    version: LetterVersion,
    beside_it: dict[str, Any],
    *,
    status: int = 200,
    **typed: object,
) -> HttpResponse:
    """The page of a version; `typed` are forms with what was refused, to stand in place of fresh ones."""
    lines = list(version.sentences.order_by("position"))
    rows = letter.versions.select_related("author").defer("draft", "text").order_by("-number")
    versions = with_standing(rows)[:VERSIONS]
    context = {
        "letter": letter,
        "version": version,
        "newest": version.number == versions[0].number,
        "final": letter.state in FINAL,
        "can_edit": may_edit(request, letter, version),
        "blocks": shown_blocks(from_plain(DraftLetter, version.draft), lines),
        "counts": _counts(lines),
        "versions": [(row, standing_of(row)) for row in versions],
        "reviews": version.reviews.all(),
        "dispatch": getattr(version, "dispatch", None),
        **_step_forms(),
        **beside_it,
        **typed,
    }
    title = letter.get_type_display()
    return case_page(request, "letters/letter.html", letter.complaint, context, title=title, status=status)


def _step_forms() -> dict[str, forms.Form]:
    return {"comment_form": CommentForm(), "reason_form": ReasonForm(), "send_form": SendForm()}


def _counts(lines: list[Sentence]) -> dict[str, int]:
    counts = dict.fromkeys(Sentence.Status.values, 0)
    for line in lines:
        counts[line.status] += 1
    return counts


def _asked_version(request: HttpRequest, letter: Letter) -> LetterVersion:
    number = request.GET.get("version", "")
    rows = letter.versions.select_related("author", "dispatch__by")
    if not number:
        return rows.order_by("-number")[0]
    return get_object_or_404(rows, number=_number(number))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Http404
    return int(text)


def _beside(request: HttpRequest, letter: Letter, version: LetterVersion) -> dict[str, Any]:
    """What ?sentence= or ?section= asks for: the line with its carriers, or the text, each with its form."""
    if request.GET.get("sentence"):
        return sentence_beside(request, letter, version, _number(request.GET["sentence"]))
    if request.GET.get("section"):
        return section_beside(request, letter, version, _number(request.GET["section"]))
    return {}


def sentence_beside(request: HttpRequest, letter: Letter, version: LetterVersion, position: int) -> dict[str, Any]:
    """The line of the ledger with what carries it, and the form for new words where they are allowed."""
    line = get_object_or_404(version.sentences, position=position)
    form = SentenceForm(initial={"text": line.text}) if may_edit(request, letter, version) else None
    return {"version": version, "line": line, "carriers": carriers_of(line), "sentence_form": form}


def section_beside(request: HttpRequest, letter: Letter, version: LetterVersion, index: int) -> dict[str, Any]:
    """What can be done with a section; its text in a form where it can be edited as one. Http404 for no section."""
    draft = from_plain(DraftLetter, version.draft)
    found = [section for section in sections(draft) if section.index == index]
    if not found or not may_edit(request, letter, version):
        raise Http404
    texts = editable_sections(draft)
    form = SectionForm(initial={"text": texts[index]}) if index in texts else None
    return {"version": version, "section_title": found[0].title, "section_form": form, **change_forms(index)}


def change_forms(index: int) -> dict[str, Any]:
    """The forms that have section `index` changed."""
    change = ChangeForm() if is_configured() else None
    return {"section": index, "change_form": change, "tone_form": ToneForm()}


def may_edit(request: HttpRequest, letter: Letter, version: LetterVersion) -> bool:
    """Whether the user may change the words of this version: only of the newest, and of none that is locked."""
    allowed = may(request.user, "letter.edit") and takes_versions(letter.state)
    return allowed and version.number == newest_version(letter).number


@require_POST
def edit_sentence(request: HttpRequest, pk: int) -> HttpResponse:
    """New words for a sentence; the ledger's verdict is told, and what was typed is kept where it is refused."""
    letter = found_letter(request, pk, "letter.edit")
    position = _number(request.POST.get("position", ""))
    form = SentenceForm(request.POST)
    if not form.is_valid():
        return _refused(request, letter, form, position=position, status=422)
    edits = [SentenceEdit(position, form.cleaned_data["text"])]
    try:
        version = edit_letter(
            letter=letter,
            edits=edits,
            expected_version=hidden_version(request),
            by=caller(request),
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, words_of(error))
        return _refused(request, letter, form, position=position, status=error.status)
    _tell_verdict(request, version, position)
    gone = position >= version.sentences.count()
    return redirect(reverse(CHANGE, args=[pk]) + ("" if gone else f"?sentence={position}#ledger"))


@require_POST
def edit_section(request: HttpRequest, pk: int) -> HttpResponse:
    """New paragraphs for a section."""
    letter = found_letter(request, pk, "letter.edit")
    index = _number(request.POST.get("section", ""))
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _refused(request, letter, form, section=index, status=422)
    try:
        version = edit_letter_section(
            letter=letter,
            section=index,
            text=form.cleaned_data["text"].replace("\r\n", "\n"),
            expected_version=hidden_version(request),
            by=caller(request),
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, words_of(error))
        return _refused(request, letter, form, section=index, status=error.status)
    _tell_verdict(request, version)
    return redirect(CHANGE, pk)


def words_of(error: DomainError) -> str:
    """Why something was refused, and that nothing typed is lost."""
    return f"{error}. What you typed is kept below." if isinstance(error, StaleVersion) else str(error)


def _refused(
    request: HttpRequest,
    letter: Letter,
    form: forms.Form,
    *,
    status: int,
    position: int | None = None,
    section: int | None = None,
) -> HttpResponse:
    """The page as it is now, with what was typed still in its form."""
    version = newest_version(letter)
    letter.refresh_from_db(fields=["version", "state"])
    if position is not None:
        line = version.sentences.filter(position=position).first()
        carriers = carriers_of(line) if line else ()
        found = {"line": line, "position": position, "carriers": carriers, "sentence_form": form}
    else:
        found = {**change_forms(section or 0), "section_form": form}
    return show_letter(request, letter, version, found, status=status)


def _tell_verdict(request: HttpRequest, version: LetterVersion, position: int | None = None) -> None:
    said = f"Version {version.number} is kept."
    line = version.sentences.filter(position=position).first() if position is not None else None
    if line is not None:
        said += f" The ledger says of this sentence: {line.get_status_display().lower()}."
    if version.released:
        tell(request, done=f"{said} Every statement of the letter is verified.")
    else:
        tell(request, refused=[f"{said} The letter is blocked; what blocks it is told below."])

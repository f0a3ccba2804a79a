"""The pages of a practice's prompts and AI settings: what is in force, its history, and how to change it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, TypedDict, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters.forms import PromptForm, StageSettingsForm
from letters.models import PromptVersion
from letters.pipelines import Stage
from letters.pipelines.prompts import fixed_text, shipped_words
from letters.prompting import (
    OWN_STAGES,
    lines_between,
    prompts_in_force,
    shipped_prompts,
    visible_prompts,
    visible_stage_settings,
)
from letters.services import (
    Wanted,
    activate_prompt,
    as_wanted,
    clear_stage_settings,
    reset_prompt,
    set_stage_settings,
    start_golden_run,
    write_prompt,
)
from letters.views.shared import caller
from lightpoint.errors import DomainError, NotAllowed
from lightpoint.pages import hidden_version, page, tell, tell_form
from lightpoint.ratelimit import limited
from users.models import Practice, User
from users.permissions import require

STAGE = "admin:letters_promptversion_stage"
PROMPT = "admin:letters_promptversion_change"
SHOWN = 50  # versions of a stage on its page


class _Who(TypedDict):
    practice: Practice
    stage: Stage
    by: User
    now: datetime


@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    """Each stage with the prompt in force. Four queries at most."""
    require(request.user, "prompt.view")
    practice = caller(request).practice
    told = prompts_in_force(practice) if practice else shipped_prompts()
    return page(
        request,
        "letters/prompts.html",
        {"stages": [told[stage] for stage in OWN_STAGES]},
        title="Prompts and AI settings",
    )


@require_safe
def stage(request: HttpRequest, stage: str) -> HttpResponse:
    """The words in force at a stage, its history, its AI settings, and the form for other words."""
    return _stage_page(request, _known(stage))


def _stage_page(request: HttpRequest, name: Stage, status: int = 200, **typed: Any) -> HttpResponse:
    require(request.user, "prompt.view")
    practice = caller(request).practice
    told = (prompts_in_force(practice) if practice else shipped_prompts())[name]
    row = visible_stage_settings(caller(request)).filter(practice=practice, stage=name).first()
    context = {
        "told": told,
        "label": PromptVersion(stage=name).get_stage_display(),
        "fixed": fixed_text(name),
        "versions": visible_prompts(caller(request)).filter(stage=name)[:SHOWN],
        "settings": row,
        "form": PromptForm(initial={"text": told.words}),
        "settings_form": StageSettingsForm(stage=name, initial=asdict(as_wanted(row))),
        **typed,
    }
    title = f"Prompt of the stage {context['label']}"
    return page(request, "letters/prompt_stage.html", context, title=title, status=status)


@require_safe
def prompt(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: its words beside others, its tests, and what can be done with it."""
    row = _found(request, pk)
    against, older = _other(request, row)
    context = {
        "prompt": row,
        "against": against,
        "lines": lines_between(older, row.text),
        "fixed": fixed_text(cast(Stage, row.stage)),
        "others": visible_prompts(caller(request))
        .filter(practice=row.practice_id, stage=row.stage)
        .exclude(pk=row.pk)[:SHOWN],
        "runs": row.golden_runs.select_related("created_by")[:10],
    }
    return page(request, "letters/prompt.html", context, title=str(row))


@require_POST
def write(request: HttpRequest, stage: str) -> HttpResponse:
    """Keep other words for a stage, as a draft."""
    name, practice = _known(stage), _own(request)
    form = PromptForm(request.POST)
    if not form.is_valid():
        return _stage_page(request, name, 422, form=form)
    try:
        row = write_prompt(practice=practice, stage=name, **form.cleaned_data, by=caller(request), now=timezone.now())
    except DomainError as error:
        tell(request, refused=[str(error)])
        return _stage_page(request, name, error.status, form=form)
    tell(request, done="The words are kept as a draft. Test them on the golden case before they take effect.")
    return redirect(PROMPT, row.pk)


@require_POST
def configure(request: HttpRequest, stage: str) -> HttpResponse:
    """Set how models are asked at a stage, or take it back."""
    name, practice = _known(stage), _own(request)
    who = _Who(practice=practice, stage=name, by=caller(request), now=timezone.now())
    version = hidden_version(request)
    form = StageSettingsForm(request.POST, stage=name)
    if "clear" in request.POST:
        clear = partial(clear_stage_settings, **who, expected_version=version)
        return _done(request, clear, "Models are asked as the site has it.", name)
    if not form.is_valid():
        tell_form(request, form)
        return _stage_page(request, name, 422, settings_form=form)
    wanted = Wanted(**form.cleaned_data)
    change = partial(set_stage_settings, **who, wanted=wanted, expected_version=version)
    return _done(request, change, "Models are asked so from now on.", name)


@require_POST
def reset(request: HttpRequest, stage: str) -> HttpResponse:
    """Put the shipped prompt of a stage in force again."""
    name, practice = _known(stage), _own(request)
    work = partial(reset_prompt, practice=practice, stage=name, by=caller(request), now=timezone.now())
    return _done(request, work, "The shipped prompt is in force again.", name)


@require_POST
@limited("letters")
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a version tested on the golden case."""
    row = _found(request, pk)
    require(request.user, "prompt.manage")
    work = partial(start_golden_run, prompt=row, by=caller(request), now=timezone.now())
    return _done(request, work, "The golden case is being drafted with these words; it takes about a minute.", row)


@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version take effect."""
    row = _found(request, pk)
    require(request.user, "prompt.manage")
    version = hidden_version(request)
    work = partial(activate_prompt, prompt=row, expected_version=version, by=caller(request), now=timezone.now())
    return _done(request, work, "Letters are written by these words from now on.", row)


def _done(request: HttpRequest, work: Callable[[], object], done: str, back: PromptVersion | str) -> HttpResponse:
    """Do `work` and go back; what is refused is told there."""
    try:
        work()
    except DomainError as error:
        tell(request, refused=[str(error)])
    else:
        tell(request, done=done)
    return redirect(PROMPT, back.pk) if isinstance(back, PromptVersion) else redirect(STAGE, back)


def _found(request: HttpRequest, pk: int) -> PromptVersion:
    row = get_object_or_404(visible_prompts(caller(request)), pk=pk)
    require(request.user, "prompt.view")
    return row


def _known(name: str) -> Stage:
    found = next((stage for stage in OWN_STAGES if stage == name), None)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest) -> Practice:
    require(request.user, "prompt.manage")
    practice = caller(request).practice
    if practice is None:
        raise NotAllowed("Prompts and AI settings are a practice's own; staff of the platform have no practice")
    return practice


def _other(request: HttpRequest, row: PromptVersion) -> tuple[PromptVersion | None, str]:
    """What ?against= names, the number of another version, with its words; else what is shipped."""
    number = request.GET.get("against", "")
    if not number:
        return None, shipped_words(cast(Stage, row.stage))
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise Http404
    rows = PromptVersion.objects.filter(practice=row.practice_id, stage=row.stage)
    other = get_object_or_404(rows, number=int(number))
    return other, other.text

"""A practice's own prompts: written, activated once they have passed the golden case, and taken back."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from letters.models import Experiment, GoldenRun, PromptVersion
from letters.pipelines import Stage
from letters.pipelines.prompts import StagePrompt
from letters.prompting import OWN_STAGES
from lightpoint.errors import Conflict, InvalidInput, NotAllowed
from lightpoint.rest.etag import check_version
from users.models import Practice, User
from users.services import record_audit

ADDRESS = "/api/v1/prompts/versions/{}/test/"


class UnfitPrompt(InvalidInput):
    """The words cannot stand in a prompt."""

    code = "unfit-prompt"


class PromptExists(Conflict):
    """The practice has these words for the stage already."""

    code = "prompt-exists"


class PromptNotTested(Conflict):
    """These words have not passed the golden case with the shape and the fence that stand behind them now."""

    code = "prompt-not-tested"


class StageOnTrial(Conflict):
    """An experiment that runs tries words of the stage beside those in force, which must stay the same meanwhile."""

    code = "stage-on-trial"


class NothingToReset(Conflict):
    """The shipped prompt is in force already."""

    code = "shipped-prompt-in-force"


@transaction.atomic
def write_prompt(
    *, practice: Practice, stage: str, text: str, by: User, now: datetime, note: str = ""
) -> PromptVersion:
    """Keep words of the practice's own for `stage`. They take effect when they have been tested and activated.

    Raises UnfitPrompt for no words, too many, or such as cannot be sent; PromptExists for words that the newest
    version has; NotAllowed for another practice.
    """
    _check_practice(practice, by)
    if stage not in OWN_STAGES:
        raise UnfitPrompt(f"There is no stage {stage!r}; choose one of: {', '.join(OWN_STAGES)}")
    words = _checked_words(text)
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    rows = PromptVersion.objects.filter(practice=practice, stage=stage)
    newest = rows.order_by("-number").first()
    if newest is not None and newest.text == words:
        raise PromptExists(f"Version {newest.number} has these words already")
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    row = PromptVersion.objects.create(
        practice=practice,
        stage=stage,
        number=number,
        text=words,
        sha256=hashlib.sha256(words.encode()).hexdigest(),
        note=" ".join(note.split()),
        author=by,
        created_at=now,
        state_at=now,
    )
    _tell("prompt.written", row, by, now)
    return row


@transaction.atomic
def activate_prompt(*, prompt: PromptVersion, expected_version: int, by: User, now: datetime) -> PromptVersion:
    """Let `prompt` take effect for the letters that are asked for from now on; the one before it is retired.

    Raises PromptNotTested unless a golden run of exactly what models would be told has passed, StageOnTrial and
    StaleVersion.
    """
    row = _locked(prompt, expected_version)
    if row.state == PromptVersion.State.ACTIVE:
        return row
    told = version_of(row)
    if not row.golden_runs.filter(state=GoldenRun.State.PASSED, prompt_version=told).exists():
        raise PromptNotTested(
            f"Version {row.number} has not passed the golden case as it stands; test it first: "
            f"POST {ADDRESS.format(row.pk)}, or the button on its page"
        )
    _refuse_on_trial(row)
    rows = PromptVersion.objects.filter(practice=row.practice_id, stage=row.stage, state=PromptVersion.State.ACTIVE)
    before = rows.select_for_update().first()
    if before is not None:
        _move(before, PromptVersion.State.RETIRED, now)
    _move(row, PromptVersion.State.ACTIVE, now)
    _tell("prompt.activated", row, by, now, old={"number": before.number if before else None})
    return row


@transaction.atomic
def reset_prompt(*, practice: Practice, stage: str, by: User, now: datetime) -> PromptVersion:
    """Put the shipped prompt of `stage` in force again; the practice's is kept, retired.

    Raises NothingToReset and StageOnTrial.
    """
    _check_practice(practice, by)
    rows = PromptVersion.objects.filter(practice=practice, stage=stage, state=PromptVersion.State.ACTIVE)
    row = rows.select_for_update(of=("self",)).select_related("practice").first()
    if row is None:
        raise NothingToReset("The shipped prompt is in force already")
    _refuse_on_trial(row)
    _move(row, PromptVersion.State.RETIRED, now)
    _tell("prompt.reset", row, by, now)
    return row


def version_of(prompt: PromptVersion) -> str:
    """The hash of all that a model would be told with `prompt`: its words, and what stands behind them by code."""
    return StagePrompt(cast(Stage, prompt.stage), prompt.text).version


def note_passed(*, prompt: PromptVersion, by: User, now: datetime, figures: Mapping[str, Any]) -> None:
    """A golden run of `prompt` has passed. In a transaction."""
    row = _locked(prompt, None)
    if row.state == PromptVersion.State.DRAFT:
        _move(row, PromptVersion.State.TESTED, now)
    _tell("prompt.tested", row, by, now, more={"golden": dict(figures)})


def _checked_words(text: str) -> str:
    words = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    if not words:
        raise UnfitPrompt("A prompt needs words; to have none of your own, reset the stage to the shipped prompt")
    if len(words) > settings.PROMPT_MAX_CHARACTERS:
        raise UnfitPrompt(f"The words have {len(words)} characters; the limit is {settings.PROMPT_MAX_CHARACTERS}")
    if any(not (character.isprintable() or character in "\n\t") for character in words):
        raise UnfitPrompt("The words hold a character that cannot be printed")
    return words


def _check_practice(practice: Practice, by: User) -> None:
    if not by.is_superuser and by.practice_id != practice.pk:
        raise NotAllowed("Prompts are a practice's own")


def _refuse_on_trial(prompt: PromptVersion) -> None:
    running = Experiment.objects.filter(practice=prompt.practice_id, state=Experiment.State.RUNNING)
    name = running.filter(prompt__stage=prompt.stage).values_list("name", flat=True).first()
    if name is not None:
        raise StageOnTrial(f"The experiment {name} tries words beside those in force at this stage; stop it first")


def _locked(prompt: PromptVersion, expected_version: int | None) -> PromptVersion:
    rows = PromptVersion.objects.select_for_update(of=("self",)).select_related("practice", "author")
    row = rows.get(pk=prompt.pk)
    check_version(expected=expected_version, current=row.version)
    return row


def _move(row: PromptVersion, state: str, now: datetime) -> None:
    row.state, row.state_at, row.version = state, now, row.version + 1
    row.save(update_fields=["state", "state_at", "version"])


def _tell(
    action: str,
    row: PromptVersion,
    by: User,
    now: datetime,
    *,
    old: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    new = {"stage": row.stage, "number": row.number, "sha256": row.sha256, **(more or {})}
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)

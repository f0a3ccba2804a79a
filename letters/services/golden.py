"""A prompt tried on the golden case, the sample that ships with the product, before it may take effect.

The case is worked out anew and drafted as the stage's pipeline does it, through the configured provider, at the cost of
the practice. Nothing of it is kept but the figures: no case, no letter, no answer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from letters.models import GoldenRun, PromptVersion
from letters.pipelines import PipelineName, Stage
from letters.prompting import prompts_in_force
from letters.services.prompts import note_passed, version_of
from letters.services.trials import Trial, prepare_bundle, try_pipeline
from letters.services.writing import NoModel
from lightpoint import jobs
from lightpoint.llm import is_configured
from users.models import User

TASK: Final = "letters.golden_run"
BROKE_OFF: Final = "The test broke off because of a fault of ours, which has been recorded; test again"


@transaction.atomic
def start_golden_run(*, prompt: PromptVersion, by: User, now: datetime) -> GoldenRun:
    """Have `prompt` tested by a job; a second press finds the test that is waiting or at work. Raises NoModel."""
    if not is_configured():
        raise NoModel("There is no model to test with: no key for a provider is set up")
    row = PromptVersion.objects.select_for_update(no_key=True).get(pk=prompt.pk)
    live = row.golden_runs.filter(state__in=GoldenRun.LIVE).first()
    if live is not None:
        return live
    told = prompts_in_force(row.practice, instead=row)[cast(Stage, row.stage)]
    run = GoldenRun.objects.create(
        prompt=row,
        practice_id=row.practice_id,
        prompt_version=version_of(row),
        asked={
            "pipeline": pipeline_of(row.stage),
            "tier": told.tier,
            "model": told.model,
            "temperature": told.temperature,
            "most_tokens": told.most_tokens,
        },
        created_by=by,
        created_at=now,
    )
    jobs.defer(TASK, queue="cases", lock=f"golden-{row.pk}", run_id=run.pk)
    return run


def perform_golden_run(*, run_id: int, clock: Callable[[], datetime] = timezone.now) -> None:
    """Do the test and keep what came of it, unless another worker has taken it over meanwhile.

    An error that is nobody's plan is raised again, so that the job is retried, until the attempts are used up.
    """
    live = GoldenRun.objects.filter(pk=run_id, state__in=GoldenRun.LIVE)
    if not live.update(state=GoldenRun.State.RUNNING, attempt=F("attempt") + 1):
        return
    run = GoldenRun.objects.select_related("prompt__practice", "created_by").get(pk=run_id)
    if run.attempt > settings.RUN_MAX_ATTEMPTS:
        _end(run, GoldenRun.State.BROKEN, {}, (BROKE_OFF,), clock())
        return
    try:
        trial = _trial(run, clock())
    except Exception:
        if run.attempt >= settings.RUN_MAX_ATTEMPTS:
            _end(run, GoldenRun.State.BROKEN, {}, (BROKE_OFF,), clock())
        raise
    if trial.outcome.errors:
        told = tuple(f"the provider failed: {code}" for code in trial.outcome.errors)
        _end(run, GoldenRun.State.BROKEN, trial.figures(), told, clock())
        return
    reasons = reasons_against(trial)
    state = GoldenRun.State.FAILED if reasons else GoldenRun.State.PASSED
    _end(run, state, trial.figures(), reasons, clock())


def _trial(run: GoldenRun, now: datetime) -> Trial:
    """The golden case drafted with the prompt, at the cost of its practice."""
    return try_pipeline(
        prepare_bundle(settings.PROMPT_GOLDEN_CASE),
        pipeline=pipeline_of(run.prompt.stage),
        prompts=prompts_in_force(run.prompt.practice, instead=run.prompt),
        practice=run.prompt.practice,
        by=run.created_by,
        now=now,
        purpose="prompt-test",
    )


def pipeline_of(stage: str) -> PipelineName:
    """The pipeline that shows what a prompt of `stage` does: `parallel`, unless only two_stage asks it."""
    return "two_stage" if stage == "compose" else "parallel"


def reasons_against(trial: Trial) -> tuple[str, ...]:
    """Why a trial does not pass; empty where it does."""
    found = [f"the ledger blocks the letter: {problem}" for problem in trial.problems]
    if trial.replaced > settings.PROMPT_MOST_REPLACED:
        replaced = trial.outcome.replaced
        most = f"at most {settings.PROMPT_MOST_REPLACED:.0%} may"
        found.append(f"{len(replaced)} of {trial.sections} sections stayed the embedded drafter's: {most}")
        found += [f"{one.title or one.part}: {'; '.join(one.reasons)[:300]}" for one in replaced]
    return tuple(found)


@transaction.atomic
def _end(run: GoldenRun, state: str, figures: dict[str, Any], reasons: tuple[str, ...], now: datetime) -> None:
    """Keep the end of the attempt, where it still is the run's newest."""
    mine = GoldenRun.objects.filter(pk=run.pk, attempt=run.attempt, state=GoldenRun.State.RUNNING)
    if not mine.update(state=state, figures=figures, reasons=list(reasons), finished_at=now):
        return
    if state == GoldenRun.State.PASSED:
        note_passed(prompt=run.prompt, by=run.created_by, now=now, figures=figures)

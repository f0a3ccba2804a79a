"""A prompt tried on the golden case, the sample that ships with the product, before it may take effect.

The case is worked out anew and drafted as the stage's pipeline does it, through the configured provider, at the cost of
the practice. Nothing of it is kept but the figures: no case, no letter, no answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from complaints.services import work_out
from knowledge.selectors import guidance_index
from letters.drafting import draft_letters
from letters.ledger import Checks, release_problems
from letters.models import GoldenRun, PromptVersion
from letters.pipelines import Bench, Outcome, PipelineName, Stage, parts_of, write_letters
from letters.practice import practice_of
from letters.privacy import Veil, known_of
from letters.prompting import Prompts, prompts_in_force
from letters.services.prompts import note_passed, version_of
from letters.services.stages import UNPRICED, Asked, StageDesk, total
from letters.services.writing import papers_of, veils_of
from lightpoint.errors import Conflict
from lightpoint.llm import is_configured
from lightpoint.progress import NullProgress
from users.models import Practice, User

TASK: Final = "letters.golden_run"
BROKE_OFF: Final = "The test broke off because of a fault of ours, which has been recorded; test again"


class NoModel(Conflict):
    """There is no model to test with."""

    code = "no-model"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a prompt made of the golden case. `problems` is what the ledger holds against the letters at the end."""

    outcome: Outcome
    asked: tuple[Asked, ...]
    problems: tuple[str, ...]
    sections: int
    seconds: float

    @property
    def replaced(self) -> float:
        """The share of the sections that stayed the embedded drafter's, 0 to 1."""
        return len(self.outcome.replaced) / self.sections if self.sections else 1.0

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None where a model has no price."""
        return total([line.cost for line in self.asked])

    def reasons(self) -> tuple[str, ...]:
        """Why it does not pass; empty where it does."""
        found = [f"the ledger blocks the letter: {problem}" for problem in self.problems]
        if self.replaced > settings.PROMPT_MOST_REPLACED:
            found.append(
                f"{len(self.outcome.replaced)} of {self.sections} sections stayed the embedded drafter's: at most "
                f"{settings.PROMPT_MOST_REPLACED:.0%} may"
            )
            found += [f"{one.title or one.part}: {'; '.join(one.reasons)[:300]}" for one in self.outcome.replaced]
        return tuple(found)

    def figures(self) -> dict[str, Any]:
        """As the row keeps them."""
        usages = [line.usage for line in self.asked if line.usage]
        return {
            "released": not self.problems,
            "sections": self.sections,
            "replaced": len(self.outcome.replaced),
            "mended": len(self.outcome.mended),
            "asked_again": len(self.outcome.asked_again),
            "calls": len(self.asked),
            "sent": sum(usage.sent for usage in usages),
            "written": sum(usage.written for usage in usages),
            "cost": UNPRICED if self.cost is None else str(self.cost),
            "seconds": round(self.seconds, 2),
        }


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
    app.configure_task(TASK, queue="cases", lock=f"golden-{row.pk}", allow_unknown=True).defer(run_id=run.pk)
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
        prompts = prompts_in_force(run.prompt.practice, instead=run.prompt)
        trial = try_prompts(
            prompts=prompts,
            pipeline=pipeline_of(run.prompt.stage),
            practice=run.prompt.practice,
            by=run.created_by,
            now=clock(),
        )
    except Exception:
        if run.attempt >= settings.RUN_MAX_ATTEMPTS:
            _end(run, GoldenRun.State.BROKEN, {}, (BROKE_OFF,), clock())
        raise
    if trial.outcome.errors:
        told = tuple(f"the provider failed: {code}" for code in trial.outcome.errors)
        _end(run, GoldenRun.State.BROKEN, trial.figures(), told, clock())
        return
    reasons = trial.reasons()
    state = GoldenRun.State.FAILED if reasons else GoldenRun.State.PASSED
    _end(run, state, trial.figures(), reasons, clock())


def pipeline_of(stage: str) -> PipelineName:
    """The pipeline that shows what a prompt of `stage` does: `parallel`, unless only two_stage asks it."""
    return "two_stage" if stage == "compose" else "parallel"


def try_prompts(*, prompts: Prompts, pipeline: PipelineName, practice: Practice, by: User, now: datetime) -> Trial:
    """The golden case drafted with `prompts`, charged to `practice`. Raises what a missing sample or database does."""
    started = time.perf_counter()
    guidance = guidance_index()
    case = work_out(folder=settings.PROMPT_GOLDEN_CASE, guidance=guidance)
    details = practice_of(case.intake)
    pages = {(paper.name, page.number): page.text for paper in case.documents for page in paper.pages}
    checks = Checks(case.facts, guidance, case.intake.nation, pages)
    drafts = draft_letters(case.intake, case.facts, case.analysis, guidance, details, pages=pages, checks=checks)
    composed = [Bench(draft, case.facts, guidance, case.intake.nation, pages, checks) for draft in drafts]
    benches = [replace(bench, letter=bench.checked(bench.letter)) for bench in composed]
    sections = [parts_of(bench.letter, number) for number, bench in enumerate(benches)]
    papers = papers_of(case.documents, case.parts)
    secret = f"{settings.SECRET_KEY}:golden:{practice.pk}".encode()
    desk = StageDesk(
        complaint=None,
        practice=practice,
        prompts=prompts,
        pipeline=pipeline,
        by=by,
        veil=Veil(secret, known_of(case.intake, case.facts, details)),
        stakes=[bench.letter.type for bench in benches],
        progress=NullProgress(),
        deadline=time.monotonic() + settings.LETTER_DEADLINE_SECONDS,
        now=now,
        veils=veils_of(secret, case.intake, details, case.parts, papers),
        purpose="prompt-test",
    )
    with desk:
        outcome = write_letters(pipeline, benches, sections, papers, desk)
    problems = tuple(problem for letter in outcome.letters for problem in release_problems(letter))
    count = sum(map(len, sections))
    return Trial(outcome, tuple(desk.asked), problems, count, time.perf_counter() - started)


@transaction.atomic
def _end(run: GoldenRun, state: str, figures: dict[str, Any], reasons: tuple[str, ...], now: datetime) -> None:
    """Keep the end of the attempt, where it still is the run's newest."""
    mine = GoldenRun.objects.filter(pk=run.pk, attempt=run.attempt, state=GoldenRun.State.RUNNING)
    if not mine.update(state=state, figures=figures, reasons=list(reasons), finished_at=now):
        return
    if state == GoldenRun.State.PASSED:
        note_passed(prompt=run.prompt, by=run.created_by, now=now, figures=figures)

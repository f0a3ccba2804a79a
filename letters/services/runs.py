"""A letter is asked for: the work is a run of the case, done by a job."""

from datetime import datetime

from django.utils import timezone

from complaints.models import CaseRun, Complaint
from complaints.services import RunProgress, extract_facts, start_run
from letters.prompting import default_tone
from letters.services.drafting import check_choice, counted, draft_case
from letters.services.offers import check_offered
from letters.services.refining import work_on_change
from letters.services.writing import default_pipeline, take_notes
from letters.status import ANSWERED_FOR
from lightpoint.llm import is_configured
from users.models import User


def start_draft(
    *,
    complaint: Complaint,
    by: User | None,
    now: datetime,
    pipeline: str | None = None,
    tone: str | None = None,
    keep_edits: bool = True,
) -> CaseRun:
    """Have the letters of `complaint` drafted. A second press finds the run that is waiting or at work.

    Where no pipeline is named `draft_case` chooses, and where no tone is, it is the practice's. `keep_edits` is as
    there. Raises UnknownPipeline, UnknownTone, and PipelineNotOffered for two_stage before it has shown its quality.
    """
    tone = tone or default_tone(complaint.practice)
    check_offered(pipeline)
    named = check_choice(pipeline or default_pipeline(), tone)
    left_open = pipeline is None and is_configured()  # the drafting asks the experiment that runs then
    options = {"pipeline": None if left_open else named, "tone": tone, "keep_edits": keep_edits}
    return start_run(complaint=complaint, kind=CaseRun.Kind.DRAFT, by=by, now=now, options=options)


def work_on_letters(run: CaseRun, progress: RunProgress) -> str:
    """Do what the run was started for: take notes of the papers, draft, or change a section."""
    if run.kind == CaseRun.Kind.NOTE:
        return work_on_notes(run, progress)
    if run.kind == CaseRun.Kind.REFINE:
        return work_on_change(run, progress, timezone.now())
    return work_on_draft(run, progress)


def work_on_notes(run: CaseRun, progress: RunProgress) -> str:
    """Have a note taken of each paper that has none."""
    now = timezone.now()
    parts = extract_facts(complaint=run.complaint, now=now, progress=progress)
    progress.start("notes", len(parts))
    count = take_notes(
        complaint=run.complaint, by=run.created_by, parts=parts, progress=progress, now=now, attempt=run.attempt
    )
    return "1 note held" if count == 1 else f"{count} notes held"


def work_on_draft(run: CaseRun, progress: RunProgress) -> str:
    """Draft as the run was asked to; the line says what came of it."""
    now = timezone.now()
    case = draft_case(
        complaint=run.complaint,
        by=run.created_by,
        now=now,
        on=timezone.localdate(now),
        progress=progress,
        run=run,
        **run.options,
    )
    told = f"{counted(case.letters)} drafted: {'released' if case.released else 'blocked'}"
    left = run.complaint.letters.filter(state__in=ANSWERED_FOR).count()
    return f"{told}; {left} approved or sent left as before" if left else told

"""Jobs of cases: each calls one service. Stalled jobs are picked up again by a periodic one."""

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg.errors import RaiseException

from complaints.models import CaseRun
from complaints.services import (
    RunProgress,
    analyse_complaint,
    extract_facts,
    mail_of_draft,
    perform_run,
    read_documents,
    revive_runs,
    start_run,
    waiting_documents,
)
from knowledge.selectors import guidance_index
from lightpoint.llm import is_configured
from lightpoint.telemetry.jobs import bind_job

RETRY = RetryStrategy(max_attempts=settings.RUN_MAX_ATTEMPTS - 1, wait=settings.RUN_RETRY_SECONDS)


@app.task(name="complaints.work_on_run", queue="cases", retry=RETRY)
def work_on_run(run_id: int, request_id: str = "") -> None:
    """Read the papers that wait and find their facts; for a run of the kind `analyse`, draw the conclusions too."""
    with bind_job("complaints.work_on_run", request_id=request_id):
        perform_run(run_id=run_id, work=_work)


def _work(run: CaseRun, progress: RunProgress) -> str:
    complaint = run.complaint
    progress.start("read", waiting_documents(complaint).count())
    count = read_documents(complaint=complaint, progress=progress)
    progress.start("facts", complaint.documents.count())
    parts = extract_facts(complaint=complaint, now=timezone.now(), progress=progress)
    if run.kind == CaseRun.Kind.READ:
        if is_configured():  # a model reads each paper while nobody waits, for the letters to come
            start_run(complaint=complaint, kind=CaseRun.Kind.NOTE, by=run.created_by, now=timezone.now())
        return "1 paper read" if count == 1 else f"{count} papers read"
    progress.start("analysis", None)
    now = timezone.now()
    done = analyse_complaint(
        complaint=complaint,
        parts=parts,
        guidance=guidance_index(),
        now=now,
        on=timezone.localdate(now),
        progress=progress,
    )
    return f"Analysis {done.version}"


@app.task(name="complaints.mail_of_draft", queue="mail", retry=RETRY)
def mail_draft(run_id: int) -> None:
    """Tell whoever asked for letters that they are drafted."""
    mail_of_draft(run_id=run_id)


@app.periodic(cron=settings.JOB_CHECK_CRON)
@app.task(name="complaints.retry_stalled_jobs", queue="upkeep", pass_context=True, queueing_lock="retry-stalled")
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Give the jobs whose worker died to another one. One that has ended after all, or is taken, stays as it is."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.JOB_STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):  # the database is away: this was no look
                raise


@app.periodic(cron=settings.JOB_CHECK_CRON)
@app.task(name="complaints.revive_lost_runs", queue="upkeep", queueing_lock="revive-lost")
def revive_lost_runs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Give a new job to runs that have none."""
    revive_runs(now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="complaints.remove_old_jobs", queue="upkeep", pass_context=True, queueing_lock="remove-old")
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Forget jobs that ended long ago; what came of a run is in its own row."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=settings.JOB_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )

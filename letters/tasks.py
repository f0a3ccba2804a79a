"""Jobs of letters: each calls one service."""

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from complaints.services import perform_run
from letters.services import compare_cases, perform_golden_run, watch_experiments, work_on_letters
from lightpoint.telemetry.jobs import bind_job

RETRY = RetryStrategy(max_attempts=settings.RUN_MAX_ATTEMPTS - 1, wait=settings.RUN_RETRY_SECONDS)


@app.task(name="letters.work_on_run", queue="cases", retry=RETRY)
def work_on_run(run_id: int, request_id: str = "") -> None:
    """Draft the letters that a run was started for, or take notes of the papers."""
    with bind_job("letters.work_on_run", request_id=request_id):
        perform_run(run_id=run_id, work=work_on_letters)


@app.task(name="letters.golden_run", queue="cases", retry=RETRY)
def golden_run(run_id: int) -> None:
    """Test a prompt on the golden case."""
    with bind_job("letters.golden_run"):
        perform_golden_run(run_id=run_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="letters.watch_experiments", queue="upkeep", queueing_lock="watch-experiments")
def watch_running_experiments(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Measure the cases of experiments, and take back what loses."""
    watch_experiments(now=timezone.now())


@app.periodic(cron="23 4 * * *")
@app.task(name="letters.compare_cases", queue="upkeep", queueing_lock="compare-cases")
def compare_pipelines_by_cases(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Look whether two_stage is as good as three_stage by what was drafted of late."""
    compare_cases(now=timezone.now())

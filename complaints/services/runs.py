"""Work on a case that jobs do. A run is a row with a job behind it, deferred in the transaction that makes the row.

A run is asked for as often as a user presses. While one of its kind waits, that one is the answer; while one is at
work it is told to go round `again`, so that what came in meanwhile is not missed. Each claim of a run has an attempt
number, and only the worker that holds the newest may write: one that was taken for dead and wakes up writes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from complaints.models import CaseRun, Complaint
from lightpoint.errors import Conflict, DomainError
from lightpoint.telemetry.context import current_request_id
from users.models import User

TASKS: Final[Mapping[str, str]] = {
    CaseRun.Kind.READ: "complaints.work_on_run",
    CaseRun.Kind.ANALYSE: "complaints.work_on_run",
    CaseRun.Kind.DRAFT: "letters.work_on_run",
}
BROKE_OFF = "The work broke off because of a fault of ours, which has been recorded; press again to go on"


class RunTaken(Conflict):
    """Another worker has taken this run over, or it is over; this one must write nothing more."""

    code = "run-taken"


class NotFailed(Conflict):
    """Only a run that failed is started again."""

    code = "run-not-failed"


@transaction.atomic
def start_run(
    *, complaint: Complaint, kind: str, by: User | None, now: datetime, options: Mapping[str, Any] | None = None
) -> CaseRun:
    """The live run of `kind`, or a new one with its job. `options` of the latest press count."""
    Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    live = CaseRun.objects.select_for_update().filter(complaint=complaint, kind=kind, state__in=CaseRun.LIVE).first()
    if live is not None:
        live.options = dict(options or {})
        live.again = live.state == CaseRun.State.RUNNING
        live.save(update_fields=["options", "again"])
        return live
    run = CaseRun.objects.create(
        complaint=complaint,
        kind=kind,
        options=dict(options or {}),
        request_id=current_request_id(),
        created_by=by,
        created_at=now,
    )
    _defer(run)
    return run


@transaction.atomic
def restart_run(*, run: CaseRun, by: User | None, now: datetime) -> CaseRun:
    """A new run in place of one that failed, with the same options. Raises NotFailed."""
    if run.state != CaseRun.State.FAILED:
        raise NotFailed(f"This run is {run.state}; only a failed one is started again")
    return start_run(complaint=run.complaint, kind=run.kind, by=by, now=now, options=run.options)


def _defer(run: CaseRun) -> None:
    job = app.configure_task(TASKS[run.kind], queue="cases", allow_unknown=True)
    job.defer(run_id=run.pk, request_id=run.request_id)


@dataclass
class RunProgress:
    """Tells the row of a run how far it is. Raises RunTaken when another worker has taken the run over."""

    run: CaseRun
    clock: Callable[[], datetime] = timezone.now

    def start(self, step: str, total: int | None) -> None:
        """A step begins; `total` parts of it are known, or None."""
        self._write(step=step, done=0, total=total)

    def advance(self, step: str, label: str) -> None:  # noqa: ARG002 - the label is for terminals
        """One more part of the step is done; attachments may make more parts than were announced."""
        row = CaseRun.objects.filter(pk=self.run.pk).values_list("done", "total").first()
        done, total = row or (0, None)
        if total is None or done < total:
            self._write(done=F("done") + 1)

    def finish(self, step: str, seconds: float) -> None:
        """Nothing is written; the next step, or the end of the run, tells."""

    def _write(self, **values: Any) -> None:
        mine = CaseRun.objects.filter(pk=self.run.pk, attempt=self.run.attempt, state=CaseRun.State.RUNNING)
        if not mine.update(beat_at=self.clock(), **values):
            raise RunTaken("Another worker has taken this run over")


def perform_run(
    *, run_id: int, work: Callable[[CaseRun, RunProgress], str], clock: Callable[[], datetime] = timezone.now
) -> None:
    """Claim the run, do `work` until nothing is left to do, and keep what came of it.

    `work` answers with a line on what was done. A DomainError is told in the row. Any other error is raised again, so
    that the job is retried, until the attempts are used up.
    """
    run = _claim(run_id, clock())
    if run is None:
        return
    progress = RunProgress(run, clock)
    try:
        while not _is_done(run, work(run, progress), clock()):
            pass
    except RunTaken:
        return
    except DomainError as error:
        _end(run, CaseRun.State.FAILED, str(error), clock())
    except Exception:
        if run.attempt >= settings.RUN_MAX_ATTEMPTS:
            _end(run, CaseRun.State.FAILED, BROKE_OFF, clock())
        raise


def _claim(run_id: int, now: datetime) -> CaseRun | None:
    """The run as this worker's, or None when it is over."""
    live = CaseRun.objects.filter(pk=run_id, state__in=CaseRun.LIVE)
    taken = live.update(state=CaseRun.State.RUNNING, attempt=F("attempt") + 1, again=False, started_at=now, beat_at=now)
    if not taken:
        return None
    return CaseRun.objects.select_related("complaint__practice", "complaint__client", "created_by").get(pk=run_id)


@transaction.atomic
def _is_done(run: CaseRun, message: str, now: datetime) -> bool:
    """End the run, unless it was asked for again while it was at work: then there is another round to do."""
    mine = _mine(run)
    if not mine.again:
        _end(run, CaseRun.State.DONE, message, now)
        return True
    run.options = mine.options
    mine.again = False
    mine.save(update_fields=["again"])
    return False


@transaction.atomic
def _end(run: CaseRun, state: str, message: str, now: datetime) -> None:
    mine = _mine(run)
    mine.state, mine.message, mine.finished_at, mine.again = state, message[:500], now, False
    mine.save(update_fields=["state", "message", "finished_at", "again"])


def _mine(run: CaseRun) -> CaseRun:
    rows = CaseRun.objects.select_for_update().filter(pk=run.pk, attempt=run.attempt, state=CaseRun.State.RUNNING)
    row = rows.first()
    if row is None:
        raise RunTaken("Another worker has taken this run over")
    return row

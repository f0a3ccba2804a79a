"""Work on a case that jobs do. A run is a row with a job behind it, deferred in the transaction that makes the row.

A run is asked for as often as a user presses. While one of its kind waits, that one is the answer; while one is at
work it is told to go round `again`, so that what came in meanwhile is not missed. Each claim of a run has an attempt
number, and only the worker that holds the newest may write: one that was taken for dead and wakes up writes nothing.

Rows are locked in this order: complaint, run, document.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from complaints.models import CaseRun, Complaint
from complaints.services.notices import tell_of_end
from complaints.services.timeline import note
from complaints.services.turns import must_wait
from lightpoint import jobs
from lightpoint.errors import Conflict, DomainError, ServiceUnavailable
from lightpoint.events import case_channel, publish
from lightpoint.telemetry import context as telemetry
from users.models import User
from users.roles import Action

TASKS: Final[Mapping[str, str]] = {
    CaseRun.Kind.READ: "complaints.work_on_run",
    CaseRun.Kind.ANALYSE: "complaints.work_on_run",
    CaseRun.Kind.NOTE: "letters.work_on_run",
    CaseRun.Kind.DRAFT: "letters.work_on_run",
    CaseRun.Kind.REFINE: "letters.work_on_run",
}
RIGHTS: Final[Mapping[str, Action]] = {  # what one must be allowed to start a run of each kind
    CaseRun.Kind.READ: "analysis.run",
    CaseRun.Kind.ANALYSE: "analysis.run",
    CaseRun.Kind.NOTE: "analysis.run",
    CaseRun.Kind.DRAFT: "letter.draft",
    CaseRun.Kind.REFINE: "letter.edit",
}
TAKEN = "Another worker has taken this run over, or it was cancelled"
BROKE_OFF = "The work broke off because of a fault of ours, which has been recorded; press again to go on"


class RunTaken(Conflict):
    """Another worker has taken this run over, or it is over or cancelled; this one must write nothing more."""

    code = "run-taken"


class NotFailed(Conflict):
    """Only a run that failed or was cancelled is started again."""

    code = "run-not-failed"


class OtherChangeLive(Conflict):
    """Another change of a section waits or is at work, which one that is started again must not take the place of."""

    code = "run-other-change-live"


class NotLive(Conflict):
    """Only a run that waits or is at work can be cancelled."""

    code = "run-not-live"


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
        request_id=telemetry.current_request_id(),
        created_by=by,
        created_at=now,
    )
    _defer(run)
    tell_run(run)
    return run


@transaction.atomic
def restart_run(*, run: CaseRun, by: User | None, now: datetime) -> CaseRun:
    """A new run in place of one that failed or was cancelled, with the same options.

    Raises NotFailed, and OtherChangeLive for a change of a section while another one is under way.
    """
    if run.state not in (CaseRun.State.FAILED, CaseRun.State.CANCELLED):
        raise NotFailed(f"This run is {run.state}; only a failed or cancelled one is started again")
    Complaint.objects.select_for_update(no_key=True).get(pk=run.complaint_id)
    live = CaseRun.objects.filter(complaint=run.complaint_id, kind=run.kind, state__in=CaseRun.LIVE)
    if run.kind == CaseRun.Kind.REFINE and live.exclude(options=run.options).exists():
        raise OtherChangeLive("Another change in this case is being made; start this one again when that is done")
    return start_run(complaint=run.complaint, kind=run.kind, by=by, now=now, options=run.options)


@transaction.atomic
def cancel_run(*, run: CaseRun, by: User | None, now: datetime) -> CaseRun:
    """End a run that waits or is at work. Raises NotLive.

    Its worker may write nothing more from here on, and ends what it asks of a provider within RUN_WATCH_SECONDS; what
    the provider was sent, and wrote up to then, is paid for. Stages that are stored stay, for a later run.
    """
    rows = CaseRun.objects.select_for_update(of=("self",)).select_related("complaint__practice", "created_by")
    row = rows.get(pk=run.pk)
    if row.state not in CaseRun.LIVE:
        raise NotLive(f"This run is {row.state} already")
    row.state, row.message, row.finished_at, row.again = CaseRun.State.CANCELLED, f"Cancelled by {by}", now, False
    row.save(update_fields=["state", "message", "finished_at", "again"])
    note(complaint=row.complaint, text=f"{row.get_kind_display()}: cancelled", by=by, now=now)
    tell_run(row, message=row.message)
    tell_of_end(row, now=now)
    return row


def _defer(run: CaseRun, at: datetime | None = None) -> None:
    """Work on one case goes in turn: jobs with the same lock do not run side by side."""
    lock = f"case-{run.complaint_id}"
    jobs.defer(TASKS[run.kind], queue="cases", lock=lock, at=at, run_id=run.pk, request_id=run.request_id)


@transaction.atomic
def revive_runs(*, now: datetime) -> int:
    """Give a new job to each live run that has none left, because it was lost or used up. Returns how many.

    A job that a worker still holds although nobody is at it goes to another one: its run is over, because the end of
    the job could not be told, or has said nothing for RUN_SILENT_SECONDS. A worker that wakes after all is fenced off.
    """
    _release_jobs(now)
    silent_since = now - timedelta(seconds=settings.JOB_STALLED_SECONDS)
    silent = Q(beat_at=None, created_at__lt=silent_since) | Q(beat_at__lt=silent_since)
    runs = list(CaseRun.objects.select_for_update(skip_locked=True).filter(silent, state__in=CaseRun.LIVE))
    waiting = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), task_name__in=set(TASKS.values()))
    working = set(waiting.values_list("args__run_id", flat=True)) if runs else set()
    lost = [run for run in runs if run.pk not in working]
    for run in lost:
        _defer(run)
    return len(lost)


def _release_jobs(now: datetime) -> None:
    doing = ProcrastinateJob.objects.filter(status="doing", task_name__in=set(TASKS.values()))
    held = dict(doing.values_list("args__run_id", "id"))
    over = Q(finished_at__lt=now - timedelta(seconds=settings.JOB_STALLED_SECONDS))
    silent = Q(state__in=CaseRun.LIVE, beat_at__lt=now - timedelta(seconds=settings.RUN_SILENT_SECONDS))
    for run_id in CaseRun.objects.filter(over | silent, pk__in=held).values_list("pk", flat=True):
        with suppress(ConnectorException), transaction.atomic():  # it has ended after all
            jobs.give_again(held[run_id], now=now)


@dataclass
class RunProgress:
    """Tells the row of a run how far it is. Raises RunTaken when another worker has it, or it was cancelled.

    Inside a transaction it holds the row until the end, so that what is stored there is stored by the right worker.
    """

    run: CaseRun
    clock: Callable[[], datetime] = timezone.now
    _done: int = field(default=0, init=False)
    _total: int | None = field(default=None, init=False)

    def start(self, step: str, total: int | None) -> None:
        """A step begins; `total` parts of it are known, or None."""
        self._done, self._total = 0, total
        self._write(step=step, done=0, total=total)
        tell_run(self.run, step=step, done=0, total=total)

    def advance(self, step: str, label: str) -> None:  # noqa: ARG002 - the label is for terminals
        """One more part of the step is done; attachments may make more parts than were announced."""
        self._write(done=Least(F("done") + 1, F("total")))  # PostgreSQL passes over a total that is null
        self._done = self._done + 1 if self._total is None else min(self._done + 1, self._total)
        tell_run(self.run, step=step, done=self._done, total=self._total)

    def finish(self, step: str, seconds: float) -> None:
        """Nothing is written; the next step, or the end of the run, tells."""

    def check(self) -> None:
        """Look whether the run is still this worker's, and wanted. Nothing is written, and no row held."""
        if not self._mine().exists():
            raise RunTaken(TAKEN)

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell those who follow the case, once what is told of is stored; with the number of the run."""
        channel, told = case_channel(self.run.complaint_id), {"run": self.run.pk, **data}
        transaction.on_commit(lambda: publish(channel, event, told))

    def _write(self, **values: Any) -> None:
        if not self._mine().update(beat_at=self.clock(), **values):
            raise RunTaken(TAKEN)

    def _mine(self) -> QuerySet[CaseRun]:
        return CaseRun.objects.filter(pk=self.run.pk, attempt=self.run.attempt, state=CaseRun.State.RUNNING)


def tell_run(run: CaseRun, **more: object) -> None:
    """Tell those who follow the case how far the run is, once what is told of is stored."""
    channel, told = case_channel(run.complaint_id), {"id": run.pk, "kind": run.kind, "state": run.state, **more}
    transaction.on_commit(lambda: publish(channel, "run", told))


def perform_run(
    *, run_id: int, work: Callable[[CaseRun, RunProgress], str], clock: Callable[[], datetime] = timezone.now
) -> None:
    """Claim the run, do `work` until nothing is left to do, and keep what came of it.

    `work` answers with a line on what was done. A DomainError is told in the row. Any other error is raised again, so
    that the job is retried, until the attempts are used up. Those that ended with a killed worker count too.
    """
    run = _claim(run_id, clock())
    if run is None:
        return
    telemetry.note(practice=run.complaint.practice_id, stage=run.complaint.status)
    try:
        if run.attempt > settings.RUN_MAX_ATTEMPTS:
            _end(run, CaseRun.State.FAILED, BROKE_OFF, clock())
            return
        while not _round(run, work, clock):
            run = _read(run.pk, run.attempt)
    except RunTaken:
        return
    except Exception:
        if run.attempt >= settings.RUN_MAX_ATTEMPTS:
            with suppress(RunTaken):
                _end(run, CaseRun.State.FAILED, BROKE_OFF, clock())
        raise


def _round(run: CaseRun, work: Callable[[CaseRun, RunProgress], str], clock: Callable[[], datetime]) -> bool:
    """Do the work once. Returns whether the run is over: not if it was asked for again meanwhile."""
    try:
        state, message = CaseRun.State.DONE, work(run, RunProgress(run, clock))
    except (RunTaken, ServiceUnavailable):
        raise
    except DomainError as error:
        state, message = CaseRun.State.FAILED, str(error)
    with transaction.atomic():
        mine = _mine(run)
        if not mine.again:
            _end(run, state, message, clock())
            return True
        mine.again = False
        mine.save(update_fields=["again"])
    return False


@transaction.atomic
def _claim(run_id: int, now: datetime) -> CaseRun | None:
    """The run as this worker's, or None when it is over or not yet its turn; then its job comes again."""
    waiting = CaseRun.objects.select_related("complaint").filter(pk=run_id, state=CaseRun.State.QUEUED).first()
    seconds = must_wait(waiting) if waiting else None
    if waiting and seconds is not None:
        _defer(waiting, at=now + timedelta(seconds=seconds))
        return None
    live = CaseRun.objects.filter(pk=run_id, state__in=CaseRun.LIVE)
    first = Coalesce("started_at", Value(now, output_field=DateTimeField()))
    taken = live.update(
        state=CaseRun.State.RUNNING, attempt=F("attempt") + 1, again=False, started_at=first, beat_at=now
    )
    if not taken:
        return None
    run = _read(run_id)
    tell_run(run)
    return run


def _read(run_id: int, attempt: int | None = None) -> CaseRun:
    """The run with its case as they stand now: both may have changed since the round before. Raises RunTaken."""
    rows = CaseRun.objects.select_related("complaint__practice", "complaint__client", "created_by")
    run = rows.get(pk=run_id)
    if attempt not in (None, run.attempt):
        raise RunTaken(TAKEN)
    return run


@transaction.atomic
def _end(run: CaseRun, state: str, message: str, now: datetime) -> None:
    mine = _mine(run)
    mine.state, mine.message, mine.finished_at, mine.again = state, message[:500], now, False
    mine.save(update_fields=["state", "message", "finished_at", "again"])
    tell_run(mine, message=mine.message)
    tell_of_end(mine, now=now)


def _mine(run: CaseRun) -> CaseRun:
    rows = CaseRun.objects.select_for_update(of=("self",)).select_related("complaint__practice", "created_by")
    row = rows.filter(pk=run.pk, attempt=run.attempt, state=CaseRun.State.RUNNING).first()
    if row is None:
        raise RunTaken(TAKEN)
    return row

"""Runs with real workers on a real database."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from psycopg import OperationalError

from complaints import tasks
from complaints.bundles import BundleFile
from complaints.models import CaseAnalysis, CaseRun, DocumentExtraction, Page
from complaints.selectors import newest_runs
from complaints.services import (
    NotFailed,
    RunProgress,
    RunTaken,
    add_context,
    analyse_complaint,
    edit_complaint,
    extract_facts,
    perform_run,
    read_documents,
    reading,
    restart_run,
    revive_runs,
    start_run,
    upload_documents,
)
from complaints.services.runs import BROKE_OFF, OtherChangeLive
from complaints.tests.factories import NOW, make_bundle, make_complaint
from complaints.tests.workers import forget_jobs, jobs, silence_workers, work, worker_process
from knowledge.selectors import guidance_index
from lightpoint.errors import InvalidInput, ServiceUnavailable
from lightpoint.progress import NullProgress
from lightpoint.telemetry.context import bind_request, current_request_id
from users.tests.factories import make_practice, manager


@pytest.fixture
def case(db):
    return make_complaint(make_practice())


@pytest.fixture
def committed(transactional_db):
    """A case that other connections see."""
    yield make_complaint(make_practice())
    forget_jobs()


def press(case, kind="read", **options) -> CaseRun:
    return start_run(complaint=case, kind=kind, by=None, now=NOW, options=options)


def perform(run, work) -> CaseRun:
    perform_run(run_id=run.pk, work=work, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def file(name, data=b"Some words") -> BundleFile:
    return BundleFile(name, len(data), data)


# A press, its row and its job


def test_a_press_makes_a_run_with_a_job_under_the_id_of_the_request(case):
    with bind_request("of-the-request-1"):
        run = press(case)
    assert (run.state, run.request_id) == ("queued", "of-the-request-1")
    assert jobs() == [("complaints.work_on_run", "todo")]


def test_a_press_while_one_waits_finds_it_and_the_latest_options_count(case):
    first = press(case, "draft", tone="firm")
    second = press(case, "draft", tone="robust")
    assert (second, second.options, second.again) == (first, {"tone": "robust"}, False)
    assert jobs() == [("letters.work_on_run", "todo")]


def test_kinds_of_work_are_apart(case):
    assert press(case, "read") != press(case, "analyse")


def test_a_job_of_a_transaction_that_is_rolled_back_is_gone(committed):
    with transaction.atomic():
        press(committed)
        transaction.set_rollback(True)
    assert jobs() == []
    work()
    assert not CaseRun.objects.exists()


# What a worker does


def test_work_that_is_done_says_what_came_of_it(case):
    def do(run, progress):
        progress.start("read", 3)
        progress.advance("read", "a")
        progress.advance("read", "b")
        return "2 papers read"

    run = perform(press(case), do)
    assert (run.state, run.message, run.step, run.done, run.total) == ("done", "2 papers read", "read", 2, 3)
    assert (run.attempt, run.started_at, run.finished_at) == (1, NOW, NOW)


def test_more_parts_than_announced_count_no_further_and_unknown_totals_count_on(case):
    def do(run, progress):
        progress.start("read", 1)
        for _ in range(3):
            progress.advance("read", "")
        run.refresh_from_db()
        counted.append(run.done)
        progress.start("analysis", None)
        for _ in range(3):
            progress.advance("analysis", "")
        return ""

    counted = []
    run = perform(press(case), do)
    assert (counted, run.done, run.total) == ([1], 3, None)


def test_a_press_while_it_is_at_work_goes_round_again_with_what_holds_by_then(case):
    rounds = []

    def do(run, progress):
        rounds.append((run.options, run.complaint.brief))
        if len(rounds) == 1:
            by = manager(case.practice)
            edit_complaint(complaint=case, changes={"brief": "Later"}, expected_version=1, by=by, now=NOW)
            press(case, "draft", tone="robust")
        return f"round {len(rounds)}"

    run = perform(press(case, "draft", tone="firm"), do)
    assert rounds == [({"tone": "firm"}, ""), ({"tone": "robust"}, "Later")]
    assert (run.state, run.message, run.again) == ("done", "round 2", False)


def test_a_refusal_is_told_in_the_row_and_not_tried_again(case):
    def do(run, progress):
        raise InvalidInput("There is no such tone")

    run = perform(press(case), do)
    assert (run.state, run.message) == ("failed", "There is no such tone")


def test_a_refusal_does_not_lose_a_press_that_came_meanwhile(case):
    def do(run, progress):
        if not calls:
            calls.append(press(case, "draft", tone="firm"))
            raise InvalidInput("There is no such tone")
        return "drafted"

    calls = []
    assert perform(press(case, "draft", tone="none"), do).message == "drafted"


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), ServiceUnavailable("Redis is away")])
def test_an_error_is_tried_again_until_the_attempts_are_used_up_and_then_told(case, error, settings):
    settings.RUN_MAX_ATTEMPTS = 2

    def do(run, progress):
        raise error

    run = press(case)
    states = []
    for _ in range(2):
        with pytest.raises(type(error)):
            perform(run, do)
        run.refresh_from_db()
        states.append((run.state, run.attempt))
    assert states == [("running", 1), ("failed", 2)]
    assert run.message == BROKE_OFF
    assert perform(run, do).attempt == 2  # a run that is over is left alone


def test_work_that_kills_its_workers_is_not_tried_for_ever(case, settings):
    run = press(case)
    CaseRun.objects.filter(pk=run.pk).update(attempt=settings.RUN_MAX_ATTEMPTS, state="running")
    run = perform(run, lambda run, progress: pytest.fail("was tried once more"))
    assert (run.state, run.message) == ("failed", BROKE_OFF)


def read(case, progress):
    read_documents(complaint=case, progress=progress)


def find_facts(case, progress):
    extract_facts(complaint=case, now=NOW, progress=progress)


def analyse(case, progress):
    analyse_complaint(complaint=case, parts=(), guidance=guidance_index(), now=NOW, progress=progress)


@pytest.mark.parametrize(("stage", "stored"), [(read, Page), (find_facts, DocumentExtraction), (analyse, CaseAnalysis)])
def test_a_worker_taken_for_dead_writes_nothing_when_it_wakes(case, stage, stored):
    """Another worker takes the run over while this one is at the stage, and before it stores."""
    if stage is find_facts:
        read(case, NullProgress())

    def sleepy(run, progress):
        CaseRun.objects.filter(pk=run.pk).update(attempt=9)
        before.append(stored.objects.count())
        stage(case, progress)
        return "written by a ghost"

    before: list[int] = []
    run = perform(press(case), sleepy)
    assert stored.objects.count() == before[0]
    assert (run.state, run.message, run.attempt) == ("running", "", 9)


def test_a_worker_that_ends_after_another_took_over_leaves_the_row(case):
    def do(run, progress):
        CaseRun.objects.filter(pk=run.pk).update(attempt=9)
        return "done by the wrong one"

    run = perform(press(case), do)
    assert (run.state, run.message, run.attempt) == ("running", "", 9)


def test_a_worker_whose_work_breaks_after_another_took_over_leaves_the_row(case, settings):
    settings.RUN_MAX_ATTEMPTS = 1

    def do(run, progress):
        CaseRun.objects.filter(pk=run.pk).update(attempt=9)
        raise ZeroDivisionError

    run = press(case)
    with pytest.raises(ZeroDivisionError):
        perform(run, do)
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("running", 9)


# Starting again, and what was lost


def test_a_run_that_failed_is_started_again_as_it_was_asked_for(case):
    run = press(case, "draft", tone="robust")
    CaseRun.objects.filter(pk=run.pk).update(state="failed", finished_at=NOW)
    run.refresh_from_db()
    again = restart_run(run=run, by=None, now=NOW)
    assert (again.pk != run.pk, again.state, again.options) == (True, "queued", {"tone": "robust"})


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_change_that_is_started_again_does_not_take_the_place_of_another(case, state):
    old = press(case, "refine", section=1)
    CaseRun.objects.filter(pk=old.pk).update(state="failed", finished_at=NOW)
    old.refresh_from_db()
    live = press(case, "refine", section=2)
    CaseRun.objects.filter(pk=live.pk).update(state=state)
    with pytest.raises(OtherChangeLive):
        restart_run(run=old, by=None, now=NOW)
    live.refresh_from_db()
    assert (live.options, live.again) == ({"section": 2}, False)
    CaseRun.objects.filter(pk=live.pk).update(state="done", finished_at=NOW)
    assert restart_run(run=old, by=None, now=NOW).options == {"section": 1}


def test_a_change_that_failed_is_told_until_the_letters_are_drafted_again(case):
    CaseRun.objects.create(complaint=case, kind="refine", state="failed", created_at=NOW, finished_at=NOW)
    assert [run.kind for run in newest_runs(case)] == ["refine"]
    later = NOW + timedelta(minutes=1)
    CaseRun.objects.create(complaint=case, kind="draft", state="done", created_at=later, finished_at=later)
    assert [run.kind for run in newest_runs(case)] == ["draft"]


def test_a_run_that_did_not_fail_is_not_started_again(case):
    with pytest.raises(NotFailed, match="This run is queued"):
        restart_run(run=press(case), by=None, now=NOW)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_that_lost_its_job_gets_another(case, state):
    run = press(case)
    CaseRun.objects.filter(pk=run.pk).update(state=state, beat_at=NOW if state == "running" else None)
    later = NOW + timedelta(hours=1)
    assert revive_runs(now=later) == 0  # its job waits
    forget_jobs()
    assert revive_runs(now=NOW + timedelta(seconds=30)) == 0  # it may be about to get one
    assert revive_runs(now=later) == 1
    assert jobs() == [("complaints.work_on_run", "todo")]
    assert revive_runs(now=later) == 0


# Real workers


def test_a_worker_reads_what_was_uploaded_and_analyses_with_context(committed):
    by = manager(committed.practice)
    upload_documents(complaint=committed, files=[file("a.txt"), file("b.pdf", b"%PDF-1.4 broken")], by=by, now=NOW)
    add_context(complaint=committed, text="HMRC rang on 12 January 2026 and promised a reply.", by=by, now=NOW)
    work()
    states = {run.kind: (run.state, run.message) for run in CaseRun.objects.all()}
    assert states == {"read": ("done", "4 papers read"), "analyse": ("done", "Analysis 1")}
    assert [row.status for row in committed.documents.all()] == ["read", "read", "problem", "read"]
    assert committed.analyses.count() == 1
    assert {status for _name, status in jobs()} == {"succeeded"}


def test_what_is_uploaded_while_a_worker_reads_is_not_missed(committed, monkeypatch):
    by = manager(committed.practice)
    real = reading.read_files
    runs = [press(committed)]

    def reading_meanwhile(files, limits):
        for records in real(files, limits):
            if len(runs) == 1:
                more = upload_documents(complaint=committed, files=[file("late.txt")], by=by, now=NOW)
                runs.append(more.run)
            yield records

    monkeypatch.setattr(reading, "read_files", reading_meanwhile)
    work()
    assert runs[0] == runs[1]
    assert [row.status for row in committed.documents.all()] == ["read", "read"]
    assert CaseRun.objects.get().state == "done"


def test_an_error_is_retried_by_the_worker_and_then_told(committed, monkeypatch, settings):
    monkeypatch.setattr(tasks.RETRY, "wait", 0)

    def broken(files, limits):
        raise OSError("the disk is full of secrets")
        yield

    monkeypatch.setattr(reading, "read_files", broken)
    run = press(committed)
    work()
    run.refresh_from_db()
    assert (run.state, run.attempt, run.message) == ("failed", settings.RUN_MAX_ATTEMPTS, BROKE_OFF)
    assert jobs() == [("complaints.work_on_run", "failed")]


def test_a_job_goes_under_the_id_of_the_request_that_asked_for_it(committed, monkeypatch):
    real, seen = reading.read_files, []

    def told(files, limits):
        seen.append(current_request_id())
        return real(files, limits)

    monkeypatch.setattr(reading, "read_files", told)
    with bind_request("of-the-request-2"):
        press(committed)
    work()
    assert seen == ["of-the-request-2"]


def test_a_killed_worker_s_run_is_finished_by_another_and_nothing_is_done_twice(transactional_db):
    files = tuple((f"{number}.txt", f"Words {number}".encode()) for number in range(3))
    case = make_complaint(make_practice(), make_bundle(files=files))
    run = press(case, "analyse")
    hang = """
from complaints.services import reading
real = reading.store_reading
def store(*, paper, **rest):
    if paper.name == "1.txt":
        print("hanging", flush=True)
        import time; time.sleep(600)
    real(paper=paper, **rest)
reading.store_reading = store
"""
    worker = worker_process(hang)
    try:
        assert worker.stdout.readline() == "hanging\n", worker.stderr.read()
        os.kill(worker.pid, signal.SIGKILL)
    finally:
        worker.kill()
        worker.communicate()
    first = Page.objects.get()
    run.refresh_from_db()
    assert (run.state, run.attempt, run.done) == ("running", 1, 1)
    work()  # the job still belongs to the dead worker
    run.refresh_from_db()
    assert run.state == "running"
    silence_workers()
    app.configure_task("complaints.retry_stalled_jobs", queue="upkeep").defer(timestamp=0)
    work()
    run.refresh_from_db()
    assert (run.state, run.attempt, run.message) == ("done", 2, "Analysis 1")
    assert Page.objects.count() == 3
    assert Page.objects.filter(pk=first.pk).exists()
    assert (DocumentExtraction.objects.count(), CaseAnalysis.objects.count()) == (3, 1)
    forget_jobs()


def look_for_stalled_jobs_of(monkeypatch, job_id) -> list[tuple[str, str]]:
    """What a look does that takes the job for stalled."""

    async def stalled(self, **_options):
        return [Job(id=job_id, queue="cases", lock=None, queueing_lock=None, task_name="complaints.work_on_run")]

    monkeypatch.setattr(JobManager, "get_stalled_jobs", stalled)
    app.configure_task("complaints.retry_stalled_jobs", queue="upkeep").defer(timestamp=0)
    work()
    return jobs()


def test_a_look_leaves_a_job_that_has_ended_after_all(committed, monkeypatch):
    press(committed)
    work()
    found = look_for_stalled_jobs_of(monkeypatch, ProcrastinateJob.objects.get().pk)
    assert found == [("complaints.work_on_run", "succeeded"), ("complaints.retry_stalled_jobs", "succeeded")]


def test_a_look_that_the_database_broke_off_does_not_count_as_one(committed, monkeypatch):
    async def away(self, job, **_options):
        raise ConnectorException from OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(JobManager, "retry_job", away)
    press(committed)
    work()
    found = look_for_stalled_jobs_of(monkeypatch, ProcrastinateJob.objects.get().pk)
    assert found[-1] == ("complaints.retry_stalled_jobs", "failed")


def test_old_jobs_are_forgotten(committed):
    press(committed)
    work()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '10 days'")
    app.configure_task("complaints.remove_old_jobs", queue="upkeep").defer(timestamp=0)
    app.configure_task("complaints.revive_lost_runs", queue="upkeep").defer(timestamp=0)
    work()
    assert [name for name, _state in jobs()] == ["complaints.remove_old_jobs", "complaints.revive_lost_runs"]


# As whom a worker connects

WHO = "SELECT current_user::text AS who, current_database()::text AS base, current_setting('lock_timeout') AS wait"


def asked_by_a_worker() -> dict[str, str]:
    async def ask():
        async with app.open_async():
            return await app.connector.execute_query_one_async(WHO)

    with app.replace_connector(app.connector.get_worker_connector()):
        return asyncio.run(ask())


@pytest.mark.parametrize("pool", [None, {"min_size": 1, "max_size": 3}])
def test_a_worker_is_the_application_and_not_the_owner(transactional_db, settings, pool):
    options = {**connection.settings_dict["OPTIONS"], **({"pool": pool} if pool else {})}
    before = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = options
    try:
        found = asked_by_a_worker()
    finally:
        connection.settings_dict["OPTIONS"] = before
    assert found == {"who": "lightpoint_app", "base": connection.settings_dict["NAME"], "wait": "10s"}


@pytest.mark.parametrize("size", ["0", "4"])
def test_a_worker_works_on_a_server_that_a_url_names(committed, size):
    """The URL names a superuser: the worker's sessions and those of its tasks take the application's role."""
    run = press(committed)
    place = connection.settings_dict
    url = f"postgres://postgres@/{place['NAME']}?host={place['HOST']}"
    told = """
from complaints.services import reading
from django.db import connection
real = reading.read_files
def read(files, limits):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        print(cursor.fetchone()[0], flush=True)
    yield from real(files, limits)
reading.read_files = read
"""
    worker = worker_process(told, DATABASE_URL=url, DATABASE_POOL_SIZE=size)
    out, errors = worker.communicate(timeout=120)
    run.refresh_from_db()
    assert (worker.returncode, out, run.state) == (0, "lightpoint_app\n", "done"), errors


def test_progress_outside_of_any_run_is_refused(case):
    run = press(case)
    with pytest.raises(RunTaken):
        RunProgress(run, timezone.now).start("read", 1)

"""How many runs of one practice are at work at the same time, and who waits for their turn."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from complaints.models import CaseRun
from complaints.services import perform_run, start_run
from complaints.tests.factories import NOW, make_bundle, make_complaint
from complaints.tests.workers import forget_jobs, work
from users.tests.factories import make_practice

pytestmark = pytest.mark.django_db


def case_of(practice, name="A Person"):
    return make_complaint(practice, make_bundle(client_name=name))


def press(case, kind="read") -> CaseRun:
    return start_run(complaint=case, kind=kind, by=None, now=NOW)


def perform(run, work=lambda run, progress: "done") -> CaseRun:
    perform_run(run_id=run.pk, work=work, clock=lambda: NOW)
    run.refresh_from_db()
    return run


@pytest.fixture
def one_at_a_time(settings) -> None:
    settings.RUNS_PER_PRACTICE = 1


def test_a_run_over_the_limit_waits_and_uses_no_attempt_up(one_at_a_time, settings) -> None:
    practice = make_practice()
    first, second = press(case_of(practice)), press(case_of(practice, "B Person"))
    seen = []

    def at_work(_run, _progress) -> str:
        seen.append(perform(second).state)
        return "done"

    assert perform(first, at_work).state == "done"
    assert (seen, second.attempt, second.state) == (["queued"], 0, "queued")
    again = ProcrastinateJob.objects.filter(args__run_id=second.pk).latest("id")
    assert again.scheduled_at == NOW + timedelta(seconds=settings.RUN_TURN_SECONDS)
    assert perform(second).state == "done"


def test_those_at_the_back_of_a_long_line_ask_less_often(one_at_a_time, settings) -> None:
    practice = make_practice()
    first, *others = (press(case_of(practice, f"Person {number}")) for number in "abcd")

    def at_work(_run, _progress) -> str:
        for run in others:
            perform(run)
        return "done"

    perform(first, at_work)
    waits = [ProcrastinateJob.objects.filter(args__run_id=run.pk).latest("id").scheduled_at - NOW for run in others]
    assert [wait.total_seconds() / settings.RUN_TURN_SECONDS for wait in waits] == [1, 2, 3]


def test_practices_do_not_wait_for_each_other(one_at_a_time) -> None:
    first, other = press(case_of(make_practice())), press(case_of(make_practice()))
    states = []

    def at_work(_run, _progress) -> str:
        states.append(perform(other).state)
        return "done"

    perform(first, at_work)
    assert states == ["done"]


def test_a_run_whose_worker_died_is_not_kept_out_by_itself(one_at_a_time) -> None:
    run = press(case_of(make_practice()))
    CaseRun.objects.filter(pk=run.pk).update(state="running", attempt=1)
    assert perform(run).state == "done"


def test_real_workers_do_all_that_waits(transactional_db, settings) -> None:
    settings.RUNS_PER_PRACTICE, settings.RUN_TURN_SECONDS = 1, 0.0
    practice = make_practice()
    runs = [press(case_of(practice, f"Person {number}"), "analyse") for number in "abc"]
    for _ in runs:  # a worker that is not to wait ends when no job is due
        work(concurrency=3)
    forget_jobs()
    for run in runs:
        run.refresh_from_db()
    assert {(run.state, run.attempt) for run in runs} == {("done", 1)}

"""The look at stalled work that a storm is judged by: it must find out work that a whole look passed over."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from complaints.management.killing.stalls import Stalls
from complaints.tasks import retry_stalled_jobs
from complaints.tests.workers import forget_jobs


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def lie_with_the_dead() -> int:
    """A job of a worker that has not been heard of for a minute."""
    worker = run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id")
    job = app.configure_task("complaints.work_on_run", queue="cases").defer(run_id=0)
    return run("UPDATE procrastinate_jobs SET status='doing', worker_id=%s WHERE id=%s RETURNING id", worker, job)


def look_for_stalled(status: str = "succeeded") -> None:
    """A look that passes everything over."""
    job = app.configure_task(retry_stalled_jobs.name, queue="upkeep").defer(timestamp=0)
    run("UPDATE procrastinate_jobs SET status='doing' WHERE id=%s RETURNING id", job)
    run("UPDATE procrastinate_jobs SET status=%s::procrastinate_job_status WHERE id=%s RETURNING id", status, job)


@pytest.fixture(autouse=True)
def _no_other_jobs(transactional_db):
    forget_jobs()
    yield
    forget_jobs()


def test_work_that_a_whole_look_passed_over_is_found_out():
    stalls = Stalls()
    job = lie_with_the_dead()
    stalls.look()
    assert stalls.passed_over == set()
    look_for_stalled()
    stalls.look()
    assert stalls.passed_over == {(job, 0)}


@pytest.mark.parametrize("status", ["doing", "failed"])
def test_a_look_that_did_not_end_is_none(status):
    stalls = Stalls()
    lie_with_the_dead()
    stalls.look()
    look_for_stalled(status)
    stalls.look()
    assert stalls.passed_over == set()


def test_a_look_from_before_the_lease_was_over_is_none():
    stalls = Stalls()
    look_for_stalled()
    lie_with_the_dead()
    stalls.look()
    stalls.look()
    assert stalls.passed_over == set()


def test_work_that_was_given_to_another_begins_anew():
    stalls = Stalls()
    job = lie_with_the_dead()
    stalls.look()
    look_for_stalled()
    run("UPDATE procrastinate_jobs SET attempts = 1 WHERE id = %s RETURNING id", job)
    stalls.look()
    assert stalls.passed_over == set()


def test_seconds_count_only_while_somebody_could_take_the_work():
    stalls = Stalls()
    lie_with_the_dead()
    stalls.look()
    stalls.look()
    assert stalls.longest == 0.0
    for _ in range(2):
        run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
    stalls.look()
    stalls.look()
    assert stalls.longest > 0.0

"""A run that nobody wants any more is ended: by REST, by a button, and for its worker."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import CaseRun, Page
from complaints.services import NotLive, cancel_run, perform_run, read_documents, restart_run, start_run
from complaints.tests.factories import NOW, make_complaint
from users.tests.factories import analyst, make_practice, manager, outsider, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_complaint(make_practice())


def press(case, kind="read") -> CaseRun:
    return start_run(complaint=case, kind=kind, by=None, now=NOW)


def perform(run, work) -> CaseRun:
    perform_run(run_id=run.pk, work=work, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def test_a_run_that_waits_is_cancelled_and_its_job_does_nothing(case) -> None:
    by = manager(case.practice, name="Ada Reed")
    run = cancel_run(run=press(case), by=by, now=NOW)
    assert (run.state, run.message, run.finished_at) == ("cancelled", "Cancelled by Ada Reed", NOW)
    assert perform(run, lambda run, progress: pytest.fail("was worked on")).attempt == 0
    assert case.timeline.filter(text="Reading the papers: cancelled", by=by).exists()


def test_a_worker_writes_nothing_more_once_its_run_is_cancelled(case) -> None:
    def do(run, progress) -> str:
        progress.check()
        cancel_run(run=run, by=None, now=NOW)
        read_documents(complaint=case, progress=progress)
        return "read nevertheless"

    run = perform(press(case), do)
    assert (run.state, run.message) == ("cancelled", "Cancelled by None")
    assert not Page.objects.exists()


def test_a_press_while_it_works_does_not_bring_a_cancelled_run_back(case) -> None:
    def do(run, progress) -> str:
        press(case)
        cancel_run(run=run, by=None, now=NOW)
        return "done"

    assert perform(press(case), do).state == "cancelled"


def test_only_a_live_run_is_cancelled_and_a_cancelled_one_can_be_started_again(case) -> None:
    run = cancel_run(run=press(case, "draft"), by=None, now=NOW)
    with pytest.raises(NotLive, match="cancelled already"):
        cancel_run(run=run, by=None, now=NOW)
    assert restart_run(run=run, by=None, now=NOW).state == "queued"


def test_who_may_start_work_may_cancel_it_by_rest(case) -> None:
    run = press(case, "draft")
    url = f"/api/v1/runs/{run.pk}/cancel/"
    answers = []
    for person in (outsider(), viewer(case.practice), analyst(case.practice), manager(case.practice)):
        client = Client()
        client.force_login(person)
        answers.append(client.post(url).status_code)
    assert answers == [404, 403, 404, 200]  # an analyst sees cases of their own only
    client.force_login(manager(case.practice))
    again = client.post(url)
    assert (again.status_code, again.json()["type"]) == (409, "urn:lightpoint:run-not-live")


def test_the_page_has_a_button_that_cancels(case) -> None:
    run = press(case)
    client = Client()
    client.force_login(manager(case.practice))
    overview = reverse("admin:complaints_complaint_change", args=[case.pk])
    button = reverse("admin:complaints_complaint_cancel", args=[run.pk])
    assert button in client.get(overview).content.decode()
    page = client.post(button, follow=True).content.decode()
    run.refresh_from_db()
    assert (run.state, button in page, "was cancelled" in page) == ("cancelled", False, True)
    client.force_login(viewer(case.practice))
    assert client.post(button).status_code == 403

"""Who is told when letters are drafted: programs of the practice, and whoever asked and wants an e-mail."""

import json

import pytest
from django.core import mail
from django.test import Client

from complaints.models import CaseRun
from complaints.services import cancel_run, mail_of_draft, perform_run, start_run
from complaints.tests.factories import NOW, make_complaint
from complaints.tests.workers import jobs
from lightpoint.errors import InvalidInput
from users.models import User, WebhookDelivery
from users.services import add_webhook
from users.tests.factories import make_practice, manager, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_complaint(make_practice())


def draft(case, by=None, kind="draft", error: Exception | None = None) -> CaseRun:
    def work(run, progress) -> str:
        if error:
            raise error
        return "1 letter drafted: released"

    run = start_run(complaint=case, kind=kind, by=by, now=NOW)
    perform_run(run_id=run.pk, work=work, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def mails() -> list[str]:
    return [name for name, _state in jobs() if name == "complaints.mail_of_draft"]


@pytest.mark.parametrize(("error", "state"), [(None, "done"), (InvalidInput("No"), "failed")])
def test_programs_of_the_practice_are_told_of_a_draft_and_nothing_of_the_client(case, error, state) -> None:
    add_webhook(practice=case.practice, url="https://hooks.example.com/", by=None, now=NOW)
    run = draft(case, error=error)
    told = WebhookDelivery.objects.get()
    assert told.event == "draft.ended"
    assert told.data.keys() == {"run", "complaint", "state", "links"}
    assert (told.data["run"], told.data["complaint"], told.data["state"]) == (run.pk, case.pk, state)
    assert told.data["links"]["run"].endswith(f"/api/v1/runs/{run.pk}/")
    assert case.client.name not in json.dumps(told.data)


def test_other_work_is_told_to_nobody(case) -> None:
    add_webhook(practice=case.practice, url="https://hooks.example.com/", by=None, now=NOW)
    draft(case, kind="read", by=manager(case.practice, mail_when_drafted=True))
    assert not WebhookDelivery.objects.exists()
    assert mails() == []


def test_who_asked_is_written_to_if_they_want_it(case, django_capture_on_commit_callbacks) -> None:
    draft(case, by=manager(case.practice))
    assert mails() == []
    by = manager(case.practice, mail_when_drafted=True)
    run = draft(case, by=by)
    assert len(mails()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        mail_of_draft(run_id=run.pk)
    (message,) = mail.outbox
    assert message.to == [by.email]
    assert message.subject == f"{case.reference}: letters are drafted"
    assert "1 letter drafted: released" in message.body
    assert case.client.name not in message.subject + message.body


def test_nobody_is_written_to_who_has_left_or_changed_their_mind(case, django_capture_on_commit_callbacks) -> None:
    by = manager(case.practice, mail_when_drafted=True)
    run = draft(case, by=by)
    for change in ({"is_active": False}, {"mail_when_drafted": False}):
        User.objects.filter(pk=by.pk).update(**{"is_active": True, "mail_when_drafted": True} | change)
        with django_capture_on_commit_callbacks(execute=True):
            mail_of_draft(run_id=run.pk)
    assert mail.outbox == []


def test_a_cancelled_draft_is_told_to_programs_and_not_by_mail(case) -> None:
    add_webhook(practice=case.practice, url="https://hooks.example.com/", by=None, now=NOW)
    by = manager(case.practice, mail_when_drafted=True)
    cancel_run(run=start_run(complaint=case, kind="draft", by=by, now=NOW), by=by, now=NOW)
    assert WebhookDelivery.objects.get().data["state"] == "cancelled"
    assert mails() == []


def test_everybody_sets_their_own_preference_and_nobody_else_s(case) -> None:
    person = viewer(case.practice)
    client = Client()
    client.force_login(person)
    assert client.get("/api/v1/me/").json()["mail_when_drafted"] is False
    sent = client.patch("/api/v1/me/", {"mail_when_drafted": True}, content_type="application/json")
    assert (sent.status_code, sent.json()["mail_when_drafted"]) == (200, True)
    assert list(User.objects.filter(mail_when_drafted=True)) == [person]

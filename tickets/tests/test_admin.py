"""Tickets in the browser admin."""

import pytest
from django.test import Client
from django.urls import reverse

from tickets.models import Ticket
from tickets.services import move_ticket
from tickets.tests.factories import NOW, make_cases, make_ticket
from users.models import AuditEvent
from users.tests.factories import analyst, make_practice, manager, outsider, viewer

pytestmark = pytest.mark.django_db
LIST = "admin:tickets_ticket_changelist"
COMMENTS = {"comments-TOTAL_FORMS": "1", "comments-INITIAL_FORMS": "0", "comments-0-body": ""}
WORDS = {"title": "Help", "body": "", "category": "question", "priority": "normal"}


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def mary(practice):
    return manager(practice, is_staff=True)


def site(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def test_the_list_shows_the_tickets_of_the_practice(mary):
    make_ticket(mary, title="Ours")
    make_ticket(outsider(), title="Theirs")
    page = site(mary).get(reverse(LIST)).content.decode()
    assert "Ours" in page
    assert "Theirs" not in page


def test_a_ticket_is_asked_by_whoever_fills_the_form(practice, mary):
    (case,) = make_cases(practice)
    form = {**WORDS, "complaint": case.pk, "assigned_to": mary.pk, **COMMENTS}
    answer = site(mary).post(reverse("admin:tickets_ticket_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    ticket = Ticket.objects.get()
    assert (ticket.created_by, ticket.complaint, ticket.assigned_to) == (mary, case, mary)
    assert AuditEvent.objects.filter(action="ticket.created", actor=mary).count() == 1


def test_a_case_of_another_practice_cannot_be_named(mary):
    (hidden,) = make_cases(make_practice())
    answer = site(mary).post(reverse("admin:tickets_ticket_add"), {**WORDS, "complaint": hidden.pk, **COMMENTS})
    assert answer.status_code == 200
    assert not Ticket.objects.exists()


def test_one_form_edits_gives_moves_and_answers(practice, mary):
    alice = analyst(practice)
    ticket = make_ticket(alice)
    form = {**WORDS, "title": "New", "assigned_to": mary.pk, "status": "in_progress", "seen_version": 1, **COMMENTS}
    answer = site(mary).post(change(ticket), {**form, "comments-0-body": "On it"})
    assert answer.status_code == 302, answer.context["errors"]
    ticket.refresh_from_db()
    assert (ticket.title, ticket.assigned_to, ticket.status) == ("New", mary, "in_progress")
    assert ticket.comments.get().author == mary
    assert ticket.first_response_at
    told = AuditEvent.objects.filter(target_type="tickets.ticket").values_list("action", flat=True)
    assert set(told) >= {"ticket.edited", "ticket.assigned", "ticket.moved", "ticket.commented"}


def test_what_a_service_refuses_is_said_and_nothing_is_kept(mary):
    ticket = move_ticket(ticket=make_ticket(mary), to="closed", by=mary, now=NOW)
    form = {**WORDS, "title": "New", "status": "waiting", "assigned_to": "", "seen_version": 2, **COMMENTS}
    answer = site(mary).post(change(ticket), form, follow=True)
    assert "cannot become waiting" in answer.content.decode()
    ticket.refresh_from_db()
    assert (ticket.title, ticket.status) == ("Where is the SA302?", "closed")


def test_who_has_read_an_older_version_is_told_and_changes_nothing(mary):
    ticket = make_ticket(mary)
    form = {**WORDS, "title": "New", "status": "open", "assigned_to": "", "seen_version": ticket.version, **COMMENTS}
    page = site(mary).get(change(ticket)).content.decode()
    assert f'<input type="hidden" name="seen_version" value="{ticket.version}"' in page
    move_ticket(ticket=ticket, to="waiting", by=mary, now=NOW)
    answer = site(mary).post(change(ticket), form, follow=True)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.status) == ("Where is the SA302?", "waiting")
    assert answer.context["messages"]


def test_many_are_taken_and_closed_at_once(practice, mary):
    tickets = [make_ticket(analyst(practice)) for _ in range(2)]
    for action in ("take", "close"):
        chosen = {"action": action, "_selected_action": [ticket.pk for ticket in tickets]}
        assert "Done for 2" in site(mary).post(reverse(LIST), chosen, follow=True).content.decode()
    assert set(Ticket.objects.values_list("assigned_to", "status")) == {(mary.pk, "closed")}


def test_an_analyst_does_not_give_tickets_out(practice):
    alice = analyst(practice, is_staff=True)
    ticket = make_ticket(alice)
    form = {**WORDS, "assigned_to": alice.pk, "status": "open", "seen_version": 1, **COMMENTS}
    assert site(alice).post(change(ticket), form).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assigned_to is None


def test_a_viewer_reads_and_writes_nothing(practice, mary):
    ticket, reader = make_ticket(mary), site(viewer(practice, is_staff=True))
    assert reader.get(change(ticket)).status_code == 200
    assert reader.post(change(ticket), WORDS).status_code == 403
    assert reader.get(reverse("admin:tickets_ticket_add")).status_code == 403

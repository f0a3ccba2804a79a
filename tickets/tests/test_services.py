"""What can be done with a ticket, and what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lightpoint.errors import InvalidInput, StaleVersion
from tickets.models import Comment, Ticket
from tickets.selectors import visible_comments, visible_tickets
from tickets.services import (
    MoveNotAllowed,
    UnfitAssignee,
    add_comment,
    assign_ticket,
    edit_ticket,
    move_ticket,
)
from tickets.tests.factories import NOW, make_cases, make_ticket
from users.models import AuditEvent
from users.tests.factories import admin, analyst, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=90)


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def alice(practice):
    return analyst(practice)


@pytest.fixture
def mary(practice):
    return manager(practice)


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(action__startswith="ticket.").order_by("pk").values_list("action", flat=True))


def test_a_ticket_is_open_and_of_its_askers_practice(alice):
    ticket = make_ticket(alice, title="  Where is it? ")
    assert (ticket.status, ticket.practice, ticket.title) == ("open", alice.practice, "Where is it?")
    assert actions() == ["ticket.created"]


def test_staff_of_the_platform_ask_on_a_complaint_only(practice):
    staff = superuser()
    (case,) = make_cases(practice)
    assert make_ticket(staff, complaint=case).practice == practice
    with pytest.raises(InvalidInput, match="no practice"):
        make_ticket(staff)


def test_a_ticket_without_a_title_is_refused(alice):
    with pytest.raises(InvalidInput, match="title"):
        make_ticket(alice, title=" ")
    with pytest.raises(InvalidInput, match="title"):
        edit_ticket(ticket=make_ticket(alice), changes={"title": ""}, by=alice, now=LATER)


def test_an_edit_keeps_what_was_and_counts_the_version(alice):
    ticket = make_ticket(alice)
    edited = edit_ticket(
        ticket=ticket, changes={"title": "New", "practice": None}, by=alice, now=LATER, expected_version=1
    )
    assert (edited.title, edited.version, edited.updated_at, edited.practice) == ("New", 2, LATER, alice.practice)
    event = AuditEvent.objects.get(action="ticket.edited")
    assert (event.old, event.new) == ({"title": "Where is the SA302?"}, {"title": "New"})
    same = edit_ticket(ticket=ticket, changes={"title": "New"}, by=alice, now=LATER)
    assert same.version == 2


def test_who_has_read_an_older_version_changes_nothing(alice, mary):
    ticket = make_ticket(alice)
    move_ticket(ticket=ticket, to="waiting", by=alice, now=LATER)
    for service, change in [
        (edit_ticket, {"changes": {"title": "New"}}),
        (assign_ticket, {"to": mary}),
        (move_ticket, {"to": "closed"}),
    ]:
        with pytest.raises(StaleVersion):
            service(ticket=ticket, by=mary, now=LATER, expected_version=1, **change)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.assigned_to, ticket.status) == ("Where is the SA302?", None, "waiting")


def test_a_ticket_is_given_to_a_colleague_and_taken_back(alice, mary):
    ticket = assign_ticket(ticket=make_ticket(alice), to=alice, by=mary, now=LATER)
    assert ticket.assigned_to == alice
    assert assign_ticket(ticket=ticket, to=alice, by=mary, now=LATER).version == ticket.version
    assert assign_ticket(ticket=ticket, to=None, by=mary, now=LATER).assigned_to is None
    assert actions() == ["ticket.created", "ticket.assigned", "ticket.assigned"]


@pytest.mark.parametrize("who", ["stranger", "viewer", "gone", "staff"])
def test_a_ticket_is_not_given_to_who_does_not_work_on_it(alice, mary, practice, who):
    person = {
        "stranger": outsider,
        "viewer": lambda: viewer(practice),
        "gone": lambda: analyst(practice, is_active=False),
        "staff": superuser,
    }[who]()
    with pytest.raises(UnfitAssignee):
        assign_ticket(ticket=make_ticket(alice), to=person, by=mary, now=LATER)
    with pytest.raises(UnfitAssignee):
        make_ticket(alice, assigned_to=person)


def test_closing_notes_the_time_and_opening_again_takes_it_away(alice):
    ticket = move_ticket(ticket=make_ticket(alice), to="closed", by=alice, now=LATER)
    assert ticket.closed_at == LATER
    assert move_ticket(ticket=ticket, to="open", by=alice, now=LATER).closed_at is None


def test_a_move_that_is_not_offered_is_refused(alice):
    ticket = move_ticket(ticket=make_ticket(alice), to="closed", by=alice, now=LATER)
    with pytest.raises(MoveNotAllowed, match="it can go to: open"):
        move_ticket(ticket=ticket, to="waiting", by=alice, now=LATER)


def test_the_first_response_is_the_first_comment_of_somebody_else(alice, mary):
    ticket = make_ticket(alice)
    add_comment(ticket=ticket, body="I forgot to say", by=alice, now=NOW + timedelta(minutes=5))
    ticket.refresh_from_db()
    assert ticket.first_response is None
    add_comment(ticket=ticket, body=" In the post. ", by=mary, now=LATER)
    add_comment(ticket=ticket, body="Found it", by=mary, now=LATER + timedelta(hours=1))
    ticket.refresh_from_db()
    assert ticket.first_response == timedelta(minutes=90)
    assert [comment.body for comment in ticket.comments.all()] == ["I forgot to say", "In the post.", "Found it"]


def test_a_comment_that_says_nothing_is_refused(alice):
    with pytest.raises(InvalidInput):
        add_comment(ticket=make_ticket(alice), body=" \n", by=alice, now=LATER)
    assert not Comment.objects.exists()


def test_people_see_the_tickets_of_their_practice_and_analysts_theirs(alice, mary, practice):
    bob = analyst(practice)
    (bobs_case, other_case) = make_cases(practice, 2)
    bobs_case.assigned_to = bob
    bobs_case.save()
    asked = make_ticket(alice)
    given = make_ticket(mary, assigned_to=alice)
    on_case = make_ticket(mary, complaint=bobs_case)
    elsewhere = make_ticket(mary, complaint=other_case)
    strangers = make_ticket(outsider())
    everything = {asked, given, on_case, elsewhere}
    assert set(visible_tickets(alice)) == {asked, given}
    assert set(visible_tickets(bob)) == {on_case}
    for person in (mary, admin(practice), viewer(practice)):
        assert set(visible_tickets(person)) == everything
    assert set(visible_tickets(superuser())) == {*everything, strangers}
    assert not visible_tickets(analyst(practice, is_active=False)).exists()
    add_comment(ticket=asked, body="x", by=mary, now=LATER)
    assert visible_comments(alice).count() == 1
    assert not visible_comments(bob).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"category": "x"},
        {"priority": "x"},
        {"status": "x"},
        {"status": "closed"},
        {"closed_at": NOW},
        {"first_response_at": NOW - timedelta(days=1)},
    ],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items())[:30],
)
def test_the_database_keeps_what_services_promise(alice, wrong):
    ticket = make_ticket(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**wrong)

"""Tickets over the REST API, as each role."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tickets.models import Comment, Ticket
from tickets.services import add_comment
from tickets.tests.factories import NOW, make_cases, make_ticket
from users.tests.factories import analyst, make_practice, manager, outsider, viewer

pytestmark = pytest.mark.django_db
TICKETS = "/api/v1/tickets/"
JSON = "application/json"


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def mary(practice):
    return manager(practice)


def api(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def send(client: Client, path: str, body: object, method: str = "post", **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(path, json.dumps(body), content_type=JSON, headers=named)


def test_a_ticket_goes_from_asked_to_closed(practice, mary):
    alice = analyst(practice)
    (case,) = make_cases(practice, assigned_to=alice)
    created = send(api(alice), TICKETS, {"title": "Help", "complaint": case.pk, "priority": "high"})
    assert created.status_code == 201, created.content
    path, tag = created.headers["Location"], created.headers["ETag"]
    assert api(alice).get(path).json() == created.json()
    given = send(api(mary), f"{path}assign/", {"assigned_to": mary.pk}, If_Match=tag)
    assert given.json()["assigned_to"] == mary.pk
    answered = send(api(mary), f"{path}comments/", {"body": "In the post"})
    assert answered.status_code == 201
    said = api(alice).get(f"{path}comments/").json()["results"]
    assert [(comment["author"], comment["body"]) for comment in said] == [(mary.pk, "In the post")]
    now = api(alice).get(path)
    assert now.json()["first_response_minutes"] == 0
    closed = send(api(alice), f"{path}move/", {"to": "closed"}, If_Match=now.headers["ETag"])
    assert (closed.json()["status"], closed.json()["moves"]) == ("closed", ["open"])
    assert closed.json()["closed_at"]


def test_an_edit_changes_what_is_sent_and_nothing_else(mary):
    ticket = make_ticket(mary, body="Words")
    answer = send(api(mary), f"{TICKETS}{ticket.pk}/", {"title": "New"}, "patch", If_Match='"1"')
    assert (answer.json()["title"], answer.json()["body"], answer.headers["ETag"]) == ("New", "Words", '"2"')
    assert send(api(mary), f"{TICKETS}{ticket.pk}/", {"title": "Old"}, "patch", If_Match='"1"').status_code == 412
    assert send(api(mary), f"{TICKETS}{ticket.pk}/", {"status": "closed"}, "patch", If_Match='"2"').status_code == 422


@pytest.mark.parametrize("action", ["", "assign/", "move/"])
def test_a_change_says_what_it_has_read(mary, action):
    ticket = make_ticket(mary)
    body = {"": {"title": "x"}, "assign/": {"assigned_to": None}, "move/": {"to": "closed"}}[action]
    method = "patch" if action == "" else "post"
    assert send(api(mary), f"{TICKETS}{ticket.pk}/{action}", body, method).status_code == 428


def test_a_move_that_is_not_offered_is_a_conflict(mary):
    ticket = make_ticket(mary)
    Ticket.objects.update(status="resolved")
    answer = send(api(mary), f"{TICKETS}{ticket.pk}/move/", {"to": "open"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lightpoint:move-not-allowed")


def test_another_practice_finds_nothing(mary):
    ticket = make_ticket(mary)
    stranger = api(outsider())
    assert stranger.get(TICKETS).json()["results"] == []
    for path in ("", "comments/"):
        assert stranger.get(f"{TICKETS}{ticket.pk}/{path}").status_code == 404
    for path, body in [("assign/", {"assigned_to": None}), ("move/", {"to": "closed"}), ("comments/", {"body": "x"})]:
        assert send(stranger, f"{TICKETS}{ticket.pk}/{path}", body, If_Match='"1"').status_code == 404


def test_what_the_caller_cannot_see_cannot_be_named(practice, mary):
    (hidden,) = make_cases(make_practice())
    for body in ({"complaint": hidden.pk}, {"assigned_to": outsider().pk}, {"complaint": 2**63}, {"assigned_to": 0}):
        answer = send(api(mary), TICKETS, {"title": "Help", **body})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(body))}")
    assert not Ticket.objects.exists()


def test_a_viewer_reads_and_an_analyst_gives_nothing_out(practice, mary):
    ticket = make_ticket(mary)
    reader, alice = api(viewer(practice)), analyst(practice)
    assert reader.get(f"{TICKETS}{ticket.pk}/").status_code == 200
    assert send(reader, TICKETS, {"title": "x"}).status_code == 403
    assert send(reader, f"{TICKETS}{ticket.pk}/comments/", {"body": "x"}).status_code == 403
    own = make_ticket(alice)
    assert send(api(alice), f"{TICKETS}{own.pk}/assign/", {"assigned_to": None}, If_Match='"1"').status_code == 403


@pytest.mark.parametrize("path", [TICKETS, "{ticket}comments/"])
def test_a_repeat_with_its_key_creates_once(mary, path):
    client, path = api(mary), path.format(ticket=f"{TICKETS}{make_ticket(mary).pk}/")
    body = {"body": "x"} if "comments" in path else {"title": "x"}
    first, second = (send(client, path, body, Idempotency_Key="k") for _ in range(2))
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Comment.objects.count() + Ticket.objects.count() == 2


def test_the_list_keeps_what_its_filters_say(practice, mary):
    (case,) = make_cases(practice)
    urgent = make_ticket(mary, priority="urgent", title="Scan is dark", assigned_to=mary)
    on_case = make_ticket(mary, complaint=case, category="evidence", at=NOW + timedelta(days=2))
    Ticket.objects.filter(pk=on_case.pk).update(status="waiting")

    def found(query: str) -> list[int]:
        answer = api(mary).get(f"{TICKETS}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert found("") == found("ordering=-created_at") == [on_case.pk, urgent.pk]
    assert found("ordering=created_at") == [urgent.pk, on_case.pk]
    for query in ("priority=urgent", f"assigned_to={mary.pk}", "unassigned=false", "q=dark", "created_to=2026-01-20"):
        assert found(query) == [urgent.pk], query
    for query in (
        "status=waiting",
        "category=evidence",
        f"complaint={case.pk}",
        "unassigned=true",
        "created_from=2026-01-20",
    ):
        assert found(query) == [on_case.pk], query
    assert found(f"created_by={mary.pk}&status=open") == [urgent.pk]
    assert api(mary).get(f"{TICKETS}?state=open").status_code == 422


@pytest.mark.parametrize("count", [1, 100, 1_000])
def test_lists_take_as_many_queries_whatever_they_hold(practice, django_assert_num_queries, count):
    alice = analyst(practice)
    ticket = make_ticket(alice)
    Ticket.objects.bulk_create(
        Ticket(practice=practice, title="x", created_by=alice, created_at=NOW, updated_at=NOW) for _ in range(count - 1)
    )
    Comment.objects.bulk_create(Comment(ticket=ticket, author=alice, body="x", created_at=NOW) for _ in range(count))
    client = api(alice)
    with django_assert_num_queries(3):
        assert client.get(TICKETS).json()["results"]
    with django_assert_num_queries(4):
        assert client.get(f"{TICKETS}{ticket.pk}/comments/").json()["results"]


def test_a_ticket_shows_how_long_the_first_response_took(practice, mary):
    ticket = make_ticket(analyst(practice))
    add_comment(ticket=ticket, body="x", by=mary, now=NOW + timedelta(minutes=61, seconds=59))
    assert api(mary).get(f"{TICKETS}{ticket.pk}/").json()["first_response_minutes"] == 61

"""The figures of a practice: right, the same cost at any size, and only for who may see them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import CaseAnalysis
from letters.models import Letter
from tickets.models import Ticket
from tickets.selectors import management_figures
from tickets.services import add_comment, move_ticket
from tickets.tests.factories import make_cases, make_ticket
from users.tests.factories import analyst, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 19, 9, 0, tzinfo=ZoneInfo("Europe/London"))
API = "/api/v1/management/"


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def mary(practice):
    return manager(practice, name="Mary")


def analysed(case, version: int, at: datetime, *entries: tuple[str, int]) -> CaseAnalysis:
    rows = [{"on": on, "minutes": minutes} for on, minutes in entries]
    return CaseAnalysis.objects.create(
        complaint=case,
        version=version,
        inputs_hash=str(version),
        facts={"time_entries": rows},
        analysis={},
        created_at=at,
    )


def counts(figures) -> dict[str, int]:
    return {figure.name: figure.count for figure in figures}


def test_cases_are_counted_by_state_and_person(practice, mary):
    alice = analyst(practice, name="Alice")
    make_cases(practice, 2, assigned_to=alice)
    make_cases(practice, 1, assigned_to=alice, status="closed")
    make_cases(practice, 3, status="assessment")
    make_cases(make_practice(), 5)
    figures = management_figures(mary, now=NOW)
    assert counts(figures.cases_by_state) == {
        "assessment": 3,
        "active": 2,
        "escalated": 0,
        "resolved": 0,
        "closed": 1,
    }
    people = [(person.name, person.total, counts(person.states)["active"]) for person in figures.cases_by_person]
    assert people == [("Alice", 3, 2), ("", 3, 0)]


def test_open_cases_are_counted_by_their_age(practice, mary):
    today = NOW.date()
    for days in (0, 30, 31, 90, 91, 180, 181, 365, 366, 4_000):
        make_cases(practice, 1, opened_on=today - timedelta(days=days))
    make_cases(practice, 4, status="resolved")
    make_cases(practice, 4, status="closed")
    assert [figure.count for figure in management_figures(mary, now=NOW).open_cases_by_age] == [2, 2, 2, 2, 2]


def test_letters_are_counted_by_state(practice, mary):
    for case in make_cases(practice, 3):
        Letter.objects.create(complaint=case, practice=practice, type="complaint_tier_1", position=0, recipient="HMRC")
    Letter.objects.filter(pk=Letter.objects.first().pk).update(state="in_review")
    figures = management_figures(mary, now=NOW)
    assert counts(figures.letters_by_state) == {"draft": 2, "in_review": 1, "approved": 0, "locked": 0, "sent": 0}


def test_tickets_that_are_not_settled_are_counted(practice, mary):
    alice = analyst(practice)
    make_ticket(alice, at=NOW, priority="urgent")
    answered = make_ticket(alice, at=NOW - timedelta(hours=3), assigned_to=mary)
    add_comment(ticket=answered, body="x", by=mary, now=NOW - timedelta(hours=1))
    old = make_ticket(alice, at=NOW - timedelta(days=90))
    add_comment(ticket=old, body="x", by=mary, now=NOW - timedelta(days=60))
    move_ticket(ticket=old, to="closed", by=alice, now=NOW)
    make_ticket(outsider(), at=NOW)
    figures = management_figures(mary, now=NOW).tickets
    assert (figures.open, figures.unassigned, figures.urgent) == (2, 1, 1)
    assert figures.first_response_minutes == 120


def test_a_ticket_of_somebody_who_has_left_counts_as_given_to_nobody(practice, mary):
    alice = analyst(practice)
    make_ticket(mary, at=NOW, assigned_to=alice)
    alice.is_active = False
    alice.save()
    assert management_figures(mary, now=NOW).tickets.unassigned == 1


def test_a_practice_without_anything_has_noughts(mary):
    figures = management_figures(mary, now=NOW)
    assert figures.cases_by_person == ()
    assert sum(figure.count for figure in (*figures.cases_by_state, *figures.open_cases_by_age)) == 0
    assert figures.tickets.first_response_minutes is None
    assert figures.minutes_this_month == 0


def test_minutes_are_those_of_this_month_in_the_newest_analyses(practice, mary):
    case, other, old = make_cases(practice, 3)
    (hidden,) = make_cases(make_practice())
    month = ("2025-12-31", 1_000), ("2026-01-01", 30), ("2026-01-31", 12), ("2026-02-01", 2_000)
    analysed(case, 1, NOW, ("2026-01-02", 500))
    analysed(case, 2, NOW, *month)
    analysed(other, 1, NOW, ("2026-01-05", 100))
    analysed(old, 1, NOW - timedelta(days=40), ("2025-12-05", 100))
    analysed(hidden, 1, NOW, ("2026-01-05", 100))
    CaseAnalysis.objects.create(complaint=old, version=2, inputs_hash="x", facts={}, analysis={}, created_at=NOW)
    assert management_figures(mary, now=NOW).minutes_this_month == 142


def test_the_month_of_december_ends_with_the_year(practice, mary):
    (case,) = make_cases(practice)
    december = datetime(2025, 12, 31, 23, 0, tzinfo=ZoneInfo("Europe/London"))
    analysed(case, 1, december, ("2025-12-31", 7), ("2026-01-01", 100))
    assert management_figures(mary, now=december).minutes_this_month == 7


@pytest.mark.parametrize("count", [1, 1_000])
def test_the_figures_take_five_queries_however_much_there_is(practice, mary, django_assert_num_queries, count):
    cases = make_cases(practice, count, assigned_to=mary)
    Letter.objects.bulk_create(
        Letter(complaint=case, practice=practice, type="appeal", position=0, recipient="HMRC") for case in cases
    )
    Ticket.objects.bulk_create(
        Ticket(practice=practice, title="x", created_by=mary, created_at=NOW, updated_at=NOW) for _ in range(count)
    )
    entries = {"time_entries": [{"on": "2026-01-05", "minutes": 6}]}
    CaseAnalysis.objects.bulk_create(
        CaseAnalysis(complaint=case, version=1, inputs_hash="x", facts=entries, analysis={}, created_at=NOW)
        for case in cases
    )
    with django_assert_num_queries(5):
        figures = management_figures(mary, now=NOW)
    assert counts(figures.cases_by_state)["active"] == count
    assert figures.minutes_this_month == 6 * count
    with django_assert_num_queries(0):
        assert management_figures(mary, now=NOW) == figures


def test_a_new_ticket_is_seen_at_once(mary, django_capture_on_commit_callbacks):
    assert management_figures(mary, now=NOW).tickets.open == 0
    with django_capture_on_commit_callbacks(execute=True):
        make_ticket(mary)
    assert management_figures(mary, now=NOW).tickets.open == 1


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_managers_read_the_figures_of_their_practice_over_the_api(practice, mary):
    make_cases(practice, 2, opened_on=date(2020, 1, 1))
    answer = signed_in(mary).get(API).json()
    assert answer["open_cases_by_age"][-1] == {"name": "more than a year", "count": 2}
    assert answer["cases_by_person"][0]["person"] is None
    assert signed_in(mary).get(f"{API}?practice={practice.pk}").status_code == 200
    assert signed_in(mary).get(f"{API}?practice={make_practice().pk}").status_code == 404


@pytest.mark.parametrize("make", [analyst, viewer])
def test_others_do_not(practice, make):
    assert signed_in(make(practice)).get(API).status_code == 403


def test_staff_of_the_platform_choose_a_practice_or_see_all(practice):
    make_cases(practice, 2)
    make_cases(make_practice(), 3)
    client = signed_in(superuser())

    def active(query: str) -> int:
        return client.get(f"{API}{query}").json()["cases_by_state"][1]["count"]

    assert (active(f"?practice={practice.pk}"), active("")) == (2, 5)
    assert client.get(f"{API}?practice=0").status_code == 422


def test_the_page_shows_managers_the_practice_and_others_their_cases(practice, mary):
    alice = analyst(practice, name="<b>Alice</b>")
    make_cases(practice, 2, assigned_to=alice)
    page = signed_in(mary).get(reverse("tickets:overview")).content.decode()
    assert "Where the practice stands" in page
    assert "&lt;b&gt;Alice&lt;/b&gt;" in page
    assert "minutes this month" in page
    own = signed_in(alice).get(reverse("tickets:overview")).content.decode()
    assert "Where the practice stands" not in own
    assert "Cases by state" in own

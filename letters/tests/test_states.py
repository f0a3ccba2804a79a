"""Each move of a letter, allowed and refused: by its service, over REST and on its page. One table tells which."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from complaints.tests.factories import NOW
from letters.models import Dispatch, Letter, LetterVersion, Review
from letters.services import (
    ApproverMissing,
    LetterMoveNotAllowed,
    Sending,
    approve_letter,
    ask_for_review,
    lock_letter,
    newest_version,
    reopen_letter,
    return_letter,
    send_letter,
)
from letters.status import MOVES, may_move, takes_versions, version_state
from lightpoint.errors import NotAllowed
from users.roles import Role
from users.tests.factories import analyst, manager, outsider, viewer

pytestmark = pytest.mark.django_db
STATES = ("draft", "in_review", "approved", "locked", "sent")
STEPS = {  # what each step leads to, by where it begins
    "review": {"draft": "in_review"},
    "return": {"in_review": "draft"},
    "approve": {"in_review": "approved"},
    "lock": {"approved": "locked"},
    "send": {"approved": "sent", "locked": "sent"},
    "reopen": {"approved": "draft", "locked": "draft", "sent": "draft"},
}
PAGES = {"return": "send_back"}
SENT = {"sent_on": NOW.date().isoformat(), "method": "post"}


@pytest.fixture
def letter(drafted):
    return Letter.objects.get(complaint=drafted, position=0)


@pytest.fixture
def boss(drafted):
    return manager(drafted.practice, name="Morag Penhallow")


def put(letter, state, by):
    """`letter` in `state`, as a row; the steps to it are tested by themselves."""
    answered = {"approved_by": by, "approved_at": NOW} if state in ("approved", "locked", "sent") else {}
    frozen = {"locked_by": by, "locked_at": NOW} if state in ("locked", "sent") else {}
    Letter.objects.filter(pk=letter.pk).update(state=state, **answered, **frozen)
    if state == "sent":
        Dispatch.objects.create(version=newest_version(letter), sent_on=NOW.date(), method="post", by=by, at=NOW)
    letter.refresh_from_db()
    return letter


def by_service(letter, step, by):
    values = {"letter": letter, "expected_version": letter.version, "by": by, "now": NOW}
    acts = {"review": ask_for_review, "approve": approve_letter, "lock": lock_letter, "reopen": reopen_letter}
    try:
        if step == "return":
            return_letter(**values, comment="The date, please")
        elif step == "send":
            send_letter(**values, sending=Sending(NOW.date(), "post"))
        else:
            acts[step](**values)
    except LetterMoveNotAllowed:
        return False
    return True


def by_rest(letter, step, by):
    client = Client()
    client.force_login(by)
    where = f"/api/v1/letters/{letter.pk}/"
    tag = client.get(where).headers["ETag"]
    body = SENT if step == "send" else {"comment": "The date, please"}
    answer = client.post(f"{where}{step}/", body, content_type="application/json", headers={"If-Match": tag})
    assert answer.status_code in (200, 201, 409), answer.content
    if answer.status_code == 409:
        assert answer.json()["type"] == "urn:lightpoint:letter-move-not-allowed"
    return answer.status_code != 409


def by_page(letter, step, by):
    client = Client()
    client.force_login(by)
    body = SENT if step == "send" else {"comment": "The date, please"}
    where = reverse(f"admin:letters_letter_{PAGES.get(step, step)}", args=[letter.pk])
    answer = client.post(where, {"version": letter.version, **body})
    assert answer.status_code in (302, 409), answer.content
    return answer.status_code == 302


@pytest.mark.parametrize("way", [by_service, by_rest, by_page])
@pytest.mark.parametrize("state", STATES)
def test_a_letter_goes_where_the_table_says_and_nowhere_else(letter, boss, state, way) -> None:
    put(letter, state, boss)
    for step, moves in STEPS.items():
        point = transaction.savepoint()
        assert way(letter, step, boss) is (state in moves), (state, step)
        letter.refresh_from_db()
        assert letter.state == moves.get(state, state), (state, step)
        transaction.savepoint_rollback(point)
        letter.refresh_from_db()


def test_the_steps_make_no_move_that_the_table_does_not_have() -> None:
    made = {(state, to) for moves in STEPS.values() for state, to in moves.items()}
    assert made - {("approved", "sent")} <= {(state, to) for state, targets in MOVES.items() for to in targets}
    assert may_move("approved", "locked")  # which sending does first
    assert may_move("locked", "sent")
    assert not may_move("nonsense", "draft")
    assert not MOVES["superseded"]


def test_only_a_letter_that_nobody_answers_for_takes_versions() -> None:
    assert [state for state in STATES if takes_versions(state)] == ["draft", "in_review"]


def test_a_version_stands_where_its_letter_does_until_it_has_left() -> None:
    assert version_state("approved", newest=True, dispatched=False, superseded=False) == "approved"
    assert version_state("draft", newest=False, dispatched=True, superseded=False) == "sent"
    assert version_state("sent", newest=False, dispatched=True, superseded=True) == "superseded"
    assert version_state("draft", newest=False, dispatched=False, superseded=False) == "earlier"


def test_sending_an_approved_letter_locks_it_and_tells_who_did(letter, boss) -> None:
    put(letter, "approved", boss)
    ada = analyst(letter.practice, name="Ada Reed")
    assert by_service(letter, "send", ada)
    letter.refresh_from_db()
    assert (letter.approved_by, letter.locked_by, letter.locked_at) == (boss, ada, NOW)
    assert [(row.verdict, row.name) for row in Review.objects.all()] == [("locked", "Ada Reed")]


def test_reopening_forgets_who_approved_and_who_locked(letter, boss) -> None:
    put(letter, "locked", boss)
    assert by_service(letter, "reopen", boss)
    letter.refresh_from_db()
    assert (letter.approved_by, letter.approved_at, letter.locked_by, letter.locked_at) == (None, None, None, None)


@pytest.mark.parametrize("step", ["lock", "send"])
def test_nothing_leaves_once_the_approver_may_approve_no_more(letter, boss, step) -> None:
    put(letter, "approved", boss)
    boss.role = Role.ANALYST
    boss.save()
    with pytest.raises(ApproverMissing, match="Morag Penhallow may not approve letters any more"):
        by_service(letter, step, analyst(letter.practice))
    letter.refresh_from_db()
    assert (letter.state, Dispatch.objects.count()) == ("approved", 0)


@pytest.mark.parametrize(("step", "state"), [("approve", "in_review"), ("reopen", "locked")])
def test_an_analyst_neither_approves_nor_reopens_whatever_calls_the_service(letter, boss, step, state) -> None:
    put(letter, state, boss)
    with pytest.raises(NotAllowed):
        by_service(letter, step, analyst(letter.practice))


@pytest.mark.parametrize("step", list(STEPS))
def test_a_viewer_moves_nothing_and_a_stranger_finds_nothing(letter, boss, step) -> None:
    where = reverse(f"admin:letters_letter_{PAGES.get(step, step)}", args=[letter.pk])
    for person, status in ((viewer(letter.practice), 403), (outsider(), 404)):
        client = Client()
        client.force_login(person)
        assert client.post(where, {"version": letter.version, "comment": "x", **SENT}).status_code == status
        answer = client.post(
            f"/api/v1/letters/{letter.pk}/{step}/",
            {"comment": "x"} if step != "send" else SENT,
            content_type="application/json",
            headers={"If-Match": '"1"'},
        )
        assert answer.status_code == status


def block(letter):
    LetterVersion.objects.filter(letter=letter).update(released=False, problems=["Not released"])


@pytest.mark.parametrize("state", ["approved", "locked", "sent"])
def test_the_database_lets_no_blocked_version_be_answered_for(letter, boss, state) -> None:
    block(letter)
    with pytest.raises(IntegrityError, match="blocks is not approved"), transaction.atomic():
        put(letter, state, boss)


def test_the_database_lets_no_blocked_version_be_sent(letter, boss) -> None:
    block(letter)
    with pytest.raises(IntegrityError, match="blocks is not approved"), transaction.atomic():
        Dispatch.objects.create(version=newest_version(letter), sent_on=NOW.date(), method="post", by=boss, at=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "locked"},
        {"state": "superseded"},
        {"state": "sent", "approved_at": NOW, "locked_at": NOW},
        {"state": "draft", "locked_at": NOW},
    ],
)
def test_the_database_lets_no_letter_leave_without_names(letter, values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**values)


def test_the_steps_on_the_page_are_those_that_the_state_allows(letter, boss) -> None:
    client = Client()
    client.force_login(boss)
    for state in STATES:
        put(letter, state, boss)
        text = client.get(reverse("admin:letters_letter_change", args=[letter.pk])).content.decode()
        shown = {
            step for step in STEPS if reverse(f"admin:letters_letter_{PAGES.get(step, step)}", args=[letter.pk]) in text
        }
        assert shown == {step for step, moves in STEPS.items() if state in moves}, state


def test_files_say_that_they_are_drafts_until_the_letter_is_locked(letter, boss) -> None:
    client = Client()
    client.force_login(boss)
    version = newest_version(letter)

    def name():
        answer = client.get(f"/api/v1/letter-versions/{version.pk}/files/receipt/")
        return answer.headers["Content-Disposition"]

    for state, said in (("draft", "-draft"), ("approved", "-draft"), ("locked", ""), ("sent", "")):
        put(letter, state, boss)
        assert f"-v1{said}.json" in name(), state


def test_a_superseded_version_is_told_so(letter, boss) -> None:
    put(letter, "sent", boss)
    first = newest_version(letter)
    by_service(letter, "reopen", boss)
    letter.refresh_from_db()
    second = LetterVersion.objects.create(
        letter=letter,
        number=2,
        analysis=first.analysis,
        inputs_hash="2",
        pipeline="embedded",
        tone="firm",
        draft=first.draft,
        text=first.text,
        released=True,
        created_at=NOW + timedelta(minutes=1),
        author=boss,
        base=first,
        origin="edited",
    )
    client = Client()
    client.force_login(boss)

    def states():
        rows = client.get(f"/api/v1/letters/{letter.pk}/versions/").json()["results"]
        return {row["number"]: row["state"] for row in rows}

    assert states() == {2: "draft", 1: "sent"}
    put(letter, "locked", boss)
    assert by_service(letter, "send", boss)
    assert states() == {2: "sent", 1: "superseded"}
    assert client.get(f"/api/v1/letter-versions/{first.pk}/").json()["dispatch"]["superseded_by"] == second.pk

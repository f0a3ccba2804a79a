import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from complaints.models import Client, Complaint
from complaints.selectors import intake_of, search_complaints, visible_complaints
from complaints.services import (
    CaseIntake,
    MoveNotAllowed,
    NumbersUsedUp,
    UnfitAssignee,
    assign_complaint,
    deactivate_colleague,
    edit_complaint,
    hand_over_cases,
    import_bundle,
    move_complaint,
    open_complaint,
    rename_client,
)
from complaints.tests.factories import NOW, make_bundle, make_complaint
from lightpoint.errors import Conflict, InvalidInput, StaleVersion
from users.models import AuditEvent
from users.services import AlreadyInactive, LastAdmin
from users.tests.factories import admin, analyst, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db

INTAKE = CaseIntake(
    client_name="Rowan Achterberg",
    client_kind="individual",
    nation="scotland",
    tax_head="Self Assessment",
    opened_on=date(2026, 1, 19),
    brief="Nothing has been repaid.",
    references=(("utr", "5021489375"),),
)


def opened(by=None, **changes) -> Complaint:
    by = by or manager()
    return open_complaint(practice=by.practice, intake=replace(INTAKE, **changes), by=by, now=NOW)


def audited(action: str) -> AuditEvent:
    return AuditEvent.objects.get(action=action)


def test_a_case_is_opened_with_the_rates_of_its_day():
    practice = make_practice(rates=[("partner", Decimal("150.00"))], rates_from=date(2026, 1, 10))
    by = manager(practice)
    complaint = opened(by)
    assert (complaint.reference, complaint.status, complaint.version) == ("LP-2026-00001", "assessment", 1)
    assert complaint.hourly_rates == [["partner", "150.00"]]
    assert complaint.references == [["utr", "5021489375"]]
    assert intake_of(complaint).nation == "scotland"
    assert complaint.timeline.get().text == "Case opened"
    assert audited("complaint.opened").new == {"reference": "LP-2026-00001"}
    assert opened(by, opened_on=date(2026, 1, 9)).hourly_rates == []


def test_words_are_kept_on_one_line_and_without_white_space_round_them():
    complaint = opened(client_name="  Rowan \n Achterberg ", brief=" Two\nlines ")
    assert complaint.client.name == "Rowan Achterberg"
    assert complaint.brief == "Two\nlines"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"opened_on": date(2026, 1, 20)}, "a day to come"),
        ({"opened_on": date(1817, 1, 1)}, "bank holidays known"),
        ({"client_name": "\u200b \n"}, "name of the client is empty"),
        ({"client_name": "x" * 201}, "200 is the limit"),
        ({"tax_head": "Self\x07Assessment"}, r"cannot be printed \(U\+0007\)"),
        ({"brief": "a\x00b"}, "NUL"),
        ({"brief": "x" * 20_001}, "20000 is the limit"),
        ({"references": (("shoe-size", "9"),)}, "no kind of reference 'shoe-size'"),
        ({"references": (("utr", " "),)}, "A reference is empty"),
        ({"references": (("utr", "5021489375"),) * 51}, "at most 50"),
    ],
)
def test_what_no_letter_can_hold_opens_no_case(change, why):
    with pytest.raises(InvalidInput, match=why):
        opened(**change)
    assert not Complaint.objects.exists()


def test_today_is_the_day_in_london():
    by = manager()
    half_past_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    intake = replace(INTAKE, opened_on=date(2026, 7, 1))
    assert open_complaint(practice=by.practice, intake=intake, by=by, now=half_past_midnight).pk


def test_a_case_opened_by_an_analyst_is_theirs_and_by_a_manager_nobodys():
    practice = make_practice()
    colleague = analyst(practice)
    assert opened(colleague).assigned_to == colleague
    assert opened(manager(practice)).assigned_to is None


def test_staff_of_the_platform_open_a_case_for_a_practice():
    practice = make_practice()
    complaint = open_complaint(practice=practice, intake=INTAKE, by=superuser(), now=NOW)
    assert (complaint.practice, complaint.assigned_to) == (practice, None)


def test_a_case_is_opened_for_nobody_unfit():
    by = manager()
    for unfit in (viewer(by.practice), outsider(), analyst(by.practice, is_active=False), superuser()):
        with pytest.raises(UnfitAssignee):
            opened(by, assigned_to=unfit)


def test_the_year_has_numbers_for_so_many_cases():
    complaint = opened()
    Complaint.objects.filter(pk=complaint.pk).update(reference="LP-2026-99998")
    by = manager(complaint.practice)
    assert opened(by).reference == "LP-2026-99999"
    with pytest.raises(NumbersUsedUp):
        opened(by)


@pytest.mark.django_db(transaction=True)
def test_one_bundle_imported_twice_at_once_opens_one_case():
    practice = make_practice()
    found, ready = [], threading.Barrier(2)

    def load() -> None:
        ready.wait(10)
        try:
            found.append(import_bundle(practice=practice, bundle=make_bundle(), by=None, now=NOW).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert set(found) == {Complaint.objects.get().pk}


def test_an_edit_is_numbered_audited_and_found():
    complaint = opened()
    by = manager(complaint.practice)
    changes = {"tax_head": "Corporation Tax", "brief": complaint.brief, "references": [("utr", "5021489375")]}
    edited = edit_complaint(complaint=complaint, changes=changes, expected_version=1, by=by, now=NOW)
    assert (edited.version, edited.tax_head) == (2, "Corporation Tax")
    assert audited("complaint.edited").new == {"tax_head": "Corporation Tax"}
    assert list(search_complaints(visible_complaints(by), "corpor achter")) == [complaint]
    assert not search_complaints(visible_complaints(by), "assessment").exists()


def test_an_edit_that_changes_nothing_leaves_the_version():
    complaint = opened()
    same = {"brief": complaint.brief, "references": complaint.references}
    assert edit_complaint(complaint=complaint, changes=same, expected_version=1, by=manager(), now=NOW).version == 1


def test_an_edit_of_what_somebody_else_has_changed_is_refused():
    complaint = opened()
    with pytest.raises(StaleVersion):
        edit_complaint(complaint=complaint, changes={"brief": "New"}, expected_version=2, by=manager(), now=NOW)


@pytest.mark.parametrize("changes", [{"status": "closed"}, {"tax_head": ""}, {"references": [("nothing", "1")]}])
def test_an_edit_that_cannot_be_kept_is_refused(changes):
    complaint = opened()
    with pytest.raises(InvalidInput):
        edit_complaint(complaint=complaint, changes=changes, expected_version=1, by=manager(), now=NOW)


def test_a_case_is_given_to_a_colleague_and_back_to_nobody():
    complaint = opened()
    by, colleague = manager(complaint.practice), analyst(complaint.practice)
    given = assign_complaint(complaint=complaint, to=colleague, by=by, now=NOW, expected_version=1)
    assert (given.assigned_to, given.version) == (colleague, 2)
    assert list(visible_complaints(colleague)) == [complaint]
    again = assign_complaint(complaint=complaint, to=colleague, by=by, now=NOW)
    assert again.version == 2
    assert assign_complaint(complaint=complaint, to=None, by=by, now=NOW).assigned_to is None
    assert AuditEvent.objects.filter(action="complaint.assigned").count() == 2


def test_a_case_is_given_to_nobody_unfit_or_on_an_old_version():
    complaint = opened()
    by = manager(complaint.practice)
    for unfit in (viewer(by.practice), outsider(), analyst(by.practice, is_active=False)):
        with pytest.raises(UnfitAssignee):
            assign_complaint(complaint=complaint, to=unfit, by=by, now=NOW)
    with pytest.raises(StaleVersion):
        assign_complaint(complaint=complaint, to=by, by=by, now=NOW, expected_version=7)


def test_a_move_counts_as_a_change_and_needs_the_version_that_was_read():
    complaint = opened()
    with pytest.raises(StaleVersion):
        move_complaint(complaint=complaint, to="active", by=None, now=NOW, expected_version=3)
    assert move_complaint(complaint=complaint, to="active", by=None, now=NOW, expected_version=1).version == 2
    with pytest.raises(MoveNotAllowed):
        move_complaint(complaint=complaint, to="assessment", by=None, now=NOW)


def test_a_client_is_renamed_and_all_their_cases_are_found_by_the_new_name():
    by = manager()
    first, second = opened(by), opened(by)
    client = rename_client(client=first.client, name=" Rowan  Achterburg", by=by, now=NOW, expected_version=1)
    assert (client.name, client.version) == ("Rowan Achterburg", 2)
    assert set(search_complaints(visible_complaints(by), "achterburg")) == {first, second}
    assert audited("client.renamed").old == {"name": "Rowan Achterberg"}


def test_a_client_cannot_be_renamed_to_another_or_to_nothing_or_blindly():
    by = manager()
    client, _other = opened(by).client, opened(by, client_name="Juno Marchetti").client
    with pytest.raises(Conflict, match="Juno Marchetti"):
        rename_client(client=client, name="Juno Marchetti", by=by, now=NOW)
    with pytest.raises(InvalidInput):
        rename_client(client=client, name=" ", by=by, now=NOW)
    with pytest.raises(StaleVersion):
        rename_client(client=client, name="Rowan A", by=by, now=NOW, expected_version=2)
    assert rename_client(client=client, name=client.name, by=by, now=NOW).version == 1
    assert Client.objects.filter(name="Rowan Achterberg").exists()


def test_a_colleague_who_leaves_hands_over_the_open_cases():
    boss = admin()
    leaver, heir = analyst(boss.practice), analyst(boss.practice)
    first, second = opened(leaver), opened(leaver)
    move_complaint(complaint=second, to="closed", by=boss, now=NOW)
    assert deactivate_colleague(user=leaver, by=boss, hand_over_to=heir, now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    leaver.refresh_from_db()
    assert (first.assigned_to, second.assigned_to, leaver.is_active) == (heir, leaver, False)
    assert {"complaint.assigned", "user.deactivated"} <= set(AuditEvent.objects.values_list("action", flat=True))


def test_a_colleague_with_open_cases_cannot_leave_them_to_nobody_fit():
    boss = admin()
    leaver = analyst(boss.practice)
    opened(leaver)
    for heir in (None, leaver, viewer(boss.practice), outsider()):
        with pytest.raises(UnfitAssignee):
            deactivate_colleague(user=leaver, by=boss, hand_over_to=heir, now=NOW)
    leaver.refresh_from_db()
    assert leaver.is_active


def test_a_colleague_without_cases_leaves_without_an_heir():
    boss = admin()
    assert deactivate_colleague(user=viewer(boss.practice), by=boss, now=NOW) == 0


def test_the_last_admin_and_who_has_left_already_stay_as_they_are():
    boss = admin()
    with pytest.raises(LastAdmin):
        deactivate_colleague(user=boss, by=boss, now=NOW)
    with pytest.raises(AlreadyInactive):
        deactivate_colleague(user=viewer(boss.practice, is_active=False), by=boss, now=NOW)


def test_cases_of_nobody_are_handed_to_nobody():
    boss = admin()
    assert hand_over_cases(colleague=viewer(boss.practice), to=None, by=boss, now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_is_given_a_case_while_their_account_is_closed():
    """The assignment waits for the deactivation, and is then refused."""
    boss = admin()
    leaver, complaint = analyst(boss.practice), make_complaint(boss.practice)
    refused, closing = [], threading.Event()

    def give() -> None:
        closing.wait(10)
        try:
            assign_complaint(complaint=complaint, to=leaver, by=boss, now=NOW)
        except UnfitAssignee as error:
            refused.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=give)
    thread.start()
    with transaction.atomic():
        deactivate_colleague(user=leaver, by=boss, now=NOW)
        closing.set()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert len(refused) == 1

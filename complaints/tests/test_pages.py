"""The pages of a case in the browser admin: who sees what, what each write does, and what a list costs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.models import Blob, CaseRun, Client, Complaint, Document, Page
from complaints.services import assign_complaint, start_run
from complaints.tasks import work_on_run
from complaints.tests.factories import NOW, make_bundle, make_complaint
from users.models import AuditEvent
from users.tests.factories import admin, analyst, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
OF_A_CASE = ("change", "edit", "documents", "analysis", "runs")
WRITES = ("assign", "move", "note", "context", "analyse", "upload")


@pytest.fixture
def practice():
    return make_practice("Penhallow Reed LLP")


@pytest.fixture
def worker(practice):
    return analyst(practice, name="Ada Reed")


@pytest.fixture
def case(practice, worker):
    made = make_complaint(practice)
    assign_complaint(complaint=made, to=worker, by=None, now=NOW)
    made.refresh_from_db()
    return made


@pytest.fixture
def paper(case):
    return case.documents.get()


@pytest.fixture
def seen_by(client):
    """A function that signs somebody in."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def page_of(case, name="change"):
    return reverse(f"admin:complaints_complaint_{name}", args=[case.pk])


def texts(answer):
    return [str(message) for message in answer.context["messages"]]


# Who sees what


@pytest.mark.parametrize("name", OF_A_CASE)
@pytest.mark.parametrize(
    ("who", "status"),
    [(admin, 200), (manager, 200), (viewer, 200), (analyst, 404)],
    ids=["admin", "manager", "viewer", "analyst without the case"],
)
def test_a_page_of_a_case_is_for_those_who_see_the_case(seen_by, practice, case, name, who, status):
    expected = 403 if who is viewer and name == "edit" else status
    assert seen_by(who(practice)).get(page_of(case, name)).status_code == expected


@pytest.mark.parametrize("name", OF_A_CASE)
def test_another_practice_finds_no_page_of_a_case(seen_by, case, name):
    assert seen_by(outsider()).get(page_of(case, name)).status_code == 404


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_refused_to_a_viewer_and_unknown_to_others(seen_by, practice, case, name):
    assert seen_by(viewer(practice)).post(page_of(case, name)).status_code == 403
    assert seen_by(analyst(practice)).post(page_of(case, name)).status_code == 404
    assert seen_by(outsider()).post(page_of(case, name)).status_code == 404
    assert seen_by(admin(practice)).get(page_of(case, name)).status_code == 405


@pytest.mark.parametrize("name", ["change", "download", "retry"])
def test_a_paper_is_for_those_who_see_its_case(seen_by, practice, paper, name):
    address = reverse(f"admin:complaints_document_{name}", args=[paper.pk])
    for stranger in (analyst(practice), outsider()):
        browser = seen_by(stranger)
        assert (browser.post if name == "retry" else browser.get)(address).status_code == 404
    browser = seen_by(viewer(practice))
    assert (browser.post if name == "retry" else browser.get)(address).status_code == (403 if name == "retry" else 200)


def test_a_viewer_is_offered_nothing_that_a_viewer_may_not_do(seen_by, practice, case):
    browser = seen_by(viewer(practice))
    for name in ("change", "documents", "analysis"):
        text = browser.get(page_of(case, name)).content.decode()
        inside = text[text.index('class="lp"') :]
        assert "<form" not in inside, name
        assert page_of(case, "edit") not in inside


def test_an_analyst_may_move_a_case_but_not_give_it_away(seen_by, worker, case):
    text = seen_by(worker).get(page_of(case)).content.decode()
    assert page_of(case, "move") in text
    assert page_of(case, "assign") not in text
    assert seen_by(worker).post(page_of(case, "assign"), {"version": case.version}).status_code == 403


@pytest.mark.parametrize("key", ["0", "99999999999999999999999", "x", "-1"])
def test_a_key_that_is_none_is_not_found(seen_by, practice, key):
    assert seen_by(admin(practice)).get(f"/admin/complaints/complaint/{key}/change/").status_code == 404
    assert seen_by(admin(practice)).get(f"/admin/complaints/document/{key}/change/").status_code == 404


# Opening and changing a case


def typed(**changes):
    return {
        "client_name": "Juniper Vance",
        "client_kind": "individual",
        "nation": "scotland",
        "tax_head": "PAYE",
        "opened_on": "2026-01-19",
        "references": "utr: 5021489375\n\nNINO QQ318842C",
        "brief": "A code was wrong.",
        "desired_outcome": "An apology.",
    } | changes


def test_a_case_is_opened_and_falls_to_the_analyst_who_opened_it(seen_by, worker):
    answer = seen_by(worker).post("/admin/complaints/complaint/add/", typed())
    made = Complaint.objects.get()
    assert answer.url == page_of(made, "documents")
    assert (made.client.name, made.assigned_to, made.created_by) == ("Juniper Vance", worker, worker)
    assert made.references == [["utr", "5021489375"], ["nino", "QQ318842C"]]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("references", "passport 12", "is not a kind and a number"),
        ("opened_on", "2099-01-01", "a day to come"),
        ("client_name", "", "This field is required"),
    ],
)
def test_a_case_that_cannot_be_opened_keeps_what_was_typed(seen_by, worker, field, value, told):
    answer = seen_by(worker).post("/admin/complaints/complaint/add/", typed(**{field: value}))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "A code was wrong." in answer.content.decode()
    assert not Complaint.objects.exists()


def test_staff_of_the_platform_say_for_which_practice_a_case_is_opened(seen_by, practice):
    make_practice()
    browser = seen_by(superuser())
    assert browser.post("/admin/complaints/complaint/add/", typed()).status_code == 422
    browser.post("/admin/complaints/complaint/add/", typed(practice=practice.pk))
    assert Complaint.objects.get().practice == practice


def test_a_viewer_cannot_open_a_case(seen_by, practice):
    assert seen_by(viewer(practice)).get("/admin/complaints/complaint/add/").status_code == 403


def test_a_case_is_changed_by_the_service_that_records_it(seen_by, worker, case):
    changed = {"tax_head": "VAT", "references": "vrn 123456789", "version": case.version}
    assert seen_by(worker).post(page_of(case, "edit"), changed).url == page_of(case)
    case.refresh_from_db()
    assert (case.tax_head, case.references) == ("VAT", [["vrn", "123456789"]])
    assert AuditEvent.objects.filter(action="complaint.edited", actor=worker).count() == 1


def test_a_form_that_is_out_of_date_keeps_what_was_typed_beside_what_holds(seen_by, worker, case):
    Complaint.objects.filter(pk=case.pk).update(tax_head="Somebody else's words", version=case.version + 1)
    answer = seen_by(worker).post(page_of(case, "edit"), {"tax_head": "My words", "version": case.version})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "What you typed is below" in text
    assert "My words" in text
    assert "Somebody else&#x27;s words" in text
    assert f'name="version" value="{case.version + 1}"' in text
    assert Complaint.objects.get().tax_head == "Somebody else's words"


@pytest.mark.parametrize("name", ["edit", "assign", "move"])
def test_a_form_without_its_version_changes_nothing(seen_by, practice, case, name):
    sent = {"tax_head": "VAT", "to": "active" if name == "move" else ""}
    assert seen_by(admin(practice)).post(page_of(case, name), sent).status_code == 428
    case.refresh_from_db()
    assert (case.status, case.tax_head, case.assigned_to is None) == ("assessment", "Self Assessment", False)


def test_a_case_is_given_to_a_colleague(seen_by, practice, case):
    other = analyst(practice, name="Bryn Marsh")
    boss = manager(practice)
    answer = seen_by(boss).post(page_of(case, "assign"), {"to": other.pk, "version": case.version}, follow=True)
    case.refresh_from_db()
    assert case.assigned_to == other
    assert texts(answer) == ["Assigned to Bryn Marsh."]


@pytest.mark.parametrize("stranger", [outsider, viewer])
def test_a_case_is_not_given_to_somebody_who_cannot_work_on_it(seen_by, practice, case, stranger):
    to = stranger() if stranger is outsider else stranger(practice)
    answer = seen_by(manager(practice)).post(
        page_of(case, "assign"), {"to": to.pk, "version": case.version}, follow=True
    )
    case.refresh_from_db()
    assert case.assigned_to.name == "Ada Reed"
    assert "not one of the available choices" in texts(answer)[0]


def test_a_case_is_moved_and_a_wrong_move_says_where_it_can_go(seen_by, worker, case):
    browser = seen_by(worker)
    browser.post(page_of(case, "move"), {"to": "active", "version": case.version})
    case.refresh_from_db()
    assert case.status == "active"
    answer = browser.post(page_of(case, "move"), {"to": "assessment", "version": case.version})
    assert answer.status_code == 409
    assert "it can go to" in answer.content.decode()


def test_a_stale_move_is_refused(seen_by, worker, case):
    answer = seen_by(worker).post(page_of(case, "move"), {"to": "active", "version": case.version + 3})
    assert answer.status_code == 412
    case.refresh_from_db()
    assert case.status == "assessment"


def test_a_line_and_context_are_added_by_name(seen_by, worker, case):
    browser = seen_by(worker)
    browser.post(page_of(case, "note"), {"text": "Rang the client."})
    browser.post(page_of(case, "context"), {"context": "The client moved in May."})
    text = browser.get(page_of(case)).content.decode()
    assert "Rang the client." in text
    assert "The client moved in May." in text
    assert "Ada Reed" in text
    assert case.context.get().by == worker
    assert case.runs.get().kind == CaseRun.Kind.ANALYSE


def test_empty_words_are_refused_where_they_were_typed(seen_by, worker, case):
    for name in ("note", "context"):
        answer = seen_by(worker).post(page_of(case, name), {"text": "", "context": " "})
        assert answer.status_code == 422
        assert "This field is required" in answer.content.decode()
    assert not case.context.exists()


# Papers


def a_file(name="letter.txt", data=b"We wrote on 1 March 2025."):
    return SimpleUploadedFile(name, data)


def test_several_files_are_taken_in_at_once_and_read_by_a_job(seen_by, worker, case):
    answer = seen_by(worker).post(
        page_of(case, "upload"), {"files": [a_file("a.txt", b"one"), a_file("b.txt", b"two")]}
    )
    assert answer.url == page_of(case, "documents")
    assert set(case.documents.values_list("name", flat=True)) >= {"a.txt", "b.txt"}
    assert case.runs.get().state == CaseRun.State.QUEUED
    text = seen_by(worker).get(page_of(case, "documents")).content.decode()
    assert "Reading the papers" in text
    assert "Waiting" in text


def test_who_sends_papers_is_told_how_many_of_them_are_new(seen_by, worker, case):
    def told(*files):
        sent = {"files": [a_file(f"{number}.txt", data) for number, data in enumerate(files)]}
        answer = seen_by(worker).post(page_of(case, "upload"), sent, headers={"accept": "application/json"})
        return answer.json()["message"]

    assert told(b"one") == "1 paper taken in and being read."
    assert told(b"one", b"two", b"three") == (
        "2 papers taken in and being read. The case has 1 paper of these already."
    )
    assert told(b"three") == "1 paper: the case has it already."


@pytest.mark.parametrize(("files", "status"), [([a_file()], 201), ([], 422)])
def test_a_script_is_answered_with_json(seen_by, worker, case, files, status):
    answer = seen_by(worker).post(page_of(case, "upload"), {"files": files}, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_file_over_the_limit_becomes_a_paper_with_that_problem(seen_by, worker, case, settings):
    settings.DOCUMENT_MAX_BYTES = 2_000_000
    seen_by(worker).post(page_of(case, "upload"), {"files": [a_file("big.txt", b"x" * 2_000_001)]})
    big = case.documents.get(name="big.txt")
    assert big.problem_kind == "too-large"
    assert seen_by(worker).get(reverse("admin:complaints_document_download", args=[big.pk])).status_code == 404
    assert "over the limit" in seen_by(worker).get(page_of(case, "documents")).content.decode()


def test_uploads_are_limited(seen_by, worker, case, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"uploads": settings.RATE_LIMITS["uploads"] | {"rate": "1/h"}}
    browser = seen_by(worker)
    assert browser.post(page_of(case, "upload"), {"files": [a_file()]}).status_code == 302
    assert browser.post(page_of(case, "upload"), {"files": [a_file("b.txt", b"b")]}).status_code == 429


def test_a_paper_is_handed_out_as_it_came_to_be_saved(seen_by, worker, paper):
    answer = seen_by(worker).get(reverse("admin:complaints_document_download", args=[paper.pk]))
    assert answer.content == bytes(paper.blob.data)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_words_are_marked_where_they_stand_and_text_is_never_markup(seen_by, worker, case, paper):
    Page.objects.create(
        document=paper, position=0, number=3, text=f"Before {HOSTILE} the  promised\nmoney after.", method="text"
    )
    Document.objects.filter(pk=paper.pk).update(name=f"{HOSTILE}.txt", hidden_text=[HOSTILE], read_with="x")
    address = reverse("admin:complaints_document_change", args=[paper.pk])
    text = seen_by(worker).get(address, {"quote": "promised money", "page": "3"}).content.decode()
    assert '<mark id="words">promised\nmoney</mark>' in text
    for name in ("change", "documents", "analysis"):
        text += seen_by(worker).get(page_of(case, name)).content.decode()
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


def test_a_paper_with_a_problem_is_read_again(seen_by, worker, case, paper):
    Document.objects.filter(pk=paper.pk).update(problem_kind="unreadable", problem_detail="Damaged", read_with="x")
    text = seen_by(worker).get(page_of(case, "documents")).content.decode()
    address = reverse("admin:complaints_document_retry", args=[paper.pk])
    assert address in text
    seen_by(worker).post(address)
    paper.refresh_from_db()
    assert paper.status == "waiting"
    answer = seen_by(worker).post(address, follow=True)
    assert "only one with a problem is read again" in texts(answer)[-1]


# Work and what comes of it


def test_the_chronology_leads_to_the_words_that_carry_it(seen_by, worker, case, paper):
    run = start_run(complaint=case, kind=CaseRun.Kind.ANALYSE, by=worker, now=NOW)
    work_on_run(run_id=run.pk)
    text = seen_by(worker).get(page_of(case, "analysis")).content.decode()
    assert "Chronology" in text
    assert f"/admin/complaints/document/{paper.pk}/change/?quote=" in text


def test_the_state_of_the_work_is_told_while_it_goes_on(seen_by, worker, case):
    run = start_run(complaint=case, kind=CaseRun.Kind.READ, by=worker, now=NOW)
    CaseRun.objects.filter(pk=run.pk).update(state="running", step="read", done=2, total=9, started_at=NOW)
    text = seen_by(worker).get(page_of(case, "runs")).content.decode()
    assert f'data-live="{run.pk}"' in text
    assert "2 of 9" in text
    CaseRun.objects.filter(pk=run.pk).update(state="done", finished_at=NOW)
    assert "data-live" not in seen_by(worker).get(page_of(case, "runs")).content.decode()


def test_work_that_failed_says_why_and_is_started_again(seen_by, practice, worker, case):
    run = start_run(complaint=case, kind=CaseRun.Kind.READ, by=worker, now=NOW)
    CaseRun.objects.filter(pk=run.pk).update(state="failed", finished_at=NOW, message="The disk is full")
    assert "The disk is full" in seen_by(worker).get(page_of(case)).content.decode()
    address = reverse("admin:complaints_complaint_restart", args=[run.pk])
    assert seen_by(viewer(practice)).post(address).status_code == 403
    assert seen_by(outsider()).post(address).status_code == 404
    letters = reverse("admin:letters_letter_case", args=[case.pk])
    answer = seen_by(worker).post(address, headers={"Referer": f"http://testserver{letters}"})
    assert answer.url == letters
    assert case.runs.filter(state="queued").count() == 1
    assert (
        "only a failed or cancelled one is started again"
        in texts(
            seen_by(worker).post(
                reverse("admin:complaints_complaint_restart", args=[case.runs.first().pk]), follow=True
            )
        )[0]
    )


# Lists


def fill(practice, worker, count):
    """`count` cases, each of a client of its own and with a paper."""
    clients = Client.objects.bulk_create(
        Client(practice=practice, name=f"Client {n}", kind="company", nation="scotland") for n in range(count)
    )
    cases = Complaint.objects.bulk_create(
        Complaint(
            practice=practice, client=one, reference=f"T-{n:05d}", tax_head="VAT", opened_on=NOW.date(), created_at=NOW,
            assigned_to=worker,
        )
        for n, one in enumerate(clients)
    )  # fmt: skip
    Blob.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "data": b"x"})
    Document.objects.bulk_create(
        Document(complaint=one, name="a.txt", position=0, blob_id="0" * 64, read_with="x") for one in cases
    )
    return cases


def queries_of(client, address):

    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["complaint", "document", "client"])
def test_a_list_costs_the_same_with_one_row_and_with_fifty(seen_by, practice, worker, name):
    browser = seen_by(admin(practice))
    address = reverse(f"admin:complaints_{name}_changelist")
    fill(practice, worker, 1)
    browser.get(address)
    one = queries_of(browser, address)
    Complaint.objects.all().delete()
    Client.objects.all().delete()
    fill(practice, worker, 50)
    assert queries_of(browser, address) == one <= 8


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_page_of_a_case_costs_the_same_with_many_papers(seen_by, worker, case, name):
    browser = seen_by(worker)
    one = queries_of(browser, page_of(case, name))
    Document.objects.bulk_create(
        Document(complaint=case, name=f"{n}.txt", position=n, blob_id=case.documents.first().blob_id)
        for n in range(1, 50)
    )
    for n in range(30):
        case.timeline.create(at=NOW + timedelta(minutes=n), by=worker, text=f"Line {n}")
    assert queries_of(browser, page_of(case, name)) == one <= 12


def test_the_first_page_costs_the_same_with_many_cases(seen_by, practice, worker):
    browser = seen_by(worker)
    fill(practice, worker, 1)
    browser.get("/admin/")
    one = queries_of(browser, "/admin/")
    Complaint.objects.all().delete()
    Client.objects.all().delete()
    for case in fill(practice, worker, 30):
        start_run(complaint=case, kind=CaseRun.Kind.READ, by=worker, now=NOW)
    assert queries_of(browser, "/admin/") == one <= 12


def test_the_first_page_counts_cases_and_names_those_of_the_user(seen_by, practice, worker):
    fill(practice, worker, 3)
    fill(practice_of := make_practice(), analyst(practice_of), 2)
    text = seen_by(worker).get("/admin/").content.decode()
    assert "<strong>3</strong>" in text
    assert "T-00002" in text
    assert "<strong>2</strong>" not in text


def test_a_move_is_counted_at_once(seen_by, worker, case):
    browser = seen_by(worker)
    states = [browser.get("/admin/").context["parts"][0].values["states"]]
    browser.post(page_of(case, "move"), {"to": "active", "version": case.version})
    states.append(browser.get("/admin/").context["parts"][0].values["states"])
    assert [dict((state, count) for state, _, count in one)["active"] for one in states] == [0, 1]


def test_a_list_is_searched_by_words_and_filtered(seen_by, practice, worker, case):
    browser = seen_by(worker)
    address = reverse("admin:complaints_complaint_changelist")
    assert case.reference in browser.get(address, {"q": "achter"}).content.decode()
    assert case.reference not in browser.get(address, {"q": "nobody"}).content.decode()
    assert case.reference in browser.get(address, {"assigned": "me", "status__exact": "assessment"}).content.decode()
    assert case.reference not in browser.get(address, {"assigned": "nobody"}).content.decode()
    assert case.reference in browser.get(address, {"assigned": worker.pk}).content.decode()
    assert (
        case.reference
        in browser.get(reverse("admin:complaints_document_changelist"), {"q": "achterberg"}).content.decode()
    )
    assert "Rowan" in browser.get(reverse("admin:complaints_client_changelist"), {"q": "rowan"}).content.decode()
    assert (
        "letter.txt"
        in browser.get(reverse("admin:complaints_document_changelist"), {"state": "waiting"}).content.decode()
    )


def test_a_list_shows_nothing_of_others(seen_by, practice, case):
    for stranger in (analyst(practice), outsider()):
        for name in ("complaint", "document", "client"):
            text = seen_by(stranger).get(reverse(f"admin:complaints_{name}_changelist")).content.decode()
            assert "Achterberg" not in text
            assert "letter.txt" not in text


def act(browser, action, rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return browser.post(reverse("admin:complaints_complaint_changelist"), sent, follow=True)


def test_cases_are_moved_together_and_those_that_cannot_be_say_why(seen_by, practice, worker):
    one, two, closed = fill(practice, worker, 3)
    Complaint.objects.filter(pk=closed.pk).update(status="closed")
    answer = act(seen_by(worker), "move_active", [one, two, closed])
    assert sorted(Complaint.objects.values_list("status", flat=True)) == ["active", "active", "closed"]
    assert texts(answer)[0] == "2 moved to Active."
    assert f"{closed}: A complaint that is closed cannot become active" in texts(answer)[1]


def test_cases_are_assigned_together_after_asking_to_whom(seen_by, practice, worker):
    rows, other = fill(practice, worker, 2), analyst(practice, name="Bryn Marsh")
    browser = seen_by(manager(practice))
    asked = act(browser, "assign_to", rows).content.decode()
    assert "Bryn Marsh" in asked
    assert rows[1].reference in asked
    answer = act(browser, "assign_to", rows, apply="1", to=other.pk)
    assert texts(answer) == ["2 assigned to Bryn Marsh."]
    assert set(Complaint.objects.values_list("assigned_to", flat=True)) == {other.pk}


def test_an_action_that_the_role_may_not_do_is_neither_offered_nor_done(seen_by, practice, worker):
    rows, other = fill(practice, worker, 1), analyst(practice)
    act(seen_by(worker), "assign_to", rows, apply="1", to=other.pk)
    act(seen_by(viewer(practice)), "move_active", rows)
    row = Complaint.objects.get()
    assert (row.assigned_to, row.status) == (worker, "assessment")
    assert "move_active" not in seen_by(viewer(practice)).get("/admin/complaints/complaint/").content.decode()


def test_papers_are_read_again_together(seen_by, worker, case, paper):
    Document.objects.filter(pk=paper.pk).update(problem_kind="unreadable", problem_detail="Damaged")
    sent = {"action": "read_again", "_selected_action": [paper.pk]}
    answer = seen_by(worker).post(reverse("admin:complaints_document_changelist"), sent, follow=True)
    assert texts(answer) == ["1 being read again."]


def test_a_client_is_renamed_and_a_name_that_is_taken_is_refused(seen_by, practice, worker, case):
    address = reverse("admin:complaints_client_change", args=[case.client_id])
    browser = seen_by(worker)
    browser.post(address, {"name": "Rowan Achterberg-Vance", "seen_version": case.client.version})
    case.client.refresh_from_db()
    assert case.client.name == "Rowan Achterberg-Vance"
    make_complaint(practice, make_bundle(client_name="Somebody Else", brief="x"))
    answer = browser.post(address, {"name": "Somebody Else", "seen_version": case.client.version})
    assert "has a client Somebody Else" in answer.content.decode()
    stale = browser.post(address, {"name": "Rowan Vance", "seen_version": case.client.version - 1})
    assert "read it again" in stale.content.decode()
    case.client.refresh_from_db()
    assert case.client.name == "Rowan Achterberg-Vance"
    assert seen_by(viewer(practice)).get(address).status_code == 200
    assert seen_by(outsider()).get(address).status_code in (302, 404)


def test_deadlines_of_the_users_cases_are_told_on_the_first_page(seen_by, worker, case):
    near = timezone.localdate() + timedelta(days=5)
    deadlines = [
        {"what": "appeal against the penalty", "date": near.isoformat(), "kind": "statutory"},
        {"what": "a day long gone", "date": "2020-01-01", "kind": "statutory"},
    ]
    case.analyses.create(version=1, inputs_hash="h", facts={}, analysis={"deadlines": deadlines}, created_at=NOW)
    text = seen_by(worker).get("/admin/").content.decode()
    assert "Appeal against the penalty" in text
    assert "a day long gone" not in text.lower()

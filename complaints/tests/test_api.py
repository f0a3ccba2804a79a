import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.models import CaseAnalysis, CaseRun, Complaint
from complaints.tests.factories import LETTER, NOW, make_bundle, make_complaint
from users.tests.factories import admin, analyst, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
INTAKE = {
    "client_name": "Rowan Achterberg",
    "client_kind": "individual",
    "nation": "scotland",
    "tax_head": "Self Assessment",
    "opened_on": "2026-01-19",
    "references": [{"kind": "utr", "value": "5021489375"}],
}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def api(practice):
    return client_of(manager(practice))


@pytest.fixture
def complaint(practice):
    return make_complaint(practice)


def post(api, where, body=None, **headers):
    return api.post(f"{V1}{where}", body or {}, content_type="application/json", headers=headers)


def opened(api, **changes):
    return post(api, "/complaints/", INTAKE | changes)


def test_a_complaint_is_opened_edited_assigned_and_moved(api, practice) -> None:
    colleague = analyst(practice)
    made = opened(api, assigned_to=colleague.pk)
    assert made.status_code == 201, made.content
    where = made.headers["Location"].removeprefix(V1)
    assert (made.json()["references"], made.json()["assigned_to"]) == (INTAKE["references"], colleague.pk)
    edited = api.patch(
        f"{V1}{where}", {"brief": "Wants it ended"}, content_type="application/json", headers={"If-Match": made["ETag"]}
    )
    assert edited.json()["brief"] == "Wants it ended"
    given = post(api, f"{where}assign/", {"to": None}, **{"If-Match": edited["ETag"]})
    assert given.json()["assigned_to"] is None
    moved = post(api, f"{where}move/", {"to": "active"}, **{"If-Match": given["ETag"]})
    assert (moved.json()["status"], moved.json()["moves"]) == ("active", ["escalated", "resolved", "closed"])
    refused = post(api, f"{where}move/", {"to": "assessment"}, **{"If-Match": moved["ETag"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lightpoint:move-not-allowed")
    lines = api.get(f"{V1}{where}timeline/").json()["results"]
    assert [line["text"].split()[0] for line in lines] == ["Moved", "Assigned", "Changed:", "Case"]


def test_a_stale_edit_is_refused_and_one_without_an_etag_too(api, complaint) -> None:
    where = f"{V1}/complaints/{complaint.pk}/"
    tag = api.get(where)["ETag"]
    body = {"brief": "one"}
    assert api.patch(where, body, content_type="application/json").status_code == 428
    assert api.patch(where, body, content_type="application/json", headers={"If-Match": tag}).status_code == 200
    assert api.patch(where, body, content_type="application/json", headers={"If-Match": tag}).status_code == 412


def test_an_opening_that_is_sent_twice_opens_one_case(api) -> None:
    first, second = (post(api, "/complaints/", INTAKE, **{"Idempotency-Key": "open-1"}) for _ in range(2))
    assert (first.json()["id"], second["Idempotent-Replayed"]) == (second.json()["id"], "true")
    assert Complaint.objects.count() == 1


def test_staff_of_the_platform_name_the_practice(practice) -> None:
    api = client_of(superuser())
    assert opened(api).status_code == 422
    assert opened(api, practice=practice.pk).json()["practice"] == practice.pk


def test_nobody_opens_a_case_of_another_practice_or_gives_it_to_a_stranger(api) -> None:
    assert opened(api, practice=make_practice().pk).status_code == 422
    assert opened(api, assigned_to=outsider().pk).status_code == 422


def uploaded(api, complaint, *files):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return api.post(f"{V1}/complaints/{complaint.pk}/documents/", {"files": sent})


def test_files_are_taken_in_and_the_run_that_reads_them_is_named(api, complaint) -> None:
    taken = uploaded(api, complaint, ("a.txt", b"one"), ("b.txt", b"two"), ("again.txt", LETTER.encode()))
    assert taken.status_code == 202, taken.content
    assert [document["name"] for document in taken.json()["documents"]] == ["a.txt", "b.txt", "letter.txt"]
    run = api.get(taken["Location"]).json()
    assert (run["kind"], run["state"]) == ("read", "queued")
    listed = api.get(f"{V1}/complaints/{complaint.pk}/documents/?status=waiting").json()["results"]
    assert [document["name"] for document in listed] == ["letter.txt", "a.txt", "b.txt"]


def test_a_file_over_the_limit_becomes_a_document_with_that_problem(api, complaint, settings) -> None:
    settings.DOCUMENT_MAX_BYTES = 10
    (document,) = uploaded(api, complaint, ("big.txt", b"x" * 11)).json()["documents"]
    assert (document["status"], document["problem_kind"]) == ("problem", "too-large")
    assert api.get(f"{V1}/documents/{document['id']}/content/").status_code == 404
    assert post(api, f"/documents/{document['id']}/retry/").status_code == 409


def test_an_upload_without_a_file_is_refused(api, complaint) -> None:
    assert api.post(f"{V1}/complaints/{complaint.pk}/documents/", {}).status_code == 422


def test_a_document_is_downloaded_as_it_came_and_never_run(api, complaint) -> None:
    document = complaint.documents.get()
    answer = api.get(f"{V1}/documents/{document.pk}/content/")
    assert (answer.content, answer["Content-Disposition"]) == (LETTER.encode(), 'attachment; filename="letter.txt"')
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_hostile_name_does_not_leave_its_header(api, practice) -> None:
    case = make_complaint(practice, make_bundle([('a"\r\nX-Evil: 1;.html', b"<script>alert(1)</script>")]))
    answer = api.get(f"{V1}/documents/{case.documents.get().pk}/content/")
    assert "X-Evil" not in answer.headers
    assert answer["Content-Type"] == "application/octet-stream"


def test_context_is_a_dated_entry_and_a_document_of_the_case(api, complaint) -> None:
    made = post(api, f"/complaints/{complaint.pk}/context/", {"text": "HMRC rang on 3 March 2025."})
    assert made.status_code == 201, made.content
    entries = api.get(f"{V1}/complaints/{complaint.pk}/context/").json()["results"]
    assert [entry["text"] for entry in entries] == ["HMRC rang on 3 March 2025."]
    assert complaint.documents.filter(pk=entries[0]["document"]).exists()
    assert complaint.runs.get().kind == CaseRun.Kind.ANALYSE


def test_an_analysis_is_a_run_and_a_second_press_finds_it(api, complaint) -> None:
    first, second = (post(api, f"/complaints/{complaint.pk}/analyses/") for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    assert [run["id"] for run in api.get(f"{V1}/complaints/{complaint.pk}/runs/").json()["results"]] == [
        first.json()["id"]
    ]


def test_only_a_failed_run_is_started_again(api, complaint) -> None:
    run = post(api, f"/complaints/{complaint.pk}/analyses/").json()["id"]
    assert post(api, f"/runs/{run}/retry/").status_code == 409
    CaseRun.objects.update(state="failed", finished_at=complaint.created_at)
    assert post(api, f"/runs/{run}/retry/").json()["id"] != run


def test_a_colleague_who_leaves_hands_their_cases_over(practice, complaint) -> None:
    api = client_of(admin(practice))
    leaver, heir = analyst(practice), analyst(practice)
    Complaint.objects.update(assigned_to=leaver)
    where = f"/users/{leaver.pk}/deactivate/"
    assert post(api, where).status_code == 422
    assert post(api, where, {"hand_over_to": heir.pk}).json() == {"handed_over": 1}
    complaint.refresh_from_db()
    leaver.refresh_from_db()
    assert (complaint.assigned_to, leaver.is_active) == (heir, False)


def test_a_client_is_renamed_where_it_was_read(api, complaint) -> None:
    where = f"{V1}/clients/{complaint.client_id}/"
    tag = api.get(where)["ETag"]
    done = api.patch(where, {"name": "Rowan Q Achterberg"}, content_type="application/json", headers={"If-Match": tag})
    assert done.json()["name"] == "Rowan Q Achterberg"
    assert len(api.get(f"{V1}/complaints/?q=achter q").json()["results"]) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [("status=assessment", 1), ("status=closed", 0), ("q=rowan", 1), ("q=...", 0), ("unassigned=true", 1)],
)
def test_lists_are_filtered(api, complaint, query, count) -> None:
    assert len(api.get(f"{V1}/complaints/?{query}").json()["results"]) == count


def test_a_typo_in_a_filter_returns_nothing_but_an_error(api, complaint) -> None:
    assert api.get(f"{V1}/complaints/?staus=closed").status_code == 422


PARTS = ("", "timeline/", "documents/", "context/", "analyses/", "runs/")


@pytest.mark.parametrize("part", PARTS)
def test_an_analyst_sees_their_own_cases_and_a_stranger_none(practice, complaint, part) -> None:
    colleague = analyst(practice)
    where = f"{V1}/complaints/{complaint.pk}/{part}"
    assert client_of(colleague).get(where).status_code == 404
    assert client_of(outsider()).get(where).status_code == 404
    Complaint.objects.update(assigned_to=colleague)
    assert client_of(colleague).get(where).status_code == 200


def test_a_viewer_reads_and_changes_nothing(practice, complaint) -> None:
    api = client_of(viewer(practice))
    assert api.get(f"{V1}/complaints/{complaint.pk}/").status_code == 200
    assert opened(api).status_code == 403
    assert uploaded(api, complaint, ("a.txt", b"one")).status_code == 403


@pytest.mark.parametrize("where", ["/complaints/", "/clients/", "/complaints/{}/documents/", "/complaints/{}/runs/"])
def test_a_list_costs_the_same_queries_however_long(api, complaint, practice, where, django_assert_num_queries) -> None:
    address = f"{V1}{where.format(complaint.pk)}"
    extra = 1 if "{}" in where else 0  # the complaint
    api.get(address)
    with django_assert_num_queries(3 + extra):  # session, user, rows
        api.get(address)
    for number in range(20):
        make_complaint(practice, make_bundle([(f"{number}.txt", b"x")], client_name=f"Client {number}"))
    with django_assert_num_queries(3 + extra):
        api.get(address)


def test_an_analysis_of_an_earlier_version_is_a_conflict_that_says_what_to_do(api, complaint) -> None:
    row = CaseAnalysis.objects.create(
        complaint=complaint, version=1, inputs_hash="0" * 64, facts={}, analysis={"shape": 1}, created_at=NOW
    )
    answer = api.get(f"{V1}/analyses/{row.pk}/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lightpoint:outdated-record")

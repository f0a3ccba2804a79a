"""What schemathesis cannot know: rules of roles, sizes, what a file may hold, and what a list costs."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.api.uploads import BoundedUploadHandler
from complaints.models import Blob, CaseRun, Complaint, Document
from complaints.models import Client as CaseClient
from complaints.services import analyse_complaint, assign_complaint, extract_facts, read_documents
from complaints.tests.factories import NOW, make_bundle, make_complaint
from knowledge.selectors import guidance_index
from knowledge.services import load_digest_into_database
from lightpoint.progress import NullProgress
from users.tests.factories import analyst, make_key, make_practice, manager, outsider, superuser, viewer

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
INTAKE = {
    "client_name": "Rowan Achterberg",
    "client_kind": "individual",
    "nation": "scotland",
    "tax_head": "Self Assessment",
    "opened_on": "2026-01-19",
}


def client_of(user, **options):
    client = Client(**options)
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


def send(api, method, where, body=None, **headers):
    return api.generic(method, f"{V1}{where}", json.dumps(body or {}), "application/json", headers=headers)


def kind_of(answer):
    return answer.status_code, answer.json()["type"].removeprefix("urn:lightpoint:")


# Opening and lists


def test_an_analyst_opens_a_case_for_themselves_and_for_nobody_else(practice):
    colleague, other = analyst(practice), analyst(practice)
    api = client_of(colleague)
    for sent in ({}, {"assigned_to": colleague.pk}):
        assert send(api, "POST", "/complaints/", INTAKE | sent).json()["assigned_to"] == colleague.pk
    assert kind_of(send(api, "POST", "/complaints/", INTAKE | {"assigned_to": other.pk})) == (403, "not-allowed")
    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"opened_on": "2999-01-01"}, "unusable-day"),
        ({"opened_on": "1700-01-01"}, "unusable-day"),
        ({"brief": "bell\u0007"}, "unusable-text"),
        ({"client_name": "\u200b"}, "unusable-text"),
        ({"brief": "x" * 20_001}, "invalid-input"),
        ({"references": [{"kind": "utr", "value": "1", "more": 1}]}, "invalid-input"),
        ({"references": [{"kind": "utr", "value": "1"}] * 51}, "invalid-input"),
        ({"stauts": "closed"}, "invalid-input"),
        ({"brief": "a\u0000"}, "unstorable-text"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_word_for_it(api, change, word):
    assert kind_of(send(api, "POST", "/complaints/", INTAKE | change)) == (422, word)


def test_the_detail_says_what_was_typed_and_where_the_case_can_go(api, complaint):
    found = api.get(f"{V1}/complaints/{complaint.pk}/").json()
    assert found["moves"] == ["active", "escalated", "closed"]
    assert found["references"] == [{"kind": "utr", "value": "5021489375"}]
    assert found["hourly_rates"] == [{"grade": "manager", "rate": "125.00"}]
    assert found["version"] == 1


@pytest.mark.parametrize(
    "ordering", ["-opened_on", "opened_on", "reference", "-reference", "-updated_at", "updated_at"]
)
def test_a_list_is_walked_in_each_ordering_without_a_gap(api, practice, ordering):
    for day in (3, 1, 2, 2):
        make_complaint(practice, make_bundle(client_name=f"Client {day}", opened_on=date(2026, 1, day), brief=str(day)))
    Complaint.objects.create(
        practice=practice,
        client=CaseClient.objects.first(),
        reference="LP-2026-00009",
        tax_head="PAYE",
        opened_on=date(2026, 1, 2),
        created_at=NOW,
    )
    field = ordering.removeprefix("-")
    whole = api.get(f"{V1}/complaints/?ordering={ordering}").json()["results"]
    assert [row[field] for row in whole] == sorted([row[field] for row in whole], reverse=ordering[0] == "-")
    walked, where = [], f"{V1}/complaints/?ordering={ordering}&page_size=2"
    while where:
        page = api.get(where).json()
        walked += [row["id"] for row in page["results"]]
        where = page["next"]
    assert walked == [row["id"] for row in whole]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("opened_after=2026-01-19", 1),
        ("opened_after=2026-01-20", 0),
        ("opened_before=2026-01-18", 0),
        ("tax_head=Self+Assessment", 1),
        ("tax_head=PAYE", 0),
        ("q=LP+rowan+self", 1),
        ("q=rowan+%26+!%3A*%27", 1),
        ("assigned_to=1", 0),
    ],
)
def test_complaints_are_filtered(api, complaint, query, found):
    assert len(api.get(f"{V1}/complaints/?{query}").json()["results"]) == found


def test_complaints_are_filtered_by_client_and_by_who_has_them(api, practice, complaint):
    colleague = analyst(practice)
    assign_complaint(complaint=complaint, to=colleague, by=colleague, now=NOW)
    for query in (f"client={complaint.client_id}", f"assigned_to={colleague.pk}", "unassigned=false"):
        assert [row["id"] for row in api.get(f"{V1}/complaints/?{query}").json()["results"]] == [complaint.pk]


# Uploads


def upload(api, complaint, *files, **more):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return api.post(f"{V1}/complaints/{complaint.pk}/documents/", {"files": sent, **more})


def test_no_more_of_a_file_is_kept_than_a_document_may_have(settings, rf):
    settings.DOCUMENT_MAX_BYTES = 100
    handler = BoundedUploadHandler(rf.post("/"), 10_000)
    handler.new_file("files", "a.pdf", "application/pdf", None)
    sizes = []
    for start in range(0, 300, 60):
        handler.receive_data_chunk(b"x" * 60, start)
        sizes.append(handler.file.tell())
    file = handler.file_complete(300)
    assert max(sizes) == 60
    assert (file.size, file.read()) == (300, b"")


def test_a_file_of_just_the_limit_is_kept_and_one_byte_more_is_not(api, complaint, settings):
    settings.DOCUMENT_MAX_BYTES = 70_000  # more than one piece of a stream
    done = upload(api, complaint, ("fits.txt", b"x" * 70_000), ("over.txt", b"x" * 70_001), ("empty.txt", b""))
    assert [(row["name"], row["status"], row["problem_kind"]) for row in done.json()["documents"]] == [
        ("fits.txt", "waiting", ""),
        ("over.txt", "problem", "too-large"),
        ("empty.txt", "waiting", ""),
    ]
    assert sorted(Blob.objects.values_list("size", flat=True))[-1] == 70_000


def test_a_body_over_the_limit_is_refused_unread(practice, complaint, settings):
    settings.UPLOAD_MAX_BYTES = 1_000
    by = manager(practice)
    key = {"Authorization": f"Bearer {make_key(by)}"}
    for client, headers in ((client_of(by), {}), (Client(enforce_csrf_checks=True), key)):
        files = {"files": [SimpleUploadedFile("a.txt", b"x" * 2_000)]}
        answer = client.post(f"{V1}/complaints/{complaint.pk}/documents/", files, headers=headers)
        assert answer.status_code == 413, answer.content
    assert Document.objects.count() == 1


def test_an_upload_needs_the_token_against_forgery_in_a_session_and_none_with_a_key(practice, complaint):
    by = manager(practice)
    assert upload(client_of(by, enforce_csrf_checks=True), complaint, ("a.txt", b"a")).status_code == 403
    files = {"files": [SimpleUploadedFile("a.txt", b"a")]}
    key = {"Authorization": f"Bearer {make_key(by)}"}
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"{V1}/complaints/{complaint.pk}/documents/", files, headers=key).status_code == 202


def test_too_many_files_and_other_fields_are_refused(api, complaint, settings):
    assert upload(api, complaint, ("a.txt", b"a"), note="what is this").status_code == 422
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    assert upload(api, complaint, *[(f"{n}.txt", b"%d" % n) for n in range(3)]).status_code == 400
    settings.BUNDLE_MAX_DOCUMENTS = 2
    assert kind_of(upload(api, complaint, ("b.txt", b"b"), ("c.txt", b"c"))) == (409, "too-many-papers")
    assert Document.objects.count() == 1


def test_an_upload_that_is_sent_twice_is_taken_in_once(api, complaint):
    key = {"Idempotency-Key": "upload-1"}
    where = f"{V1}/complaints/{complaint.pk}/documents/"
    first, second = (api.post(where, {"files": [SimpleUploadedFile("a.txt", b"a")]}, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (202, 202, "true")
    assert first.json() == second.json()
    assert first["Location"] == second["Location"]
    other = api.post(where, {"files": [SimpleUploadedFile("a.txt", b"b")]}, headers=key)
    assert kind_of(other) == (422, "idempotency-key-reused")


def test_uploads_have_a_limit_of_their_own(api, complaint, settings):
    settings.RATE_LIMITS["uploads"] = {"rate": "1/h", "per": "user", "without_redis": "local"}
    assert upload(api, complaint, ("a.txt", b"a")).status_code == 202
    assert upload(api, complaint, ("b.txt", b"b")).status_code == 429
    assert api.get(f"{V1}/complaints/{complaint.pk}/documents/").status_code == 200


def test_an_attachment_is_downloaded_with_its_mail(api, complaint):
    mail = b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nwords\n--z\n" + (
        b"Content-Disposition: attachment; filename=in.txt\n\ninside\n--z--\n"
    )
    upload(api, complaint, ("m.eml", mail))
    read_documents(complaint=complaint, progress=NullProgress())
    inside = complaint.documents.get(name="m.eml::in.txt")
    answer = api.get(f"{V1}/documents/{inside.pk}/content/")
    assert (answer.content, answer["X-Content-Type-Options"]) == (mail, "nosniff")
    assert answer["Content-Disposition"] == 'attachment; filename="m.eml"'
    (page,) = api.get(f"{V1}/documents/{inside.pk}/pages/").json()["results"]
    assert (page["text"].strip(), page["method"]) == ("inside", "txt")


# Work


def test_a_draft_that_failed_is_started_again_by_who_may_draft_and_within_their_limit(practice, complaint, settings):
    run = CaseRun.objects.create(complaint=complaint, kind="draft", state="failed", created_at=NOW, finished_at=NOW)
    assert send(client_of(viewer(practice)), "POST", f"/runs/{run.pk}/retry/").status_code == 403
    settings.RATE_LIMITS["letters"] = {"rate": "1/h", "per": "user", "without_redis": "local"}
    api = client_of(manager(practice))
    assert send(api, "POST", f"/runs/{run.pk}/retry/").status_code == 202
    assert send(api, "POST", f"/runs/{run.pk}/retry/").status_code == 429


@pytest.fixture
def analysed(complaint):
    load_digest_into_database(now=NOW)
    read_documents(complaint=complaint, progress=NullProgress())
    parts = extract_facts(complaint=complaint, now=NOW, progress=NullProgress())
    return analyse_complaint(complaint=complaint, parts=parts, guidance=guidance_index(), now=NOW)


def test_an_analysis_is_told_with_the_words_that_carry_it(api, complaint, analysed):
    found = api.get(f"{V1}/analyses/{analysed.pk}/").json()
    (paper,) = complaint.documents.all()
    text = paper.pages.get().text
    assert (found["route"], found["tier"], found["documents"][0]["id"]) == ("complaint", 1, paper.pk)
    assert found["events"]
    assert found["breaches"]
    places = [place for name in ("delays", "breaches", "remedies") for row in found[name] for place in row["evidence"]]
    assert places
    assert all(place["quote"] in text for place in [*places, *found["events"]])
    assert [row["version"] for row in api.get(f"{V1}/complaints/{complaint.pk}/analyses/").json()["results"]] == [1]


# Queries


def counted(api, where):
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(f"{V1}{where}")
    assert answer.status_code == 200, answer.content
    return len(queries), len(answer.json().get("results", []))


def fill(practice, complaint, analysed, by):
    """Fifty rows more of everything that has a list."""
    for number in range(50):
        client = CaseClient.objects.create(
            practice=practice, name=f"Client {number}", kind="company", nation="scotland"
        )
        Complaint.objects.create(
            practice=practice,
            client=client,
            reference=f"LP-2020-{number:05d}",
            tax_head="PAYE",
            opened_on=date(2020, 1, 1),
            created_at=NOW,
            created_by=by,
            assigned_to=by,
        )
        complaint.timeline.create(at=NOW, by=by, text="line")
        paper = complaint.documents.create(
            name=f"{number}.txt", position=number, problem_kind="empty", problem_detail="Nothing", uploaded_by=by
        )
        complaint.context.create(document=paper, text="x", at=NOW, by=by)
        complaint.runs.create(kind="read", state="done", created_at=NOW, finished_at=NOW, created_by=by)
        complaint.analyses.create(
            version=number + 2,
            inputs_hash=f"{number:064d}",
            facts=analysed.facts,
            analysis=analysed.analysis,
            created_at=NOW,
        )
    document = complaint.documents.order_by("pk").first()
    for number in range(1, 51):
        document.pages.create(position=number, text="x", method="txt")


@pytest.mark.parametrize("role", [manager, analyst])
def test_lists_and_details_cost_the_same_queries_at_one_row_and_at_fifty(practice, complaint, analysed, role):
    by = role(practice)
    Complaint.objects.update(assigned_to=by)
    complaint.context.create(document=complaint.documents.get(), text="x", at=NOW, by=by)
    complaint.runs.create(kind="read", state="done", created_at=NOW, finished_at=NOW, created_by=by)
    api, own = client_of(by), f"/complaints/{complaint.pk}"
    document = complaint.documents.get().pk
    parts = ("timeline/", "documents/", "context/", "analyses/", "runs/")
    lists = ["/clients/", "/complaints/", *(f"{own}/{part}" for part in parts), f"/documents/{document}/pages/"]
    details = [f"{own}/", f"/documents/{document}/", f"/analyses/{analysed.pk}/"]
    for where in lists:
        counted(api, where)
    before = {where: counted(api, where) for where in [*lists, *details]}
    complaint.context.all().delete()
    fill(practice, complaint, analysed, by)
    after = {where: counted(api, where) for where in [*lists, *details]}
    assert {where: count for where, (count, _rows) in after.items()} == {w: count for w, (count, _) in before.items()}
    assert all(rows >= 49 for where, (_count, rows) in after.items() if where in lists)
    assert max(count for count, _rows in after.values()) <= 4  # session, user, the parent, the rows


def test_staff_of_the_platform_see_and_open_cases_of_every_practice(practice, complaint):
    api = client_of(superuser())
    assert [row["id"] for row in api.get(f"{V1}/complaints/").json()["results"]] == [complaint.pk]
    made = send(api, "POST", "/complaints/", INTAKE | {"practice": practice.pk})
    assert (made.status_code, made.json()["practice"]) == (201, practice.pk)
    assert send(api, "POST", "/complaints/", INTAKE).status_code == 422


def test_an_outsider_finds_no_part_of_a_case(complaint, analysed):
    api = client_of(outsider())
    run = complaint.runs.create(kind="read", created_at=NOW)
    document = complaint.documents.get().pk
    reads = [f"/documents/{document}/{part}" for part in ("", "pages/", "content/")]
    reads += [f"/clients/{complaint.client_id}/", f"/analyses/{analysed.pk}/", f"/runs/{run.pk}/"]
    assert {api.get(f"{V1}{where}").status_code for where in reads} == {404}
    writes = [f"/documents/{document}/retry/", f"/runs/{run.pk}/retry/"]
    writes += [f"/complaints/{complaint.pk}/{part}" for part in ("analyses/", "context/", "timeline/")]
    assert {send(api, "POST", where, {"text": "x"}).status_code for where in writes} == {404}
    assert upload(api, complaint, ("a.txt", b"a")).status_code == 404

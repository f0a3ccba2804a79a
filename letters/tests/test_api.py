import json

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import CaseRun
from letters.models import Letter
from users.tests.factories import analyst, manager, outsider, viewer


@pytest.fixture
def letter(drafted):
    return Letter.objects.get(complaint=drafted, position=0)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def api(drafted):
    return client_of(manager(drafted.practice))


def tag(api, letter):
    return api.get(f"/api/v1/letters/{letter.pk}/").headers["ETag"]


def post(api, letter, verb, **body):
    where = f"/api/v1/letters/{letter.pk}/{verb}/"
    return api.post(where, body, content_type="application/json", headers={"If-Match": tag(api, letter)})


def newest(api, letter):
    return api.get(f"/api/v1/letters/{letter.pk}/").json()["newest_version"]


def test_a_letter_is_edited_reviewed_approved_and_sent_over_the_api(api, letter) -> None:
    ledger = api.get(f"/api/v1/letter-versions/{newest(api, letter)}/ledger/").json()["sentences"]
    fact = next(line for line in ledger if line["kind"] == "fact")
    edited = post(api, letter, "edit", edits=[{"position": fact["position"], "text": ""}])
    assert (edited.status_code, edited.json()["released"]) == (201, True)
    assert post(api, letter, "review", comment="Please look").json()["state"] == "in_review"
    assert post(api, letter, "approve").json()["state"] == "approved"
    today = api.get(f"/api/v1/letters/{letter.pk}/").json()["approved_at"][:10]
    sent = post(api, letter, "send", sent_on=today, method="tracked_post", reference="AB123")
    assert (sent.status_code, sent.json()["method"]) == (201, "tracked_post")
    told = api.get(sent.headers["Location"]).json()
    assert (told["dispatch"]["reference"], [review["verdict"] for review in told["reviews"]]) == (
        "AB123",
        ["asked", "approved", "locked"],
    )


def test_a_blocked_letter_cannot_be_approved_and_the_answer_says_why(api, letter) -> None:
    ledger = api.get(f"/api/v1/letter-versions/{newest(api, letter)}/ledger/").json()["sentences"]
    fact = next(line for line in ledger if line["kind"] == "fact")
    edit = {"position": fact["position"], "text": "HMRC kept £987,654 for nine years."}
    assert post(api, letter, "edit", edits=[edit]).json()["released"] is False
    post(api, letter, "review")
    refused = post(api, letter, "approve")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lightpoint:letter-blocked")
    assert "987,654" in refused.json()["detail"]


def test_changes_are_told_sentence_by_sentence(api, letter) -> None:
    ledger = api.get(f"/api/v1/letter-versions/{newest(api, letter)}/ledger/").json()["sentences"]
    fact = next(line for line in ledger if line["kind"] == "fact")
    post(api, letter, "edit", edits=[{"position": fact["position"], "text": ""}])
    told = api.get(f"/api/v1/letter-versions/{newest(api, letter)}/changes/").json()
    assert [c["old"] for c in told["changes"] if c["kind"] == "removed"] == [fact["text"]]
    assert api.get(f"/api/v1/letter-versions/{newest(api, letter)}/changes/?against=999999").status_code == 404


def test_a_source_is_a_paper_or_a_section_never_half_of_one(api, letter) -> None:
    half = {"position": 3, "text": "x", "sources": [{"document": "a.pdf"}]}
    assert post(api, letter, "edit", edits=[half]).status_code == 422


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("pdf", b"%PDF"), ("receipt", b"{")])
def test_a_version_is_downloaded_to_be_saved(api, letter, kind, start) -> None:
    answer = api.get(f"/api/v1/letter-versions/{newest(api, letter)}/files/{kind}/")
    assert answer.content.startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_receipt_names_who_approved(api, letter) -> None:
    post(api, letter, "review")
    post(api, letter, "approve")
    receipt = json.loads(api.get(f"/api/v1/letter-versions/{newest(api, letter)}/files/receipt/").content)
    assert (receipt["approved_by"], receipt["version"], receipt["pipeline"]) == ("Manager Person", 1, "embedded")
    assert receipt["evidence"]


def test_drafting_is_a_run_and_a_second_press_finds_it(api, drafted) -> None:
    where = reverse("letters-api:draft", args=[drafted.pk])
    first, second = (api.post(where, {"tone": "robust"}, content_type="application/json") for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    assert CaseRun.objects.get().options == {"pipeline": "embedded", "tone": "robust", "keep_edits": True}


@pytest.mark.parametrize(
    "verb", ["edit", "edit-section", "change-section", "review", "return", "approve", "lock", "reopen", "send"]
)
def test_a_change_needs_the_etag_of_what_was_read(api, letter, verb) -> None:
    where = f"/api/v1/letters/{letter.pk}/{verb}/"
    assert api.post(where, {}, content_type="application/json").status_code == 428
    stale = api.post(where, {"comment": "x"}, content_type="application/json", headers={"If-Match": '"77"'})
    assert stale.status_code in {412, 422}


def test_a_viewer_reads_and_changes_nothing(drafted, letter) -> None:
    api = client_of(viewer(drafted.practice))
    assert api.get(f"/api/v1/letters/{letter.pk}/").status_code == 200
    assert post(api, letter, "review").status_code == 403


def test_an_analyst_prepares_but_does_not_approve(drafted, letter) -> None:
    colleague = analyst(drafted.practice)
    drafted.assigned_to = colleague
    drafted.save()
    api = client_of(colleague)
    assert post(api, letter, "review").status_code == 200
    assert post(api, letter, "approve").status_code == 403


def test_an_analyst_without_the_case_and_another_practice_find_nothing(drafted, letter) -> None:
    for stranger in (analyst(drafted.practice), outsider()):
        api = client_of(stranger)
        version = letter.versions.get().pk
        for where in (
            f"letters/{letter.pk}/",
            f"letters/{letter.pk}/versions/",
            f"letter-versions/{version}/",
            f"letter-versions/{version}/ledger/",
            f"letter-versions/{version}/changes/",
            f"letter-versions/{version}/files/pdf/",
        ):
            assert api.get(f"/api/v1/{where}").status_code == 404
        assert api.get("/api/v1/letters/").json()["results"] == []


def test_lists_cost_the_same_queries_however_long(api, drafted, letter, django_assert_num_queries) -> None:
    api.get("/api/v1/letters/")
    with django_assert_num_queries(3):  # session, user, letters
        assert len(api.get("/api/v1/letters/").json()["results"]) == 1
    Letter.objects.create(complaint=drafted, practice=drafted.practice, type="ico", position=7, recipient="ICO")
    with django_assert_num_queries(3):
        assert len(api.get("/api/v1/letters/").json()["results"]) == 2


def test_a_section_is_changed_by_a_run_that_keeps_what_was_asked_for(api, letter) -> None:
    done = post(api, letter, "change-section", section=1, change="tone", tone="robust")
    assert (done.status_code, done.json()["kind"], done.json()["state"]) == (202, "refine", "queued")
    told = api.get(done.headers["Location"]).json()
    assert (told["options"]["change"], told["options"]["tone"]) == ("tone", "robust")
    assert post(api, letter, "change-section", section=1, change="tone", tone="robust").json()["id"] == told["id"]
    other = post(api, letter, "change-section", section=1, change="renew")
    assert (other.status_code, other.json()["type"]) == (409, "urn:lightpoint:change-under-way")


def test_without_a_model_a_request_in_words_is_refused_with_what_can_be_done(api, letter) -> None:
    refused = post(api, letter, "change-section", section=1, change="reword", words="more firmly")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lightpoint:no-model")
    assert "by hand" in refused.json()["detail"]
    assert post(api, letter, "change-section", section=99, change="renew").status_code == 422


def test_what_a_paper_gets_wrong_is_corrected_listed_and_taken_back(api, drafted, letter) -> None:
    line = letter.versions.get().sentences.filter(kind="fact", sources__document__isnull=False).first()
    source = line.sources.filter(document__isnull=False).first()
    where = f"/api/v1/complaints/{drafted.pk}/corrections/"
    body = {"document": source.document_id, "quote": source.quote, "reason": "It is wrong."}
    assert api.post(where, {**body, "day": "2025-03-05"}, content_type="application/json").status_code == 422
    made = api.post(where, body, content_type="application/json")
    assert (made.status_code, made.json()["withdrawn_at"]) == (201, None)
    back = f"/api/v1/corrections/{made.json()['id']}/withdraw/"
    assert client_of(viewer(drafted.practice)).post(back).status_code == 403
    assert client_of(outsider()).post(back).status_code == 404
    assert api.post(back).json()["withdrawn_at"]
    assert api.post(back).status_code == 409
    assert [row["reason"] for row in api.get(where).json()["results"]] == ["It is wrong."]

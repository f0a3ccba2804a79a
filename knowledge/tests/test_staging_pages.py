"""The pages on which people browse and curate."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from knowledge.models import StagedSection
from knowledge.tests.test_staging import HERONS, OTHER_FIGURES, approved, page, stage, stands
from users.models import User
from users.tests import factories

pytestmark = pytest.mark.django_db
UPLOADS = "admin:knowledge_stagedsection_changelist"
ONE = "admin:knowledge_stagedsection_change"
SOURCE = "admin:knowledge_source_change"


@pytest.fixture
def curator() -> User:
    return factories.manager()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query, secure=True)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, row: StagedSection, word: str, **sent: object) -> str:
    """What the page says afterwards."""
    row.refresh_from_db(fields=["version"])
    address = reverse(f"admin:knowledge_stagedsection_{word}", args=[row.pk])
    return client.post(address, {"version": row.version, **sent}, secure=True, follow=True).content.decode()


def test_files_are_sent_in_on_the_page_and_wait_there(curator: User) -> None:
    client = client_of(curator)
    sent = {"kind": "practice_note", "source_name": "Notes", "files": [SimpleUploadedFile("h.txt", HERONS.encode())]}
    said = client.post(reverse("admin:knowledge_stagedsection_upload"), sent, secure=True, follow=True).content.decode()
    assert "1 section waits for a decision" in said
    assert "Notes" in text_of(client, UPLOADS)
    assert "There is none" in text_of(client, UPLOADS, state="rejected")


def test_the_two_texts_stand_side_by_side_with_the_figures_marked(curator: User) -> None:
    approved(curator)
    text = text_of(client_of(curator), ONE, stage(curator, page(OTHER_FIGURES)).pk)
    for figure in ("£25", "£40", "10 working days", "15 working days"):
        assert f"<mark>{figure}</mark>" in text
    assert "Figures that disagree" in text


def test_each_button_does_what_it_says_and_undo_takes_it_back(curator: User) -> None:
    client, held, row = client_of(curator), approved(curator), stage(curator, page(OTHER_FIGURES))
    for sent, state in (
        ({"decision": "approve"}, "approved"),
        ({"decision": "replace", "target": held.pk}, "replaced"),
        ({"decision": "merge", "target": held.pk, "text": "Both.\r\nHerons."}, "merged"),
        ({"decision": "reject"}, "rejected"),
    ):
        press(client, row, "decide", **sent)
        row.refresh_from_db()
        assert row.state == state
        if state == "merged":
            assert row.result.body == "Both.\nHerons."
        assert "stands again" in press(client, row, "undo")
        assert stands(held)
    assert "Replace HRN2000" in press(client, row, "compare")


def test_what_is_refused_is_told_on_the_page(curator: User) -> None:
    client, row = client_of(curator), stage(curator)
    assert "Nothing has been decided" in press(client, row, "undo")
    assert "read version 9" in press(client, row, "decide", decision="reject", version=9)
    assert "Select a valid choice" in press(client, row, "decide", decision="burn")
    upload = reverse("admin:knowledge_stagedsection_upload")
    assert "required" in client.post(upload, {}, secure=True, follow=True).content.decode()
    sent = {"kind": "form", "source_name": "F", "files": [SimpleUploadedFile("a.pdf", b"no")]}
    assert "a.pdf" in client.post(upload, sent, secure=True, follow=True).content.decode()


def test_words_of_documents_are_shown_as_text(curator: User) -> None:
    row = stage(curator, page("<script>alert(1)</script> £5 herons.", "<b>X</b>"))
    client = client_of(curator)
    text = text_of(client, ONE, row.pk) + text_of(client, UPLOADS)
    assert "<script>alert" not in text
    assert "<b>X" not in text


def test_readers_see_no_button_and_others_see_nothing(curator: User) -> None:
    row = stage(curator)
    viewer = client_of(factories.viewer(curator.practice))
    assert "Approve" not in text_of(viewer, ONE, row.pk)
    assert "Choose files" not in text_of(viewer, UPLOADS)
    decide = reverse("admin:knowledge_stagedsection_decide", args=[row.pk])
    assert viewer.post(decide, {"decision": "reject", "version": 1}, secure=True).status_code == 403
    other = client_of(factories.outsider())
    assert other.get(reverse(ONE, args=[row.pk]), secure=True).status_code == 404
    assert other.post(decide, {"decision": "reject", "version": 1}, secure=True).status_code == 404
    assert row.identifier not in text_of(other, UPLOADS, state="all")


def test_sources_are_browsed_by_kind_with_their_counts(guidance: None, curator: User) -> None:
    held = approved(curator)
    client = client_of(curator)
    text = text_of(client, "admin:knowledge_source_changelist")
    assert "Guidance manual" in text
    assert "Practice note" in text
    assert "yours" in text
    listed = text_of(client, SOURCE, held.section.source_id)
    assert "HRN2000" in listed
    assert "Herons: Replies" in text_of(client, "admin:knowledge_section_change", held.section_id)
    other = client_of(factories.viewer())
    assert "Notes" not in text_of(other, "admin:knowledge_source_changelist")
    assert other.get(reverse(SOURCE, args=[held.section.source_id]), secure=True).status_code == 404
    section = reverse("admin:knowledge_section_change", args=[held.section_id])
    assert other.get(section, secure=True).status_code == 404


def test_precedents_are_shared_on_the_page_of_their_source(curator: User) -> None:
    source = approved(curator, page("The heron was paid £30."), kind="precedent", source="Precedents").section.source
    client = client_of(curator)
    for word, said in (("share", "Every practice sees"), ("unshare", "Only your practice sees")):
        address = reverse(f"admin:knowledge_source_{word}", args=[source.pk])
        assert said in client.post(address, secure=True, follow=True).content.decode()
    note = approved(curator).section.source
    address = reverse("admin:knowledge_source_share", args=[note.pk])
    assert "Only the precedents" in client.post(address, secure=True, follow=True).content.decode()


def test_a_section_shows_what_changed_between_two_of_its_versions(curator: User) -> None:
    old, row = approved(curator), stage(curator, page(OTHER_FIGURES))
    client = client_of(curator)
    press(client, row, "decide", decision="replace", target=old.pk)
    row.refresh_from_db()
    query = {"old": str(old.pk), "new": str(row.result_id)}
    text = text_of(client, "admin:knowledge_section_change", old.section_id, **query)
    assert "<del>£25</del>" in text
    assert "<ins>£40</ins>" in text


@pytest.mark.parametrize("name", [UPLOADS, "admin:knowledge_source_changelist"])
def test_the_lists_take_few_queries(curator: User, django_assert_max_num_queries, name: str) -> None:
    stage(curator, *(page(f"Words {number}.", f"W{number}") for number in range(20)))
    client = client_of(curator)
    with django_assert_max_num_queries(5):
        client.get(reverse(name), secure=True)

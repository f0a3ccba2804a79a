import pytest
from django.db import DatabaseError, connection

from complaints.models import Blob, Complaint, Document
from complaints.selectors import intake_of, read_documents_of, visible_complaints
from complaints.services import MoveNotAllowed, import_bundle, move_complaint, read_documents
from complaints.tests.factories import LETTER, NOW, make_bundle, make_complaint, make_practice, make_user
from lightpoint.progress import NullProgress
from users.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_a_bundle_opens_a_case_that_gives_its_intake_back():
    bundle = make_bundle()
    complaint = make_complaint(make_practice(agent_reference="PR6042"), bundle)
    assert complaint.reference == "LP-2026-00001"
    assert intake_of(complaint) == bundle.intake
    assert complaint.timeline.get().text == "Case opened with 1 documents"
    assert AuditEvent.objects.filter(action="complaint.opened").count() == 1


def test_the_same_bundle_opens_one_case():
    practice = make_practice()
    first = make_complaint(practice)
    assert import_bundle(practice=practice, bundle=make_bundle(), by=None, now=NOW) == first
    assert Complaint.objects.count() == 1


def test_references_go_on_within_a_practice():
    practice = make_practice()
    make_complaint(practice)
    second = make_complaint(practice, make_bundle(client_name="Another Client"))
    assert second.reference == "LP-2026-00002"


def test_the_same_file_twice_is_one_blob():
    make_complaint(bundle=make_bundle(files=(("a.txt", b"the same words"), ("b.txt", b"the same words"))))
    assert Blob.objects.count() == 1
    assert Document.objects.count() == 2


def test_the_original_bytes_cannot_be_altered():
    make_complaint()
    with pytest.raises(DatabaseError, match="never altered"), connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_blob SET size = 0")


def test_papers_are_read_once():
    complaint = make_complaint()
    assert read_documents(complaint=complaint, progress=NullProgress()) == 1
    (record,) = read_documents_of(complaint)
    assert record.pages[0].text.split() == LETTER.split()
    assert read_documents(complaint=complaint, progress=NullProgress()) == 0


def test_a_paper_that_cannot_be_read_keeps_its_problem_and_the_others_go_on():
    files = (("broken.pdf", b"%PDF-1.7 and then nothing"), ("empty.txt", b""), ("letter.txt", LETTER.encode()))
    complaint = make_complaint(bundle=make_bundle(files=files))
    read_documents(complaint=complaint, progress=NullProgress())
    broken, empty, letter = read_documents_of(complaint)
    assert broken.problem is not None
    assert broken.problem.kind == "corrupt"
    assert empty.problem is not None
    assert empty.problem.kind == "empty"
    assert letter.problem is None


@pytest.mark.parametrize("state", ["active", "escalated", "closed"])
def test_a_move_is_audited_and_on_the_timeline(state):
    complaint = make_complaint()
    moved = move_complaint(complaint=complaint, to=state, by=None, now=NOW)
    assert moved.status == state
    assert AuditEvent.objects.filter(action="complaint.moved", new={"status": state}).count() == 1
    assert complaint.timeline.filter(text=f"Moved from assessment to {state}").count() == 1


def test_a_move_that_skips_the_ladder_is_refused_and_says_what_is_open():
    complaint = make_complaint()
    with pytest.raises(MoveNotAllowed, match="cannot become resolved; it can go to: active, escalated, closed"):
        move_complaint(complaint=complaint, to="resolved", by=None, now=NOW)
    complaint.refresh_from_db()
    assert complaint.status == "assessment"


def test_a_practice_sees_its_own_cases_only():
    ours = make_complaint(make_practice("Ours LLP"))
    theirs = make_complaint(make_practice("Theirs LLP"))
    alice = make_user(ours.practice)
    assert list(visible_complaints(alice)) == [ours]
    assert theirs not in visible_complaints(alice)
    assert not visible_complaints(make_user(None, "nobody@nowhere.example")).exists()

from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.bundles import BundleFile
from complaints.documents.records import Page, ReadDocument
from complaints.models import CaseRun, ContextEntry, Document
from complaints.models import Page as PageRow
from complaints.selectors import original_of, read_documents_of
from complaints.services import (
    NothingToRetry,
    add_context,
    add_note,
    analyse_complaint,
    extract_facts,
    read_documents,
    retry_document,
    upload_documents,
    waiting_documents,
)
from complaints.services import reading as reading_module
from complaints.services.papers import TooManyPapers
from complaints.services.reading import store_reading
from complaints.tests.factories import LETTER, NOW, make_bundle, make_complaint
from knowledge.selectors import guidance_index
from lightpoint.errors import InvalidInput
from lightpoint.progress import NullProgress
from users.models import AuditEvent
from users.tests.factories import make_practice, manager

pytestmark = pytest.mark.django_db


def file(name="reply.txt", data=b"We have looked into this.") -> BundleFile:
    return BundleFile(name, len(data), data)


@pytest.fixture
def case():
    return make_complaint(make_practice())


@pytest.fixture
def by(case):
    return manager(case.practice)


def mail(*attachments: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@hmrc.example", "b@practice.example", "Your letter"
    message["Date"] = "Mon, 05 Jan 2026 10:00:00 +0000"
    message.set_content("Please find the letter attached.\n")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def test_papers_are_added_behind_the_others_and_read_by_a_run(case, by):
    taken = upload_documents(complaint=case, files=[file(), file("b.txt", b"Second")], by=by, now=NOW)
    assert [row.name for row in case.documents.all()] == ["letter.txt", "reply.txt", "b.txt"]
    assert [row.name for row in taken.documents] == ["reply.txt", "b.txt"]
    assert (taken.run.kind, taken.run.state) == ("read", "queued")
    assert [(row.uploaded_by, row.status) for row in taken.documents] == [(by, "waiting")] * 2
    assert AuditEvent.objects.get(action="document.uploaded").new["documents"] == ["reply.txt", "b.txt"]
    assert case.timeline.last().text == "2 papers added: reply.txt, b.txt"


def test_bytes_that_the_case_holds_are_not_added_again(case, by):
    first = upload_documents(complaint=case, files=[file(), file("copy.txt")], by=by, now=NOW)
    assert first.documents[0] == first.documents[1]
    again = upload_documents(complaint=case, files=[file("other name.txt")], by=by, now=NOW)
    assert (again.documents, again.run) == ((first.documents[0],), None)
    assert case.documents.count() == 2


def test_other_bytes_under_a_name_that_is_taken_get_a_number(case, by):
    files = [file("../letter.txt", b"1"), file("letter.txt", b"2")]
    taken = upload_documents(complaint=case, files=files, by=by, now=NOW)
    assert [row.name for row in taken.documents] == ["letter (2).txt", "letter (3).txt"]


def test_a_file_over_the_limit_is_a_paper_with_that_problem_once(case, by, settings):
    settings.DOCUMENT_MAX_BYTES = 2**20
    big = BundleFile("scan.pdf", 3 * 2**20, None)
    (row,) = upload_documents(complaint=case, files=[big, file()], by=by, now=NOW).documents[:1]
    assert (row.status, row.problem_kind, row.blob_id) == ("problem", "too-large", None)
    assert row.problem_detail == "3.0 MB is over the limit of 1 MB for a document"
    again = upload_documents(complaint=case, files=[big], by=by, now=NOW)
    assert (again.documents, again.run) == ((row,), None)


def test_no_files_and_too_many_are_refused_whole(case, by, settings):
    with pytest.raises(InvalidInput, match="No file"):
        upload_documents(complaint=case, files=[], by=by, now=NOW)
    settings.BUNDLE_MAX_DOCUMENTS = 2
    with pytest.raises(TooManyPapers, match="this one has 1, and 2 were sent"):
        upload_documents(complaint=case, files=[file(), file("c.txt", b"c")], by=by, now=NOW)
    assert case.documents.count() == 1
    assert upload_documents(complaint=case, files=[file()], by=by, now=NOW).run is not None
    known = upload_documents(complaint=case, files=[file("again.txt")], by=by, now=NOW)  # what is there needs no room
    assert known.run is None


def test_an_upload_costs_the_same_queries_however_many_files(case, by):
    counts = []
    for size in (1, 1, 20):
        files = [file(f"{len(counts)}-{number}.txt", b"%d %d" % (len(counts), number)) for number in range(size)]
        with CaptureQueriesContext(connection) as queries:
            upload_documents(complaint=case, files=files, by=by, now=NOW)
        counts.append(len(queries))
    assert counts[1] == counts[2]  # the first one starts the run, which the others find


def test_a_paper_that_could_not_be_read_is_read_again(case, by):
    (row,) = upload_documents(complaint=case, files=[file("a.pdf", b"%PDF-1.7 broken")], by=by, now=NOW).documents
    read_documents(complaint=case, progress=NullProgress())
    row.refresh_from_db()
    assert row.status == "problem"
    assert retry_document(document=row, by=by, now=NOW).kind == "read"
    row.refresh_from_db()
    assert row.status == "waiting"
    assert AuditEvent.objects.get(action="document.retried").new == {"name": "a.pdf"}


def test_an_attachment_is_read_again_with_its_mail(case, by):
    inner = mail(("broken.pdf", b"%PDF-1.7 broken"))
    outer = mail(("inner.eml", inner))
    (root,) = upload_documents(complaint=case, files=[file("outer.eml", outer)], by=by, now=NOW).documents
    read_documents(complaint=case, progress=NullProgress())
    broken = case.documents.get(name__endswith="broken.pdf")
    assert (original_of(broken), broken.parent.parent) == (root, root)
    retry_document(document=broken, by=by, now=NOW)
    assert [row.name for row in waiting_documents(case)] == ["outer.eml"]


def test_what_was_read_or_never_taken_in_is_not_read_again(case, by):
    read_documents(complaint=case, progress=NullProgress())
    with pytest.raises(NothingToRetry, match="This paper is read"):
        retry_document(document=case.documents.get(), by=by, now=NOW)
    big = BundleFile("scan.pdf", 10**9, None)
    (row,) = upload_documents(complaint=case, files=[big], by=by, now=NOW).documents
    with pytest.raises(NothingToRetry, match="send it again"):
        retry_document(document=row, by=by, now=NOW)


def test_rows_stay_the_same_when_a_paper_is_read_again(case, by):
    data = mail(("note.txt", b"The note says this."), ("gone.txt", b"Soon gone"), ("cited.txt", b"Cited"))
    upload_documents(complaint=case, files=[file("mail.eml", data)], by=by, now=NOW)
    read_documents(complaint=case, progress=NullProgress())
    before = {row.name: row.pk for row in case.documents.all()}
    assert [row.name for row in case.documents.all()][2:] == [
        "mail.eml::note.txt",
        "mail.eml::gone.txt",
        "mail.eml::cited.txt",
    ]
    case.documents.filter(parent=None).update(read_with="older")
    read_documents(complaint=case, progress=NullProgress())
    assert {row.name: row.pk for row in case.documents.all()} == before
    assert PageRow.objects.filter(document__complaint=case).count() == 5


def test_an_attachment_that_newer_readers_do_not_find_goes_unless_something_rests_on_it(case, by):
    data = mail(("gone.txt", b"Soon gone"), ("cited.txt", b"Cited"))
    (root,) = upload_documents(complaint=case, files=[file("mail.eml", data)], by=by, now=NOW).documents
    read_documents(complaint=case, progress=NullProgress())
    cited = case.documents.get(name="mail.eml::cited.txt")
    ContextEntry.objects.create(complaint=case, document=cited, text="As a letter would cite it", at=NOW)
    case.documents.filter(parent=None).update(read_with="older")
    records = (ReadDocument("mail.eml", "message/rfc822", "0" * 64, (Page(None, "text", "eml"),)),)
    store_reading(paper=root, records=records, progress=NullProgress())
    assert set(case.documents.filter(parent=root)) == {cited}


def test_what_somebody_else_has_read_meanwhile_is_left_alone(case):
    (paper,) = waiting_documents(case)
    read_documents(complaint=case, progress=NullProgress())
    late = ReadDocument("letter.txt", "text/plain", "0" * 64, (Page(None, "other words", "txt"),))
    store_reading(paper=paper, records=(late,), progress=NullProgress())
    (record,) = read_documents_of(case)
    assert record.pages[0].text.split() == LETTER.split()


def test_work_that_breaks_off_goes_on_with_the_paper_after(monkeypatch):
    """Each paper is stored as soon as it is read."""
    files = tuple((f"{number}.txt", f"Words {number}".encode()) for number in range(3))
    case = make_complaint(bundle=make_bundle(files=files))
    real, seen = reading_module.read_files, []

    def breaking(files, limits):
        for records in real(files, limits):
            if len(seen) == 2:
                raise MemoryError
            seen.append(records[0].name)
            yield records

    monkeypatch.setattr(reading_module, "read_files", breaking)
    with pytest.raises(MemoryError):
        read_documents(complaint=case, progress=NullProgress())
    monkeypatch.setattr(reading_module, "read_files", real)
    assert [row.status for row in case.documents.all()] == ["read", "read", "waiting"]
    assert read_documents(complaint=case, progress=NullProgress()) == 1


def test_context_is_a_dated_paper_and_is_analysed(case, by):
    entry = add_context(complaint=case, text=" HMRC rang on 12 January 2026. ", by=by, now=NOW)
    assert (entry.text, entry.by, entry.document.name) == (
        "HMRC rang on 12 January 2026.",
        by,
        "note-2026-01-19.txt",
    )
    words = bytes(entry.document.blob.data).decode()
    assert words.startswith("File note\nClient: Rowan Achterberg\nDate: 19 January 2026\nBy: Manager Person\n")
    assert CaseRun.objects.get().kind == "analyse"
    assert AuditEvent.objects.get(action="complaint.context-added").new == {"document": "note-2026-01-19.txt"}


def test_the_same_context_twice_is_one_entry_and_more_on_a_day_are_numbered(case, by):
    first = add_context(complaint=case, text="One", by=by, now=NOW)
    assert add_context(complaint=case, text="One", by=by, now=NOW) == first
    assert add_context(complaint=case, text="Two", by=by, now=NOW).document.name == "note-2026-01-19 (2).txt"
    assert ContextEntry.objects.count() == 2


@pytest.mark.parametrize("text", [" \n", "\u200b", "a\x00b", "x" * 20_001])
def test_context_that_says_nothing_or_cannot_be_kept_is_refused(case, by, text):
    with pytest.raises(InvalidInput):
        add_context(complaint=case, text=text, by=by, now=NOW)


def test_context_counts_as_a_paper(case, by, settings):
    settings.BUNDLE_MAX_DOCUMENTS = 1
    with pytest.raises(TooManyPapers, match="at most 1 papers"):
        add_context(complaint=case, text="One more", by=by, now=NOW)
    assert Document.objects.count() == 1


def test_a_line_is_added_to_the_timeline(case, by):
    entry = add_note(complaint=case, text=" Rang\nHMRC ", by=by, now=NOW)
    assert (entry.text, entry.by, entry.at) == ("Rang HMRC", by, NOW)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501, "a\x00b", "\u200b"])
def test_a_line_that_says_nothing_or_too_much_is_refused(case, by, text):
    with pytest.raises(InvalidInput):
        add_note(complaint=case, text=text, by=by, now=NOW)


def test_an_analysis_is_told_once(case):
    read_documents(complaint=case, progress=NullProgress())
    parts = extract_facts(complaint=case, now=NOW, progress=NullProgress())
    first, second = (
        analyse_complaint(complaint=case, parts=parts, guidance=guidance_index(), now=NOW) for _ in range(2)
    )
    assert first == second
    assert case.timeline.filter(text__startswith="Analysis 1:").count() == 1


def test_a_file_with_hidden_parts_of_a_name_is_stored_under_what_is_shown(case, by):
    (row,) = upload_documents(complaint=case, files=[file("a\u202efdp.exe::x", b"z")], by=by, now=NOW).documents
    assert row.name == "a fdp.exe:x"

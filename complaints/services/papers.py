"""Papers come into a case: their bytes are kept once, by hash; reading them is work for a job."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from complaints.bundles import BundleFile
from complaints.documents.names import free_name, safe_name
from complaints.models import Blob, CaseRun, Complaint, ContextEntry, Document
from complaints.services.runs import start_run
from complaints.services.timeline import note
from lightpoint.errors import Conflict, InvalidInput
from users.models import User
from users.services import record_audit

STEP = 1000  # between the positions of two papers; the attachments of a paper stand between


class NothingToRetry(Conflict):
    """The paper has been read, or its bytes were never taken in."""

    code = "nothing-to-retry"


@dataclass(frozen=True, slots=True)
class Upload:
    """The papers of an upload, in the order they were given, and the run that reads them; None if all were known."""

    documents: tuple[Document, ...]
    run: CaseRun | None


@transaction.atomic
def upload_documents(*, complaint: Complaint, files: Sequence[BundleFile], by: User, now: datetime) -> Upload:
    """Add `files` to the papers of `complaint` and have them read.

    A file whose bytes the case holds is not added again; other bytes under a name that is taken get a number behind
    it. A file over the limit becomes a paper with that problem. Raises InvalidInput
    without files, or for more papers than a case holds.
    """
    Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    papers = {row.name: row for row in complaint.documents.filter(parent=None)}
    _check_count(len(papers), len(files))
    rows, fresh = [], []
    for file in files:
        row, added = _place(complaint, papers, file, by, now)
        rows.append(row)
        fresh += [row] if added else []
    if not fresh:
        return Upload(tuple(rows), None)
    names = ", ".join(row.name for row in fresh)
    note(complaint=complaint, text=f"{len(fresh)} papers added: {names}", by=by, now=now)
    record_audit(
        action="document.uploaded",
        target=complaint,
        practice=complaint.practice,
        actor=by,
        new={"documents": [row.name for row in fresh], "sha256": [row.content_sha256 for row in fresh]},
        at=now,
    )
    return Upload(tuple(rows), start_run(complaint=complaint, kind=CaseRun.Kind.READ, by=by, now=now))


def _check_count(held: int, added: int) -> None:
    if not added:
        raise InvalidInput("No file was sent; send one or more in the field 'files'")
    if held + added > settings.BUNDLE_MAX_DOCUMENTS:
        raise InvalidInput(
            f"A case holds at most {settings.BUNDLE_MAX_DOCUMENTS} papers; this one has {held}, and {added} were sent"
        )


def _place(
    complaint: Complaint, papers: dict[str, Document], file: BundleFile, by: User | None, now: datetime
) -> tuple[Document, bool]:
    """The paper that holds `file`, and whether it is new. `papers` are those of the case by name; it is added there."""
    sha256 = hashlib.sha256(file.data).hexdigest() if file.data is not None else ""
    known = next((row for row in papers.values() if sha256 and row.content_sha256 == sha256), None)
    if known is not None:
        return known, False
    name = free_name(safe_name(file.name), papers)
    store_files(complaint=complaint, files=(BundleFile(name, file.size, file.data),), by=by, now=now)
    papers[name] = complaint.documents.get(name=name)
    return papers[name], True


def store_files(*, complaint: Complaint, files: Sequence[BundleFile], by: User | None, now: datetime) -> None:
    """Keep the bytes of `files` and a row for each, behind the papers that are there. They are not read yet."""
    last = complaint.documents.filter(parent=None).aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + STEP
    blobs = {hashlib.sha256(file.data).hexdigest(): file.data for file in files if file.data is not None}
    Blob.objects.bulk_create(
        [Blob(sha256=key, size=len(data), data=data) for key, data in sorted(blobs.items())], ignore_conflicts=True
    )
    rows = [_document(complaint, first + index * STEP, file) for index, file in enumerate(files)]
    for row in rows:
        row.uploaded_at, row.uploaded_by = now, by
    Document.objects.bulk_create(rows)


def _document(complaint: Complaint, position: int, file: BundleFile) -> Document:
    row = Document(complaint=complaint, name=file.name, position=position)
    if file.data is None:
        limit = settings.DOCUMENT_MAX_BYTES // 1_000_000
        row.problem_kind = "too-large"
        row.problem_detail = f"{file.size / 1_000_000:.1f} MB is over the limit of {limit} MB for a document"
    else:
        row.content_sha256 = hashlib.sha256(file.data).hexdigest()
        row.blob_id = row.content_sha256
    return row


@transaction.atomic
def retry_document(*, document: Document, by: User, now: datetime) -> CaseRun:
    """Have a paper read again that could not be read. Raises NothingToRetry."""
    root = document.parent or document
    locked = Document.objects.select_for_update(of=("self",)).select_related("complaint").get(pk=root.pk)
    if locked.blob_id is None:
        raise NothingToRetry("The bytes of this paper were not taken in; send it again, smaller or in parts")
    if not document.problem_kind:
        raise NothingToRetry(f"This paper is {document.status}; only one with a problem is read again")
    locked.read_with, locked.problem_kind, locked.problem_detail = "", "", ""
    locked.save(update_fields=["read_with", "problem_kind", "problem_detail"])
    record_audit(
        action="document.retried",
        target=locked,
        practice=locked.complaint.practice,
        actor=by,
        new={"name": locked.name},
        at=now,
    )
    return start_run(complaint=locked.complaint, kind=CaseRun.Kind.READ, by=by, now=now)


@transaction.atomic
def add_context(*, complaint: Complaint, text: str, by: User, now: datetime) -> ContextEntry:
    """Keep what the adviser knows besides the papers, as a dated note, and have the case analysed with it.

    The note becomes a paper of the case, so that a statement which rests on it shows it. Raises InvalidInput for an
    empty text.
    """
    words = text.strip()
    if not words:
        raise InvalidInput("The context to add is empty")
    Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    papers = {row.name: row for row in complaint.documents.filter(parent=None)}
    _check_count(len(papers), 1)
    data = _context_paper(complaint, words, by, now).encode()
    day = now.date()
    file = BundleFile(f"note-{day.isoformat()}.txt", len(data), data)
    document, _added = _place(complaint, papers, file, by, now)
    earlier = ContextEntry.objects.filter(document=document).first()
    if earlier:
        return earlier
    entry = ContextEntry.objects.create(complaint=complaint, document=document, text=words, at=now, by=by)
    note(complaint=complaint, text=f"Context added: {words}", by=by, now=now)
    record_audit(
        action="complaint.context-added", target=complaint, practice=complaint.practice, actor=by,
        new={"document": document.name}, at=now,
    )  # fmt: skip
    start_run(complaint=complaint, kind=CaseRun.Kind.ANALYSE, by=by, now=now)
    return entry


def _context_paper(complaint: Complaint, words: str, by: User, now: datetime) -> str:
    """The note as a paper: headed, dated and signed as the practice's own notes are."""
    head = f"File note\nClient: {complaint.client.name}\nDate: {now:%-d %B %Y}\nBy: {by.name or by.email}"
    return f"{head}\n\n{words}\n"

"""Papers come into a case: their bytes are kept once, by hash; reading them is work for a job."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from complaints.bundles import BundleFile, is_shown
from complaints.documents.names import free_name, safe_name
from complaints.models import Blob, CaseRun, Complaint, ContextEntry, Document
from complaints.selectors import original_of
from complaints.services.runs import start_run
from complaints.services.timeline import note
from complaints.services.wording import UnusableText, prose
from lightpoint.errors import Conflict, InvalidInput
from users.models import User
from users.services import record_audit

TOO_LARGE = "too-large"
STEP = 1000  # between the positions of two papers; the attachments of a paper stand between


class TooManyPapers(Conflict):
    """A case holds only so many papers."""

    code = "too-many-papers"


class NothingToRetry(Conflict):
    """The paper has been read, or its bytes were never taken in."""

    code = "nothing-to-retry"


@dataclass(frozen=True, slots=True)
class Upload:
    """The papers of an upload in the order they were given, how many are new, and the run that reads these, if any."""

    documents: tuple[Document, ...]
    fresh: int
    run: CaseRun | None


@transaction.atomic
def upload_documents(*, complaint: Complaint, files: Sequence[BundleFile], by: User, now: datetime) -> Upload:
    """Add `files` to the papers of `complaint` and have them read.

    A file whose bytes the case holds is not added again; other bytes under a name that is taken get a number behind
    it. A file over the limit becomes a paper with that problem. Raises InvalidInput without files, and TooManyPapers.
    """
    if not files:
        raise InvalidInput("No file was sent; send one or more in the field 'files'")
    placed, fresh = _place(complaint, files, by, now)
    if not fresh:
        return Upload(placed, 0, None)
    names = ", ".join(row.name for row in fresh)
    papers = "1 paper" if len(fresh) == 1 else f"{len(fresh)} papers"
    note(complaint=complaint, text=f"{papers} added: {names}", by=by, now=now)
    record_audit(
        action="document.uploaded",
        target=complaint,
        practice=complaint.practice,
        actor=by,
        new={"documents": [row.name for row in fresh], "sha256": [row.content_sha256 for row in fresh]},
        at=now,
    )
    return Upload(placed, len(fresh), start_run(complaint=complaint, kind=CaseRun.Kind.READ, by=by, now=now))


def _place(
    complaint: Complaint, files: Sequence[BundleFile], by: User | None, now: datetime
) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """The papers that hold `files`, in their order, and those of them that are new. The case is locked meanwhile."""
    Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    papers = {row.name: row for row in complaint.documents.filter(parent=None).defer("headers", "hidden_text")}
    names = {key: row.name for row in papers.values() for key in _keys(row)}
    fresh: list[BundleFile] = []
    places = []
    for file in files:
        name = safe_name(file.name)
        key = _sha256(file) or (TOO_LARGE, name)
        if key not in names:
            names[key] = free_name(name, {*papers, *(added.name for added in fresh)})
            fresh.append(BundleFile(names[key], file.size, file.data))
        places.append(names[key])
    _check_count(len(papers), len(fresh))
    rows = store_files(complaint=complaint, files=fresh, by=by, now=now)
    papers |= {row.name: row for row in rows}
    return tuple(papers[name] for name in places), tuple(rows)


def _keys(row: Document) -> tuple[object, ...]:
    """By what a file is known to be a paper of the case: its bytes, or its name where they were not taken in."""
    if row.problem_kind == TOO_LARGE and row.blob_id is None:
        return ((TOO_LARGE, row.name),)
    return (row.blob_id,) if row.blob_id else ()


def _sha256(file: BundleFile) -> str | None:
    return None if file.data is None else hashlib.sha256(file.data).hexdigest()


def _check_count(held: int, added: int) -> None:
    if added and held + added > settings.BUNDLE_MAX_DOCUMENTS:
        raise TooManyPapers(
            f"A case holds at most {settings.BUNDLE_MAX_DOCUMENTS} papers; this one has {held}, and {added} were sent"
        )


def store_files(*, complaint: Complaint, files: Sequence[BundleFile], by: User | None, now: datetime) -> list[Document]:
    """Keep the bytes of `files` and a row for each, behind the papers that are there. They are not read yet."""
    last = complaint.documents.filter(parent=None).aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + STEP
    hashes = [_sha256(file) for file in files]
    blobs = {key: file.data for key, file in zip(hashes, files, strict=True) if key and file.data is not None}
    Blob.objects.bulk_create(
        [Blob(sha256=key, size=len(data), data=data) for key, data in sorted(blobs.items())], ignore_conflicts=True
    )
    rows = [
        _document(complaint, first + index * STEP, file, key)
        for index, (file, key) in enumerate(zip(files, hashes, strict=True))
    ]
    for row in rows:
        row.uploaded_at, row.uploaded_by = now, by
    return Document.objects.bulk_create(rows)


def _document(complaint: Complaint, position: int, file: BundleFile, sha256: str | None) -> Document:
    row = Document(complaint=complaint, name=file.name, position=position)
    if sha256 is None:
        limit = settings.DOCUMENT_MAX_BYTES // 2**20
        row.problem_kind = TOO_LARGE
        row.problem_detail = f"{file.size / 2**20:.1f} MB is over the limit of {limit} MB for a document"
    else:
        row.content_sha256 = row.blob_id = sha256
    return row


@transaction.atomic
def retry_document(*, document: Document, by: User, now: datetime) -> CaseRun:
    """Have a paper read again that could not be read; with its e-mail, if it came in one. Raises NothingToRetry."""
    root = original_of(document)
    if root.blob_id is None:
        raise NothingToRetry("The bytes of this paper were not taken in; send it again, smaller or in parts")
    complaint = root.complaint
    run = start_run(complaint=complaint, kind=CaseRun.Kind.READ, by=by, now=now)
    rows = Document.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={document.pk, root.pk})
    locked = {row.pk: row for row in rows.order_by("pk")}
    if not locked[document.pk].problem_kind:
        raise NothingToRetry(f"This paper is {locked[document.pk].status}; only one with a problem is read again")
    waiting = locked[root.pk]
    waiting.read_with, waiting.problem_kind, waiting.problem_detail = "", "", ""
    waiting.save(update_fields=["read_with", "problem_kind", "problem_detail"])
    record_audit(
        action="document.retried",
        target=root,
        practice=complaint.practice,
        actor=by,
        new={"name": document.name},
        at=now,
    )
    return run


@transaction.atomic
def add_context(*, complaint: Complaint, text: str, by: User, now: datetime) -> ContextEntry:
    """Keep what the adviser knows besides the papers, as a dated note, and have the case analysed with it.

    The note becomes a paper of the case, so that a statement which rests on it shows it. Raises UnusableText
    and TooManyPapers.
    """
    words = prose(text, "The context")
    if not is_shown(words):
        raise UnusableText("The context to add is empty")
    data = _context_paper(complaint, words, by, now).encode()
    file = BundleFile(f"note-{timezone.localdate(now).isoformat()}.txt", len(data), data)
    (document,), _fresh = _place(complaint, [file], by, now)
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
    day = timezone.localtime(now)
    head = f"File note\nClient: {complaint.client.name}\nDate: {day:%-d %B %Y}\nBy: {by.name or by.email}"
    return f"{head}\n\n{words}\n"

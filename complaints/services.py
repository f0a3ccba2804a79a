"""The writes of a case: open it from a bundle, read its papers, find its facts, analyse it, move it on."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from complaints.analysis import analyse
from complaints.bundles import Bundle, BundleFile
from complaints.documents import Limits, read_bundle
from complaints.documents.records import ReadDocument
from complaints.facts import combine_facts, extract_document
from complaints.facts.records import DocumentFacts, Intake
from complaints.models import (
    Blob,
    CaseAnalysis,
    Client,
    Complaint,
    Document,
    DocumentExtraction,
    Page,
    TimelineEntry,
)
from complaints.selectors import as_read_document, intake_of
from complaints.status import allowed_moves, may_move
from knowledge.digest.records import GuidanceSection
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.errors import Conflict
from lightpoint.progress import Progress
from lightpoint.versions import rules_version
from users.models import Practice, User
from users.services import record_audit

READERS = ("complaints/documents",)
FACT_RULES = ("complaints/facts", "lightpoint/language", "lightpoint/calendars.py")
ANALYSIS_RULES = ("complaints/analysis", *FACT_RULES)


class MoveNotAllowed(Conflict):
    """The complaint cannot be moved to that state from where it is."""

    code = "move-not-allowed"


@transaction.atomic
def import_bundle(*, practice: Practice, bundle: Bundle, by: User | None, now: datetime) -> Complaint:
    """Open a complaint from `bundle`, or return the one that the same bundle opened before.

    The original bytes are kept by their hash. Documents are read later, by `read_documents`.
    """
    key = _intake_hash(bundle)
    existing = Complaint.objects.filter(practice=practice, intake_hash=key).first()
    if existing:
        return existing
    intake = bundle.intake
    complaint = Complaint.objects.create(
        practice=practice,
        client=_client_of(practice, intake),
        reference=_next_reference(practice, intake),
        tax_head=intake.tax_head,
        brief=intake.brief,
        desired_outcome=intake.desired_outcome,
        opened_on=intake.opened_on,
        references=[list(pair) for pair in intake.references],
        hourly_rates=[[grade, str(rate)] for grade, rate in intake.hourly_rates],
        intake_hash=key,
        created_at=now,
        created_by=by,
    )
    _store_files(complaint, bundle.files)
    note(complaint=complaint, text=f"Case opened with {len(bundle.files)} documents", by=by, now=now)
    record_audit(
        practice=practice,
        actor=by,
        action="complaint.opened",
        target=complaint,
        new={"files": len(bundle.files)},
        at=now,
    )
    return complaint


def _intake_hash(bundle: Bundle) -> str:
    files = [(file.name, file.size, hashlib.sha256(file.data or b"").hexdigest()) for file in bundle.files]
    return digest([to_plain(bundle.intake), files])


def _client_of(practice: Practice, intake: Intake) -> Client:
    client, _created = Client.objects.get_or_create(
        practice=practice, name=intake.client_name, kind=intake.client_kind, nation=intake.nation
    )
    return client


def _next_reference(practice: Practice, intake: Intake) -> str:
    Practice.objects.select_for_update().get(pk=practice.pk)
    year = intake.opened_on.year
    taken = Complaint.objects.filter(practice=practice, reference__startswith=f"LP-{year}-").aggregate(
        last=Max("reference")
    )["last"]
    number = int(taken.rsplit("-", 1)[1]) + 1 if taken else 1
    return f"LP-{year}-{number:05d}"


def _store_files(complaint: Complaint, files: tuple[BundleFile, ...]) -> None:
    blobs = {hashlib.sha256(file.data).hexdigest(): file.data for file in files if file.data is not None}
    Blob.objects.bulk_create(
        [Blob(sha256=key, size=len(data), data=data) for key, data in sorted(blobs.items())], ignore_conflicts=True
    )
    Document.objects.bulk_create([_document(complaint, position, file) for position, file in enumerate(files)])


def _document(complaint: Complaint, position: int, file: BundleFile) -> Document:
    row = Document(complaint=complaint, name=file.name, position=position * 1000)
    if file.data is None:
        limit = settings.DOCUMENT_MAX_BYTES // 1_000_000
        row.problem_kind = "too-large"
        row.problem_detail = f"{file.size / 1_000_000:.1f} MB is over the limit of {limit} MB for a document"
    else:
        row.content_sha256 = hashlib.sha256(file.data).hexdigest()
        row.blob_id = row.content_sha256
    return row


def read_documents(*, complaint: Complaint, progress: Progress) -> int:
    """Read every paper of `complaint` that the present readers have not read. Returns how many were read.

    A paper that cannot be read is kept with its problem; the others go on.
    """
    version = rules_version(*READERS)
    waiting = complaint.documents.filter(parent=None, blob__isnull=False).exclude(read_with=version)
    rows = {row.name: row for row in waiting.select_related("blob")}
    if not rows:
        return 0
    files = [(row.name, bytes(row.blob.data)) for row in rows.values() if row.blob]
    limits = Limits(**settings.DOCUMENT_LIMITS)
    results = read_bundle(files, limits, on_progress=lambda _done, _of, name: progress.advance("read", name))
    with transaction.atomic():
        _store_readings(complaint, rows, results, version)
    return len(rows)


def _store_readings(
    complaint: Complaint, rows: Mapping[str, Document], results: tuple[ReadDocument, ...], version: str
) -> None:
    Document.objects.filter(parent__in=rows.values()).delete()
    Page.objects.filter(document__in=rows.values()).delete()
    stored: dict[str, Document] = {}
    root = None
    for record in results:
        if record.parent is None:
            root = rows[record.name]
        row = _stored_document(complaint, root, stored, record, version)
        stored[record.name] = row
        Page.objects.bulk_create(
            Page(
                document=row,
                position=position,
                number=page.number,
                text=page.text,
                method=page.method,
                confidence=page.confidence,
            )
            for position, page in enumerate(record.pages)
        )


def _stored_document(
    complaint: Complaint, root: Document | None, stored: Mapping[str, Document], record: ReadDocument, version: str
) -> Document:
    if record.parent is None and root is not None:
        row = root
    else:
        first = root.position if root else 0
        row = Document(complaint=complaint, name=record.name, parent=stored[record.parent or ""])
        row.position = first + len(stored) % 1000 + 1
    row.media_type = record.media_type
    row.content_sha256 = record.sha256
    row.headers = [list(header) for header in record.headers]
    row.hidden_text = list(record.hidden_text)
    row.problem_kind = record.problem.kind if record.problem else ""
    row.problem_detail = record.problem.detail[:500] if record.problem else ""
    row.read_with = version
    row.save()
    return row


def extract_facts(*, complaint: Complaint, now: datetime, progress: Progress) -> tuple[DocumentFacts, ...]:
    """The facts of each readable paper. A paper whose text and rules have not changed is not read for facts again."""
    intake, version = intake_of(complaint), rules_version(*FACT_RULES)
    rows = complaint.documents.prefetch_related("pages", "extractions").select_related("parent").order_by("position")
    found = []
    for row in rows:
        record = as_read_document(row)
        if record.problem or not record.pages:
            continue
        found.append(_extraction(row, record, intake, version, now))
        progress.advance("facts", row.name)
    return tuple(found)


def _extraction(row: Document, record: ReadDocument, intake: Intake, version: str, now: datetime) -> DocumentFacts:
    key = digest([version, to_plain(record), to_plain(intake)])
    for earlier in row.extractions.all():
        if earlier.inputs_hash == key:
            return from_plain(DocumentFacts, earlier.payload)
    facts = extract_document(record, intake)
    DocumentExtraction.objects.get_or_create(
        document=row, inputs_hash=key, defaults={"payload": to_plain(facts), "created_at": now}
    )
    return facts


def analyse_complaint(
    *,
    complaint: Complaint,
    parts: tuple[DocumentFacts, ...],
    guidance: Mapping[str, GuidanceSection],
    now: datetime,
) -> CaseAnalysis:
    """The analysis of `complaint` on the facts in `parts`: the stored one if nothing changed, else a new version."""
    intake = intake_of(complaint)
    sections = sorted((section.id, section.version) for section in guidance.values())
    key = digest([rules_version(*ANALYSIS_RULES), to_plain(parts), to_plain(intake), sections])
    earlier = complaint.analyses.filter(inputs_hash=key).first()
    if earlier:
        return earlier
    facts = combine_facts(parts, intake)
    analysis = analyse(facts, intake, guidance)
    with transaction.atomic():
        Complaint.objects.select_for_update().get(pk=complaint.pk)
        last = complaint.analyses.aggregate(last=Max("version"))["last"] or 0
        run, _created = CaseAnalysis.objects.get_or_create(
            complaint=complaint,
            inputs_hash=key,
            defaults={
                "version": last + 1,
                "facts": to_plain(facts),
                "analysis": to_plain(analysis),
                "created_at": now,
            },
        )
    note(complaint=complaint, text=f"Analysis {run.version}: {analysis.route.reason}"[:500], by=None, now=now)
    return run


@transaction.atomic
def move_complaint(*, complaint: Complaint, to: str, by: User | None, now: datetime) -> Complaint:
    """Move `complaint` to the state `to`. Raises MoveNotAllowed; every move is audited and on the timeline."""
    locked = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not may_move(locked.status, to):
        choices = ", ".join(allowed_moves(locked.status)) or "nowhere"
        raise MoveNotAllowed(f"A complaint that is {locked.status} cannot become {to}; it can go to: {choices}.")
    old, locked.status = locked.status, to
    locked.save(update_fields=["status"])
    note(complaint=locked, text=f"Moved from {old} to {to}", by=by, now=now)
    record_audit(
        practice=locked.practice,
        actor=by,
        action="complaint.moved",
        target=locked,
        old={"status": old},
        new={"status": to},
        at=now,
    )
    return locked


def note(*, complaint: Complaint, text: str, by: User | None, now: datetime) -> TimelineEntry:
    """Add a line to the timeline of `complaint`."""
    return TimelineEntry.objects.create(complaint=complaint, at=now, by=by, text=text)

"""From papers to analysis: each stage stores its own rows, keyed by what it was made from.

Progress is told in the transaction that stores: a worker whose run was taken over is stopped there, and stores nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, ProtectedError, QuerySet

from complaints.analysis import analyse
from complaints.documents import Limits, read_files
from complaints.documents.names import CHILD_SEPARATOR
from complaints.documents.records import ReadDocument
from complaints.facts import combine_facts, extract_document
from complaints.facts.corrections import corrected
from complaints.facts.records import DocumentFacts, Intake
from complaints.models import Blob, CaseAnalysis, Complaint, Document, DocumentExtraction, Page
from complaints.selectors import as_read_document, corrections_of, intake_of
from complaints.services.papers import STEP
from complaints.services.timeline import note
from knowledge.digest.records import GuidanceSection
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.progress import NullProgress, Progress
from lightpoint.versions import rules_version

READERS = ("complaints/documents",)
FACT_RULES = ("complaints/facts", "lightpoint/language", "lightpoint/calendars.py")
ANALYSIS_RULES = ("complaints/analysis", *FACT_RULES)


def waiting_documents(complaint: Complaint) -> QuerySet[Document]:
    """The papers of `complaint` that the present readers have not read."""
    mine = complaint.documents.filter(parent=None, blob__isnull=False)
    return mine.exclude(read_with=rules_version(*READERS))


def read_documents(*, complaint: Complaint, progress: Progress) -> int:
    """Read every paper of `complaint` that the present readers have not read. Returns how many were read.

    Each is stored as soon as it is read, so that work which broke off goes on where it was. A paper that cannot be read
    is kept with its problem; the others go on.
    """
    waiting = list(waiting_documents(complaint))
    files = ((row.name, _bytes(row)) for row in waiting)
    with closing(read_files(files, Limits(**settings.DOCUMENT_LIMITS))) as readings:
        for row, records in zip(waiting, readings, strict=True):
            store_reading(paper=row, records=records, progress=progress)
    return len(waiting)


def _bytes(row: Document) -> bytes:
    return bytes(Blob.objects.values_list("data", flat=True).get(pk=row.blob_id))


@transaction.atomic
def store_reading(*, paper: Document, records: Sequence[ReadDocument], progress: Progress) -> None:
    """Keep what the readers found in `paper` and, behind it, in its attachments; unless somebody else has meanwhile.

    The row of a paper or of an attachment stays the same when it is read again, since letters point at it.
    """
    progress.advance("read", paper.name)
    still = waiting_documents(paper.complaint).filter(pk=paper.pk)
    root = still.select_for_update(of=("self",), no_key=True).first()
    if root is None:
        return
    children = paper.complaint.documents.filter(name__startswith=f"{root.name}{CHILD_SEPARATOR}")
    known = {row.name: row for row in children}
    stored: dict[str | None, Document] = {}
    for number, record in enumerate(records):
        row = known.pop(record.name, None) or Document(complaint=paper.complaint)
        if record.parent is None:
            row = root
        else:
            row.parent, row.position = stored[record.parent], root.position + min(number, STEP - 1)
        stored[record.name] = row
        _store(row, record)
    _drop(known.values())


def _store(row: Document, record: ReadDocument) -> None:
    row.name = record.name
    row.media_type = record.media_type
    row.content_sha256 = record.sha256
    row.headers = [list(header) for header in record.headers]
    row.hidden_text = list(record.hidden_text)
    row.problem_kind = record.problem.kind if record.problem else ""
    row.problem_detail = record.problem.detail[:500] if record.problem else ""
    row.read_with = rules_version(*READERS)
    row.save()
    Page.objects.filter(document=row).delete()
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


def _drop(rows: Iterable[Document]) -> None:
    """Remove attachments that newer readers do not find any more; one that a letter cites stays."""
    for row in rows:
        with suppress(ProtectedError), transaction.atomic():
            row.delete()


def extract_facts(*, complaint: Complaint, now: datetime, progress: Progress) -> tuple[DocumentFacts, ...]:
    """The facts of each readable paper, as people corrected them.

    A paper whose text and rules have not changed is not read for facts again.
    """
    intake, version = intake_of(complaint), rules_version(*FACT_RULES)
    rows = complaint.documents.prefetch_related("pages", "extractions").select_related("parent").order_by("position")
    found = []
    for row in rows:
        record = as_read_document(row)
        if record.problem or not record.pages:
            continue
        found.append(_extraction(row, record, intake, version, now, progress))
    return corrected(found, corrections_of(complaint))


def _extraction(
    row: Document, record: ReadDocument, intake: Intake, version: str, now: datetime, progress: Progress
) -> DocumentFacts:
    key = digest([version, to_plain(record), to_plain(intake)])
    for earlier in row.extractions.all():
        if earlier.inputs_hash == key:
            progress.advance("facts", row.name)
            return from_plain(DocumentFacts, earlier.payload)
    facts = extract_document(record, intake)
    with transaction.atomic():
        progress.advance("facts", row.name)
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
    on: date | None = None,
    progress: Progress | None = None,
) -> CaseAnalysis:
    """The analysis of `complaint` on the facts in `parts`: the stored one if nothing changed, else a new version.

    It is drawn as things stand on the day `on`, or on the day the case was opened.
    """
    intake = intake_of(complaint, on=on)
    sections = sorted((section.id, section.version) for section in guidance.values())
    key = digest([rules_version(*ANALYSIS_RULES), to_plain(parts), to_plain(intake), sections])
    earlier = complaint.analyses.filter(inputs_hash=key).first()
    if earlier:
        return earlier
    facts = combine_facts(parts, intake)
    analysis = analyse(facts, intake, guidance)
    with transaction.atomic():
        Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
        (progress or NullProgress()).advance("analysis", "")
        last = complaint.analyses.aggregate(last=Max("version"))["last"] or 0
        run, created = CaseAnalysis.objects.get_or_create(
            complaint=complaint,
            inputs_hash=key,
            defaults={
                "version": last + 1,
                "facts": to_plain(facts),
                "analysis": to_plain(analysis),
                "created_at": now,
            },
        )
        if created:
            note(complaint=complaint, text=f"Analysis {run.version}: {analysis.route.reason}", by=None, now=now)
    return run

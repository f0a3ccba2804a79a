"""From papers to analysis: each stage stores its own rows, keyed by what it was made from."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from complaints.analysis import analyse
from complaints.documents import Limits, read_bundle
from complaints.documents.records import ReadDocument
from complaints.facts import combine_facts, extract_document
from complaints.facts.records import DocumentFacts, Intake
from complaints.models import CaseAnalysis, Complaint, Document, DocumentExtraction, Page
from complaints.selectors import as_read_document, intake_of
from complaints.services.timeline import note
from knowledge.digest.records import GuidanceSection
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.progress import Progress
from lightpoint.versions import rules_version

READERS = ("complaints/documents",)
FACT_RULES = ("complaints/facts", "lightpoint/language", "lightpoint/calendars.py")
ANALYSIS_RULES = ("complaints/analysis", *FACT_RULES)


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
    on: date | None = None,
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

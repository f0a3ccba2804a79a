"""A bundle worked out without a row: for a case that is nobody's, such as the sample by which prompts are tested."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from complaints.analysis import analyse
from complaints.analysis.records import Analysis
from complaints.bundles import load_bundle
from complaints.documents import Limits, read_files
from complaints.documents.records import ReadDocument
from complaints.facts import combine_facts, extract_document
from complaints.facts.records import DocumentFacts, Facts, Intake
from knowledge.digest.records import GuidanceSection


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A case from its papers to its conclusions; `parts` are the facts of each paper that could be read."""

    intake: Intake
    documents: tuple[ReadDocument, ...]
    parts: tuple[DocumentFacts, ...]
    facts: Facts
    analysis: Analysis


def work_out(*, folder: Path, guidance: Mapping[str, GuidanceSection]) -> WorkedOut:
    """Read the bundle in `folder`, find its facts and draw the conclusions; nothing is stored. Raises BundleError."""
    limits = {"max_file_bytes": settings.DOCUMENT_MAX_BYTES, "max_files": settings.BUNDLE_MAX_DOCUMENTS}
    bundle = load_bundle(folder, **limits)
    files = [(file.name, file.data) for file in bundle.files if file.data is not None]
    with closing(read_files(files, Limits(**settings.DOCUMENT_LIMITS))) as readings:
        documents = tuple(record for records in readings for record in records)
    readable = [record for record in documents if record.pages and not record.problem]
    parts = tuple(extract_document(record, bundle.intake) for record in readable)
    facts = combine_facts(parts, bundle.intake)
    return WorkedOut(bundle.intake, documents, parts, facts, analyse(facts, bundle.intake, guidance))

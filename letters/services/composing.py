"""A case as letters are composed from it and checked against it: its facts, its papers, the guidance of the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from complaints.analysis.records import Analysis
from complaints.documents.records import ReadDocument
from complaints.facts.records import DocumentFacts, Intake
from complaints.models import CaseAnalysis, Complaint
from complaints.selectors import analysis_of, facts_of, intake_of, read_documents_of
from complaints.services import analyse_complaint, extract_facts, read_documents
from knowledge.digest.records import GuidanceSection
from knowledge.selectors import guidance_index
from letters.drafting import draft_letters
from letters.ledger import Checks
from letters.models import LetterVersion
from letters.pipelines import Bench
from letters.practice import PracticeDetails
from letters.records import DraftLetter, Note, Tone
from letters.selectors import practice_details
from letters.weaving import Step
from lightpoint.codec import from_plain
from lightpoint.progress import Progress


@dataclass(frozen=True, slots=True)
class PresentCase:
    """What the papers of a case say at present, corrections included."""

    parts: tuple[DocumentFacts, ...]
    analysis: CaseAnalysis
    guidance: Mapping[str, GuidanceSection]


def present_case(*, complaint: Complaint, on: date | None, now: datetime, progress: Progress) -> PresentCase:
    """The case as it stands on the day `on`: what has not changed is found again, the rest is read and analysed."""
    read_documents(complaint=complaint, progress=progress)
    parts = extract_facts(complaint=complaint, now=now, progress=progress)
    guidance = guidance_index()
    analysis = analyse_complaint(complaint=complaint, parts=parts, guidance=guidance, now=now, on=on, progress=progress)
    return PresentCase(parts, analysis, guidance)


def checks_of(complaint: Complaint, analysis: CaseAnalysis, guidance: Mapping[str, GuidanceSection]) -> Checks:
    """What the ledger checks letters of `complaint` with."""
    pages = pages_of(read_documents_of(complaint))
    return Checks(facts_of(analysis), guidance, intake_of(complaint).nation, pages)


def compose(
    complaint: Complaint,
    analysis: CaseAnalysis,
    guidance: Mapping[str, GuidanceSection],
    *,
    on: date | None,
    tone: Tone,
) -> tuple[Bench, ...]:
    """The letters as the embedded drafter composes them, each with what it is checked by."""
    checks = checks_of(complaint, analysis, guidance)
    intake, practice = intake_of(complaint, on=on), practice_details(complaint)
    return benches_of(intake, analysis_of(analysis), practice, checks, tone=tone)


def benches_of(
    intake: Intake, analysis: Analysis, practice: PracticeDetails, checks: Checks, *, tone: Tone = "firm"
) -> tuple[Bench, ...]:
    """The same from the records of a case, wherever they are from."""
    given = (intake, checks.facts, analysis, checks.guidance, practice)
    drafts = draft_letters(*given, pages=checks.pages, tone=tone, checks=checks)
    return tuple(Bench(draft, checks) for draft in drafts)


def pages_of(papers: Iterable[ReadDocument]) -> dict[tuple[str, int | None], str]:
    """The texts of `papers` by document and page, as the ledger looks them up."""
    return {(paper.name, page.number): page.text for paper in papers for page in paper.pages}


def draft_of(version: LetterVersion) -> DraftLetter:
    """The letter that `version` holds."""
    return from_plain(DraftLetter, version.draft)


def steps_to(version: LetterVersion) -> tuple[Step, ...]:
    """The versions from the one that was drafted to `version`, the oldest first."""
    rows = {row.pk: row for row in version.letter.versions.filter(number__lte=version.number).select_related("author")}
    found: list[Step] = []
    row: LetterVersion | None = rows[version.pk]
    while row is not None:
        notes = tuple(from_plain(Note, one) for one in row.notes)
        found.append(Step(row.number, row.origin, str(row.author or ""), draft_of(row), notes))
        row = rows.get(row.base_id) if row.base_id else None
    return tuple(found[::-1])

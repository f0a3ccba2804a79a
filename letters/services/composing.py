"""A case as letters are composed from it and checked against it: its facts, its papers, the guidance of the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from complaints.facts.records import DocumentFacts
from complaints.models import CaseAnalysis, Complaint
from complaints.selectors import analysis_of, facts_of, intake_of, read_documents_of
from complaints.services import analyse_complaint, extract_facts, read_documents
from knowledge.digest.records import GuidanceSection
from knowledge.selectors import guidance_index
from letters.drafting import draft_letters
from letters.ledger import Checks, check_letter
from letters.models import LetterVersion
from letters.pipelines import Bench
from letters.records import DraftLetter, Note, Tone
from letters.selectors import practice_details
from letters.weaving import Step
from lightpoint.codec import from_plain
from lightpoint.progress import Progress

Check = Callable[[DraftLetter], DraftLetter]


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
    papers = read_documents_of(complaint)
    pages = {(paper.name, page.number): page.text for paper in papers for page in paper.pages}
    return Checks(facts_of(analysis), guidance, intake_of(complaint).nation, pages)


def checker(checks: Checks) -> Check:
    """The ledger, as a function of a letter."""
    records = (checks.facts, checks.guidance, checks.nation)
    return lambda letter: check_letter(letter, *records, pages=checks.pages, checks=checks)


def compose(
    complaint: Complaint,
    analysis: CaseAnalysis,
    guidance: Mapping[str, GuidanceSection],
    *,
    on: date | None,
    tone: Tone,
) -> tuple[Bench, ...]:
    """The letters as the embedded drafter composes them, each with what it is checked by."""
    intake, checks = intake_of(complaint, on=on), checks_of(complaint, analysis, guidance)
    practice = practice_details(complaint)
    drafts = draft_letters(
        intake,
        checks.facts,
        analysis_of(analysis),
        guidance,
        practice,
        pages=checks.pages,
        tone=tone,
        checks=checks,
    )
    return tuple(bench_of(draft, checks) for draft in drafts)


def bench_of(letter: DraftLetter, checks: Checks) -> Bench:
    """`letter` with what the ledger checks it by."""
    return Bench(letter, checks.facts, checks.guidance, checks.nation, checks.pages, checks)


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

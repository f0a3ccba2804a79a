"""Draft every strand of a case, check each sentence, and keep what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from django.db import transaction

from complaints.models import CaseAnalysis, Complaint, Document
from complaints.selectors import analysis_of, facts_of, intake_of, read_documents_of
from complaints.services import analyse_complaint, extract_facts, note, read_documents
from knowledge.digest.records import GuidanceSection
from knowledge.selectors import guidance_index
from letters.casefile import CaseFile
from letters.drafting import draft_letters
from letters.export import letter_text
from letters.ledger import Checks, check_letter, release_problems
from letters.models import Letter, LetterVersion, Receipt
from letters.records import DraftLetter, SectionSource, Tone
from letters.selectors import practice_details
from letters.services.versions import Making, store_version
from letters.status import is_locked
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.errors import InvalidInput
from lightpoint.progress import NullProgress, Progress, Stopwatch
from lightpoint.versions import rules_version
from users.models import User

PIPELINES: Final = ("embedded",)
TONES: Final[tuple[Tone, ...]] = ("measured", "firm", "robust")
LETTER_RULES: Final = ("letters", "lightpoint/grounding", "lightpoint/language")


class UnknownPipeline(InvalidInput):
    """There is no such arrangement of stages."""

    code = "unknown-pipeline"


class UnknownTone(InvalidInput):
    """There is no such tone."""

    code = "unknown-tone"


@dataclass(frozen=True, slots=True)
class _Run:
    complaint: Complaint
    analysis: CaseAnalysis
    pipeline: str
    tone: Tone
    on: date | None
    now: datetime


def draft_case(
    *,
    complaint: Complaint,
    by: User | None,
    now: datetime,
    pipeline: str = "embedded",
    tone: str = "firm",
    on: date | None = None,
    progress: Progress | None = None,
) -> CaseFile:
    """Take `complaint` from its papers to checked letters, one for each strand of its route.

    The letters are dated, and time is counted up to, the day `on`, or the day the case was opened.

    Each stage stores its own row keyed by its inputs, so that a second call, or one after a crash, goes on from the
    first stage without a row. Raises UnknownPipeline and UnknownTone.
    """
    check_choice(pipeline, tone)
    watch = Stopwatch(progress or NullProgress())
    guidance = guidance_index()
    with watch.step("read", complaint.documents.filter(parent=None).count()):
        read_documents(complaint=complaint, progress=watch.progress)
    with watch.step("facts", complaint.documents.count()):
        parts = extract_facts(complaint=complaint, now=now, progress=watch.progress)
    with watch.step("analysis"):
        analysis = analyse_complaint(
            complaint=complaint, parts=parts, guidance=guidance, now=now, on=on, progress=watch.progress
        )
    run = _Run(complaint, analysis, pipeline, cast(Tone, tone), on, now)
    with watch.step("letters"):
        letters = _drafted(run, guidance, watch.progress)
    case = _case_file(run, letters, guidance, watch.seconds)
    with transaction.atomic():
        watch.progress.advance("letters", "")  # a worker whose run was taken over is stopped here
        Receipt.objects.create(
            complaint=complaint, practice=complaint.practice, pipeline=pipeline, payload=case.receipt, created_at=now
        )
        state = "released" if case.released else "blocked"
        note(complaint=complaint, text=f"{counted(letters)} drafted by {pipeline}: {state}", by=by, now=now)
    return case


def counted(letters: Sequence[DraftLetter]) -> str:
    """ "1 letter", "2 letters"."""
    return f"{len(letters)} letter{'' if len(letters) == 1 else 's'}"


def check_choice(pipeline: str, tone: str) -> None:
    """Raise UnknownPipeline or UnknownTone for what this installation does not have."""
    if pipeline not in PIPELINES:
        raise UnknownPipeline(f"There is no pipeline {pipeline!r}; choose one of: {', '.join(PIPELINES)}.")
    if tone not in TONES:
        raise UnknownTone(f"There is no tone {tone!r}; choose one of: {', '.join(TONES)}.")


def _drafted(run: _Run, guidance: Mapping[str, GuidanceSection], progress: Progress) -> tuple[DraftLetter, ...]:
    practice = practice_details(run.complaint)
    key = digest([rules_version(*LETTER_RULES), run.analysis.inputs_hash, run.pipeline, run.tone, to_plain(practice)])
    stored = _stored(run, key)
    if stored:
        return stored
    intake, facts = intake_of(run.complaint, on=run.on), facts_of(run.analysis)
    papers = read_documents_of(run.complaint)
    pages = {(paper.name, page.number): page.text for paper in papers for page in paper.pages}
    checks = Checks(facts, guidance, intake.nation, pages)
    drafts = draft_letters(
        intake, facts, analysis_of(run.analysis), guidance, practice, pages=pages, tone=run.tone, checks=checks
    )
    checked = tuple(check_letter(draft, facts, guidance, intake.nation, pages=pages, checks=checks) for draft in drafts)
    with transaction.atomic():
        Complaint.objects.select_for_update(no_key=True).get(pk=run.complaint.pk)
        progress.advance("letters", "")
        stored = _stored(run, key)
        if stored:
            return stored
        for position, draft in enumerate(checked):
            _store(run, position, draft, key)
    return checked


def _stored(run: _Run, key: str) -> tuple[DraftLetter, ...]:
    """The letters that were drafted from the same inputs before."""
    rows = LetterVersion.objects.filter(letter__complaint=run.complaint, inputs_hash=key).order_by("letter__position")
    return tuple(from_plain(DraftLetter, row.draft) for row in rows)


def _store(run: _Run, position: int, draft: DraftLetter, key: str) -> None:
    """Keep `draft` as the newest version of its strand; one that is approved or sent is left as it is, and told."""
    letter, _created = Letter.objects.select_for_update().get_or_create(
        complaint=run.complaint,
        type=draft.type,
        defaults={"practice": run.complaint.practice, "position": position, "recipient": draft.recipient},
    )
    if is_locked(letter.state):
        text = f"{letter.get_type_display()} is {letter.get_state_display().lower()} and was left as it is"
        note(complaint=run.complaint, text=text, by=None, now=run.now)
        return
    letter.position, letter.recipient = position, draft.recipient
    letter.save(update_fields=["position", "recipient"])
    making = Making(run.analysis, run.pipeline, run.tone, key)
    store_version(letter=letter, draft=draft, making=making, now=run.now)


def _case_file(
    run: _Run,
    letters: tuple[DraftLetter, ...],
    guidance: Mapping[str, GuidanceSection],
    seconds: Mapping[str, float],
) -> CaseFile:
    problems = tuple(release_problems(letter) for letter in letters)
    return CaseFile(
        facts=facts_of(run.analysis),
        analysis=analysis_of(run.analysis),
        documents=read_documents_of(run.complaint),
        letters=letters,
        texts=tuple(letter_text(letter) for letter in letters),
        problems=problems,
        receipt=_receipt(run, letters, guidance, seconds),
    )


def _receipt(
    run: _Run,
    letters: tuple[DraftLetter, ...],
    guidance: Mapping[str, GuidanceSection],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    cited = sorted(
        {s.section for letter in letters for x in letter.sentences() for s in x.sources if isinstance(s, SectionSource)}
    )
    return {
        "pipeline": run.pipeline,
        "tone": run.tone,
        "stages": list(seconds),
        "rules": rules_version(*LETTER_RULES),
        "analysis": run.analysis.inputs_hash,
        "guidance": {section: guidance[section].version for section in cited if section in guidance},
        "evidence": {
            row.name: row.content_sha256
            for row in Document.objects.filter(complaint=run.complaint).order_by("position")
        },
        "model": None,
        "tokens": {"input": 0, "cached": 0, "output": 0},
        "cost": {"amount": str(Decimal("0.00")), "currency": "USD"},
        "checks": _checks(letters),
        "approved_by": None,
        "seconds": {step: round(taken, 3) for step, taken in seconds.items()},
        "drafted_at": run.now.isoformat(),
    }


def _checks(letters: tuple[DraftLetter, ...]) -> dict[str, int]:
    counts: dict[str, int] = {"verified": 0, "repaired": 0, "unsupported": 0, "not_checkable": 0}
    for letter in letters:
        for sentence in letter.sentences():
            counts[sentence.status] += 1
    return counts

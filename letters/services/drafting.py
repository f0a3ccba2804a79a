"""Draft every strand of a case, check each sentence, and keep what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, cast

from django.db import transaction

from complaints.facts.records import DocumentFacts
from complaints.models import CaseAnalysis, CaseRun, Complaint, Document
from complaints.selectors import analysis_of, facts_of, read_documents_of
from complaints.services import analyse_complaint, extract_facts, note, read_documents
from knowledge.digest.records import GuidanceSection
from knowledge.selectors import guidance_index
from letters.casefile import CaseFile
from letters.export import letter_text
from letters.ledger import release_problems
from letters.models import Letter, LetterVersion
from letters.outline import letter_types
from letters.pipelines import PIPELINES, Bench, PipelineName, Sight, parts_of, section_states
from letters.prompting import default_tone, prompts_in_force
from letters.records import DraftLetter, LetterType, Note, SectionSource, Tone
from letters.selectors import practice_details
from letters.services.composing import checks_of, compose, draft_of, steps_to
from letters.services.experiments import Arm, arm_of
from letters.services.live import sight_of, tell_version
from letters.services.receipts import keep_receipt
from letters.services.versions import Making, store_version
from letters.services.writing import Commission, Writing, default_pipeline, write_with_models, writing_version
from letters.status import takes_versions
from letters.weaving import edits_by_people, keep_edits, text_of
from lightpoint.codec import digest, from_plain, to_plain
from lightpoint.errors import InvalidInput
from lightpoint.llm import is_configured
from lightpoint.progress import NullProgress, Progress, Stopwatch
from lightpoint.versions import rules_version
from users.models import User
from users.selectors import receipt_of_complaint

TONES: Final[tuple[Tone, ...]] = ("measured", "firm", "robust")
_AGAIN: Final = LetterVersion.Origin.REDRAFTED
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
    by: User | None
    analysis: CaseAnalysis
    parts: tuple[DocumentFacts, ...]
    pipeline: PipelineName
    tone: Tone
    on: date | None
    now: datetime
    row: CaseRun | None
    keep_edits: bool
    arm: Arm | None

    @property
    def attempt(self) -> int:
        return self.row.attempt if self.row else 0


@dataclass(frozen=True, slots=True)
class _Made:
    """Letters to be kept under `key`. `sight` is there for letters that nobody has seen in this drafting yet.

    `closed` are the numbers of those that somebody answered for when models were asked: they are left as they are.
    """

    letters: tuple[DraftLetter, ...]
    key: str
    writing: Writing
    sight: Sight | None = None
    closed: frozenset[int] = frozenset()


def draft_case(  # noqa: PLR0913 - one for each choice, and whose worker it is
    *,
    complaint: Complaint,
    by: User | None,
    now: datetime,
    pipeline: str | None = None,
    tone: str | None = None,
    on: date | None = None,
    progress: Progress | None = None,
    run: CaseRun | None = None,
    keep_edits: bool = True,
) -> CaseFile:
    """Take `complaint` from its papers to checked letters, one for each strand of its route.

    The letters are dated, and time is counted up to, the day `on`, or the day the case was opened. Without a
    `pipeline` it is that of the case's arm where an experiment runs, else `parallel` where there is a key for models,
    else `embedded`; without a `tone` that of the practice.
    `run` is the row of the run that this is the work of. `keep_edits` puts back what people had changed in the letters
    before, as far as the ledger still bears it out.

    Each stage stores its own row keyed by its inputs, so that a second call, or one after a crash, goes on from the
    first stage without a row. Raises UnknownPipeline and UnknownTone.
    """
    tone = tone or default_tone(complaint.practice)
    arm = arm_of(complaint=complaint, now=now) if pipeline is None and is_configured() else None
    chosen = check_choice(pipeline or (arm and arm.pipeline) or default_pipeline(), tone)
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
    job = _Run(complaint, by, analysis, parts, chosen, cast(Tone, tone), on, now, run, keep_edits, arm)
    with watch.step("letters"):
        made = _drafted(job, guidance, watch.progress)
    with transaction.atomic():  # a letter is never kept without its receipt
        letters = _kept(job, made, guidance, watch.progress)
        case = _case_file(job, letters, made.writing, guidance, watch.seconds)
        if keep_receipt(
            complaint=complaint, run=run, key=made.key, pipeline=chosen, payload=case.receipt, now=now
        ):  # else a worker that was lost had kept all of it
            state = "released" if case.released else "blocked"
            note(complaint=complaint, text=f"{counted(letters)} drafted by {chosen}: {state}", by=by, now=now)
    return case


def counted(letters: Sequence[DraftLetter]) -> str:
    """ "1 letter", "2 letters"."""
    return f"{len(letters)} letter{'' if len(letters) == 1 else 's'}"


def check_choice(pipeline: str, tone: str) -> PipelineName:
    """The pipeline of that name. Raises UnknownPipeline or UnknownTone for what this installation does not have."""
    if pipeline not in PIPELINES:
        raise UnknownPipeline(f"There is no pipeline {pipeline!r}; choose one of: {', '.join(PIPELINES)}.")
    if tone not in TONES:
        raise UnknownTone(f"There is no tone {tone!r}; choose one of: {', '.join(TONES)}.")
    return pipeline


def _drafted(run: _Run, guidance: Mapping[str, GuidanceSection], progress: Progress) -> _Made:
    practice = practice_details(run.complaint)
    inputs = [rules_version(*LETTER_RULES), run.analysis.inputs_hash, run.pipeline, run.tone, to_plain(practice)]
    prompts = prompts_in_force(run.complaint.practice, instead=run.arm.prompt if run.arm else None)
    key = digest(inputs if run.pipeline == "embedded" else [*inputs, *writing_version(prompts)])
    sight = sight_of(progress)
    stored = _stored(run, key)
    wanted = letter_types(analysis_of(run.analysis)) if stored else ()
    if stored and all(letter in stored for letter in wanted):
        return _Made(tuple(stored[letter] for letter in wanted), key, Writing(), sight)
    benches = compose(run.complaint, run.analysis, guidance, on=run.on, tone=run.tone)
    letters, writing, closed = _composed(run, benches, sight), Writing(), frozenset[int]()
    if run.pipeline != "embedded" and benches:
        rows = _begun(run, letters)
        closed = frozenset(at for at, row in enumerate(rows) if not takes_versions(row.state))
        numbers = tuple(row.pk for row in rows)
        writing = write_with_models(
            asked=Commission(run.complaint, numbers, run.pipeline, prompts, run.by, run.attempt, closed),
            benches=[replace(bench, letter=letter) for bench, letter in zip(benches, letters, strict=True)],
            parts=run.parts,
            progress=progress,
            sight=sight,
            now=run.now,
        )
        letters = writing.outcome.letters
    if writing.failed:  # these are not the letters that a better hour gives, and stand under a key of their own
        key = digest([key, to_plain(letters)])
    return _Made(letters, key, writing, closed=closed)


def _kept(
    run: _Run, made: _Made, guidance: Mapping[str, GuidanceSection], progress: Progress
) -> tuple[DraftLetter, ...]:
    """The letters as they are kept, by the worker whose run it still is. In a transaction."""
    Complaint.objects.select_for_update(no_key=True).get(pk=run.complaint.pk)
    progress.advance("letters", "")  # a worker whose run was taken over is stopped here
    stored = _stored(run, made.key)
    drafts = [stored.get(letter.type, letter) for letter in made.letters]
    kept = [_keep(run, n, draft, made, guidance) for n, draft in enumerate(drafts)]
    for number, (draft, version) in enumerate(kept):
        if made.sight is not None:
            made.sight.show(number, draft, {}, otherwise="checked")
        if version is not None:
            tell_version(progress, version)
    return tuple(draft for draft, _version in kept)


def _composed(run: _Run, benches: Sequence[Bench], sight: Sight) -> tuple[DraftLetter, ...]:
    """The embedded drafter's letters, checked, each in sight as soon as it is."""
    letters = []
    for number, bench in enumerate(benches):
        letter = bench.checked(bench.letter)
        parts = parts_of(letter, number) if run.pipeline != "embedded" else ()
        sight.show(number, letter, section_states(letter, parts, {}))
        letters.append(letter)
    return tuple(letters)


def _begun(run: _Run, letters: Sequence[DraftLetter]) -> tuple[Letter, ...]:
    """The rows of the letters that models are about to write, so that each call is booked for its letter.

    A row that is new is shown to nobody until it has a version.
    """
    with transaction.atomic():
        return tuple(_letter_row(run, at, draft, begun=True) for at, draft in enumerate(letters))


def _letter_row(run: _Run, position: int, draft: DraftLetter, *, begun: bool) -> Letter:
    """The row of the strand that `draft` is for, locked."""
    defaults = {"practice": run.complaint.practice, "position": position, "recipient": draft.recipient}
    letter, _created = Letter.objects.select_for_update().get_or_create(
        complaint=run.complaint, type=draft.type, defaults={**defaults, "is_begun": begun}
    )
    return letter


def _stored(run: _Run, key: str) -> dict[LetterType, DraftLetter]:
    """The letters that were drafted from the same inputs before: not those that somebody answered for by then."""
    rows = LetterVersion.objects.filter(letter__complaint=run.complaint, inputs_hash=key)
    return {draft.type: draft for draft in (from_plain(DraftLetter, row.draft) for row in rows)}


def _keep(
    run: _Run, position: int, draft: DraftLetter, made: _Made, guidance: Mapping[str, GuidanceSection]
) -> tuple[DraftLetter, LetterVersion | None]:
    """Keep `draft` as a version of its strand, and in a further one what people had changed before, if it still stands.

    A letter that somebody answers for is left as it is, and noted: then there is no version. Returns the letter that is
    the newest at the end.
    """
    letter = _letter_row(run, position, draft, begun=False)
    before = letter.versions.order_by("-number").first()
    if position in made.closed or not takes_versions(letter.state):
        if before is not None and text_of(draft.blocks) == text_of(draft_of(before).blocks):
            return draft, None
        text = f"{letter.get_type_display()} is {letter.get_state_display().lower()} and was left as it is"
        note(complaint=run.complaint, text=text, by=None, now=run.now)
        return draft, None
    letter.position, letter.recipient, letter.is_begun = position, draft.recipient, False
    letter.save(update_fields=["position", "recipient", "is_begun"])
    making = Making(run.analysis, run.pipeline, run.tone, made.key)
    wanted, notes = _with_edits(run, draft, before, guidance) if before else (draft, ())
    newest, words = before, text_of(wanted.blocks)
    if not letter.versions.filter(inputs_hash=made.key).exists():
        whole = replace(making, notes=notes if words == text_of(draft.blocks) else ())
        newest = store_version(letter=letter, draft=draft, making=whole, now=run.now)
    if before is None or newest is None or words == text_of(draft_of(newest).blocks):
        return wanted, newest
    again = replace(making, inputs_hash=digest([made.key, newest.pk]), base=before, notes=notes, origin=_AGAIN)
    return wanted, store_version(letter=letter, draft=wanted, making=again, now=run.now)


def _with_edits(
    run: _Run, draft: DraftLetter, before: LetterVersion, guidance: Mapping[str, GuidanceSection]
) -> tuple[DraftLetter, tuple[Note, ...]]:
    """`draft` with what people changed in `before`, the newest version so far, where that is wanted and stands."""
    edits = edits_by_people(steps_to(before)) if run.keep_edits else {}
    if not edits:
        return draft, ()
    checks = checks_of(run.complaint, run.analysis, guidance)
    return keep_edits(draft, draft_of(before), edits, checks.checked)


def _case_file(
    run: _Run,
    letters: tuple[DraftLetter, ...],
    writing: Writing,
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
        receipt=_receipt(run, letters, writing, guidance, seconds),
    )


def _receipt(
    run: _Run,
    letters: tuple[DraftLetter, ...],
    writing: Writing,
    guidance: Mapping[str, GuidanceSection],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    cited = sorted(
        {s.section for letter in letters for x in letter.sentences() for s in x.sources if isinstance(s, SectionSource)}
    )
    return {
        "pipeline": run.pipeline,
        "tone": run.tone,
        "experiment": run.arm.plain() if run.arm else None,
        "stages": list(seconds),
        "rules": rules_version(*LETTER_RULES),
        "analysis": run.analysis.inputs_hash,
        "guidance": {section: guidance[section].version for section in cited if section in guidance},
        "evidence": {
            row.name: row.content_sha256
            for row in Document.objects.filter(complaint=run.complaint).order_by("position")
        },
        **writing.plain(),
        "booked": _booked(run) if run.pipeline != "embedded" else None,
        "checks": _checks(letters),
        "approved_by": None,
        "seconds": {step: round(taken, 3) for step, taken in seconds.items()},
        "drafted_at": run.now.isoformat(),
    }


def _booked(run: _Run) -> dict[str, Any]:
    """What the ledger of calls has for the case by now: drafts before this one, and those that broke off, included."""
    rows = receipt_of_complaint(run.complaint)
    return {"calls": len(rows.calls), "amount": str(rows.total), "unpriced": rows.unpriced, "currency": rows.currency}


def _checks(letters: tuple[DraftLetter, ...]) -> dict[str, int]:
    counts: dict[str, int] = {"verified": 0, "repaired": 0, "unsupported": 0, "not_checkable": 0}
    for letter in letters:
        for sentence in letter.sentences():
            counts[sentence.status] += 1
    return counts

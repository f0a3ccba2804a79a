"""A change of one section that somebody asks for: in words, in another tone, as it was drafted, or written anew.

The work is a run of the case. It ends in a new version with who asked as its author, or leaves the section as it was
and says why. The other sections keep their words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from django.db import transaction

from complaints.models import CaseRun, Complaint
from complaints.services import RunProgress, note
from letters.editing import UnfitEdit
from letters.ledger import release_problems
from letters.models import Letter, LetterVersion
from letters.pipelines import PIPELINES, Bench, Part, PipelineName
from letters.pipelines.judging import passes
from letters.pipelines.refining import refined, section_parts
from letters.prompting import prompts_in_force
from letters.records import DraftLetter, Note, Tone
from letters.services.approval import newest_version
from letters.services.asking import NO_MODEL, Asked, Change, ChangeNotMade, check_open
from letters.services.composing import (
    PresentCase,
    checks_of,
    compose,
    draft_of,
    present_case,
    steps_to,
)
from letters.services.receipts import keep_receipt
from letters.services.versions import Making, locked_letter, store_version
from letters.services.writing import Commission, NoModel, Writing, refining_desk, write_with_models
from letters.weaving import Piece, blocks_of, pieces, section_piece, text_of, with_piece
from lightpoint.codec import digest
from lightpoint.errors import StaleVersion
from lightpoint.llm import is_configured
from users.models import User
from users.services import record_audit

_ORIGINS: Final[Mapping[Change, str]] = {
    "reword": LetterVersion.Origin.REFINED,
    "tone": LetterVersion.Origin.RETONED,
    "restore": LetterVersion.Origin.RESTORED,
    "renew": LetterVersion.Origin.RENEWED,
}
_DONE: Final[Mapping[Change, str]] = {
    "reword": "reworded as asked",
    "tone": "in another tone",
    "restore": "as it was drafted",
    "renew": "written anew",
}
MOST_REASONS, LONGEST_TOLD = 2, 440  # of a change that was refused: reasons, and characters in all


@dataclass(frozen=True, slots=True)
class _Job:
    """A change on its way: the letter as it stood when it was asked for, and the case as it stands now."""

    run: CaseRun
    asked: Asked
    letter: Letter
    base: LetterVersion
    draft: DraftLetter
    piece: Piece
    case: PresentCase
    now: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    """The whole letter with the section changed, checked, and what models did for it."""

    letter: DraftLetter
    writing: Writing | None = None


def work_on_change(run: CaseRun, progress: RunProgress, now: datetime) -> str:
    """Make the change that the run was started for; the line says what came of it.

    Raises StaleVersion and LetterLocked where the letter has moved on, and ChangeNotMade.
    """
    asked = Asked(**{name: run.options[name] for name in ("change", "section", "words", "tone")})
    rows = Letter.objects.select_related("complaint__practice", "complaint__client")
    letter = rows.get(pk=run.options["letter"], complaint=run.complaint)
    made = letter.versions.filter(inputs_hash=_key(run)).first()
    if made is not None:  # by a worker that was lost before it could say so
        return _told(made, run.options["title"], asked)
    if letter.version != run.options["expected_version"]:
        raise StaleVersion("Somebody changed the letter before this change was made; it was left as it is")
    job = _job(run, asked, letter, progress, now)
    progress.start("wording", None)
    result = _MAKERS[asked.change](job, progress)
    if text_of(blocks_of(result.letter, job.piece)) == text_of(blocks_of(job.draft, job.piece)):
        _keep_receipt(job, result.writing, progress)
        raise ChangeNotMade("The section says this already; not a word is different")
    return _told(_store(job, result, progress), job.piece.title, asked)


def _job(run: CaseRun, asked: Asked, letter: Letter, progress: RunProgress, now: datetime) -> _Job:
    base = newest_version(letter)
    draft = draft_of(base)
    piece = section_piece(draft, asked.section)
    if piece is None:
        raise UnfitEdit(f"The letter has no section {asked.section}")
    case = present_case(complaint=letter.complaint, on=draft.dated, now=now, progress=progress)
    return _Job(run, asked, letter, base, draft, piece, case, now)


def _reworded(job: _Job, progress: RunProgress) -> _Made:
    """By a model, from the checked sentences of the section."""
    if not is_configured():
        raise NoModel(NO_MODEL)
    bench = _bench(job)
    parts = _parts(bench.letter, job.piece)
    desk = refining_desk(asked=_commission(job, "parallel"), bench=bench, progress=progress, now=job.now)
    with desk:
        found = refined(bench, parts, job.asked.words, desk)
    writing = Writing(tuple(desk.asked), letters=(job.letter.pk,))
    if found.letter is None:
        _keep_receipt(job, writing, progress)
        raise ChangeNotMade(_refusal(found.reasons, found.error))
    return _Made(found.letter, writing)


def _retoned(job: _Job, progress: RunProgress) -> _Made:  # noqa: ARG001 - one shape for all changes
    """By the embedded drafter, in the tone that was asked for."""
    return _Made(_woven(job, _drafted(job, cast(Tone, job.asked.tone)).letter))


def _renewed(job: _Job, progress: RunProgress) -> _Made:
    """As a new draft of the case has it: with new papers and corrections, by the pipeline of the letter."""
    bench = _drafted(job, cast(Tone, job.base.tone))
    pipeline = _pipeline(job.base)
    if pipeline == "embedded":
        return _Made(_woven(job, bench.letter))
    checked = replace(bench, letter=bench.checked(bench.letter))
    start, end = pieces(checked.letter)[job.piece]
    writing = write_with_models(
        asked=_commission(job, pipeline),
        benches=[checked],
        parts=job.case.parts,
        progress=progress,
        now=job.now,
        only=range(start, end),
    )
    return _Made(_woven(job, writing.outcome.letters[0]), writing)


def _restored(job: _Job, progress: RunProgress) -> _Made:  # noqa: ARG001 - one shape for all changes
    """As the last draft had it, before anybody changed it."""
    drafts = [step.letter for step in steps_to(job.base) if step.origin == "drafted"]
    if not drafts or job.piece not in pieces(drafts[-1]):
        raise ChangeNotMade("The draft that this letter came from has no such section; have it written anew")
    return _Made(_woven(job, drafts[-1]))


_MAKERS: Final = {"reword": _reworded, "tone": _retoned, "restore": _restored, "renew": _renewed}


def _commission(job: _Job, pipeline: PipelineName) -> Commission:
    complaint = job.letter.complaint
    prompts = prompts_in_force(complaint.practice)
    return Commission(complaint, (job.letter.pk,), pipeline, prompts, job.run.created_by, job.run.attempt)


def _drafted(job: _Job, tone: Tone) -> Bench:
    """The letter as the embedded drafter writes it now. Raises ChangeNotMade where it has no such section."""
    case = job.case
    benches = compose(job.letter.complaint, case.analysis, case.guidance, on=job.draft.dated, tone=tone)
    found = next((bench for bench in benches if bench.letter.type == job.letter.type), None)
    if found is None or job.piece not in pieces(found.letter):
        raise ChangeNotMade("On the present facts the letter has no such section; have all letters drafted again")
    return found


def _bench(job: _Job) -> Bench:
    checks = checks_of(job.letter.complaint, job.case.analysis, job.case.guidance)
    return Bench(checks.checked(job.draft), checks)


def _woven(job: _Job, source: DraftLetter) -> DraftLetter:
    """The letter with the section as `source` has it. Raises ChangeNotMade where the ledger does not bear that out."""
    bench = _bench(job)
    before = set(release_problems(bench.letter))
    letter = bench.checked(with_piece(job.draft, job.piece, source))
    problems = tuple(problem for problem in release_problems(letter) if problem not in before)
    if problems:
        raise ChangeNotMade(_refusal(problems) + " Have all letters drafted again.")
    return letter


def _parts(letter: DraftLetter, piece: Piece) -> tuple[Part, ...]:
    """What of the section a model may word. Raises ChangeNotMade for one that it may not."""
    parts = section_parts(letter, *pieces(letter)[piece])
    if not parts:
        raise ChangeNotMade("This section holds requests or a table, which no model words; edit it by hand")
    if not all(passes(card.sentence) for part in parts for card in part.cards):
        raise ChangeNotMade("A sentence of this section is blocked; mend it or have the section written anew first")
    return parts


def _pipeline(base: LetterVersion) -> PipelineName:
    named = next((name for name in PIPELINES if name == base.pipeline), None)
    return named if named and is_configured() else "embedded"


def _store(job: _Job, made: _Made, progress: RunProgress) -> LetterVersion:
    by, asked = cast(User, job.run.created_by), job.asked
    words = asked.words or asked.tone
    notes = (Note("asked", job.piece.title, words, str(by), job.base.number),) if words else ()
    with transaction.atomic():
        Complaint.objects.select_for_update(no_key=True).get(pk=job.letter.complaint_id)
        progress.advance("letters", job.piece.title)  # a worker whose run was taken over is stopped here
        locked = locked_letter(letter=job.letter, expected_version=job.run.options["expected_version"])
        check_open(locked)
        making = Making(
            job.case.analysis,
            job.base.pipeline,
            job.base.tone,
            _key(job.run),
            author=by,
            base=job.base,
            origin=_ORIGINS[asked.change],
            notes=notes,
        )
        version = store_version(letter=locked, draft=made.letter, making=making, now=job.now)
        _receipt(job, made.writing)
        text = f"{locked.get_type_display()}: {_told(version, job.piece.title, asked)}"
        note(complaint=locked.complaint, text=text[:500], by=by, now=job.now)
        record_audit(
            action=f"letter.{_ORIGINS[asked.change]}",
            target=locked,
            practice=locked.complaint.practice,
            actor=by,
            new={"version": version.number, "base": job.base.number, "section": job.piece.title},
            at=job.now,
        )
    return version


def _keep_receipt(job: _Job, writing: Writing | None, progress: RunProgress) -> None:
    """What a change that was not made has cost."""
    with transaction.atomic():
        progress.advance("letters", "")
        _receipt(job, writing)


def _receipt(job: _Job, writing: Writing | None) -> None:
    if writing is None:
        return
    payload: dict[str, Any] = {
        "pipeline": job.base.pipeline,
        "change": job.asked.change,
        "section": job.piece.title,
        "letter": job.letter.type,
        "analysis": job.case.analysis.inputs_hash,
        **writing.plain(),
        "drafted_at": job.now.isoformat(),
    }
    complaint, run, pipeline = job.letter.complaint, job.run, job.base.pipeline
    keep_receipt(complaint=complaint, run=run, key=_key(run), pipeline=pipeline, payload=payload, now=job.now)


def _key(run: CaseRun) -> str:
    """One version for each run, however often it is worked on."""
    return digest(["change", run.pk])


def _told(version: LetterVersion, title: str, asked: Asked) -> str:
    state = "every statement verified" if version.released else f"blocked by {len(version.problems)}"
    return f"version {version.number}, “{title}” {_DONE[asked.change]}, {state}"


def _refusal(reasons: tuple[str, ...], error: str = "") -> str:
    """Why the section stays as it was, in words for who asked."""
    if error and not reasons:
        return f"The section stays as it was: the provider of the model failed ({error}). Ask again later."
    first = {reason.partition("”:")[0]: reason for reason in reversed(reasons)}  # one for each sentence
    told = "; ".join(map(_in_plain_words, [reason for reason in reasons if reason in first.values()][:MOST_REASONS]))
    whole = f"The section stays as it was: what came back is not borne out by the evidence. {told}"
    return whole if len(whole) <= LONGEST_TOLD else whole[:LONGEST_TOLD].rpartition(" ")[0] + " …"


def _in_plain_words(reason: str) -> str:
    """A reason as who asked can read it: they see sentences, not the cards that a model was given."""
    for said, plain in _PLAIN:
        reason = said.sub(plain, reason)
    return reason


_PLAIN: Final = (
    (re.compile(r"\bcard \d+ is left out:"), "left out:"),
    (re.compile(r" of card \d+ is left out"), " is left out"),
    (re.compile(r"the cards (?:that|which) the sentence uses"), "what the sentence rests on"),
    (re.compile(r"\b(?:its|the) cards?\b"), "the evidence"),
    (re.compile(r"\bcards\b"), "pieces of evidence"),
)

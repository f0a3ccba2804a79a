"""Letters with the help of models: what the embedded drafter composed, written by stages, with an account of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from complaints.documents.records import ReadDocument
from complaints.facts.records import DocumentFacts, Facts, Injection, Intake
from complaints.models import Complaint
from complaints.selectors import intake_of, read_documents_of
from letters.pipelines import Bench, Outcome, Paper, Part, PipelineName, Sight, note_calls, parts_of, write_letters
from letters.practice import PracticeDetails
from letters.privacy import Veil, known_of
from letters.prompting import OWN_STAGES, Prompts, prompts_in_force
from letters.records import DraftLetter
from letters.selectors import practice_details
from letters.services.receipts import UNPRICED, ReceiptLine, total
from letters.services.stages import StageDesk
from lightpoint.codec import digest
from lightpoint.errors import Conflict
from lightpoint.llm import Tier, is_configured, model_of
from lightpoint.progress import Progress
from users.models import User

TIERS: Final[tuple[Tier, ...]] = ("fast", "balanced", "best")
USUAL: Final[PipelineName] = "parallel"  # of a case for which nobody names a pipeline
NOTHING: Final = Outcome(())


class NoModel(Conflict):
    """What is asked for takes a model, and none is set up."""

    code = "no-model"


@dataclass(frozen=True, slots=True)
class Writing:
    """What models did for the letters of a case, as the receipt tells it."""

    asked: tuple[ReceiptLine, ...] = ()
    outcome: Outcome = NOTHING
    letters: tuple[int, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a part stayed the embedded drafter's because the provider failed: a later press may do better."""
        return bool(self.outcome.errors)

    def plain(self) -> dict[str, Any]:
        """The part of a receipt that is about models."""
        return {
            "model": ", ".join(sorted({line.model for line in self.asked})) or None,
            "tokens": _tokens(self.asked),
            "cost": {"amount": _amount(self.asked), "currency": "USD"},
            "cost_by_letter": self._by_letter(),
            "calls": [line.plain() for line in self.asked],
            "cache_hits": sum(line.outcome == "kept" for line in self.asked),
            "sections": {
                "written": list(self.outcome.written),
                "replaced": [
                    {"letter": one.letter, "section": one.part, "title": one.title, "reasons": list(one.reasons)}
                    for one in self.outcome.replaced
                ],
                "mended": [
                    {"letter": one.letter, "section": one.part, "title": one.title, "sentences": one.sentences}
                    | {"reasons": list(one.reasons)}
                    for one in self.outcome.mended
                ],
                "asked_again": list(self.outcome.asked_again),
            },
        }

    def _by_letter(self) -> list[dict[str, Any]]:
        """What each letter cost, by the number of its row; null is what the letters of the case share."""
        if not self.asked:
            return []
        shared = [line for line in self.asked if line.stage == "facts"]
        own = [
            [line for line in self.asked if line.stage != "facts" and line.letter == number]
            for number in range(len(self.letters))
        ]
        rows = zip((None, *self.letters), (shared, *own), strict=True)
        return [{"letter_id": row, "amount": _amount(lines)} for row, lines in rows]


def default_pipeline() -> PipelineName:
    """`parallel` where there is a key for models, else `embedded`."""
    return USUAL if is_configured() else "embedded"


def writing_version(prompts: Prompts) -> list[Any]:
    """What of prompts, settings, routes and models a letter depends on."""
    told = [prompts[stage] for stage in OWN_STAGES]
    own = [[one.version, one.tier, one.model, one.temperature, one.most_tokens] for one in told]
    return [*own, *(model_of(tier) for tier in TIERS), settings.LLM_ROUTES]


@dataclass(frozen=True, slots=True)
class Commission:
    """What models are to write, for whom, and what they are told.

    `letters` are the numbers of the rows of the letters, which calls are booked for; `attempt` is that of the run.
    In those whose places are in `closed`, from 0, models write nothing.
    """

    complaint: Complaint
    letters: tuple[int, ...]
    pipeline: PipelineName
    prompts: Prompts
    by: User | None
    attempt: int
    closed: frozenset[int] = frozenset()


def write_with_models(
    *,
    asked: Commission,
    benches: Sequence[Bench],
    parts: Sequence[DocumentFacts],
    progress: Progress,
    now: datetime,
    sight: Sight | None = None,
    only: range | None = None,
) -> Writing:
    """The letters of `benches` as the pipeline has models write them, within LETTER_DEADLINE_SECONDS in all.

    With `only`, models write what stands in these blocks and no more. `sight` is shown what can be read of the letters
    already. Whatever fails stays the embedded drafter's. Raises only what `progress` raises, where the run was taken
    over.
    """
    complaint = asked.complaint
    intake, practice = intake_of(complaint), practice_details(complaint)
    papers = papers_of(read_documents_of(complaint), parts)
    desk = StageDesk(
        complaint=complaint,
        practice=complaint.practice,
        letters=asked.letters,
        prompts=asked.prompts,
        pipeline=asked.pipeline,
        by=asked.by,
        veil=Veil(_secret(complaint), known_of(intake, benches[0].facts, practice)),
        stakes=[bench.letter.type for bench in benches],
        progress=progress,
        deadline=time.monotonic() + settings.LETTER_DEADLINE_SECONDS,
        now=now,
        attempt=asked.attempt,
        veils=veils_of(_secret(complaint), intake, practice, parts, papers),
    )
    with desk:
        sections = [
            _open_parts(bench.letter, number, only) if number not in asked.closed else ()
            for number, bench in enumerate(benches)
        ]
        outcome = write_letters(asked.pipeline, benches, sections, papers, desk, sight)
    return Writing(tuple(desk.asked), outcome, asked.letters)


def _open_parts(letter: DraftLetter, number: int, only: range | None) -> tuple[Part, ...]:
    return tuple(part for part in parts_of(letter, number) if only is None or part.first in only)


def refining_desk(*, asked: Commission, bench: Bench, progress: Progress, now: datetime) -> StageDesk:
    """A desk for a change of the letter of `bench`; what was asked for is hidden as all else is."""
    complaint = asked.complaint
    return StageDesk(
        complaint=complaint,
        practice=complaint.practice,
        letters=asked.letters,
        prompts=asked.prompts,
        pipeline=asked.pipeline,
        by=asked.by,
        veil=Veil(_secret(complaint), known_of(intake_of(complaint), bench.facts, practice_details(complaint))),
        stakes=(bench.letter.type,),
        progress=progress,
        deadline=time.monotonic() + settings.LETTER_DEADLINE_SECONDS,
        now=now,
        attempt=asked.attempt,
    )


def take_notes(
    *,
    complaint: Complaint,
    by: User | None,
    parts: Sequence[DocumentFacts],
    progress: Progress,
    now: datetime,
    attempt: int = 0,
) -> int:
    """Have a note taken of each paper that has none, for the letters to come. Returns how many answers there are.

    Without a key nothing is asked. Raises only what `progress` raises, where the run was taken over.
    """
    if not is_configured():
        return 0
    papers = papers_of(read_documents_of(complaint), parts)
    intake, practice = intake_of(complaint), practice_details(complaint)
    desk = StageDesk(
        complaint=complaint,
        practice=complaint.practice,
        prompts=prompts_in_force(complaint.practice),
        pipeline="parallel",
        by=by,
        veil=Veil(_secret(complaint), known_of(intake, None, practice)),
        stakes=("complaint_tier_1",),
        progress=progress,
        deadline=time.monotonic() + settings.LETTER_DEADLINE_SECONDS,
        now=now,
        attempt=attempt,
        veils=veils_of(_secret(complaint), intake, practice, parts, papers),
    )
    with desk:
        calls = note_calls(papers)
        for call in calls:
            desk.submit(call)
        return sum(desk.next().value is not None for _ in calls)


def papers_of(documents: Sequence[ReadDocument], parts: Sequence[DocumentFacts]) -> tuple[Paper, ...]:
    """The papers with facts in them, as models may read them: without what tries to steer a reader, and not endless."""
    facts = {part.profile.document: part for part in parts}
    found = []
    for document in documents:
        part = facts.get(document.name)
        if part is None:
            continue
        text = "\n\n".join(_without(document, number, part.injections) for number in range(len(document.pages)))
        called = part.profile.summary_name or document.name
        key = digest([document.sha256, text])
        found.append(Paper(key, document.name, called, text[: settings.LETTER_NOTE_CHARACTERS]))
    return tuple(found)


def _without(document: ReadDocument, number: int, injections: Sequence[Injection]) -> str:
    page = document.pages[number]
    text = page.text
    spans = [found.span for found in injections if found.span.page == page.number and found.span.quote in text]
    for span in spans:
        text = text.replace(span.quote, "")
    return text


def veils_of(
    secret: bytes,
    intake: Intake,
    practice: PracticeDetails,
    parts: Sequence[DocumentFacts],
    papers: Sequence[Paper],
) -> Mapping[str, Veil]:
    """A veil for each paper alone: what is hidden in it must not depend on the papers that came after it."""
    facts = {part.profile.document: part for part in parts}
    return {paper.key: Veil(secret, known_of(intake, _alone(facts[paper.name]), practice)) for paper in papers}


def _alone(part: DocumentFacts) -> Facts:
    """The people and references of one paper as the facts of a case."""
    return Facts(
        documents=(part.profile,),
        references=part.references,
        parties=part.parties,
        amounts=(),
        events=(),
        undertakings=(),
        statements=(),
        points=(),
        findings=(),
        time_entries=(),
        invoices=(),
        injections=(),
        conflicts=(),
    )


def _secret(complaint: Complaint) -> bytes:
    """The key of the tokens of one case."""
    return f"{settings.SECRET_KEY}:case:{complaint.pk}".encode()


def _tokens(asked: Sequence[ReceiptLine]) -> dict[str, int]:
    usages = [line.usage for line in asked if line.usage]
    return {
        "input": sum(usage.sent for usage in usages),
        "cached": sum(usage.cached for usage in usages),
        "output": sum(usage.written for usage in usages),
    }


def _amount(asked: Sequence[ReceiptLine]) -> str:
    """The sum of the lines; "unpriced" where one of them has no price."""
    cost = total([line.cost for line in asked])
    return UNPRICED if cost is None else str(cost + Decimal("0.00"))

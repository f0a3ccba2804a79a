"""A bundle drafted without a row: by which prompts are tested and pipelines compared. Only the calls are booked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from complaints.services import work_out
from knowledge.selectors import guidance_index
from letters.export import letter_text
from letters.ledger import Checks, release_problems
from letters.pipelines import Bench, Outcome, Paper, Part, PipelineName, parts_of, write_letters
from letters.practice import practice_of
from letters.privacy import Veil, known_of
from letters.prompting import Prompts
from letters.quality import Written, written_of
from letters.services.composing import benches_of, pages_of
from letters.services.receipts import UNPRICED, ReceiptLine, total
from letters.services.stages import StageDesk
from letters.services.writing import Writing, papers_of, veils_of
from lightpoint.progress import NullProgress
from users.models import Practice, User


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bundle as far as no model is needed: its letters as the embedded drafter has them, to be written from."""

    benches: tuple[Bench, ...]
    sections: tuple[tuple[Part, ...], ...]
    papers: tuple[Paper, ...]
    veil: Veil = field(repr=False)
    veils: Mapping[str, Veil] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a drafting. `problems` is what the ledger holds against the letters; seconds are the writing's."""

    outcome: Outcome
    asked: tuple[ReceiptLine, ...]
    problems: tuple[str, ...]
    sections: int
    seconds: float

    @property
    def replaced(self) -> float:
        """The share of the sections that stayed the embedded drafter's, 0 to 1."""
        return len(self.outcome.replaced) / self.sections if self.sections else 1.0

    @property
    def cost(self) -> Decimal | None:
        """US dollars; None where a model has no price."""
        return total([line.cost for line in self.asked])

    @property
    def words(self) -> int:
        """Of all letters."""
        return sum(len(letter_text(letter).split()) for letter in self.outcome.letters)

    @property
    def written(self) -> Written | None:
        """What came of the sections; None where no model was asked."""
        return written_of(Writing(self.asked, self.outcome).plain())

    @property
    def quality(self) -> float | None:
        """By the fixed formula, 0 to 1; None where no model was asked."""
        found = self.written
        if found is None:
            return None
        return 0.0 if self.problems else found.quality

    def figures(self) -> dict[str, Any]:
        """As the row of a test keeps them."""
        usages = [line.usage for line in self.asked if line.usage]
        return {
            "released": not self.problems,
            "sections": self.sections,
            "replaced": len(self.outcome.replaced),
            "mended": len(self.outcome.mended),
            "asked_again": len(self.outcome.asked_again),
            "calls": len(self.asked),
            "sent": sum(usage.sent for usage in usages),
            "written": sum(usage.written for usage in usages),
            "cost": UNPRICED if self.cost is None else str(self.cost),
            "seconds": round(self.seconds, 2),
        }


def prepare_bundle(folder: Path) -> Prepared:
    """Read the bundle in `folder` and compose its letters. Raises BundleError."""
    guidance = guidance_index()
    case = work_out(folder=folder, guidance=guidance)
    details = practice_of(case.intake)
    checks = Checks(case.facts, guidance, case.intake.nation, pages_of(case.documents))
    composed = benches_of(case.intake, case.analysis, details, checks)
    benches = tuple(replace(bench, letter=bench.checked(bench.letter)) for bench in composed)
    papers = papers_of(case.documents, case.parts)
    secret = f"{settings.SECRET_KEY}:bundle:{folder.name}".encode()
    return Prepared(
        benches,
        tuple(parts_of(bench.letter, number) for number, bench in enumerate(benches)),
        papers,
        Veil(secret, known_of(case.intake, case.facts, details)),
        veils_of(secret, case.intake, details, case.parts, papers),
    )


def try_pipeline(
    prepared: Prepared,
    *,
    pipeline: PipelineName,
    prompts: Prompts,
    practice: Practice | None,
    by: User | None,
    now: datetime,
    purpose: str,
) -> Trial:
    """The letters of `prepared` as `pipeline` writes them with `prompts`, charged to `practice` and the platform."""
    started = time.perf_counter()
    desk = StageDesk(
        complaint=None,
        practice=practice,
        prompts=prompts,
        pipeline=pipeline,
        by=by,
        veil=prepared.veil,
        stakes=[bench.letter.type for bench in prepared.benches],
        progress=NullProgress(),
        deadline=time.monotonic() + settings.LETTER_DEADLINE_SECONDS,
        now=now,
        veils=prepared.veils,
        purpose=purpose,
    )
    with desk:
        if pipeline == "embedded":
            outcome = Outcome(tuple(bench.letter for bench in prepared.benches))
        else:
            outcome = write_letters(pipeline, prepared.benches, prepared.sections, prepared.papers, desk)
    problems = tuple(problem for letter in outcome.letters for problem in release_problems(letter))
    count = sum(map(len, prepared.sections))
    return Trial(outcome, tuple(desk.asked), problems, count, time.perf_counter() - started)

"""One press of the button on a simulated provider, measured: the seconds, the money, and what is in the letters.

A simulated second is a real one while the drafting itself works, and takes a fraction of one while it does nothing but
wait for answers: so a press is measured in the seconds that a user would see, and takes less. What threads do beside
the waiting, above all with the accounts, counts for more than it is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from unittest.mock import patch

from django.utils import timezone

from complaints.models import Complaint
from complaints.services import extract_facts
from letters.casefile import CaseFile
from letters.management.simulated import Request
from letters.models import StageResult
from letters.services import draft_case
from letters.services.writing import take_notes
from lightpoint.llm import Message, Prompt, Tier, complete
from lightpoint.llm.simulator import Answer, Simulator
from lightpoint.progress import NullProgress

OWN, NOTES, AGAIN = "own work", "notes at upload", "asked again"
SEEDS: Final[tuple[tuple[str, Tier, int, int], ...]] = (
    ("analysis", "balanced", 20_000, 4_000),
    ("facts", "balanced", 15_000, 3_000),
    ("structure", "best", 9_000, 3_000),
    ("tone", "best", 12_000, 4_000),
)  # stage, class, tokens sent, tokens written
_SEED: Final = "A stage of the seeds: "
_REAL, _AT_ONCE = 1.0, 0.001  # real seconds of a simulated one
_SENT_BESIDE: Final = 20  # tokens at most of the system text and of the marks round messages


@dataclass(frozen=True, slots=True)
class Press:
    """What one press took, in simulated seconds and US dollars; `seconds_by` and `cost_by` add up to the two.

    `sight` is when text of a letter was first told of; None where it never was. `words` and `sections` are those of
    all letters of the case; `statements` are its FACTs and RULEs, and `unverified` those of them that do not hold.
    """

    seconds: float
    cost: Decimal
    calls: int
    seconds_by: Mapping[str, float]
    cost_by: Mapping[str, Decimal]
    sight: float | None = None
    words: int = 0
    sections: frozenset[str] = frozenset()
    statements: int = 0
    unverified: int = 0
    released: bool = True


@dataclass
class Presses:
    """Presses buttons on one provider, whose answers are those of `answer` at the time."""

    provider: Simulator
    time_scale: float
    answer: Callable[[Request], str | Answer] = field(init=False, repr=False)

    def answered(self, request: Request) -> str | Answer:
        """What the provider answers: a stage of the seeds by its length, anything else as a model does."""
        system = str(request["messages"][0]["content"])
        if not system.startswith(_SEED):
            return self.answer(request)
        return Answer("A page of the letter. " * 20, int(request["max_tokens"]))

    def seeds(self, number: int) -> Press:
        """`three_stage` as the seeds ran it, in a row, in the seconds that the provider draws for them."""
        self.provider.forget()
        first = len(self.provider.calls)
        with self._pace(_AT_ONCE):
            for stage, tier, sent, written in SEEDS:
                complete(_seed_prompt(stage, number, sent, written), tier)
        calls = self.provider.calls[first:]
        names = [stage for stage, *_ in SEEDS]
        seconds = {name: call.due or 0.0 for name, call in zip(names, calls, strict=True)}
        cost = {name: call.cost for name, call in zip(names, calls, strict=True)}
        return Press(sum(seconds.values()), sum(cost.values(), Decimal(0)), len(calls), seconds, cost)

    def ours(self, complaint: Complaint, pipeline: str, *, quicker: float = 1.0) -> Press:
        """A press for a case whose papers are read and, for `parallel`, noted: notes cost, and take no time here.

        Waiting for answers is passed over `quicker` than at `time_scale`.
        """
        _start_afresh(complaint)
        before, first = self.provider.bill, len(self.provider.calls)
        if pipeline == "parallel":
            with self._pace(self.time_scale):
                _take_notes(complaint)
        notes = self.provider.bill - before
        self.provider.forget()  # the papers came some time ago
        watch = _Watch(self.provider, self.time_scale / quicker)
        with self._pace(_REAL), watch.watching():
            case = draft_case(complaint=complaint, by=None, now=timezone.now(), pipeline=pipeline, progress=watch)
        seconds = self.provider.now - watch.started
        if not self.provider.wait_until_idle():
            raise RuntimeError("The provider is still answering")
        waited = sum(watch.waited.values())
        cost_by = {NOTES: notes} if notes else {}
        for line in case.receipt["calls"]:
            cost_by[_stage_of(line)] = cost_by.get(_stage_of(line), Decimal(0)) + Decimal(line["cost"])
        return Press(
            seconds,
            self.provider.bill - before,
            len(self.provider.calls) - first,
            {**watch.waited, OWN: seconds - waited},
            {name: cost for name, cost in cost_by.items() if cost},
            watch.sight,
            **contents(case),
        )

    @contextmanager
    def _pace(self, scale: float) -> Iterator[None]:
        before = self.provider.clock.scale
        self.provider.clock.pace(scale)
        try:
            yield
        finally:
            self.provider.clock.pace(before)


@dataclass
class _Watch(NullProgress):
    """Sees when text is told of, and for what the drafting waits; lets the provider's time pass quickly meanwhile."""

    provider: Simulator
    scale: float
    started: float = 0.0
    sight: float | None = None
    waited: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Note the first text."""
        if event == "text" and self.sight is None and any(data.get("paragraphs", ())):
            self.sight = self.provider.now - self.started

    @contextmanager
    def watching(self) -> Iterator[None]:
        """From the press on. The one place where a drafting waits for answers is found by its name."""
        self.started = self.provider.now
        with patch("letters.services.stages.wait", self._wait):
            yield

    def _wait(self, questions: Mapping[Any, Any], **how: Any) -> Any:
        stages = {_stage(question.call.stage, again=question.call.attempt > 1) for question in questions.values()}
        began = self.provider.now
        self.provider.clock.pace(self.scale)
        try:
            return wait(questions, **how)
        finally:
            self.provider.clock.pace(_REAL)
            self.waited[_first_of(stages)] += self.provider.now - began


def contents(case: CaseFile) -> dict[str, Any]:
    """What is in the letters of a case, as a Press has it."""
    stated = [s for letter in case.letters for s in letter.sentences() if s.kind in ("fact", "rule")]
    sections = {
        f"{letter.type}: {' '.join(s.text for s in block.sentences)}"
        for letter in case.letters
        for block in letter.blocks
        if block.kind == "heading"
    }
    return {
        "words": sum(len(text.split()) for text in case.texts),
        "sections": frozenset(sections),
        "statements": len(stated),
        "unverified": sum(sentence.status not in ("verified", "repaired") for sentence in stated),
        "released": case.released,
    }


def _seed_prompt(stage: str, number: int, sent: int, written: int) -> Prompt:
    """A prompt of as many tokens, with no beginning that another has."""
    system = f"{_SEED}{stage}"
    words = Message("user", f"{number} {stage} " + "word " * (sent - _SENT_BESIDE))
    return Prompt(system=system, messages=(words,), max_tokens=written, purpose="bench")


def _start_afresh(complaint: Complaint) -> None:
    """Forget what was drafted for the case before; what was read of its papers stays."""
    StageResult.objects.filter(complaint=complaint).delete()
    complaint.letters.all().delete()


def _take_notes(complaint: Complaint) -> None:
    now = timezone.now()
    parts = extract_facts(complaint=complaint, now=now, progress=NullProgress())
    take_notes(complaint=complaint, by=None, parts=parts, progress=NullProgress(), now=now)


def _stage(stage: str, *, again: bool) -> str:
    return AGAIN if again else stage


def _stage_of(line: Mapping[str, Any]) -> str:
    return _stage(line["stage"], again=line["again"])


def _first_of(stages: Collection[str]) -> str:
    """What a wait is for where several stages are being asked: the one that is asked first of them."""
    return next(name for name in ("facts", "structure", "compose", "tone", AGAIN) if name in stages)

"""The stages of drafting that ask a model: each answer is a row, found again for the same question, and paid once.

Questions leave without names and numbers of people (letters.privacy). Threads do nothing but ask; what they bring is
stored by the thread that drafts, in a transaction in which the worker shows that the run is still its own.
"""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self

from django.conf import settings
from django.db import connections, transaction

from complaints.models import Complaint
from letters.models import StageResult
from letters.pipelines import Call, PipelineName, Reply, Stage
from letters.pipelines.answers import SCHEMAS
from letters.pipelines.prompts import StagePrompt, question_key
from letters.privacy import Veil
from letters.records import LetterType
from letters.services.names import Names
from letters.services.receipts import ReceiptLine, total
from lightpoint.errors import DomainError
from lightpoint.language.tokens import estimate_sent
from lightpoint.llm import (
    Accountant,
    Attempted,
    Cancellation,
    Completion,
    Message,
    Prompt,
    Route,
    Usage,
    cancelled_by,
    charged_to,
    complete,
    deadline_for,
    model_of,
    route,
)
from lightpoint.llm import Stage as RoutedStage
from lightpoint.llm.routing import HIGH
from lightpoint.progress import Progress
from users.models import Practice, User
from users.services import Errand, accountant_for, book_hit

_ROUTED: Final[Mapping[Stage, RoutedStage]] = {
    "facts": "facts",
    "structure": "outline",
    "compose": "tone",
    "tone": "tone",
    "refine": "tone",
}


@dataclass
class _Tally:
    """Books with the accountant of the practice, and keeps what was booked for the receipt."""

    books: Accountant
    attempts: list[Attempted] = field(default_factory=list)

    def reserve(self, prompt: Prompt, model: str, worst: Decimal | None) -> Any:
        return self.books.reserve(prompt, model, worst)

    def settle(self, token: Any, attempted: Attempted) -> None:
        self.attempts.append(attempted)
        self.books.settle(token, attempted)


@dataclass(frozen=True, slots=True)
class _Question:
    """A call on its way: the prompt without private words, where it goes, and the key of its answer."""

    call: Call
    prompt: Prompt = field(repr=False)
    route: Route
    key: str
    veil: Veil = field(repr=False)
    told: StagePrompt

    @property
    def model(self) -> str:
        """The model that is asked first."""
        return self.route.model or model_of(self.route.tier)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came back, a completion or the code of an error, with each call that was made for it."""

    completion: Completion | None = field(repr=False)
    error: str
    attempts: tuple[Attempted, ...] = ()

    @property
    def usage(self) -> Usage | None:
        """The tokens of the call that succeeded."""
        return self.completion.usage if self.completion else None

    @property
    def cost(self) -> Decimal | None:
        """What all calls came to; None where one has no price."""
        return total([attempted.cost for attempted in self.attempts])

    @property
    def seconds(self) -> float:
        return sum(attempted.seconds for attempted in self.attempts)


@dataclass
class StageDesk:
    """Asks models for one drafting, several at once. A context manager that ends what is under way when it is left.

    `stakes` are the types of the letters by number and `letters` their rows, `veils` those of single papers by the key
    of the paper; `prompts` are those in force for the practice; `deadline` is of time.monotonic. Without a `complaint`
    no answer is kept: that is for a test of a prompt. `next` raises what `progress` raises where the run was taken
    over; then nothing is stored.
    """

    complaint: Complaint | None
    practice: Practice | None
    prompts: Mapping[Stage, StagePrompt]
    pipeline: PipelineName
    by: User | None
    veil: Veil = field(repr=False)
    stakes: Sequence[LetterType]
    progress: Progress
    deadline: float
    now: datetime
    attempt: int = 0
    veils: Mapping[str, Veil] = field(default_factory=dict, repr=False)
    letters: Sequence[int] = ()
    purpose: str = "letter"
    asked: list[ReceiptLine] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._at_once: int = settings.LETTER_CALLS_AT_ONCE
        self._names = Names(self.veil, self.veils)
        self._pool = ThreadPoolExecutor(max_workers=self._at_once, thread_name_prefix="stage")
        self._cancellation = Cancellation()
        self._ready: deque[Reply] = deque()
        self._waiting: deque[_Question] = deque()  # of a desk that asks one question at a time, in its own thread
        self._open: dict[Future[_Heard], _Question] = {}
        self._same: dict[str, list[_Question]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancellation.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, call: Call) -> None:
        """Have `call` asked, unless its answer is kept or the same is being asked already."""
        question = self._question(call)
        row = self._kept(question)
        if row is not None:
            self._take_kept(question, row)
        elif question.key in self._same:
            self._same[question.key].append(question)
        else:
            self._same[question.key] = [question]
            if self._at_once == 1:
                self._waiting.append(question)
            else:
                self._open[self._pool.submit(copy_context().run, self._ask_apart, question)] = question

    def _kept(self, question: _Question) -> StageResult | None:
        if self.complaint is None:
            return None
        return StageResult.objects.filter(complaint=self.complaint, key=question.key).first()

    def next(self) -> Reply:
        """The first reply that is there. Raises RuntimeError where nothing was submitted."""
        if not self._ready and self._waiting:
            question = self._waiting.popleft()
            self._take(question, self._ask(question))
        elif not self._ready:
            if not self._open:
                raise RuntimeError("nothing is being asked")
            for future in self._first_done():
                self._take(self._open.pop(future), future.result())
        return self._ready.popleft()

    def _first_done(self) -> set[Future[_Heard]]:
        """Those that have an answer, once one has. Raises what `progress` does where nobody wants them any more."""
        while True:
            done, _ = wait(self._open, timeout=settings.RUN_WATCH_SECONDS, return_when=FIRST_COMPLETED)
            if done:
                return done
            self.progress.check()

    def _ask_apart(self, question: _Question) -> _Heard:
        """The same in a thread of its own, which leaves no connection to the database behind."""
        try:
            return self._ask(question)
        finally:
            connections.close_all()

    def _ask(self, question: _Question) -> _Heard:
        books = accountant_for(
            self.practice,
            self.by,
            complaint_id=self.complaint.pk if self.complaint else None,
            letter_id=self._letter_of(question.call),
            stage=question.call.stage,
        )
        tally = _Tally(books)
        try:
            self.progress.check()  # a worker that wakes after its run was taken asks nothing more
            with charged_to(tally), cancelled_by(self._cancellation):
                ends = deadline_for(question.prompt.max_tokens, self.deadline)
                completion = complete(question.prompt, question.route, deadline=ends)
        except DomainError as error:  # of the model, or of a budget
            return _Heard(None, error.code, tuple(tally.attempts))
        return _Heard(completion, "", tuple(tally.attempts))

    def _take_kept(self, question: _Question, row: StageResult) -> None:
        saved = row.cost or Decimal(0)
        letter = self._letter_of(question.call)
        errand = Errand(question.prompt.purpose, row.model, row.complaint_id, letter, question.call.stage)
        with transaction.atomic():
            self.progress.advance("letters", question.call.stage)
            book_hit(errand=errand, saved=saved, practice=self.practice, user=self.by, now=self.now)
        self._note(question, row.model, question.route, outcome="kept", saved=saved)
        self._ready.append(Reply(question.call, self._names.restored(question.call, question.veil, row.answer)))

    def _take(self, question: _Question, heard: _Heard) -> None:
        """Store an answer that came, and give it to all who asked for it."""
        answer = None
        if heard.completion is not None:
            answer = json.loads(heard.completion.text)
            self._store(question, heard.completion, answer, heard)
        for tried in heard.attempts:
            reached = Route(tried.tier, tried.reason)
            self._note(question, tried.model, reached, tried.outcome, tried.usage, tried.cost, tried.seconds)
        if not heard.attempts:
            self._note(question, question.model, question.route, heard.error)
        for same in self._same.pop(question.key):
            self._ready.append(Reply(same.call, self._names.restored(same.call, same.veil, answer), heard.error))

    def _store(self, question: _Question, completion: Completion, answer: Any, heard: _Heard) -> None:
        usage = heard.usage
        with transaction.atomic():
            self.progress.advance("letters", question.call.stage)  # a worker whose run was taken over is stopped here
            if self.complaint is None:
                return
            StageResult.objects.get_or_create(
                complaint=self.complaint,
                key=question.key,
                defaults={
                    "practice_id": self.complaint.practice_id,
                    "stage": question.call.stage,
                    "about": list(question.call.about),
                    "model": completion.model,
                    "prompt_version": question.told.version,
                    "attempt": self.attempt,
                    "answer": answer,
                    "sent": usage.sent if usage else None,
                    "cached": usage.cached if usage else None,
                    "written": usage.written if usage else None,
                    "cost": heard.cost,
                    "seconds": heard.seconds,
                    "created_at": self.now,
                },
            )

    def _note(
        self,
        question: _Question,
        model: str,
        reached: Route,
        outcome: str,
        usage: Usage | None = None,
        cost: Decimal | None = Decimal(0),
        seconds: float = 0.0,
        saved: Decimal | None = None,
    ) -> None:
        call = question.call
        line = ReceiptLine(
            stage=call.stage,
            letter=call.letter,
            about=call.about,
            prompt_version=question.told.version,
            prompt_number=question.told.number,
            again=call.attempt > 1,
            model=model,
            tier=reached.tier,
            reason=reached.reason,
            usage=usage,
            cost=cost,
            seconds=seconds,
            outcome=outcome,
            saved=saved,
        )
        self.asked.append(line)

    def _question(self, call: Call) -> _Question:
        veil = self._names.of(call)
        told = self.prompts[call.stage]
        texts = [veil.hide(text) for text in (call.head, call.text) if text]
        prompt = Prompt(
            system=veil.hide_in_prompt(told.system) if told.number else told.system,
            messages=tuple(Message("user", text) for text in texts),
            max_tokens=min(call.max_tokens, told.most_tokens or call.max_tokens),
            temperature=told.temperature,
            purpose=f"{self.purpose}-{call.stage}",
            json_schema=SCHEMAS[call.stage],
            stable=len(texts) - 1 if self._has_sisters(call) else None,
        )
        chosen = self._routed(call, prompt)
        key = question_key(told, model=chosen.model or model_of(chosen.tier), max_tokens=prompt.max_tokens, texts=texts)
        return _Question(call, prompt, chosen, key, veil, told)

    def _has_sisters(self, call: Call) -> bool:
        """Whether other calls begin with the same words at the same time, so that a provider may keep them."""
        return self.pipeline == "parallel" and call.stage in ("facts", "tone")

    def _letter_of(self, call: Call) -> int | None:
        """The row of the letter that a call is for; notes on papers are for all letters of the case."""
        return self.letters[call.letter] if self.letters and call.stage != "facts" else None

    def _routed(self, call: Call, prompt: Prompt) -> Route:
        """The tier for a call, and why. What writes a letter of high stakes, section by section too, is its tone."""
        length = estimate_sent(prompt.texts)
        told = self.prompts[call.stage]
        if call.stage == "facts":
            return _by_practice(told, route("facts", length=length), floor=False)
        stakes = self.stakes[call.letter]
        alone = call.stage == "refine" or (call.stage == "tone" and self.pipeline == "parallel")
        stage: RoutedStage = "section" if alone and stakes not in HIGH else _ROUTED[call.stage]
        return _by_practice(told, route(stage, length=length, stakes=stakes), floor=stage == "tone" and stakes in HIGH)


def _by_practice(told: StagePrompt, own: Route, *, floor: bool) -> Route:
    """The tier that the practice has set for the stage, else `own`; where there is a floor, only what is not below."""
    if told.tier is None or (floor and told.tier != own.tier):
        return own
    return Route(told.tier, f"the practice's settings give {told.stage} to {told.tier}", told.model)

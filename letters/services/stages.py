"""The stages of drafting that ask a model: each answer is a row, found again for the same question, and paid once.

Questions leave without names and numbers of people (letters.privacy). Threads do nothing but ask; what they bring is
stored by the thread that drafts, in a transaction in which the worker shows that the run is still its own.
"""

import json
import time
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
from letters.pipelines import Call, Reply, Stage
from letters.pipelines.answers import SCHEMAS
from letters.pipelines.prompts import prompt_version, system_text
from letters.privacy import Veil
from letters.records import LetterType
from lightpoint.codec import digest
from lightpoint.language.tokens import estimate_sent
from lightpoint.llm import Completion, LLMError, Message, Prompt, Tier, Usage, complete, model_of
from lightpoint.llm.prices import cost_of, price_of
from lightpoint.progress import Progress

UNPRICED: Final = "unpriced"
_TIERS: Final[Mapping[Stage, Tier]] = {
    "facts": "fast",
    "structure": "balanced",
    "compose": "balanced",
    "tone": "balanced",
}
_HIGH: Final[frozenset[LetterType]] = frozenset({"complaint_tier_2", "adjudicator"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a receipt: a call, or an answer that was kept.

    Seconds, tokens and cost are those of this drafting alone; `saved` is what a kept answer had cost.
    """

    stage: Stage
    letter: int
    about: tuple[str, ...]
    tier: Tier
    reason: str
    model: str
    prompt_version: str
    usage: Usage | None
    cost: Decimal | None
    seconds: float
    outcome: str  # "ok", "kept" or the code of an error
    again: bool
    saved: Decimal | None = None

    def plain(self) -> dict[str, Any]:
        """The line as the receipt holds it."""
        usage = self.usage or Usage(0, 0)
        return {
            "stage": self.stage,
            "letter": self.letter,
            "about": list(self.about) if self.stage != "facts" else [key[:12] for key in self.about],
            "tier": self.tier,
            "reason": self.reason,
            "model": self.model,
            "prompt_version": self.prompt_version,
            "tokens": {"input": usage.sent, "cached": usage.cached, "output": usage.written},
            "cost": UNPRICED if self.cost is None else str(self.cost),
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome,
            "again": self.again,
            **({} if self.saved is None else {"saved": str(self.saved)}),
        }


@dataclass(frozen=True, slots=True)
class _Question:
    """A call on its way: the prompt without private words, where it goes, and the key of its answer."""

    call: Call
    prompt: Prompt = field(repr=False)
    tier: Tier
    reason: str
    key: str
    veil: Veil = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came back: a completion or the code of an error, and how long it took."""

    completion: Completion | None = field(repr=False)
    error: str
    seconds: float


@dataclass
class StageDesk:
    """Asks models for one drafting, several at once. A context manager that lets go of what is under way.

    `veils` are those of single papers by the key of the paper; `deadline` is of time.monotonic. `next` raises what
    `progress` raises where the run was taken over, and then nothing is stored.
    """

    complaint: Complaint
    veil: Veil = field(repr=False)
    stakes: Sequence[LetterType]
    progress: Progress
    deadline: float
    now: datetime
    attempt: int = 0
    veils: Mapping[str, Veil] = field(default_factory=dict, repr=False)
    asked: list[Asked] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=settings.LETTER_CALLS_AT_ONCE, thread_name_prefix="stage")
        self._ready: deque[Reply] = deque()
        self._open: dict[Future[_Heard], _Question] = {}
        self._same: dict[str, list[_Question]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, call: Call) -> None:
        """Have `call` asked, unless its answer is kept or the same is being asked already."""
        question = self._question(call)
        row = StageResult.objects.filter(complaint=self.complaint, key=question.key).first()
        if row is not None:
            self._note(question, row.model, None, Decimal(0), 0.0, "kept", saved=row.cost)
            self._ready.append(Reply(call, question.veil.restored(row.answer)))
        elif question.key in self._same:
            self._same[question.key].append(question)
        else:
            self._same[question.key] = [question]
            context = copy_context()
            future = self._pool.submit(context.run, _ask, question.prompt, question.tier, self.deadline)
            self._open[future] = question

    def next(self) -> Reply:
        """The first reply that is there. Raises RuntimeError where nothing was submitted."""
        if not self._ready:
            if not self._open:
                raise RuntimeError("nothing is being asked")
            done, _ = wait(self._open, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(self._open.pop(future), future.result())
        return self._ready.popleft()

    def _take(self, question: _Question, heard: _Heard) -> None:
        """Store an answer that came, and give it to all who asked for it."""
        answer, error = None, heard.error
        if heard.completion is not None:
            answer = json.loads(heard.completion.text)
            self._store(question, heard.completion, answer, heard.seconds)
        else:
            self._note(question, model_of(question.tier), None, Decimal(0), heard.seconds, error)
        for same in self._same.pop(question.key):
            self._ready.append(Reply(same.call, same.veil.restored(answer), error))

    def _store(self, question: _Question, completion: Completion, answer: Any, seconds: float) -> None:
        usage = completion.usage
        cost = cost_in_dollars(completion.model, question.tier, usage)
        with transaction.atomic():
            self.progress.advance("letters", question.call.stage)  # a worker whose run was taken over is stopped here
            StageResult.objects.get_or_create(
                complaint=self.complaint,
                key=question.key,
                defaults={
                    "practice_id": self.complaint.practice_id,
                    "stage": question.call.stage,
                    "about": list(question.call.about),
                    "model": completion.model,
                    "prompt_version": prompt_version(question.call.stage),
                    "attempt": self.attempt,
                    "answer": answer,
                    "sent": usage.sent if usage else None,
                    "cached": usage.cached if usage else None,
                    "written": usage.written if usage else None,
                    "cost": cost,
                    "seconds": seconds,
                    "created_at": self.now,
                },
            )
        self._note(question, completion.model, usage, cost, seconds, "ok")

    def _note(
        self,
        question: _Question,
        model: str,
        usage: Usage | None,
        cost: Decimal | None,
        seconds: float,
        outcome: str,
        saved: Decimal | None = None,
    ) -> None:
        call = question.call
        version = prompt_version(call.stage)
        self.asked.append(
            Asked(
                call.stage, call.letter, call.about, question.tier, question.reason, model, version, usage, cost,
                seconds, outcome, call.attempt > 1, saved,
            )
        )  # fmt: skip

    def _question(self, call: Call) -> _Question:
        veil = self.veils.get(call.about[0], self.veil) if call.stage == "facts" and len(call.about) == 1 else self.veil
        prompt = Prompt(
            system=system_text(call.stage),
            messages=(Message("user", veil.hide(call.text)),),
            max_tokens=call.max_tokens,
            purpose=f"letter-{call.stage}",
            json_schema=SCHEMAS[call.stage],
        )
        tier, reason = self._routed(call, prompt)
        texts = [message.text for message in prompt.messages]
        key = digest([call.stage, prompt_version(call.stage), model_of(tier), call.max_tokens, texts])
        return _Question(call, prompt, tier, reason, key, veil)

    def _routed(self, call: Call, prompt: Prompt) -> tuple[Tier, str]:
        """The tier for a call, and why."""
        length = estimate_sent([prompt.system, *(message.text for message in prompt.messages)])
        writes = call.stage in ("compose", "tone")
        if writes and self.stakes[call.letter] in _HIGH:
            return "best", f"the wording of a letter of type {self.stakes[call.letter]} is never below best"
        return _TIERS[call.stage], f"{call.stage} of {length} tokens"


def cost_in_dollars(model: str, tier: Tier, usage: Usage | None) -> Decimal | None:
    """What a call cost; None where the provider told no tokens, or nobody knows the price of the model."""
    price = price_of(model) or price_of(model_of(tier))
    return None if usage is None or price is None else cost_of(usage, price)


def _ask(prompt: Prompt, tier: Tier, deadline: float) -> _Heard:
    """Ask, in a thread of its own, which leaves no connection to the database behind."""
    started = time.monotonic()
    try:
        return _Heard(complete(prompt, tier, deadline=deadline), "", time.monotonic() - started)
    except LLMError as error:
        return _Heard(None, error.code, time.monotonic() - started)
    finally:
        connections.close_all()

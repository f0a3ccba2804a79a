"""Buys the embeddings of the questions that will be asked before they are, and has the frequent ones answered."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.digest.questions import load_questions
from knowledge.embeddings import embed, model_key, normalise
from knowledge.models.chunks import Embedding
from lightpoint.progress import NullProgress, Progress

KNOWLEDGE = Path(__file__).resolve().parents[1]
FREQUENT = KNOWLEDGE / "frequent_questions.toml"
EMBEDDINGS, ANSWERS = "embeddings", "answers"
BATCH = 64

Answer = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class WarmReport:
    """How many different questions there are, how many had no embedding yet, and how many were answered."""

    questions: int
    bought: int
    answered: int


def warm_cache(*, answer: Answer | None = None, progress: Progress | None = None) -> WarmReport:
    """Embed the frequent questions and those of the digest; a second run buys nothing.

    `answer`, where given, is called with each frequent question, and keeps what it finds: it must be one that answers
    for nobody in particular, from guidance that all may see. Raises EmbeddingError, and what `answer` raises.
    """
    progress = progress or NullProgress()
    frequent = frequent_questions()
    texts = _different([*frequent, *digest_questions()])
    before = _kept()
    progress.start(EMBEDDINGS, len(texts))
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        embed(batch)
        for text in batch:
            progress.advance(EMBEDDINGS, text)
    answered = 0 if answer is None else _answer_all(answer, frequent, progress)
    return WarmReport(questions=len(texts), bought=_kept() - before, answered=answered)


def frequent_questions() -> tuple[str, ...]:
    """The questions that advisers ask most, as the product ships them."""
    found: list[str] = tomllib.loads(FREQUENT.read_text(encoding="utf-8"))["questions"]
    return tuple(found)


def digest_questions() -> Iterator[str]:
    """The questions that the sections of the digest answer."""
    for questions in load_questions().values():
        yield from questions


def _answer_all(answer: Answer, questions: Sequence[str], progress: Progress) -> int:
    progress.start(ANSWERS, len(questions))
    for question in questions:
        answer(question)
        progress.advance(ANSWERS, question)
    return len(questions)


def _different(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(normalise(text) for text in texts))


def _kept() -> int:
    return Embedding.objects.filter(model=model_key()).count()

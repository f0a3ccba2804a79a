"""Answers out of the guidance: search, then a model or quotations, then checks. Nothing here knows conversations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from django.conf import settings
from django.db import connection

from knowledge.anonymising.masking import Masked, masked
from knowledge.chat.extract import best_sentences, search_words
from knowledge.chat.prompt import chat_prompt, fitting, system_text
from knowledge.chat.records import DECLINED, EXTRACTIVE, Answer, Delta, Passage, Piece, Turn
from knowledge.chat.values import value_asked
from knowledge.chat.window import Window, sliding_window
from knowledge.chat.writing import Draft, quoted, sentences_of, shown
from knowledge.embeddings import embed
from knowledge.passages import PLATFORM, Scope, find_passages
from knowledge.writers import Writer, configured_writer

OF_VALUES: Final = (
    0.55  # of the least that search has to be sure: what gives a sum or period shows itself in a sentence
)


@dataclass(frozen=True, slots=True)
class History:
    """What was said before the question, oldest first; `summary` is of turns before those."""

    turns: tuple[Turn, ...] = ()
    pinned: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with all that the database has to say to it: what is left needs no connection, or only a short one.

    `passages` is empty where nothing answers.
    """

    question: str
    passages: tuple[Passage, ...]
    window: Window
    writer: Writer | None = field(compare=False)

    @property
    def waits(self) -> bool:
        """Whether a model has to be waited for."""
        return bool(self.writer and self.passages)

    @property
    def written_by(self) -> str:
        return self.writer.name if self.writer and self.passages else EXTRACTIVE


def answer(
    question: str,
    history: History | None = None,
    *,
    scope: Scope = PLATFORM,
    on: date | None = None,
) -> Answer:
    """The answer to `question`, out of what `scope` has. Raises a DomainError where a part does not answer."""
    prepared = prepare(question, history or History(), scope=scope, on=on)
    draft = Draft(written_by=prepared.written_by)
    for _piece in answer_pieces(prepared, draft):
        pass
    return draft.answer()


def prepare(
    question: str,
    history: History,
    *,
    scope: Scope,
    on: date | None = None,
) -> Prepared:
    """Search, and cut the history to what a prompt may hold. The connection is given back."""
    words = search_words(question, [turn.question for turn in history.turns])
    found = find_passages(words, scope=scope, on=on)
    release_connection()
    window = sliding_window(
        history.turns,
        question=question,
        system=system_text(),
        budget=settings.CHAT_WINDOW_TOKENS,
        pinned=history.pinned,
        summary=history.summary,
    )
    enough = settings.CHAT_LEAST_ANSWERABLE * (OF_VALUES if value_asked(words) else 1)
    passages = fitting(found.passages, settings.CHAT_PASSAGE_TOKENS) if found.answerable >= enough else ()
    return Prepared(question, passages, window, configured_writer())


def answer_pieces(prepared: Prepared, draft: Draft) -> Iterator[Piece]:
    """What may be shown, as soon as it may be, and what was removed. `draft.answer()` is then what it came to.

    Where nothing that a model wrote may be shown, the answer is quotations, as without a model.
    """
    for piece in _pieces(prepared):
        yield draft.take(piece)
    if prepared.waits and draft.removed and not draft.text:
        draft.written_by = EXTRACTIVE
        for piece in _quotations(prepared):
            yield draft.take(piece)
        release_connection()
    if not draft.text:
        yield Delta(DECLINED)


def _pieces(prepared: Prepared) -> Iterator[Piece]:
    if not prepared.passages:
        return
    if prepared.writer is None:
        yield from _quotations(prepared)
        return
    window, passages, marks = _without_people(prepared.window, prepared.passages)
    prompt = chat_prompt(window, passages)
    written = (marks.restored(sentence) for sentence in sentences_of(prepared.writer.write(prompt)))
    yield from shown(written, prepared.passages)


def _without_people(window: Window, passages: Sequence[Passage]) -> tuple[Window, tuple[Passage, ...], Masked]:
    """What goes to a provider: conversation and passages with marks in place of names, references and addresses.

    A practice's own guidance may be about somebody.
    """
    said = [text for turn in window.turns for text in (turn.question, turn.answer)]
    marks = masked([window.question, window.summary, *window.pinned, *said, *(found.text for found in passages)])
    question, summary, *rest = marks.texts
    pinned, rest = rest[: len(window.pinned)], rest[len(window.pinned) :]
    texts, found_texts = rest[: len(said)], rest[len(said) :]
    turns = tuple(Turn(asked, answered) for asked, answered in zip(texts[::2], texts[1::2], strict=True))
    hidden = tuple(replace(found, text=text) for found, text in zip(passages, found_texts, strict=True))
    return replace(window, question=question, summary=summary, pinned=tuple(pinned), turns=turns), hidden, marks


def _quotations(prepared: Prepared) -> Iterator[Piece]:
    return quoted(best_sentences(_whole_question(prepared), prepared.passages, _similarities))


def _whole_question(prepared: Prepared) -> str:
    return search_words(prepared.question, [turn.question for turn in prepared.window.turns])


def _similarities(text: str, others: Sequence[str]) -> Sequence[float]:
    vectors = embed([text, *others])
    return [float(value) for value in vectors[1:] @ vectors[0]]


def release_connection() -> None:
    """Give the database connection back, unless a transaction holds it: what follows may take long."""
    if not connection.in_atomic_block:
        connection.close()

"""Conversations about the guidance: begun, asked in, renamed, judged, written out and deleted by whoever leads them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch

from knowledge.chat import export
from knowledge.chat.records import Answer, Delta, Piece, Turn
from knowledge.chat.window import first_sentence
from knowledge.chat.writing import Draft
from knowledge.models import Assistant, Citation, Conversation, Feedback, Message
from knowledge.passages import PLATFORM, Scope
from knowledge.services.answering import History, Prepared, answer_pieces, prepare
from knowledge.services.answers import Asked
from knowledge.services.keeping import asked_of, keep, recalled
from lightpoint.errors import Conflict, DomainError, InvalidInput
from lightpoint.rest.etag import check_version
from lightpoint.telemetry.jobs import report_error
from users.models import User
from users.services import record_audit

TITLE: Final = 120  # characters
QUESTION: Final = 4_000
FACTS, FACT = 20, 500  # pinned facts of a conversation, and characters of one
READ_BACK: Final = 400  # messages of a conversation that are read for a prompt
UNANSWERED: Final = "(This question was not answered.)"
Waiting = Callable[[Iterator[Piece]], Iterator[Piece | None]]
_NUMBERS: Final = re.compile(r"\s*\[\d+\]")


class AnswerUnderWay(Conflict):
    """The question before has not been answered yet."""

    code = "answer-under-way"


class NotFailed(Conflict):
    """Only an answer that failed is asked for again."""

    code = "answer-not-failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the message that its answer goes into."""

    conversation: Conversation
    question: Message
    answer: Message


@transaction.atomic
def start_conversation(
    *, by: User, now: datetime, title: str = "", pinned: Sequence[str] = (), assistant: Assistant | None = None
) -> Conversation:
    """A conversation of `by`, without words yet. Raises InvalidInput for facts that are too many or too long."""
    return Conversation.objects.create(
        practice_id=by.practice_id,
        created_by=by,
        assistant=assistant,
        title=title[:TITLE],
        pinned=_facts(pinned),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def edit_conversation(
    *,
    conversation: Conversation,
    now: datetime,
    title: str | None = None,
    pinned: Sequence[str] | None = None,
    expected_version: int | None = None,
) -> Conversation:
    """Rename it, or pin other facts. Raises StaleVersion and InvalidInput."""
    row = _locked(conversation)
    check_version(expected=expected_version, current=row.version)
    row.title = row.title if title is None else title[:TITLE]
    row.pinned = row.pinned if pinned is None else _facts(pinned)
    row.version += 1
    row.updated_at = now
    row.save(update_fields=["title", "pinned", "version", "updated_at"])
    return row


@transaction.atomic
def delete_conversation(
    *, conversation: Conversation, by: User, now: datetime, expected_version: int | None = None
) -> None:
    """Delete it with its messages, citations and feedback; the trail keeps that it was there, not what was said."""
    row = _locked(conversation)
    check_version(expected=expected_version, current=row.version)
    record_audit(
        action="conversation.deleted",
        target=row,
        at=now,
        actor=by,
        practice=row.practice,
        old={"messages": row.messages.count()},
    )
    row.delete()


def ask(*, conversation: Conversation, question: str, now: datetime, on: date | None = None) -> Message:
    """Ask, and wait for the answer. One that fails is kept as failed. Raises AnswerUnderWay and InvalidInput."""
    exchange = begin_answer(conversation=conversation, question=question, now=now, on=on)
    return finish(exchange)


def ask_again(*, answer: Message, now: datetime) -> Message:
    """Answer a question whose answer failed, or was left half way. Raises NotFailed."""
    return finish(begin_again(answer=answer, now=now))


def finish(exchange: Exchange) -> Message:
    """The answer of an exchange that has begun, done or failed."""
    stream = stream_answer(exchange)
    for _piece in stream:
        pass
    return exchange.answer


@transaction.atomic
def begin_answer(*, conversation: Conversation, question: str, now: datetime, on: date | None = None) -> Exchange:
    """Store the question, and a message for the answer. Raises AnswerUnderWay and InvalidInput."""
    words = question.strip()
    if not words or len(words) > QUESTION:
        raise InvalidInput(f"A question has 1 to {QUESTION:,} characters")
    row = _locked(conversation)
    waiting = row.messages.filter(state="answering", created_at__gt=now - _patience())
    if waiting.exists():
        raise AnswerUnderWay("The question before is still being answered: wait for it")
    shared = {"conversation": row, "practice_id": row.practice_id, "on": on, "created_at": now}
    asked = Message.objects.create(speaker="user", text=words, **shared)
    answer = Message.objects.create(speaker="assistant", state="answering", **shared)
    row.title = row.title or title_of(words)
    row.updated_at = now
    row.save(update_fields=["title", "updated_at"])
    return Exchange(row, asked, answer)


@transaction.atomic
def begin_again(*, answer: Message, now: datetime) -> Exchange:
    """Take up a failed answer once more. Raises NotFailed."""
    conversation = _locked(answer.conversation)
    row = Message.objects.get(pk=answer.pk)
    asked = conversation.messages.filter(speaker="user", pk__lt=row.pk).order_by("-pk").first()
    left = row.state == "answering" and row.created_at <= now - _patience()
    if asked is None or row.speaker != "assistant" or not (row.state == "failed" or left):
        raise NotFailed("Only an answer that failed can be asked for again")
    row.state, row.created_at = "answering", now
    row.save(update_fields=["state", "created_at"])
    return Exchange(conversation, asked, row)


def stream_answer(exchange: Exchange, *, waiting: Waiting | None = None) -> Iterator[Piece | None]:
    """The answer as it may be shown; stored when it is done, kept as failed when it is not, or its reader leaves.

    Does not raise: `exchange.answer.state` tells what came of it. `waiting` reads the pieces where a model is waited
    for, and may put None between them; no database connection is held meanwhile.
    """
    try:
        asked = _asked_first(exchange)
        known = recalled(asked) if asked else None
        if known is not None:
            yield from known.citations
            yield Delta(known.text)
            keep_answer(exchange, known)
            return
        prepared = prepared_for(exchange)
        draft = Draft(written_by=prepared.written_by)
        pieces = answer_pieces(prepared, draft)
        yield from waiting(pieces) if waiting and prepared.waits else pieces
        made = draft.answer()
        keep_answer(exchange, made, dropped=prepared.window.dropped, summary=prepared.window.summary)
        if asked is not None:
            keep(asked, made, now=exchange.answer.created_at)
    except GeneratorExit:
        keep_failed(exchange)
        raise
    except DomainError:
        keep_failed(exchange)
    except Exception as error:  # whatever broke, the question must not wait for an answer for ever
        report_error(error)
        keep_failed(exchange)


def _asked_first(exchange: Exchange) -> Asked | None:
    """What the answer is kept under; None for a question that earlier words or pinned facts may colour."""
    history = history_before(exchange)
    if history.turns or history.pinned or history.summary:
        return None
    return asked_of(exchange.question.text, scope=scope_of(exchange.conversation), on=exchange.question.on)


def prepared_for(exchange: Exchange) -> Prepared:
    """The question with the passages that may answer it, and the conversation before it."""
    return prepare(
        exchange.question.text,
        history_before(exchange),
        scope=scope_of(exchange.conversation),
        on=exchange.question.on,
    )


@transaction.atomic
def keep_answer(exchange: Exchange, made: Answer, *, dropped: int = 0, summary: str = "") -> None:
    """Store an answer with its citations, and how far the summary goes."""
    row = exchange.answer
    row.text, row.state, row.declined, row.written_by = made.text, "done", made.declined, made.written_by
    row.removed = [{"sentence": one.sentence, "reason": one.reason} for one in made.removed]
    row.save(update_fields=["text", "state", "declined", "written_by", "removed"])
    row.citations.all().delete()
    Citation.objects.bulk_create(
        Citation(
            message=row,
            section_version_id=one.version_id,
            number=one.number,
            start=one.start,
            end=one.end,
            quote=one.quote,
        )
        for one in made.citations
    )
    if dropped:
        _keep_summary(exchange, dropped, summary)


def keep_failed(exchange: Exchange) -> None:
    """Keep the answer as failed; it can be asked for again."""
    exchange.answer.state = "failed"
    exchange.answer.save(update_fields=["state"])


def history_before(exchange: Exchange) -> History:
    """The turns before a question that the summary does not cover.

    Of turns without an answer only the last is told, where it is the one straight before: the question may lean on it.
    """
    conversation = exchange.conversation
    turns = [turn for _, turn in _turns(exchange)]
    before = conversation.messages.filter(pk__lt=exchange.question.pk).order_by("-pk").first()
    if before is not None and before.speaker == "assistant" and (before.state != "done" or before.declined):
        asked = conversation.messages.filter(speaker="user", pk__lt=before.pk).order_by("-pk").first()
        turns += [Turn(asked.text, UNANSWERED)] if asked else []
    return History(tuple(turns), tuple(conversation.pinned), conversation.summary)


def scope_of(conversation: Conversation) -> Scope:
    """What a conversation is answered from: an assistant's knows no more than the platform's and its own source."""
    assistant = conversation.assistant
    if assistant is None:
        return Scope(conversation.practice_id)
    return Scope(assistant.practice_id, assistant.source_id) if assistant.source_id else PLATFORM


def give_feedback(*, message: Message, helpful: bool, by: User, now: datetime, comment: str = "") -> Feedback:
    """Whether an answer helped: one word of each person, the last one. Raises InvalidInput for a question."""
    if message.speaker != "assistant":
        raise InvalidInput("Only answers are judged")
    feedback, _made = Feedback.objects.update_or_create(
        message=message,
        by=by,
        defaults={"helpful": helpful, "comment": comment, "practice_id": message.practice_id, "created_at": now},
    )
    return feedback


def written_out(conversation: Conversation) -> export.Record:
    """All of a conversation, to be kept outside. Three queries."""
    rows = conversation.messages.prefetch_related(
        Prefetch("citations", Citation.objects.select_related("section_version"))
    )
    return export.Record(
        conversation.title,
        conversation.created_at,
        tuple(conversation.pinned),
        tuple(_message_written_out(row) for row in rows),
    )


def _message_written_out(row: Message) -> export.Message:
    cited = tuple(
        export.CitedWords(
            number=one.number,
            identifier=one.section_version.identifier,
            version=one.section_version.version,
            title=one.section_version.title,
            url=one.section_version.url,
            start=one.start,
            end=one.end,
            quote=one.quote,
        )
        for one in row.citations.all()
    )
    return export.Message(row.speaker, row.text, row.state, row.declined, row.on, row.created_at, cited)


def title_of(question: str) -> str:
    """The title of a conversation: the first sentence of its first question."""
    line = first_sentence(question)
    return line if len(line) <= TITLE else line[: TITLE - 1].rpartition(" ")[0] + "…"


def _turns(exchange: Exchange) -> list[tuple[int, Turn]]:
    rows = exchange.conversation.messages.filter(
        pk__lt=exchange.question.pk, pk__gt=exchange.conversation.summarised_to, state="done", declined=False
    ).order_by("-pk")[:READ_BACK]
    found, asked = [], ""
    for row in reversed(rows):
        if row.speaker == "user":
            asked = row.text
        elif asked:
            found.append((row.pk, Turn(asked, _NUMBERS.sub("", row.text))))
            asked = ""
    return found


def _keep_summary(exchange: Exchange, dropped: int, summary: str) -> None:
    covered = _turns(exchange)[:dropped]
    if not covered:
        return
    Conversation.objects.filter(pk=exchange.conversation.pk).update(summary=summary, summarised_to=covered[-1][0])


def _facts(pinned: Sequence[str]) -> list[str]:
    facts = [fact.strip() for fact in pinned if fact.strip()]
    if len(facts) > FACTS or any(len(fact) > FACT for fact in facts):
        raise InvalidInput(f"At most {FACTS} facts are pinned, each of up to {FACT} characters")
    return facts


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=conversation.pk)


def _patience() -> timedelta:
    return timedelta(seconds=settings.CHAT_ANSWER_SECONDS)

"""Answers of the chat that are kept and given out again: to first questions alone, which no conversation colours."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Q
from django.utils import timezone

from knowledge.answers.privacy import is_public
from knowledge.chat.prompt import system_text
from knowledge.chat.records import EXTRACTIVE, Answer
from knowledge.models import Section, SectionVersion
from knowledge.passages import PLATFORM, Scope
from knowledge.services.answering import answer
from knowledge.services.answers import Asked, keep_answer, kept_answer, kept_answer_of_another_wording
from knowledge.services.judging import configured_judge
from knowledge.writers import configured_writer
from lightpoint.codec import from_plain, to_plain

CACHE: Final = "cache"  # stands as the writer of an answer that was given out again


def asked_of(question: str, *, scope: Scope = PLATFORM, on: date | None = None) -> Asked | None:
    """What an answer is kept under; None where a source of an assistant narrows what is looked through. Two queries.

    A practice that sees no more than everybody does shares the answers to questions about public guidance.
    """
    if scope.source_id is not None:
        return None
    writer = configured_writer()
    shared = scope.practice_id is None or (is_public(question) and not _sees_more(scope.practice_id))
    practice = None if shared else scope.practice_id
    return Asked(
        question=question,
        prompt=hashlib.sha256(system_text().encode()).hexdigest(),
        model=writer.name if writer else EXTRACTIVE,
        practice=practice,
        on=on,
        knowledge=knowledge_version(practice),
    )


def knowledge_version(practice_id: int | None) -> str:
    """The newest version that the practice sees, or everybody: a section that is added may answer better."""
    seen = SectionVersion.objects.filter(_seen_by(practice_id))
    return str(seen.aggregate(newest=Max("pk"))["newest"] or 0)


def _seen_by(practice_id: int | None) -> Q:
    everybody = Q(section__practice=None) | Q(section__source__shared=True)
    return everybody if practice_id is None else everybody | Q(section__practice=practice_id)


def _sees_more(practice_id: int) -> bool:
    return Section.objects.filter(practice=practice_id, source__shared=False).exists()


def recalled(asked: Asked) -> Answer | None:
    """The answer to this question, or to the same question in other words; None where none is kept."""
    served = kept_answer(asked) or kept_answer_of_another_wording(asked, judge=configured_judge())
    return replace(from_plain(Answer, served.answer), written_by=CACHE) if served else None


def keep(asked: Asked, made: Answer, *, now: datetime) -> None:
    """Keep an answer that rests on something, whole: one of which sentences were removed is made anew."""
    cited = {one.version_id for one in made.citations}
    if cited and not made.declined and not made.removed:
        versions = list(SectionVersion.objects.filter(pk__in=cited))
        keep_answer(asked=asked, answer=to_plain(made), versions=versions, now=now)


def answer_and_keep(question: str) -> Answer:
    """The answer for whoever asks the platform's guidance, kept for all who ask it next."""
    asked = asked_of(question)
    known = recalled(asked) if asked else None
    if known is not None:
        return known
    made = answer(question)
    if asked is not None:
        keep(asked, made, now=timezone.now())
    return made

"""Kept answers: given out again for the same question, and for another wording where that is proved to be safe.

An exact hit has everything in common: question, prompt, model, practice, day, knowledge and evidence. A semantic hit
is for public guidance alone: the nearest kept question of the same practice, model, prompt, day and knowledge, and only
if `knowledge.answers.same_answer` finds nothing that speaks against it. Letters use neither.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import F, Q, QuerySet
from pgvector.django import CosineDistance

from knowledge.answers import Judge, judged_same, read_slots, same_answer
from knowledge.answers.privacy import is_public
from knowledge.embeddings import Vectors
from knowledge.embeddings import embed as embed_cached
from knowledge.models import KeptAnswer, SectionVersion
from lightpoint.cache.counts import add as count
from lightpoint.language.normalise import squeeze

EXACT: Final = "answers.exact"
SEMANTIC: Final = "answers.semantic"
CANDIDATES: Final = 5
Embed = Callable[[Sequence[str]], Vectors]
Hit = Literal["exact", "semantic"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that its answer depends on.

    `prompt` is a hash of the prompt's text, `knowledge` the version of the knowledge base, `evidence` the versions of
    the sections that the answer would rest on, in any order. `practice` is None for the platform's own questions.
    """

    question: str
    prompt: str
    model: str
    practice: int | None
    on: date | None
    knowledge: str
    evidence: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 of it all, in hex: what an exact hit has in common."""
        parts = [
            normal_question(self.question),
            self.prompt,
            self.model,
            self.practice,
            self.on.isoformat() if self.on else None,
            self.knowledge,
            sorted(set(self.evidence)),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Served:
    """An answer given out again; `question` is the one that it was written for."""

    answer: Mapping[str, Any]
    question: str
    how: Hit


def normal_question(question: str) -> str:
    """`question` on one line in lower case, without the mark that ends it."""
    return squeeze(question).lower().rstrip(" ?.!")


def kept_answer(asked: Asked) -> Served | None:
    """The answer kept for exactly this question; None where there is none. One query, and one that counts a hit."""
    row = _standing(_of_practice(asked.practice).filter(key=asked.key), asked.on).first()
    count(EXACT, "hits" if row else "misses")
    return _served(row, "exact") if row else None


def kept_answer_of_another_wording(
    asked: Asked, *, embed: Embed = embed_cached, judge: Judge | None = None
) -> Served | None:
    """The answer kept for a question that asks the same in other words; None where that cannot be proved.

    Questions that tell of a case have none. With a `judge`, what the guard neither proves nor rules out is asked of it.
    One query for candidates.
    """
    row = _same_question(asked, embed, judge) if is_public(asked.question) else None
    count(SEMANTIC, "hits" if row else "misses")
    return _served(row, "semantic") if row else None


def keep_answer(
    *,
    asked: Asked,
    answer: Mapping[str, Any],
    versions: Collection[SectionVersion],
    now: datetime,
    embed: Embed = embed_cached,
) -> KeptAnswer:
    """Keep `answer`, which rests on `versions`; the same question asked again replaces it.

    Only a question about public guidance gets a vector, without which it is never found for another wording.
    """
    public = is_public(asked.question)
    slots = read_slots(asked.question)
    kept = {
        "question": asked.question,
        "on": asked.on,
        "slots": {"prompt": asked.prompt, "knowledge": asked.knowledge, "words": list(slots.words)} if public else {},
        "embedding": embed([asked.question])[0] if public else None,
        "answer": dict(answer),
        "model": asked.model,
        "created_at": now,
    }
    with transaction.atomic():
        row, _ = _of_practice(asked.practice).update_or_create(
            key=asked.key, defaults=kept, create_defaults={**kept, "practice_id": asked.practice}
        )
        row.versions.set(versions)
    return row


def drop_answers_of(versions: Collection[SectionVersion]) -> int:
    """Delete the kept answers of every practice that rest on any of `versions`; returns how many there were."""
    rows = KeptAnswer.objects.filter(pk__in=KeptAnswer.objects.filter(versions__in=versions).values("pk"))
    return rows.delete()[1].get(KeptAnswer._meta.label, 0)


def _same_question(asked: Asked, embed: Embed, judge: Judge | None) -> KeptAnswer | None:
    vector = embed([asked.question])[0]
    for row, similarity in _nearest(asked, vector):
        if same_answer(row.question, asked.question, similarity).same or (
            judge is not None and judged_same(row.question, asked.question, similarity, judge)
        ):
            return row
    return None


def _of_practice(practice: int | None) -> QuerySet[KeptAnswer]:
    """The practice's own; without a practice those of the platform, which belong to none."""
    whose = Q(practice__isnull=True) if practice is None else Q(practice_id=practice)
    return KeptAnswer.objects.filter(whose)


def _nearest(asked: Asked, vector: Vectors) -> list[tuple[KeptAnswer, float]]:
    """Candidates, the nearest first, each with its cosine."""
    rows = _of_practice(asked.practice).filter(
        model=asked.model,
        on=asked.on,
        embedding__isnull=False,
        slots__prompt=asked.prompt,
        slots__knowledge=asked.knowledge,
    )
    near = _standing(rows, asked.on).annotate(distance=CosineDistance("embedding", vector)).order_by("distance", "pk")
    return [(row, 1.0 - float(row.distance)) for row in near[:CANDIDATES]]


def _standing(rows: QuerySet[KeptAnswer], on: date | None) -> QuerySet[KeptAnswer]:
    """Those whose versions all still stand: none corrected, and none without force on the day that is asked about."""
    over = Q(valid_to__isnull=False) if on is None else Q(valid_to__lte=on) | Q(valid_from__gt=on)
    fallen = SectionVersion.objects.filter(Q(superseded_at__isnull=False) | over)
    through = KeptAnswer.versions.through.objects.filter(sectionversion__in=fallen)
    return rows.exclude(pk__in=through.values("keptanswer_id"))


def _served(row: KeptAnswer, how: Hit) -> Served:
    KeptAnswer.objects.filter(pk=row.pk).update(hits=F("hits") + 1)
    return Served(answer=row.answer, question=row.question, how=how)

"""What the legs found of a section, as a few numbers that the ranking and the answer's check weigh. Pure.

Words are weighed by how rare they are (the inverse document frequency of BM25, Robertson and Zaragoza 2009, formula
3.15); legs are joined by reciprocal rank (Cormack, Clarke and Buettcher 2009, with their k of 60).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.search.asking import Asked

RRF_K: Final = 60
OTHER_WORDS: Final = 0.7  # what a word that means the same counts, beside the word that was asked
ROLES: Final = ("text", "summary", "question")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A version as the legs found it. `terms` has, for each chunk, a bit for each term of the question that it has."""

    version_id: int
    vector_place: int | None
    text_place: int | None
    is_named: bool
    heading_terms: int
    chunk_ids: tuple[int, ...]
    roles: tuple[str, ...]
    cosines: tuple[float, ...]
    terms: tuple[int, ...]

    def without(self, chunk_id: int) -> "Evidence":
        """The same without one chunk: how a question of the section's own is asked when weights are fitted."""
        keep = [place for place, one in enumerate(self.chunk_ids) if one != chunk_id]
        return replace(
            self,
            chunk_ids=tuple(self.chunk_ids[place] for place in keep),
            roles=tuple(self.roles[place] for place in keep),
            cosines=tuple(self.cosines[place] for place in keep),
            terms=tuple(self.terms[place] for place in keep),
        )


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much each group of the question's terms tells: 0 for what stands everywhere."""

    asked: Asked
    terms: tuple[float, ...]

    @property
    def groups(self) -> tuple[float, ...]:
        """The weight of each group: that of what was written where anything has it, else of what means the same."""
        return tuple(
            self.terms[group[0]] or max((self.terms[place] for place in group[1:]), default=0.0)
            for group in self.asked.groups
        )

    @property
    def total(self) -> float:
        return sum(self.groups)

    def gained(self, having: int) -> tuple[float, ...]:
        """What a text with the terms `having` (a bit each) gains of each group."""
        return tuple(
            weight
            * max((1.0 if place == group[0] else OTHER_WORDS for place in group if having >> place & 1), default=0)
            for group, weight in zip(self.asked.groups, self.groups, strict=True)
        )

    def coverage(self, having: int) -> float:
        """The part of the question's weight that a text with these terms has, 0 to 1."""
        return sum(self.gained(having)) / self.total if self.total else 0.0


def weigh_terms(asked: Asked, chunks_with: Sequence[int], chunks: int) -> Weighing:
    """The weight of each term, from the number of chunks that have it; a term that nothing has weighs nothing."""
    return Weighing(asked, tuple(_rareness(count, chunks) if count else 0.0 for count in chunks_with))


def _rareness(count: int, chunks: int) -> float:
    total = max(chunks, count)
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def features_of(evidence: Evidence, weighing: Weighing) -> Mapping[str, float]:
    """The numbers of one section, each about 0 to 1."""
    by_role = _by_role(evidence)
    found: dict[str, float] = {}
    for role, places in by_role.items():
        cosines = sorted((evidence.cosines[place] for place in places), reverse=True)
        havings = [evidence.terms[place] for place in places]
        found[f"{role}_cosine"] = cosines[0] if cosines else 0.0
        found[f"{role}_words"] = max((weighing.coverage(having) for having in havings), default=0.0)
        found[f"{role}_often"] = _often(havings, weighing)
        if role == "question":
            found["questions_cosine"] = sum(cosines[:3]) / 3
            found["question_both"] = max(
                (evidence.cosines[place] * weighing.coverage(evidence.terms[place]) for place in places), default=0.0
            )
    everywhere = 0
    for having in evidence.terms:
        everywhere |= having
    found["any_words"] = weighing.coverage(everywhere | evidence.heading_terms)
    found["heading_words"] = weighing.coverage(evidence.heading_terms)
    found["fused"] = (_reciprocal(evidence.vector_place) + _reciprocal(evidence.text_place)) * (RRF_K + 1) / 2
    return found


def _by_role(evidence: Evidence) -> Mapping[str, Sequence[int]]:
    """The places of each role's chunks; for a role without any those of another one, for notes have no digest."""
    had = {role: [place for place, one in enumerate(evidence.roles) if one == role] for role in ROLES}
    other = next((places for places in had.values() if places), [])
    return {role: places or other for role, places in had.items()}


def _often(havings: Sequence[int], weighing: Weighing) -> float:
    """As `coverage`, each group counting for more the more chunks have it (saturating as in BM25, k1 = 1.2)."""
    if not weighing.total:
        return 0.0
    counts = [0.0] * len(weighing.groups)
    for having in havings:
        for number, value in enumerate(weighing.gained(having)):
            counts[number] += value
    gains = (
        weight * (count / weight) / (count / weight + 1.2)
        for weight, count in zip(weighing.groups, counts, strict=True)
        if weight
    )
    return sum(gains) / weighing.total


def _reciprocal(place: int | None) -> float:
    return 1 / (RRF_K + place) if place else 0.0

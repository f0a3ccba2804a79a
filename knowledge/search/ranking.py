"""From what the legs found to scores and an order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.search.features import Evidence, Weighing, features_of
from knowledge.search.weights import RANKING

NEAREST_UNRELATED = 0.35  # a cosine that questions about other things reach with some chunk


@dataclass(frozen=True, slots=True)
class Score:
    """`total` orders the results. `named` is 1 where the question names the section; the rest are its legs, 0 to 1."""

    total: float
    named: float
    text: float
    vector: float
    fused: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A version of the search with its score and the numbers that made it."""

    evidence: Evidence
    score: Score
    features: Mapping[str, float]


def rank(found: Sequence[Evidence], weighing: Weighing) -> tuple[Scored, ...]:
    """The versions that have a word of the question or are near it, best first; equals in the order of their keys."""
    scored = [_score(evidence, weighing) for evidence in found]
    related = [one for one in scored if _is_related(one)]
    return tuple(sorted(related, key=lambda one: (-one.score.total, one.evidence.version_id)))


def _is_related(one: Scored) -> bool:
    return one.score.named > 0 or one.score.text > 0 or one.score.vector >= NEAREST_UNRELATED


def _score(evidence: Evidence, weighing: Weighing) -> Scored:
    features = features_of(evidence, weighing)
    ceiling = sum(RANKING.values())
    fitted = sum(weight * features[name] for name, weight in RANKING.items()) / ceiling
    named = 1.0 if evidence.is_named else 0.0
    mentioned = 1.0 if weighing.asked.is_identifier and features["any_words"] >= 1 else 0.0
    score = Score(
        total=round(2 * named + mentioned + fitted, 6),
        named=named,
        text=round(features["any_words"], 6),
        vector=round(max(features[f"{role}_cosine"] for role in ("text", "summary", "question")), 6),
        fused=round(features["fused"], 6),
    )
    return Scored(evidence, score, features)

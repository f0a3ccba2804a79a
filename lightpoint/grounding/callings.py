"""Who acts, where the text names a calling and not a name: "the tribunal", "my accountant", "the bakery". Pure."""

from collections.abc import Iterator

from lightpoint.grounding import words
from lightpoint.grounding.context import PAGE, Context, segment_names
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.predicates import Predicate
from lightpoint.grounding.small_words import word_list
from lightpoint.grounding.verbs import PREPOSITIONS

_CALLINGS = word_list("callings")
_REACH = 7  # words between a calling and its verb
_Actor = Entity | str


def wrong_actors(context: Context) -> Iterator[str]:
    """A calling said to do what in the nearest evidence HMRC or another calling does, or HMRC in its place."""
    if context.strict or len(context.segments) > PAGE:
        return
    for claim in context.claims:
        if not claim.verb or claim.lemma in words.LIGHT_VERBS:
            continue
        actor = _actor(claim)
        grounds = _nearest_grounds(context, claim) if actor is not None else []
        others = [other for ground in grounds if (other := _actor(ground)) is not None]
        if actor is not None and others and len(others) == len(grounds) and not any(_may_be(actor, o) for o in others):
            yield f"by the evidence it was somebody else who {claim.text}"


def _actor(doing: Predicate) -> _Actor | None:
    """The calling right before the verb, or else the name that the reader of predicates found."""
    tokens = [t for t in doing.segment.tokens if t.start < doing.start]
    after = [t.low for t in doing.segment.tokens if t.start > doing.start][:3]
    by_whom = [low for low in after if low in _CALLINGS] if "by" in after[:1] else []
    if by_whom:
        return by_whom[0]
    for position in range(len(tokens) - 1, max(-1, len(tokens) - 1 - _REACH), -1):
        token = tokens[position]
        if token.kind == "entity" or token.low in (",", ";", "who", "which", "that", "by"):
            break
        if token.low in _CALLINGS:
            governed = any(t.low in PREPOSITIONS for t in tokens[max(0, position - 2) : position])
            return None if governed else token.low
    return doing.agent


def _nearest_grounds(context: Context, claim: Predicate) -> list[Predicate]:
    wanted = claim.segment.concepts() | segment_names(claim.segment)
    found = [g for g in context.grounds if g.verb and g.concepts & claim.concepts]
    scores = [context.overlap(wanted, g.segment) for g in found]
    return [g for g, score in zip(found, scores, strict=True) if score >= max(scores) * 0.6]


def _may_be(one: _Actor, other: _Actor) -> bool:
    """Whether two may be one; a name may hide any calling but HMRC's, and two names are for the check of roles."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or bool(words.concepts_of(words.lemma(one)) & words.concepts_of(words.lemma(other)))
    if isinstance(one, Entity) and isinstance(other, Entity):
        return True
    calling, entity = (one, other) if isinstance(one, str) else (other, one)
    if not isinstance(entity, Entity) or entity.kind in ("client", "person"):
        return True
    if calling in entity.words or entity.kind == "role":
        return entity.kind != "role" or calling in entity.words
    return entity.kind != "hmrc" and not entity.words & _CALLINGS

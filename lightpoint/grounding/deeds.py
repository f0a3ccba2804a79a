"""Who did what to whom in each clause, set against the evidence's own doings of the kind. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lightpoint.grounding import words
from lightpoint.grounding.authorship import Authorship, authorship_of
from lightpoint.grounding.cast import NOBODY, Actor, Cast, actors_in, cast_of
from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.reading import Reading, Token
from lightpoint.grounding.verbs import PREPOSITIONS, auxiliaries, is_passive, is_verb
from lightpoint.language.sentences import split_sentences

_GIVING = {
    "sell": "sale", "let": "lease", "lease": "lease", "sublet": "lease", "lend": "loan", "hire": "lease",
    "rent": "lease", "hand_over": "handover", "advance": "loan", "pass": "handover", "transfer": "handover",
}  # fmt: skip
_TAKING = {
    "buy": "sale", "purchase": "sale", "acquire": "sale", "rent": "lease", "hire": "lease", "lease": "lease",
    "borrow": "loan", "take_over": "handover", "inherit": "handover", "succeed": "handover",
}  # fmt: skip
_SAYING = frozenset({"say", "tell", "report"})
_TOWARDS = frozenset({"", "to", "with", "against", "for"})


@dataclass(frozen=True, slots=True)
class Deed:
    """One doing: what kind, who did it, to or for whom, and from whom; None where the clause does not tell."""

    kinds: frozenset[str]
    text: str
    agent: Actor | None
    target: Actor | None
    source: Actor | None
    family: str
    nouns: frozenset[str]


def wrong_doers(context: Context) -> Iterator[str]:
    """A doing of the sentence whose doer, giver or taker is, in all the evidence of that doing, somebody else."""
    if context.strict or len(context.segments) > PAGE * 2:
        return
    papers = [(reading, authorship_of(reading.text)) for reading in context.readings]
    cast = cast_of(papers)
    grounds = [deed for reading, author in papers for deed in _deeds(reading, author)]
    for claim in _deeds(context.sentence, Authorship()):
        rivals = _nearest(claim, [g for g in grounds if _is_same_doing(claim, g)])
        if rivals and not any(_agrees(cast, claim, rival) for rival in rivals):
            yield f"by the evidence others did what the sentence tells with {claim.text!r}"


def _is_same_doing(claim: Deed, ground: Deed) -> bool:
    if claim.family and ground.family:
        return claim.family == ground.family
    return bool(claim.kinds & ground.kinds)


def _nearest(claim: Deed, grounds: Sequence[Deed]) -> list[Deed]:
    """Those that share most nouns with the claim."""
    shared = [len(claim.nouns & g.nouns) for g in grounds]
    return [g for g, count in zip(grounds, shared, strict=True) if count == max(shared)]


def _agrees(cast: Cast, claim: Deed, ground: Deed) -> bool:
    pairs = ((claim.agent, ground.agent), (claim.target, ground.target), (claim.source, ground.source))
    if any(one and other and not cast.same(one, other) for one, other in pairs):
        return False
    crossed = ((claim.agent, ground.target, ground.agent), (claim.target, ground.agent, ground.target),
               (claim.source, ground.target, ground.source), (claim.target, ground.source, ground.target))  # fmt: skip
    return not any(
        one and rival and own is None and one.names and rival.names and cast.same(one, rival)
        for one, rival, own in crossed
    )


def _deeds(reading: Reading, author: Authorship) -> Iterator[Deed]:
    actors = actors_in(reading.tokens, author)
    for piece in split_sentences(reading.text):
        inside = [i for i, t in enumerate(reading.tokens) if piece.start <= t.start < piece.end]
        if inside:
            yield from _of_sentence(reading.tokens, inside[0], inside[-1] + 1, actors)


def _of_sentence(tokens: Sequence[Token], first: int, last: int, actors: dict[int, Actor]) -> Iterator[Deed]:
    before: Actor | None = None
    for index in range(first, last):
        token = tokens[index]
        if token.kind != "word" or not is_verb(tokens, index) or index in actors:
            continue
        start, group = auxiliaries(tokens, index)
        subject = _subject(tokens, max(first, start), first, actors, before)
        passive = is_passive(tokens, index, group)
        before = subject
        if token.concepts and token.lemma not in words.LIGHT_VERBS:
            yield _deed(tokens, index, last, actors, subject, passive=passive)


def _subject(
    tokens: Sequence[Token], start: int, first: int, actors: dict[int, Actor], before: Actor | None
) -> Actor | None:
    """The actor right before the verb; nothing but a conjunction there hands on the subject of the verb before."""
    for position in range(start - 1, first - 1, -1):
        token = tokens[position]
        if token.low in ("and", "then", "but") or token.kind == "date":
            if token.low != "then" and token.kind != "date":
                return before
            continue
        if token.low in ("who", "which", ",", "in", "on", "also"):
            continue
        actor = actors.get(position)
        if actor is None or actor.possessive or _preposition(tokens, position):
            return None
        return actor
    return None


def _preposition(tokens: Sequence[Token], position: int) -> str:
    before = position - 1
    while before >= 0 and tokens[before].low in ("the", "a", "an", "our", "my", "your", "his", "her", "their", "its"):
        before -= 1
    return tokens[before].low if before >= 0 and tokens[before].low in PREPOSITIONS else ""


def _deed(
    tokens: Sequence[Token], index: int, last: int, actors: dict[int, Actor], subject: Actor | None, *, passive: bool
) -> Deed:
    token = tokens[index]
    objects, nouns = _objects(tokens, index, last, actors)
    kinds = token.concepts | (_SAYING if token.concepts & {"say", "tell"} else frozenset())
    aimed = next((objects[p] for p in ("", "to", "with", "against") if p in objects), None)
    agent, target, source, family = _clear(subject), aimed, None, ""
    base = token.lemma
    if passive:
        agent, target = objects.get("by"), objects.get("to") or _clear(subject)
    giving = base in _GIVING and (base not in _TAKING or "to" in objects or "out" in token.low)
    if giving or base in _TAKING:
        family = (_GIVING if giving else _TAKING)[base]
        taker = objects.get("to") or objects.get("") if giving else agent
        giver = agent if giving else objects.get("from") or objects.get("")
        agent, source, target = None, _clear(giver), _clear(taker)
    return Deed(kinds, token.text, _clear(agent), _clear(target), source, family, nouns)


def _clear(actor: Actor | None) -> Actor | None:
    return None if actor is None or actor == NOBODY else actor


def _objects(
    tokens: Sequence[Token], index: int, last: int, actors: dict[int, Actor]
) -> tuple[dict[str, Actor], frozenset[str]]:
    """The actors after a verb by their preposition, and the nouns of its clause."""
    found: dict[str, Actor] = {}
    nouns: set[str] = set()
    for position in range(index + 1, last):
        token = tokens[position]
        if token.low in (";", "that", "who", "which", "and", "but") or (
            token.kind == "word" and position not in actors and is_verb(tokens, position)
        ):
            break
        nouns |= token.concepts
        actor = actors.get(position)
        if actor is not None and not actor.possessive:
            found.setdefault(_preposition(tokens, position), actor)
    return found, frozenset(nouns)

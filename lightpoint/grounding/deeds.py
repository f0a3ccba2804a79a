"""Who did what to whom in each clause, set against the evidence's own doings of the kind. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lightpoint.grounding import words
from lightpoint.grounding.authorship import Authorship, authorship_of
from lightpoint.grounding.cast import NOBODY, Actor, Cast, actor_of, actors_in, cast_of
from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.reading import Reading, Token, header_end
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
_EITHER_WAY = frozenset({"register", "close", "open", "move", "change", "increase", "reduce", "stop", "deregister"})
_CLAUSE_ENDS = frozenset({";", "that", "who", "which", "and", "but", "what", "how", "when", "where", "because", "if"})
_NEEDS_TO = frozenset({"let", "pass", "transfer", "advance"})
_BILL = re.compile(r"\b(?:invoice|fee note|bill)\b", re.IGNORECASE)


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
    grounds = [deed for reading, author in papers for deed in deeds_of(reading, author)]
    for claim in deeds_of(context.sentence, Authorship()):
        rivals = _nearest(claim, [g for g in grounds if _is_same_doing(claim, g)])
        if rivals and not any(_agrees(cast, claim, rival) for rival in rivals):
            yield f"by the evidence others did what the sentence tells with {claim.text!r}"


def wrong_owners(context: Context) -> Iterator[str]:
    """A thing said to be one party's that the evidence gives to another only: "the buyers' house", "our error"."""
    if context.strict or len(context.segments) > PAGE * 2:
        return
    papers = [(reading, authorship_of(reading.text)) for reading in context.readings]
    cast = cast_of(papers)
    held = [pair for reading, author in papers for pair in _things(reading, author)]
    for thing, owner in _things(context.sentence, Authorship()):
        rivals = [other for concepts, other in held if concepts & thing]
        if rivals and not any(cast.same(owner, other) for other in rivals):
            yield "the evidence has another's thing of that kind"


def _things(reading: Reading, author: Authorship) -> Iterator[tuple[frozenset[str], Actor]]:
    for index, actor in actors_in(reading.tokens, author).items():
        after = [t for t in reading.tokens[index + 1 : index + 3] if t.low != "own"][:1]
        if actor.possessive and actor != NOBODY and after and after[0].kind == "word" and after[0].concepts:
            yield after[0].concepts, actor


def _is_same_doing(claim: Deed, ground: Deed) -> bool:
    if claim.family and ground.family:
        return claim.family == ground.family
    return bool(claim.kinds & ground.kinds)


def _nearest(claim: Deed, grounds: Sequence[Deed]) -> list[Deed]:
    """Those that share most nouns with the claim."""
    shared = [len(claim.nouns & g.nouns) for g in grounds]
    return [g for g, count in zip(grounds, shared, strict=True) if count == max(shared)]


def _agrees(cast: Cast, claim: Deed, ground: Deed) -> bool:
    pairs = [(claim.agent, ground.agent), (claim.target, ground.target), (claim.source, ground.source)]
    if claim.kinds & _EITHER_WAY:
        pairs = [pair for pair in pairs if claim.target is None or ground.target is not None]
    if any(one and other and not cast.same(one, other) for one, other in pairs):
        return False
    crossed = ((claim.agent, ground.target, ground.agent), (claim.target, ground.agent, ground.target),
               (claim.source, ground.target, ground.source), (claim.target, ground.source, ground.target))  # fmt: skip
    return bool(claim.kinds & _EITHER_WAY) or not any(
        one and rival and own is None and one.names and rival.names and cast.same(one, rival)
        for one, rival, own in crossed
    )


def deeds_of(reading: Reading, author: Authorship) -> Iterator[Deed]:
    """Every doing of a text, in nouns and verbs."""
    actors = actors_in(reading.tokens, author)
    yield from _of_bill(reading, author)
    yield from _of_nouns(reading.tokens, actors)
    for piece in split_sentences(reading.text):
        inside = [i for i, t in enumerate(reading.tokens) if piece.start <= t.start < piece.end]
        if inside:
            yield from _of_sentence(reading.tokens, inside[0], inside[-1] + 1, actors)


def _of_bill(reading: Reading, author: Authorship) -> Iterator[Deed]:
    """A bill from one to another: the one charges, the other pays."""
    if author.author is None or author.recipient is None or not _BILL.search(reading.text[: header_end(reading.text)]):
        return
    biller, payer = actor_of(author.author), actor_of(author.recipient)
    yield Deed(frozenset({"bill", "charge"}), "bill", biller, payer, None, "", frozenset())
    yield Deed(frozenset({"pay"}), "paid", payer, biller, None, "", frozenset())


def _of_nouns(tokens: Sequence[Token], actors: dict[int, Actor]) -> Iterator[Deed]:
    """Nouns of doing with whose they are: "on her authority", "HMRC's refusal", "our error"."""
    for index, actor in actors.items():
        after = [t for t in tokens[index + 1 : index + 3] if t.low != "own"][:1]
        if actor.possessive and after and after[0].kind == "word" and after[0].concepts & words.lexicon().doings:
            yield Deed(after[0].concepts, after[0].text, _clear(actor), None, None, "", frozenset())


def _of_sentence(tokens: Sequence[Token], first: int, last: int, actors: dict[int, Actor]) -> Iterator[Deed]:
    before: Actor | None = None
    for index in range(first, last):
        token = tokens[index]
        if token.kind != "word" or index in actors or not (is_verb(tokens, index) or _acts(tokens, index, actors)):
            continue
        start, group = auxiliaries(tokens, index)
        subject = _subject(tokens, max(first, start), first, actors, before)
        passive = is_passive(tokens, index, group)
        before = subject
        moved = token.lemma in _GIVING or _with_particle(tokens, index) in ("take_over", "hand_over")
        if moved or (token.concepts and token.lemma not in words.LIGHT_VERBS):
            yield _deed(tokens, index, last, actors, subject, passive=passive)


def _acts(tokens: Sequence[Token], index: int, actors: dict[int, Actor]) -> bool:
    """Whether a word for giving or taking over, which may be a noun, stands right after whoever does it ("we rent")."""
    actor = actors.get(index - 1)
    base = _with_particle(tokens, index)
    return (base in _GIVING or base in _TAKING) and actor is not None and not actor.possessive


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
    kinds = token.concepts | (
        _SAYING if token.concepts & {"say", "tell"} or token.lemma.startswith("tell") else frozenset()
    )
    aimed = next((objects[p] for p in ("", "to", "with", "against") if p in objects), None)
    agent, target, source, family = _clear(subject), aimed, None, ""
    base = _with_particle(tokens, index)
    if passive:
        agent, target = objects.get("by"), objects.get("to") or _clear(subject)
    giving = base in _GIVING and (base not in _TAKING or "to" in objects or "out" in token.low)
    if giving or base in _TAKING:
        family = (_GIVING if giving else _TAKING)[base]
        if base in _NEEDS_TO and "to" not in objects:
            return Deed(kinds, token.text, _clear(agent), _clear(target), None, "", nouns)
        taker = objects.get("to") or objects.get("") if giving else agent
        giver = agent if giving else objects.get("from") or objects.get("")
        if passive and giving:
            taker = objects.get("to")
        agent, source, target = None, _clear(giver), _clear(taker)
        family = family if source or target else ""
    return Deed(kinds, token.text, _clear(agent), _clear(target), source, family, nouns)


def _with_particle(tokens: Sequence[Token], index: int) -> str:
    """The verb with an "over" or "on" that stands behind its object: "took it over", "handed the check over"."""
    base = {"took": "take", "taken": "take", "handed": "hand"}.get(tokens[index].low, tokens[index].lemma)
    lows = [token.low for token in tokens[index + 1 : index + 5]]
    return f"{base}_over" if base in ("take", "hand") and "over" in lows else base


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
        if token.low in _CLAUSE_ENDS or (token.kind == "word" and position not in actors and is_verb(tokens, position)):
            break
        nouns |= token.concepts
        actor = actors.get(position)
        if actor is not None and not actor.possessive:
            found.setdefault(_preposition(tokens, position), actor)
    return found, frozenset(nouns)

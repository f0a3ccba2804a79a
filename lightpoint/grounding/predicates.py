"""Who does what to whom: a small reader of predicates and their arguments. Pure.

Passives are turned round, converse verbs (borrow, receive, owe) are read from the other side, and each predicate
carries whether it is denied and whether it is only promised, asked or possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lightpoint.grounding import words
from lightpoint.grounding.authorship import Authorship, authorship_of
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.reading import Segment, Token, read
from lightpoint.grounding.small_words import word_list
from lightpoint.grounding.verbs import (
    MODALS,
    NEGATORS,
    PREPOSITIONS,
    PRONOUNS,
    auxiliaries,
    is_participle,
    is_passive,
    is_verb,
)
from lightpoint.language.money import find_amounts

_INVERSE = {
    "receive": frozenset({"send", "pay", "repay", "lend", "tell", "compensate"}),
    "get": frozenset({"send", "pay", "repay", "lend"}),
    "obtain": frozenset({"send", "pay", "lend", "accept"}),
    "borrow": frozenset({"lend"}),
    "hear": frozenset({"tell", "say", "answer"}),
    "collect": frozenset({"pay"}),
    "recover": frozenset({"pay", "repay"}),
    "buy": frozenset({"sell"}),
    "purchase": frozenset({"sell"}),
}
_MOVES_ITSELF = frozenset({"go", "arrive", "reach", "come", "follow", "land"})
_IRREALIS = frozenset({"promise", "ask", "offer", "claim", "order", "warn", "try"})
_DENYING_GOVERNORS = frozenset(
    {"fail", "failure", "refuse", "decline", "omit", "omission", "unable", "neglect", "refusal"}
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """One thing said to happen. `agent` and `patients` are None and empty where the text does not name them."""

    concepts: frozenset[str]
    lemma: str
    text: str
    agent: Entity | None
    patients: tuple[Entity, ...]
    negative: bool
    modal: bool
    verb: bool
    segment: Segment
    start: int
    frame: frozenset[str]  # the concepts, and those of the doing seen from the other side
    amounts: frozenset[str] = frozenset()
    quality: bool = False  # an adjective, an adverb, or a participle before its noun


@lru_cache(maxsize=512)
def predicates_of(text: str) -> tuple[Predicate, ...]:
    """Return the predicates of a text, verbs and nouns of doing, in order."""
    reading = read(text)
    author = authorship_of(text)
    found: list[Predicate] = []
    for segment in reading.segments:
        found += _segment_predicates(segment, author)
    return tuple(found)


def _segment_predicates(segment: Segment, author: Authorship) -> list[Predicate]:
    tokens = _without_asides(segment.tokens)
    disclaimed = next((i for i, t in enumerate(tokens) if _is_disclaimer(tokens, i)), None)
    tokens = [t if (e := _pronoun(t, author)) is None else replace(t, kind="entity", entity=e) for t in tokens]
    found = []
    for index, token in enumerate(tokens):
        if token.kind != "word" or not token.concepts:
            continue
        if is_verb(tokens, index):
            found.append(_verb(tokens, index, segment, author))
        else:
            found.append(_noun(tokens, index, segment, author))
        if disclaimed is not None and index > disclaimed:
            found[-1] = replace(found[-1], negative=not found[-1].negative)
    return found


def _without_asides(tokens: Sequence[Token]) -> list[Token]:
    """Leave out "by itself" and its like, which stand between a verb and what denies it."""
    lows = [token.low for token in tokens]
    dropped = {i for i, low in enumerate(lows) if low in ("itself", "themselves", "himself", "herself")}
    dropped |= {
        p for i, low in enumerate(lows) if low == "(" for p in range(i, min(i + 3, len(lows))) if ")" in lows[i : i + 3]
    }
    dropped |= {i - 1 for i in dropped if i and lows[i - 1] in ("by", "in", "of")}
    return [token for i, token in enumerate(tokens) if i not in dropped]


def _is_disclaimer(tokens: Sequence[Token], index: int) -> bool:
    """ "does not mean that": what follows is not asserted, and its contrary is left possible."""
    return tokens[index].low in ("mean", "imply", "follow") and any(
        t.low == "not" for t in tokens[max(0, index - 2) : index]
    )


def _pronoun(token: Token, author: Authorship) -> Entity | None:
    if token.kind != "word":
        return None
    if token.low in ("i", "me", "we", "us") and author.author:
        return author.author
    if token.low in ("my", "our") and author.author:
        return replace(author.author, possessive=True)
    if token.low == "you" and author.recipient:
        return author.recipient
    if token.low == "your" and author.recipient:
        return replace(author.recipient, possessive=True)
    return None


def _subject(tokens: Sequence[Token], start: int, author: Authorship) -> Entity | None:
    """The nearest name before the verb that no preposition governs; a paper speaks for who wrote it."""
    thing: Token | None = None
    for position in range(start - 1, -1, -1):
        token = tokens[position]
        governed = _is_governed(tokens, position)
        if token.entity is not None and token.kind == "entity":
            if token.entity.possessive and thing is not None and thing.concepts & DOCUMENTS:
                return token.entity
            if not token.entity.possessive and not governed:
                return token.entity if thing is None or _is_apposition(tokens, position, start) else None
        elif token.low in PRONOUNS - _RELATIVES:
            return None
        elif token.low == "that" and position < start - 1:
            break
        elif thing is None and not governed and _is_noun(tokens, position):
            thing = token
    return author.author if thing is not None and thing.concepts & DOCUMENTS else None


def _is_governed(tokens: Sequence[Token], position: int) -> bool:
    """Whether a preposition stands before a name, with nothing but an article between."""
    before = position - 1
    if before > 0 and tokens[before].low in ("the", "a", "an"):
        before -= 1
    return before >= 0 and tokens[before].low in PREPOSITIONS


def _is_noun(tokens: Sequence[Token], position: int) -> bool:
    token = tokens[position]
    return token.kind == "word" and bool(token.concepts) and not is_verb(tokens, position)


_RELATIVES = frozenset({"which", "who", "that"})
DOCUMENTS = frozenset(
    {"letter", "email", "note", "notice", "statement", "certificate", "document", "answer", "decision"}
)


def _is_apposition(tokens: Sequence[Token], position: int, start: int) -> bool:
    """Whether only a noun of the same person stands between the name and the verb ("HMRC's officer")."""
    between = [t for t in tokens[position + 1 : start] if t.kind == "word" and t.concepts]
    return all(is_verb(tokens, tokens.index(t)) or t.concepts & {"officer"} for t in between) or any(
        t.low in ("and", ",") for t in tokens[position + 1 : start]
    )


def _objects(tokens: Sequence[Token], index: int) -> dict[str, list[Entity]]:
    """Names after the verb by the preposition before them; "" is the direct object."""
    found: dict[str, list[Entity]] = {}
    preposition = ""
    for position in range(index + 1, len(tokens)):
        token = tokens[position]
        if token.low in ("that", "which", "who") or (
            token.kind == "word" and token.concepts and is_verb(tokens, position)
        ):
            break
        if token.low in PREPOSITIONS:
            preposition = token.low
        elif token.kind == "entity" and token.entity is not None and not token.entity.possessive:
            found.setdefault(preposition, []).append(token.entity)
        elif token.low in (",", "and"):
            preposition = preposition or ","
    return found


def _verb(tokens: Sequence[Token], index: int, segment: Segment, author: Authorship) -> Predicate:
    token = tokens[index]
    start, group = auxiliaries(tokens, index)
    passive = is_passive(tokens, index, group)
    subject = _subject(tokens, start, Authorship() if passive else author)
    objects = _objects(tokens, index)
    aimed = tuple(e for p in ("", "to", "with", "against") for e in objects.get(p, ()))
    base = token.lemma.split("_")[0]
    frame = token.concepts
    by = objects.get("by", ())
    if passive and base in _INVERSE:
        agent, patients = None, tuple(by)
    elif passive:
        agent, patients = (by[0] if by else None), tuple(e for e in (subject, *objects.get("to", ())) if e)
    elif base in _INVERSE:
        frame = frame | _INVERSE[base]
        source = objects.get("from", ())
        agent, patients = (source[0] if source else None), ((subject,) if subject else ())
    else:
        unmoved = base in _MOVES_ITSELF or _hangs_on(tokens, index)
        agent, patients = (None if unmoved else subject), aimed
    return Predicate(
        token.concepts, token.lemma, token.text, agent, patients, _is_denied(tokens, index, start, group),
        _is_modal(tokens, start, group), True, segment, token.start, frame,
        _amounts_of(tokens, index),
    )  # fmt: skip


def _hangs_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether an "-ing" after a comma goes with another verb's subject, which may be further off ("..., raising")."""
    return index > 0 and tokens[index].low.endswith("ing") and tokens[index - 1].low == ","


def _amounts_of(tokens: Sequence[Token], index: int) -> frozenset[str]:
    """The sums of money that go with a verb: those after it, or else those before it, up to the next verb."""
    for step in (1, -1):
        found, position = set(), index + step
        while 0 <= position < len(tokens):
            token = tokens[position]
            if token.kind == "amount":
                found.add(amount_key(token.text))
            if token.kind == "word" and token.concepts and is_verb(tokens, position):
                break
            if step < 0 and (token.kind == "entity" or token.low in ("and", ",", ";")):
                break
            position += step
        if found:
            return frozenset(found)
    return frozenset()


def amount_key(text: str) -> str:
    """A sum of money in one spelling, so that "£1,425" and "£1,425.00" meet."""
    found = find_amounts(text)
    return str(found[0].value.normalize()) if found else text


def _is_modal(tokens: Sequence[Token], start: int, group: list[Token]) -> bool:
    if any(t.lemma in MODALS for t in group):
        return True
    governed = any(t.low == "to" for t in group)
    return governed and any(token.concepts & _IRREALIS for token in tokens[max(0, start - 4) : start])


def _is_denied(tokens: Sequence[Token], index: int, start: int, group: list[Token]) -> bool:
    lows = [t.low for t in group]
    denied = any(low in NEGATORS or low.endswith("n't") for low in lows) or ("no" in lows and "longer" in lows)
    if "only" in lows and "not" in lows:
        denied = False
    if start and (any(t.low == "to" for t in group) or tokens[start - 1].lemma.endswith("_to")):
        if {tokens[start - 1].lemma, tokens[start - 1].low} & _DENYING_GOVERNORS:
            denied = not denied
        elif tokens[start - 1].low == "able":
            denied = denied or any(
                t.low in NEGATORS or t.low.endswith("n't") for t in tokens[max(0, start - 5) : start]
            )
        elif is_verb(tokens, start - 1):
            denied = denied or _is_denied(tokens, start - 1, *auxiliaries(tokens, start - 1))
    subject_words = [t.low for t in tokens[max(0, start - 5) : start]]
    if "no" in subject_words or "none" in subject_words or "nobody" in subject_words:
        denied = not denied
    following = [t.low for t in tokens[index + 1 : index + 3]]
    if tokens[index].lemma in ("be", "have", "do") and following[:1] == ["not"]:
        return not denied
    return not denied if following[:1] in (["no"], ["nothing"], ["none"]) else denied


_NOUN_NEGATORS = frozenset({"no", "without", "neither", "lack", "absence", "want"})


def _noun(tokens: Sequence[Token], index: int, segment: Segment, author: Authorship) -> Predicate:
    """A noun of doing with whoever stands beside it: "HMRC's offer", "letter from X to Y", "complaint by Z"."""
    token = tokens[index]
    before = tokens[index - 1] if index else None
    quality = token.lemma in words.lexicon().qualities or token.low.endswith("ly")
    agent = before.entity if before is not None and before.kind == "entity" and not quality else None
    patients: list[Entity] = []
    for position in range(index + 1, min(index + 9, len(tokens) - 1)):
        current, following = tokens[position], tokens[position + 1]
        if current.low in (";", ":", ".") or (current.concepts and is_verb(tokens, position)):
            break
        if following.kind == "entity" and following.entity is not None and not following.entity.possessive:
            if current.low in ("from", "by") and agent is None:
                agent = following.entity
            elif current.low == "to":
                patients.append(following.entity)
                sender = tokens[position - 1].entity if position else None
                agent = agent or sender
    nearby = [t.low for t in tokens[max(0, index - 3) : index]]
    negative = any(low in _NOUN_NEGATORS for low in nearby) or _governed_by_denial(tokens, index)
    if quality:
        negative = any(low in NEGATORS or low in _NOUN_NEGATORS or low.endswith("n't") for low in nearby)
    if agent is None and token.concepts & {"charge", "bill", "demand"} and "its" not in nearby:
        agent = author.author
    return Predicate(
        token.concepts,
        token.lemma,
        token.text,
        agent,
        tuple(patients),
        negative,
        False,
        False,
        segment,
        token.start,
        token.concepts | ({"pay"} if "debit" in token.concepts else set()),
        quality=quality or is_participle(token),
    )


_HAVING = word_list("having")


def _governed_by_denial(tokens: Sequence[Token], index: int) -> bool:
    """Whether its verb denies a noun: any verb with "any", else one of having or giving ("has not sent a reply")."""
    with_any = any(token.low == "any" for token in tokens[max(0, index - 3) : index])
    for position in range(index - 1, -1, -1):
        token = tokens[position]
        if (
            token.kind == "word"
            and (token.concepts or token.lemma in words.LIGHT_VERBS)
            and (token.lemma in words.LIGHT_VERBS or is_verb(tokens, position))
        ):
            if not with_any and token.lemma not in _HAVING:
                return False
            start, group = auxiliaries(tokens, position)
            return _is_denied(tokens, position, start, group) and tokens[position + 1].low not in ("no", "nothing")
    return False

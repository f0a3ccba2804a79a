"""Whether the words of a sentence, by stem and by meaning, stand in its evidence at all. Pure."""

import re
from collections.abc import Iterator

from lightpoint.grounding import words
from lightpoint.grounding.context import Context
from lightpoint.grounding.predicates import Predicate
from lightpoint.grounding.reading import Token
from lightpoint.grounding.records import Reason
from lightpoint.grounding.small_words import word_list
from lightpoint.language.numbers import parse_number_words
from lightpoint.language.quotations import find_quotations

_WEIGHTY = word_list("weighty")
_LEAST_COVER = 0.3
_LEAST_COVER_WITH_FIGURES = 0.15
_LEAST_COVER_WITHOUT_VERB = 0.75


def check(context: Context) -> tuple[int, list[Reason]]:
    """Count the sentence's doings, and object where what it mainly says is foreign to the evidence."""
    doings = [c for c in context.claims if c.verb and _says_something(c)]
    tokens = list(_content(context))
    covered = [t for t in tokens if is_covered(context, t.concepts, t.lemma)]
    share = len(covered) / len(tokens) if tokens else 1.0
    foreign = [c for c in doings if not c.negative and not _is_borne(context, c)]
    reasons = []
    if not context.strict:
        foreign = [c for c in foreign if c.concepts & _WEIGHTY]
    if foreign and share < _LEAST_COVER_WITHOUT_VERB:
        reasons.append(Reason("content", f"nothing in the evidence says {foreign[0].text!r}"))
    elif (
        share < (_LEAST_COVER_WITH_FIGURES if _has_figures(context) else _LEAST_COVER)
        and not find_quotations(context.whole.text)
        and (len(tokens) > 3 or not (covered or _is_anchored(context)))
    ):
        missing = ", ".join(t.text for t in tokens if t not in covered)
        reasons.append(Reason("content", f"the evidence has nothing of: {missing}"))
    states = bool(tokens) and any(t.lemma in words.LIGHT_VERBS and t.kind == "word" for t in context.sentence.tokens)
    return len(doings) or int(states), reasons


def _has_figures(context: Context) -> bool:
    """Whether figures carry the sentence, which their own checkers judge."""
    reading = context.sentence
    figures = reading.amounts or reading.durations or any(t.kind == "figure" and "%" in t.text for t in reading.tokens)
    return not context.strict and bool(figures or re.search(r"\d\.\d|per cent|percentage", reading.text))


def _is_anchored(context: Context) -> bool:
    """Whether a name and a figure, which their own checkers judge, stand in for words that the evidence lacks."""
    return _has_figures(context) and any(
        e.kind in ("person", "body", "name", "hmrc") for e in context.sentence.entities
    )


def _says_something(claim: Predicate) -> bool:
    bridging = any(words.is_light(c) for c in claim.concepts) or all(words.is_sayso(c) for c in claim.concepts)
    return claim.lemma not in words.LIGHT_VERBS and not bridging


def _content(context: Context) -> Iterator[Token]:
    for token in context.sentence.tokens:
        if token.kind == "word" and token.concepts and token.lemma not in words.LIGHT_VERBS and not _is_number(token):
            yield token


def _is_borne(context: Context, claim: Predicate) -> bool:
    """Whether a doing is in the evidence; a refusal also where the evidence has something not done."""
    if "reject" in claim.concepts and any(ground.negative for ground in context.grounds):
        return True
    if "require" in claim.concepts and re.search(r"\b(?:must|shall|should|ha(?:s|ve) to)\b", context.text):
        return True
    if _is_said_of_section(context, claim) or _is_owned_up_to(context, claim):
        return True
    return is_covered(context, claim.concepts, claim.lemma)


_OWNED_UP = re.compile(
    r"\b(?:should (?:not )?have|ought (?:not )?to have|our (?:error|mistake|fault)|in error)\b", re.IGNORECASE
)


def _is_owned_up_to(context: Context, claim: Predicate) -> bool:
    """Whether what the sentence calls an admission stands in the evidence as what should have been done."""
    admits = claim.concepts & {"admit", "accept", "acknowledge", "apologise"}
    return not context.strict and bool(admits) and _OWNED_UP.search(context.text) is not None


def _is_said_of_section(context: Context, claim: Predicate) -> bool:
    """Whether the verb only joins a section with what it holds ("CRG4050 asks whether")."""
    tokens = context.sentence.tokens
    for index, token in enumerate(tokens):
        if token.start == claim.start and index:
            joins = claim.concepts & {"ask", "require", "apply_rule", "prescribe", "treat", "consider", "enquire_into"}
            return bool(joins) and tokens[index - 1].text in context.sentence.citations
    return False


def _is_number(token: Token) -> bool:
    return parse_number_words(token.low) is not None or any(words.is_light(c) for c in token.concepts)


def is_covered(context: Context, concepts: frozenset[str], lemma: str) -> bool:
    """Whether the evidence has the meaning, a doing it follows from, or a word of the same stem."""
    related = words.related(concepts) | words.opposites(concepts)
    if (concepts | related) & context.concepts:
        return True
    base = words.stem(lemma.split("_", maxsplit=1)[0])
    return len(base) > 3 and any(base[:6] == word[:6] for word in stems(context))


def stems(context: Context) -> frozenset[str]:
    """The stems of all words of the evidence, those of the ids too."""
    found = {words.stem(t.lemma) for reading in context.readings for t in reading.tokens if t.kind == "word"}
    return frozenset(found | {identity.lower() for identity, _ in context.evidence})

"""Two things confused: meant for one and sent to another, one's fault put on another, earned told as charged. Pure."""

import re
from collections.abc import Iterator

from lightpoint.grounding.authorship import Authorship, authorship_of
from lightpoint.grounding.cast import NOBODY, Actor, actors_in, cast_of
from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.entities import significant_words
from lightpoint.grounding.predicates import amount_key
from lightpoint.grounding.reading import Reading, Segment
from lightpoint.grounding.verbs import PREPOSITIONS

_NAME = r"(?:the\s+)?(?P<{0}>[A-Z0-9][\w&'’./-]*(?:\s+(?:of\s+|and\s+|&\s+)?[A-Z0-9][\w&'’./-]*){{0,4}})"
_INSTEAD = re.compile(
    rf"\b{_NAME.format('actual')},?\s+(?:instead of|rather than|and not|in place of)(?:\s+(?:to|at|for|with|from))?\s+"
    rf"{_NAME.format('meant')}"
)
_MEANT = re.compile(
    r"\b(?:intended|meant|destined|due|supposed to go|should have (?:gone|been \w+)|belonged|was)\s+(?:for|to|with)\s+"
    + _NAME.format("meant")
)
_WENT = re.compile(
    r"\b(?:went|reached|(?:was|were) (?:sent|posted|e-?mailed|paid|delivered|credited|given)|arrived|ended up|landed)"
    r"\s+(?:instead\s+)?(?:to\s+|at\s+|with\s+|in\s+)?" + _NAME.format("actual")
)
_FAULT = re.compile(
    r"\b(?:faults?|mistakes?|errors?|slips?|blunders?|oversights?|owing to|due to|caused by|"
    r"because of|by our|keying)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|never|nor|neither|rather than|without)\b|n['’]t\b", re.IGNORECASE)
_INTO = frozenset({"credit", "earn", "repay"})
_OUT_OF = frozenset({"charge", "debit", "owe", "penalty", "bill"})


def mixed_up(context: Context) -> Iterator[str]:
    """What the sentence confuses with its counterpart in the evidence."""
    if context.strict or len(context.segments) > PAGE * 2:
        return
    yield from _sent_and_meant(context)
    yield from _anothers_fault(context)
    yield from _in_for_out(context)


def _sent_and_meant(context: Context) -> Iterator[str]:
    """ "meant for X but sent to Y" where the evidence has "sent to X instead of Y"."""
    pairs = [(significant_words(m["actual"]), significant_words(m["meant"])) for m in _INSTEAD.finditer(context.text)]
    for pattern, own in ((_MEANT, 1), (_WENT, 0)):
        for match in pattern.finditer(context.sentence.text):
            said = significant_words(match["meant" if own else "actual"])
            if any(said & pair[1 - own] > said & pair[own] for pair in pairs):
                yield f"by the evidence it was the other way round with {match[0]!r}"
    for match in _INSTEAD.finditer(context.sentence.text):
        turned = (significant_words(match["meant"]), significant_words(match["actual"]))
        if turned in pairs:
            yield f"by the evidence it was the other way round with {match[0]!r}"


def _anothers_fault(context: Context) -> Iterator[str]:
    """A fault put on one party, where the evidence speaks of a fault of another's."""
    text = context.sentence.text
    if not _FAULT.search(text) or _DENIED.search(text):
        return
    papers = [(reading, authorship_of(reading.text)) for reading in context.readings]
    cast = cast_of(papers)
    held = [actor for reading, author in papers for actor in _at_fault(reading, author)]
    for actor in _at_fault(context.sentence, Authorship()):
        if held and not any(cast.same(actor, other) for other in held):
            yield "by the evidence the fault was another's"


def _at_fault(reading: Reading, author: Authorship) -> Iterator[Actor]:
    """Whose things stand in a clause about a fault: "a fault on our system", "the company's own"."""
    actors = actors_in(reading.tokens, author)
    places = {token.start: index for index, token in enumerate(reading.tokens)}
    for segment in reading.segments:
        match = _FAULT.search(reading.text[segment.start : segment.end])
        for token in segment.tokens if match else ():
            actor = actors.get(places[token.start])
            after = reading.tokens[places[token.start] + 1 :][:1]
            near = match is not None and token.start >= segment.start + match.start() - 25
            owned = actor is not None and actor.possessive and actor != NOBODY and near
            if owned and actor is not None and not (after and after[0].low in PREPOSITIONS):
                yield actor


def _in_for_out(context: Context) -> Iterator[str]:
    """A sum earned or credited told as charged or owed, or the other way."""
    for segment in context.sentence.segments:
        keys = _sums(segment)
        here = [s for r in context.readings for s in r.segments if keys & _sums(s)]
        if len(keys) != 1 or not here:
            continue
        held = frozenset(name for s in here for name in s.concepts())
        for said, contrary in ((_INTO, _OUT_OF), (_OUT_OF, _INTO)):
            own = segment.concepts() & (said | contrary)
            if own and own <= said and held & contrary and not held & said and "interest" in segment.concepts():
                yield "the evidence has that interest going the other way"


def _sums(segment: Segment) -> frozenset[str]:
    return frozenset(amount_key(token.text) for token in segment.tokens if token.kind == "amount")

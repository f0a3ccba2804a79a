"""Whether a figure stands, in the evidence, with what the sentence says of it, or plainly with something else. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date

from lightpoint.grounding import words
from lightpoint.grounding.authorship import authorship_of
from lightpoint.grounding.context import PAGE, Context, segment_names
from lightpoint.grounding.predicates import amount_key
from lightpoint.grounding.reading import Reading, Segment

_LEAST = 1.5  # what the other place must share with the sentence: more than one thing found nowhere else
_SHARE = 0.35  # of that, what the figure's own place may share at most
_FIRST_PERSON = frozenset({"i", "my", "me", "we", "our", "us"})
_OF_PAPERS = frozenset(
    {"send", "promise", "demand", "apologise", "uphold", "reject", "offer", "charge", "withdraw", "bill", "accept",
     "admit", "deny", "ask", "decide", "answer", "letter", "call", "discuss", "meet"}
)  # fmt: skip
_NOT_OF_PAPERS = frozenset({"file", "pay", "claim", "receive"})


def misplaced_sums(context: Context) -> Iterator[str]:
    """A sum of the evidence said of what the evidence gives another sum for."""
    keys = [amount_key(m.text) for m in context.sentence.amounts]
    if context.strict or len(keys) != 1 or len(context.segments) > PAGE:
        return
    pieces = [(s, r, _sums(s)) for r in context.readings for s in r.segments]
    here = [(s, r) for s, r, sums in pieces if keys[0] in sums]
    elsewhere = [(s, r) for s, r, sums in pieces if sums and keys[0] not in sums]
    if here and _is_elsewhere(context, here, elsewhere):
        yield f"the evidence gives {context.sentence.amounts[0].text} for something else"


def sums_of_other_doings(context: Context) -> Iterator[str]:
    """A sum of the evidence said to be offered, charged or paid, where the evidence does that with another sum only."""
    stated = {key for s in context.segments for key in _sums(s)}
    for claim in context.claims if not context.strict and len(context.segments) <= PAGE else ():
        if not claim.verb or len(claim.amounts) != 1 or not claim.amounts <= stated:
            continue
        meant = claim.concepts | words.related(claim.concepts)
        grounds = [g for g in context.grounds if g.concepts & meant and (claim.negative or not g.negative)]
        sums = [set(g.amounts) | set(_sums(g.segment)) for g in grounds]
        if grounds and all(sums) and not any(claim.amounts & held for held in sums):
            yield f"the evidence has another sum with what the sentence calls {claim.text!r}"


def misplaced_day(context: Context) -> Iterator[date]:
    """The one day of the sentence, where what is said of it stands beside another day only."""
    days = {m.date for m in context.sentence.dates}
    if (
        context.strict
        or len(days) != 1
        or not days <= set(context.dates)
        or len(context.segments) > PAGE
        or context.sentence.months
    ):
        return
    day = next(iter(days))
    pieces = [(s, r) for r in context.readings for s in r.segments]
    heads = {d for s, _ in pieces if s.header for d in s.own_dates}
    if day in heads and (_tells(context) or any(day in s.own_dates for s, _ in pieces if not s.header)):
        return
    here = [(s, r) for s, r in pieces if day in s.dates and not s.header]
    elsewhere = [(s, r) for s, r in pieces if s.own_dates and day not in s.own_dates and not s.header]
    if _is_elsewhere(context, here, elsewhere):
        yield day


def _tells(context: Context) -> bool:
    """Whether the sentence says something that its paper itself did: said, offered, decided on its own date."""
    return any(
        words.is_sayso(name) or name in _OF_PAPERS
        for claim in context.claims
        if claim.verb and not claim.concepts & _NOT_OF_PAPERS
        for name in claim.concepts
    )


def _sums(segment: Segment) -> list[str]:
    return [amount_key(token.text) for token in segment.tokens if token.kind == "amount"]


def _is_elsewhere(
    context: Context, here: Iterable[tuple[Segment, Reading]], elsewhere: Iterable[tuple[Segment, Reading]]
) -> bool:
    best_here = max((_shared(context, s, r) for s, r in here), default=0.0)
    best_elsewhere = max((_shared(context, s, r) for s, r in elsewhere), default=0.0)
    return best_elsewhere >= _LEAST and best_here < best_elsewhere * _SHARE


def _shared(context: Context, segment: Segment, reading: Reading) -> float:
    """How much of the sentence stands in a stretch; the first person there names whoever wrote it."""
    own = context.sentence.concepts()
    wanted = own | words.related(own) | {n for s in context.sentence.segments for n in segment_names(s)}
    score = context.overlap(wanted, segment)
    heads = {name for other in reading.segments if other.header for name in segment_names(other)}
    score += sum(context.weights.get(name, 0.0) for name in sorted((heads & wanted) - segment_names(segment)))
    author = authorship_of(reading.text).author
    if author is not None and any(token.low in _FIRST_PERSON for token in segment.tokens):
        score += 0.5 * len({"@" + word for word in author.words} & wanted)
    return score

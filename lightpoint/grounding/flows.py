"""Which way a sum of money goes: to HMRC (owed, demanded, a penalty) or from it (overpaid, refunded). Pure."""

from collections.abc import Iterator, Sequence

from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.predicates import Predicate, amount_key, predicates_of
from lightpoint.grounding.reading import Reading, Segment

_TO_HMRC = frozenset({"owe", "underpay", "penalty", "demand", "enforce", "debit"})
_FROM_HMRC = frozenset({"repay", "overpay", "credit", "compensation", "grant"})
_PAYING = frozenset({"pay", "send"})
_TO, _FROM = "to HMRC", "from HMRC"


def check_flows(context: Context) -> Iterator[str]:
    """A sum that the sentence has going one way only, where all the evidence has it going the other way."""
    for segment in context.sentence.segments:
        for key in _sums(segment):
            claimed = frozenset(_directions(context.sentence, segment, key))
            held = _held(context, key)
            if len(claimed) == 1 and len(held) == 1 and claimed != held:
                yield f"by the evidence that sum goes {next(iter(held))}, not {next(iter(claimed))}"


def _held(context: Context, key: str) -> frozenset[str]:
    found: set[str] = set()
    for reading in context.readings:
        short = len(reading.segments) <= PAGE
        headings = [segment for segment in reading.segments if segment.header] if short else []
        for segment in reading.segments:
            if key in _sums(segment):
                own = set(_directions(reading, segment, key))
                found |= own or {way for head in headings for way in _of_words(head)}
    return frozenset(found)


def _sums(segment: Segment) -> list[str]:
    return [amount_key(token.text) for token in segment.tokens if token.kind == "amount"]


def _directions(reading: Reading, segment: Segment, key: str) -> Iterator[str]:
    doings = [p for p in predicates_of(reading.text) if p.segment.start == segment.start]
    if any(p.negative and p.concepts & (_TO_HMRC | _FROM_HMRC | _PAYING) for p in doings):
        yield from (_TO, _FROM)
        return
    for doing in doings:
        yield from _of_doing(doing, key)
    if len(_sums(segment)) == 1:
        yield from (way for way in _of_words(segment) if not _is_owed_by_hmrc(doings))


def _of_words(segment: Segment) -> Iterator[str]:
    concepts = segment.concepts()
    if concepts & _FROM_HMRC:
        yield _FROM
    if concepts & _TO_HMRC:
        yield _TO


def _is_owed_by_hmrc(doings: Sequence[Predicate]) -> bool:
    return any("owe" in doing.concepts and doing.agent is not None and doing.agent.kind == "hmrc" for doing in doings)


def _of_doing(doing: Predicate, key: str) -> Iterator[str]:
    """The direction by who pays or owes; a doing with other sums of its own says nothing of this one."""
    if doing.amounts and key not in doing.amounts:
        return
    hmrc_acts = doing.agent is not None and doing.agent.kind == "hmrc"
    if doing.concepts & _PAYING and doing.verb and "receive" not in doing.concepts:
        if hmrc_acts and not any(p.kind == "hmrc" for p in doing.patients):
            yield _FROM
        elif any(p.kind == "hmrc" for p in doing.patients):
            yield _TO
    if "owe" in doing.concepts and hmrc_acts:
        yield _FROM

"""Percentages and fractions: in the evidence, or what two of its figures come to. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, permutations

from lightpoint.grounding.amounts import evidence_values
from lightpoint.grounding.arithmetic import fractions_in
from lightpoint.grounding.context import Context
from lightpoint.grounding.counts import numbers_in
from lightpoint.grounding.records import Reason

_PERCENT = re.compile(r"(?P<value>\d+(?:\.\d+)?)\s*(?:%|per\s+cent\b|percent(?:age\s+points?)?\b)", re.IGNORECASE)
_CLOSE = Decimal("0.0051")
_MANY = 14  # values; of more than that some two have any ratio


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many percentages and fractions the sentence states and what speaks against them."""
    claimed = [Decimal(value) for value in _PERCENT.findall(context.sentence.text)]
    possible = set(_possible(context))
    reasons = [
        Reason("percentage", f"{value}% is not in the evidence")
        for value in claimed
        if value not in possible and not _is_ratio(context, value / 100)
    ]
    fractions = fractions_in(context.sentence.text)
    reasons += [
        Reason("percentage", f"the evidence's sums are not in the ratio {text!r}")
        for text, ratio in fractions
        if not _is_borne_fraction(context, text, ratio, possible)
    ]
    return len(claimed) + len(fractions), reasons


def _possible(context: Context) -> Iterator[Decimal]:
    """The percentages of the evidence, what they leave, and by how much two differ."""
    stated = [Decimal(value) for value in _PERCENT.findall(context.text)]
    yield from stated
    if context.strict:
        return
    yield from (100 - value for value in stated if value < 100)
    yield from (abs(one - other) for one, other in combinations(stated, 2))
    yield from (one + other for one, other in combinations(stated, 2))
    yield from (round(ratio * 100, 2).normalize() for _, ratio in fractions_in(context.text))


def _is_borne_fraction(context: Context, text: str, ratio: Decimal, possible: set[Decimal]) -> bool:
    if text.lower() in context.text.lower() or any(other == ratio for _, other in fractions_in(context.text)):
        return True
    if any(abs(value / 100 - ratio) < _CLOSE for value in possible):
        return True
    followed = re.search(rf"{re.escape(text)}\s+(?:an?\s+)?(?:hour|day|year|dozen|month)", context.sentence.text)
    return bool(followed) or len(_values(context)) < 2 or _is_ratio(context, ratio)


def _values(context: Context) -> list[Decimal]:
    counts = [Decimal(n.value) for reading in context.readings for n in numbers_in(reading)]
    return [value for value in evidence_values(context) if value] + [value for value in counts if value]


def _is_ratio(context: Context, ratio: Decimal) -> bool:
    """Whether two sums, or two counts, have the ratio, or the change from one to the other does."""
    sums = [value for value in evidence_values(context) if value]
    counts = [Decimal(n.value) for reading in context.readings for n in numbers_in(reading) if n.value]
    pairs = [pair for group in (sums, counts) for pair in permutations(group[:_MANY], 2)]
    pairs += [(one, sum(sums, Decimal(0))) for one in sums if len(sums) <= 4]
    return any(abs(one / other - ratio) < _CLOSE or abs(1 - one / other - ratio) < _CLOSE for one, other in pairs)

"""Percentages: in the evidence, or the ratio of two of its sums. Pure."""

import re
from decimal import Decimal
from itertools import permutations

from lightpoint.grounding.amounts import evidence_values
from lightpoint.grounding.context import Context
from lightpoint.grounding.records import Reason

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per\s+cent\b|percent\b)", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?P<top>half|a|one|two|three)(?:[\s-](?P<bottom>thirds?|quarters?|fifths?))?\s+of\b", re.IGNORECASE
)
_TOPS = {"a": 1, "one": 1, "two": 2, "three": 3}
_BOTTOMS = {"third": 3, "quarter": 4, "fifth": 5}


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many percentages and fractions the sentence states and what speaks against them."""
    claimed = [Decimal(value) for value in _PERCENT.findall(context.sentence.text)]
    stated = [Decimal(value) for value in _PERCENT.findall(context.text)]
    reasons = [
        Reason("percentage", f"{value}% is not in the evidence")
        for value in claimed
        if value not in stated and not _is_ratio(context, value / 100)
    ]
    fractions = list(_fractions(context.sentence.text))
    known = context.text.lower()
    for text, ratio in fractions:
        if text.lower() not in known and len(evidence_values(context)) > 1 and not _is_ratio(context, ratio):
            reasons.append(Reason("percentage", f"the evidence's sums are not in the ratio {text!r}"))
    return len(claimed) + len(fractions), reasons


def _fractions(text: str) -> list[tuple[str, Decimal]]:
    found = []
    for match in _FRACTION.finditer(text):
        bottom = (match["bottom"] or "").lower().rstrip("s")
        if match["top"].lower() != "half" and bottom:
            found.append((match[0].removesuffix(" of"), Decimal(_TOPS[match["top"].lower()]) / _BOTTOMS[bottom]))
    return found


def _is_ratio(context: Context, ratio: Decimal) -> bool:
    values = [value for value in evidence_values(context) if value]
    return any(abs(one / other - ratio) < Decimal("0.005") for one, other in permutations(values[:14], 2))

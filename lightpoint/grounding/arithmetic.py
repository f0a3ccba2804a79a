"""What follows from the figures of the evidence by one or two operations: sums, differences, shares, products. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from lightpoint.grounding.context import Context
from lightpoint.grounding.counts import months_spanned, numbers_in
from lightpoint.grounding.timesheets import time_record

_PENNY = Decimal("0.01")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per\s+cent\b|percent\b)", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:(?P<top>an?|one|two|three|four|five|seven|nine)[\s-])?(?P<bottom>half|halves|thirds?|quarters?|fifths?|sixths?|"
    r"eighths?|tenths?)\b(?!\s+(?:tier|review|reply|letter|stage|of\s+(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December)))",
    re.IGNORECASE,
)
_TOPS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
_BOTTOMS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_MANY = 8  # more sums than that have some two that add up to anything


def fractions_in(text: str) -> list[tuple[str, Decimal]]:
    """Fractions in words with their value; an ordinal ("the third letter") is none."""
    found = []
    for match in _FRACTION.finditer(text):
        top, bottom = (match["top"] or "").lower(), match["bottom"].lower().removesuffix("s")
        singular = bottom in ("third", "fifth", "sixth", "eighth", "tenth") and match["bottom"].lower() == bottom
        if not top and bottom not in ("half", "halve"):
            continue
        if singular and top not in ("a", "an", "one"):
            continue
        found.append((match[0], Decimal(_TOPS.get(top, 1)) / _BOTTOMS[bottom]))
    return found


def totals(values: Sequence[Decimal]) -> Iterator[Decimal]:
    """The sums of any two or more; a total among them is not added to its own parts."""
    parts = without_totals(values)
    for size in range(2, len(parts) + 1):
        yield from (sum(group, Decimal(0)) for group in combinations(parts, size))


def differences(values: Sequence[Decimal]) -> Iterator[Decimal]:
    """One less another, and one less two others."""
    yield from (abs(one - other) for one, other in combinations(values, 2))
    yield from (abs(a - b - c) for a in values for b, c in combinations(values, 2) if a not in (b, c))


def without_totals(values: Sequence[Decimal]) -> list[Decimal]:
    """The sums that are not already the total of two or three others."""
    held = {sum(group, Decimal(0)) for size in (2, 3) for group in combinations(values, size)}
    return [value for value in values if value not in held]


def shares(context: Context, values: Sequence[Decimal]) -> Iterator[Decimal]:
    """A fraction that the sentence names, a percentage that the evidence has, and what either leaves."""
    ratios = [ratio for _, ratio in fractions_in(context.sentence.text)]
    ratios += [Decimal(p) / 100 for reading in context.readings for p in _PERCENT.findall(reading.text)]
    for ratio in ratios:
        for value in values:
            yield (value * ratio).quantize(_PENNY)
            if ratio < 1:
                yield (value * (1 - ratio)).quantize(_PENNY)


def products(context: Context, values: Sequence[Decimal]) -> Iterator[Decimal]:
    """A sum for each of as many as the evidence counts, or as there are months in a span that it names."""
    for factor in factors_in(context):
        yield from (value * factor for value in values)


def factors_in(context: Context) -> list[int]:
    """How many times a sum may count: the numbers of things, lengths of time and months of a span in the evidence."""
    factors = {number.value for reading in context.readings for number in numbers_in(reading)}
    factors |= {int(d.value) for reading in context.readings for d in reading.durations if d.value == int(d.value)}
    factors |= set(months_spanned(context.text))
    return sorted(n for n in factors if 2 <= n <= 60)


def repeated(context: Context) -> Iterator[Decimal]:
    """A sum as often as the evidence has it: two debits of one amount come to twice that amount."""
    for reading in context.readings:
        values = [abs(m.value) for m in reading.amounts]
        yield from (value * values.count(value) for value in dict.fromkeys(values) if values.count(value) > 1)
        yield from (value * 2 for value in dict.fromkeys(values) if values.count(value) > 2)


def worth_of_time(context: Context) -> Iterator[Decimal]:
    """What the hours of a time record come to."""
    words = frozenset(re.findall(r"[a-z][a-z\-]+", context.sentence.text.lower()))
    for reading in context.readings:
        yield from time_record(reading.text).worth(words)


_LESS = re.compile(r"\b(?:less|net|minus|(?:from|out of|of) which|after|goes on|before)\b", re.IGNORECASE)
_NET = 4  # sums; of more the differences times anything come to everything


def _net_of_several(context: Context, values: Sequence[Decimal]) -> Iterator[Decimal]:
    """What is left of each of several: "two days at £310, less £85 each"."""
    both = f"{context.sentence.text} {context.text}"
    for factor in factors_in(context) if len(values) <= _NET and _LESS.search(both) else ():
        yield from (abs(one - other) * factor for one, other in combinations(values, 2))


_FOR_EVERY = re.compile(r"\bfor (?:every|each) £(\d+(?:\.\d+)?)\b[^.;]*?£(\d+(?:\.\d+)?)")


def _matched(context: Context, values: Sequence[Decimal]) -> Iterator[Decimal]:
    """The two parts of a sum to which one adds so much for every so much of the other's."""
    for match in _FOR_EVERY.finditer(context.text):
        own, added = Decimal(match[1]), Decimal(match[2])
        for value in values:
            yield from ((value * part / (own + added)).quantize(_PENNY) for part in (own, added))
            yield (value * added / own).quantize(_PENNY)


def sums_that_follow(context: Context, stated: Sequence[Decimal]) -> Iterator[Decimal]:
    """Every sum of money that the evidence's figures give by an operation or two."""
    few = list(stated) if len(stated) <= _MANY else []
    yield from totals(few)
    yield from repeated(context)
    yield from (p * n + rest for n in factors_in(context) for p in few for rest in few if rest != p)
    yield from differences(few)
    yield from _net_of_several(context, few)
    yield from _matched(context, few)
    yield from shares(context, few)
    yield from products(context, few)
    yield from worth_of_time(context)

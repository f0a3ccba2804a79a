"""Sums of money: equal to one in the evidence, or computed from those there in a way that the words name. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from lightpoint.grounding.alignment import misplaced_sums, sums_of_other_doings
from lightpoint.grounding.arithmetic import differences, sums_that_follow, without_totals
from lightpoint.grounding.context import Context
from lightpoint.grounding.counts import numbers_in
from lightpoint.grounding.predicates import amount_key
from lightpoint.grounding.reading import Segment
from lightpoint.grounding.records import Reason
from lightpoint.language.durations import DurationMention
from lightpoint.language.money import MoneyMention, format_money

_PENNY = Decimal("0.01")
_SUM_CUE = re.compile(
    r"\b(?:total\w*|together|in all|altogether|including|inclusive|plus|with vat|sum|aggregate|"
    r"combined|add(?:s|ed)? up|come[s]? to|came to|gross|both|balance before|originally|previously|"
    r"before the)\b",
    re.IGNORECASE,
)
_DIFFERENCE_CUE = re.compile(
    r"\b(?:balance|difference|less than|more than|rest|remain\w*|exceed\w*|excess|short\w*|reduc\w*|"
    r"net|left|outstanding|over(?:stat|charg|paid)\w*|"
    r"bore|bear|share|instead of|rather than|too (?:much|high|low|little)|higher|lower|fell|rose|difference)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\s*(?:an?|per|each|every|/)\s*(?P<unit>hour|day|week|month|year|quarter)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:more than|over|exceed\w*|in excess of|at least|upwards of|above|not less than)\s+$", re.IGNORECASE
)
_LESS = re.compile(r"\b(?:less than|under|below|up to|at most|no more than|not more than|within)\s+$", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|around|some|roughly|approximately|approx\.?|nearly|almost|just (?:over|under)|close to)\s+$",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:rais|increas|reduc|cut|lower|improv|rose|fell|grew|went (?:up|down)|topped)\w*\b[^.;]*\bby\s+$",
    re.IGNORECASE,
)
_EXCESS = re.compile(
    r"\b(?:over|under)(?:stat|charg|pa[iy]|assess|estimat|valu)\w*\b[^.;]*\bby\s+$|"
    r"\b(?:exceed|inflat|out)\w*\b[^.;]*\bby\s+$|\b(?:too (?:high|low|much|little)|short) by\s+$",
    re.IGNORECASE,
)
_OVER = re.compile(r"\b(?:by|excess|too much|over\w+|under\w+|difference|short\w*)\b", re.IGNORECASE)
_HALF = re.compile(r"\bhal(?:f|ves)\b", re.IGNORECASE)
_FEW = 8  # more sums than that have some two that add up to anything
_VAT = Decimal("0.20")  # the standard rate since 4 January 2011


@dataclass(frozen=True, slots=True)
class Rate:
    """A sum for each unit of time."""

    value: Decimal
    unit: str


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many sums the sentence states and what speaks against them."""
    reasons = []
    for mention in context.sentence.amounts:
        detail = _objection(context, mention)
        if detail:
            reasons.append(Reason("amount", detail))
    if not reasons:
        reasons = [Reason("amount", detail) for detail in (*misplaced_sums(context), *sums_of_other_doings(context))]
    return len(context.sentence.amounts), reasons


def evidence_values(context: Context) -> list[Decimal]:
    """The sums in the evidence, without repeats, in order."""
    return list(dict.fromkeys(abs(m.value) for reading in context.readings for m in reading.amounts))


def _objection(context: Context, mention: MoneyMention) -> str:
    value, stated = abs(mention.value), evidence_values(context)
    before = context.sentence.text[max(0, mention.start - 24) : mention.start]
    if any(_close(value, other) for other in stated):
        return _step_objection(context, mention, stated) or _rate_objection(context, mention)
    if not context.strict and _is_another_rate(context, mention):
        return f"{format_money(value)} is not the rate that the evidence gives"
    if _MORE.search(before) and any(value < other <= value * 2 for other in stated):
        return ""
    if _LESS.search(before) and any(value / 2 <= other < value for other in stated):
        return ""
    if (_ABOUT.search(before) or mention.approximate) and any(abs(value - o) <= value / 20 for o in stated):
        return ""
    if any(_close(value, computed) for computed in _computed(context, stated)):
        return ""
    if not context.strict and any(_close(value, computed) for computed in sums_that_follow(context, stated)):
        return ""
    return f"{format_money(value)} is not in the evidence and does not follow from its figures"


def _step_objection(context: Context, mention: MoneyMention, stated: Sequence[Decimal]) -> str:
    """ "raised by £150" gives the step, "raised to £150" what it came to; the one is not the other."""
    value, before = abs(mention.value), context.sentence.text[: mention.start]
    if not context.strict and _EXCESS.search(before) and len(stated) > 1:
        differs = any(_close(value, step) for step in differences(stated))
        told = any(
            _OVER.search(r.text[s.start : s.end]) for r in context.readings for s in r.segments if _has(s, value)
        )
        return "" if differs or told else f"no two sums of the evidence are {format_money(value)} apart"
    if not _STEP.search(before) or any(_close(value, step) for step in differences(stated)):
        return ""
    held = [r.text[: m.start] for r in context.readings for m in r.amounts if _close(abs(m.value), value)]
    if any(re.search(r"\bby\s+$", words) for words in held) or not any(re.search(r"\bto\s+$", w) for w in held):
        return ""
    return f"{format_money(value)} is what the evidence's sum was changed to, not by how much"


def _has(segment: Segment, value: Decimal) -> bool:
    return any(t.kind == "amount" and amount_key(t.text) == str(value.normalize()) for t in segment.tokens)


def _close(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) < _PENNY


def rates_in(text: str, amounts: Sequence[MoneyMention]) -> list[Rate]:
    """Sums that are said to be for each hour, day and so on."""
    found = []
    for mention in amounts:
        match = _RATE.match(text, mention.end)
        if match:
            found.append(Rate(abs(mention.value), match["unit"].lower()))
    return found


def quantities(durations: Sequence[DurationMention], unit: str) -> list[Decimal]:
    """Lengths of time in a unit of a rate; hours may be written in minutes."""
    found = [Decimal(d.value) for d in durations if d.unit == unit or (unit == "day" and d.unit == "working_day")]
    if unit == "hour":
        found += [Decimal(d.value) / 60 for d in durations if d.unit == "minute"]
        if len(found) > 1:
            found.append(sum(found, Decimal(0)))
    return found


def _is_another_rate(context: Context, mention: MoneyMention) -> bool:
    """Whether the evidence gives a sum for that unit of time, which is not reckoned from other figures."""
    claimed = rates_in(context.sentence.text, [mention])
    stated = [rate for reading in context.readings for rate in rates_in(reading.text, reading.amounts)]
    return any(c.unit == s.unit for c in claimed for s in stated) and not _MORE.search(
        context.sentence.text[: mention.start]
    )


def _rate_objection(context: Context, mention: MoneyMention) -> str:
    """A rate for one unit is not the sum for two of them, nor for half of one."""
    text, value = context.sentence.text, abs(mention.value)
    others = [abs(m.value) for m in context.sentence.amounts]
    worked_out = [(value * q).quantize(_PENNY) for unit in ("hour", "day", "week", "month")
                  for q in quantities(context.sentence.durations, unit)]  # fmt: skip
    if any(_close(product, other) for product in worked_out for other in others if other != value):
        return ""
    if _RATE.match(text, mention.end) or re.search(r"\bat\s+(?:a rate of\s+)?$", text[: mention.start]):
        return ""
    plain = [v for v in evidence_values_without_rates(context) if _close(v, value)]
    for reading in context.readings:
        for rate in rates_in(reading.text, reading.amounts):
            claimed = quantities(context.sentence.durations, rate.unit)
            if _close(rate.value, value) and claimed and Decimal(1) not in claimed and not plain:
                return f"{format_money(value)} is the sum for each {rate.unit}, not for what the sentence says"
    return ""


def evidence_values_without_rates(context: Context) -> list[Decimal]:
    """The sums in the evidence that are not said to be for each unit of time."""
    return [
        abs(m.value) for reading in context.readings for m in reading.amounts if not _RATE.match(reading.text, m.end)
    ]


def _computed(context: Context, stated: Sequence[Decimal]) -> Iterator[Decimal]:
    sentence, everything = context.sentence.text, context.sentence.text + "\n" + context.text
    own = [abs(m.value) for m in context.sentence.amounts]
    few = list(stated) if len(stated) <= _FEW else [value for value in stated if value in own]
    yield from _from_rates(context)
    if _HALF.search(sentence):
        yield from (value / 2 for value in few)
    if re.search(r"\bVAT\b|\bgross\b|\binclusive\b", everything):
        yield from (value * factor for value in few for factor in (_VAT, 1 + _VAT))
        yield from ((value / (1 + _VAT)).quantize(_PENNY) for value in few)
        yield from ((value * _VAT / (1 + _VAT)).quantize(_PENNY) for value in few)
    if _SUM_CUE.search(everything):
        parts = without_totals(few)
        yield from (sum(group, Decimal(0)) for size in (2, 3) for group in combinations(parts, size))
        yield sum(parts, Decimal(0))
    if _DIFFERENCE_CUE.search(everything):
        yield from (abs(one - other) for one, other in combinations(few, 2))
        yield from (abs(a - b - c) for a in few for b, c in combinations(few, 2))
    yield from _multiples(context, few)


def _from_rates(context: Context) -> Iterator[Decimal]:
    for reading in context.readings:
        for rate in rates_in(reading.text, reading.amounts):
            claimed = quantities(context.sentence.durations, rate.unit)
            known = [q for other in context.readings for q in quantities(other.durations, rate.unit)]
            for quantity in claimed or known:
                yield (rate.value * quantity).quantize(_PENNY)


def _multiples(context: Context, stated: Sequence[Decimal]) -> Iterator[Decimal]:
    """A sum times a small number that the sentence or the evidence names: "charged twice", "three payments of"."""
    named = {number.value for reading in (context.sentence, *context.readings) for number in numbers_in(reading)}
    for factor in sorted(n for n in named if 2 <= n <= 12):
        yield from (value * factor for value in stated)
    for match in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:%|per cent)", context.text):
        yield from ((value * Decimal(match[1]) / 100).quantize(_PENNY) for value in stated)

"""Numbers of things: "three letters", "two of the five points", "nine times". Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from lightpoint.grounding.context import Context
from lightpoint.grounding.reading import Reading, Token
from lightpoint.grounding.records import Reason
from lightpoint.language.numbers import parse_number_words
from lightpoint.language.tax_years import find_tax_years

_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_SKIP = frozenset({"one", "hundred", "thousand", "million"})
_FRACTIONS = frozenset(
    {
        "third",
        "thirds",
        "quarter",
        "quarters",
        "fifth",
        "fifths",
        "sixth",
        "sixths",
        "eighth",
        "eighths",
        "tenth",
        "tenths",
    }
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SPAN = re.compile(rf"\b(?P<first>{'|'.join(_MONTHS)})(?:\s+\d{{4}})?\s+(?:to|until|and|through)\s+"
                   rf"(?P<last>{'|'.join(_MONTHS)})\b", re.IGNORECASE)  # fmt: skip
_LIST = re.compile(r"(?:[^,.;:\n]{2,60},\s+)*[^,.;:\n]{2,60}?,?\s+and\s+(?=\w)")
_PART = re.compile(r"\b[A-Za-z]+\s+(?:out\s+)?of\s+(?:the|your|our|his|her|their|its)\s+(?P<whole>[a-z]+|\d+)\b")
_IN_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_IN_MINUTES = {"minute": 1, "hour": 60}
_MOST_LISTED = 12  # things that a reader counts without being told how many


@dataclass(frozen=True, slots=True)
class Number:
    """A number that counts something; `nouns` are the concepts of the words that follow it."""

    value: int
    nouns: frozenset[str]
    text: str
    start: int


@lru_cache(maxsize=512)
def _numbers(reading: Reading) -> tuple[Number, ...]:
    found = []
    tokens = reading.tokens
    years = find_tax_years(reading.text)
    for index, token in enumerate(tokens):
        value = _value(token)
        inside_year = any(y.start <= token.start < y.end for y in years)
        fraction = index + 1 < len(tokens) and tokens[index + 1].low in _FRACTIONS
        if value is not None and not inside_year and not fraction:
            found.append(Number(value, _counted(tokens[index + 1 : index + 5], token), token.text, token.start))
    return tuple(found)


def numbers_in(reading: Reading) -> tuple[Number, ...]:
    """Return the numbers of things in a text, in words or figures; figures within codes are left out."""
    return _numbers(reading)


def _value(token: Token) -> int | None:
    if token.low in _TIMES:
        return _TIMES[token.low]
    if token.kind == "figure" and re.fullmatch(r"\d{1,3}", token.text):
        return int(token.text)
    if token.kind == "word" and token.low not in _SKIP and not token.low.endswith(("th", "nd", "rd")):
        return parse_number_words(token.low)
    return None


def _counted(following: tuple[Token, ...], token: Token) -> frozenset[str]:
    if token.low in _TIMES:
        return frozenset({"~times"})
    for other in following:
        if other.low in ("times", "occasions"):
            return frozenset({"~times"})
        if other.kind in {"mark", "amount"}:
            break
        if other.kind == "word" and other.concepts and not other.low.endswith("ing") and other.low != "of":
            return other.concepts
    return frozenset()


def check(context: Context) -> tuple[int, list[Reason]]:
    """Each number of the sentence must be counted in the evidence, of the same things where both name them."""
    claimed = [n for n in numbers_in(context.sentence) if n.value != 1]
    stated = [number for reading in context.readings for number in numbers_in(reading)]
    reasons = []
    for number in claimed:
        if not _is_borne_out(context, number, stated):
            reasons.append(Reason("count", f"the evidence does not give the number {number.text!r}"))
    return len(claimed), reasons


def _is_borne_out(context: Context, number: Number, stated: list[Number]) -> bool:
    same_value = [n for n in stated if n.value == number.value]
    same_noun = [n for n in stated if n.nouns & number.nouns]
    if any(n in same_noun or not n.nouns or not number.nouns for n in same_value):
        return True
    if same_value and not same_noun:
        return True
    if "~times" in number.nouns and _done(context) == number.value:
        return True
    if "~times" in number.nouns and _MULTIPLE.match(context.sentence.text, number.start):
        return number.value in _ratios(context)
    if not same_noun and _listed(context, number) == number.value:
        return True
    if _is_other_part(context, number):
        return False
    return not context.strict and number.value in _countable(context, stated, alone=not same_noun)


_MULTIPLE = re.compile(
    r"(?:\w+\s+times|twice)\s+(?:what|the|that|its|his|her|their|our|hmrc|as (?:much|long|large|high|great))\b",
    re.IGNORECASE,
)


def _ratios(context: Context) -> frozenset[int]:
    """How many times larger one sum or length of time of the evidence or the sentence is than another."""
    readings = (context.sentence, *context.readings)
    sums = {abs(m.value) for reading in readings for m in reading.amounts}
    lengths = {d.value * _IN_DAYS[d.unit] for r in readings for d in r.durations if d.unit in _IN_DAYS}
    worked = {d.value * _IN_MINUTES[d.unit] for r in readings for d in r.durations if d.unit in _IN_MINUTES}
    dates = context.dates if lengths else ()
    lengths |= {Decimal((end - start).days) for i, start in enumerate(dates) for end in dates[i + 1 :]}
    return frozenset(
        int(one / other)
        for held in (sums, lengths, worked)
        for one in held
        for other in held
        if other and one % other == 0
    )


def _is_other_part(context: Context, number: Number) -> bool:
    """Whether the evidence gives another part of the same whole: "two of your five points" for "three of the five"."""
    part = _PART.match(context.sentence.text, number.start)
    wholes = {m["whole"].lower(): m for reading in context.readings for m in _PART.finditer(reading.text)}
    return part is not None and part["whole"].lower() in wholes


def _countable(context: Context, stated: list[Number], *, alone: bool) -> frozenset[int]:
    """What a reader can count: two numbers taken together or from each other, months of a span, items of a list.

    `alone` says that the evidence gives no number of the same thing, which would come before any counting.
    """
    values = sorted({n.value for n in stated})
    found = {abs(one - other) for one, other in combinations(values, 2)}
    found |= {one + other for one, other in combinations(values, 2)}
    if alone:
        found |= set(months_spanned(context.text))
        found |= {int(d.value) for reading in context.readings for d in reading.durations}
        listed = [
            len(context.dates),
            len({m.value for r in context.readings for m in r.amounts}),
            *_lists(context.text),
        ]
        listed += [len({day for s in context.segments for day in s.own_dates}), len(context.evidence)]
        found |= {number for number in listed if number <= _MOST_LISTED}
    return frozenset(found)


def months_spanned(text: str) -> list[int]:
    """How many months a span has with both ends counted: seven from February to August."""
    return [
        (_MONTHS.index(m["last"].lower()) - _MONTHS.index(m["first"].lower())) % 12 + 1 for m in _SPAN.finditer(text)
    ]


def _lists(text: str) -> list[int]:
    """How many items each list of the text has: "delays, mistakes and poor advice" has three."""
    return [match[0].count(",") + 2 for match in _LIST.finditer(text)]


def _done(context: Context) -> int:
    """How often the evidence has what the sentence says was done so many times."""
    doings = {name for claim in context.claims if claim.verb for name in claim.concepts}
    return len([ground for ground in context.grounds if ground.verb and ground.concepts & doings and not ground.modal])


def _listed(context: Context, number: Number) -> int:
    """How many dated stretches of the evidence name the thing counted."""
    related = number.nouns | ({"say", "send"} if "letter" in number.nouns else set())
    return len({day for segment in context.segments if segment.concepts() & related for day in segment.own_dates})

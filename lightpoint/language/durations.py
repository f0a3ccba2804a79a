"""Lengths of time in text: "10 working days", "six weeks", "more than nine months". Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lightpoint.language.numbers import NUMBER_WORDS, parse_number_words

DurationUnit = Literal["minute", "hour", "day", "working_day", "week", "month", "year"]

_UNITS: dict[str, DurationUnit] = {
    "day": "day", "week": "week", "wk": "week", "month": "month", "mth": "month", "year": "year", "yr": "year",
    "hour": "hour", "hr": "hour", "minute": "minute", "min": "minute", "fortnight": "week",
}  # fmt: skip
_QUALIFIER = (
    r"(?P<qualifier>more than|not less than|no less than|not more than|no more than|no later than|no longer than|"
    r"fewer than|less than|longer than|at least|at most|up to|as much as|well over|just over|just under|over|under|"
    r"within|nearly|almost|about|around|roughly|approximately|approx\.?|some|exactly|a full|another|a further|a|an)"
)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{NUMBER_WORDS})"
_DURATION = re.compile(
    rf"(?<![\w.,£/])(?:{_QUALIFIER}\s+)?"
    rf"(?:(?P<low>{_NUMBER})\s*(?:to|or|and|-|–)\s*)?"
    rf"(?P<number>{_NUMBER}|(?<=\ba )|(?<=\ban ))(?P<half>\s+and\s+a\s+half)?(?:\s*\(\s*(?:{_NUMBER})\s*\))?"
    rf"[\s\-]*(?P<kind>working|business|calendar|clear|whole|full|complete|consecutive)?[\s\-]*"
    rf"(?P<unit>fortnight|days?|weeks?|wks?|months?|mths?|years?|yrs?|hours?|hrs?|minutes?|mins?)(?![\w]|\s+(?:end(?:ed|ing)|old)\b)",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf\s+(?:an?\s+)(?P<unit>hour|day|year)\b", re.IGNORECASE)
_A_HALVES: dict[str, tuple[Decimal, DurationUnit]] = {
    "hour": (Decimal(30), "minute"),
    "day": (Decimal("0.5"), "day"),
    "year": (Decimal(6), "month"),
}


@dataclass(frozen=True, slots=True)
class DurationMention:
    """A length of time where it stands; `qualifier` is the word before it that bends it ("more than"), or ""."""

    value: int | Decimal
    unit: DurationUnit
    start: int
    end: int
    text: str
    qualifier: str = ""


def find_durations(text: str) -> list[DurationMention]:
    """Return lengths of time in order; "5 to 10 working days" gives both ends, with the same unit."""
    found = []
    for match in _HALF.finditer(text):
        value, unit = _A_HALVES[match["unit"].lower()]
        found.append(DurationMention(_plain(value), unit, match.start(), match.end(), match[0]))
    halves = tuple(found)
    for match in _DURATION.finditer(text):
        if not any(match.start() < half.end and half.start < match.end() for half in halves):
            found.extend(_read(match))
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _read(match: re.Match[str]) -> list[DurationMention]:
    unit = _unit(match)
    qualifier = " ".join((match["qualifier"] or "").lower().split()).rstrip(".")
    value = _value(match["number"] or "1") + (Decimal("0.5") if match["half"] else 0)
    if match["unit"].lower() == "fortnight":
        value *= 2
    if unit == "year" and 1900 <= value < 2100:
        return []
    start = match.start("low") if match["low"] else match.start("number") if match["number"] else match.start()
    last = DurationMention(
        _plain(value), unit, start, match.end(), match.string[start : match.end()],
        "" if qualifier in ("a", "an") else qualifier,
    )  # fmt: skip
    if not match["low"]:
        return [last]
    first = DurationMention(_plain(_value(match["low"])), unit, last.start, last.end, last.text, last.qualifier)
    return [first, last]


def _unit(match: re.Match[str]) -> DurationUnit:
    unit = _UNITS[match["unit"].lower().rstrip("s")]
    working = (match["kind"] or "").lower() in ("working", "business")
    return "working_day" if working and unit == "day" else unit


def _value(number: str) -> Decimal:
    digits = number.replace(",", "")
    if re.fullmatch(r"[\d.]+", digits):
        return Decimal(digits)
    return Decimal(parse_number_words(number) or 0)


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value

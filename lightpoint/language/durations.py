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
    r"within|nearly|almost|about|around|roughly|approximately|approx\.?|some|exactly|a full|a further)"
)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?½?|½|{NUMBER_WORDS})"
_LOW = (
    rf"(?:(?P<low>{_NUMBER})\s+(?:to|or)\s+|(?P<low_dash>\d{{1,3}})\s*[-–]\s*|"
    rf"(?<=between\s)(?P<low_and>{_NUMBER})\s+and\s+)?"
)
_UNIT = (
    r"(?P<unit>fortnight|days?|weeks?|wks?|months?|mths?|years?|yrs?|hours?|hrs?|minutes?|mins?)"
    r"(?!\w|\s+(?:end(?:ed|ing)|old)\b)"
)
_DURATION = re.compile(
    rf"(?<![\w.,£/])(?:{_QUALIFIER}\s+)?{_LOW}"
    rf"(?P<number>{_NUMBER}|(?<![\d.,k] )(?:an?|another)(?=\s))(?P<half>\s+and\s+a\s+half)?"
    rf"(?:\s*\(\s*(?:{_NUMBER})\s*\))?"
    rf"[\s\-]*(?P<kind>working|business|calendar|clear|whole|full|complete|consecutive)?[\s\-]*{_UNIT}"
    r"(?P<half_after>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
_ONE = ("a", "an", "another")
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


def parse_minutes(cell: str) -> int | None:
    """Return the minutes that a cell of a time sheet gives: "80", "1:20", "1h 20m", "1.5 hrs", "80 mins"; else None."""
    words = " ".join(cell.lower().split())
    clock = re.fullmatch(
        r"(?:(\d{1,2}) ?(?:h|hrs?|hours?) ?(?:and )?|(\d{1,2}):)(\d{1,2}) ?(?:m|mins?|minutes?)?", words
    )
    if clock:
        return int(clock[1] or clock[2]) * 60 + int(clock[3])
    plain = re.fullmatch(r"(\d+(?:\.\d+)?) ?(h|hrs?|hours?|m|mins?|minutes?)?\.?", words)
    if not plain:
        return None
    minutes = Decimal(plain[1]) * (60 if (plain[2] or "m").startswith("h") else 1)
    return int(minutes) if minutes == int(minutes) else None


def _read(match: re.Match[str]) -> list[DurationMention]:
    unit = _unit(match)
    qualifier = " ".join((match["qualifier"] or "").lower().split()).rstrip(".")
    times = 2 if match["unit"].lower() == "fortnight" else 1
    value = _value(match["number"]) + (Decimal("0.5") if match["half"] or match["half_after"] else 0)
    if unit == "year" and 1900 <= value < 2100:
        return []
    lowest = next((name for name in ("low", "low_dash", "low_and") if match[name]), None)
    values = [_value(match[lowest])] if lowest and _value(match[lowest]) < value else []
    start = match.start(lowest) if lowest and values else match.start("number")
    words = match.string[start : match.end()]
    return [
        DurationMention(_plain(times * one), unit, start, match.end(), words, qualifier) for one in [*values, value]
    ]


def _unit(match: re.Match[str]) -> DurationUnit:
    unit = _UNITS[match["unit"].lower().rstrip("s")]
    working = (match["kind"] or "").lower() in ("working", "business")
    return "working_day" if working and unit == "day" else unit


def _value(number: str) -> Decimal:
    digits = number.replace(",", "").replace("½", ".5")
    if re.fullmatch(r"[\d.]+", digits):
        return Decimal(digits)
    return Decimal(1 if number.lower() in _ONE else parse_number_words(number) or 0)


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value

"""Lengths of time that clocks and time limits give: "09:02 to 09:47", "four days inside the limit". Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal

from lightpoint.grounding.context import Context
from lightpoint.language.durations import DurationMention

_TIME = r"(?<![\d.£])(?P<{0}h>[01]?\d|2[0-3])[.:](?P<{0}m>[0-5]\d)\s*(?P<{0}half>[ap]\.?m\b\.?)?"
_SPAN = re.compile(
    rf"{_TIME.format('a')}\s*(?:to|until|till|-|–|—|and ended at)\s*{_TIME.format('b')}(?![\d%])", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\b(?:calls|in all|in total|total\w*|together|altogether|combined|both|all (?:the|three|four|five))\b",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"\s*(?:to spare|in hand|early|ahead|to go|left|(?:inside|within|short of|before|ahead of|under)\s+"
    r"(?:the|that|its|his|her|their|a)\s+(?:[\w-]+\s+){0,2}(?:limit|deadline|period|time|last day|due date|cut-off))\b",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"\s*(?:late|overdue|out of time|too late|(?:outside|past|beyond|after|over)\s+"
    r"(?:the|that|its|his|her|their|a)\s+(?:[\w-]+\s+){0,2}(?:limit|deadline|period|time|last day|due date|cut-off))\b",
    re.IGNORECASE,
)


def _minutes(match: re.Match[str], end: str) -> int:
    hour, half = int(match[f"{end}h"]), (match[f"{end}half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour * 60 + int(match[f"{end}m"])


def clock_spans(context: Context) -> Iterator[Decimal]:
    """The minutes of each stretch that the evidence gives by the clock, and of all, where the sentence adds up."""
    for reading in context.readings:
        found = [_minutes(m, "b") - _minutes(m, "a") for m in _SPAN.finditer(reading.text)]
        lengths = [Decimal(length if length > 0 else length + 720) for length in found]
        yield from lengths
        if len(lengths) > 1 and _SEVERAL.search(context.sentence.text):
            yield sum(lengths, Decimal(0))


def side_of_limit(context: Context, mention: DurationMention) -> str:
    """ "early" or "late" where the sentence measures from a time limit, else ""."""
    after = context.sentence.text[mention.end :]
    if _EARLY.match(after):
        return "early"
    return "late" if _LATE.match(after) else ""

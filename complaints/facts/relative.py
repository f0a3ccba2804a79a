"""Days named by their distance from the day of writing: "yesterday", "last Friday", "this morning"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lightpoint.language.dates import DateMention, find_dates

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS = re.compile(
    r"\b(?P<near>the day before yesterday|yesterday|today|this (?:morning|afternoon|evening)(?!['’]s)|last night)\b"
    rf"|\b(?P<lead>last|this past|on)\s+(?P<day>{'|'.join(_DAYS)})\b(?!\s+(?:the\s+)?\d)(?!\s+(?:week|next))",
    re.I,
)


def dated_mentions(text: str, reference: date | None) -> list[DateMention]:
    """The dates of a text, those that are relative to `reference` among them, in order of place."""
    found = find_dates(text, reference=reference)
    if reference is None:
        return found
    taken = [(d.start, d.end) for d in found]
    extra = [d for d in _relative(text, reference) if not any(d.start < end and start < d.end for start, end in taken)]
    return sorted([*found, *extra], key=lambda d: d.start)


def _relative(text: str, reference: date) -> Iterator[DateMention]:
    for match in _WORDS.finditer(text):
        yield DateMention(_day(match, reference), match.start(), match.end(), match.group(0), False)


def _day(match: re.Match[str], reference: date) -> date:
    near = (match["near"] or "").lower()
    if near == "the day before yesterday":
        return reference - timedelta(days=2)
    if near in {"yesterday", "last night"}:
        return reference - timedelta(days=1)
    if near:
        return reference
    back = (reference.weekday() - _DAYS.index(match["day"].lower())) % 7
    return reference - timedelta(days=back or 7)

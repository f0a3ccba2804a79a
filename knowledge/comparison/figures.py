"""The figures of a sentence in a form that can be compared: "two weeks" and "14 days" are one. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from lightpoint.language.dates import find_months, find_partial_dates
from lightpoint.language.durations import find_durations
from lightpoint.language.money import find_amounts

FigureKind = Literal["money", "period", "percentage", "date", "section"]
_PERCENTAGE: Final = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_SECTION: Final = re.compile(r"\b([A-Z]{2,6}) ?(\d{3,6}[A-Z]?)\b")
_IN_UNITS: Final[dict[str, tuple[int, str]]] = {"week": (7, "day"), "year": (12, "month"), "hour": (60, "minute")}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure where it stands: `text == source[start:end]`; `value` is equal where two figures mean the same."""

    kind: FigureKind
    value: str
    text: str
    start: int
    end: int


def figures_of(text: str) -> tuple[Figure, ...]:
    """The sums, periods, percentages, days and section identifiers of `text`, in order."""
    return tuple(sorted(_found(text), key=lambda figure: (figure.start, figure.end)))


def _found(text: str) -> Iterator[Figure]:
    for sum_ in find_amounts(text):
        yield Figure("money", str(sum_.value.normalize()), sum_.text, sum_.start, sum_.end)
    for period in find_durations(text):
        factor, unit = _IN_UNITS.get(period.unit, (1, period.unit))
        value = (Decimal(period.value) * factor).normalize()
        yield Figure("period", f"{value:f} {unit}", period.text, period.start, period.end)
    for match in _PERCENTAGE.finditer(text):
        yield Figure("percentage", f"{Decimal(match[1]).normalize():f}", match[0], match.start(), match.end())
    for day in find_partial_dates(text):
        yield Figure("date", f"{day.year}-{day.month}-{day.day}", day.text, day.start, day.end)
    for month in find_months(text):
        yield Figure("date", f"{month.year}-{month.month}", month.text, month.start, month.end)
    for match in _SECTION.finditer(text):
        yield Figure("section", match[1] + match[2], match[0], match.start(), match.end())

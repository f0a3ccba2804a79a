"""What stands in the cells of a time record: how long, on which day, and whether the row is marked as extra."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from lightpoint.calendars import add_months
from lightpoint.language.dates import find_dates

Measure = Literal["minutes", "hours", "units", "clock", "unknown"]
UNIT_MINUTES = 6  # the usual unit of practices, a tenth of an hour

_CLOCK = re.compile(r"^\W*(\d{1,3}):([0-5]\d)(?::[0-5]\d)?\W*$")
_SPELT = re.compile(
    r"^\W*(?:(?P<h>\d+(?:\.\d+)?|\d*\s?[¼½¾]|\d/\d)\s*(?:h|hrs?|hours?)\b\.?,?(?:\s*(?:and)?\s*))?"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?|['’′])?\.?)?\W*$",
    re.I,
)
_JOINED = re.compile(r"^\W*(\d{1,2})\s*h(?:rs?)?\s*([0-5]?\d)\s*m?\W*$", re.I)
_BARE = re.compile(r"^[^\w.¼½¾]*(\d+(?:\.\d+)?|\d*\s?[¼½¾]|\.\d+)\W*$")
_UNITS = re.compile(r"^\W*(\d+(?:\.\d+)?)\s*(?:u|units?)\W*$", re.I)
_FRACTIONS = {"¼": Decimal("0.25"), "½": Decimal("0.5"), "¾": Decimal("0.75")}
_DAY_FIRST = date(1899, 12, 30)  # day 0 of the serial dates of spreadsheets


def minutes_of(text: str, measure: Measure, unit: int = UNIT_MINUTES) -> int | None:
    """Minutes in a cell, by its own unit ("45m", "1h 15", "0:45", "3 units") or else by that of its column."""
    clock = _CLOCK.match(text) or _JOINED.match(text)
    if clock:
        return int(clock.group(1)) * 60 + int(clock.group(2))
    units = _UNITS.match(text)
    if units:
        return _rounded(Decimal(units.group(1)) * unit)
    bare = _BARE.match(text)
    if bare:
        return _by_column(_number(bare.group(1)), measure, unit)
    spelt = _SPELT.match(text)
    if not spelt or not (spelt["h"] or spelt["m"]):
        return None
    hours = _number(spelt["h"]) if spelt["h"] else Decimal(0)
    return _rounded(hours * 60 + (Decimal(spelt["m"]) if spelt["m"] else 0))


def _by_column(value: Decimal, measure: Measure, unit: int) -> int:
    if measure == "hours":
        return _rounded(value * 60)
    if measure == "clock":
        return int(value) * 60 + _rounded((value - int(value)) * 100)
    return _rounded(value * unit) if measure == "units" else _rounded(value)


def _number(text: str) -> Decimal:
    if "/" in text:
        above, below = text.split("/")
        return Decimal(above) / Decimal(below)
    fraction = next((share for sign, share in _FRACTIONS.items() if sign in text), Decimal(0))
    whole = re.sub(r"[¼½¾\s]", "", text)
    return Decimal(whole or 0) + fraction


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def measure_of(cells: list[str]) -> Measure:
    """The unit of a column that is only headed "Time": hours where there are fractions or no more than a day's work."""
    numbers = [_number(found.group(1)) for cell in cells if (found := _BARE.match(cell))]
    if not numbers:
        return "minutes"
    whole = all(number == int(number) for number in numbers)
    return "minutes" if max(numbers) > 12 or (whole and min(numbers) >= 5) else "hours"


def day_of(text: str, reference: date | None) -> date | None:
    """The date in a cell; one without its year is the latest such day up to `reference`."""
    serial = re.fullmatch(r"\W*([345]\d{4})(?:\.0)?\W*", text)
    if serial:
        return date.fromordinal(_DAY_FIRST.toordinal() + int(serial.group(1)))
    found = find_dates(text, reference=reference)
    if found and reference and not found[0].complete and found[0].date > reference:
        return add_months(found[0].date, -12)
    return found[0].date if found else None


_NO = re.compile(
    r"^\W*(?:n|no|nil|none|false|f|0|n/a|na|nein)?\W*$|^\W*(?:no|n)\b|\bnot\b|\bnon\b|\bnon-|"
    r"\b(?:routine|ordinary|normal|standard|usual|regular|included|inclusive|fixed fee|compliance|recurring|"
    r"annual|in fee|own cost|write[- ]?off|core)\b",
    re.I,
)
_YES = re.compile(
    r"^\W*(?:y|yes|true|t|x|xx|1|✓|✔|☑|☒|√|p|\*+|†|tick|ticked)\W*$|^\W*(?:yes|y)\b|"
    r"\b(?:add(?:itional|['’]?l|n)?|extra|claim(?:able|ed)?|charge(?:able)?|re-?charge(?:able)?|recover(?:able)?|"
    r"bill(?:able|ed)?|hmrc|caused|error|mistake|delay|complaint|redress|abortive|wasted|remedial|exceptional)\b",
    re.I,
)
_MARKS = re.compile(r"^\s*[✓✔☑☒√*†]+\s*$")


def flag_of(text: str) -> bool | None:
    """What the mark of a row says: extra, not extra (a blank too), or neither for certain."""
    if _MARKS.match(text):
        return True
    if _NO.search(text):
        return False
    return True if _YES.search(text) else None


def is_flag(text: str) -> bool:
    """Whether a cell is a mark and not prose."""
    return len(text.split()) <= 4 and (bool(_MARKS.match(text)) or flag_of(text) is not None)

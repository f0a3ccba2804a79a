"""Rows of a time record: who worked how long on what, and how the sheet itself flags the row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from complaints.documents.records import Page, ReadDocument
from complaints.facts.records import TimeEntry
from complaints.facts.view import page_lines, span_of
from lightpoint.language.dates import find_dates

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("on", re.compile(r"\b(?:date|day|when)\b", re.I)),
    (
        "additional",
        re.compile(r"\badd(?:itional|'l|l|n)?\b|\bextra\b|\bclaim(?:able)?\b|\bchargeable to\b|\bhmrc\b.*\?", re.I),
    ),
    ("minutes", re.compile(r"\bmin(?:ute)?s?\b", re.I)),
    ("hours", re.compile(r"\bhours?\b|\bhrs?\b|\btime\b|\bduration\b", re.I)),
    ("units", re.compile(r"\bunits?\b", re.I)),
    ("grade", re.compile(r"\bgrade\b|\blevel\b|\brole\b|\bband\b", re.I)),
    (
        "narrative",
        re.compile(
            r"\bnarrative\b|\bdetails?\b|\bdescription\b|\bwork\b|\btask\b|\bactivity\b|\bnotes?\b|\bwhat\b|\bcomment",
            re.I,
        ),
    ),
    (
        "person",
        re.compile(r"\bperson\b|\bstaff\b|\bby\b|\bfee earner\b|\bwho\b|\bname\b|\binitials\b|\bemployee\b", re.I),
    ),
)
_YES = re.compile(r"^\W*(?:y|yes|true|x|✓|✔|1|add(?:itional|'l)?|extra)\W*$", re.I)
_NO = re.compile(r"^\W*(?:n|no|false|0|-|routine|ordinary|normal)?\W*$", re.I)


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[str, ...]


def find_time_entries(document: ReadDocument) -> tuple[TimeEntry, ...]:
    """The rows of all time tables in a document; totals and titles are not rows."""
    return tuple(entry for page in document.pages for entry in _page_entries(document.name, page))


def _page_entries(name: str, page: Page) -> Iterator[TimeEntry]:
    columns: dict[str, int] = {}
    for start, end, line in page_lines(page):
        row = _Row(start, end, tuple(cell.strip() for cell in re.split(r"\||\t", line)))
        header = _header(row.cells)
        if header:
            columns = header
        elif columns:
            entry = _entry(name, page, row, columns)
            if entry:
                yield entry


def _header(cells: Sequence[str]) -> dict[str, int]:
    """The column of each field, if the cells are a heading of a time table."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        field = next((name for name, pattern in _COLUMNS if name not in columns and pattern.search(cell)), None)
        if field and not find_dates(cell):
            columns[field] = index
    timed = {"minutes", "hours", "units"} & columns.keys()
    return columns if timed and {"on", "narrative"} <= columns.keys() else {}


def _entry(name: str, page: Page, row: _Row, columns: dict[str, int]) -> TimeEntry | None:
    def cell(field: str) -> str:
        index = columns.get(field)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    on = _day(cell("on"))
    minutes = _minutes(cell("minutes"), cell("hours"), cell("units"))
    if on is None or minutes is None or not cell("narrative"):
        return None
    flag = cell("additional")
    span = span_of(name, page, row.start, row.end)
    return TimeEntry(
        on, cell("person"), cell("grade"), minutes, cell("narrative"), _flag(flag, "additional" in columns), flag, span
    )


def _day(text: str) -> date | None:
    found = [m for m in find_dates(text) if m.complete]
    return found[0].date if found else None


def _minutes(minutes: str, hours: str, units: str) -> int | None:
    """Minutes as recorded; hours may be decimal or h:mm, a unit is six minutes unless the sheet gives minutes."""
    clock = re.fullmatch(r"\W*(\d{1,2}):(\d{2})\W*", hours)
    if re.search(r"\d", minutes):
        return _rounded(minutes, 1)
    if clock:
        return int(clock.group(1)) * 60 + int(clock.group(2))
    if re.search(r"\d", hours):
        return _rounded(hours, 60)
    return _rounded(units, 6) if re.search(r"\d", units) else None


def _rounded(text: str, factor: int) -> int | None:
    found = re.search(r"\d+(?:\.\d+)?", text.replace(",", ""))
    return int((Decimal(found.group(0)) * factor).quantize(Decimal(1), ROUND_HALF_UP)) if found else None


def _flag(flag: str, has_column: bool) -> bool | None:
    if not has_column:
        return None
    if _YES.match(flag):
        return True
    return False if _NO.match(flag) else None

"""Rows of a time record: who worked how long on what, and how the sheet itself flags the row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from complaints.documents.records import Page, ReadDocument
from complaints.facts.records import Span, TimeEntry
from complaints.facts.timecells import Measure, day_of, flag_of, minutes_of
from complaints.facts.timetables import Field, Table, heading_fields, read_table
from complaints.facts.view import page_lines, span_of

_TOTAL = re.compile(
    r"^\W*(?:sub-?totals?|(?:grand |running )?totals?|sums?|carried forward|brought forward|[bc]/f|balance)\b", re.I
)
_DITTO = re.compile(r"^\W*(?:[\"”“'’]+|do|ditto|as above|-\"-)\W*$|^[\"”“]+$", re.I)
_SECTION_YES = re.compile(
    r"\b(?:additional|extra|caused by|claimable|recoverable|chargeable to hmrc|due to hmrc)\b", re.I
)
_SECTION_NO = re.compile(r"\b(?:routine|ordinary|normal|compliance|not claim|non-?claim|not additional|usual)\w*", re.I)
_STARRED = re.compile(r"[*†‡]\s*$|\((?:extra|additional|add['’]?l|hmrc)\)\s*$", re.I)

_ANY_DAY = date(2100, 1, 1)

Rates = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(slots=True)
class _Context:
    """What lines outside the rows have said so far: the last day, grade, person and section."""

    reference: date | None
    rates: Rates
    on: date | None = None
    grade: str = ""
    person: str = ""
    section: bool | None = None
    people: dict[str, str] = field(default_factory=dict)

    def known(self, text: str) -> str:
        """The grade of the practice that a text names."""
        plain = text.casefold()
        named = [name for name, _ in self.rates if re.search(rf"\b{re.escape(name.casefold())}s?\b", plain)]
        return max(named, key=len, default="")


def find_time_entries(
    document: ReadDocument, rates: Rates = (), reference: date | None = None
) -> tuple[TimeEntry, ...]:
    """The rows of all time tables in a document; totals and titles are not rows.

    `rates` are the grades of the practice, `reference` the day up to which dates without a year are read.
    """
    context = _Context(reference, rates)
    entries: list[TimeEntry] = []
    for page in document.pages:
        for heading, rows in _tables(page, context):
            table = read_table(heading, [row.cells for row in rows if len(_filled(row)) > 1], [n for n, _ in rates])
            if table:
                entries += _rows_of(document.name, page, table, rows, context)
    return _starred(entries)


def has_time_table(document: ReadDocument) -> bool:
    """Whether a document keeps time: a heading with day, work and time, and rows under it."""
    return bool(find_time_entries(document, reference=_ANY_DAY))


def _cells(line: str) -> tuple[str, ...]:
    parts = re.split(r"\||\t", line) if re.search(r"[|\t]", line) else re.split(r"\s{2,}", line.strip())
    return tuple(cell.strip() for cell in parts)


def _filled(row: _Row) -> list[str]:
    return [cell for cell in row.cells if cell]


def _tables(page: Page, context: _Context) -> Iterator[tuple[tuple[str, ...], list[_Row]]]:
    """Each heading of a page with the rows down to the next heading; what stands before it may name people."""
    heading: tuple[str, ...] = ()
    rows: list[_Row] = []
    for start, end, line in page_lines(page):
        row = _Row(start, end, _cells(line))
        if heading_fields(row.cells):
            if heading:
                yield heading, rows
            heading, rows = row.cells, []
        elif heading:
            rows.append(row)
        else:
            _note(row, context)
    if heading:
        yield heading, rows


def _note(row: _Row, context: _Context) -> None:
    """A title, a section or a legend: "2025", "March 2025", "Manager", "AB = partner", "Additional work"."""
    text = " ".join(_filled(row))
    grade = context.known(text)
    legend = re.match(r"^\W*([A-Z][\w.' ]{0,30}?)\s*(?:[=:(,–-]|\bis\b)\s*(.{3,40})$", text)
    if legend and grade and context.known(legend.group(2)):
        context.people[legend.group(1).casefold().strip()] = grade
    elif grade and len(text.split()) <= len(grade.split()) + 3:
        context.grade = grade
    year = re.fullmatch(r"\D{0,30}\b((?:19|20)\d\d)\b\W*", text)
    if year and len(text) < 40:
        context.reference = date(int(year.group(1)), 12, 31)
    if len(text.split()) <= 8:
        no, yes = _SECTION_NO.search(text), _SECTION_YES.search(text)
        context.section = False if no else (True if yes else context.section)


def _rows_of(name: str, page: Page, table: Table, rows: Sequence[_Row], context: _Context) -> Iterator[TimeEntry]:
    for row in rows:
        if any(_TOTAL.match(cell) for cell in row.cells):
            continue
        if len(_filled(row)) == 1:
            _note(row, context)
            continue
        yield from _entries(table, row, context, span_of(name, page, row.start, row.end))


def _entries(table: Table, row: _Row, context: _Context, span: Span) -> Iterator[TimeEntry]:
    def cell(wanted: Field) -> str:
        index = table.columns.get(wanted)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    narrative = ": ".join(row.cells[i] for i in table.narrative if i < len(row.cells) and row.cells[i])
    minutes = _minutes(table, row.cells)
    on = _on(cell("on"), context)
    if not minutes or on is None or not narrative:
        return
    context.person = cell("person") if not _DITTO.match(cell("person")) else context.person
    grade = _grade(cell("grade"), cell("rate"), context)
    flag = cell("additional") or cell("ordinary")
    marked = _flag(table, cell("additional"), cell("ordinary"), context.section)
    entry = TimeEntry(on, context.person, grade, minutes, narrative, marked, flag, span)
    yield from _split(entry, table, row.cells) if table.extra is not None else (entry,)


def _on(text: str, context: _Context) -> date | None:
    """The day of a row; a blank or a ditto repeats the day above."""
    if text and not _DITTO.match(text):
        context.on = day_of(text, context.reference)
    return context.on


def _grade(text: str, rate: str, context: _Context) -> str:
    """The grade of a row: its own, that of its rate, that of the person, that of its section, or the only one."""
    if text and not _DITTO.match(text):
        context.grade = text
        return text
    if text:
        return context.grade
    person = context.person.casefold().strip()
    return (
        _of_rate(rate, context.rates)
        or context.known(person)
        or context.people.get(person, "")
        or context.grade
        or (context.rates[0][0] if len(context.rates) == 1 else "")
    )


def _of_rate(text: str, rates: Rates) -> str:
    figure = re.sub(r"[^\d.]", "", text)
    try:
        value = Decimal(figure)
    except InvalidOperation:
        return ""
    same = [name for name, rate in rates if rate == value]
    return same[0] if len(same) == 1 else ""


def _minutes(table: Table, cells: Sequence[str]) -> int | None:
    """Minutes as recorded. Hours and minutes in two columns are added, unless one repeats the other."""
    read = [minutes_of(cells[i], m, table.unit) for i, m in table.measures.items() if i < len(cells) and cells[i]]
    found = [value for value in read if value is not None]
    if not found:
        return _between(table, cells)
    if len(found) == 2 and table.columns.keys() >= {"minutes", "hours"} and found[0] < 60 and found[1] % 60 == 0:
        return sum(found)
    return found[0]


def _between(table: Table, cells: Sequence[str]) -> int | None:
    """The time from start to end, where the sheet keeps those."""
    start, end = table.columns.get("start"), table.columns.get("end")
    if start is None or end is None or max(start, end) >= len(cells):
        return None
    first, last = (minutes_of(cells[i].replace(".", ":"), "clock") for i in (start, end))
    return last - first if first is not None and last is not None and last > first else None


def _flag(table: Table, additional: str, ordinary: str, section: bool | None) -> bool | None:
    """Whether the row is marked as additional; a column headed "Routine" says the opposite of its mark."""
    if "additional" in table.columns:
        return flag_of(additional)
    if "ordinary" in table.columns:
        said = flag_of(ordinary) or bool(re.match(r"\W*(?:routine|normal|ordinary)", ordinary, re.I))
        return not said
    return section


def _split(entry: TimeEntry, table: Table, cells: Sequence[str]) -> Iterator[TimeEntry]:
    """A row of which part is additional, as two rows."""
    assert table.extra is not None  # noqa: S101  asked by the caller
    text = cells[table.extra] if table.extra < len(cells) else ""
    measure: Measure = next(iter(table.measures.values()), "minutes")
    extra = min(minutes_of(text, measure, table.unit) or 0, entry.minutes)
    if extra:
        yield replace(entry, minutes=extra, additional=True, flag=text)
    if entry.minutes > extra:
        yield replace(entry, minutes=entry.minutes - extra, additional=False, flag=text)


def _starred(entries: Sequence[TimeEntry]) -> tuple[TimeEntry, ...]:
    """Where no column or section marks the rows, a star or "(extra)" behind some of them does."""
    starred = [bool(_STARRED.search(entry.narrative)) for entry in entries]
    if any(entry.additional is not None for entry in entries) or not any(starred) or all(starred):
        return tuple(entries)
    return tuple(
        replace(entry, additional=star, flag="*" if star else "") for entry, star in zip(entries, starred, strict=True)
    )

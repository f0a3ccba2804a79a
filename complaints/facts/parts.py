"""A document cut into its parts: several letters in one scan, several calls in one log.

A part is the same document with everything else blanked, so that every position in a page stays what it is. Each part
has its own profile; facts of a part are read with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from complaints.documents.records import Page, ReadDocument
from complaints.facts.names import HMRC, Names
from complaints.facts.records import DocumentKind, Intake, Span
from complaints.facts.view import page_lines, span_of
from lightpoint.language.dates import WEEKDAY, DateMention, find_dates

_CLOSING = re.compile(
    r"^\W*(?:yours (?:faithfully|sincerely|truly)|(?:kind|best|warm) (?:regards|wishes)|regards)\b", re.I
)
_RULE_LINE = re.compile(r"^\W*(?:[-=_*~#]\s?){4,}\W*$")
_BEFORE_DATE = re.compile(
    rf"^\W*(?:(?:{WEEKDAY}|rang|called|phoned|telephoned|tel|call|spoke|note|on|date|re|from|to|again|\d{{1,2}}[.)])\b"
    r"[\s:.,/-]*)*$",
    re.I,
)
_AFTER_DATE = re.compile(r"^(?:\s*$|\s*[-–—:,;.(|]|\s+\S)")
_YEAR_LINE = re.compile(r"^\W*(20\d\d)\W*$")
_LETTERHEAD_LINES = 4
_HEAD_LINES = 14
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One letter or one entry of a document. `on` is the day that its own first line states, where it does."""

    document: ReadDocument
    on: date | None = None
    on_span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    page: Page
    start: int
    end: int
    text: str


def split_document(document: ReadDocument, kind: DocumentKind, intake: Intake) -> tuple[Part, ...]:
    """The parts of a document in order; most documents have one."""
    if document.headers or not document.pages:
        return (Part(document),)
    if kind == "call_note":
        return _log_entries(document, intake) or (Part(document),)
    if kind in {"hmrc_statement", "bank_statement", "time_record", "invoice", "computation", "webchat"}:
        return (Part(document),)
    starts = _affordable(_letter_starts(document, Names(intake)), document)
    if len(starts) < 2:
        return (Part(document),)
    return tuple(Part(_between(document, start, end)) for start, end in _ranges(starts))


Place = tuple[int, int]  # index of the page and position in it
# A part keeps the places of the whole document, so that each costs as much as the whole.
_MOST_PARTS = 200
_PART_WORK = 6_000_000  # characters


def _affordable(starts: Sequence[Place], document: ReadDocument) -> Sequence[Place]:
    """The first starts of parts; in an endless file whatever follows them stays in the last part."""
    length = sum(len(page.text) for page in document.pages)
    return starts[: max(1, min(_MOST_PARTS, _PART_WORK // max(length, 1)))]


def _ranges(starts: Sequence[Place]) -> Iterator[tuple[Place, Place | None]]:
    for index, start in enumerate(starts):
        yield (start if index else (0, 0)), (starts[index + 1] if index + 1 < len(starts) else None)


def _between(document: ReadDocument, start: Place, end: Place | None) -> ReadDocument:
    """The document with everything before `start` and from `end` on blanked; pages that lose all are left out."""
    pages = []
    for index, page in enumerate(document.pages):
        begin = start[1] if index == start[0] else 0
        finish = end[1] if end and index == end[0] else len(page.text)
        if index < start[0] or (end and index > end[0]) or finish <= begin:
            continue
        blanked = _blank(page.text[:begin]) + page.text[begin:finish] + _blank(page.text[finish:])
        pages.append(replace(page, text=blanked))
    return replace(document, pages=tuple(pages), hidden_text=document.hidden_text if start == (0, 0) else ())


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _lines(document: ReadDocument) -> list[tuple[int, _Line]]:
    return [
        (index, _Line(page, start, end, text))
        for index, page in enumerate(document.pages)
        for start, end, text in page_lines(page)
    ]


def _letter_starts(document: ReadDocument, names: Names) -> list[Place]:
    """Where letters begin: the first line, and each letterhead with a date at a page's top or below a farewell."""
    lines = _lines(document)
    starts: list[Place] = []
    closed = False
    for at, (page, line) in enumerate(lines):
        top = at == 0 or lines[at - 1][0] != page
        if at == 0:
            starts.append((page, line.start))
        elif (top or closed) and _begins_letter(_below(lines, at), names, top=top):
            starts.append((page, line.start))
            closed = False
        closed = closed or bool(_CLOSING.match(line.text) or _RULE_LINE.match(line.text))
    return starts


def _below(lines: Sequence[tuple[int, _Line]], at: int) -> list[str]:
    """The next lines of the same page."""
    page = lines[at][0]
    return [line.text for number, line in lines[at : at + _HEAD_LINES] if number == page]


def _begins_letter(lines: Sequence[str], names: Names, *, top: bool) -> bool:
    """A letterhead in the first lines and a line with a date before the text begins."""
    if len(lines) < _SHORTEST_PART or _RULE_LINE.match(lines[0]):
        return False
    head = lines[: _LETTERHEAD_LINES if top else 1]
    bare = [line for line in head if len(line) < 90 and not line.rstrip().endswith((".", ","))]
    if not any(HMRC.search(line) or names.find_practice(line) is not None for line in bare):
        return False
    return any(_dated(line) for line in lines[1:])


def _dated(line: str) -> bool:
    """A short line that is little more than a full date."""
    found = [m for m in find_dates(line) if m.complete]
    rest = len(line.strip()) - len(found[0].text) if found else 0
    return bool(found) and rest < 32 and not re.search(r"\b(?:year|period|ended)\b", line, re.I)


def _log_entries(document: ReadDocument, intake: Intake) -> tuple[Part, ...]:
    """The entries of a log, each of which begins with its day; a log of one entry is no log."""
    entries: list[tuple[Place, DateMention, _Line]] = []
    year: int | None = _year_of(document)
    for page, line in _lines(document):
        heading = _YEAR_LINE.match(line.text)
        if heading:
            year = int(heading.group(1))
            continue
        last = entries[-1][1].date if entries else None
        mention = _entry_day(line.text, year, last, intake.opened_on)
        if mention:
            entries.append(((page, line.start), mention, line))
            year = mention.date.year if mention.complete or year is None else max(year, mention.date.year)
    if len(entries) < 2 or _one_call(document, entries):
        return ()
    entries = entries[: len(_affordable([place for place, _m, _l in entries], document))]
    ranges = list(_ranges([place for place, _m, _l in entries]))
    return tuple(
        Part(
            _between(document, start, end),
            mention.date,
            span_of(document.name, line.page, line.start + mention.start, line.start + mention.end),
        )
        for (start, end), (_place, mention, line) in zip(ranges, entries, strict=True)
    )


def _one_call(document: ReadDocument, entries: Sequence[tuple[Place, DateMention, _Line]]) -> bool:
    """Whether the dates at the heads of lines are all of one day, or stand in a list of what was said."""
    days = {mention.date for _place, mention, _line in entries}
    return len(days) < 2 or _added_to(entries) or not _OF_CONTACT.search(_text(document))


_OF_CONTACT = re.compile(r"\b(?:rang|call|phone|tel|spoke|line|post|letter)", re.I)
_TALKED = re.compile(
    r"\b(?:rang|ring|phoned|telephoned|called|calls?|spoke|helpline|on hold|advis[eo]r|said|says|told|tel|post|"
    r"arrived|came)\b",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[.:]\d{2}\b")


def _added_to(entries: Sequence[tuple[Place, DateMention, _Line]]) -> bool:
    """Whether the later dates only tell, at the foot of a note of one call, what was done after it."""
    (page, start), first, line = entries[0]
    later_page, later = entries[1][0]
    if page != later_page or not first.complete or not _CLOCK.search(line.text[first.end :]):
        return False
    foot = line.page.text[later:]
    return len(foot) < later - start and not _TALKED.search(foot)


def _text(document: ReadDocument) -> str:
    return "\n".join(page.text for page in document.pages)


def _year_of(document: ReadDocument) -> int | None:
    """The year of a log before its first entry: of the first full date, else of a year in brackets or the name."""
    first = next((m for m in find_dates(_text(document)) if m.complete), None)
    named = re.search(r"\b(20\d\d)\b", document.name)
    if first:
        return first.date.year
    return int(named.group(1)) if named else None


def _entry_day(line: str, year: int | None, last: date | None, opened: date) -> DateMention | None:
    """The day with which a line of a log begins; a day without its year follows the entry above."""
    for mention in find_dates(line, reference=_latest(year, opened)):
        if not _BEFORE_DATE.match(line[: mention.start]) or not _AFTER_DATE.match(line[mention.end :]):
            return None
        if mention.complete or last is None or mention.date >= last:
            return mention
        later = _in_year(mention.date, mention.date.year + 1)
        return replace(mention, date=later) if later <= opened else mention
    return None


def _latest(year: int | None, opened: date) -> date:
    return min(date(year, 12, 31), opened) if year else opened


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)

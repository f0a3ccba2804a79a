"""The rows of a bank's extract, told by the headings of its columns: day, narrative, money in, money out, balance.

Banks head their exports in a handful of ways ("Paid in", "Credit", "Money out", "Debit"); one column of amounts has a
minus before what goes out. Only rows that pay HMRC or are paid by it tell of the case.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from complaints.documents.records import Page, ReadDocument
from complaints.facts.records import AmountRole
from complaints.facts.view import page_lines
from lightpoint.language.dates import find_dates
from lightpoint.language.money import MoneyMention, find_amounts

Column = Literal["day", "what", "in", "out", "amount", "balance"]
_HEADINGS: tuple[tuple[Column, str], ...] = (
    ("day", r"(?:(?:transaction|txn|trans|posting|posted|value|entry|payment|booking)\W*)?date|day|posted(?: on)?"),
    (
        "what",
        r"(?:transaction |txn )?(?:details?|descriptions?|narratives?|particulars|memo|payee|merchant|name)(?: \d)?|"
        r"transactions?|(?:counter ?party|payee)(?: name)?|details? of transaction|"
        r"payment (?:details|type and details)",
    ),
    ("in", r"(?:paid|money|payments?|cash|amount) in|credits?(?: amount)?|in|receipts?|deposits?|received|lodged"),
    (
        "out",
        r"(?:paid|money|payments?|cash|amount) out|debits?(?: amount)?|out|payments?|withdrawals?|withdrawn|spent",
    ),
    ("balance", r"(?:running |closing |account |available )?balance|bal"),
    ("amount", r"(?:transaction )?(?:amount|value|sum)|gbp|£"),
)
_COLUMNS = tuple((column, re.compile(rf"\W*(?:{words})\W*(?:gbp|£)?\W*", re.I)) for column, words in _HEADINGS)
REVENUE = re.compile(
    r"\bh\.?m\.?r\.?c\b|\bhmrc|\bh ?m revenue|\binland revenue|\brevenue (?:&|and) customs|\bhm rev\b|"
    r"\bcustoms duty deferment\b",
    re.I,
)
_INWARDS = re.compile(
    r"\b(?:refund|repayment|rebate|credit|cr|bgc|bank giro credit|payable order|repaid|reclaim)\b", re.I
)


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row of an extract: the sum that moved and whether it came in; places are positions in the page."""

    page: Page
    start: int
    end: int
    on: date
    what: str
    value: Decimal
    incoming: bool
    place: int  # where the sum stands

    @property
    def with_hmrc(self) -> bool:
        return bool(REVENUE.search(self.what))


def columns_of(line: str) -> tuple[Column | None, ...]:
    """What each cell of a heading stands for; empty where the line heads no extract of an account."""
    found = tuple(_column(cell) for cell in line.split("|"))
    moves = {"in", "out", "amount"} & set(found)
    return found if {"day", "what"} <= set(found) and moves else ()


def sum_role(heading: Sequence[str], row: str, mention: MoneyMention) -> AmountRole | None:
    """What a sum in a row of an extract is, by its column; None where the row has no part in the case."""
    columns = columns_of(" | ".join(heading))
    at = row[: mention.start].count("|")
    column = columns[at] if at < len(columns) else None
    if column == "balance":
        return "balance"
    if column not in {"in", "out", "amount"} or not REVENUE.search(row):
        return None
    lone = column == "amount" and not mention.negative and _comes_in(row, columns)
    return "repayment_made" if column == "in" or lone else "tax_paid"


def _column(cell: str) -> Column | None:
    return next((column for column, pattern in _COLUMNS if pattern.fullmatch(cell)), None)


def has_bank_table(document: ReadDocument) -> bool:
    """Whether a document is an extract of a bank account: a heading with both ways of money, or with a balance."""
    return any(_of_account(columns_of(line)) for page in document.pages for _s, _e, line in page_lines(page))


def _of_account(columns: Sequence[Column | None]) -> bool:
    both = {"in", "out"} <= set(columns)
    return both or ("balance" in columns and bool({"in", "out", "amount"} & set(columns)))


def bank_rows(document: ReadDocument) -> Iterator[BankRow]:
    """The rows below the heading of each extract, in order."""
    for page in document.pages:
        columns: tuple[Column | None, ...] = ()
        for start, end, line in page_lines(page):
            heading = columns_of(line)
            columns = heading or columns
            if columns and not heading:
                row = _row(page, start, end, line, columns)
                if row:
                    yield row


def _row(page: Page, start: int, end: int, line: str, columns: Sequence[Column | None]) -> BankRow | None:
    cells = _cells(line)
    named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    days = [m for m in find_dates(named.get("day", (0, ""))[1]) if m.complete]
    moved = _moved(named)
    if not days or moved is None:
        return None
    column, offset, sum_ = moved
    what = " ".join(text for _at, text in cells if not find_amounts(text))
    incoming = column == "in" or (column == "amount" and not sum_.negative and _comes_in(what, columns))
    return BankRow(page, start, end, days[0].date, what, sum_.value, incoming, start + offset + sum_.start)


def _comes_in(what: str, columns: Sequence[Column | None]) -> bool:
    """A lone column of sums without a minus leaves it to the narrative which way the money went."""
    return "balance" in columns or bool(_INWARDS.search(what))


def _moved(named: dict[Column, tuple[int, str]]) -> tuple[Column, int, MoneyMention] | None:
    for column in ("in", "out", "amount"):
        offset, text = named.get(column, (0, ""))
        sums = [m for m in find_amounts(text) if m.value]
        if sums:
            return column, offset, sums[0]
    return None


def _cells(line: str) -> list[tuple[int, str]]:
    """The cells of a line with their positions in it."""
    cells, at = [], 0
    for cell in line.split("|"):
        cells.append((at, cell))
        at += len(cell) + 1
    return cells

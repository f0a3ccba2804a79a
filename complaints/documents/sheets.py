"""Workbooks: every sheet, also hidden ones, as rows of cells the way Excel shows them."""

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from complaints.documents.archives import open_archive, read_part, refuse_entities
from complaints.documents.errors import UnreadableFileError
from complaints.documents.limits import Limits
from complaints.documents.plain import join_cells

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_LOCALE_SIGN = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_DECIMALS = re.compile(r"[0#?]\.(0+)")
_CURRENCY = re.compile(r"[£$€]")


def read_workbook(data: bytes, limits: Limits) -> str:
    """Return the cells of all sheets, one row a line.

    Sheets are parted by a blank line and, where several hold something, headed by their title. A formula is shown by
    the value last saved; one never calculated is shown as the formula, so that nothing is made up.
    """
    archive = open_archive(data, limits)
    refuse_entities(archive)
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    has_formulas = any(_FORMULA.search(read_part(archive, name)) for name in sheets)
    values = _sheet_rows(data, limits, cached=True)
    formulas = _sheet_rows(data, limits, cached=False) if has_formulas else values
    filled = [
        (title, text)
        for (title, rows), (_, other) in zip(values, formulas, strict=True)
        if (text := _sheet_text(rows, other))
    ]
    if len(filled) == 1:
        return filled[0][1]
    return "\n\n".join(f"{title}\n{text}" for title, text in filled)


def _sheet_text(rows: list[list[str]], formulas: list[list[str]]) -> str:
    """Return the rows; formulas stand in only on a sheet of which no formula has ever been calculated."""
    pairs = [pair for shown, other in zip(rows, formulas, strict=True) for pair in zip(shown, other, strict=True)]
    calculated = any(value and formula.startswith("=") for value, formula in pairs)
    return "\n".join(line for line in map(join_cells, rows if calculated else formulas) if line)


def _sheet_rows(data: bytes, limits: Limits, *, cached: bool) -> list[tuple[str, list[list[str]]]]:
    from openpyxl import load_workbook  # noqa: PLC0415  heavy: only a workbook pays for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=cached, keep_links=False)
            return [(sheet.title, list(_rows(sheet, limits))) for sheet in book.worksheets]
        except UnreadableFileError:
            raise
        except Exception as error:  # openpyxl lets KeyError, ValueError and parser faults through
            raise UnreadableFileError("corrupt", "The workbook is damaged and cannot be read.") from error


def _rows(sheet: object, limits: Limits) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # openpyxl has no types
    rows: Iterable[Iterable[object]] = sheet.iter_rows()  # type: ignore[attr-defined]
    kept = 0
    for row in rows:
        cells = [show_cell(getattr(cell, "value", None), getattr(cell, "number_format", None) or "") for cell in row]
        if any(cells):
            kept += 1
        if kept > limits.spreadsheet_rows:
            raise UnreadableFileError("too-large", f"A sheet has more than {limits.spreadsheet_rows} rows.")
        yield cells


def show_cell(value: object, number_format: str) -> str:
    """Return a cell as a reader sees it: dates dd/mm/yyyy, whole numbers without a point, money as formatted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date):
        return _show_date(value, number_format)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, int | float):
        return _show_number(value, number_format)
    return str(value)


def _show_date(value: dt.date, number_format: str) -> str:
    timed = isinstance(value, dt.datetime) and (value.hour or value.minute) and "h" in number_format.lower()
    return value.strftime("%d/%m/%Y %H:%M" if timed else "%d/%m/%Y")


def _show_number(value: float, number_format: str) -> str:
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    shown_format = _LOCALE_SIGN.sub(r"\1", number_format.split(";", maxsplit=1)[0])
    section = _LITERALS.sub("", shown_format)
    if "%" in section:
        return f"{_plain_number((exact * 100).normalize())}%"
    sign = _CURRENCY.search(shown_format)
    decimals = _DECIMALS.search(section)
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-len(decimals.group(1))), rounding=ROUND_HALF_UP)
    digits = f"{abs(exact):f}" if decimals else _plain_number(abs(exact))
    grouped = f"{Decimal(digits):,f}" if "," in section else digits
    return f"{'-' if exact < 0 else ''}{sign.group() if sign else ''}{grouped}"


def _plain_number(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole:f}" if value == whole else f"{value.normalize():f}"

"""Invoices in a bundle: number, lines, net, VAT, gross, the day of issue and the day of payment."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from complaints.documents.records import Page, ReadDocument
from complaints.facts.exhibits import invoice_number
from complaints.facts.records import DocumentProfile, Invoice, InvoiceLine
from complaints.facts.view import page_lines, span_of, whole_text
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

_NET = re.compile(r"\b(?:net|sub-?total|total (?:net|excl|ex|before vat)|fees? total)\b", re.I)
_VAT = re.compile(r"^\W*(?:add:? )?vat\b(?!.*\b(?:no|reg|number|exempt)\b)|\bvat (?:at|@) ?\d", re.I)
_GROSS = re.compile(r"\b(?:total|amount due|balance due|gross|to pay|grand total)\b", re.I)
_PAID = re.compile(r"\b(?:paid|received with thanks|settled|receipted)\b", re.I)
_MINUTES = re.compile(r"\(?\b(\d+)\s*(?:mins?|minutes)\b\)?", re.I)
_HOURS = re.compile(r"\b(\d+(?:\.\d+)?)\s*(?:hrs?|hours)\b", re.I)


def find_invoice(document: ReadDocument, profile: DocumentProfile) -> tuple[Invoice, ...]:
    """The invoice that a document is, if it is one."""
    if profile.kind != "invoice" or not document.pages:
        return ()
    lines: list[InvoiceLine] = []
    totals: dict[str, Decimal] = {}
    for page in document.pages:
        for start, end, line in page_lines(page):
            _read_line(document.name, page, (start, end, line), lines, totals)
    gross = totals.get("gross")
    net = (
        totals.get("net")
        if "net" in totals
        else (gross - totals["vat"] if gross is not None and "vat" in totals else gross)
    )
    first = document.pages[0]
    number = invoice_number(whole_text(document))
    at = first.text.find(number) if number else 0
    start = first.text.rfind("\n", 0, max(at, 0)) + 1
    end = first.text.find("\n", max(at, 0))
    span = span_of(document.name, first, start, end if end > 0 else len(first.text))
    paid = paid_on(document)
    return (
        Invoice(number, profile.author, profile.written_on, paid, net, totals.get("vat"), gross, tuple(lines), span),
    )


def _read_line(
    name: str, page: Page, line: tuple[int, int, str], lines: list[InvoiceLine], totals: dict[str, Decimal]
) -> None:
    start, end, text = line
    amounts = find_amounts(text)
    if not amounts or _PAID.search(text):
        return
    value = amounts[-1].value
    if _VAT.search(text) and "total" not in text.lower():
        totals["vat"] = value
    elif _NET.search(text):
        totals["net"] = value
    elif _GROSS.search(text):
        totals["gross"] = value
    else:
        minutes = _minutes(text)
        label = text[: amounts[0].start].strip(" |£:")
        lines.append(InvoiceLine(label, value, span_of(name, page, start, end), minutes))


def _minutes(text: str) -> int | None:
    found = _MINUTES.search(text)
    if found:
        return int(found.group(1))
    hours = _HOURS.search(text)
    return int(Decimal(hours.group(1)) * 60) if hours else None


def paid_on(document: ReadDocument) -> date | None:
    """The day of payment that a stamp or a line of an invoice states."""
    found = payment_line(document)
    return found[2] if found else None


def payment_line(document: ReadDocument) -> tuple[Page, tuple[int, int], date] | None:
    """Page, place and day of the words that say an invoice was paid."""
    for page in document.pages:
        lines: Sequence[tuple[int, int, str]] = list(page_lines(page))
        for index, (start, end, line) in enumerate(lines):
            if not _PAID.search(line) or re.search(
                r"\b(?:to be paid|if paid|unless paid|not paid|unpaid|paid within)\b", line, re.I
            ):
                continue
            following = lines[index + 1] if index + 1 < len(lines) else (end, end, "")
            for begin, finish, text in ((start, end, line), (start, following[1], following[2])):
                dates = [d for d in find_dates(text) if d.complete]
                if dates:
                    return page, (begin, finish), dates[0].date
    return None

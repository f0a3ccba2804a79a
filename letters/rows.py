"""Rows of tables in a letter: the chronology, the time and the costs, each figure in its own row of the facts. Pure."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from complaints.facts.records import Facts
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

_CHRONOLOGY = re.compile(r"(?P<day>\d{1,2} [A-Z][a-z]+ \d{4}):\s")
_MINUTES = re.compile(r"^(?P<minutes>\d+)(?: minutes?)?$")
_PENNY = Decimal("0.01")


def row_faults(text: str, documents: Collection[str], facts: Facts) -> Iterator[str]:
    """What is wrong with a row; sentences that are no rows have no faults here."""
    opening = _CHRONOLOGY.match(text)
    if opening:
        yield from _chronology_faults(find_dates(opening["day"])[0].date, documents, facts)
    cells = [cell.strip() for cell in text.split(" | ")]
    if len(cells) >= 3:
        yield from _cell_faults(cells, facts)


def _chronology_faults(day: date, documents: Collection[str], facts: Facts) -> Iterator[str]:
    """A line of the chronology has the date of an event in one of its papers, or of something due or done by them."""
    days = {event.date for event in facts.events if event.span.document in documents}
    days |= {u.due_on for u in facts.undertakings if u.due_on and u.span.document in documents}
    days |= {profile.written_on for profile in facts.documents if profile.document in documents and profile.written_on}
    days |= {d for i in facts.invoices if i.span.document in documents for d in (i.issued_on, i.paid_on) if d}
    if day not in days:
        yield f"date: nothing in those papers happened on {find_text(day)}"


def find_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _cell_faults(cells: list[str], facts: Facts) -> Iterator[str]:
    minutes = [int(match["minutes"]) for cell in cells if (match := _MINUTES.match(cell))]
    days = [m.date for m in find_dates(cells[0])]
    sums = [m.value for cell in cells for m in find_amounts(cell) if m.explicit]
    entries = facts.time_entries
    if days and minutes and entries and not any(e.on == days[0] and e.minutes in minutes for e in entries):
        yield f"date: the time record has no {minutes[0]} minutes on {find_text(days[0])}"
    if len(minutes) == 1 and len(sums) == 2:
        worth = (sums[0] * minutes[0] / 60).quantize(_PENNY, ROUND_HALF_UP)
        if worth != sums[1]:
            yield f"amount: {minutes[0]} minutes at that rate are £{worth:,.2f}"

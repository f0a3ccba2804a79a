"""Figures that code derived for a sentence, worked out again before the ledger believes them. Pure.

A drafter may hand over what it computed ("73 working days from ... to ..."), but it may not be the witness of its own
words: lengths, costs and due dates are recomputed here, and statements of fact are kept only as far as the facts of
the case hold them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from complaints.facts.records import Facts, Nation
from lightpoint.calendars import OutsideHolidayTable, add_months, working_days_between
from lightpoint.grounding.context import Context, make_context
from lightpoint.grounding.dates import add_duration
from lightpoint.grounding.references import references_in
from lightpoint.language.dates import find_dates
from lightpoint.language.durations import find_durations
from lightpoint.language.money import find_amounts

_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_DATED = re.compile(rf"[“\"](?P<quote>.+?)[”\"] is dated (?P<day>{_DAY})", re.DOTALL)
_DELAY = re.compile(rf"(?P<working>\d+) working days and (?P<days>\d+) days from (?P<start>{_DAY}) to (?P<end>{_DAY})")
_COST = re.compile(r"(?P<minutes>\d+) minutes at £(?P<rate>[\d,.]+\d) an hour, £(?P<sum>[\d,]+\.\d\d)")
_GIVES = re.compile(r"(?:[“\"].+?[”\"] gives |Preferred: )(?P<value>.+?)(?:\. .*)?$", re.DOTALL)
_UNDERTAKEN = re.compile(
    rf"HMRC undertook on (?P<made>{_DAY}) to .+?(?:by (?P<due>{_DAY})|\(no date given\))", re.DOTALL
)
_SILENT = re.compile(r"(?P<reply>.+) is silent on point (?P<number>\d+): .+")
_VAT = re.compile(r"£(?P<net>[\d,]+\.\d\d) plus VAT £(?P<vat>[\d,]+\.\d\d) is £(?P<gross>[\d,]+\.\d\d)")
_PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Known:
    """What the case itself holds, beside which a derived figure is judged."""

    facts: Facts
    nation: Nation
    dated: date  # the day of the letter
    text: str  # the pages behind the sentence


def vet(text: str, known: Known) -> str:
    """Return as much of a derived statement as stands when worked out again; "" where nothing does."""
    for pattern, judge in _JUDGES:
        match = pattern.search(text)
        if match:
            return judge(match, known)
    return text if _figures_known(text, known) else ""


def _day(text: str) -> date:
    return find_dates(text)[0].date


def _dated(match: re.Match[str], known: Known) -> str:
    """Words of a document are dated as the event that they carry; what the event is called is not taken over."""
    day = _day(match["day"])
    for event in known.facts.events:
        if event.date == day and _same_words(match["quote"], event.span.quote):
            return match[0] + "."
    return ""


def _same_words(one: str, other: str) -> bool:
    return _compact(one) in _compact(other) or _compact(other) in _compact(one)


def _delay(match: re.Match[str], known: Known) -> str:
    start, end = _day(match["start"]), _day(match["end"])
    try:
        working = working_days_between(start, end, known.nation)
    except OutsideHolidayTable:
        return ""
    right = working == int(match["working"]) and (end - start).days == int(match["days"])
    return match.string if right else ""


def _cost(match: re.Match[str], _: Known) -> str:
    """Minutes times rate over 60 for each grade, to the penny, and the totals of both."""
    lines = list(_COST.finditer(match.string))
    minutes = sum(int(line["minutes"]) for line in lines)
    total = sum((_money(line["sum"]) for line in lines), Decimal(0))
    for line in lines:
        worth = (_money(line["rate"]) * int(line["minutes"]) / 60).quantize(_PENNY, ROUND_HALF_UP)
        if worth != _money(line["sum"]):
            return ""
    stated = re.search(r"In all (\d+) minutes and £([\d,]+\.\d\d)", match.string)
    if stated and (int(stated[1]), _money(stated[2])) != (minutes, total):
        return ""
    return match.string


def _with_vat(match: re.Match[str], _: Known) -> str:
    """VAT at a fifth of the net sum, to the penny (the standard rate since 4 January 2011), and the sum of both."""
    net, vat, gross = (_money(match[name]) for name in ("net", "vat", "gross"))
    right = (net / 5).quantize(_PENNY, ROUND_HALF_UP) == vat and net + vat == gross
    return match.string if right else ""


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _gives(match: re.Match[str], known: Known) -> str:
    """What each side of a conflict says, and which the better evidence is, as the facts have it."""
    value = _plain_day(match["value"].strip())
    for conflict in known.facts.conflicts:
        if value in (conflict.preferred, *(side.value for side in conflict.statements)):
            return match.string
    return ""


def _plain_day(text: str) -> str:
    """A day as the facts hold it, ISO; other words as they are."""
    days = find_dates(text)
    return days[0].date.isoformat() if len(days) == 1 and days[0].text == text else text


def _undertaken(match: re.Match[str], known: Known) -> str:
    made, due = _day(match["made"]), _day(match["due"]) if match["due"] else None
    for undertaking in known.facts.undertakings:
        if (undertaking.made_on, undertaking.due_on) == (made, due):
            return match.string
    return ""


def _silent(match: re.Match[str], known: Known) -> str:
    return match.string if any(p.number == int(match["number"]) for p in known.facts.points) else ""


_JUDGES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Known], str]], ...] = (
    (_DATED, _dated), (_DELAY, _delay), (_COST, _cost), (_VAT, _with_vat), (_UNDERTAKEN, _undertaken),
    (_GIVES, _gives), (_SILENT, _silent),
)  # fmt: skip


def _figures_known(text: str, known: Known) -> bool:
    """Whether every figure of a statement is in the case or follows from another by a length of time."""
    days = _days_known(known)
    context = make_context(text, (), known.nation)
    for mention in find_dates(text):
        if mention.date not in days and not _follows(mention.date, context, days):
            return False
    sums = {abs(amount.value) for amount in known.facts.amounts} | _sums_of_invoices(known.facts)
    sums |= {abs(m.value) for m in find_amounts(known.text)}
    if any(m.explicit and abs(m.value) not in sums for m in find_amounts(text)):
        return False
    held = {_compact(reference.value) for reference in known.facts.references}
    written = _compact(known.text)
    return all(
        _compact(r.value) in held or _compact(r.value) in written or text.startswith("Our ")
        for r in references_in(text)
    )


def _compact(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _days_known(known: Known) -> frozenset[date]:
    facts = known.facts
    days = {known.dated, *(event.date for event in facts.events), *(entry.on for entry in facts.time_entries)}
    days |= {m.date for m in find_dates(known.text)}
    days |= {day for u in facts.undertakings for day in (u.made_on, u.due_on) if day}
    days |= {day for invoice in facts.invoices for day in (invoice.issued_on, invoice.paid_on) if day}
    return frozenset(days | {p.written_on for p in facts.documents if p.written_on})


def _follows(day: date, context: Context, days: frozenset[date]) -> bool:
    """Whether a day lies a named length of time after another; six months is the limit of the Adjudicator's Office."""
    starts = sorted(days)
    named = any(
        add_duration(start, length, context) == day for start in starts for length in find_durations(context.whole.text)
    )
    return named or any(add_months(start, 6) == day for start in starts)


def _sums_of_invoices(facts: Facts) -> set[Decimal]:
    found = {value for invoice in facts.invoices for value in (invoice.net, invoice.vat, invoice.gross) if value}
    return found | {line.amount for invoice in facts.invoices for line in invoice.lines}

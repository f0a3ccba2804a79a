"""The dated table of what happened: one row a happening, newest last, and no row that says nothing."""

import re
from collections.abc import Sequence

from complaints.facts.records import Event
from letters.drafting.case import Case
from letters.drafting.events import told_of
from letters.drafting.telling import Told, is_bare, is_recorded_time, told_line
from letters.drafting.wording import day
from letters.records import Block, ChronologyRow, DocumentSource
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

MOST_ROWS = 16
# What may give way first when a table would be too long.
_MINOR = (
    "charge_incurred",
    "bank_letter",
    "client_report",
    "third_party_report",
    "invoice_issued",
    "invoice_paid",
    "account_checked",
    "loan_agreed",
)
_OTHERS_BILLS = ("charge_incurred", "invoice_issued", "invoice_paid")
_ONCE = ("complaint_made", "review_requested", "appeal_made")  # a time record only repeats what the paper shows
_HEALTH = re.compile(r"\b(patient|hospital|surgery|surgical|diagnos\w+|medication|tablets|pregnan\w+)\b", re.IGNORECASE)
_ALIKE = 0.6


def chronology(case: Case, events: Sequence[Event]) -> Block | None:
    """One row a happening, newest last."""
    rows = tuple(_row(case, told) for told in _lines(case, chosen(events)))
    return Block("chronology", rows=rows) if rows else None


def chosen(events: Sequence[Event]) -> tuple[Event, ...]:
    """The key events, each once; what the client says of the effect has its own section."""
    key = [e for e in dict.fromkeys(events) if e.importance == "key" and e.kind != "client_report"]
    return tuple(sorted(key, key=lambda e: (e.date, e.span)))


def _lines(case: Case, events: Sequence[Event]) -> list[Told]:
    """The rows, no more than MOST_ROWS."""
    wanted = [e for e in events if not _out_of_place(case, e, events)]
    found = [told for told in (told_line(case, event) for event in wanted) if told]
    found = [told for told in found if not _said_better(told, found)]
    spare = [told for told in found if told.event.kind in _MINOR][: max(0, len(found) - MOST_ROWS)]
    return [told for told in found if told not in spare]


def _out_of_place(case: Case, event: Event, events: Sequence[Event]) -> bool:
    """Private matters of health, work on this very letter, and what another row tells on its own day."""
    if event.actor == "third_party" and _HEALTH.search(f"{event.summary} {event.span.quote}"):
        return True
    if event.kind in _OTHERS_BILLS and _unclaimed(case, event):
        return True
    if event.kind in _ONCE and is_recorded_time(case, event):
        others = [e for e in events if e.kind == event.kind and not is_recorded_time(case, e)]
        return bool(others) or _is_this_letter(case, event)
    return _dated_elsewhere(case, event, events)


def _unclaimed(case: Case, event: Event) -> bool:
    """A bill of another's with a sum that nobody asks HMRC for, or the payment of one."""
    asked = {r.amount for r in case.analysis.remedies if r.allowed}
    bills = [i for i in case.facts.invoices if i.span.document == event.span.document and i.issued_by != "agent"]
    sums = {m.value for m in find_amounts(told_of(case, event))} | {i.gross for i in bills if i.gross}
    return bool(bills) and bool(sums) and not sums & asked


def _is_this_letter(case: Case, event: Event) -> bool:
    tier = case.analysis.route.tier
    return (event.kind == "complaint_made" and tier == 1) or (event.kind == "review_requested" and tier == 2)


def _dated_elsewhere(case: Case, event: Event, events: Sequence[Event]) -> bool:
    """Whether the line names the day on which it happened, and that day has the same happening in its own row."""
    text = told_of(case, event)
    days = {mention.date for mention in find_dates(text)} - {event.date}
    return any(e.date in days and _overlap(text, told_of(case, e)) >= _ALIKE for e in events if e != event)


def _said_better(told: Told, lines: Sequence[Told]) -> bool:
    """Whether another row of the same day tells the same happening, and more fully."""
    for other in lines:
        same_day = other is not told and other.event.date == told.event.date
        if same_day and _one_happening(told, other) and _fuller(other, told):
            return True
    return False


def _one_happening(told: Told, other: Told) -> bool:
    text, beside = _words(told), _words(other)
    if _overlap(text, beside) >= _ALIKE or _overlap(beside, text) >= _ALIKE:
        return True
    letters = {"letter_to_hmrc", "letter_from_hmrc", "call"}
    return told.event.kind == other.event.kind and told.event.kind in letters and _only_quotes(text, beside)


def _only_quotes(text: str, beside: str) -> bool:
    return is_bare(re.sub(r"[:;].*", "", text)) or is_bare(re.sub(r"[:;].*", "", beside))


def _fuller(one: Told, other: Told) -> bool:
    """Longer in words of its own, then first in order, so that exactly one of two is kept."""
    key = [(-len(_own(_words(t))), t.event.span) for t in (one, other)]
    return key[0] < key[1]


def _own(text: str) -> list[str]:
    return re.sub(r"“[^”]*”", "“", text).split()


def _words(told: Told) -> str:
    return told.sentence.text.removeprefix(f"{day(told.event.date)}: ")


def _overlap(text: str, other: str) -> float:
    mine, theirs = (set(re.findall(r"[a-z£\d][\w.,]{3,}", t.lower())) for t in (text, other))
    return len(mine & theirs) / len(mine) if mine else 0.0


def _row(case: Case, told: Told) -> ChronologyRow:
    source = next(s for s in told.sentence.sources if isinstance(s, DocumentSource))
    number = case.numbers.get(source.document)
    page = f", p {source.page}" if source.page and source.page > 1 else ""
    return ChronologyRow(told.event.date, told.sentence, f"{number}{page}" if number else "")

"""The dated table of what happened, and the paragraph on papers that contradict each other."""

from collections.abc import Sequence
from datetime import date

from complaints.facts.records import Conflict, ConflictSide, Event
from letters.drafting.case import Case
from letters.drafting.failing_facts import dated
from letters.drafting.sentences import fact, label
from letters.drafting.wording import day, flat, quotable, quoted, short_quote, upper_first
from letters.records import Block, ChronologyRow, Sentence

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


def chronology(case: Case, events: Sequence[Event]) -> Block | None:
    """One row an event, newest last."""
    rows = tuple(_row(case, event) for event in chosen(events))
    return Block("chronology", rows=rows) if rows else None


def chosen(events: Sequence[Event]) -> tuple[Event, ...]:
    """The key events, each once, at most MOST_ROWS of them."""
    key = [e for e in dict.fromkeys(events) if e.importance == "key"]
    if len(key) > MOST_ROWS:
        spare = [e for e in key if e.kind in _MINOR][: len(key) - MOST_ROWS]
        key = [e for e in key if e not in spare]
    return tuple(sorted(key, key=lambda e: (e.date, e.span)))


def _row(case: Case, event: Event) -> ChronologyRow:
    summary = upper_first(flat(event.summary).rstrip("."))
    sentence = label(case, f"{day(event.date)}: {summary}", [event.span], computed=_resolved(event))
    number = case.numbers.get(event.span.document)
    page = f", p {event.span.page}" if event.span.page and event.span.page > 1 else ""
    return ChronologyRow(event.date, sentence, f"{number}{page}" if number else "")


def _resolved(event: Event) -> tuple[str, ...]:
    """The derivation of a date that the words give without a year."""
    return () if str(event.date.year) in event.span.quote else (dated(event),)


def conflicts(case: Case, found: Sequence[Conflict]) -> Block | None:
    """Each contradiction with both statements, then which is better evidenced and why."""
    sentences = [sentence for conflict in found for sentence in _conflict(case, conflict)]
    return Block("paragraph", tuple(sentences)) if sentences else None


def _conflict(case: Case, conflict: Conflict) -> tuple[Sentence, ...]:
    sides = list(conflict.statements)
    if len(sides) < 2:
        return ()
    told = ", while ".join(_side(case, side) for side in sides[:3])
    first = fact(case, f"On {_topic(conflict)} the papers differ: {told}", sides, computed=_values(sides))
    if conflict.preferred is None:
        text = f"The papers do not decide the point on {_topic(conflict)}, and we put both versions before HMRC"
        return (first, fact(case, text, sides, cite=False))
    return (first, _preference(case, conflict, sides))


def _topic(conflict: Conflict) -> str:
    text = flat(conflict.what).rstrip(". ")
    starts = ("the ", "whether ", "when ", "which ", "how ", "what ", "who ", "where ")
    return text if text.startswith(starts) else f"the {text}"


def _side(case: Case, side: ConflictSide) -> str:
    value = shown(side.value)
    words = f" ({quoted(short_quote(side.quote))})" if quotable(side.quote) else ""
    return f"{case.called(side.document)} has {value}{words}"


def _preference(case: Case, conflict: Conflict, sides: Sequence[ConflictSide]) -> Sentence:
    why = flat(conflict.why_preferred).rstrip(". ")
    reason = f", because {why}" if why else ""
    text = f"We rely on {shown(conflict.preferred or '')}{reason}"
    computed = [*_values(sides), f"Preferred: {shown(conflict.preferred or '')}. {why}"]
    return fact(case, text, sides, computed=computed, cite=False)


def _values(sides: Sequence[ConflictSide]) -> list[str]:
    return [f"“{flat(s.quote)}” gives {shown(s.value)}" for s in sides]


def shown(value: str) -> str:
    """A value of a conflict as a letter writes it: ISO dates in full."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return flat(value)

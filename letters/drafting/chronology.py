"""The dated table of what happened, and the paragraph on papers that contradict each other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from complaints.facts.records import Conflict, ConflictSide, Event
from letters.drafting.case import Case
from letters.drafting.events import dated, told_of
from letters.drafting.sentences import fact, form, label
from letters.drafting.wording import cited, day, flat, pick, quotable, too_long, upper_first, words_in
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
    """The key events, each once, at most MOST_ROWS of them; what the client says of the effect has its own section."""
    key = [e for e in dict.fromkeys(events) if e.importance == "key" and e.kind != "client_report"]
    if len(key) > MOST_ROWS:
        spare = [e for e in key if e.kind in _MINOR][: len(key) - MOST_ROWS]
        key = [e for e in key if e not in spare]
    return tuple(sorted(key, key=lambda e: (e.date, e.span)))


def _row(case: Case, event: Event) -> ChronologyRow:
    summary = upper_first(told_of(case, event))
    sentence = label(case, f"{day(event.date)}: {summary}", [event.span], computed=_resolved(case, event))
    number = case.numbers.get(event.span.document)
    page = f", p {event.span.page}" if event.span.page and event.span.page > 1 else ""
    return ChronologyRow(event.date, sentence, f"{number}{page}" if number else "")


def _resolved(case: Case, event: Event) -> tuple[str, ...]:
    """The derivation of a date that the words give without a year."""
    return () if str(event.date.year) in event.span.quote else (dated(case, event),)


def conflicts(case: Case, found: Sequence[Conflict]) -> Block | None:
    """Each contradiction with both statements, then which is better evidenced and why."""
    sentences = [sentence for at, conflict in enumerate(merged(found)) for sentence in _conflict(case, conflict, at)]
    return Block("paragraph", tuple(sentences)) if sentences else None


def merged(found: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """Conflicts on one topic as one, with every side once."""
    topics: dict[str, Conflict] = {}
    for conflict in found:
        known = topics.get(conflict.what)
        sides = dict.fromkeys((*known.statements, *conflict.statements) if known else conflict.statements)
        topics[conflict.what] = replace(known or conflict, statements=tuple(sides))
    return tuple(topics.values())


def _conflict(case: Case, conflict: Conflict, at: int) -> tuple[Sentence, ...]:
    sides = _opposed(conflict)
    if len(sides) < 2:
        return ()
    said = [_side(case, side) for side in sides]
    shape = pick(("On {topic} the papers differ: {told}", "The papers disagree on {topic}: {told}"), at)
    text = shape.format(topic=_topic(conflict), told=" but ".join(said))
    first: tuple[Sentence, ...] = (fact(case, text, sides, computed=_values(conflict, sides)),)
    if too_long(text + " (exhibits 10 and 11)"):
        text = shape.format(topic=_topic(conflict), told=said[0])
        first = (
            fact(case, text, sides[:1], computed=_values(conflict, sides)),
            fact(case, upper_first(said[1]), sides[1:]),
        )
    if conflict.preferred is None:
        text = f"The papers do not decide {_topic(conflict)}, and we put both versions before HMRC"
        return (*first, form(case, text))
    return (*first, _preference(case, conflict, sides, at))


def _opposed(conflict: Conflict) -> list[ConflictSide]:
    """One side for the preferred value and one against it, or the first two."""
    wanted = [s for s in conflict.statements if s.value == conflict.preferred]
    others = [s for s in conflict.statements if s.value != conflict.preferred]
    return [wanted[0], others[0]] if wanted and others else list(conflict.statements)[:2]


def _topic(conflict: Conflict) -> str:
    text = flat(conflict.what).rstrip(". ")
    starts = ("the ", "whether ", "when ", "which ", "how ", "what ", "who ", "where ")
    return text if text.startswith(starts) else f"the {text}"


def _side(case: Case, side: ConflictSide) -> str:
    """What a paper says: the date it gives, or its words."""
    if shown(side.value) != flat(side.value) or not quotable(side.quote):
        return f"{case.called(side.document)} gives {shown(side.value)}"
    return f"{case.called(side.document)} says {cited(side.quote, 20)}"


def _preference(case: Case, conflict: Conflict, sides: Sequence[ConflictSide], at: int) -> Sentence:
    why = flat(conflict.why_preferred).rstrip(". ")
    wanted = shown(conflict.preferred or "")
    is_date = wanted != flat(conflict.preferred or "")
    better = f"We rely on {wanted}" if is_date else f"The better evidenced version is “{wanted}”"
    if is_date and at:
        better = f"The better evidenced date is {wanted}"
    reason = f", because {why}" if why and words_in(why) <= 30 else ""
    computed = [*_values(conflict, sides), f"Preferred: {wanted}. {why}"]
    return fact(case, f"{better}{reason}", sides, computed=computed, cite=False)


def _values(conflict: Conflict, sides: Sequence[ConflictSide]) -> list[str]:
    """What each side gives, for the ledger."""
    topic = _topic(conflict)
    return [f"On {topic} the papers differ or disagree.", *_given(sides)]


def _given(sides: Sequence[ConflictSide]) -> list[str]:
    return [f"“{flat(s.quote)}” gives {shown(s.value)}" for s in sides]


def shown(value: str) -> str:
    """A value of a conflict as a letter writes it: ISO dates in full."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return flat(value)

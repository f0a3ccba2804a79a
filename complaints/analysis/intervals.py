"""Further lengths of time that the schedule of a case shows: each act of ours to each answer to it, and time left.

`delays` finds the periods that failings rest on; here the same measure is put to every pair of events that belong
together, so that an adviser can choose another. An act told by a receipt counts as an event of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from complaints.analysis.delays import measure
from complaints.analysis.limits import adjudicator_limit, statutory_review, tribunal_limit
from complaints.analysis.records import Delay
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day
from complaints.facts.records import Event, EventKind, Span

ANSWERS: tuple[EventKind, ...] = ("letter_from_hmrc", "complaint_reply", "review_reply", "documents_requested")
RIGHTED: tuple[EventKind, ...] = ("correction", "withdrawal")
SETTLED: tuple[EventKind, ...] = (*RIGHTED, "repayment_made", "enquiry_closed", "registration", "certificate_issued")
_CHARGES: tuple[EventKind, ...] = (
    "assessment_issued",
    "penalty_issued",
    "demand_issued",
    "charge_incurred",
    "coding_notice",
    "certificate_issued",
)
_RECEIPTS: dict[str, EventKind] = {
    "documents": "documents_sent",
    "representations": "documents_sent",
    "disclosure": "documents_sent",
    "return": "return_received",
    "claim": "claim_made",
    "application": "application_received",
    "payment": "payment_to_hmrc",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """From each event of some kinds to the first later one of others."""

    starts: tuple[EventKind, ...]
    ends: tuple[EventKind, ...]
    what: str


_PAIRS: tuple[Pair, ...] = (
    Pair(("documents_sent",), ANSWERS, "from the papers sent on {day} to HMRC's next step"),
    Pair(("documents_sent",), ("enquiry_closed",), "from the papers sent on {day} to the end of the check"),
    Pair(("documents_sent", "return_received"), ("repayment_made",), "from receipt on {day} to the repayment"),
    Pair(("return_filed", "claim_made"), ("repayment_made",), "from the claim of {day} to the repayment"),
    Pair(("letter_to_hmrc",), ANSWERS, "from the letter of {day} to HMRC's first letter after it"),
    Pair(("letter_to_hmrc",), RIGHTED, "from the letter of {day} to the correction"),
    Pair(("letter_to_hmrc",), ("enquiry_closed",), "from the letter of {day} to the end of the check"),
    Pair(("letter_to_hmrc",), ("repayment_made",), "from the letter of {day} to the repayment"),
    Pair(("payment_to_hmrc",), ("repayment_made",), "from the payment of {day} to its return"),
    Pair(_CHARGES, RIGHTED, "from HMRC's act of {day} to its being put right"),
    Pair(("enquiry_opened",), ("enquiry_closed",), "from the opening of the check on {day} to its end"),
    Pair(("application_made", "application_received"), ("registration", "certificate_issued"), "from the application"),
)


def find_intervals(view: CaseView) -> tuple[Delay, ...]:
    """One for each pair of days, in the order of the rules."""
    found: dict[tuple[date, date], Delay] = {}
    for rule in RULES:
        for delay in rule(view):
            found.setdefault((delay.start, delay.end), delay)
    return tuple(found.values())


def moments(view: CaseView) -> tuple[Event, ...]:
    """The events, with those that only a receipt or an acknowledgement of HMRC's tells."""
    told = [
        Event(p.on, _RECEIPTS[p.thing], "agent", "", p.span, "context", said_in=p.said_on)
        for p in view.facts.positions
        if p.matter == "receipt" and p.holds and p.actor == "hmrc" and p.on and p.thing in _RECEIPTS
    ]
    told = [e for e in told if e.date <= view.intake.opened_on]
    return tuple(sorted((*view.happened, *told), key=lambda e: (e.date, e.kind, e.span)))


def _delay(view: CaseView, start: Event, end: Event | None, what: str) -> Iterator[Delay]:
    last = end.date if end else view.intake.opened_on
    spans = (start.span, *((end.span,) if end else ()))
    delay = measure(view, start.date, last, what.format(day=day(start.date)), spans, is_open=end is None)
    if delay:
        yield delay


def _pairs(view: CaseView) -> Iterator[Delay]:
    known = moments(view)
    for pair in _PAIRS:
        for start in (e for e in known if e.kind in pair.starts and _ours_or_act(e)):
            end = next((e for e in view.events(*pair.ends) if e.date > start.date), None)
            if end:
                yield from _delay(view, start, end, pair.what)


def _ours_or_act(event: Event) -> bool:
    """A letter to HMRC is ours; one that HMRC only mentions as its own is not."""
    return event.kind != "letter_to_hmrc" or event.actor in ("agent", "client")


def _named(view: CaseView) -> Iterator[Delay]:
    """From something that we did to the first paper in which HMRC speaks of it."""
    for act in moments(view):
        if act.actor == "hmrc" or act.kind not in _TOLD:
            continue
        papers = [on for e in view.facts.events if e.date == act.date and (on := _hmrc_day(view, e)) and on > act.date]
        if papers:
            end = next((e for e in view.events(*ANSWERS, "enquiry_closed") if e.date == min(papers)), None)
            if end:
                yield from _delay(view, act, end, "from what was done on {day} to HMRC's first mention of it")


_TOLD: tuple[EventKind, ...] = ("letter_to_hmrc", "return_filed", "documents_sent", "claim_made", "payment_to_hmrc")


def _hmrc_day(view: CaseView, event: Event) -> date | None:
    profile = view.profiles.get(event.span.document)
    by_hmrc = profile is not None and profile.author == "hmrc" and profile.kind != "hmrc_receipt"
    return (event.said_in or profile.written_on) if by_hmrc and profile else None


def _unsettled(view: CaseView) -> Iterator[Delay]:
    """From the first letter, and from a payment that HMRC set against the wrong record, to a matter still open."""
    letters = view.our_letters
    if letters and not any(e.date > letters[0].date for e in view.events(*SETTLED)):
        yield from _delay(view, letters[0], None, "since the first letter of {day}, with the matter still open")
    astray = any(p.matter == "receipt" and p.thing == "payment" and not p.holds for p in view.facts.positions)
    for paid in (e for e in moments(view) if e.kind == "payment_to_hmrc"):
        if astray and not any(e.date > paid.date for e in view.events(*RIGHTED, "repayment_made")):
            yield from _delay(view, paid, None, "since the payment of {day}, still not set against the charge")


def _misdated(view: CaseView) -> Iterator[Delay]:
    """From the true day of receipt to the one that HMRC recorded, and to what it did on the strength of it."""
    for conflict in view.facts.conflicts:
        days = sorted({on for s in conflict.statements if (on := _iso(s.value))})
        if conflict.kind != "receipt" or len(days) != 2:
            continue
        spans = _spans(view, {s.quote for s in conflict.statements})
        gap = measure(view, days[0], days[1], f"from {conflict.what} to the day recorded", spans, is_open=False)
        if gap:
            yield gap
        for act in view.events("penalty_issued", "assessment_issued"):
            acted = measure(view, days[0], act.date, "from receipt to HMRC's decision", (act.span,), is_open=False)
            if acted:
                yield acted


def _iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _spans(view: CaseView, quotes: set[str]) -> tuple[Span, ...]:
    return tuple(p.span for p in view.facts.positions if p.span.quote in quotes)


def _authority(view: CaseView) -> Iterator[Delay]:
    """From the first form of authority to the day on which HMRC accepted one."""
    given = [e for e in moments(view) if e.kind == "authority_given"]
    refused = [p for p in view.facts.positions if p.matter == "authority" and not p.holds]
    had = [p.on for p in refused if p.on]
    accepted = [e for e in given if e.actor == "hmrc" or view.author(e.span.document) == "hmrc"]
    starts = sorted({*had, *(e.date for e in given[:1])})
    if not (starts and accepted and refused):
        return
    end = max(accepted, key=lambda e: e.date)
    what = f"from our authority of {day(starts[0])} to its being accepted"
    delay = measure(view, starts[0], end.date, what, (refused[0].span, end.span), is_open=False)
    if delay:
        yield delay


def _complained(view: CaseView) -> Iterator[Delay]:
    """From the day on which HMRC says that the complaint reached it to the reply that says so."""
    for told in view.facts.positions:
        reply = view.profiles.get(told.span.document)
        dated = told.matter == "receipt" and told.holds and told.thing in ("letter", "complaint")
        if (
            not dated
            or told.on is None
            or reply is None
            or reply.kind != "hmrc_complaint_reply"
            or not reply.written_on
        ):
            continue
        what = "from receipt of the complaint by HMRC to its reply"
        delay = measure(view, told.on, reply.written_on, what, (told.span,), is_open=False)
        if delay:
            yield delay


def _held(view: CaseView) -> Iterator[Delay]:
    """From HMRC's word that it would look again to its decision."""
    for hold in (p for p in view.facts.positions if p.matter == "hold" and p.said_on and p.actor == "hmrc"):
        ended = next((e for e in view.events(*RIGHTED) if hold.said_on and e.date > hold.said_on), None)
        if ended and hold.said_on:
            what = f"from the hold of {day(hold.said_on)} to HMRC's decision"
            delay = measure(view, hold.said_on, ended.date, what, (hold.span, ended.span), is_open=False)
            if delay:
                yield delay


def _statutory(view: CaseView) -> Iterator[Delay]:
    """A review of a decision: from the request, and from the day it was due, to its conclusion."""
    review = statutory_review(view)
    if review is None:
        return
    for start, what in ((review.asked_on, "from the request for a review"), (review.due_on, "from the day due")):
        if start:
            spans = review.spans
            delay = measure(view, start, review.concluded_on, f"{what} to its conclusion", spans, is_open=False)
            if delay:
                yield delay


def _time_left(view: CaseView) -> Iterator[Delay]:
    """From opening the case to the last day for the Adjudicator or the tribunal."""
    for limit, whom in ((adjudicator_limit(view), "Adjudicator"), (tribunal_limit(view), "tribunal")):
        if limit:
            last, spans = limit
            opened = view.intake.opened_on
            left = measure(view, opened, last, f"time left on opening for the {whom}", spans, is_open=False)
            if left:
                yield left


RULES: tuple[Callable[[CaseView], Iterator[Delay]], ...] = (
    _pairs,
    _named,
    _unsettled,
    _misdated,
    _authority,
    _complained,
    _held,
    _statutory,
    _time_left,
)

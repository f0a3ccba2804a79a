"""Lengths of time drawn from the acts of a case, whatever it is about.

Whatever we or the client did that waits for HMRC runs to HMRC's first paper after it, to the first act that settles it
and, while none has, to the day the case was opened. Whatever HMRC did against the client runs to its being put right. A
promise runs from the day it was given and the day it was due. The ends are facts; whether a length of time was
unreasonable is for the failings. The ranking puts what is still open and what HMRC answered before what merely follows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from complaints.analysis.addresses import change_of_address, misdirected_post
from complaints.analysis.delays import measure
from complaints.analysis.outstanding import part_paid
from complaints.analysis.promises import is_promise, is_standing, kept_by
from complaints.analysis.records import Delay
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, says, squash
from complaints.facts.records import DocumentProfile, Event, EventKind, Span
from lightpoint.language.dates import find_dates

_ASKED: dict[EventKind, str] = {
    "return_received": "receipt of the return",
    "return_filed": "the return",
    "claim_made": "the claim",
    "application_received": "receipt of the application",
    "application_made": "the application",
    "complaint_received": "receipt of the complaint",
    "complaint_made": "the complaint",
    "review_requested": "the request for a review",
    "appeal_made": "the appeal",
    "payment_to_hmrc": "the payment",
    "letter_to_hmrc": "the letter",
    "documents_sent": "the papers sent",
    "authority_given": "the authority",
    "address_changed": "the change of address",
}
_AGAINST: dict[EventKind, str] = {
    "penalty_issued": "the penalty",
    "assessment_issued": "the assessment",
    "demand_issued": "the demand",
    "coding_notice": "the coding notice",
    "calculation_issued": "the calculation",
    "certificate_issued": "the certificate",
    "charge_incurred": "the charge",
    "visit": "the visit",
    "disclosure": "the disclosure",
    "enquiry_opened": "the opening of the check",
}
_SETTLED: tuple[EventKind, ...] = (
    "correction",
    "withdrawal",
    "repayment_made",
    "enquiry_closed",
    "registration",
    "certificate_issued",
    "tribunal_decision",
)
_RIGHTED: tuple[EventKind, ...] = ("correction", "withdrawal", "repayment_made")
# What HMRC or its system did to the client, in the words in which papers tell of it.
_DONE = (
    r"\b(?:cancelled|stopped|set (?:it |this |that |them )?(?:off|against)|set-off|took|taken|deducted|withheld|"
    r"clawed back|recalled|reinstated|re-?opened|re-?issued|reversed|undid|undone|overwr(?:ote|itten)|"
    r"went back|gone back|put back|moved (?:back|over)|reverted|re-?ran|removed from|issued again|charged again)\b"
)
_NOT_DONE = r"\b(?:if|unless|would|could|may|might|will|not|never|once|until|should)\b"
_OUR_OWN = frozenset({"time_record", "invoice", "bank_statement", "computation"})


@dataclass(frozen=True, slots=True)
class Wait:
    """A length of time with its rank: the lower comes first where not all can be shown."""

    rank: int
    delay: Delay


def find_waits(view: CaseView, known: tuple[Event, ...]) -> tuple[Delay, ...]:
    """One for each pair of days, the first in rank first; `known` are the events and what receipts tell."""
    waits = [wait for rule in RULES for wait in rule(view, known)]
    found: dict[tuple[date, date], Delay] = {}
    for wait in sorted(waits, key=lambda w: (w.rank, w.delay.start, w.delay.end)):
        found.setdefault((wait.delay.start, wait.delay.end), wait.delay)
    return tuple(found.values())


def _wait(
    view: CaseView, rank: int, start: date, end: date | None, what: str, spans: tuple[Span, ...]
) -> Iterator[Wait]:
    last = end or view.intake.opened_on
    delay = measure(view, start, last, what, spans, is_open=end is None)
    if delay and start <= view.intake.opened_on:
        yield Wait(rank, delay)


def hmrc_papers(view: CaseView) -> tuple[DocumentProfile, ...]:
    """What HMRC wrote, in date order."""
    written = [p for p in view.facts.documents if p.author == "hmrc" and p.written_on]
    return tuple(sorted(written, key=lambda p: (p.written_on or date.max, p.document)))


def settled_after(view: CaseView, start: date, kinds: tuple[EventKind, ...] = _SETTLED) -> Event | None:
    """The first act that settles a matter; a payment of part, with the rest still wanted, settles nothing."""
    if part_paid(view):
        kinds = tuple(kind for kind in kinds if kind != "repayment_made")
    return view.first(*kinds, after=start)


def _asked(known: tuple[Event, ...]) -> Iterator[Event]:
    """What waits for HMRC, one for each day and kind; a letter that only HMRC mentions as its own is none."""
    seen: set[tuple[date, EventKind]] = set()
    for event in known:
        ours = event.actor in ("agent", "client") or event.kind in (
            "return_received",
            "application_received",
            "complaint_received",
        )
        if event.kind in _ASKED and ours and (event.date, event.kind) not in seen:
            seen.add((event.date, event.kind))
            yield event


def _answers(view: CaseView, known: tuple[Event, ...]) -> Iterator[Wait]:
    """To HMRC's first paper, to the first act that settles the matter, and on while none has."""
    papers = hmrc_papers(view)
    letters = tuple(p for p in papers if p.kind != "hmrc_receipt")
    for ask in _asked(known):
        noun = f"{_ASKED[ask.kind]} of {day(ask.date)}"
        for paper in (p for p in (_next_paper(papers, ask.date), _next_paper(letters, ask.date)) if p):
            spans = (ask.span, *((paper.date_span,) if paper.date_span else ()))
            yield from _wait(view, 2, ask.date, paper.written_on, f"from {noun} to HMRC's first paper after it", spans)
        done = settled_after(view, ask.date)
        if done:
            yield from _wait(view, 3, ask.date, done.date, f"from {noun} to HMRC's act on it", (ask.span, done.span))
        if ask.kind == "letter_to_hmrc" and not _mentioned(view, ask):
            yield from _wait(view, 1, ask.date, None, f"since {noun}, which no paper of HMRC's mentions", (ask.span,))
        elif not done and ask.kind not in ("address_changed", "authority_given"):
            yield from _wait(view, 1, ask.date, None, f"since {noun}, with the matter still open", (ask.span,))


def _mentioned(view: CaseView, letter: Event) -> bool:
    """Whether a paper of HMRC's speaks of our letter by its day."""
    return any(e.date == letter.date and view.author(e.span.document) == "hmrc" for e in view.facts.events)


def _next_paper(papers: tuple[DocumentProfile, ...], after: date) -> DocumentProfile | None:
    return next((p for p in papers if p.written_on and p.written_on > after), None)


def _penalised(view: CaseView, known: tuple[Event, ...]) -> Iterator[Wait]:
    """From a return or payment that HMRC had to its charge for not having it."""
    for ask in _asked(known):
        if ask.kind in ("return_received", "return_filed", "payment_to_hmrc", "claim_made"):
            charge = view.first("penalty_issued", "assessment_issued", "demand_issued", after=ask.date)
            if charge:
                what = f"from {_ASKED[ask.kind]} of {day(ask.date)} to HMRC's charge"
                yield from _wait(view, 2, ask.date, charge.date, what, (ask.span, charge.span))


def _denials(view: CaseView, known: tuple[Event, ...]) -> Iterator[Wait]:
    """From receipt to each paper in which HMRC denies it or gives it another day."""
    for conflict in view.facts.conflicts:
        if conflict.kind != "receipt":
            continue
        words = {s.quote for s in conflict.statements}
        told = [p for p in view.facts.positions if p.matter == "receipt" and p.span.quote in words and p.said_on]
        days = [p.on for p in told if p.holds and p.on] + _named_days(conflict.preferred)
        for ask in (e for e in _asked(known) if days and e.date == min(days)):
            for denial in (p for p in told if p.said_on and (not p.holds or p.on != min(days))):
                what = f"from {_ASKED[ask.kind]} of {day(ask.date)} to HMRC's denial of it"
                yield from _wait(view, 1, ask.date, denial.said_on, what, (ask.span, denial.span))


def _named_days(value: str | None) -> list[date]:
    return [m.date for m in find_dates(value or "", reference=None) if m.complete]


def _acts(view: CaseView, _known: tuple[Event, ...]) -> Iterator[Wait]:
    """From what HMRC did against the client to its being put right."""
    done = [(e.date, _AGAINST[e.kind], e.span) for e in view.events(*_AGAINST) if e.actor != "client"]
    for on, noun, span in (*done, *told_acts(view)):
        cure = settled_after(view, on, _RIGHTED)
        end = "to its being put right" if cure else "which has not been put right"
        spans = (span, *((cure.span,) if cure else ()))
        yield from _wait(view, 1, on, cure.date if cure else None, f"from {noun} of {day(on)}, {end}", spans)


def told_acts(view: CaseView) -> tuple[tuple[date, str, Span], ...]:
    """Acts of HMRC that a sentence of the papers dates: money set off, an order cancelled, a record put back."""
    found: dict[date, tuple[date, str, Span]] = {}
    for told in view.facts.positions:
        undone = told.matter in ("paid", "state") and not told.holds and told.actor == "hmrc"
        if undone and told.on and told.on <= view.intake.opened_on:
            found.setdefault(told.on, (told.on, "HMRC's act", told.span))
    for span in view.quotes:
        words = squash(span.quote)
        profile = view.profiles.get(span.document)
        if profile is None or profile.kind in _OUR_OWN or says(words, _NOT_DONE):
            continue
        if not (says(words, _DONE) and (profile.author == "hmrc" or _of_hmrc(profile, words))):
            continue
        for mention in find_dates(words, reference=profile.written_on)[:1]:
            if mention.date <= view.intake.opened_on:
                found.setdefault(mention.date, (mention.date, "HMRC's act", span))
    return tuple(found[on] for on in sorted(found))


def _of_hmrc(profile: DocumentProfile, words: str) -> bool:
    """Said in a talk with HMRC, or of HMRC by name."""
    return profile.kind in ("call_note", "webchat") or says(words, r"\bHMRC\b|\byou (?:have )?(?:took|taken|set)\b")


def _promises(view: CaseView, _known: tuple[Event, ...]) -> Iterator[Wait]:
    """From the day a promise was given, and from the day it was due, to its being kept."""
    for promise in view.facts.undertakings:
        if not is_promise(promise) or is_standing(promise):
            continue
        kept = kept_by(view, promise)
        if kept and (promise.due_on is None or kept.date <= promise.due_on):
            continue
        spans = (promise.span, *((kept.span,) if kept else ()))
        for start, whence in ((promise.due_on, "the day promised"), (promise.made_on, "HMRC's promise")):
            if start:
                end = "to its being kept" if kept else "which is not kept"
                what = f"from {whence}, {day(start)}, {end}"
                yield from _wait(view, 1, start, kept.date if kept else None, what, spans)


def _shut_out(view: CaseView, _known: tuple[Event, ...]) -> Iterator[Wait]:
    """From the day on which our authority was first denied or lost to its being accepted, and on while it is not."""
    lost = [(p.on or p.said_on, p.span) for p in view.facts.positions if p.matter == "authority" and not p.holds]
    lost += [(view.said_on(s), s.span) for s in view.statements("authority_denied")]
    days_lost = sorted((on, span) for on, span in lost if on)
    if not days_lost:
        return
    start, span = days_lost[0]
    again = view.first("authority_given", after=start)
    end = "to its being accepted again" if again else "which is still denied"
    what = f"from the denial or loss of our authority on {day(start)}, {end}"
    spans = (span, *((again.span,) if again else ()))
    yield from _wait(view, 1, start, again.date if again else None, what, spans)


def _old_address(view: CaseView, _known: tuple[Event, ...]) -> Iterator[Wait]:
    changed = change_of_address(view)
    for letter in misdirected_post(view) if changed else ():
        if changed:
            what = "from the change of address to a letter of HMRC's to the old one"
            yield from _wait(view, 1, changed.date, letter.date, what, (changed.span, letter.span))


RULES: tuple[Callable[[CaseView, tuple[Event, ...]], Iterator[Wait]], ...] = (
    _promises,
    _denials,
    _old_address,
    _shut_out,
    _acts,
    _answers,
    _penalised,
)

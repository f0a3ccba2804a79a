"""Periods that HMRC took, in calendar days and in working days of the client's nation.

Each rule answers one question ("how long did our letter wait?") and yields periods of its kind. A period that has
not ended runs to the day the case was opened. CRG4050 takes the first contact as the start and the resolution as the
end; whether a period was unreasonable is for the failings, not for this module.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.appeals import appealable_decisions
from complaints.analysis.limits import statutory_review
from complaints.analysis.losses import find_loss
from complaints.analysis.outstanding import part_paid
from complaints.analysis.promises import exact, is_promise, is_standing, kept_by
from complaints.analysis.records import Delay
from complaints.analysis.view import WRITTEN_REPLIES, CaseView
from complaints.analysis.wording import day, says
from complaints.facts.records import Event, EventKind, Span
from lightpoint.calendars import snapshot_warning, working_days_between
from lightpoint.language.money import find_amounts

DelayKind = Literal[
    "payment",
    "application",
    "letter",
    "promise",
    "complaint",
    "notice",
    "ignored_change",
    "repeat",
    "documents",
    "enquiry",
    "appeal_window",
    "review",
]
RIGHTED: tuple[EventKind, ...] = ("correction", "withdrawal")


@dataclass(frozen=True, slots=True)
class Period:
    """A delay with the rule that found it and the event that began it."""

    kind: DelayKind
    delay: Delay
    began: Event | None = None


def find_periods(view: CaseView) -> tuple[Period, ...]:
    """All periods, one for each pair of dates, in the order of the rules."""
    found: dict[tuple[date, date], Period] = {}
    for rule in RULES:
        for period in rule(view):
            found.setdefault((period.delay.start, period.delay.end), period)
    return tuple(found.values())


def _period(
    view: CaseView, kind: DelayKind, began: Event, ended: Event | None, what: str, *, extra: Iterable[Span] = ()
) -> Iterator[Period]:
    end = ended.date if ended else view.intake.opened_on
    spans = (began.span, *extra, *((ended.span,) if ended else ()))
    delay = measure(view, began.date, end, what, spans, is_open=ended is None)
    if delay:
        yield Period(kind, delay, began)


def measure(view: CaseView, start: date, end: date, what: str, spans: Iterable[Span], *, is_open: bool) -> Delay | None:
    """The period from `start` to `end`; None where it has no days or lies beyond the known bank holidays."""
    if end <= start or snapshot_warning(start) or snapshot_warning(end):
        return None
    working = working_days_between(start, end, view.intake.nation)
    return Delay(start, end, working, (end - start).days, what, is_open, tuple(dict.fromkeys(spans)))


def _money_wanted(view: CaseView) -> bool:
    roles = {"repayment_due", "repayment_claimed", "repayment_outstanding"}
    return any(a.role in roles and a.value > 0 for a in view.facts.amounts) or bool(view.agreed_due)


def claims(view: CaseView) -> tuple[Event, ...]:
    """Claims to have money back; a claim to a grant that was paid, or a form sent back, is none."""
    sums = {a.span.document for a in view.facts.amounts if a.role in _CLAIMED}
    made = view.events("claim_made")
    return tuple(e for e in made if _wants_money(e.span.quote) or (e.span.document in sums and e.actor != "hmrc"))


_CLAIMED = ("repayment_claimed", "loss_carried_back", "repayment_due")


def _wants_money(words: str) -> bool:
    return says(words, r"repay|refund|relief|loss|carry|overpa|reclaim|back\b|receiv") and not says(
        words, r"\bgrant\b|64-?8"
    )


def paid_without_cause(view: CaseView) -> Event | None:
    """The first payment of a charge that HMRC later gave up: what is wanted back is that payment."""
    wanted = {a.value for a in view.facts.amounts if a.role in ("repayment_due", "repayment_outstanding")}
    paid = {a.value for a in view.facts.amounts if a.role == "tax_paid"}
    given_up = view.first("withdrawal") or view.first("correction")
    if not (wanted & paid and given_up) or claims(view):
        return None
    return next((e for e in view.events("payment_to_hmrc") if _names(view, e, wanted)), None)


def _names(view: CaseView, event: Event, sums: set[Decimal]) -> bool:
    """Whether a payment is of one of the sums: in its own words, or by the day that goes with the sum."""
    told = {m.value for m in find_amounts(event.span.quote)}
    dated = {a.value for a in view.facts.amounts if a.on == event.date and a.span.document == event.span.document}
    return bool(sums & (told | dated))


def repayment_began(view: CaseView) -> Event | None:
    """The claim, or the return that showed the repayment: the last that HMRC had before anybody chased.

    A receipt date that HMRC only asserts later, after it was chased, does not displace the filing.
    """
    chased = min((e.date for e in view.our_letters), default=view.intake.opened_on)
    paid = paid_without_cause(view)
    if paid:
        return paid
    claim = next(iter(claims(view)), None) or _claim_sent(view)
    received = view.last("return_received", "application_received", before=chased)
    filed = view.last("return_filed", "application_made", before=chased)
    if claim and received and received.date == claim.date:
        return received
    if received and filed and received.date < filed.date:
        return claim or filed
    return claim or received or filed or view.first("return_received", "return_filed")


def _returned(view: CaseView) -> bool:
    """Whether a return of ours showed money due back."""
    sums = [a for a in view.facts.amounts if a.role in ("repayment_due", "repayment_claimed")]
    return any(view.kind(a.span.document) in ("hmrc_statement", "hmrc_receipt", "computation") for a in sums)


def _claim_sent(view: CaseView) -> Event | None:
    """Papers sent to HMRC in words that claim a repayment."""
    sent = view.events("documents_sent", "letter_to_hmrc")
    return next((e for e in sent if says(e.span.quote, r"\bclaim(s|ing)?\b.{0,40}\b(repay|refund|relief)")), None)


def _payment(view: CaseView) -> Iterator[Period]:
    began = repayment_began(view)
    if began is None or not (_money_wanted(view) or claims(view) or _claim_sent(view)):
        return
    if view.events("withdrawal") and not (claims(view) or paid_without_cause(view) or _returned(view)):
        return
    paid = None if part_paid(view) else view.first("repayment_made", after=began.date)
    done = paid or (None if _money_wanted(view) else view.first(*RIGHTED, after=began.date))
    end = "to the repayment" if done else "with the repayment still to come"
    noun = "claim" if claims(view) or _claim_sent(view) else "return"
    noun = "payment" if paid_without_cause(view) else noun
    yield from _period(view, "payment", began, done, f"from the {noun} {end}")


def _applications(view: CaseView) -> Iterator[Period]:
    """An application or registration that was chased or is still undecided."""
    began = view.first("application_received") or view.first("application_made")
    if began is None:
        return
    answers: tuple[EventKind, ...] = ("registration", "certificate_issued", "notice_issued", "authority_given")
    decided = view.first(*answers, "letter_from_hmrc", after=began.date)
    chased = any(began.date < e.date < decided.date for e in view.our_letters) if decided else True
    if chased:
        yield from _period(view, "application", began, decided, "from the application to HMRC's decision on it")


def _naming(view: CaseView, letter: Event) -> Event | None:
    """The letter in which HMRC speaks of ours by its day."""
    told = {e.said_in for e in view.facts.events if e.date == letter.date and view.author(e.span.document) == "hmrc"}
    return next((e for e in view.events("letter_from_hmrc") if e.date > letter.date and e.date in told), None)


def first_reply(view: CaseView, letter: Event) -> Event | None:
    """HMRC's first written answer or act after a letter; notices and demands that go their own way do not answer."""
    answer = view.first(*WRITTEN_REPLIES, after=letter.date)
    if answer and answer.kind == "enquiry_closed":
        answer = _naming(view, letter) or answer
    code = view.first("coding_notice", after=letter.date)
    return min((e for e in (answer, code) if e), key=lambda e: e.date, default=None)


def _letters(view: CaseView) -> Iterator[Period]:
    for letter in view.our_letters:
        sender = "our" if letter.actor == "agent" else "the client's"
        reply = first_reply(view, letter)
        what = f"from {sender} letter of {day(letter.date)} to HMRC's first reply or act on it"
        yield from _period(view, "letter", letter, reply, what if reply else f"{what}, which has not come")


def _promises(view: CaseView) -> Iterator[Period]:
    for promise in view.facts.undertakings:
        if not is_promise(promise) or is_standing(promise):
            continue
        kept = kept_by(view, promise)
        start = promise.due_on if promise.due_on and exact(promise) else promise.made_on
        end = kept.date if kept else view.intake.opened_on
        whence = "HMRC's promise" if start == promise.made_on else "the day by which HMRC had promised"
        what = f"from {whence} on {day(promise.made_on)} to {promise.what}" + (", not kept" if kept is None else "")
        spans = (promise.span, *((kept.span,) if kept else ()))
        delay = measure(view, start, end, what, spans, is_open=kept is None)
        if delay:
            yield Period("promise", delay)


def _complaints(view: CaseView) -> Iterator[Period]:
    made, received = view.first("complaint_made"), view.first("complaint_received")
    reply = view.first("complaint_reply")
    for began in dict.fromkeys(e for e in (received, made) if e):
        what = "from the complaint to HMRC's first-tier reply"
        yield from _period(view, "complaint", began, reply, what if reply else "since the complaint, still unanswered")
    final = view.first("review_reply")
    asked = view.last("review_requested", before=final.date if final else None)
    if asked and statutory_review(view) is None:
        answer = view.first("review_reply", after=asked.date)
        what = "from the request for a second review to HMRC's second-tier reply"
        yield from _period(view, "complaint", asked, answer, what if answer else f"{what}, still awaited")


def _reviews(view: CaseView) -> Iterator[Period]:
    """From the day on which a statutory review was due to its conclusion, where it was late."""
    review = statutory_review(view)
    if review and review.due_on:
        what = "from the day on which the review of the decision was due to its conclusion"
        late = measure(view, review.due_on, review.concluded_on, what, review.spans, is_open=False)
        if late:
            yield Period("review", late)


def _notices(view: CaseView) -> Iterator[Period]:
    """From each wrong notice to the act that put it right."""
    for kind, cures in CURES.items():
        wrong = view.first(kind)
        cure = view.first(*cures, after=wrong.date) if wrong else None
        if wrong and cure:
            what = f"from HMRC's {NOTICE_NAMES[kind]} of {day(wrong.date)} to its correction"
            yield from _period(view, "notice", wrong, cure, what)


CURES: dict[EventKind, tuple[EventKind, ...]] = {
    "certificate_issued": RIGHTED,
    "coding_notice": RIGHTED,
    "assessment_issued": RIGHTED,
    "penalty_issued": RIGHTED,
    "calculation_issued": RIGHTED,
    "demand_issued": ("withdrawal",),
}
NOTICE_NAMES: dict[EventKind, str] = {
    "certificate_issued": "certificate",
    "coding_notice": "coding notice",
    "assessment_issued": "assessment",
    "penalty_issued": "penalty notice",
    "calculation_issued": "calculation",
    "demand_issued": "demand",
    "notice_issued": "notice",
}


def _ignored_changes(view: CaseView) -> Iterator[Period]:
    """From a change that HMRC was told of to its last act as if it had not been."""
    changed = view.first("address_changed")
    last = view.last("disclosure") if changed else None
    last_act = misdirected_post(view)[-1:] if changed else ()
    for act in (last, *last_act):
        if changed and act:
            what = "from the change of address to HMRC's last letter to the old one"
            yield from _period(view, "ignored_change", changed, act, what)
    given, denied = view.first("authority_given"), view.statements("authority_denied", actor="hmrc")
    if given and denied:
        said = view.said_on(denied[-1])
        what = "from our authority being lodged to HMRC's last refusal to recognise it"
        delay = said and measure(view, given.date, said, what, (given.span, denied[-1].span), is_open=False)
        if delay:
            yield Period("ignored_change", delay, given)


def _repeats(view: CaseView) -> Iterator[Period]:
    """From a mistake made again after it had been put right."""
    for again in repeated_notices(view):
        cure = view.first(*RIGHTED, after=again.date)
        what = f"since HMRC repeated the error on {day(again.date)}" + ("" if cure else ", still uncorrected")
        yield from _period(view, "repeat", again, cure, what)


def repeated_notices(view: CaseView) -> tuple[Event, ...]:
    """Notices of a kind that HMRC had already corrected, issued after the correction with another outcome."""
    righted = {e.date for e in view.events(*RIGHTED)}
    found: list[Event] = []
    for kind in ("coding_notice", "assessment_issued", "penalty_issued", "demand_issued", "certificate_issued"):
        issued = [e for e in view.events(kind) if e.date not in righted]
        for earlier, later in pairwise(issued):
            if any(earlier.date < cured < later.date for cured in righted):
                found.append(later)
    return tuple(sorted(found, key=lambda e: e.date))


def _documents(view: CaseView) -> Iterator[Period]:
    """From the day HMRC had something to the day it said it had not, or charged as if it had not."""
    loss = find_loss(view)
    if loss is None:
        yield from _wrong_day(view)
        return
    for on, span in loss.said:
        what = "from receipt by HMRC to its saying that it has no trace"
        delay = measure(view, loss.had.date, on, what, (loss.had.span, span), is_open=False)
        if delay:
            yield Period("documents", delay, loss.had)
    penalty = view.first("penalty_issued", after=loss.had.date)
    if penalty:
        yield from _period(view, "documents", loss.had, penalty, "from receipt by HMRC to its penalty notice")


def _wrong_day(view: CaseView) -> Iterator[Period]:
    """From receipt to the last paper in which HMRC gives it another day, by better evidence a wrong one."""
    for conflict in view.facts.conflicts:
        values = {s.value for s in conflict.statements}
        if conflict.kind != "receipt" or conflict.preferred not in values or len(values) < 2:
            continue
        had = next((e for e in view.happened if e.date.isoformat() == conflict.preferred), None)
        wrong = {s.quote for s in conflict.statements if s.value != conflict.preferred}
        said = [p for p in view.facts.positions if p.span.quote in wrong and p.actor == "hmrc" and p.said_on]
        if had and said and said[-1].said_on:
            what = "from receipt by HMRC to its letter with another day of receipt"
            spans = (had.span, said[-1].span)
            delay = measure(view, had.date, said[-1].said_on, what, spans, is_open=False)
            if delay:
                yield Period("documents", delay, had)


def _enquiries(view: CaseView) -> Iterator[Period]:
    opened = view.first("enquiry_opened")
    if opened:
        closed = view.first("enquiry_closed", after=opened.date)
        yield from _period(view, "enquiry", opened, closed, "from the opening of the check to its end")
        sent = view.first("documents_sent", on_or_after=opened.date)
        if sent:
            yield from _period(view, "enquiry", sent, closed, "from our sending what was asked to the end of the check")


def _appeal_windows(view: CaseView) -> Iterator[Period]:
    """The time left to appeal on the day the case was opened."""
    for decision in appealable_decisions(view):
        what = f"time left on opening to appeal against HMRC's decision of {day(decision.made_on)}"
        delay = measure(view, view.intake.opened_on, decision.last_day, what, decision.spans, is_open=False)
        if delay:
            yield Period("appeal_window", delay)


RULES: tuple[Callable[[CaseView], Iterator[Period]], ...] = (
    _payment,
    _promises,
    _letters,
    _complaints,
    _reviews,
    _notices,
    _repeats,
    _ignored_changes,
    _documents,
    _applications,
    _enquiries,
    _appeal_windows,
)

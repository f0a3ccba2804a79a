"""What to ask for, what must not be asked for, and why. Pure.

Redress restores and never enriches; it is ex gratia and only for actual, evidenced, caused loss (CRG5025, CRG5125).
What the client or the brief wants and the guidance refuses is listed too, with `allowed` false and the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from complaints.analysis import remedies_costs, remedies_person
from complaints.analysis.delays import repeated_notices
from complaints.analysis.losses import find_loss
from complaints.analysis.offers import Offer, Plan
from complaints.analysis.outstanding import rest_unpaid
from complaints.analysis.promises import broken, kept_by
from complaints.analysis.records import Remedy
from complaints.analysis.repaid import is_received, sums_named
from complaints.analysis.standards import REMEDY_BASIS
from complaints.analysis.view import CaseView
from complaints.analysis.wording import Guidance, day, in_force, listed, pounds, says
from complaints.facts.records import Amount
from lightpoint.language.money import find_amounts

__all__ = ["Offer", "Plan", "find_remedies"]


def find_remedies(plan: Plan, guidance: Guidance) -> tuple[Remedy, ...]:
    """Remedies in the order of the requests: money due, redress, acts; then what is refused."""
    offers = [offer for rule in RULES for offer in rule(plan)]
    asked = [o for o in offers if o.allowed]
    barred = [o for o in offers if not o.allowed]
    return tuple(_remedy(offer, guidance) for offer in (*asked, *barred))


def _remedy(offer: Offer, guidance: Guidance) -> Remedy:
    basis = in_force(offer.basis or REMEDY_BASIS[offer.kind], guidance)
    return Remedy(offer.kind, offer.amount, basis, offer.allowed, offer.why, offer.ask, offer.spans, offer.condition)


def _repayment(plan: Plan) -> Iterator[Offer]:
    view = plan.view
    due = outstanding_repayment(view)
    if due and plan.has_complaint:
        agreed = view.agreed_due
        why = (
            "HMRC has agreed that this sum is due and has not paid it."
            if agreed
            else "The sum claimed has not been paid, and the claim has not been refused in writing."
        )
        yield Offer(
            "repayment",
            due.value,
            True,
            why,
            ask=f"repayment of {pounds(due.value)}",
            spans=(due.span, *(s.span for s in agreed)),
        )
        yield Offer(
            "interest",
            None,
            True,
            "Repayment interest is statutory and comes with the repayment under the tax's"
            " own rules; no figure is in evidence and no ex gratia addition may be asked for.",
            ask="the statutory repayment interest due on it",
            spans=(due.span,),
        )
    if not due and plan.has_complaint and interest_wanted(plan):
        paid = view.last("repayment_made")
        yield Offer(
            "interest",
            None,
            True,
            "The money came late and nothing shows that interest was paid with it; repayment interest is statutory,"
            " no figure is in evidence and no ex gratia addition may be asked for.",
            ask="the statutory repayment interest due on the sum repaid",
            spans=(paid.span,) if paid else (),
        )
    over = outstanding_overdeduction(view)
    if over and plan.has_complaint:
        yield Offer(
            "repayment",
            over.value,
            True,
            "Tax taken under the wrong code and not yet refunded; it is normally"
            " refunded through payroll once the code is right.",
            ask=f"refund of {pounds(over.value)} taken under the wrong code",
            spans=(over.span,),
        )
    yield from _refunded(view)


def interest_wanted(plan: Plan) -> bool:
    """A repayment that came late by a failing, with no interest in evidence."""
    view = plan.view
    given = any(a.role == "interest_paid" for a in view.facts.amounts)
    late = plan.failed("delay") and any(b.failing == "delay" and b.delay and not b.delay.open for b in plan.breaches)
    return bool(view.events("repayment_made")) and late and not given


def outstanding_repayment(view: CaseView) -> Amount | None:
    """The sum that is still to be paid: what HMRC's latest paper says, before what we claimed."""
    paid = _paid(view)
    settled = promised_sum(view) or rest_unpaid(view, paid)
    if settled:
        return settled
    for wanted in (
        _is_role("repayment_outstanding"),
        _is_role("repayment_due"),
        _is_role("repayment_claimed"),
        _claimed,
    ):
        open_sums = [a for a in view.facts.amounts if wanted(a) and a.value > 0 and a.value not in paid]
        open_sums = [a for a in open_sums if view.kind(a.span.document) not in _NOT_HMRCS]
        if open_sums:
            counts = {a.value: sum(b.value == a.value for b in open_sums) for a in open_sums}
            by_hmrc = [a for a in open_sums if view.author(a.span.document) == "hmrc"]
            return max(by_hmrc or open_sums, key=lambda a: (counts[a.value], a.value))
    return None


# A bank's or a supplier's paper cannot say what HMRC owes.
_NOT_HMRCS = ("bank_letter", "bank_statement", "third_party_letter", "invoice", "time_record")


def promised_sum(view: CaseView) -> Amount | None:
    """The sum that HMRC undertook to pay back and, by all that the papers show, has not."""
    for promise in broken(view):
        told = f"{promise.what} {promise.span.quote}"
        if kept_by(view, promise) or not says(told, r"\b(refund|repa(y|id)|repayment|return|pay)\w*\b"):
            continue
        named = {m.value for m in find_amounts(told) if m.explicit}
        sums = [a for a in view.facts.amounts if a.value in named]
        own = [a for a in sums if a.span.document == promise.span.document]
        if own:
            return own[0]
    return None


def _is_role(role: str) -> Callable[[Amount], bool]:
    return lambda amount: amount.role == role


def _claimed(amount: Amount) -> bool:
    """A sum of no other role that a letter calls on HMRC to repay."""
    plain = amount.role in ("tax_paid", "other", "tax_overdeducted")
    return plain and says(amount.what, r"\b(claim\w*|repay\w*|refund\w*)\b")


def _paid(view: CaseView) -> set[Decimal]:
    """Sums that the papers say were repaid."""
    rows = [a for a in view.facts.amounts if a.role in ("repayment_made", "tax_refunded")]
    paid = {a.value for a in rows if is_received(view.facts, a, view.profiles)}
    return paid | sums_named(view.events("repayment_made"))


def outstanding_overdeduction(view: CaseView) -> Amount | None:
    """Tax taken in error that no refund has yet met; pay days after the opening of the case are left out."""
    refunded = {a.value for a in view.facts.amounts if a.role == "tax_refunded"}
    taken = [a for a in view.facts.amounts if a.role == "tax_overdeducted" and a.value not in refunded]
    taken = [a for a in taken if a.on is None or a.on <= view.intake.opened_on]
    return max(taken, key=lambda a: (a.on is not None, a.on or view.intake.opened_on, -a.value), default=None)


def _refunded(view: CaseView) -> Iterator[Offer]:
    due = outstanding_repayment(view)
    refunded = (a.value for a in view.facts.amounts if a.role == "tax_refunded")
    for value in dict.fromkeys(v for v in refunded if due is None or v != due.value):
        amount = next(a for a in view.facts.amounts if a.role == "tax_refunded" and a.value == value)
        yield Offer(
            "repayment", value, False, f"{pounds(value)} has already been refunded.", ("CRG5025",), spans=(amount.span,)
        )


def _penalty(plan: Plan) -> Iterator[Offer]:
    """Cancelling a penalty or assessment belongs to the appeal."""
    if not plan.appeals:
        return
    view = plan.view
    for amount in _one_each([a for a in view.facts.amounts if a.role in ("penalty", "surcharge", "assessed_tax")]):
        word = "tax" if amount.role == "assessed_tax" else amount.role
        yield Offer(
            "repayment",
            amount.value,
            False,
            f"Setting aside the {word} of {pounds(amount.value)} is for the"
            " appeal; the complaints process does not consider matters proper to the tribunal.",
            ("CRG3050", "complain-about-hmrc"),
            spans=(amount.span,),
        )


def _one_each(amounts: Sequence[Amount]) -> list[Amount]:
    return list({a.value: a for a in reversed(amounts)}.values())[::-1]


def _apology(plan: Plan) -> Iterator[Offer]:
    if not plan.breaches or not plan.has_complaint:
        return
    faults = listed(dict.fromkeys(_FAULTS[b.failing] for b in plan.breaches[:4] if b.failing in _FAULTS))
    yield Offer(
        "apology",
        None,
        True,
        "Acknowledging the mistake, explaining it and apologising are what remedy"
        f" invariably involves: here for {faults}.",
        ask=f"a written apology and an explanation of {faults}",
        spans=tuple(s for b in plan.breaches[:2] for s in b.spans[:1]),
    )


_FAULTS = {
    "delay": "the delay",
    "unanswered_correspondence": "the letters left unanswered",
    "broken_undertaking": "the undertakings not kept",
    "wrong_statement": "the wrong statement",
    "misleading_advice": "the advice given",
    "incomplete_reply": "the points left unanswered",
    "evidence_overlooked": "the evidence passed over",
    "lost_documents": "the loss of the documents",
    "data_breach": "the letters sent to the wrong address",
    "repeated_error": "the repeated error",
    "registration_error": "the wrong registration",
    "coding_error": "the wrong code",
    "calculation_error": "the wrong calculation",
    "enforcement_of_disputed_debt": "the enforcement",
    "agent_not_recognised": "the refusal to deal with us",
    "prolonged_enquiry": "the length of the check",
    "poor_complaint_handling": "the handling of the complaint",
    "system_error": "the system failure",
    "report_not_logged": "the refusal to record the report",
    "personal_situation_ignored": "the disregard of the circumstances",
    "inconsistent_information": "the contradictory information",
    "discourtesy": "the manner of the officer",
    "other_mistake": "the mistake",
}


@dataclass(frozen=True, slots=True)
class Fix:
    """An act that puts right or prevents, where the failing is present."""

    failing: str
    ask: str
    needs: Callable[[CaseView], bool] = field(default=lambda _view: True)


def payment_astray(view: CaseView) -> bool:
    """HMRC said that it had not a payment that it had."""
    return any(c.kind == "receipt" and c.what.endswith(" the payment") for c in view.facts.conflicts)


_FIXES: tuple[Fix, ...] = (
    Fix("delay", "release of whatever holds the matter up", lambda v: outstanding_repayment(v) is not None),
    Fix("repeated_error", "a corrected notice, and a stop to whatever re-opens the error"),
    Fix("coding_error", "confirmation that the code stays corrected"),
    Fix("calculation_error", "withdrawal and correction of the calculation"),
    Fix("data_breach", "one correct address on every record, and a record of the disclosure"),
    Fix(
        "lost_documents",
        "a search for the documents, or acceptance of duplicates as received on the first day",
        lambda v: (loss := find_loss(v)) is not None and not loss.asked_again,
    ),
    Fix("wrong_statement", "the payment to be set against the charge it was made for", payment_astray),
    Fix("wrong_statement", "correction of the record"),
    Fix("broken_undertaking", "a named officer and a date for what was promised"),
    Fix("evidence_overlooked", "an explanation of how what we enclosed came to be missed"),
    Fix("unanswered_correspondence", "an answer to the letters left unanswered"),
    Fix("misleading_advice", "a search for the recording and notes of the call"),
    Fix("incomplete_reply", "an answer to each point left out"),
    Fix("enforcement_of_disputed_debt", "a stop on collection while a debt is disputed"),
    Fix("agent_not_recognised", "recognition of our authority on every record"),
)


def _fix(plan: Plan) -> Iterator[Offer]:
    if not plan.breaches or not plan.has_complaint:
        return
    failings = {b.failing for b in plan.breaches}
    asks = [fix.ask for fix in _FIXES if fix.failing in failings and fix.needs(plan.view)][:4]
    again = repeated_notices(plan.view)
    since = f" The error came back on {day(again[-1].date)}." if again else ""
    yield Offer(
        "process_fix",
        None,
        True,
        f"Remedy includes correcting the mistake and the steps taken to prevent a recurrence.{since}",
        ask=listed(asks) or "an explanation of the steps taken to prevent a recurrence",
        spans=tuple(s for b in plan.breaches[:2] for s in b.spans[:1]),
    )


RULES: tuple[Callable[[Plan], Iterator[Offer]], ...] = (
    _repayment,
    _penalty,
    *remedies_costs.RULES,
    *remedies_person.RULES,
    _apology,
    _fix,
)

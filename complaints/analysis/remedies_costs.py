"""Professional fees and direct costs: what is claimable, what is not, and what must happen first. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from complaints.analysis.billing import invoice_name
from complaints.analysis.charges import (
    caused_costs,
    distinct,
    evidenced,
    interest_is_caused,
    lender_says,
    lenders_interest,
    reasons,
    wanted_anyhow,
)
from complaints.analysis.costs import VAT_RATE
from complaints.analysis.offers import Offer, Plan
from complaints.analysis.records import CostsSchedule
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, lower_first, pounds, says, to_penny
from complaints.facts.records import Amount, Span
from lightpoint.language.money import find_amounts
from lightpoint.language.sentences import split_sentences

ONCE_PAID = "once invoiced and paid"


def _additional(plan: Plan) -> Iterator[Offer]:
    costs = plan.costs
    if costs is None or not costs.additional.total or not plan.has_complaint:
        return
    basis = ["CRG5225", "CRG5100", "CRG5275", "CRG5400"]
    if plan.failed("delay", "unanswered_correspondence"):
        basis.append("CRG5525")
    if plan.failed("lost_documents"):
        basis.insert(0, "CRG5575")
    condition = _condition(costs)
    why = f"Additional work caused by HMRC's mistake, {costs.additional.minutes} minutes at the usual rates by the time"
    why += f" record. {costs.evidence} {costs.note}".rstrip()
    yield Offer(
        "professional_costs",
        costs.claim_total,
        True,
        why,
        tuple(basis),
        f"reimbursement of our additional fees of {pounds(costs.claim_total)}",
        _spans(costs.additional.spans),
        condition,
    )


def _spans(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans[:6]


def _condition(costs: CostsSchedule) -> str:
    if not (costs.billed and costs.paid):
        return ONCE_PAID
    return "the part not yet billed once invoiced and paid" if "still to be billed" in costs.note else ""


def _complaining(plan: Plan) -> Iterator[Offer]:
    costs = plan.costs
    if costs is None or not costs.complaint.total or not plan.has_complaint:
        return
    total = costs.complaint.total
    if costs.vat_charged and not costs.vat_reclaimable:
        total += to_penny(total * VAT_RATE)
    why = (
        f"The cost of complaining, {costs.complaint.minutes} minutes to date, follows the part of the complaint that is"
    )
    why += " upheld."
    condition = "to the extent that the complaint is upheld" + ("" if costs.billed and costs.paid else f", {ONCE_PAID}")
    yield Offer(
        "professional_costs",
        total,
        True,
        why,
        ("CRG5350",),
        f"reimbursement of the cost of complaining, {pounds(total)} to date",
        _spans(costs.complaint.spans),
        condition,
    )


def _excluded(plan: Plan) -> Iterator[Offer]:
    costs = plan.costs
    for row in costs.excluded if costs else ():
        why = f"{row.minutes} minutes on {day(row.on)}, flagged as additional in the time record: {row.why}."
        yield Offer("professional_costs", row.amount, False, why, row.basis, spans=(row.span,))


def _recovered_vat(plan: Plan) -> Iterator[Offer]:
    costs, view = plan.costs, plan.view
    if costs is None or not costs.vat_reclaimable:
        return
    for invoice in view.fee_invoices:
        if invoice.vat:
            why = (
                f"The VAT of {pounds(invoice.vat)} on {lower_first(invoice_name(invoice))} is recovered by the"
                " client as input tax."
            )
            yield Offer("professional_costs", invoice.vat, False, why, ("CRG5400",), spans=(invoice.span,))


def _insured(plan: Plan) -> Iterator[Offer]:
    spans = _spoken_of(
        plan,
        r"fee protection|\binsur\w+.{0,60}\b(fees?|costs?|paid|cover)|\b(fees?|"
        r"costs?)\b.{0,60}\binsur",
    )
    if spans is not None:
        why = "Fees that an insurer has paid or will pay are no loss to the client."
        yield Offer("professional_costs", None, False, why, ("CRG5450",), spans=spans)


def _contingent(plan: Plan) -> Iterator[Offer]:
    spans = _spoken_of(plan, r"no[- ]win|contingen(t|cy) fee|success fee")
    if spans is not None:
        why = (
            "A fee that depends on the outcome is not claimed as it stands: HMRC asks for a commercial arrangement made"
            " before the work and the reason for it."
        )
        yield Offer("professional_costs", None, False, why, ("CRG5375",), spans=spans)


def _spoken_of(plan: Plan, pattern: str) -> tuple[Span, ...] | None:
    """Where the papers speak of a thing; nothing where only the brief does; None where neither."""
    words = tuple(q for q in plan.view.quotes if says(q.quote, pattern))[:1]
    return words if words or says(plan.view.wish, pattern) else None


def _charges(plan: Plan) -> Iterator[Offer]:
    """What others charged the client because of HMRC, and what they charged in any case, which is refused."""
    if not plan.has_complaint:
        return
    late, lost = plan.failed("delay", "broken_undertaking"), plan.failed("lost_documents")
    for amount in caused_costs(plan.view):
        yield _charge(plan.view, amount, late=late, lost=lost)
    for amount in wanted_anyhow(plan.view):
        yield Offer(
            "direct_costs",
            amount.value,
            False,
            _ANYHOW.format(pounds(amount.value)),
            ("CRG5125", "CRG5025"),
            spans=(amount.span,),
        )


_ANYHOW = (
    "{} is not shown to flow from HMRC's mistake: nothing in the paper tells apart a charge that the mistake caused"
    " from what was wanted in any case."
)


def _charge(view: CaseView, amount: Amount, *, late: bool, lost: bool) -> Offer:
    basis = ["CRG5575"] if lost else []
    basis += ["CRG5200"] if amount.role == "bank_charge" else ["CRG5025"]
    basis += ["CRG5100"] + (["CRG5525"] if late else [])
    proven = evidenced(view, amount)
    said = tuple(reasons(view, amount))
    why = f"{pounds(amount.value)}: " + (
        "a third party's paper documents it" if proven else "nothing yet shows that it was paid"
    )
    why += " and ties it to HMRC's act." if said else "."
    word = "the bank's charges of" if amount.role == "bank_charge" else "the cost of"
    ask = f"reimbursement of {word} {pounds(amount.value)}"
    return Offer(
        "direct_costs",
        amount.value,
        True,
        why,
        tuple(basis),
        ask,
        (amount.span, *said),
        "" if proven else "once the receipt is produced",
    )


def _no_loss(plan: Plan) -> Iterator[Offer]:
    """Sums that are not a cost at all: loans, estimates, tax that was assessed, own time."""
    view = plan.view
    for role, (why, basis) in NO_LOSS.items():
        for amount in distinct(view, role):
            if role in _ONLY_IF_WANTED and not wanted_as_loss(view, amount.value):
                continue
            if role == "loan_interest" and (interest_is_caused(view, amount) or lender_says(view, amount)):
                yield _charge(view, amount, late=True, lost=False)
                continue
            yield Offer(
                "direct_costs", amount.value, False, why.format(pounds(amount.value)), basis, spans=(amount.span,)
            )
    if plan.has_complaint:
        for amount in lenders_interest(view):
            yield _charge(view, amount, late=True, lost=False)


NO_LOSS: dict[str, tuple[str, tuple[str, ...]]] = {
    "loan": ("{} is money borrowed and repayable, not a loss; only a charge that HMRC caused could be.", ("CRG5025",)),
    "loan_interest": (
        "The interest of {} is not shown to flow directly and solely from HMRC's mistake: nothing ties the borrowing to"
        " it.",
        ("CRG5125", "CRG5200"),
    ),
    "alleged_loss": (
        "{} is an estimate of what might have been earned; a loss must be actual, caused and evidenced.",
        ("CRG5025", "CRG5125"),
    ),
    "own_time_claim": (
        "{} is put on the client's own time, which is not paid for without proof of earnings lost.",
        ("CRG5175", "CRG6100"),
    ),
    "assessed_tax": (
        "{} was assessed and is no cost: it is tax, and what was withdrawn or never paid is no loss.",
        ("CRG5025",),
    ),
    "debt_demanded": ("{} was demanded; what was never paid is no loss.", ("CRG5025",)),
}
_ONLY_IF_WANTED = frozenset({"assessed_tax", "debt_demanded"})


def wanted_as_loss(view: CaseView, value: Decimal) -> bool:
    """Whether a sentence of the brief puts the sum forward as a cost or a loss."""
    figure = rf"\b({value:,.2f}|{value:.2f}|{value:,.0f}|{value:.0f})\b" if value == value.to_integral() else f"{value}"
    return any(
        says(sentence.text, figure) and says(sentence.text, r"\bclaim|\bcosts?\b|\bloss|\blost\b|compensat|recover")
        for sentence in split_sentences(view.wish)
    )


def _own_time(plan: Plan) -> Iterator[Offer]:
    said = plan.view.statements("own_time")
    if not said or any(a.role == "own_time_claim" for a in plan.view.facts.amounts):
        return
    sums = [m.value for s in said for m in find_amounts(s.span.quote) if m.explicit]
    yield Offer(
        "direct_costs",
        max(sums, default=None),
        False,
        "The client's own time is not paid for without proof of earnings lost; it may only inform what is paid for"
        " worry"
        " and distress.",
        ("CRG5175", "CRG6100"),
        spans=tuple(s.span for s in said[:1]),
    )


def _lost_trade(plan: Plan) -> Iterator[Offer]:
    """A loss of trade or custom that the brief asks for without a document."""
    view = plan.view
    if any(a.role == "alleged_loss" for a in view.facts.amounts):
        return
    if says(
        view.wish,
        r"\blost\b.{0,60}\b(trade|orders?|custom|sales|business|contract|earnings|profits?|takings|deal)|"
        r"\bloss of (trade|business|earnings|profit|custom|opportunit|income)",
    ):
        yield Offer(
            "direct_costs",
            None,
            False,
            "Trade or income said to have been lost is neither quantified nor"
            " evidenced in the papers; HMRC does not pay for hypothetical or speculative loss.",
            ("CRG5025", "CRG5125"),
        )


RULES: tuple[Callable[[Plan], Iterator[Offer]], ...] = (
    _additional,
    _complaining,
    _charges,
    _excluded,
    _recovered_vat,
    _insured,
    _contingent,
    _no_loss,
    _own_time,
    _lost_trade,
)

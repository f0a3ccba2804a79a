"""Professional fees and direct costs: what is claimable, what is not, and what must happen first. Pure."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from complaints.analysis.billing import invoice_name
from complaints.analysis.costs import VAT_RATE
from complaints.analysis.offers import Offer, Plan
from complaints.analysis.records import CostsSchedule
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, lower_first, pounds, says, to_penny
from complaints.facts.records import Amount, Invoice, InvoiceLine, Span
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
    """Costs of the client that a third party's paper shows, or that still need a receipt."""
    if not plan.has_complaint:
        return
    late, lost = plan.failed("delay", "broken_undertaking"), plan.failed("lost_documents")
    for amount in _distinct(plan.view, "bank_charge", "direct_cost"):
        if not _is_bill(plan.view, amount):
            yield _charge(plan.view, amount, late=late, lost=lost)
    for amount in caused_lines(plan.view):
        yield _charge(plan.view, amount, late=late, lost=lost)


def _bills(view: CaseView) -> list[Invoice]:
    """Invoices of others to the client with several lines: work that was wanted anyhow, with or without HMRC."""
    return [i for i in view.facts.invoices if i.issued_by != "agent" and len(_true_lines(i)) > 1]


def _true_lines(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that the total can hold; a sum planted below it cannot be one."""
    total = invoice.gross or invoice.net
    return [line for line in invoice.lines if total is None or line.amount <= total]


def _is_bill(view: CaseView, amount: Amount) -> bool:
    """The total, or a line, of a bill of which only what HMRC caused is a loss."""
    return any(i.span.document == amount.span.document for i in _bills(view))


def caused_lines(view: CaseView) -> list[Amount]:
    """The lines of a bill that say themselves that HMRC, or money awaited from it, was the cause."""
    lines = [line for bill in _bills(view) for line in _true_lines(bill) if says(line.description, _CAUSE)]
    return [Amount(line.amount, "direct_cost", line.span, line.description) for line in lines]


_CAUSE = r"\bHMRC\b|\btax (office|refund|repayment)\b|\b(refund|repayment)\b|\bRevenue\b"


def _distinct(view: CaseView, *roles: str) -> list[Amount]:
    """One amount for each value, the paper of a third party first; the parts of a total are left to the total."""
    rows = [a for a in view.facts.amounts if a.role in roles]
    whole = [a for a in rows if not _is_part(a, rows)]
    order = sorted(whole, key=lambda a: (view.author(a.span.document) != "third_party", a.span.document, a.span.start))
    return list({a.value: a for a in reversed(order)}.values())[::-1]


def _is_part(amount: Amount, rows: Sequence[Amount]) -> bool:
    """Whether the paper adds this sum up, or multiplies it, into a larger one of the same role."""
    same = {a.value for a in rows if a.span.document == amount.span.document and a.role == amount.role}
    total = max(same)
    others = same - {total}
    if amount.value == total or not others:
        return False
    return sum(others) == total or (len(others) == 1 and total % amount.value == 0)


def _charge(view: CaseView, amount: Amount, *, late: bool, lost: bool) -> Offer:
    basis = ["CRG5575"] if lost else []
    basis += ["CRG5200"] if amount.role == "bank_charge" else ["CRG5025"]
    basis += ["CRG5100"] + (["CRG5525"] if late else [])
    proven = evidenced(view, amount)
    tied = [s.span for s in view.statements("causation") if s.span.document == amount.span.document]
    why = f"{pounds(amount.value)}: " + (
        "a third party's paper documents it" if proven else "nothing yet shows that it was paid"
    )
    why += " and ties it to HMRC's act." if tied else "."
    word = "the bank's charges of" if amount.role == "bank_charge" else "the cost of"
    ask = f"reimbursement of {word} {pounds(amount.value)}"
    return Offer(
        "direct_costs",
        amount.value,
        True,
        why,
        tuple(basis),
        ask,
        (amount.span, *tied),
        "" if proven else "once the receipt is produced",
    )


def evidenced(view: CaseView, amount: Amount) -> bool:
    """A third party's own paper, or an invoice of one that was paid."""
    return view.kind(amount.span.document) in ("bank_letter", "third_party_letter", "invoice", "bank_statement") or any(
        i.span.document == amount.span.document and i.paid_on for i in view.facts.invoices
    )


def _no_loss(plan: Plan) -> Iterator[Offer]:
    """Sums that are not a cost at all: loans, estimates, tax that was assessed, own time."""
    view = plan.view
    for role, (why, basis) in NO_LOSS.items():
        for amount in _distinct(view, role):
            if role in _ONLY_IF_WANTED and not wanted_as_loss(view, amount.value):
                continue
            if role == "loan_interest" and (interest_is_caused(view, amount) or _lender_says(view, amount)):
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


def interest_is_caused(view: CaseView, amount: Amount) -> bool:
    """A paper of the lender's ties the borrowing to HMRC, and it was taken up after the money was due."""
    tied = [s for s in view.statements("causation") if s.span.document == amount.span.document]
    began = view.first("claim_made", "return_received", "return_filed")
    loan = view.first("loan_agreed")
    return bool(tied) and not (began and loan and loan.date < began.date)


def lenders_interest(view: CaseView) -> list[Amount]:
    """Interest that a lender's own paper shows, under whichever role it was read, and that is not HMRC's charge."""
    rows = [a for a in view.facts.amounts if a.role == "interest_charged" and view.author(a.span.document) != "hmrc"]
    told = [a for a in rows if _lender_says(view, a)]
    whole = [a for a in told if not _is_part(a, told)]
    return list({a.value: a for a in reversed(whole)}.values())[::-1]


def _lender_says(view: CaseView, amount: Amount) -> bool:
    """Whether the paper is of a loan and itself names HMRC or the money awaited."""
    words = " ".join(q.quote for q in view.quotes if q.document == amount.span.document)
    papers = ("bank_letter", "third_party_letter", "other")
    lent = says(words, r"\b(loan|lent|borrow\w*|advance)\b") and view.kind(amount.span.document) in papers
    return lent and says(words, r"\bHMRC\b") and says(words, r"\b(refund|repayment|not arrived|late|delay\w*|held)\b")


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

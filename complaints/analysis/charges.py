"""Costs of the client that others charged: what HMRC caused is told apart from what was wanted in any case. Pure.

A loss must flow directly from the mistake (CRG5125) and be actual and evidenced (CRG5025). Whoever lives under a roof
pays for it: of a tradesman's, lender's or adviser's bill only that is asked for which the evidence ties to HMRC, a line
of its own that names the cause, or what is bought only because of a mistake: a copy of what was lost, the postage of
proof, the tracing of a payment. A lender's paper ties its charges as a whole where it gives HMRC as the reason for the
borrowing. The client's word ties no bill, only a charge beside it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from complaints.analysis.losses import find_loss
from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
from complaints.facts.records import Amount, Invoice, InvoiceLine, Span, Statement
from lightpoint.language.money import find_amounts

COST_ROLES = ("bank_charge", "direct_cost")
_SOURCE = r"(?:\bHMRC\b|\b(?:HM )?Revenue\b|\btax (?:office|man)\b|\btaxman\b|\b(?:refund|repayment|rebate)\b)"
_HELD_UP = (
    r"(?:\b(?:a?wait\w*|late|lateness|delay\w*|until|because|owing|held|hold-?up|withheld|missing|pending|outstanding|"
    r"overdue|errors?|mistakes?|wrong\w*|lost|faults?|fail\w*|stopp\w*|frozen|refused)\b|"
    r"\bdue to (?:HMRC|the|a|late|delay)|\b(?:not|never|n['’]t|no) (?:yet )?(?:\w+ )?(?:arriv|c[oa]me|receiv|through|"
    r"paid|in\b|sent|cleared|reach))"
)
_CAUSE = rf"{_SOURCE}.{{0,70}}{_HELD_UP}|{_HELD_UP}.{{0,70}}{_SOURCE}"
# What is charged over and above the work itself.
_EXTRA = (
    r"\b(?:extra|additional|again|re-?(?:attend\w*|visit\w*|start\w*|erect\w*|book\w*|deliver\w*|instat\w*|mobili\w*|hire)|"
    r"return (?:visit|trip|journey)|second (?:visit|trip|call)|put back|stand(?:ing|by|ing time)|waiting time|storage|"
    r"surcharge|late (?:payment|fee|charge)|cancel\w*|abort\w*|wasted|call-?out|demurrage|extended|extension|"
    r"unpaid (?:direct debit|item)|bounced|interest|arrangement fee|overrun|prolonged|further week\w*|"
    r"support (?:case|call|ticket|incident)|help ?desk|investigat\w+|diagnos\w+|trouble-?shoot\w*|re-?connect\w*|"
    r"work-?around|re-?link\w*)\b"
)
# How a bill is to be paid: words that name the refund without saying that it cost anything.
_TERMS = (
    r"\bto (?:be )?(?:pay|paid|settled?)\b|\bpayable\b|\bpayment (?:due|on|when|awaiting|awaited|to follow|terms)\b|"
    r"\bsettle\w*\b|\bdeposit\b|\bbalance (?:due|on|when)\b"
)
_COPIED = (
    r"voucher|certificate|statement|document|receipt|form|record|paper|letter|return|payslip|P60|P45|P11D|cop(?:y|ies)"
)
_INCIDENTAL = (
    rf"\b(?:duplicate|replacement|certified|second|lost)\b(?: \w+){{0,2}} (?:{_COPIED})s?\b|\bcopies of\b|"
    r"\b(?:special delivery|signed[- ]for|recorded (?:delivery|post|letters?|post)|registered post|royal mail|postage|"
    r"post office|proof of (?:postage|delivery)|courier to HMRC|redirection|redirect\w* (?:of )?(?:my |the )?(?:mail|"
    r"post))\b|\b(?:payment trac\w*|trac\w* (?:of |the |a )?payment|trac(?:e|ing) fee)\b"
)
_BANK_PAPERS = ("bank_letter", "bank_statement")
_LENDERS_PAPERS = (*_BANK_PAPERS, "third_party_letter", "other")


def caused_costs(view: CaseView) -> list[Amount]:
    """Sums that the evidence ties to HMRC's act, each once: single charges, and lines or wholes of bills."""
    single = [a for a in distinct(view, *COST_ROLES) if not in_bill(view, a) and tied(view, a)]
    lines = [a for bill in _bills(view) for a in caused_lines(bill)]
    return list({a.value: a for a in reversed([*single, *lines])}.values())[::-1]


def wanted_anyhow(view: CaseView) -> list[Amount]:
    """The sums of others' papers that nothing ties to HMRC, the largest of each paper."""
    asked = {a.value for a in caused_costs(view)}
    rows = [a for a in view.facts.amounts if a.role in COST_ROLES and a.value not in asked]
    largest: dict[str, Amount] = {}
    for amount in sorted(rows, key=lambda a: (-a.value, a.span)):
        largest.setdefault(amount.span.document, amount)
    kept = [a for a in largest.values() if not any(is_part(a, [*rows, b]) for b in caused_costs(view))]
    return list({a.value: a for a in kept}.values())


def _bills(view: CaseView) -> list[Invoice]:
    """Invoices of others to the client."""
    return [i for i in view.facts.invoices if i.issued_by not in ("agent", "hmrc") and true_lines(i)]


def true_lines(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that the total can hold; a sum planted below it cannot be one."""
    total = invoice.gross or invoice.net
    return [line for line in invoice.lines if total is None or line.amount <= total]


def in_bill(view: CaseView, amount: Amount) -> bool:
    """The total, or a line, of a bill of which only what HMRC caused is a loss."""
    return any(i.span.document == amount.span.document for i in _bills(view))


def caused_lines(bill: Invoice) -> list[Amount]:
    """The lines that say themselves what caused them; the whole where every line does."""
    lines = true_lines(bill)
    whole = bill.gross or bill.net or sum((line.amount for line in lines), Decimal(0))
    caused = [line for line in lines if _line_is_caused(line, whole, alone=len(lines) == 1)]
    if len(caused) == len(lines) > 1 and sum(line.amount for line in lines) <= whole:
        return [Amount(whole, "direct_cost", lines[0].span, lines[0].description)]
    return [Amount(line.amount, "direct_cost", line.span, line.description) for line in caused]


def _line_is_caused(line: InvoiceLine, whole: Decimal, *, alone: bool) -> bool:
    """What is most of a bill, or all of it, must be called extra as well: work may wait for a refund and be wanted."""
    words = line.description
    if says(words, _INCIDENTAL):
        return True
    if not says(words, _CAUSE) or says(words, _TERMS):
        return False
    beside = not alone and line.amount * 2 <= whole
    return beside or says(words, _EXTRA)


def tied(view: CaseView, amount: Amount) -> tuple[Span, ...]:
    """The places that tie a single charge to HMRC's act; empty where nothing does."""
    own = f"{amount.what} {amount.span.quote}"
    if _sent_again(view, amount):
        return (amount.span,)
    if says(own, _INCIDENTAL) or (says(own, _CAUSE) and says(own, _EXTRA) and not says(own, _TERMS)):
        return (amount.span,)
    return _tied_by_paper(view, amount) or _tied_by_words(view, amount)


def _tied_by_paper(view: CaseView, amount: Amount) -> tuple[Span, ...]:
    """A lender's paper that gives the reason of the borrowing, or one sum alone in a paper that gives its reason."""
    document = amount.span.document
    said = tuple(s.span for s in view.statements("causation") if s.span.document == document)
    if view.kind(document) in _BANK_PAPERS:
        return said or _bridging(view, document) or ((amount.span,) if lender_says(view, amount) else ())
    alone = len({a.value for a in view.facts.amounts if a.span.document == document}) == 1
    return said if alone and view.author(document) == "third_party" and view.kind(document) != "invoice" else ()


def _sent_again(view: CaseView, amount: Amount) -> bool:
    """The postage of sending again what HMRC said that it had not (CRG5575)."""
    loss, profile = find_loss(view), view.profiles.get(amount.span.document)
    if loss is None or profile is None or profile.kind != "proof_of_delivery" or not profile.written_on:
        return False
    return profile.written_on >= loss.said[0][0]


def _bridging(view: CaseView, document: str) -> tuple[Span, ...]:
    """A paper that calls itself one of bridging finance, which our complaint put down to HMRC: that bridges a gap."""
    profile = view.profiles.get(document)
    if profile is None or not says(profile.subject, r"\bbridg\w+"):
        return ()
    return tuple(p.span for p in view.facts.points if says(p.text, r"\bbridg\w+"))[:1]


def _tied_by_words(view: CaseView, amount: Amount) -> tuple[Span, ...]:
    """A sentence that names the sum and the cause; of several sums in it the largest is the whole, not the extra."""
    for statement in view.statements("causation"):
        sums = {m.value for m in find_amounts(statement.span.quote) if m.explicit}
        told_apart = amount.value in sums and (len(sums) == 1 or amount.value < max(sums))
        if told_apart and (_by_another(view, statement) or says(statement.span.quote, _EXTRA)):
            return (statement.span,)
    return ()


def _by_another(view: CaseView, statement: Statement) -> bool:
    """Said in a paper of the one who charged; the client's word alone ties only what it calls an extra charge."""
    return view.author(statement.span.document) == "third_party"


def distinct(view: CaseView, *roles: str) -> list[Amount]:
    """One amount for each value, the paper of a third party first; the parts of a total are left to the total."""
    rows = [a for a in view.facts.amounts if a.role in roles]
    whole = [a for a in rows if not is_part(a, rows)]
    order = sorted(whole, key=lambda a: (view.author(a.span.document) != "third_party", a.span.document, a.span.start))
    return list({a.value: a for a in reversed(order)}.values())[::-1]


def is_part(amount: Amount, rows: Sequence[Amount]) -> bool:
    """Whether the paper adds this sum up, or multiplies it, into a larger one of the same role."""
    same = [a for a in rows if a.span.document == amount.span.document and a.role == amount.role]
    total = max((a.value for a in same), default=amount.value)
    others = [a.value for a in same if a.value != total]
    if amount.value == total or not others:
        return False
    added = sum(others) == total or sum(set(others)) == total
    return added or (len(set(others)) == 1 and total % amount.value == 0)


def lenders_interest(view: CaseView) -> list[Amount]:
    """Interest that a lender's own paper shows, under whichever role it was read, and that is not HMRC's charge."""
    rows = [a for a in view.facts.amounts if a.role == "interest_charged" and view.author(a.span.document) != "hmrc"]
    told = [a for a in rows if lender_says(view, a)]
    whole = [a for a in told if not is_part(a, told)]
    return list({a.value: a for a in reversed(whole)}.values())[::-1]


def lender_says(view: CaseView, amount: Amount) -> bool:
    """Whether the paper is of borrowing and itself names HMRC and the money awaited."""
    if view.kind(amount.span.document) not in _LENDERS_PAPERS:
        return False
    words = " ".join(q.quote for q in view.quotes if q.document == amount.span.document)
    lent = says(words, r"\b(loan|lent|borrow\w*|advance|facility|overdraft|bridg\w+)\b")
    return lent and says(words, r"\bHMRC\b") and says(words, _AWAITED)


_AWAITED = r"\b(refund|repayment|not arrived|late|delay\w*|held)\b"


def interest_is_caused(view: CaseView, amount: Amount) -> bool:
    """A paper of the lender's ties the borrowing to HMRC, and it was taken up after the money was due."""
    document = amount.span.document
    said = tuple(s.span for s in view.statements("causation") if s.span.document == document)
    said = said or _bridging(view, document)
    began = view.first("claim_made", "return_received", "return_filed")
    loan = view.first("loan_agreed")
    return bool(said) and not (began and loan and loan.date < began.date)


def evidenced(view: CaseView, amount: Amount) -> bool:
    """A third party's own paper, or an invoice of one that was paid."""
    return view.kind(amount.span.document) in ("bank_letter", "third_party_letter", "invoice", "bank_statement") or any(
        i.span.document == amount.span.document and i.paid_on for i in view.facts.invoices
    )


def reasons(view: CaseView, amount: Amount) -> Iterator[Span]:
    """Where the paper of a sum says why it was charged."""
    yield from (s.span for s in view.statements("causation") if s.span.document == amount.span.document)

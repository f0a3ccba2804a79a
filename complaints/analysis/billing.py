"""What shows that the fees were billed, paid and charged with VAT. Pure.

HMRC expects the client to be invoiced and the invoice paid before it considers reimbursement (CRG5275, CRG5100).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, listed, pounds, says, upper_first
from complaints.facts.records import Amount, Invoice, TimeEntry

_PAID_WORDS = r"\b(receipted|paid|settled)\b"
_FLAT_RATE = r"flat[- ]rate"
_OF_CLIENT = r"\b(client|he|she|they|company|partnership|business|trust|trader|him|her)\b(?!.*\bwe are\b)"


@dataclass(frozen=True, slots=True)
class Billing:
    billed: bool
    paid: bool
    evidence: str
    note: str = ""


def vat_is_charged(view: CaseView) -> bool | None:
    """True or False where a document of ours shows it, None where nothing does."""
    if any(i.vat for i in view.fee_invoices):
        return True
    if any(says(a.span.quote + " " + a.what, r"\bplus VAT\b|\+ ?VAT|VAT at") for a in described_fees(view)):
        return True
    if any(a.role == "vat" and view.author(a.span.document) == "agent" for a in view.facts.amounts):
        return True
    if any(i.vat == 0 for i in view.fee_invoices) or _unregistered(view, ours=True):
        return False
    return None


def _unregistered(view: CaseView, *, ours: bool) -> bool:
    """Whether somebody says that we, or else the client, are not registered for VAT: "we" are those who speak."""
    said = view.statements("vat_not_registered")
    return any((s.actor == "agent" and not says(s.span.quote, _OF_CLIENT)) == ours for s in said)


def vat_is_reclaimed(view: CaseView) -> bool:
    """Whether the client recovers VAT on our fees: registered, not on the flat-rate scheme (CRG5400)."""
    if any(says(s.quote, _FLAT_RATE) for s in view.quotes) or _unregistered(view, ours=False):
        return False
    registered = any(kind == "vrn" for kind, _ in view.intake.references)
    return bool(view.statements("vat_recovered", "vat_registered")) or registered


def described_fees(view: CaseView) -> tuple[Amount, ...]:
    """Fees that a paper of ours speaks of, whether or not the invoice is in the bundle."""
    return tuple(
        a
        for a in view.facts.amounts
        if a.role in ("fee_charged_net", "fee_charged_gross") and view.kind(a.span.document) != "hmrc_letter"
    )


def describe_billing(view: CaseView, additional: Sequence[TimeEntry]) -> Billing:
    if view.fee_invoices:
        return _from_invoice(view.fee_invoices, additional)
    described = described_fees(view)
    if described:
        return _from_description(view, described)
    return Billing(
        billed=False, paid=False, evidence="Time records only; nothing shows that the fees have been invoiced or paid."
    )


def _from_invoice(invoices: Sequence[Invoice], additional: Sequence[TimeEntry]) -> Billing:
    paid = [i for i in invoices if i.paid_on]
    names = listed(_name(i) for i in invoices)
    later = [e for e in additional if all(i.issued_on and e.on > i.issued_on for i in invoices)]
    note = (
        f"Work of {listed(day(e.on) for e in later)} is later than the invoice and still to be billed." if later else ""
    )
    return Billing(billed=True, paid=len(paid) == len(invoices), evidence=f"{names}.", note=note)


def _name(invoice: Invoice) -> str:
    net = f" ({pounds(invoice.net)} net)" if invoice.net is not None else ""
    settled = f", paid {day(invoice.paid_on)}" if invoice.paid_on else ", with no sign of payment"
    return f"{invoice_name(invoice)}{net}{settled}"


def invoice_name(invoice: Invoice) -> str:
    if invoice.number:
        return f"Invoice {invoice.number}"
    return f"The invoice of {day(invoice.issued_on)}" if invoice.issued_on else "The invoice"


def _from_description(view: CaseView, described: Sequence[Amount]) -> Billing:
    fee = described[0]
    settled = view.events("invoice_paid") or view.statements("fee_paid") or says(fee.span.quote, _PAID_WORDS)
    title = view.profiles[fee.span.document].summary_name if fee.span.document in view.profiles else fee.span.document
    state = "paid" if settled else "issued"
    when = view.events("invoice_paid")
    on = f" on {day(when[-1].date)}" if when else ""
    evidence = (
        f"{upper_first(title)} says that an invoice of {pounds(fee.value)} was {state}{on}; the invoice itself is"
        " not among"
        " the papers and should be asked for."
    )
    return Billing(billed=True, paid=bool(settled), evidence=evidence)

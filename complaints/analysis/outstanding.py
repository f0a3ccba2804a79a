"""What is left of a repayment of which a part came. Pure."""

from decimal import Decimal

from complaints.analysis.repaid import is_received
from complaints.analysis.view import CaseView
from complaints.facts.records import Amount


def rest_unpaid(view: CaseView, paid: set[Decimal]) -> Amount | None:
    """What is left of a repayment of which a part came: the papers name it, and it is the whole less that part.

    Where HMRC's own paper divides the whole in two, by a set-off or otherwise, the part that we wrote about is what is
    left, whether or not a paper shows the other as paid.
    """
    amounts = view.facts.amounts
    for whole in (a for a in amounts if a.role in _WHOLE and a.value > 0):
        rest = {whole.value - part for part in paid if 0 < part < whole.value}
        rest |= _set_apart(view, whole, paid)
        named = [a for a in amounts if a.value in rest - paid and a.role not in _NEVER_OWED]
        if named:
            return min(named, key=lambda a: (a.role not in _WHOLE, view.author(a.span.document) != "hmrc", a.span))
    return None


def part_paid(view: CaseView) -> bool:
    """Whether the repayments that the papers show left a rest that the papers name."""
    rows = [a for a in view.facts.amounts if a.role in ("repayment_made", "tax_refunded")]
    paid = {a.value for a in rows if is_received(view.facts, a, view.profiles)}
    return bool(paid) and rest_unpaid(view, paid) is not None


_WHOLE = ("repayment_due", "repayment_claimed", "repayment_outstanding")
_NEVER_OWED = ("loan", "fee_charged_net", "fee_charged_gross", "vat", "own_time_claim", "alleged_loss", "turnover")


def _set_apart(view: CaseView, whole: Amount, paid: set[Decimal]) -> set[Decimal]:
    """Of two parts into which HMRC's paper divides the whole, the one alone that our papers to HMRC name."""
    if view.author(whole.span.document) != "hmrc":
        return set()
    parts = {a.value for a in view.facts.amounts if a.span.document == whole.span.document and a.value < whole.value}
    ours = {a.value for a in view.facts.amounts if view.kind(a.span.document) in _OUR_LETTERS}
    found = {v for v in parts if whole.value - v in parts and v in ours and whole.value - v not in ours}
    return found - paid


_OUR_LETTERS = ("agent_letter", "agent_complaint", "client_letter")

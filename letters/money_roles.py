"""What a sentence calls a sum of money, beside the role that the facts of the case give it. Pure."""

from collections.abc import Iterator

from complaints.facts.records import AmountRole, Facts
from lightpoint.grounding.context import without_quotations
from lightpoint.grounding.reading import read
from lightpoint.grounding.roles import money_names
from lightpoint.language.money import format_money

# The concepts (lightpoint/grounding/words.txt) by which a sentence may call a sum in each role.
ROLE_WORDS: dict[AmountRole, frozenset[str]] = {
    "repayment_due": frozenset({"repay", "overpay", "credit", "tax"}),
    "repayment_claimed": frozenset({"repay", "overpay", "credit", "tax"}),
    "repayment_made": frozenset({"repay", "overpay", "credit", "tax"}),
    "repayment_outstanding": frozenset({"repay", "overpay", "credit", "tax"}),
    "assessed_tax": frozenset({"tax", "assess", "owe", "demand"}),
    "true_liability": frozenset({"tax", "owe"}),
    "tax_paid": frozenset({"tax", "pay"}),
    "tax_overdeducted": frozenset({"tax", "overpay", "repay", "debit"}),
    "tax_refunded": frozenset({"tax", "repay"}),
    "penalty": frozenset({"penalty"}),
    "surcharge": frozenset({"penalty"}),
    "interest_charged": frozenset({"interest"}),
    "interest_paid": frozenset({"interest"}),
    "debt_demanded": frozenset({"owe", "tax", "penalty", "demand", "interest"}),
    "loss": frozenset({"loss", "lose"}),
    "loss_carried_back": frozenset({"loss", "lose"}),
    "loss_carried_forward": frozenset({"loss", "lose"}),
    "profit": frozenset({"profit"}),
    "gain": frozenset({"gain"}),
    "grant": frozenset({"grant"}),
    "loan": frozenset({"loan", "lend", "borrow"}),
    "loan_interest": frozenset({"interest", "loan"}),
    "bank_charge": frozenset({"charge", "fee", "loan", "interest"}),
    "fee_charged_net": frozenset({"fee", "bill", "net"}),
    "fee_charged_gross": frozenset({"fee", "bill", "gross"}),
    "vat": frozenset({"tax"}),
}
_REPAID = frozenset({"repay", "overpay"})
_TELLING = frozenset(
    {"loan", "loss", "penalty", "profit", "gain", "grant", "compensation", "interest", "repay", "overpay"}
)


def role_objections(text: str, facts: Facts) -> Iterator[str]:
    """A sum called by the name of another role than every role that the facts give it ("a loss" for a loan)."""
    reading = read(without_quotations(text))
    for segment in reading.segments:
        for index, token in enumerate(segment.tokens):
            if token.kind != "amount":
                continue
            values = {abs(m.value) for m in reading.amounts if m.start == token.start}
            roles = sorted({a.role for a in facts.amounts if abs(a.value) in values})
            called = money_names(segment.tokens, index, _REPAID) & _TELLING
            allowed = {word for role in roles for word in ROLE_WORDS.get(role, called)}
            if roles and called and not called & allowed:
                sums = " and ".join(format_money(value) for value in sorted(values))
                yield f"role: {sums} is {' or '.join(roles)} in the papers, not {' or '.join(sorted(called))}"

"""A repayment counts as made where somebody shows it, not where a bank or client repeats what HMRC was said to do."""

from decimal import Decimal

import pytest

from complaints.analysis.view import CaseView
from complaints.facts.contradictions import UNPAID
from complaints.facts.records import Actor, Conflict, ConflictSide, DocumentKind
from complaints.tests.analysis.cases import Case
from complaints.tests.analysis.test_remedies import asked, late_refund

DUE = ("repayment", Decimal("812.00"))
HEARSAY = [
    "You told us that HMRC had sent £812.00 on 18 March 2025",
    "Our customer understands that £812.00 was repaid on 18 March 2025",
    "HMRC say they repaid £812.00 on 18 March 2025",
    "We are told the refund of £812.00 was issued on 18 March 2025",
    "According to HMRC the £812.00 was paid on 18 March 2025",
    "Apparently £812.00 was refunded on 18 March 2025",
]


def with_report(words: str, kind: DocumentKind, by: Actor) -> Case:
    case = late_refund().doc("x.pdf", kind, "2025-04-01", by=by)
    return case.event("repayment_made", "2025-03-18", "x.pdf", quote=words)


def made(case: Case) -> bool:
    return bool(CaseView(case.facts(), case.intake).events("repayment_made"))


@pytest.mark.parametrize("words", HEARSAY)
@pytest.mark.parametrize(("kind", "by"), [("bank_letter", "third_party"), ("email", "client")])
def test_what_is_only_reported_is_no_repayment(words: str, kind: DocumentKind, by: Actor) -> None:
    case = with_report(words, kind, by)
    assert not made(case)
    assert DUE in asked(case)


@pytest.mark.parametrize(
    ("words", "kind", "by"),
    [
        ("18/03/2025 HMRC REFUND 812.00", "bank_statement", "third_party"),
        ("The £812.00 came into my account on 18 March 2025", "email", "client"),
        ("We repaid £812.00 on 18 March 2025, as we told you", "hmrc_letter", "hmrc"),
    ],
)
def test_what_is_shown_is_a_repayment(words: str, kind: DocumentKind, by: Actor) -> None:
    case = with_report(words, kind, by)
    assert made(case)
    assert DUE not in asked(case)


def test_a_reported_sum_in_the_role_of_a_repayment_is_still_asked_for() -> None:
    case = late_refund().doc("b.pdf", "bank_letter", "2025-04-01", by="third_party")
    case.said("quotation", "b.pdf", HEARSAY[0], by="third_party")
    place = case.parts["statements"][-1].span.start  # type: ignore[attr-defined]
    case.place = place + 5 - 1000
    case.amount("812.00", "repayment_made", "b.pdf")
    assert DUE in asked(case)


def test_hmrcs_word_that_it_paid_is_no_payment_where_nothing_came() -> None:
    words = "A payable order for £812.00 was issued on 18 March 2025"
    case = late_refund().doc("h.pdf", "hmrc_letter", "2025-03-24").doc("n.txt", "call_note", "2025-05-01", by="agent")
    case.event("repayment_made", "2025-03-18", "h.pdf", quote=words)
    case.amount("812.00", "repayment_made", "h.pdf", quote="£812.00")
    assert DUE not in asked(case)
    sides = (
        ConflictSide("h.pdf", 1, "sent 18 March 2025", words),
        ConflictSide("n.txt", None, "not paid", "it was cancelled the same day"),
    )
    case.conflict(Conflict(UNPAID, sides, "not paid", "the note is later", "other"))
    assert not made(case)
    assert DUE in asked(case)

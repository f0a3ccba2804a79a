"""What counts as a promise of HMRC's, what keeps it, and which were broken."""

import pytest

from complaints.analysis.promises import broken, is_promise, is_standing, kept_by, performances
from complaints.analysis.view import CaseView
from complaints.facts.records import Undertaking
from complaints.tests.analysis.cases import Case


def promised(what: str, due: str | None = "2025-02-17") -> Case:
    return Case().doc("h.pdf", "hmrc_letter", "2025-02-03").promise("2025-02-03", due, what, "h.pdf")


def row(case: Case) -> Undertaking:
    return case.facts().undertakings[0]


def view(case: Case) -> CaseView:
    return CaseView(case.facts(), case.intake)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("issue the repayment", "repayment_made"),
        ("send it back by payable order", "repayment_made"),
        ("issue a new tax code", "correction"),
        ("amend the record", "correction"),
        ("reply to the letter", "letter_from_hmrc"),
        ("process the form", "registration"),
    ],
)
def test_a_promise_is_kept_by_the_act_that_it_names(what: str, kind: str) -> None:
    assert kind in performances(what)


@pytest.mark.parametrize("what", ["collect the debt", "charge a penalty", "visit the premises", "aim to reply"])
def test_a_threat_or_an_aim_is_no_promise(what: str) -> None:
    assert not is_promise(row(promised(what)))


def test_a_promise_on_a_condition_without_a_day_is_none() -> None:
    assert not is_promise(row(promised("pay it if the form is sent", None)))
    assert is_promise(row(promised("pay it if the form is sent")))


def test_the_use_of_an_address_is_a_standing_promise() -> None:
    assert is_standing(row(promised("use the new address", None)))
    assert not is_standing(row(promised("use the new address")))


def test_a_promise_is_broken_once_its_day_is_past() -> None:
    assert broken(view(promised("issue the repayment")))
    assert broken(view(promised("issue the repayment", "2025-06-20"))) == ()


@pytest.mark.parametrize(("paid", "is_broken"), [("2025-02-17", False), ("2025-02-18", True)])
def test_the_day_promised_still_keeps_it(paid: str, *, is_broken: bool) -> None:
    case = promised("issue the repayment").doc("s.pdf", "bank_statement", paid, by="third_party")
    case.event("repayment_made", paid, "s.pdf")
    assert bool(broken(view(case))) == is_broken
    assert kept_by(view(case), row(case)) is not None


def test_an_act_before_the_promise_does_not_keep_it() -> None:
    case = promised("issue the repayment").doc("s.pdf", "bank_statement", "2025-01-06", by="third_party")
    assert kept_by(view(case.event("repayment_made", "2025-01-06", "s.pdf")), row(case)) is None

from decimal import Decimal

from complaints.analysis.records import Remedy
from complaints.tests.analysis.cases import Case, on

Row = tuple[str, Decimal | None]


def asked(case: Case) -> dict[Row, Remedy]:
    return {(r.kind, r.amount): r for r in case.analyse().remedies if r.allowed}


def refused(case: Case) -> dict[Row, Remedy]:
    return {(r.kind, r.amount): r for r in case.analyse().remedies if not r.allowed}


def late_refund(**intake: object) -> Case:
    case = Case().with_intake(**intake).doc("r.eml", "hmrc_receipt", "2024-12-20")
    return case.event("return_received", "2024-12-20", "r.eml").amount("812.00", "repayment_due", "r.eml")


def test_an_unpaid_repayment_is_asked_for_with_interest_and_an_apology() -> None:
    rows = asked(late_refund())
    assert {("repayment", Decimal("812.00")), ("interest", None), ("apology", None), ("process_fix", None)} <= set(rows)


def test_a_sum_already_refunded_is_not_asked_for() -> None:
    case = late_refund().amount("282.50", "tax_overdeducted", "p.eml").amount("282.50", "tax_refunded", "p.eml")
    assert ("repayment", Decimal("282.50")) in refused(case)
    assert ("repayment", Decimal("282.50")) not in asked(case)


def test_tax_taken_after_the_refund_is_still_owed() -> None:
    case = late_refund().amount("120.00", "tax_overdeducted", "p.eml").amount("120.00", "tax_refunded", "p.eml")
    assert ("repayment", Decimal("40.00")) in asked(case.amount("40.00", "tax_overdeducted", "q.eml"))


def test_an_individual_in_distress_may_be_paid() -> None:
    case = late_refund().doc("m.eml", "email", "2025-05-01", by="client")
    remedy = asked(case.said("distress", "m.eml", "I cannot sleep", by="client"))["worry_and_distress", None]
    assert {"CRG6050", "CRG6075", "CRG6125"} <= set(remedy.basis)


def test_annoyance_is_short_of_distress() -> None:
    case = (
        late_refund().doc("m.eml", "email", "2025-05-01", by="client").said("annoyance", "m.eml", "cross", by="client")
    )
    assert ("worry_and_distress", None) in refused(case)


def test_a_company_is_not_distressed() -> None:
    case = late_refund(client_kind="company", brief="Claim distress for the workforce.")
    assert "individuals" in refused(case)["worry_and_distress", None].why


def test_a_company_of_one_director_may_be_paid_exceptionally() -> None:
    case = late_refund(client_kind="company").doc("m.eml", "email", "2025-05-01", by="client")
    case.said("distress", "m.eml", "As sole director I have been ill with worry", by="client")
    assert ("worry_and_distress", None) in asked(case)


def test_a_partner_personally_affected_may_be_paid() -> None:
    case = late_refund(client_kind="partnership").doc("l.docx", "agent_letter", "2025-05-01", by="agent")
    case.said("distress", "l.docx", "Mr Voss was in tears", by="agent")
    assert ("worry_and_distress", None) in asked(case)


def test_a_loan_is_not_a_loss() -> None:
    row = refused(late_refund().amount("9000.00", "loan", "bank.pdf"))["direct_costs", Decimal("9000.00")]
    assert row.basis == ("CRG5025",)


def test_loan_interest_needs_the_lender_to_tie_it_to_the_delay() -> None:
    case = late_refund().doc("bank.pdf", "bank_letter", "2025-05-01", by="third_party")
    case.amount("75.00", "loan_interest", "bank.pdf")
    assert ("direct_costs", Decimal("75.00")) in refused(case)
    case.said("causation", "bank.pdf", "agreed because the tax refund was late", by="third_party")
    assert ("direct_costs", Decimal("75.00")) in asked(case)


def test_borrowing_older_than_the_claim_was_not_caused_by_it() -> None:
    case = late_refund().doc("bank.pdf", "bank_letter", "2025-05-01", by="third_party")
    case.amount("75.00", "loan_interest", "bank.pdf").said("causation", "bank.pdf", "tax refund", by="third_party")
    case.event("loan_agreed", "2024-06-03", "bank.pdf", by="third_party")
    assert ("direct_costs", Decimal("75.00")) in refused(case)


def test_an_estimate_of_lost_trade_is_refused() -> None:
    case = late_refund().amount("500.00", "alleged_loss", "m.eml")
    assert {"CRG5025", "CRG5125"} <= set(refused(case)["direct_costs", Decimal("500.00")].basis)


def test_lost_trade_without_a_paper_is_refused_too() -> None:
    assert ("direct_costs", None) in refused(late_refund(brief="They lost several orders that week, so claim for it."))


def test_own_time_is_not_paid_for() -> None:
    case = late_refund().amount("60.00", "own_time_claim", "m.eml")
    assert "CRG5175" in refused(case)["direct_costs", Decimal("60.00")].basis


def test_a_receipted_cost_is_asked_for_and_a_quoted_one_waits_for_its_receipt() -> None:
    case = (
        late_refund()
        .doc("reg.pdf", "invoice", "2025-03-03", by="third_party")
        .doc("m.eml", "email", "2025-03-03", by="client")
    )
    case.amount("14.00", "direct_cost", "reg.pdf", quote="Duplicate share certificate 14.00")
    case.amount("22.00", "direct_cost", "m.eml", quote="Special Delivery of the copies, £22.00")
    rows = asked(case)
    assert rows["direct_costs", Decimal("14.00")].condition == ""
    assert "receipt" in rows["direct_costs", Decimal("22.00")].condition


def test_unbilled_fees_wait_until_they_are_paid() -> None:
    row = asked(late_refund().time("2025-03-03", "senior", 60, "Chase HMRC"))["professional_costs", Decimal("90.00")]
    assert row.condition == "once invoiced and paid"


def test_recovered_vat_is_refused() -> None:
    case = late_refund(references=(("vrn", "999000000"),), client_kind="company").time(
        "2025-03-03", "senior", 60, "Chase HMRC"
    )
    case.invoice("77", "90.00", "18.00", issued="2025-04-01", paid="2025-04-10")
    assert refused(case)["professional_costs", Decimal("18.00")].basis == ("CRG5400",)


def test_a_penalty_is_never_cancelled_through_the_complaint() -> None:
    case = Case().doc("n.pdf", "hmrc_notice", "2025-05-20").event("penalty_issued", "2025-05-20", "n.pdf")
    case.amount("300.00", "penalty", "n.pdf").with_intake(opened_on=on("2025-06-02"))
    assert ("repayment", Decimal("300.00")) in refused(case)


def test_poor_handling_is_a_head_of_its_own_for_people_only() -> None:
    case = late_refund().event("complaint_made", "2025-01-06", "c.docx", by="agent")
    case.event("complaint_reply", "2025-04-07", "r.pdf")
    assert ("poor_complaint_handling", None) in asked(case)
    assert ("poor_complaint_handling", None) in refused(case.with_intake(client_kind="trust"))

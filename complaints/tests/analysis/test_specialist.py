"""Short cases over the taxes, each with what a specialist would conclude: route, failing, section, days.

The facts are made by hand; the conclusions follow complain-about-hmrc and the sections that the names of the cases say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from complaints.analysis.records import Analysis
from complaints.facts.records import Conflict, ConflictSide
from complaints.tests.analysis.cases import Case, on


@dataclass(frozen=True)
class Expected:
    """`sections` are cited by some failing; `waits` are pairs of days among the delays; `asked` are kinds allowed."""

    route: str
    tier: int | None = None
    beside: tuple[str, ...] = ()
    failings: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    waits: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def base(tax: str, opened: str = "2025-09-01", kind: str = "individual") -> Case:
    return Case().with_intake(tax_head=tax, opened_on=on(opened), client_kind=kind)


def complained(case: Case, made: str, replied: str | None = None) -> Case:
    case.doc("complaint.docx", "agent_complaint", made, by="agent", tier=1)
    case.event("complaint_made", made, "complaint.docx", by="agent")
    if replied:
        case.doc("reply.pdf", "hmrc_complaint_reply", replied, tier=1).event("complaint_reply", replied, "reply.pdf")
    return case


def reviewed(case: Case, asked: str, answered: str) -> Case:
    case.doc("second.docx", "agent_letter", asked, by="agent")
    case.event("review_requested", asked, "second.docx", by="agent", quote="Please arrange a second review.")
    case.doc("final.pdf", "hmrc_complaint_reply", answered, tier=2)
    return case.event("review_reply", answered, "final.pdf")


def penalty(case: Case, day: str) -> Case:
    case.doc("penalty.pdf", "hmrc_notice", day)
    case.event("penalty_issued", day, "penalty.pdf", quote=f"Late filing penalty {day}")
    return case.said("appeal_right", "penalty.pdf", "You can appeal within 30 days of the date of this notice.")


def decision_letter(case: Case, day: str, last: str, words: str) -> Case:
    case.doc("decision.pdf", "hmrc_letter", day)
    case.event("letter_from_hmrc", day, "decision.pdf", quote=words)
    return case.position(
        "deadline",
        "decision.pdf",
        "You must do this within 30 days of the date of this letter.",
        thing="tribunal",
        day=last,
    )


def cgt_penalty_after_answered_complaint() -> Case:
    case = complained(base("Capital Gains Tax"), "2025-05-06", "2025-06-20")
    case.point(1, "Letters", "Our letter of 3 March 2025 was not answered.", "complaint.docx")
    case.finding("Fees", "not_upheld", "I cannot refund fees.", "reply.pdf")
    return penalty(case, "2025-08-15")


def sdlt_penalty_complained_of() -> Case:
    case = penalty(base("Stamp Duty Land Tax"), "2025-08-15")
    return complained(case, "2025-08-18", "2025-08-28")


def adjudicator_with_a_fresh_assessment() -> Case:
    case = reviewed(complained(base("PAYE"), "2025-01-06", "2025-02-10"), "2025-03-03", "2025-05-07")
    case.doc("assessment.pdf", "hmrc_notice", "2025-08-20")
    case.event("assessment_issued", "2025-08-20", "assessment.pdf", quote="Notice of assessment")
    return case.said("appeal_right", "assessment.pdf", "You can appeal within 30 days.")


def gambling_registration_cancelled() -> Case:
    return decision_letter(
        base("Machine Games Duty", kind="company"),
        "2025-08-11",
        "2025-09-10",
        "I have cancelled your registration with effect from 31 July 2025.",
    )


def customs_approval_refused() -> Case:
    return decision_letter(
        base("Customs", kind="company"), "2025-08-11", "2025-09-10", "We have refused your application for approval."
    )


def letter_that_only_tells_of_another_decision() -> Case:
    case = base("Self Assessment").doc("told.pdf", "hmrc_letter", "2025-08-11")
    case.event("letter_from_hmrc", "2025-08-11", "told.pdf", quote="Your record has been noted.")
    case.position(
        "deadline", "told.pdf", "The notice of 1 May could be appealed for 30 days.", thing="appeal", day="2025-05-31"
    )
    return case


def tax_credit_reply_corrects() -> Case:
    case = complained(base("Tax credits"), "2025-03-03", "2025-05-12")
    return case.position("answer", "reply.pdf", "I have today corrected your award and cancelled the overpayment.")


def estate_account_lost() -> Case:
    case = base("Inheritance Tax").doc("cover.docx", "agent_letter", "2025-02-03", by="agent")
    case.event("return_filed", "2025-02-03", "cover.docx", by="agent", quote="We enclose the account of the estate.")
    case.doc("lost.pdf", "hmrc_letter", "2025-06-09")
    return case.said("no_trace", "lost.pdf", "We have no record of receiving the account.")


def postage_of_a_second_account() -> Case:
    case = estate_account_lost().doc("post.jpg", "proof_of_delivery", "2025-06-16", by="third_party")
    return case.amount("9.35", "direct_cost", "post.jpg", quote="TOTAL £9.35")


def postage_before_anything_was_lost() -> Case:
    case = estate_account_lost().doc("post.jpg", "proof_of_delivery", "2025-02-03", by="third_party")
    return case.amount("9.35", "direct_cost", "post.jpg", quote="TOTAL £9.35")


def student_loan_refund_half_paid() -> Case:
    case = base("Student loans").doc("agreed.pdf", "hmrc_letter", "2025-03-10")
    case.event("letter_from_hmrc", "2025-03-10", "agreed.pdf", quote="£900.00 is to be refunded.")
    case.amount("900.00", "repayment_due", "agreed.pdf").said("agreed_due", "agreed.pdf", "£900.00 is due to you.")
    case.doc("bank.csv", "bank_statement", "2025-04-14", by="client")
    case.amount("350.00", "repayment_made", "bank.csv").doc("ours.docx", "agent_letter", "2025-06-02", by="agent")
    case.event("letter_to_hmrc", "2025-06-02", "ours.docx", by="agent", quote="Our letter: £550.00 is still missing.")
    return case.amount("550.00", "other", "ours.docx", quote="£550.00 is still missing")


def corporation_tax_set_off() -> Case:
    case = base("Corporation Tax", kind="company").doc("setoff.pdf", "hmrc_letter", "2025-04-01")
    case.event("letter_from_hmrc", "2025-04-01", "setoff.pdf").amount("8000.00", "repayment_due", "setoff.pdf")
    case.amount("5000.00", "debt_demanded", "setoff.pdf").amount("3000.00", "balance", "setoff.pdf")
    case.doc("ours.docx", "agent_letter", "2025-04-14", by="agent")
    case.event("letter_to_hmrc", "2025-04-14", "ours.docx", by="agent", quote="We wrote: £5,000.00 was taken.")
    return case.amount("5000.00", "other", "ours.docx", quote="£5,000.00 was taken")


def online_service_down() -> Case:
    case = base("VAT", kind="partnership").doc("chat.txt", "webchat", "2025-05-12")
    case.event("webchat", "2025-05-12", "chat.txt", by="agent")
    return case.said("admission", "chat.txt", "It is a known issue at our end.")


def agent_link_lost() -> Case:
    case = online_service_down().doc("software.eml", "email", "2025-05-08", by="third_party")
    return case.position("authority", "software.eml", "Client not authorised.", holds=False, by="third_party")


def enclosed_certificate_passed_over() -> Case:
    case = reviewed(complained(base("National Insurance"), "2025-01-06", "2025-02-10"), "2025-03-03", "2025-05-07")
    case.said("quotation", "second.docx", "The certificate is enclosed.", by="agent")
    return case.position("answer", "final.pdf", "No certificate was supplied.")


def enquiry_with_papers_asked_for_twice() -> Case:
    case = base("Corporation Tax", kind="company").doc("open.pdf", "hmrc_letter", "2024-03-04")
    case.event("enquiry_opened", "2024-03-04", "open.pdf").doc("sent.docx", "agent_letter", "2024-03-28", by="agent")
    case.event("documents_sent", "2024-03-28", "sent.docx", by="agent").doc("again.pdf", "hmrc_letter", "2024-12-09")
    case.said("no_trace", "again.pdf", "We have no record of receiving the documents.")
    case.doc("chaser.docx", "agent_letter", "2025-05-16", by="agent")
    return case.event(
        "letter_to_hmrc", "2025-05-16", "chaser.docx", by="agent", quote="Our letter asks what is missing."
    )


def promised_reply_to_a_child_benefit_letter() -> Case:
    case = base("Child Benefit").doc("note.txt", "call_note", "2025-05-06", by="agent")
    case.event("call", "2025-05-06", "note.txt", by="agent")
    return case.promise("2025-05-06", "2025-05-20", "reply in writing", "note.txt")


def delay_letter_to_landfill_tax() -> Case:
    case = base("Landfill Tax", kind="company").doc("first.docx", "agent_letter", "2025-03-03", by="agent")
    case.event("letter_to_hmrc", "2025-03-03", "first.docx", by="agent", quote="Our letter asks for an answer.")
    case.doc("answer.pdf", "hmrc_letter", "2025-07-14")
    return case.event("letter_from_hmrc", "2025-07-14", "answer.pdf")


def complaint_never_answered() -> Case:
    return complained(base("Self Assessment"), "2025-04-07")


def reviews_long_done() -> Case:
    return reviewed(complained(base("PAYE"), "2024-06-03", "2024-07-15"), "2024-08-05", "2024-11-11")


CASES: tuple[tuple[Callable[[], Case], Expected], ...] = (
    (cgt_penalty_after_answered_complaint, Expected("complaint", 2, ("appeal",), sections=("CRG6150",))),
    (sdlt_penalty_complained_of, Expected("appeal")),
    (adjudicator_with_a_fresh_assessment, Expected("adjudicator", None, ("appeal",))),
    (gambling_registration_cancelled, Expected("appeal")),
    (customs_approval_refused, Expected("appeal")),
    (letter_that_only_tells_of_another_decision, Expected("complaint", 1)),
    (tax_credit_reply_corrects, Expected("complaint", 2, waits=(("2025-03-03", "2025-05-12"),))),
    (
        estate_account_lost,
        Expected("complaint", 1, (), ("lost_documents",), ("CRG5575",), (("2025-02-03", "2025-06-09"),)),
    ),
    (postage_of_a_second_account, Expected("complaint", 1, asked=("direct_costs 9.35",))),
    (postage_before_anything_was_lost, Expected("complaint", 1, refused=("direct_costs 9.35",))),
    (student_loan_refund_half_paid, Expected("complaint", 1, asked=("repayment 550.00", "interest None"))),
    (corporation_tax_set_off, Expected("complaint", 1, asked=("repayment 5000.00",))),
    (online_service_down, Expected("complaint", 1, (), ("system_error",), ("CRG3250", "CRG5550"))),
    (agent_link_lost, Expected("complaint", 1, (), ("agent_not_recognised",), (), (("2025-05-08", "2025-09-01"),))),
    (enclosed_certificate_passed_over, Expected("adjudicator", None, (), ("evidence_overlooked",), ("CRG6150",))),
    (enquiry_with_papers_asked_for_twice, Expected("complaint", 1, (), ("prolonged_enquiry",), ("CRG3100", "CRG5575"))),
    (
        promised_reply_to_a_child_benefit_letter,
        Expected("complaint", 1, (), ("broken_undertaking",), ("CRG3025",), (("2025-05-20", "2025-09-01"),)),
    ),
    (
        delay_letter_to_landfill_tax,
        Expected("complaint", 1, sections=("CRG4050",), waits=(("2025-03-03", "2025-07-14"),)),
    ),
    (complaint_never_answered, Expected("complaint", 1, (), ("poor_complaint_handling",), ("CRG6150",))),
    (reviews_long_done, Expected("out_of_time")),
)


def conclusions(analysis: Analysis) -> tuple[str, int | None, tuple[str, ...]]:
    return analysis.route.route, analysis.route.tier, analysis.route.secondary_routes


@pytest.mark.parametrize(("build", "expected"), CASES, ids=[build.__name__ for build, _ in CASES])
def test_a_case_is_concluded_as_a_specialist_would(build: Callable[[], Case], expected: Expected) -> None:
    analysis = build().analyse()
    remedies = {(f"{r.kind} {r.amount}", r.allowed) for r in analysis.remedies}
    assert conclusions(analysis)[:2] == (expected.route, expected.tier)
    assert set(expected.beside) <= set(analysis.route.secondary_routes)
    assert set(expected.failings) <= {b.failing for b in analysis.breaches}
    assert set(expected.sections) <= {s for b in analysis.breaches for s in b.guidance}
    assert set(expected.waits) <= {(d.start.isoformat(), d.end.isoformat()) for d in analysis.delays}
    assert {(name, True) for name in expected.asked} | {(name, False) for name in expected.refused} <= remedies


def test_a_check_whose_papers_were_asked_for_twice_is_called_a_prolonged_check() -> None:
    assert enquiry_with_papers_asked_for_twice().analyse().complaint_type == "prolonged_enquiry"


def test_a_decision_made_before_the_complaint_is_not_set_beside_it() -> None:
    assert sdlt_penalty_complained_of().analyse().route.rule == "appealable decision in force"


def test_a_reply_that_corrects_ends_the_wait_of_the_complaint() -> None:
    kinds = {d.end for d in tax_credit_reply_corrects().analyse().delays}
    assert on("2025-05-12") in kinds


def test_a_part_repayment_does_not_end_the_wait() -> None:
    case = student_loan_refund_half_paid()
    case.event("repayment_made", "2025-04-14", "bank.csv", quote="HMRC 350.00")
    waits = {(d.start, d.end) for d in case.analyse().delays}
    assert (on("2025-06-02"), on("2025-09-01")) in waits


def test_a_reply_put_on_another_record_was_lost() -> None:
    case = base("VAT", kind="partnership").doc("ours.docx", "agent_letter", "2025-03-03", by="agent")
    case.event("documents_sent", "2025-03-03", "ours.docx", by="agent").doc("no.pdf", "hmrc_letter", "2025-05-12")
    case.position("reply", "no.pdf", "We have had no reply to our letter.", holds=False)
    case.doc("note.txt", "call_note", "2025-05-19", by="agent")
    case.position("receipt", "note.txt", "It is here, it was indexed to a different number.", thing="letter")
    assert "CRG5575" in {s for b in case.analyse().breaches for s in b.guidance}


def test_wrong_words_on_a_time_limit_are_wrong_advice() -> None:
    case = gambling_registration_cancelled().doc("note.txt", "call_note", "2025-08-18", by="agent")
    case.event("call", "2025-08-18", "note.txt", by="agent")
    limit, talk = "You must do this within 30 days.", "There is no time limit."
    sides = (ConflictSide("decision.pdf", 1, "2025-09-10", limit), ConflictSide("note.txt", 1, "no limit", talk))
    case.conflict(Conflict("the time limit", sides, "2025-09-10", "HMRC's letter gives it", kind="deadline"))
    assert {"CRG3175", "CRG3200"} <= {s for b in case.analyse().breaches for s in b.guidance}

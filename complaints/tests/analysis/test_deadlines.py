from complaints.analysis.records import Deadline
from complaints.tests.analysis.cases import Case, on
from complaints.tests.analysis.test_route import penalty_case, reviewed_case


def by_kind(case: Case, kind: str) -> dict[str, Deadline]:
    return {d.date.isoformat(): d for d in case.analyse().deadlines if d.kind == kind}


def test_an_appeal_is_statutory_and_counts_from_the_notice() -> None:
    deadline = by_kind(penalty_case(), "statutory")["2025-06-19"]
    assert "20 May 2025" in deadline.derivation


def test_a_first_complaint_is_expected_to_be_answered_in_six_weeks() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    assert "not a legal limit" in by_kind(case, "target")["2025-07-14"].derivation


def test_our_own_date_is_called_requested() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    assert set(by_kind(case, "requested")) == {"2025-07-14"}


def test_hmrc_s_own_promise_is_a_target() -> None:
    case = Case().promise("2025-05-20", "2025-06-30", "issue the repayment", "h.pdf")
    assert "2025-06-30" in by_kind(case, "target")


def test_the_adjudicator_s_six_months_are_external() -> None:
    case = reviewed_case(received="2025-05-12", opened="2025-06-02")
    assert "7 May 2025" in by_kind(case, "external")["2025-11-12"].derivation


def test_the_commissioner_s_three_months_run_from_the_refusal_to_record() -> None:
    case = Case().doc("chat.txt", "webchat", "2025-05-07", by="agent").event("disclosure", "2025-05-01", "m.eml")
    case.said("would_not_log", "chat.txt", "I can't record that here.")
    assert "ico.org.uk" in by_kind(case, "external")["2025-08-07"].derivation


def test_a_day_to_come_in_the_papers_is_external() -> None:
    case = Case().doc("p.eml", "email", "2025-05-20", by="third_party")
    case.event("other", "2025-06-27", "p.eml", by="third_party", quote="next pay run is on 27 June")
    assert "2025-06-27" in by_kind(case, "external")


def test_a_time_limit_stated_in_a_paper_is_statutory() -> None:
    case = Case().doc("c.docx", "agent_letter", "2025-05-20", by="agent")
    case.said("quotation", "c.docx", "The time limit for the claim expires on 5 April 2028.", by="agent")
    assert "Check the law" in by_kind(case, "statutory")["2028-04-05"].derivation


def test_a_decision_s_last_day_is_kept_when_it_has_gone_by() -> None:
    case = penalty_case("2025-08-01").with_intake(opened_on=on("2025-08-01"))
    assert "late appeal" in by_kind(case, "statutory")["2025-06-19"].derivation

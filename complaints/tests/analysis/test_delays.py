from complaints.analysis.records import Delay
from complaints.tests.analysis.cases import Case, on


def pairs(case: Case) -> dict[tuple[str, str], Delay]:
    return {(d.start.isoformat(), d.end.isoformat()): d for d in case.analyse().delays}


def test_a_refund_still_unpaid_runs_to_the_day_of_opening() -> None:
    case = Case().event("return_received", "2024-12-20", "r.eml").amount("812.00", "repayment_due", "r.eml")
    delay = pairs(case)["2024-12-20", "2025-06-02"]
    assert delay.open
    assert delay.calendar_days == 164


def test_a_refund_that_came_ends_the_delay() -> None:
    case = Case().event("claim_made", "2024-12-20", "r.eml", by="agent").amount("812.00", "repayment_claimed", "r.eml")
    case.event("repayment_made", "2025-03-20", "s.pdf")
    assert not pairs(case)["2024-12-20", "2025-03-20"].open


def test_working_days_follow_the_nation_of_the_client() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-01", "l.docx", by="agent")
    case.event("letter_from_hmrc", "2025-01-03", "h.pdf")
    assert pairs(case)["2025-01-01", "2025-01-03"].working_days == 2
    scottish = case.with_intake(nation="scotland")
    assert pairs(scottish)["2025-01-01", "2025-01-03"].working_days == 1


def test_a_notice_is_no_answer_to_a_letter() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    case.event("assessment_issued", "2025-02-03", "a.pdf").event("letter_from_hmrc", "2025-03-03", "h.pdf")
    assert ("2025-01-06", "2025-03-03") in pairs(case)
    assert ("2025-01-06", "2025-02-03") not in pairs(case)


def test_a_promise_counts_from_the_day_it_fell_due() -> None:
    case = Case().promise("2025-03-03", "2025-03-17", "issue the repayment", "h.pdf")
    assert pairs(case)["2025-03-17", "2025-06-02"].open


def test_a_promise_without_a_day_counts_from_the_promise() -> None:
    case = Case().promise("2025-03-03", None, "correct the record", "h.pdf").event("correction", "2025-04-01", "k.pdf")
    assert ("2025-03-03", "2025-04-01") in pairs(case)


def test_a_promise_kept_in_time_is_no_delay() -> None:
    case = Case().promise("2025-03-03", "2025-03-17", "issue the repayment", "h.pdf")
    case.event("repayment_made", "2025-03-10", "s.pdf")
    assert pairs(case) == {}


def test_a_complaint_counts_from_receipt_and_from_the_day_it_was_made() -> None:
    case = Case().event("complaint_made", "2025-01-06", "c.docx", by="agent")
    case.event("complaint_received", "2025-01-09", "r.pdf").event("complaint_reply", "2025-03-10", "r.pdf")
    assert {("2025-01-09", "2025-03-10"), ("2025-01-06", "2025-03-10")} <= set(pairs(case))


def test_a_wrong_certificate_runs_to_its_correction() -> None:
    case = Case().event("certificate_issued", "2024-10-01", "c.pdf").event("correction", "2025-02-03", "k.pdf")
    assert ("2024-10-01", "2025-02-03") in pairs(case)


def test_an_error_made_again_runs_from_the_repetition() -> None:
    case = Case().event("coding_notice", "2025-01-06", "a.pdf").event("correction", "2025-02-03", "b.pdf")
    case.event("coding_notice", "2025-02-03", "b.pdf").event("coding_notice", "2025-04-07", "c.pdf")
    assert pairs(case)["2025-04-07", "2025-06-02"].open


def test_papers_that_were_logged_and_lost_run_to_the_day_hmrc_said_so() -> None:
    case = Case().event("return_received", "2025-01-06", "log.txt").event("documents_lost", "2025-04-07", "h.pdf")
    assert ("2025-01-06", "2025-04-07") in pairs(case)


def test_the_time_left_to_appeal_is_counted_from_opening() -> None:
    case = Case().doc("n.pdf", "hmrc_notice", "2025-05-20").event("penalty_issued", "2025-05-20", "n.pdf")
    left = pairs(case)["2025-06-02", "2025-06-19"]
    assert left.calendar_days == 17
    assert left.working_days == 13


def test_nothing_after_the_opening_is_counted() -> None:
    case = Case().event("letter_to_hmrc", "2025-06-20", "l.docx", by="agent").with_intake(opened_on=on("2025-06-02"))
    assert pairs(case) == {}

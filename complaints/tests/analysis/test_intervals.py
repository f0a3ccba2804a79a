"""Lengths of time between what belongs together, and time left to limits that others set."""

from complaints.tests.analysis.cases import Case, on


def _pairs(case: Case) -> set[tuple[str, str]]:
    return {(d.start.isoformat(), d.end.isoformat()) for d in case.analyse().delays}


def test_papers_that_hmrc_acknowledges_wait_for_its_next_step_and_for_the_money() -> None:
    case = (
        Case()
        .doc("h.pdf", "hmrc_letter", "2025-03-04")
        .position("receipt", "h.pdf", "the invoices reached us on 6 January 2025", thing="documents", day="2025-01-06")
        .event("letter_from_hmrc", "2025-03-04", "h.pdf")
        .event("repayment_made", "2025-05-06", "h2.pdf")
    )
    assert {("2025-01-06", "2025-03-04"), ("2025-01-06", "2025-05-06")} <= _pairs(case)


def test_a_charge_is_measured_to_the_day_on_which_it_was_given_up() -> None:
    case = (
        Case()
        .event("assessment_issued", "2024-09-02", "l.docx")
        .doc("d.pdf", "hmrc_letter", "2025-04-10")
        .event("letter_from_hmrc", "2025-04-10", "d.pdf")
        .position("debt", "d.pdf", "The charge has been cancelled.", holds=False)
    )
    assert ("2024-09-02", "2025-04-10") in _pairs(case)


def test_the_time_left_for_the_adjudicator_is_shown() -> None:
    case = (
        Case()
        .doc("r.pdf", "hmrc_complaint_reply", "2025-02-03", tier=2)
        .event("review_reply", "2025-02-03", "r.pdf")
        .event("reply_received", "2025-02-06", "note.txt", by="agent")
    )
    assert ("2025-06-02", "2025-08-06") in _pairs(case)


def _reviewed() -> Case:
    return (
        Case()
        .doc("p.pdf", "hmrc_notice", "2025-01-10")
        .event("penalty_issued", "2025-01-10", "p.pdf", quote="Notice of penalty assessment")
        .said("appeal_right", "p.pdf", "You can appeal within 30 days.")
        .doc("c.pdf", "hmrc_letter", "2025-05-20")
        .event("letter_from_hmrc", "2025-05-20", "c.pdf", quote="My conclusion is that the decision is upheld.")
        .position("deadline", "c.pdf", "appeal to the tribunal within 30 days", thing="tribunal", day="2025-06-19")
        .event("review_requested", "2025-02-03", "q.docx", by="agent")
    )


def test_a_review_conclusion_is_appealed_to_the_tribunal_by_its_own_day() -> None:
    found = _reviewed().analyse()
    assert found.route.route == "appeal"
    assert on("2025-06-19") in {d.date for d in found.deadlines if d.kind == "statutory"}
    assert on("2025-02-09") not in {d.date for d in found.deadlines}


def test_a_late_review_is_measured_from_the_day_on_which_it_was_due() -> None:
    assert ("2025-03-20", "2025-05-20") in _pairs(_reviewed())


def test_a_hold_that_ends_is_a_day_to_watch() -> None:
    case = Case().position("hold", "n.txt", "a hold on collection to 27 June", day="2025-06-27")
    assert [d.date for d in case.analyse().deadlines if "hold" in d.what] == [on("2025-06-27")]

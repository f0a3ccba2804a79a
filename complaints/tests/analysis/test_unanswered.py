from complaints.tests.analysis.cases import Case


def complaint() -> Case:
    case = Case().doc("c.docx", "agent_complaint", "2025-01-06", by="agent", tier=1)
    case.event("complaint_made", "2025-01-06", "c.docx", by="agent")
    case.doc("r.pdf", "hmrc_complaint_reply", "2025-02-10", tier=1).event("complaint_reply", "2025-02-10", "r.pdf")
    case.point(1, "Slow registration", "The registration of 4 November 2024 is still not done.", "c.docx")
    case.point(2, "Enforcement", "An officer called on 2 December 2024 and listed the stock.", "c.docx")
    case.point(3, "Fees", "We ask for our additional fees.", "c.docx")
    return case


def numbers(case: Case) -> list[int]:
    return [p.point for p in case.analyse().unanswered_points]


def test_points_that_no_finding_touches_are_unanswered() -> None:
    case = complaint().finding("The delay", "upheld", "Registration took longer than it should.", "r.pdf")
    assert numbers(case) == [2, 3]


def test_a_date_of_the_point_alone_answers_it() -> None:
    case = complaint().finding("Other matters", "not_upheld", "The call of 2 December 2024 was proper.", "r.pdf")
    assert numbers(case) == [1, 3]


def test_another_word_for_the_same_subject_answers_it() -> None:
    case = complaint().finding("Costs", "not_upheld", "I cannot consider these without an invoice.", "r.pdf")
    assert numbers(case) == [1, 2]


def test_words_that_points_share_answer_nothing() -> None:
    case = (
        Case()
        .doc("c.docx", "agent_complaint", "2025-01-06", by="agent")
        .doc("r.pdf", "hmrc_complaint_reply", "2025-02-10")
    )
    case.point(1, "", "The claim for relief was not processed although the claim was complete.", "c.docx")
    case.point(2, "", "The claim for relief was called invalid by a manager who shouted.", "c.docx")
    case.finding(
        "", "upheld", "The claim for relief was not processed in good time, the file being incomplete.", "r.pdf"
    )
    assert numbers(case) == [2]


def test_without_a_reply_there_is_nothing_left_out() -> None:
    case = Case().doc("c.docx", "agent_complaint", "2025-01-06", by="agent").point(1, "Fees", "Our fees.", "c.docx")
    assert numbers(case) == []


def test_points_left_out_make_an_incomplete_reply() -> None:
    case = complaint().finding("Fees", "not_upheld", "No invoice.", "r.pdf")
    breach = next(b for b in case.analyse().breaches if b.failing == "incomplete_reply")
    assert "points 1 and 2 of the 3" in breach.because


def test_a_heading_that_only_names_the_client_answers_nothing() -> None:
    case = (
        Case()
        .doc("c.docx", "agent_complaint", "2025-01-06", by="agent")
        .doc("r.pdf", "hmrc_complaint_reply", "2025-02-10")
    )
    case.point(1, "The effect on Mr Marrick", "Nobody has asked how Mr Marrick fares.", "c.docx")
    case.finding("Your complaint: Odell Marrick", "addressed", "I have looked at the papers.", "r.pdf")
    assert numbers(case) == [1]


def test_thanks_for_a_letter_answer_nothing() -> None:
    case = complaint().finding("Fees", "addressed", "Thank you for your letter about fees.", "r.pdf")
    assert numbers(case) == [1, 2, 3]

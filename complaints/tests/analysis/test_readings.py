from complaints.analysis.readings import read_events
from complaints.tests.analysis.cases import Case, on


def kinds(case: Case) -> list[tuple[str, str]]:
    return [(e.date.isoformat(), e.kind) for e in read_events(case.facts(), on("2025-12-31"))]


def test_one_event_is_kept_for_each_day_and_act_and_the_paper_of_the_day_tells_it() -> None:
    case = (
        Case()
        .doc("a.docx", "agent_letter", "2025-03-03", by="agent")
        .doc("z.docx", "agent_letter", "2025-01-06", by="agent")
    )
    case.event("letter_to_hmrc", "2025-01-06", "a.docx", by="agent").event(
        "letter_to_hmrc", "2025-01-06", "z.docx", by="agent"
    )
    (event,) = read_events(case.facts(), on("2025-12-31"))
    assert event.span.document == "z.docx"


def test_a_code_that_drops_what_we_wrote_about_corrects_the_one_before() -> None:
    case = Case()
    for name, day in (("a.pdf", "2025-01-06"), ("b.pdf", "2025-03-03"), ("c.pdf", "2025-05-05")):
        case.doc(name, "hmrc_notice", day).event("coding_notice", day, name)
    case.amount("1800.00", "benefit_in_kind", "a.pdf").amount("1800.00", "benefit_in_kind", "c.pdf")
    assert ("2025-03-03", "correction") not in kinds(case)
    case.event("letter_to_hmrc", "2025-02-03", "l.docx", by="agent")
    assert ("2025-03-03", "correction") in kinds(case)
    assert ("2025-05-05", "coding_notice") in kinds(case)


def test_hmrc_s_receipt_of_our_complaint_is_not_our_receipt_of_a_reply() -> None:
    case = (
        Case().doc("r.pdf", "hmrc_complaint_reply", "2025-03-03", tier=1).event("reply_received", "2025-01-09", "r.pdf")
    )
    assert kinds(case) == [("2025-01-09", "complaint_received")]


def test_the_only_reply_to_a_complaint_is_the_first() -> None:
    case = Case().event("complaint_made", "2025-01-06", "c.docx", by="agent")
    case.event("review_requested", "2025-01-06", "r.pdf", by="agent").event("review_reply", "2025-03-03", "r.pdf")
    assert kinds(case) == [("2025-01-06", "complaint_made"), ("2025-03-03", "complaint_reply")]


def test_a_reply_that_came_to_the_client_is_a_reply_received() -> None:
    case = Case().doc("m.eml", "email", "2025-03-05", by="client").event("reply_received", "2025-03-05", "m.eml")
    assert kinds(case) == [("2025-03-05", "reply_received")]


def test_a_notice_of_enquiry_opens_one() -> None:
    case = Case().doc("n.pdf", "hmrc_notice", "2025-03-05")
    case.event("notice_issued", "2025-03-05", "n.pdf", quote="I have opened an enquiry into your return")
    assert kinds(case) == [("2025-03-05", "enquiry_opened")]

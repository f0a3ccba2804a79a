from complaints.tests.analysis.cases import Case, on

PENALTY_NOTICE = "You can appeal within 30 days of the date of this notice."


def penalty_case(opened: str = "2025-06-02") -> Case:
    case = Case().with_intake(opened_on=on(opened)).doc("notice.pdf", "hmrc_notice", "2025-05-20")
    case.event("penalty_issued", "2025-05-20", "notice.pdf", quote="Late filing penalty 20 May 2025")
    return case.said("appeal_right", "notice.pdf", PENALTY_NOTICE)


def replied_case(opened: str = "2025-06-02") -> Case:
    case = Case().with_intake(opened_on=on(opened))
    case.doc("ours.docx", "agent_complaint", "2025-01-06", by="agent", tier=1)
    case.event("complaint_made", "2025-01-06", "ours.docx", by="agent")
    case.doc("reply.pdf", "hmrc_complaint_reply", "2025-02-10", tier=1)
    return case.event("complaint_reply", "2025-02-10", "reply.pdf")


def reviewed_case(*, received: str | None, opened: str) -> Case:
    case = replied_case(opened)
    case.event("review_requested", "2025-03-03", "again.docx", by="agent")
    case.doc("final.pdf", "hmrc_complaint_reply", "2025-05-07", tier=2).event("review_reply", "2025-05-07", "final.pdf")
    if received:
        case.doc("post.eml", "email", received, by="agent")
        case.event("reply_received", received, "post.eml", by="agent")
    return case


def test_a_penalty_in_force_is_appealed_whatever_the_brief_wishes() -> None:
    case = penalty_case().with_intake(brief="Please make a complaint to get the penalty cancelled.")
    route = case.analyse().route
    assert (route.route, route.tier, route.rule) == ("appeal", None, "appealable decision in force")
    assert "19 June 2025" in route.reason


def test_a_penalty_without_service_failings_needs_no_complaint_beside_the_appeal() -> None:
    assert penalty_case().analyse().route.secondary_routes == ()


def test_an_ignored_letter_brings_a_complaint_beside_the_appeal() -> None:
    case = penalty_case().doc("ours.docx", "agent_letter", "2024-11-04", by="agent")
    case.event("letter_to_hmrc", "2024-11-04", "ours.docx", by="agent")
    assert case.analyse().route.secondary_routes == ("complaint",)


def test_a_withdrawn_penalty_leaves_nothing_to_appeal() -> None:
    case = penalty_case().doc("sorry.pdf", "hmrc_letter", "2025-05-28")
    case.event("withdrawal", "2025-05-28", "sorry.pdf", quote="the penalty was withdrawn on 28 May 2025")
    route = case.analyse().route
    assert (route.route, route.tier) == ("complaint", 1)
    assert "withdrawn or corrected" in route.reason


def test_withdrawing_an_assessment_does_not_withdraw_the_penalty() -> None:
    case = penalty_case().event(
        "withdrawal", "2025-05-28", "x.pdf", quote="the assessment was withdrawn on 28 May 2025"
    )
    assert case.analyse().route.route == "appeal"


def test_a_penalty_already_appealed_is_left_to_the_appeal() -> None:
    case = penalty_case().event("appeal_made", "2025-05-27", "appeal.docx", by="agent")
    assert case.analyse().route.route == "complaint"


def test_an_appeal_period_that_is_over_stays_an_appeal_and_says_so() -> None:
    route = penalty_case("2025-08-01").analyse().route
    assert (route.route, route.rule) == ("appeal", "appealable decision, period over")
    assert "19 June 2025" in route.reason
    assert "late" in route.reason


def test_the_period_that_the_notice_gives_is_used() -> None:
    case = Case().doc("d.pdf", "hmrc_letter", "2025-05-20").event("letter_from_hmrc", "2025-05-20", "d.pdf")
    case.said("appeal_right", "d.pdf", "You may ask for a review within 45 days of this decision.")
    assert "4 July 2025" in case.analyse().route.reason


def test_a_tax_code_is_corrected_and_not_appealed() -> None:
    case = Case().doc("p2.pdf", "hmrc_notice", "2025-05-20").event("coding_notice", "2025-05-20", "p2.pdf")
    case.said("appeal_right", "p2.pdf", "If you disagree, tell us within 30 days.")
    route = case.analyse().route
    assert (route.route, route.tier) == ("complaint", 1)
    assert "correcting it" in route.reason


def test_a_refusal_by_telephone_is_no_decision() -> None:
    case = (
        Case()
        .doc("note.txt", "call_note", "2025-05-20", by="agent")
        .event("call", "2025-05-20", "note.txt", by="agent")
    )
    case.said("refusal", "note.txt", "The claim was rejected as too old.")
    route = case.analyse().route
    assert (route.route, route.tier) == ("complaint", 1)
    assert "by telephone only" in route.reason


def test_a_first_tier_reply_leads_to_the_second_tier() -> None:
    route = replied_case().analyse().route
    assert (route.route, route.tier) == ("complaint", 2)


def test_a_complaint_without_a_reply_stays_at_the_first_tier() -> None:
    case = Case().doc("c.docx", "agent_complaint", "2025-01-06", by="agent", tier=1)
    route = case.event("complaint_made", "2025-01-06", "c.docx", by="agent").analyse().route
    assert (route.route, route.tier, route.rule) == ("complaint", 1, "complaint made, not answered")


def test_the_second_tier_is_skipped_where_hmrc_says_there_is_none() -> None:
    case = replied_case().said("final_reply", "reply.pdf", "This is the end of our complaints process.")
    route = case.analyse().route
    assert route.route == "adjudicator"
    assert "no second tier" in route.reason


def test_six_months_for_the_adjudicator_run_from_receipt() -> None:
    route = reviewed_case(received="2025-05-12", opened="2025-11-11").analyse().route
    assert route.route == "adjudicator"
    assert "12 November 2025" in route.reason


def test_six_months_and_a_day_after_receipt_is_out_of_time() -> None:
    assert reviewed_case(received="2025-05-12", opened="2025-11-13").analyse().route.route == "out_of_time"


def test_without_evidence_of_receipt_the_letter_s_date_counts() -> None:
    route = reviewed_case(received=None, opened="2025-11-08").analyse().route
    assert route.route == "out_of_time"


def test_post_in_the_wrong_hands_brings_the_commissioner_beside_the_complaint() -> None:
    case = Case().doc("mail.eml", "email", "2025-04-02", by="client")
    case.event("disclosure", "2025-04-01", "mail.eml", by="third_party")
    route = case.analyse().route
    assert (route.route, route.secondary_routes) == ("complaint", ("ico",))


def test_a_day_that_is_only_the_letter_s_date_is_not_its_receipt() -> None:
    case = reviewed_case(received="2025-05-12", opened="2025-11-11")
    case.event("reply_received", "2025-05-07", "post.eml", by="agent", quote="arrived today, dated the 7th")
    assert "12 November 2025" in case.analyse().route.reason


def test_a_reply_that_offers_a_second_review_is_the_first_whatever_it_was_called() -> None:
    case = replied_case().event("review_reply", "2025-02-10", "reply.pdf")
    case.said("review_right", "reply.pdf", "You can ask for a second review.")
    route = case.analyse().route
    assert (route.route, route.tier) == ("complaint", 2)


def test_a_draft_in_a_time_record_is_no_complaint() -> None:
    case = Case().doc("time.xlsx", "time_record", "2025-05-30", by="agent")
    case.event("complaint_made", "2025-05-30", "time.xlsx", by="agent", quote="Complaint, first draft")
    assert case.analyse().route.rule == "no complaint made before"
    case.event("complaint_made", "2025-05-29", "time.xlsx", by="agent", quote="Complaint sent by post")
    assert case.analyse().route.rule == "complaint made, not answered"

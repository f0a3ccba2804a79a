from complaints.analysis.records import Breach
from complaints.facts.records import Conflict, ConflictSide
from complaints.tests.analysis.cases import ALL_SECTIONS, Case, Section, on


def by_failing(case: Case) -> dict[str, Breach]:
    return {b.failing: b for b in case.analyse().breaches}


def test_a_letter_without_any_reply_was_not_answered() -> None:
    breach = by_failing(Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent"))["unanswered_correspondence"]
    assert breach.charter == "Being responsive"
    assert "CRG5525" in breach.guidance
    assert "6 January 2025" in breach.because


def test_a_letter_that_hmrc_acted_on_was_answered() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent").event("correction", "2025-02-03", "k.pdf")
    assert "unanswered_correspondence" not in by_failing(case)


def test_a_reply_that_names_the_letter_answers_it() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    case.event("letter_from_hmrc", "2025-02-03", "h.pdf")
    assert "unanswered_correspondence" in by_failing(case)
    case.event("letter_to_hmrc", "2025-01-06", "h.pdf", by="agent", quote="your letter of 6 January 2025")
    assert "unanswered_correspondence" not in by_failing(case)


def test_a_covering_letter_asks_for_no_answer() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    case.event("documents_sent", "2025-01-06", "l.docx", by="agent")
    assert "unanswered_correspondence" not in by_failing(case)


def test_what_hmrc_upheld_is_accepted_and_leads() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    case.event("complaint_reply", "2025-04-07", "r.pdf").promise(
        "2025-04-07", "2025-04-28", "issue the refund", "r.pdf"
    )
    case.finding("Correspondence", "upheld", "Your letter of 6 January was filed and not actioned.", "r.pdf")
    breaches = case.analyse().breaches
    assert breaches[0].failing == "unanswered_correspondence"
    assert breaches[0].accepted
    assert [b.strength for b in breaches] == sorted((b.strength for b in breaches), reverse=True)


def test_a_promise_that_lapsed_is_broken_and_names_its_day() -> None:
    breach = by_failing(Case().promise("2025-03-03", "2025-03-17", "issue the repayment", "h.pdf"))[
        "broken_undertaking"
    ]
    assert breach.charter == "Getting things right"
    assert "17 March 2025" in breach.because


def test_a_promise_not_yet_due_is_not_broken() -> None:
    assert by_failing(Case().promise("2025-05-20", "2025-06-30", "issue the repayment", "h.pdf")) == {}


def test_an_announced_charge_is_no_promise() -> None:
    assert "broken_undertaking" not in by_failing(
        Case().promise("2025-03-03", "2025-03-17", "collect the debt", "h.pdf")
    )


def test_papers_received_and_not_found_were_lost() -> None:
    case = Case().doc("h.pdf", "hmrc_letter", "2025-04-07").event("return_received", "2025-01-06", "log.txt")
    case.said("no_trace", "h.pdf", "we can find no trace of the return")
    breach = by_failing(case)["lost_documents"]
    assert {"CRG5575", "CRG3025"} <= set(breach.guidance)
    assert "6 January 2025" in breach.because
    assert "7 April 2025" in breach.because


def test_post_to_an_old_address_is_a_matter_of_data() -> None:
    case = Case().event("address_changed", "2025-01-06", "pta.pdf", by="client")
    case.event("calculation_issued", "2025-03-03", "calc.pdf").said("address_not_updated", "calc.pdf", "3 Old Lane")
    analysis = case.analyse()
    assert "data_breach" in {b.failing for b in analysis.breaches}
    assert (on("2025-01-06"), on("2025-03-03")) in {(d.start, d.end) for d in analysis.delays}


def test_a_sum_counted_twice_is_a_calculation_error() -> None:
    case = Case().event("calculation_issued", "2025-03-03", "calc.pdf")
    case.amount("2100.00", "pay", "calc.pdf").amount("2100.00", "pay", "calc.pdf")
    assert "£2,100.00" in by_failing(case)["calculation_error"].because


def test_two_deadlines_in_hmrc_s_papers_are_inconsistent() -> None:
    case = Case().doc("a.pdf", "hmrc_notice", "2025-05-20").doc("b.pdf", "hmrc_letter", "2025-05-22")
    sides = (ConflictSide("a.pdf", 1, "2025-06-19", "30 days"), ConflictSide("b.pdf", 1, "2025-06-21", "30 days"))
    case.conflict(Conflict("the last day to appeal", sides, "2025-06-19", "the notice governs", "deadline"))
    assert "CRG3200" in by_failing(case)["inconsistent_information"].guidance


def test_advice_contested_in_a_complaint_is_misleading() -> None:
    case = (
        Case()
        .doc("note.txt", "call_note", "2025-01-06", by="agent")
        .event("call", "2025-01-06", "note.txt", by="agent")
    )
    case.said("advice", "note.txt", "You do not need to register.")
    assert "misleading_advice" not in by_failing(case)
    case.point(1, "Wrong advice", "Your helpline told us wrongly on 6 January.", "c.docx")
    assert {"CRG3175", "CRG3200"} <= set(by_failing(case)["misleading_advice"].guidance)


def test_enforcement_after_a_written_dispute_is_unfair() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent").event("visit", "2025-02-03", "v.pdf")
    case.event("withdrawal", "2025-03-03", "w.pdf")
    breach = by_failing(case)["enforcement_of_disputed_debt"]
    assert breach.charter == "Treating you fairly"


def test_a_refusal_to_deal_with_an_authorised_agent_is_its_own_standard() -> None:
    case = (
        Case()
        .doc("note.txt", "call_note", "2025-02-03", by="agent")
        .said("authority_denied", "note.txt", "no 64-8 held")
    )
    case.event("authority_given", "2024-11-04", "64-8.pdf", by="client")
    analysis = case.analyse()
    assert analysis.breaches[0].charter == "Recognising that someone can represent you"
    assert (on("2024-11-04"), on("2025-02-03")) in {(d.start, d.end) for d in analysis.delays}


def test_a_bare_admission_is_a_mistake_of_its_own() -> None:
    case = (
        Case()
        .doc("h.pdf", "hmrc_letter", "2025-02-03")
        .said("admission", "h.pdf", "We allocated it to the wrong period.")
    )
    assert by_failing(case)["other_mistake"].accepted


def test_only_sections_in_the_guidance_are_cited() -> None:
    case = Case().event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    (breach,) = case.analyse({"CRG5525": Section(), "CRG4025": Section(archived=True)}).breaches
    assert breach.guidance == ("CRG5525",)


def test_no_archived_section_is_ever_cited() -> None:
    assert ALL_SECTIONS["CRG2075"].archived


def test_a_payment_not_found_is_no_lost_document() -> None:
    case = (
        Case()
        .event("return_filed", "2025-01-20", "r.pdf", by="agent")
        .doc("h.pdf", "hmrc_letter", "2025-03-03")
        .said("no_trace", "h.pdf", "We have no record of receiving any payment for this return.")
    )
    assert "lost_documents" not in by_failing(case)


def test_our_own_disclosure_is_no_breach_of_data() -> None:
    case = Case().event("disclosure", "2025-01-20", "h.pdf", quote="Your disclosure reached us on 20 January 2025")
    assert "data_breach" not in by_failing(case)


def test_a_sentence_that_only_names_an_automatic_step_blames_no_system() -> None:
    case = (
        Case()
        .doc("h.pdf", "hmrc_letter", "2025-02-03")
        .said("system_error", "h.pdf", "The interest will be removed automatically.")
    )
    assert "system_error" not in by_failing(case)


def test_a_letter_sent_last_week_is_not_yet_unanswered() -> None:
    case = Case().event("letter_to_hmrc", "2025-05-26", "l.docx", by="agent")
    assert "unanswered_correspondence" not in by_failing(case)


def test_a_letter_answered_late_was_answered() -> None:
    case = (
        Case()
        .event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
        .doc("h.pdf", "hmrc_letter", "2025-04-03")
        .event("letter_from_hmrc", "2025-04-03", "h.pdf")
        .event("letter_to_hmrc", "2025-01-06", "h.pdf", by="agent", quote="Your letter was not answered sooner")
        .said("apology", "h.pdf", "I am sorry that your letter of 6 January 2025 was not answered sooner.")
    )
    assert "unanswered_correspondence" not in by_failing(case)


def test_a_demand_before_anybody_objected_is_no_enforcement() -> None:
    case = (
        Case()
        .event("demand_issued", "2025-01-10", "d.pdf")
        .event("letter_to_hmrc", "2025-02-03", "l.docx", by="agent")
        .event("withdrawal", "2025-03-03", "w.pdf")
    )
    assert "enforcement_of_disputed_debt" not in by_failing(case)


def test_a_demand_after_we_disputed_it_is_enforcement_once_given_up() -> None:
    case = (
        Case()
        .event("letter_to_hmrc", "2025-01-03", "l.docx", by="agent")
        .event("demand_issued", "2025-02-10", "d.pdf")
        .event("withdrawal", "2025-03-03", "w.pdf")
    )
    assert "disputed in writing on 3 January 2025" in by_failing(case)["enforcement_of_disputed_debt"].because


def test_advice_that_hmrc_admits_was_wrong_is_misleading() -> None:
    case = (
        Case()
        .event("call", "2025-01-06", "note.txt", by="agent")
        .doc("h.pdf", "hmrc_letter", "2025-04-03")
        .said("apology", "h.pdf", "The advice you were given was not correct and I apologise.")
    )
    assert by_failing(case)["misleading_advice"].accepted


def test_a_refused_form_is_a_refusal_of_the_agent() -> None:
    case = (
        Case()
        .doc("h.pdf", "hmrc_letter", "2025-01-06")
        .position("authority", "h.pdf", "The signature does not match.", holds=False)
        .doc("i.pdf", "hmrc_letter", "2025-03-06")
        .position("authority", "i.pdf", "Both forms were correctly completed.")
    )
    assert "although we were authorised" in by_failing(case)["agent_not_recognised"].because

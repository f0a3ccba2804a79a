# ruff: noqa: E501  (a row of invented facts is easier to read on one line)
"""Invented cases, built by hand, one for each kind of letter. Spans are found in the texts, so that they are verbatim."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from complaints.analysis.records import (
    Analysis,
    Breach,
    CostLine,
    CostsBlock,
    CostsSchedule,
    Deadline,
    Delay,
    Remedy,
    RouteDecision,
    UnansweredPoint,
)
from complaints.facts.records import (
    Amount,
    ComplaintPoint,
    Conflict,
    ConflictSide,
    DocumentProfile,
    Event,
    Facts,
    Finding,
    Intake,
    Invoice,
    Party,
    Reference,
    Span,
    Statement,
    TimeEntry,
    Undertaking,
)
from letters.practice import PracticeDetails

NO_ANALYSIS = {
    "delays": (), "breaches": (), "remedies": (), "costs": None, "deadlines": (), "unanswered_points": (), "upheld": (),
    "conflicts": (), "weaknesses": (), "refused_wishes": (),
}  # fmt: skip
NO_FACTS = {
    "documents": (), "references": (), "amounts": (), "events": (), "undertakings": (), "statements": (), "points": (),
    "findings": (), "time_entries": (), "invoices": (), "parties": (), "injections": (), "conflicts": (),
}  # fmt: skip

PRACTICE = PracticeDetails(
    name="Wharfedale & Finch LLP",
    address_lines=("3 Canal Row", "Leeds LS9 9VX"),
    letterhead="Chartered Tax Advisers",
    signatory_name="Ottilie Finch",
    signatory_capacity="Partner",
    agent_reference="5512WF",
)


@dataclass(frozen=True)
class Sample:
    """A case with its papers: texts by document name, one page each (number None, or 1 for a PDF)."""

    intake: Intake
    facts: Facts
    analysis: Analysis
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> dict[tuple[str, int | None], str]:
        return {(name, page_of(name)): text for name, text in self.texts.items()}


def page_of(name: str) -> int | None:
    return 1 if name.endswith(".pdf") else None


def finder(texts: dict[str, str]):
    """A function that gives the span of words in a document."""

    def span(document: str, quote: str) -> Span:
        start = texts[document].index(quote)
        return Span(document, page_of(document), start, start + len(quote), quote)

    return span


def intake(**changes: object) -> Intake:
    values: dict[str, object] = {
        "practice_name": PRACTICE.name,
        "practice_address": "3 Canal Row, Leeds LS9 9VX",
        "agent_reference": "5512WF",
        "hourly_rates": (("manager", Decimal("120.00")),),
        "client_name": "Margit Oakshott",
        "client_kind": "individual",
        "nation": "england-and-wales",
        "references": (("utr", "1234567895"),),
        "tax_head": "Self Assessment (income tax)",
        "brief": "",
        "desired_outcome": "",
        "opened_on": date(2025, 9, 1),
    }
    return Intake(**{**values, **changes})  # type: ignore[arg-type]


def profile(document: str, kind: str, author: str, written: date | None, name: str, **more: object) -> DocumentProfile:
    recipient = {"hmrc": "agent", "agent": "hmrc"}.get(author, "agent")
    return DocumentProfile(document, kind, author, recipient, written, None, "", name, **more)  # type: ignore[arg-type]


_REPAYMENT = {
    "receipt.eml": "Submission received, tax year 2023-24. The return for 1234567895 was successfully received on 3 February 2025 at 10:15.",
    "calculation.pdf": "Tax calculation 2023-24. Calculated 4 February 2025. Overpaid: amount to be repaid £2,480.15",
    "chaser.docx": "14 March 2025. Ms M Oakshott. Please issue the repayment of £2,480.15 or tell us what is holding it up.",
    "note.txt": "Call to the agent line, 7 April 2025, 10.05. Told it is on hold. Money will be released within 10 working days.\n"
    "I said Ms Oakshott is ill with worry about her rent. Typed up the same day.",
    "letter.pdf": "Self Assessment\nHM Revenue and Customs\nBX9 1AS\nDate 20 May 2025\nOur ref SA/RP/4401-25\n"
    "Our records show that the return was received on 30 April 2025.\n"
    "I have authorised the repayment of £2,480.15. It will be issued within 14 days of the date of this letter.",
    "statement.pdf": "Self Assessment statement 18 August 2025. Credit available £2,480.15. No repayment has been issued.",
    "bank.pdf": "Aire Bank, 22 August 2025. Overdraft charges of £61.40 were debited from April to August 2025, the facility "
    "having been agreed because a tax refund had not arrived.",
    "mail.eml": "From Margit Oakshott, 25 August 2025. I have not slept properly since April and I borrow to pay the rent.",
    "time.xlsx": "14/03/2025 | manager | 30 | Letter to HMRC about the repayment | yes\n"
    "07/04/2025 | manager | 25 | Call to the agent line | yes\n01/09/2025 | manager | 60 | Drafting the complaint | yes",
}


def repayment() -> Sample:
    """A repayment that was promised twice: a first-tier complaint for an individual."""
    at = finder(_REPAYMENT)
    said = at("letter.pdf", "It will be issued within 14 days of the date of this letter")
    told = at("note.txt", "Money will be released within 10 working days")
    unpaid = at("statement.pdf", "No repayment has been issued.")
    events = (
        Event(date(2025, 2, 3), "return_filed", "agent", "The 2023-24 return was successfully received",
              at("receipt.eml", "successfully received on 3 February 2025"), "key"),
        Event(date(2025, 2, 4), "calculation_issued", "hmrc", "HMRC's calculation showed £2,480.15 overpaid",
              at("calculation.pdf", "Overpaid: amount to be repaid £2,480.15"), "key"),
        Event(date(2025, 3, 14), "letter_to_hmrc", "agent", "We wrote to HMRC: please issue the repayment",
              at("chaser.docx", "14 March 2025"), "key"),
        Event(date(2025, 4, 7), "call", "agent", "HMRC's agent line told us that the money would be released within 10 working days",
              told, "key"),
        Event(date(2025, 5, 20), "letter_from_hmrc", "hmrc", "HMRC wrote that the repayment was authorised and would be issued "
              "within 14 days", said, "key"),
        Event(date(2025, 8, 18), "statement_issued", "hmrc", "HMRC's statement showed that no repayment had been issued", unpaid, "key"),
    )  # fmt: skip
    conflict = Conflict(
        "date the return was received",
        (
            ConflictSide("receipt.eml", None, "2025-02-03", "successfully received on 3 February 2025"),
            ConflictSide("letter.pdf", 1, "2025-04-30", "the return was received on 30 April 2025"),
        ),
        "2025-02-03",
        "HMRC's own receipt was issued at the time",
        "date",
    )
    entries = tuple(
        TimeEntry(day, "AF", "manager", minutes, words, True, "yes", at("time.xlsx", row))
        for day, minutes, words, row in (
            (date(2025, 3, 14), 30, "Letter to HMRC about the repayment", "14/03/2025 | manager | 30"),
            (date(2025, 4, 7), 25, "Call to the agent line", "07/04/2025 | manager | 25"),
            (date(2025, 9, 1), 60, "Drafting the complaint", "01/09/2025 | manager | 60"),
        )
    )
    facts = Facts(**{  # type: ignore[arg-type]
        **NO_FACTS,
        "documents": (
            profile("receipt.eml", "hmrc_receipt", "hmrc", date(2025, 2, 3), "HMRC's receipt for the return of 3 February 2025"),
            profile("calculation.pdf", "hmrc_statement", "hmrc", date(2025, 2, 4), "HMRC's tax calculation of 4 February 2025"),
            profile("chaser.docx", "agent_letter", "agent", date(2025, 3, 14), "our letter of 14 March 2025"),
            profile("note.txt", "call_note", "agent", date(2025, 4, 7), "our note of the call of 7 April 2025"),
            profile("letter.pdf", "hmrc_letter", "hmrc", date(2025, 5, 20), "HMRC's letter of 20 May 2025"),
            profile("statement.pdf", "hmrc_statement", "hmrc", date(2025, 8, 18), "HMRC's Self Assessment statement of 18 August 2025"),
            profile("bank.pdf", "bank_letter", "third_party", date(2025, 8, 22), "the letter from Aire Bank of 22 August 2025",
                    author_name="Aire Bank"),
            profile("mail.eml", "email", "client", date(2025, 8, 25), "Ms Oakshott's email of 25 August 2025"),
            profile("time.xlsx", "time_record", "agent", None, "our time record"),
        ),
        "references": (
            Reference("utr", "1234567895", at("receipt.eml", "1234567895"), True),
            Reference("hmrc_ref", "SA/RP/4401-25", at("letter.pdf", "SA/RP/4401-25"), False),
        ),
        "amounts": (
            Amount(Decimal("2480.15"), "repayment_due", at("calculation.pdf", "£2,480.15")),
            Amount(Decimal("61.40"), "bank_charge", at("bank.pdf", "£61.40")),
        ),
        "events": events,
        "undertakings": (
            Undertaking(date(2025, 4, 7), date(2025, 4, 23), "release the money within 10 working days",
                        "10 working days from 7 April 2025", told, "phone"),
            Undertaking(date(2025, 5, 20), date(2025, 6, 3), "issue the repayment within 14 days",
                        "14 days from 20 May 2025", said, "post"),
        ),
        "statements": (
            Statement("not_processed", "hmrc", date(2025, 8, 18), unpaid),
            Statement("distress", "client", date(2025, 8, 25), at("mail.eml", "I have not slept properly since April")),
            Statement("told_hmrc_of_circumstances", "agent", date(2025, 4, 7),
                      at("note.txt", "I said Ms Oakshott is ill with worry about her rent")),
            Statement("causation", "third_party", date(2025, 8, 22),
                      at("bank.pdf", "having been agreed because a tax refund had not arrived")),
        ),
        "time_entries": entries,
        "parties": (Party("Ms Oakshott", "client", at("note.txt", "Ms Oakshott"), "Ms"),),
        "conflicts": (conflict,),
    })  # fmt: skip
    late = Delay(
        date(2025, 6, 3),
        date(2025, 9, 1),
        63,
        90,
        "from the day by which HMRC had promised on 20 May 2025 to pay",
        True,
        (said,),
    )
    breaches = (
        Breach("broken_undertaking", "Getting things right", ("CRG3025", "CRG4050"), "", events[3:], (told, said, unpaid),
               ("note.txt", "letter.pdf", "statement.pdf"), 90, delay=late),
        Breach("delay", "Being responsive", ("CRG4050", "CRG4025"), "", events, (events[0].span, unpaid),
               ("receipt.eml", "statement.pdf"), 80,
               delay=Delay(date(2025, 2, 3), date(2025, 9, 1), 145, 210, "from the return to payment", True, (events[0].span,))),
        Breach("unanswered_correspondence", "Being responsive", ("CRG5525",), "", (events[2],), (events[2].span,), ("chaser.docx",), 72),
        Breach("wrong_statement", "Getting things right", ("CRG3025",), "", (), (), ("receipt.eml", "letter.pdf"), 60),
        Breach("personal_situation_ignored", "Being aware of your personal situation", ("CRG6050",), "", (), (), ("note.txt",), 55),
    )  # fmt: skip
    analysis = Analysis(**{  # type: ignore[arg-type]
        **NO_ANALYSIS,
        "route": RouteDecision("complaint", (), 1, "", "first-complaint", ()),
        "complaint_type": "repayment_delay",
        "delays": (late,),
        "breaches": breaches,
        "conflicts": (conflict,),
        "remedies": (
            Remedy("repayment", Decimal("2480.15"), ("CRG2025",), True, "", "payment of £2,480.15", (at("calculation.pdf", "£2,480.15"),)),
            Remedy("interest", None, ("CRG4025",), True, "", "the statutory repayment interest due on it"),
            Remedy("apology", None, ("CRG2025",), True, "", "a written apology"),
            Remedy("direct_costs", Decimal("61.40"), ("CRG5525",), True, "", "", (at("bank.pdf", "£61.40"),)),
            Remedy("professional_costs", Decimal("110.00"), ("CRG5225",), True, "", "", condition="once it has been invoiced and paid"),
            Remedy("professional_costs", Decimal("120.00"), ("CRG5350",), True, "", ""),
            Remedy("worry_and_distress", None, ("CRG6050",), True, ""),
            Remedy("direct_costs", Decimal("900.00"), ("CRG5025",), False, "speculative"),
        ),
        "costs": CostsSchedule(
            "time.xlsx",
            CostsBlock(55, (CostLine("manager", 55, Decimal("120.00"), Decimal("110.00")),), Decimal("110.00"),
                       tuple(e.span for e in entries[:2])),
            CostsBlock(60, (CostLine("manager", 60, Decimal("120.00"), Decimal("120.00")),), Decimal("120.00"), (entries[2].span,)),
            0, (), None, False, Decimal("0.00"), Decimal("110.00"), "Time records only.", False, False, "",
        ),
        "deadlines": (Deadline("HMRC's first-tier review normally answered", date(2025, 10, 13), "target", "six weeks"),),
    })  # fmt: skip
    return Sample(intake(), facts, analysis, _REPAYMENT)


_SECOND = {
    "complaint.docx": "2 June 2025. Formal complaint. 1. Delay. The claim of 3 March 2025 has not been processed.\n"
    "2. Wrong information. On 9 May 2025 your helpline told us that the claim was out of time. It is not.",
    "reply.pdf": "Corporation Tax Services\nHM Revenue and Customs\nBX9 1AX\nDate 21 July 2025\nOur ref CT/C1/8812\n"
    "The claim sat in a work queue through our error. I am upholding this part of your complaint.\n"
    "The claim will be processed within 20 working days of the date of this letter.",
    "check.txt": "Note of 15 September 2025. CT account checked. The claim has still not been processed.",
}


def second_review() -> Sample:
    """A first reply that left a point out and broke its promise: a request for a second review, for a company."""
    at = finder(_SECOND)
    promise = at("reply.pdf", "The claim will be processed within 20 working days of the date of this letter")
    upheld = at("reply.pdf", "I am upholding this part of your complaint")
    point = at(
        "complaint.docx", "Wrong information. On 9 May 2025 your helpline told us that the claim was out of time."
    )
    events = (
        Event(date(2025, 6, 2), "complaint_made", "agent", "We made a formal complaint to HMRC",
              at("complaint.docx", "2 June 2025"), "key"),
        Event(date(2025, 7, 21), "complaint_reply", "hmrc", "HMRC's first-tier reply upheld the delay and promised the claim within "
              "20 working days", upheld, "key", tier=1),
        Event(date(2025, 9, 15), "account_checked", "agent", "We checked the account and the claim had still not been processed",
              at("check.txt", "The claim has still not been processed."), "key"),
    )  # fmt: skip
    facts = Facts(**{  # type: ignore[arg-type]
        **NO_FACTS,
        "documents": (
            profile("complaint.docx", "agent_complaint", "agent", date(2025, 6, 2), "our complaint of 2 June 2025", tier=1),
            profile("reply.pdf", "hmrc_complaint_reply", "hmrc", date(2025, 7, 21), "HMRC's first-tier reply of 21 July 2025", tier=1),
            profile("check.txt", "call_note", "agent", date(2025, 9, 15), "our note of 15 September 2025"),
        ),
        "references": (Reference("complaint_ref", "CT/C1/8812", at("reply.pdf", "CT/C1/8812"), False),),
        "events": events,
        "undertakings": (Undertaking(date(2025, 7, 21), date(2025, 8, 18), "process the claim within 20 working days",
                                     "20 working days from 21 July 2025", promise, "post"),),
        "points": (
            ComplaintPoint(1, "Delay", "The claim of 3 March 2025 has not been processed.",
                           at("complaint.docx", "The claim of 3 March 2025 has not been processed.")),
            ComplaintPoint(2, "Wrong information", "On 9 May 2025 your helpline told us that the claim was out of time. It is not.", point),
        ),
        "findings": (Finding("the claim, the delay", "upheld", upheld, 1),),
    })  # fmt: skip
    analysis = Analysis(**{  # type: ignore[arg-type]
        **NO_ANALYSIS,
        "route": RouteDecision("complaint", (), 2, "", "first-tier-answered", (upheld,)),
        "complaint_type": "poor_complaint_handling",
        "breaches": (
            Breach("broken_undertaking", "Getting things right", ("CRG3025",), "", events[1:], (promise, events[2].span),
                   ("reply.pdf", "check.txt"), 90),
            Breach("incomplete_reply", "Being responsive", ("CRG6150",), "", (), (point,), ("complaint.docx", "reply.pdf"), 82),
        ),
        "remedies": (
            Remedy("process_fix", None, ("CRG2025",), True, "", "processing of the claim"),
            Remedy("worry_and_distress", None, ("CRG6050",), False, "a company"),
        ),
        "unanswered_points": (UnansweredPoint(2, "wrong information from the helpline", "complaint.docx", "reply.pdf", point),),
        "upheld": facts.findings,
    })  # fmt: skip
    return Sample(
        intake(client_name="Nether Mill Joinery Limited", client_kind="company", tax_head="Corporation Tax",
               references=(("utr", "1234567895"),), opened_on=date(2025, 9, 22)),
        facts, analysis, _SECOND,
    )  # fmt: skip


_ADJUDICATOR = {
    "tier1.pdf": "VAT Complaints Team\nHM Revenue and Customs\nBX9 1WR\nDate 4 February 2025\nOur ref V1/2201\n"
    "We keyed the wrong date in error. I uphold this part of the complaint and apologise. We have no record of the call.",
    "request.docx": "3 March 2025. We ask for a second review. Our note of the call of 6 May 2024 is enclosed.",
    "tier2.pdf": "Date 2 June 2025\nOur ref V2/2201\nI agree with my colleague's findings. This letter is the end of HMRC's process.",
    "post.eml": "5 June 2025. Arrived in this morning's post, dated the 2nd.",
    "call.txt": "Call of 6 May 2024. Her advice was to ignore any assessments because they will drop out. Typed the same day.",
}


def adjudicator(*, opened_on: date = date(2025, 9, 1)) -> Sample:
    """Both reviews done: a submission to the Adjudicator, for a partnership."""
    at = finder(_ADJUDICATOR)
    advice = at("call.txt", "Her advice was to ignore any assessments because they will drop out")
    upheld = at("tier1.pdf", "I uphold this part of the complaint and apologise")
    received = Event(date(2025, 6, 5), "reply_received", "agent", "HMRC's second-tier reply reached us",
                     at("post.eml", "Arrived in this morning's post"), "key")  # fmt: skip
    events = (
        Event(date(2024, 5, 6), "call", "agent", "HMRC's helpline advised us to ignore any assessments", advice, "key"),
        Event(date(2025, 2, 4), "complaint_reply", "hmrc", "HMRC's first-tier reply upheld the error but not the point on the call",
              upheld, "key", tier=1),
        Event(date(2025, 3, 3), "review_requested", "agent", "We asked for a second review", at("request.docx", "3 March 2025"), "key"),
        Event(date(2025, 6, 2), "review_reply", "hmrc", "HMRC's second-tier reply agreed with the first",
              at("tier2.pdf", "I agree with my colleague's findings"), "key", tier=2),
        received,
    )  # fmt: skip
    facts = Facts(**{  # type: ignore[arg-type]
        **NO_FACTS,
        "documents": (
            profile("call.txt", "call_note", "agent", date(2024, 5, 6), "our note of the call of 6 May 2024"),
            profile("tier1.pdf", "hmrc_complaint_reply", "hmrc", date(2025, 2, 4), "HMRC's first-tier reply of 4 February 2025", tier=1),
            profile("request.docx", "agent_complaint", "agent", date(2025, 3, 3), "our request for a second review of 3 March 2025", tier=2),
            profile("tier2.pdf", "hmrc_complaint_reply", "hmrc", date(2025, 6, 2), "HMRC's second-tier reply of 2 June 2025", tier=2),
            profile("post.eml", "email", "agent", date(2025, 6, 5), "our email of 5 June 2025"),
        ),
        "references": (
            Reference("complaint_ref", "V1/2201", at("tier1.pdf", "V1/2201"), False),
            Reference("complaint_ref", "V2/2201", at("tier2.pdf", "V2/2201"), False),
        ),
        "events": events,
        "statements": (
            Statement("advice", "hmrc", date(2024, 5, 6), advice),
            Statement("made_same_day", "agent", date(2024, 5, 6), at("call.txt", "Typed the same day.")),
            Statement("upheld", "hmrc", date(2025, 2, 4), upheld),
        ),
        "findings": (Finding("error", "upheld", upheld, 1),),
    })  # fmt: skip
    limit = Deadline("the Adjudicator's Office to receive the complaint", date(2025, 12, 5), "external",
                     "six months from 5 June 2025", (received.span,))  # fmt: skip
    analysis = Analysis(**{  # type: ignore[arg-type]
        **NO_ANALYSIS,
        "route": RouteDecision("adjudicator" if opened_on <= limit.date else "out_of_time", (), None,
                               "both reviews are complete; the Adjudicator is next", "both-reviews-done", (received.span,)),
        "complaint_type": "misleading_advice",
        "breaches": (
            Breach("misleading_advice", "Getting things right", ("CRG3175", "CRG3200"), "", (events[0],), (advice,),
                   ("call.txt", "tier2.pdf"), 78),
        ),
        "remedies": (Remedy("apology", None, ("CRG2025",), True, "", "a written apology for the handling of the second review"),),
        "deadlines": (limit,),
        "upheld": facts.findings,
    })  # fmt: skip
    return Sample(
        intake(client_name="Ashby & Dunne t/a The Copper Kettle", client_kind="partnership", tax_head="VAT",
               references=(("vrn", "123456782"),), opened_on=opened_on),
        facts, analysis, _ADJUDICATOR,
    )  # fmt: skip


_PENALTY = {
    "covering.docx": "6 October 2025. We enclose the completed trust and estate tax return for 2024-25.",
    "log.txt": "Call log 3 November 2025. Adviser: the return is logged as received on 8 October in the post room.",
    "notice.pdf": "Notice of penalty assessment\nDate of notice 16 February 2026\nPenalty ref TP/26/771\n"
    "Late filing penalty: £100.00\nYou must appeal within 30 days of the date of this notice.",
    "trace.pdf": "Trusts\nHM Revenue and Customs\nBX9 1EL\nDate 19 February 2026\nWe have no trace of a return for 2024-25.\n"
    "If your client wishes to appeal she has 30 days from the date of this letter.",
}


def penalty() -> Sample:
    """A penalty for a return that HMRC had logged: an appeal, with a separate complaint, for a trust."""
    at = finder(_PENALTY)
    logged = at("log.txt", "the return is logged as received on 8 October in the post room")
    lost = at("trace.pdf", "We have no trace of a return for 2024-25")
    notice = at("notice.pdf", "Late filing penalty: £100.00")
    within = at("notice.pdf", "within 30 days of the date of this notice")
    events = (
        Event(date(2025, 10, 6), "return_filed", "agent", "We posted the 2024-25 trust return to HMRC", at("covering.docx", "6 October 2025"), "key"),
        Event(date(2025, 10, 8), "return_received", "hmrc", "HMRC logged the return as received", logged, "key"),
        Event(date(2025, 11, 3), "call", "agent", "HMRC's helpline confirmed that the return had been logged", logged, "key"),
        Event(date(2026, 2, 16), "penalty_issued", "hmrc", "HMRC issued a late filing penalty of £100.00", notice, "key"),
        Event(date(2026, 2, 19), "documents_lost", "hmrc", "HMRC had no trace of a return for 2024-25", lost, "key"),
    )  # fmt: skip
    deadline = Conflict(
        "last day for the appeal",
        (
            ConflictSide("notice.pdf", 1, "2026-03-18", "within 30 days of the date of this notice"),
            ConflictSide("trace.pdf", 1, "2026-03-21", "she has 30 days from the date of this letter"),
        ),
        "2026-03-18",
        "the period runs from the notice",
        "deadline",
    )
    facts = Facts(**{  # type: ignore[arg-type]
        **NO_FACTS,
        "documents": (
            profile("covering.docx", "agent_letter", "agent", date(2025, 10, 6), "our letter of 6 October 2025"),
            profile("log.txt", "call_note", "agent", date(2025, 11, 3), "our note of the call of 3 November 2025"),
            profile("notice.pdf", "hmrc_notice", "hmrc", date(2026, 2, 16), "HMRC's penalty notice of 16 February 2026"),
            profile("trace.pdf", "hmrc_letter", "hmrc", date(2026, 2, 19), "HMRC's letter of 19 February 2026"),
        ),
        "references": (Reference("penalty_ref", "TP/26/771", at("notice.pdf", "TP/26/771"), False),),
        "amounts": (Amount(Decimal("100.00"), "penalty", at("notice.pdf", "£100.00")),),
        "events": events,
        "statements": (Statement("received_logged", "hmrc", date(2025, 11, 3), logged),),
        "conflicts": (deadline,),
    })  # fmt: skip
    analysis = Analysis(**{  # type: ignore[arg-type]
        **NO_ANALYSIS,
        "route": RouteDecision("appeal", ("complaint",), None, "", "appealable-decision", (notice,)),
        "complaint_type": "penalty_in_error",
        "breaches": (
            Breach("lost_documents", "Getting things right", ("CRG5575",), "", (events[1], events[4]), (logged, lost),
                   ("log.txt", "trace.pdf"), 88),
            Breach("inconsistent_information", "Getting things right", ("CRG3200",), "", (), (within,), ("notice.pdf", "trace.pdf"), 50),
        ),
        "remedies": (
            Remedy("apology", None, ("CRG2025",), True, "", "a written apology for mislaying the return"),
            Remedy("repayment", Decimal("100.00"), ("CRG3050",), False, "for the appeal"),
        ),
        "deadlines": (Deadline("appeal against the penalty", date(2026, 3, 18), "statutory", "30 days from 16 February 2026", (within,)),),
        "conflicts": (deadline,),
    })  # fmt: skip
    return Sample(
        intake(client_name="The Rookhope Settlement", client_kind="trust", tax_head="Self Assessment (trusts)", opened_on=date(2026, 3, 2)),
        facts, analysis, _PENALTY,
    )  # fmt: skip


_DATA = {
    "confirmation.pdf": "We changed your main address on 2 June 2025. We will use it for all letters from now on.",
    "code.pdf": "PAYE Coding Notice. Date 8 September 2025. 4 Old Lane. Tax code 412L.",
    "chat.txt": "Webchat of 1 October 2025. The PAYE record still had the old address. I can't log data complaints on here.",
}


def data_breach() -> Sample:
    """A notice sent to a former address: a complaint, with a concern for the Information Commissioner beside it."""
    at = finder(_DATA)
    changed = at("confirmation.pdf", "We changed your main address on 2 June 2025")
    sent = at("code.pdf", "Date 8 September 2025")
    refused = at("chat.txt", "I can't log data complaints on here")
    events = (
        Event(date(2025, 6, 2), "address_changed", "client", "HMRC confirmed the change of address", changed, "key"),
        Event(date(2025, 9, 8), "coding_notice", "hmrc", "HMRC sent a coding notice to the former address", sent, "key"),
        Event(date(2025, 10, 1), "webchat", "agent", "We reported the misdirected notice by webchat, and HMRC would not log it", refused, "key"),
    )  # fmt: skip
    facts = Facts(**{  # type: ignore[arg-type]
        **NO_FACTS,
        "documents": (
            profile("confirmation.pdf", "hmrc_receipt", "hmrc", date(2025, 6, 2), "HMRC's confirmation of the change of address of 2 June 2025"),
            profile("code.pdf", "hmrc_notice", "hmrc", date(2025, 9, 8), "HMRC's coding notice of 8 September 2025"),
            profile("chat.txt", "webchat", "agent", date(2025, 10, 1), "the transcript of the webchat of 1 October 2025"),
        ),
        "events": events,
        "statements": (Statement("would_not_log", "hmrc", date(2025, 10, 1), refused),),
    })  # fmt: skip
    analysis = Analysis(**{  # type: ignore[arg-type]
        **NO_ANALYSIS,
        "route": RouteDecision("complaint", ("ico",), 1, "", "service-and-data", ()),
        "complaint_type": "data_breach",
        "breaches": (
            Breach("data_breach", "Keeping your data secure", ("CRG3150",), "", events[:2], (changed, sent), ("confirmation.pdf", "code.pdf"), 86),
            Breach("report_not_logged", "Being responsive", ("CRG3025",), "", (events[2],), (refused,), ("chat.txt",), 62),
        ),
        "remedies": (Remedy("process_fix", None, ("CRG2025",), True, "", "one correct address on every record"),),
    })  # fmt: skip
    return Sample(intake(tax_head="PAYE (employee coding)", references=(("nino", "QQ123456C"),), opened_on=date(2025, 11, 3)),
                  facts, analysis, _DATA)  # fmt: skip


def invoice(at, document: str, quote: str) -> Invoice:
    """A paid fee invoice of ours."""
    return Invoice(
        "31",
        "agent",
        date(2025, 4, 30),
        date(2025, 5, 12),
        Decimal("110.00"),
        None,
        Decimal("110.00"),
        (),
        at(document, quote),
    )


SAMPLES = {
    "repayment": repayment,
    "second_review": second_review,
    "adjudicator": adjudicator,
    "penalty": penalty,
    "data_breach": data_breach,
}

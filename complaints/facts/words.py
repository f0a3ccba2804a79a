"""The words by which the facts of a case are told apart: kinds of documents, happenings, statements, sums, references.

Vocabularies are Literals, so that mypy finds a word nobody knows.
"""

from datetime import date
from typing import Literal

Day = date  # a name for the type where a field is called "date"
Actor = Literal["hmrc", "agent", "client", "third_party"]
Nation = Literal["england-and-wales", "scotland", "northern-ireland"]
ClientKind = Literal["individual", "company", "partnership", "trust"]
Channel = Literal["post", "email", "phone", "webchat", "online", "in_person", "unknown"]

DocumentKind = Literal[
    "hmrc_letter",  # ordinary correspondence from HMRC
    "hmrc_complaint_reply",  # first- or second-tier outcome; see DocumentProfile.tier
    "hmrc_notice",  # penalty, assessment, coding, P800, certificate, demand, determination
    "hmrc_receipt",  # acknowledgement of a submission or of a change
    "hmrc_statement",  # statement of account or tax calculation (SA302)
    "agent_letter",
    "agent_complaint",  # a complaint (tier 1) or a request for second review (tier 2); see tier
    "client_letter",
    "call_note",
    "webchat",
    "email",  # between agent, client and third parties
    "third_party_letter",
    "bank_letter",
    "time_record",
    "invoice",  # of the agent or of a third party; see author
    "computation",
    "bank_statement",
    "proof_of_delivery",
    "tribunal_decision",
    "other",
]

EventKind = Literal[
    "return_filed",  # agent or client sent a return
    "return_received",  # HMRC logged or receipted it
    "claim_made",  # repayment claim, loss claim, relief claim
    "application_made",
    "application_received",
    "registration",
    "documents_sent",
    "documents_requested",
    "documents_lost",  # HMRC says it has no trace of something
    "letter_to_hmrc",
    "letter_from_hmrc",
    "call",
    "webchat",
    "visit",
    "notice_issued",  # any notice not named below
    "assessment_issued",
    "penalty_issued",
    "demand_issued",
    "coding_notice",
    "calculation_issued",
    "certificate_issued",
    "statement_issued",
    "enquiry_opened",
    "enquiry_closed",
    "correction",  # HMRC put a mistake right
    "withdrawal",  # assessment, penalty or demand withdrawn or cancelled
    "undertaking",  # HMRC promised something (the promise; see Undertaking)
    "undertaking_due",
    "complaint_made",
    "complaint_received",
    "complaint_reply",
    "review_requested",
    "review_reply",
    "reply_received",  # the day a reply of HMRC reached us
    "appeal_made",
    "tribunal_decision",
    "payment_to_hmrc",
    "repayment_made",
    "invoice_issued",
    "invoice_paid",
    "loan_agreed",
    "charge_incurred",
    "bank_letter",
    "third_party_report",
    "client_report",  # the client describes events or their effect
    "address_changed",
    "disclosure",  # HMRC post or data reached somebody it should not
    "account_checked",  # we or the client looked and found the state unchanged
    "authority_given",  # agent authority lodged or accepted
    "disposal",  # sale, death, cessation, handing back: a happening in the client's life that the tax turns on
    "other",
]

StatementKind = Literal[
    "admission",  # HMRC admits an error, or that something should not have happened
    "apology",
    "upheld",
    "not_upheld",
    "refusal",  # HMRC declines to do, pay or consider something
    "offer",
    "advice",  # HMRC told us or the client what to do or what the position is
    "agreed_due",  # HMRC agrees that money is due
    "no_trace",  # HMRC cannot find it
    "received_logged",  # HMRC has it
    "security_check",
    "appeal_right",  # a decision that can be appealed or reviewed, with its period
    "review_right",  # a further complaint review is offered
    "final_reply",  # the end of HMRC's complaints process
    "not_processed",  # still outstanding
    "no_reply",  # somebody states that a letter was not answered
    "hardship",  # financial strain told
    "distress",  # worry, sleeplessness, fear, illness
    "annoyance",  # short of worry or distress
    "told_hmrc_of_circumstances",  # the words with which HMRC was told of hardship or distress
    "would_not_log",  # HMRC would not record or pass on a report
    "address_updated",
    "address_not_updated",
    "addressed_to",  # the address at the head of a paper of HMRC's
    "system_error",
    "keying_error",
    "authority_held",
    "authority_denied",
    "vat_recovered",  # the client recovers VAT on our bill
    "vat_registered",
    "vat_not_registered",
    "fee_paid",
    "fee_unpaid",
    "causation",  # somebody ties a cost to HMRC's act
    "made_same_day",  # a note says it was written at the time
    "recorded_call",
    "own_time",  # the client describes time spent or earnings lost
    "quotation",  # other words of HMRC worth quoting
]

Matter = Literal[
    "receipt",
    "debt",
    "hold",
    "authority",
    "contact",
    "filing",
    "deadline",
    "arrival",
    "answer",
    "paid",
    "address",
    "power",
    "charge",
    "state",
    "ahead",
    "reply",
    "enclosure",
    "told",
    "limit",
    "paid_on",
]

AmountRole = Literal[
    "repayment_due",
    "repayment_claimed",
    "repayment_made",
    "repayment_outstanding",
    "assessed_tax",
    "true_liability",
    "tax_paid",
    "tax_overdeducted",
    "tax_refunded",
    "penalty",
    "surcharge",
    "interest_charged",
    "interest_paid",
    "debt_demanded",
    "loss",
    "loss_carried_back",
    "loss_carried_forward",
    "profit",
    "gain",
    "sale_proceeds",
    "pay",
    "grant",
    "allowance",
    "benefit_in_kind",
    "loan",
    "loan_interest",
    "bank_charge",
    "direct_cost",
    "alleged_loss",
    "own_time_claim",
    "distress_offer",
    "fee_charged_net",
    "fee_charged_gross",
    "vat",
    "balance",
    "turnover",
    "other",
]

ReferenceKind = Literal[
    "utr",
    "nino",
    "vrn",
    "paye_ref",
    "company_number",
    "agent_code",
    "hmrc_ref",
    "complaint_ref",
    "call_ref",
    "penalty_ref",
    "payment_ref",
    "tracking_no",
    "invoice_no",
    "agency_ref",
    "cgt_return",
    "sdlt_return",
    "eori",
    "policy_no",
    "tribunal_ref",
    "our_ref",
]

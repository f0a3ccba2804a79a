"""Which happening a document itself is, and whose."""

import re
from collections.abc import Callable

from complaints.facts.advices import is_payment_advice
from complaints.facts.call_lines import entry_kind
from complaints.facts.letter_lines import sends_something
from complaints.facts.notice_lines import is_print
from complaints.facts.paper import Paper
from complaints.facts.records import Actor, DocumentKind, EventKind
from complaints.facts.view import flat

_OWN_KINDS: dict[DocumentKind, EventKind] = {
    "hmrc_letter": "letter_from_hmrc",
    "hmrc_complaint_reply": "complaint_reply",
    "hmrc_notice": "notice_issued",
    "hmrc_receipt": "return_filed",
    "hmrc_statement": "statement_issued",
    "agent_letter": "letter_to_hmrc",
    "agent_complaint": "complaint_made",
    "client_letter": "letter_to_hmrc",
    "call_note": "call",
    "webchat": "webchat",
    "email": "client_report",
    "third_party_letter": "third_party_report",
    "bank_letter": "bank_letter",
    "invoice": "invoice_issued",
    "tribunal_decision": "tribunal_decision",
}
_NOTICE_KINDS: tuple[tuple[str, EventKind], ...] = (
    ("penalty", "penalty_issued"),
    ("surcharge", "penalty_issued"),
    ("coding", "coding_notice"),
    ("certificate", "certificate_issued"),
    ("P800", "calculation_issued"),
    ("demand", "demand_issued"),
    ("closure", "enquiry_closed"),
    ("enquiry", "enquiry_opened"),
    ("assessment", "assessment_issued"),
    ("determination", "assessment_issued"),
    ("calculation", "calculation_issued"),
)


def own_kind(paper: Paper) -> EventKind | None:
    profile = paper.profile
    special = _SPECIAL_KINDS.get(profile.kind)
    if special:
        return special(paper)
    if profile.tier == 2:
        return "review_requested" if profile.author == "agent" else "review_reply"
    if profile.kind == "invoice" and profile.author != "agent":
        return "charge_incurred"
    return _OWN_KINDS.get(profile.kind)


def _notice_kind(paper: Paper) -> EventKind:
    return next((kind for word, kind in _NOTICE_KINDS if word in paper.profile.summary_name), "notice_issued")


def _statement_kind(paper: Paper) -> EventKind:
    if is_print(paper):
        return "account_checked"
    return "calculation_issued" if "calculation" in paper.profile.summary_name else "statement_issued"


def _mail_kind(paper: Paper) -> EventKind | None:
    kinds: dict[Actor, EventKind] = {
        "client": "client_report",
        "third_party": "third_party_report",
        "hmrc": "letter_from_hmrc",
    }
    return kinds.get(paper.profile.author)


def _letter_kind(paper: Paper) -> EventKind:
    text = " ".join(flat(u.text) for u in paper.units)
    if re.search(
        r"\b(?:i am|we are|i have|we have)\b[^.]{0,30}\b(?:open\w*|start\w*|begin\w*)\b[^.]"
        r"{0,30}\b(?:enquiry|check|compliance check)",
        text,
        re.I,
    ):
        return "enquiry_opened"
    if re.search(
        r"\b(?:have|has) (?:now )?(?:completed|finished|closed|concluded) (?:my|our|the)"
        r" (?:enquiry|check|compliance check)",
        text,
        re.I,
    ):
        return "enquiry_closed"
    return "letter_from_hmrc"


_RECEIPT_KINDS: tuple[tuple[str, EventKind], ...] = (
    (
        r"\bpayment (?:receipt|confirm\w+|successful|complete)\b|\b(?:receipt|thank you) for your payment\b",
        "payment_to_hmrc",
    ),
    (r"\baddress\b", "address_changed"),
    (r"\bcomplaint\b", "complaint_received"),
    (
        r"\breturn\b|\bct600\b|\bsubmission\b|\b[ef]ps\b|\bpayment (?:summary|submission)\b|\breport and pay\b",
        "return_filed",
    ),
    (r"\bclaim\b", "claim_made"),
    (r"\bregist|\bappl", "application_made"),
    (r"\bauthori[sz]|64-?8", "authority_given"),
    (r"\bpayment\b", "payment_to_hmrc"),
)


def _receipt_kind(paper: Paper) -> EventKind:
    text = f"{paper.profile.subject} {' '.join(flat(u.text) for u in paper.units)}"
    return next((kind for pattern, kind in _RECEIPT_KINDS if re.search(pattern, text, re.I)), "other")


def _agent_letter_kind(paper: Paper) -> EventKind | None:
    if paper.profile.recipient != "hmrc":
        return None
    if re.search(r"\bappeal\b", paper.profile.subject, re.I):
        return "appeal_made"
    if sends_something(paper):
        text = " ".join(flat(u.text) for u in paper.units)
        return "return_filed" if re.search(r"\b(?:return|SA\d{3}|CT600|IHT\d{3})\b", text) else "documents_sent"
    return "letter_to_hmrc"


def _bank_kind(paper: Paper) -> EventKind:
    """An advice of a charge tells what the client paid; other letters of banks are letters."""
    if is_payment_advice(_text(paper)):
        return "payment_to_hmrc"
    slip = re.search(
        r"\badvice of (?:charges?|fees?)\b|\b(?:charge|fee) (?:advice|slip)\b|\breceipt\b", _text(paper), re.I
    )
    letter = re.search(r"\bdear\b|\byours\b", _text(paper), re.I)
    return "charge_incurred" if slip and not letter else "bank_letter"


def _posting_kind(paper: Paper) -> EventKind:
    """A slip of a post office with a sum tells what the posting cost; a trace tells that something was sent."""
    return "charge_incurred" if paper.first_amount(("direct_cost",)) else "documents_sent"


def _text(paper: Paper) -> str:
    return " ".join(flat(u.text) for u in paper.units)


_SPECIAL_KINDS: dict[DocumentKind, Callable[[Paper], EventKind | None]] = {
    "hmrc_notice": _notice_kind,
    "hmrc_receipt": _receipt_kind,
    "hmrc_statement": _statement_kind,
    "hmrc_letter": _letter_kind,
    "agent_letter": _agent_letter_kind,
    "email": _mail_kind,
    "call_note": entry_kind,
    "bank_letter": _bank_kind,
    "proof_of_delivery": _posting_kind,
}


def own_actor(paper: Paper, kind: EventKind) -> Actor:
    """A receipt records what we or the client did; a third party's invoice is a cost that the client met."""
    profile = paper.profile
    if profile.kind == "hmrc_receipt":
        return _filer(paper, kind)
    if kind in {"charge_incurred", "payment_to_hmrc"} or (profile.kind == "call_note" and kind == "client_report"):
        return "client"
    return "agent" if kind == "account_checked" else profile.author


def _filer(paper: Paper, kind: EventKind) -> Actor:
    text = " ".join(flat(u.text) for u in paper.units)
    if kind in {"complaint_received", "other"}:
        return "hmrc"
    if (
        re.search(
            r"\b(?:submitted|filed|sent)\b[^.]{0,40}\bby (?:the |your )?agent\b|\bby your agent\b|\bagent:", text, re.I
        )
        or paper.profile.recipient == "agent"
    ):
        return "agent"
    return "client" if paper.profile.recipient == "client" else "agent"

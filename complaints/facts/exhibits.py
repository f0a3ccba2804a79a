"""The name under which a letter cites a document: "HMRC's letter of 14 February 2025"."""

import re
from datetime import date
from typing import Literal

from complaints.facts.advices import is_payment_advice
from complaints.facts.kinds import Look
from complaints.facts.marks import NOTICE_TITLE
from complaints.facts.names import PUBLIC_BODY, Names, organisation
from complaints.facts.records import Actor, DocumentKind
from lightpoint.language.dates import format_date

Tier = Literal[1, 2] | None

# The first pattern that the head of a notice matches names it.
_NOTICES = (
    (r"\bclosure notice\b", "HMRC's closure notice"),
    (r"\binformation notice\b", "HMRC's information notice"),
    (r"\bsurcharge\b", "HMRC's surcharge notice"),
    (r"\bpenalt(?:y|ies)\b", "HMRC's penalty notice"),
    (r"\bcoding notice\b|\bnotice of coding\b|\btax code\b", "HMRC's coding notice"),
    (r"\bp800\b", "HMRC's P800 tax calculation"),
    (r"\bsimple assessment\b", "HMRC's simple assessment"),
    (r"\bdetermination\b", "HMRC's determination"),
    (
        r"\bdiscovery assessment\b|\bnotices? of assessment\b|\bassessment of tax\b|\bassessment\b",
        "HMRC's notice of assessment",
    ),
    (r"\bcertificate of registration\b|\bregistration certificate\b", "HMRC's certificate of registration"),
    (r"\bcertificate\b", "HMRC's certificate"),
    (r"\bnotice to file\b", "HMRC's notice to file"),
    (r"\baward notice\b", "HMRC's award notice"),
    (r"\boverpayment\b", "HMRC's notice of overpayment"),
    (r"\b(?:post[- ]?clearance demand|c18)\b", "HMRC's post-clearance demand"),
    (
        r"\bdemand\b|\bdue now\b|\bpay now\b|\bact now\b|\bfield force\b|\benforcement\b|\bwhat you owe\b",
        "HMRC's demand",
    ),
)
_STATEMENTS = (
    (r"\bsa302\b", "HMRC's Self Assessment tax calculation"),
    (r"\btax calculation\b", "HMRC's tax calculation"),
    (r"\bself assessment\b", "HMRC's Self Assessment statement"),
    (r"\bnational insurance\b", "HMRC's National Insurance statement"),
    (r"\bvat\b", "HMRC's VAT statement"),
    (r"\bemployers?\b|\bpaye\b", "HMRC's PAYE statement"),
)
_RECEIPTS = (
    (
        r"\bpayment (?:receipt|confirm\w+|successful|complete)\b|\b(?:receipt|thank you) for your payment\b",
        "HMRC's receipt for the payment",
    ),
    (r"\baddress\b", "HMRC's confirmation of the change of address"),
    (r"\bclaim\b(?!.*\breturn\b)", "HMRC's receipt for the claim"),
    (r"\breturn\b", "HMRC's receipt for the return"),
    (r"\bappl(?:y|ication)\b|\bregist", "HMRC's receipt for the application"),
)
_PLAIN: dict[DocumentKind, str] = {
    "hmrc_letter": "HMRC's letter",
    "agent_letter": "our letter",
    "call_note": "our note of the call",
    "webchat": "the transcript of the webchat",
    "bank_statement": "the bank statement",
    "proof_of_delivery": "the proof of delivery",
    "tribunal_decision": "the tribunal's decision",
    "time_record": "our time record",
}


def summary_name(look: Look, kind: DocumentKind, author: Actor, written: date | None, tier: Tier, names: Names) -> str:
    """What a letter calls the document, with its date where it has one."""
    noun = _noun(look, kind, author, tier, names)
    return f"{noun} of {format_date(written)}" if written else noun


def _noun(look: Look, kind: DocumentKind, author: Actor, tier: Tier, names: Names) -> str:
    head = "\n".join(look.head[:10])
    if kind == "hmrc_notice":
        title = next((line for line in look.head[:12] if NOTICE_TITLE.search(line)), "")
        return (_first(_NOTICES, title) or "HMRC's notice") if title else "HMRC's demand"
    if kind == "hmrc_statement":
        return _first(_STATEMENTS, head) or "HMRC's statement"
    if kind == "hmrc_receipt":
        return _first(_RECEIPTS, head + look.headers.get("subject", "")) or "HMRC's acknowledgement"
    if kind == "hmrc_complaint_reply":
        return "HMRC's second-tier reply" if tier == 2 else "HMRC's first-tier reply"
    if kind == "agent_complaint":
        return "our request for a second review" if tier == 2 else "our complaint"
    return _PLAIN.get(kind) or _by_people(look, kind, author, names)


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text, re.I)), "")


def _by_people(look: Look, kind: DocumentKind, author: Actor, names: Names) -> str:
    head = letterhead(look)
    if kind == "email":
        return _mail_noun(look, author, names)
    if kind == "client_letter":
        return f"{possessive(names.client_called(look.text))} letter"
    if kind == "invoice":
        number = invoice_number(look.text)
        whose = "our invoice" if author == "agent" else "invoice"
        by = "" if author == "agent" else f" from {head}"
        return f"{whose} {number}{by}" if number else f"{'our' if author == 'agent' else 'the'} invoice{by}"
    if kind == "bank_letter" and is_payment_advice(look.text):
        return "the bank's payment advice"
    if kind in {"bank_letter", "third_party_letter"}:
        return f"the letter from {head}"
    if kind == "computation":
        return "our computation" if names.is_practice(look.text) else "the computation"
    return "the document"


def letterhead(look: Look) -> str:
    """The name at the top of a letter; where it shouts, in the small letters that the text uses for it.

    A form has its title at the top and the body that issues it below or beside.
    """
    name = look.head[0].split("|")[0].strip() if look.head else "a third party"
    cells = [cell.strip() for line in look.head[:5] for cell in line.split("|")]
    if not organisation(name):
        name = next((cell for cell in cells if PUBLIC_BODY.match(cell) and len(cell) < 60), name)
    if name.isupper() or sum(c.isupper() for c in name) > len(name) / 2:
        found = re.findall(re.escape(name), look.text, re.I)
        return next((other for other in found if sum(c.isupper() for c in other) < len(other) / 2), name)
    return name


def invoice_number(text: str) -> str:
    """The number of an invoice, as written."""
    found = re.search(
        r"\b(?:invoice|fee note|bill)\s*(?:no\.?|number|ref(?:erence)?\.?|#|:)?[\s:|]*([A-Z]{0,5}[-/]?\d[\w/-]*)",
        text,
        re.I,
    )
    return found.group(1) if found else ""


def _mail_noun(look: Look, author: Actor, names: Names) -> str:
    sender = re.sub(r"\s*<.*", "", look.headers.get("from", "")).strip(' "')
    if author == "agent":
        return "our email"
    if author == "client" and names.intake.client_kind == "individual":
        return f"{possessive(names.client_called(look.text))} email"
    return f"the email from {sender}" if sender else "the email"


def possessive(name: str) -> str:
    """A name with its possessive ending."""
    return f"{name}'" if name.endswith("s") and not name.endswith("ss") else f"{name}'s"

"""What kind of paper a document is and who wrote it, by the marks that each class of paper carries."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from complaints.documents.records import ReadDocument
from complaints.facts.advices import is_delivery_notice, is_payment_advice
from complaints.facts.bank_rows import has_bank_table
from complaints.facts.marks import (
    ASKS_SECOND_REVIEW,
    BANK,
    CALL_FILE,
    CALL_NOTE,
    CALL_SIGNS,
    CHAT,
    CHAT_LINE,
    COMPLAINT,
    COMPLAINT_REPLY,
    COMPUTATION,
    DECIDES,
    DELIVERY,
    DEMAND,
    FIRST_TIER,
    INVOICE_BODY,
    INVOICE_TITLE,
    NOTICE_TITLE,
    ONLY_REVIEW,
    POSTED,
    RECEIPT,
    RETURN_FORM,
    REVIEW_OF_DECISION,
    SECOND_DONE,
    SECOND_TIER,
    SECOND_TITLE,
    STATEMENT_TITLE,
    TRIBUNAL,
    states_balance,
)
from complaints.facts.names import HMRC, Names, organisation
from complaints.facts.records import Actor, DocumentKind
from complaints.facts.timesheets import has_time_table
from complaints.facts.view import flat, head_lines, whole_text


@dataclass(frozen=True, slots=True)
class Look:
    """What the extractors of a profile look at."""

    document: ReadDocument
    names: Names
    head: tuple[str, ...]  # the first lines
    top: str  # the head up to the salutation
    text: str  # all pages, single blanks

    @property
    def headers(self) -> dict[str, str]:
        return {key.lower(): value for key, value in self.document.headers}


def look_at(document: ReadDocument, names: Names) -> Look:
    """Gather what the questions about a document need."""
    head = head_lines(document)
    until = next((i for i, line in enumerate(head) if re.match(r"(?:dear|to whom)\b", line, re.I)), min(len(head), 18))
    return Look(document, names, head, "\n".join(head[:until]), whole_text(document))


def kind_of(look: Look, author: Actor) -> DocumentKind:
    """The kind of a document, once its author is known."""
    for rule in (_worksheet, _conversation, _mail, _form):
        kind = rule(look, author)
        if kind:
            return kind
    by_author: dict[Actor, Callable[[Look], DocumentKind]] = {
        "hmrc": _hmrc_kind,
        "agent": _agent_kind,
        "client": _client_kind,
        "third_party": _third_party_kind,
    }
    return by_author[author](look)


def _form(look: Look, author: Actor) -> DocumentKind | None:
    """Papers known by their form whoever wrote them: decisions of a tribunal, computations, invoices."""
    letter = any(re.match(r"dear\b", line, re.I) for line in look.head)
    if TRIBUNAL.search("\n".join(look.head[:4])) and not letter:
        return "tribunal_decision"
    if author == "third_party" and _slip_kind(look):
        return _slip_kind(look)
    if author != "hmrc" and _is_computation(look):
        return "computation"
    return "invoice" if _is_invoice(look, author) else None


def _slip_kind(look: Look) -> DocumentKind | None:
    """A carrier's proof for an item, or a bank's for a payment to HMRC."""
    if is_payment_advice(look.text):
        return "bank_letter"
    return "proof_of_delivery" if is_delivery_notice(look.text) else None


def _client_kind(look: Look) -> DocumentKind:
    return "client_letter" if re.search(r"\b(?:dear|yours|regards|sirs)\b", look.text, re.I) else "other"


def _worksheet(look: Look, author: Actor) -> DocumentKind | None:
    billed = _is_invoice(look, author)
    if not billed and has_time_table(look.document):
        return "time_record"
    return "bank_statement" if not billed and _bank_extract(look) else None


def _bank_extract(look: Look) -> bool:
    """Columns of a bank's export, under no title of an account that HMRC keeps."""
    titles = "\n".join(line for line in look.head[:4] if line.count("|") < 2)
    ours = HMRC.search(titles) or STATEMENT_TITLE.search(titles)
    return not look.headers and not ours and has_bank_table(look.document)


def _conversation(look: Look, author: Actor) -> DocumentKind | None:
    if look.headers:
        return None
    raw = look.document.pages[0].text if look.document.pages else ""
    if author != "third_party" and (len(CHAT_LINE.findall(raw)) >= 2 or CHAT.search("\n".join(look.head[:2]))):
        return "webchat"
    return "call_note" if is_call_note(look) else None


_LETTER_FORM = re.compile(
    r"^\W*(?:dear\b|to whom\b|yours (?:sincerely|faithfully)|kind regards)|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.I
)
_TALKED = re.compile(
    r"\b(?:rang|phoned|telephoned|spoke (?:to|with)|called(?! at)|helpline|on hold|hung up|put (?:the )?phone down|"
    r"voicemail|agent (?:dedicated )?line|got through|in (?:the )?queue|incoming call|call ref)\b|"
    r"^\W*(?:me|us|her|him|she|he|them|adviser)\s*:",
    re.I | re.M,
)


def is_call_note(look: Look) -> bool:
    """A note of one or more calls: no letter's form, and words of telephoning or a title that says so."""
    lines = look.head[:12]
    if look.headers or any(_LETTER_FORM.search(line) for line in lines) or _bodys_paper(look):
        return False
    body = "\n".join(look.head)
    titled = CALL_NOTE.search("\n".join(look.head[:4])) or CALL_FILE.search(look.document.name)
    return bool(_TALKED.search(body) if titled else len(_TALKED.findall("\n".join(lines))) > 0) or bool(
        titled and CALL_SIGNS.search(look.text)
    )


def _bodys_paper(look: Look) -> bool:
    """Headed by a body that is neither HMRC nor ours, or a form of HMRC's: no note of ours."""
    first = look.head[0] if look.head else ""
    foreign = organisation(first) and not look.names.is_practice(first) and not look.names.is_client(first)
    return (foreign and not HMRC.search(first)) or bool(NOTICE_TITLE.search(first) or STATEMENT_TITLE.search(first))


def _mail(look: Look, author: Actor) -> DocumentKind | None:
    if not look.headers.get("from"):
        return None
    if author == "third_party" and _slip_kind(look):
        return _slip_kind(look)
    if author != "hmrc":
        return "email"
    said = f"{look.headers.get('subject', '')} {look.text}"
    return "hmrc_receipt" if RECEIPT.search(said) else _hmrc_kind(look)


def _is_invoice(look: Look, author: Actor) -> bool:
    """A title that says so above the first mention of HMRC, sums below it, and no salutation."""
    if author == "hmrc" or re.search(r"\bdear\b", look.text[:900], re.I):
        return False
    head = look.head[:14]
    title = next((i for i, line in enumerate(head) if line.count("|") < 2 and INVOICE_TITLE.search(line)), None)
    if title is None or HMRC.search("\n".join(head[:title])):
        return False
    return bool(INVOICE_BODY.search(look.text))


def _hmrc_kind(look: Look) -> DocumentKind:
    head = "\n".join(look.head[:12])
    letter = any(re.match(r"dear\b", line, re.I) for line in look.head)
    if _is_complaint_reply(look):
        return "hmrc_complaint_reply"
    if NOTICE_TITLE.search(head) and not REVIEW_OF_DECISION.search(head):
        return "hmrc_notice"
    if STATEMENT_TITLE.search(head) and not letter:
        return "hmrc_statement"
    if RETURN_FORM.search("\n".join(look.head[:6])) and not letter:
        return "hmrc_receipt"
    if DEMAND.search(look.text) and _states_debt(look.text) and not _ANSWERS.search(look.text):
        return "hmrc_notice"
    if (
        RECEIPT.search(look.text)
        and not letter
        and not (look.names.is_practice(look.top) and _more_than_receipt(look.text))
    ):
        return "hmrc_receipt" if not _OPENS.search(look.text) else "hmrc_letter"
    return "hmrc_letter"


_ANSWERS = re.compile(
    r"\bthank you for your\b|\bi am (?:replying|writing in reply)|\bin reply to\b|\b(?:is|are|was|were|been) "
    r"(?:cancelled|withdrawn)\b|\bon hold\b",
    re.I,
)
_OPENS = re.compile(
    r"\b(?:we|i) (?:are|am) (?:checking|returning)\b|\bwe return\b|\bwe have recorded\b|\bplease send\b", re.I
)


def _is_complaint_reply(look: Look) -> bool:
    head = "\n".join(look.head[:14])
    if NOTICE_TITLE.search("\n".join(look.head[:4])) or REVIEW_OF_DECISION.search(head):
        return False
    return bool(COMPLAINT_REPLY.search(look.text) and DECIDES.search(look.text))


def _more_than_receipt(text: str) -> bool:
    """Whether a letter says more than that something came: troubles, decisions, requests, promises."""
    return len(text) > 1500 or bool(
        re.search(
            r"\b(?:our records show|not yet|however|delay|unable|cannot|sorry|apologi|no trace|"
            r"error|decid|please send|refus|reject|will be issued|enquiry|penalt|owe)",
            text,
            re.I,
        )
    )


def _is_computation(look: Look) -> bool:
    head = "\n".join(look.head[:5])
    return bool(re.search(r"\bcomputation\b|\btax comp\b", head, re.I)) and not re.search(
        r"\bdear\b", look.text[:1500], re.I
    )


def _states_debt(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:total (?:now )?due|total to pay|(?:amount|sum) (?:now )?(?:due|to pay)|what you owe|you owe|"
            r"outstanding|overdue|unpaid|underpaid|balance due|total amount|the total is paid)\b",
            text,
            re.I,
        )
    )


_LETTER = 20_000


def _agent_kind(look: Look) -> DocumentKind:
    head = "\n".join(look.head[:20])
    if _asks_second_review(look) and len(look.text) < _LETTER:
        return "agent_complaint"
    if re.search(r"\bdear\b|\byours (?:faithfully|sincerely)\b", look.text, re.I) or HMRC.search(look.top):
        if _asks_second_review(look):
            return "agent_complaint"
        heading = flat(head)
        return "agent_complaint" if COMPLAINT.search(head) or COMPLAINT.search(heading[:900]) else "agent_letter"
    if COMPUTATION.search(head):
        return "computation"
    return "agent_letter" if flat(look.text) else "other"


def _asks_second_review(look: Look) -> bool:
    return bool(ASKS_SECOND_REVIEW.search(look.text + "\n" + "\n".join(look.head)))


_SLIP = 400  # characters; a till slip says little


def _third_party_kind(look: Look) -> DocumentKind:
    head = "\n".join(look.head[:4])
    if re.search(r"\bstatement\b", "\n".join(look.head[:3]), re.I) and states_balance(look.text):
        return "bank_statement"
    if DELIVERY.search(look.text) and not re.search(r"\bdear\b", look.text, re.I):
        return "proof_of_delivery"
    if POSTED.search(look.text) and len(look.text) < _SLIP:
        return "proof_of_delivery"
    if BANK.search(head):
        letter = re.search(
            r"\bdear\b|\byours\b|\bfor and on behalf\b|\bwe are pleased\b|\bwe (?:confirm|write)\b", look.text, re.I
        )
        if not letter and states_balance(look.text):
            return "bank_statement"
        return "bank_letter"
    if COMPUTATION.search(head):
        return "computation"
    prose = re.search(r"\b(?:dear|yours|regards|we|i|us|me)\b|\b\w+ \w+ \w+ \w+ \w+\.", look.text, re.I)
    return "third_party_letter" if prose else "other"


def tier_of(look: Look, kind: DocumentKind) -> Literal[1, 2] | None:
    """Tier of a complaint or of its reply: 2 where a second review is asked for or given."""
    if kind == "agent_complaint":
        return 2 if _asks_second_review(look) else 1
    if kind != "hmrc_complaint_reply":
        return None
    headings = "\n".join(line for line in look.head[:14] if len(line) < 75 and not line.endswith("."))
    if SECOND_TITLE.search(headings) or SECOND_DONE.search(look.text):
        return 2
    if FIRST_TIER.search(look.text) or ONLY_REVIEW.search(look.text):
        return 1
    return 2 if SECOND_TIER.search(look.text) else 1

"""What kind of paper a document is and who wrote it, by the marks that each class of paper carries."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from complaints.documents.records import ReadDocument
from complaints.facts.marks import (
    BANK,
    BANK_STATEMENT,
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
    RECEIPT,
    SECOND_TIER,
    STATEMENT_TITLE,
    TRIBUNAL,
)
from complaints.facts.names import HMRC, Names, organisation
from complaints.facts.records import Actor, DocumentKind
from complaints.facts.timesheets import has_time_table
from complaints.facts.view import flat, head_lines, whole_text

Scores = dict[Actor, int]


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


def author_of(look: Look) -> Actor:
    """Who wrote a document: by sender, form title, letterhead, salutation, signature and way of speaking."""
    sender = look.headers.get("from")
    if sender:
        return _sender(look, sender)
    scores: Scores = {"hmrc": 0, "agent": 0, "client": 0, "third_party": 0}
    for rule in (_by_letterhead, _by_title, _by_salutation, _by_voice, _by_signature):
        for actor, points in rule(look).items():
            scores[actor] += points
    best = max(scores.values())
    if best <= 0:
        return "agent" if CALL_SIGNS.search(look.text) else "third_party"
    return next(actor for actor, points in scores.items() if points == best)


def _sender(look: Look, sender: str) -> Actor:
    """Mail from a service of HMRC need not name HMRC in its address."""
    actor = look.names.who_wrote(sender)
    service = re.search(r"no-?reply|do-?not-?reply|online|gateway|digital|alerts?", sender, re.I)
    of_tax = re.search(r"\b(?:tax|vat|paye|customs|duty|self assessment|government|ct|sdlt|stamp)\b", sender, re.I)
    if (
        actor == "third_party"
        and service
        and (of_tax or HMRC.search(f"{look.headers.get('subject', '')} {look.text[:600]}"))
    ):
        return "hmrc"
    return actor


def _by_letterhead(look: Look) -> Scores:
    places = {
        "hmrc": _place(HMRC.search(look.top)),
        "agent": look.names.find_practice(look.top),
        "client": look.names.find_client(look.top),
    }
    seen = sorted((place, actor) for actor, place in places.items() if place is not None)
    first_line = look.head[0] if look.head else ""
    known = HMRC.search(first_line) or look.names.is_practice(first_line) or look.names.is_client(first_line)
    scores: Scores = {}
    if not known and _foreign_letterhead(look):
        scores["third_party"] = 5
    elif seen and seen[0][1] == "client":
        # A client's name heads both their own letters and the address block of what is sent to them.
        scores["client"] = 2 if places["hmrc"] is not None else 1
    elif seen and seen[0][1] == "agent":
        scores["agent"] = 3
    elif seen:
        scores["hmrc"] = 3
    return scores


def _foreign_letterhead(look: Look) -> bool:
    lines = look.head[:3]
    return any(
        organisation(line)
        and not HMRC.search(line)
        and not look.names.is_practice(line)
        and not look.names.is_client(line)
        for line in lines[:2]
    ) or bool(lines and TRIBUNAL.search(lines[0]))


def _place(found: re.Match[str] | None) -> int | None:
    return found.start() if found else None


def _by_title(look: Look) -> Scores:
    head = "\n".join(look.head[:8])
    titled = NOTICE_TITLE.search(head) or STATEMENT_TITLE.search(head)
    own = look.names.find_practice("\n".join(look.head[:2])) is not None or COMPUTATION.search(head)
    if titled and not own:
        return {"hmrc": 4}
    return {"hmrc": 3} if re.search(r"\bpersonal tax account\b|\bgovernment gateway\b|\bgov\.uk\b", head, re.I) else {}


def _by_salutation(look: Look) -> Scores:
    line = next((x for x in look.head if re.match(r"dear\b", x, re.I)), "")
    if not line:
        return {}
    if HMRC.search(line) or re.search(r"\b(?:inspector|officer|complaints? (?:team|handler|manager))\b", line, re.I):
        return {"agent": 2, "client": 2}
    if re.search(r"\bagent\b", line, re.I) or look.names.is_practice(line):
        return {"hmrc": 2}
    return {"hmrc": 1, "third_party": 1} if look.names.is_client(line) else {}


def _by_voice(look: Look) -> Scores:
    scores: Scores = {}
    if re.search(r"\b(?:our|my) client(?:'s|’s|s)?\b|\bwe act for\b|\bon behalf of our client\b", look.text, re.I):
        scores["agent"] = 3
    if re.search(
        r"\byour client(?:'s|’s)?\b|\bour records show\b|\bhmrc's complaints process\b|\bwww\.gov\.uk|\bgov\.uk/",
        look.text,
        re.I,
    ):
        scores["hmrc"] = 3
    return scores


def _by_signature(look: Look) -> Scores:
    found = re.search(
        r"\b(?:yours (?:faithfully|sincerely|truly)|(?:kind|best) regards|regards)\b(.{0,160})", look.text, re.I
    )
    block = found.group(1) if found else look.text[-80:]
    if re.search(
        r"\b(?:case ?worker|customer (?:service|compliance)|complaints? (?:handler|resolution)"
        r"|higher officer|officer of|debt management|tax specialist)\b",
        block,
        re.I,
    ) or HMRC.search(block):
        return {"hmrc": 2}
    if look.names.is_practice(block):
        return {"agent": 2}
    return {"client": 2} if look.names.is_client(block) else {}


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
    if author != "hmrc" and _is_computation(look):
        return "computation"
    return "invoice" if _is_invoice(look, author) else None


def _client_kind(look: Look) -> DocumentKind:
    return "client_letter" if re.search(r"\b(?:dear|yours|regards|sirs)\b", look.text, re.I) else "other"


def _worksheet(look: Look, author: Actor) -> DocumentKind | None:
    billed = _is_invoice(look, author)
    return "time_record" if not billed and has_time_table(look.document) else None


def _conversation(look: Look, author: Actor) -> DocumentKind | None:
    if look.headers or author == "third_party":
        return None
    head = "\n".join(look.head[:4]) + " " + look.document.name
    raw = look.document.pages[0].text if look.document.pages else ""
    if len(CHAT_LINE.findall(raw)) >= 2 or CHAT.search("\n".join(look.head[:2])):
        return "webchat"
    if any(re.match(r"dear\b", line, re.I) for line in look.head):
        return None
    if CALL_NOTE.search(head) or (CALL_SIGNS.search("\n".join(look.head[:5])) and author == "agent"):
        return "call_note"
    return None


def _mail(look: Look, author: Actor) -> DocumentKind | None:
    if not look.headers.get("from"):
        return None
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
    if (
        COMPLAINT_REPLY.search(look.text)
        and DECIDES.search(look.text)
        and not NOTICE_TITLE.search("\n".join(look.head[:4]))
    ):
        return "hmrc_complaint_reply"
    if NOTICE_TITLE.search(head):
        return "hmrc_notice"
    if STATEMENT_TITLE.search(head) and not letter:
        return "hmrc_statement"
    if DEMAND.search(look.text) and _states_debt(look.text):
        return "hmrc_notice"
    if RECEIPT.search(look.text) and not (letter and _more_than_receipt(look.text)):
        return "hmrc_receipt"
    return "hmrc_letter"


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
            r"\b(?:total (?:now )?due|amount (?:now )?due|what you owe|you owe|outstanding|overdue|unpaid)\b",
            text,
            re.I,
        )
    )


def _agent_kind(look: Look) -> DocumentKind:
    head = "\n".join(look.head[:20])
    if re.search(r"\bdear\b|\byours (?:faithfully|sincerely)\b", look.text, re.I) or HMRC.search(look.top):
        if _asks_second_review(look):
            return "agent_complaint"
        heading = flat(head)
        return "agent_complaint" if COMPLAINT.search(head) or COMPLAINT.search(heading[:900]) else "agent_letter"
    if COMPUTATION.search(head):
        return "computation"
    return "agent_letter" if flat(look.text) else "other"


def _asks_second_review(look: Look) -> bool:
    return bool(
        re.search(
            r"\b(?:ask|request|seek|want|require|appl\w+)\w*\b[^.]{0,40}\b(?:second|further|"
            r"tier (?:2|two)|second[- ]tier)\b[^.]{0,20}\breview\b|"
            r"\b(?:escalate|take)\b[^.]{0,40}\b(?:tier (?:2|two)|second[- ](?:tier|stage)|second "
            r"review)\b|\btier (?:2|two) (?:complaint|request)\b|"
            r"^\W*(?:request for|re:?)?\s*(?:a )?second(?:[- ]tier)? (?:review|complaint)\b",
            look.text + "\n" + "\n".join(look.head),
            re.I | re.M,
        )
    )


def _third_party_kind(look: Look) -> DocumentKind:
    head = "\n".join(look.head[:4])
    if DELIVERY.search(look.text) and not re.search(r"\bdear\b", look.text, re.I):
        return "proof_of_delivery"
    if BANK.search(head):
        letter = re.search(
            r"\bdear\b|\byours\b|\bfor and on behalf\b|\bwe are pleased\b|\bwe (?:confirm|write)\b", look.text, re.I
        )
        if not letter and BANK_STATEMENT.search(look.text):
            return "bank_statement"
        return "bank_letter"
    if COMPUTATION.search(head):
        return "computation"
    return "third_party_letter" if re.search(r"\b(?:dear|yours|regards|we|i)\b", look.text, re.I) else "other"


def tier_of(look: Look, kind: DocumentKind) -> Literal[1, 2] | None:
    """Tier of a complaint or of its reply: 2 where a second review is asked for or given."""
    if kind == "agent_complaint":
        return 2 if _asks_second_review(look) else 1
    if kind != "hmrc_complaint_reply":
        return None
    if FIRST_TIER.search(look.text):
        return 1
    return 2 if SECOND_TIER.search(look.text) else 1

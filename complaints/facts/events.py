"""The dated happenings of one document: the document itself, what it mentions, its table rows and its promises."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from complaints.facts.happenings import describe
from complaints.facts.invoices import payment_line
from complaints.facts.letter_lines import sends_something
from complaints.facts.mentions import Mention, find_mentions, looks_ahead
from complaints.facts.paper import Paper
from complaints.facts.records import Actor, Day, DocumentKind, Event, EventKind, Span, TimeEntry
from complaints.facts.rows import row_events
from complaints.facts.summaries import summarise
from complaints.facts.view import Unit, flat, span_of

Importance = Literal["key", "context"]

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
    "proof_of_delivery": "documents_sent",
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
_MENTIONS_THAT_MATTER: frozenset[EventKind] = frozenset(
    {
        "return_filed",
        "return_received",
        "claim_made",
        "application_made",
        "application_received",
        "documents_sent",
        "documents_lost",
        "letter_to_hmrc",
        "letter_from_hmrc",
        "call",
        "webchat",
        "visit",
        "certificate_issued",
        "assessment_issued",
        "penalty_issued",
        "demand_issued",
        "coding_notice",
        "enquiry_opened",
        "enquiry_closed",
        "correction",
        "withdrawal",
        "complaint_made",
        "complaint_received",
        "complaint_reply",
        "review_requested",
        "reply_received",
        "appeal_made",
        "tribunal_decision",
        "repayment_made",
        "invoice_paid",
        "loan_agreed",
        "address_changed",
        "disclosure",
        "disposal",
        "authority_given",
        "account_checked",
        "charge_incurred",
    }
)


def find_events(paper: Paper, entries: tuple[TimeEntry, ...]) -> tuple[Event, ...]:
    """All events of a document, in order of date and place, each happening once."""
    found = [
        *_own_event(paper),
        *_payment_event(paper),
        *_mention_events(paper),
        *row_events(paper, entries),
        *_promises(paper),
    ]
    kept: dict[tuple[object, ...], Event] = {}
    for event in found:
        place = event.span if event.kind == "undertaking" else None
        kept.setdefault((event.date, event.kind, event.actor, place), event)
    return tuple(sorted(kept.values(), key=lambda e: (e.date, e.span.page or 0, e.span.start, e.kind)))


def _own_event(paper: Paper) -> Iterator[Event]:
    """The document as a happening on the day it was written."""
    profile = paper.profile
    kind = _own_kind(paper)
    if kind is None or profile.written_on is None:
        return
    summary, span = summarise(paper)
    place = span or profile.date_span or _first_span(paper)
    if place is None:
        return
    actor = _own_actor(paper, kind)
    yield Event(
        profile.written_on,
        kind,
        actor,
        summary,
        place,
        _own_importance(paper, kind),
        profile.channel,
        profile.tier,
        profile.written_on,
    )


def _first_span(paper: Paper) -> Span | None:
    return paper.units[0].span() if paper.units else None


def _own_kind(paper: Paper) -> EventKind | None:
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
    (r"\baddress\b", "address_changed"),
    (r"\bcomplaint\b", "complaint_received"),
    (r"\breturn\b|\bct600\b|\bsubmission\b", "return_filed"),
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


_SPECIAL_KINDS: dict[DocumentKind, Callable[[Paper], EventKind | None]] = {
    "hmrc_notice": _notice_kind,
    "hmrc_receipt": _receipt_kind,
    "hmrc_statement": _statement_kind,
    "hmrc_letter": _letter_kind,
    "agent_letter": _agent_letter_kind,
    "email": _mail_kind,
}


def _own_actor(paper: Paper, kind: EventKind) -> Actor:
    """A receipt records what we or the client did; a third party's invoice is a cost that the client met."""
    profile = paper.profile
    if profile.kind == "hmrc_receipt":
        return _filer(paper, kind)
    if profile.kind == "invoice" and profile.author != "agent":
        return "client"
    return profile.author


def _filer(paper: Paper, kind: EventKind) -> Actor:
    text = " ".join(flat(u.text) for u in paper.units)
    if kind in {"complaint_received", "other"}:
        return "hmrc"
    if (
        re.search(r"\bsubmitted by (?:the )?agent\b|\bby your agent\b|\bagent:", text, re.I)
        or paper.profile.recipient == "agent"
    ):
        return "agent"
    return "client" if paper.profile.recipient == "client" else "agent"


def _own_importance(paper: Paper, kind: EventKind) -> Importance:
    if kind in {"bank_letter", "invoice_issued"}:
        return "context"
    if kind == "client_report":
        return "key" if paper.said("distress", "hardship", "not_processed", "own_time") else "context"
    return "key"


def _payment_event(paper: Paper) -> Iterator[Event]:
    """The stamp or line that says an invoice was paid."""
    found = payment_line(paper.document) if paper.profile.kind == "invoice" else None
    if found:
        page, (start, end), day = found
        noun = re.sub(r"\s+of \d{1,2} \w+ \d{4}$", "", paper.profile.summary_name)
        span = span_of(paper.document.name, page, start, end)
        yield Event(
            day,
            "invoice_paid",
            "client",
            f"{noun[0].upper() + noun[1:]} was paid",
            span,
            "key",
            said_in=paper.profile.written_on,
        )


def _mention_events(paper: Paper) -> Iterator[Event]:
    if paper.profile.kind in {"time_record", "bank_statement", "invoice"}:
        return
    own = paper.profile.written_on
    told: set[tuple[Day, EventKind, Actor]] = set()
    for mention in find_mentions(paper.units, paper.profile, paper.names):
        if (
            (mention.when.date == own and not _adds_to_own(mention, paper))
            or _is_header(mention.unit)
            or "|" in mention.unit.text
        ):
            continue
        mention = replace(mention, kind=_in_context(mention, paper))  # noqa: PLW2901
        kind = mention.kind
        if (mention.when.date, kind, mention.actor) in told:
            continue
        told.add((mention.when.date, kind, mention.actor))
        importance: Importance = "key" if kind in _MENTIONS_THAT_MATTER else "context"
        if looks_ahead(mention, paper.profile):
            if paper.profile.author == "hmrc":
                continue
            kind, importance = "other", "context"
        yield Event(
            mention.when.date,
            kind,
            mention.actor,
            describe(mention, paper),
            _mention_span(mention),
            importance,
            said_in=mention.unit.on or own,
        )


def _in_context(mention: Mention, paper: Paper) -> EventKind:
    """In a complaint reply "your letter, which we received on" is the complaint."""
    close = mention.unit.text[max(0, mention.when.start - 25) : mention.when.start]
    if (
        paper.profile.kind == "hmrc_complaint_reply"
        and mention.unit.speaker == "hmrc"
        and re.search(r"\bthank you for your letter\b", mention.unit.text, re.I)
    ):
        if re.search(r"\breceived\b", close, re.I):
            return "complaint_received"
        return "review_requested" if paper.profile.tier == 2 else "complaint_made"
    return mention.kind


def _adds_to_own(mention: Mention, paper: Paper) -> bool:
    """On its own date a document adds only a happening of another kind, such as the day a reply arrived."""
    return mention.kind in {"reply_received", "address_changed"} and paper.profile.kind == "email"


def _is_header(unit: Unit) -> bool:
    return bool(re.match(r"^(?:from|to|cc|bcc|subject|date|sent|our ref|your ref)\b\s*[:|]", unit.text, re.I))


def _mention_span(mention: Mention) -> Span:
    """The clause from the deciding words to the date, not a whole paragraph."""
    start, end = min(mention.cue_start, mention.when.start), max(mention.cue_end, mention.when.end)
    if len(mention.unit.text) <= 220:
        return mention.unit.span()
    return mention.unit.span(start, end)


def _promises(paper: Paper) -> Iterator[Event]:
    for promise in paper.undertakings:
        summary = f"HMRC undertook to {promise.what}"
        yield Event(
            promise.made_on,
            "undertaking",
            "hmrc",
            summary,
            promise.span,
            "context",
            promise.channel,
            said_in=paper.profile.written_on,
        )

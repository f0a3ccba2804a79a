"""The dated happenings of one document: the document itself, what it mentions, its table rows and its promises."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from complaints.facts.happenings import describe
from complaints.facts.invoices import payment_line
from complaints.facts.mentions import Mention, find_mentions, looks_ahead
from complaints.facts.own_kinds import own_actor, own_kind
from complaints.facts.paper import Paper
from complaints.facts.quoted_mail import quoted_mail_events
from complaints.facts.records import Actor, Day, Event, EventKind, Span, TimeEntry
from complaints.facts.rows import delivery_events, receipted_payments, row_events
from complaints.facts.summaries import summarise
from complaints.facts.timing import AHEAD
from complaints.facts.view import Unit, flat, span_of
from lightpoint.language.dates import find_dates

Importance = Literal["key", "context"]

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
        *quoted_mail_events(paper),
        *receipted_payments(paper),
        *delivery_events(paper),
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
    kind = own_kind(paper)
    if kind is None or profile.written_on is None or (kind == "call" and _tells_of_other_days(paper)):
        return
    summary, span = summarise(paper)
    place = span or profile.date_span or _first_span(paper)
    if place is None:
        return
    actor = own_actor(paper, kind)
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


_RANG = re.compile(r"\b(?:rang|rung|phoned|telephoned|called|spoke)\b", re.I)


def _tells_of_other_days(paper: Paper) -> bool:
    """A note written up later: each talk it tells of has a day of its own, and none is the day of the note."""
    own = paper.profile.written_on
    talks = [unit for unit in paper.units if _RANG.search(unit.text) and not _is_header(unit)]
    days = [[day.date for day in find_dates(unit.text, reference=own) if day.complete] for unit in talks]
    return bool(talks) and all(found and own not in found for found in days)


def _first_span(paper: Paper) -> Span | None:
    return paper.units[0].span() if paper.units else None


def _own_importance(paper: Paper, kind: EventKind) -> Importance:
    if kind in {"bank_letter", "invoice_issued"} or (paper.profile.kind == "call_note" and kind == "client_report"):
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
            or _tells_nothing(mention.unit)
            or "|" in mention.unit.text
        ):
            continue
        kind = _in_context(mention, paper)
        if kind == "complaint_received":
            mention = replace(mention, actor="hmrc")  # noqa: PLW2901
        mention = replace(mention, kind=kind)  # noqa: PLW2901
        if (mention.when.date, kind, mention.actor) in told:
            continue
        told.add((mention.when.date, kind, mention.actor))
        matters = kind in _MENTIONS_THAT_MATTER and not (kind == "call" and mention.actor == "third_party")
        importance: Importance = "key" if matters else "context"
        if looks_ahead(mention, paper.profile) and not _written_in_later(mention, paper):
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


_DONE = re.compile(r"\b(?:sent|posted|filed|submitted|paid|uploaded|re-?sent|lodged)\b", re.I)


def _written_in_later(mention: Mention, paper: Paper) -> bool:
    """A deed that a note of ours tells with a day after its own was written in afterwards, and is done."""
    after = mention.unit.text[mention.when.start :]
    return paper.profile.kind == "call_note" and bool(_DONE.search(after)) and not AHEAD.search(mention.unit.text)


def _in_context(mention: Mention, paper: Paper) -> EventKind:
    """In a complaint reply "your letter, which we received on" is the complaint."""
    told = mention.unit.speaker == "hmrc" and paper.profile.kind == "hmrc_complaint_reply"
    if told and mention.kind in {"return_received", "other"} and _REACHED.search(mention.unit.text):
        return "complaint_received"
    before = mention.unit.text[: mention.when.start]
    if told and mention.kind in {"complaint_made", "letter_to_hmrc"} and _JUST_REACHED.search(before):
        return "complaint_received"
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


_REACHED = re.compile(r"\byour (?:letter|complaint|request|e-?mail)\b[^.;]{0,60}\b(?:reached|received|arrived)\b", re.I)


_JUST_REACHED = re.compile(
    r"\b(?:(?:which|it|this|and)(?: (?:was|we|i))? (?:only )?(?:reached (?:us|me|this office|hmrc)|received|"
    r"arrived(?: here)?|"
    r"came (?:in|to us)|got)|(?:was|were) received(?: (?:by us|here))?)\s+(?:on\s+)?(?:the\s+)?$",
    re.I,
)


def _adds_to_own(mention: Mention, paper: Paper) -> bool:
    """On its own date a document adds only a happening of another kind, such as the day a reply arrived."""
    if paper.profile.kind != "email" or mention.unit.quoted:
        return False
    rang = mention.kind == "call" and mention.unit.speaker == "agent" and mention.actor == "agent"
    return rang or mention.kind in {"reply_received", "address_changed"}


def _is_header(unit: Unit) -> bool:
    return bool(re.match(r"^(?:from|to|cc|bcc|subject|date|sent|our ref|your ref)\b\s*[:|]", unit.text, re.I))


_GREETING = re.compile(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|morning|thanks|thank you|many thanks|kind regards|"
    r"regards|best "
    r"wishes|yours)\b[^.]{0,60}$",
    re.I,
)
_DIARY = re.compile(
    r"^\W*(?:next step\W+|action\W+|to do\W+)?(?:check|diary|diari[sz]e|chase|chaser|b/?f|bring forward|"
    r"follow[- ]up|remind|review|"
    r"ring again|call back|try again)\b[^.]{0,40}\.?$",
    re.I,
)


def _tells_nothing(unit: Unit) -> bool:
    """A greeting, or a line with which a note reminds its writer of what is still to be done."""
    text = flat(unit.text)
    return bool(_GREETING.match(text) or (_DIARY.match(text) and len(text.split()) < 8))


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

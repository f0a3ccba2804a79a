"""How the analysis reads the facts before it draws on them: one event for each act, under the name that it deserves.

A paper is read alone when its facts are found; what it is in the case shows only beside the others. A reply that
offers a second review is the first. A code that drops the item we had written about corrects the one before. A draft in
a time record is not a complaint that was made. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from complaints.analysis.inferred import inferred
from complaints.analysis.repaid import is_payment
from complaints.analysis.wording import says
from complaints.facts.records import Actor, AmountRole, DocumentProfile, Event, EventKind, Facts, Span

_STEPS: dict[EventKind, EventKind] = {"complaint_made": "complaint_reply", "review_requested": "review_reply"}
_SENT = r"\b(sent|send|posted|submitted|lodged|filed|issued|uploaded|delivered)\b"
_OPENS = r"notice of enquiry|open(ed|ing)? an? (enquiry|check|compliance check)|(check|enquiry) (of|into) your"
_ITEMS: frozenset[AmountRole] = frozenset({"benefit_in_kind", "assessed_tax", "debt_demanded"})


def read_events(facts: Facts, until: date) -> tuple[Event, ...]:
    """Events to `until`, one for each day, kind and actor, the best evidenced first among equals; in date order."""
    profiles = {p.document: p for p in facts.documents}
    events = [e for e in facts.events if e.date <= until and not _refuted(facts, e)]
    events = [_named(facts, e, profiles) for e in events if not _untrue(facts, e, profiles)]
    events += _given_up(facts, events, until)
    events += inferred(facts, events, until)
    events = list(_without_drafts(events, profiles))
    events = list(_staged(events))
    events = list(_with_corrections(facts, events))
    seen: dict[tuple[date, EventKind, Actor], Event] = {}
    for event in sorted(events, key=lambda e: _rank(e, profiles)):
        seen.setdefault((event.date, event.kind, event.actor), event)
    return tuple(sorted(seen.values(), key=lambda e: (e.date, e.kind, e.span.document, e.span.start)))


_PROSPECT = r"\b(pending|awaiting|to bridge|facility|until the (repayment|refund)|expect(ed|ing)?)\b"
_NEVER_CAME = (
    r"\b(has|have|had|did|was|were) (not|never) (yet )?(been )?(arrived?|reached?|come|received?|"
    r"paid|credited|seen)\b|"
    r"\b(hasn|hadn|didn|wasn)['’]t (arrived?|reached?|come|been|received?)|\bcancelled\b|\bsaid (it|"
    r"they) had (sent|paid)\b|"
    r"\bnothing (has )?(arrived|come)\b|\bnever (arrived|came|left)\b"
)
_NOT_RIGHTED = (
    r"\b(has|have|had|was|were|is|are) (still )?not (yet )?(been )?(removed?|corrected|amended|withdrawn|cancelled|"
    r"put right|fixed|updated|changed)\b|\bstill (wrong|uncorrected|not)\b|\b(hasn|haven|wasn)['’]t (yet )?(been )?"
    r"(removed|corrected|amended|withdrawn|cancelled)|\bfailed to (remove|correct|amend|withdraw|cancel)\b"
)
_CAME_BACK = (
    r"\bcame back\b|\bgot\b.{0,30}\bback\b|\b(was|were|been) (repaid|refunded|returned|sent back)\b|"
    r"\b(refund|repayment) (arrived|was received|reached)"
)
_OWN_DISCLOSURE = (
    r"\b(your|our|the|voluntary|unprompted|prompted) (voluntary |unprompted )?disclosure\b|"
    r"\breached us\b"
)
_STARTS: tuple[EventKind, ...] = (
    "claim_made",
    "return_received",
    "return_filed",
    "application_received",
    "documents_sent",
)


def _refuted(facts: Facts, event: Event) -> bool:
    """A day of receipt that better evidence refutes begins nothing."""
    if event.kind not in _STARTS:
        return False
    wrong = {
        side.value
        for conflict in facts.conflicts
        if conflict.kind == "receipt" and conflict.preferred
        for side in conflict.statements
        if side.value != conflict.preferred
    }
    return event.date.isoformat() in wrong


def _untrue(facts: Facts, event: Event, profiles: dict[str, DocumentProfile]) -> bool:
    """A repayment that was only awaited or reported did not happen, nor did a correction that the words deny."""
    if event.kind == "repayment_made":
        awaited = says(event.span.quote, f"{_PROSPECT}|{_NEVER_CAME}")
        return awaited or not is_payment(facts, event, profiles)
    return event.kind in ("correction", "withdrawal") and says(event.span.quote, _NOT_RIGHTED)


def _given_up(facts: Facts, events: list[Event], until: date) -> list[Event]:
    """HMRC's letter in which it says that nothing is owed is a withdrawal, where no other act in it is."""
    done = {e.span.document for e in events if e.kind in ("withdrawal", "correction")}
    found: dict[str, Event] = {}
    for position in facts.positions:
        document = position.span.document
        if position.matter != "debt" or position.holds or position.actor != "hmrc" or document in done:
            continue
        acts = [e for e in events if e.span.document == document and e.kind in _LETTERS and e.actor == "hmrc"]
        own = next((e for e in acts if e.date == position.said_on and e.date <= until), None)
        if own and says(position.span.quote, _DROPPED):
            found.setdefault(document, replace(own, kind="withdrawal", span=position.span))
    return list(found.values())


_LETTERS: tuple[EventKind, ...] = ("letter_from_hmrc", "complaint_reply", "review_reply", "notice_issued")
_DROPPED = (
    r"\b(cancelled|withdrawn|written off)\b|\bnot due\b|\bnothing (is|was) (due|owed|repayable)\b|\bowe nothing\b"
)


def _rank(event: Event, profiles: dict[str, DocumentProfile]) -> tuple[bool, bool, str, int, int]:
    """A document of the day itself comes before one that mentions the day, a letter before a time record."""
    profile = profiles.get(event.span.document)
    own = profile is not None and profile.written_on == event.date
    sheet = profile is not None and profile.kind == "time_record"
    return (not own, sheet, event.span.document, event.span.page or 0, event.span.start)


def _named(facts: Facts, event: Event, profiles: dict[str, DocumentProfile]) -> Event:
    if event.kind == "review_reply" and _offers_more(facts, event.span.document):
        return replace(event, kind="complaint_reply", tier=1)
    if event.kind == "payment_to_hmrc" and says(event.span.quote, _CAME_BACK):
        return replace(event, kind="repayment_made", actor="hmrc")
    if event.kind == "disclosure" and says(event.span.quote, _OWN_DISCLOSURE):
        return replace(event, kind="documents_sent", actor="agent")
    profile = profiles.get(event.span.document)
    if event.kind == "reply_received" and event.actor == "hmrc" and profile and profile.author == "hmrc":
        return replace(event, kind="complaint_received")
    if event.kind in ("notice_issued", "letter_from_hmrc") and profile and profile.written_on == event.date:
        subject = f"{profile.subject} {event.span.quote}"
        return replace(event, kind="enquiry_opened") if says(subject, _OPENS) else event
    return event


def _offers_more(facts: Facts, document: str) -> bool:
    """A reply that offers a further review, and does not say that the process ends with it."""
    said = {s.kind for s in facts.statements if s.span.document == document and s.actor == "hmrc"}
    return "review_right" in said and "final_reply" not in said


def _without_drafts(events: list[Event], profiles: dict[str, DocumentProfile]) -> Iterator[Event]:
    """Leave out a step that only a time record speaks of, unless it says that it was sent or HMRC answered it."""
    for event in events:
        profile = profiles.get(event.span.document)
        sheet = profile is not None and profile.kind == "time_record"
        step = event.kind in ("complaint_made", "review_requested", "appeal_made")
        if sheet and step and not says(event.span.quote, _SENT) and not _borne_out(event, events):
            continue
        yield event


def _staged(events: list[Event]) -> Iterator[Event]:
    """One letter is not both a complaint and a request for its review; the only reply to a complaint is the first."""
    made = {e.date for e in events if e.kind == "complaint_made"}
    asked = {e.date for e in events if e.kind == "review_requested"} - made
    replied = any(e.kind == "complaint_reply" for e in events)
    for event in events:
        if event.kind == "review_requested" and event.date in made:
            continue
        only = event.kind == "review_reply" and bool(made) and not asked and not replied
        yield replace(event, kind="complaint_reply", tier=1) if only else event


def _borne_out(event: Event, events: Iterable[Event]) -> bool:
    answer = _STEPS.get(event.kind)
    return any(
        (e.kind == event.kind and e.date == event.date and e.span.document != event.span.document)
        or (e.kind == answer and e.date > event.date)
        for e in events
    )


def _with_corrections(facts: Facts, events: list[Event]) -> Iterator[Event]:
    """Name a coding notice a correction where it drops an item of the one before, after somebody had written."""
    notices = _first_by_day(e for e in events if e.kind == "coding_notice")
    letters = [e for e in events if e.kind in ("letter_to_hmrc", "call", "webchat", "documents_sent")]
    righted: set[date] = set()
    for before, after in pairwise(notices):
        asked = any(before.date < e.date < after.date for e in letters)
        if asked and _items(facts, before.span) - _items(facts, after.span) and before.date not in righted:
            righted.add(after.date)
    for event in events:
        yield replace(event, kind="correction") if _is_righted(event, righted) else event


def _is_righted(event: Event, righted: set[date]) -> bool:
    return event.kind == "coding_notice" and event.date in righted


def _first_by_day(events: Iterable[Event]) -> list[Event]:
    by_day: dict[date, Event] = {}
    for event in sorted(events, key=lambda e: (e.date, e.said_in != e.date, e.span.document)):
        by_day.setdefault(event.date, event)
    return [by_day[d] for d in sorted(by_day)]


def _items(facts: Facts, span: Span) -> set[tuple[AmountRole, Decimal]]:
    """The sums that a notice carries, by role."""
    return {
        (a.role, a.value) for a in facts.amounts if a.span.document == span.document and a.role in _ITEMS and a.value
    }

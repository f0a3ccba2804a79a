"""One happening, one line: the same thing told by several documents keeps one key event, the best witness's.

The document that is the happening (the letter itself) comes first, then HMRC's own papers, then papers of the time,
then mentions in later ones. The others stay on record as context.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from complaints.facts.records import DocumentFacts, DocumentProfile, Event, EventKind

_FAMILIES: tuple[frozenset[EventKind], ...] = (
    frozenset(
        {
            "letter_to_hmrc",
            "return_filed",
            "documents_sent",
            "claim_made",
            "return_received",
            "appeal_made",
            "application_made",
            "application_received",
        }
    ),
    frozenset({"letter_to_hmrc", "complaint_made", "review_requested", "client_report"}),
    frozenset(
        {
            "letter_from_hmrc",
            "complaint_reply",
            "review_reply",
            "notice_issued",
            "penalty_issued",
            "assessment_issued",
            "demand_issued",
            "coding_notice",
            "calculation_issued",
            "certificate_issued",
            "statement_issued",
            "documents_requested",
            "enquiry_opened",
            "enquiry_closed",
            "undertaking",
        }
    ),
    frozenset({"call", "webchat", "undertaking"}),
    frozenset({"correction", "withdrawal"}),
    frozenset({"payment_to_hmrc"}),
    frozenset({"invoice_paid", "charge_incurred"}),
    frozenset({"address_changed"}),
    frozenset({"loan_agreed", "bank_letter"}),
)


_PLAIN = frozenset({"We wrote to HMRC", "We rang HMRC", "HMRC wrote", "We complained to HMRC"})


def merge_events(events: Sequence[Event], parts: Sequence[DocumentFacts]) -> tuple[Event, ...]:
    """All events in date order; of those that tell the same happening only the best told stays key."""
    profiles = {part.profile.document: part.profile for part in parts}
    ranked = sorted(events, key=lambda e: (e.date, _witness(e, profiles), e.span))
    kept: list[Event] = []
    for event in ranked:
        same = any(
            event.date == other.date and other.importance == "key" and _same_happening(event, other) for other in kept
        )
        kept.append(replace(event, importance="context") if same and event.importance == "key" else event)
    return tuple(
        sorted(
            kept, key=lambda e: (e.date, e.importance != "key", e.span.document, e.span.page or 0, e.span.start, e.kind)
        )
    )


def _same_happening(one: Event, other: Event) -> bool:
    if one.kind == other.kind:
        return True
    return any(one.kind in family and other.kind in family for family in _FAMILIES)


def _witness(event: Event, profiles: dict[str, DocumentProfile]) -> tuple[int, int]:
    """Lower is better."""
    profile = profiles[event.span.document]
    if profile.kind == "time_record":
        return 3, 0
    if profile.written_on == event.date:
        return 0, 0 if profile.author == "hmrc" else 1
    plain = event.summary in _PLAIN
    said = event.said_in or profile.written_on or date.max
    return 2 if plain else 1, said.toordinal()

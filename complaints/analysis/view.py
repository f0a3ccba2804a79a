"""The facts of a case, asked the questions that the analysis keeps asking. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from complaints.facts.records import (
    Actor,
    DocumentKind,
    DocumentProfile,
    Event,
    EventKind,
    Facts,
    Intake,
    Invoice,
    Span,
    Statement,
    StatementKind,
)

WRITTEN_REPLIES: tuple[EventKind, ...] = (
    "letter_from_hmrc",
    "complaint_reply",
    "review_reply",
    "correction",
    "withdrawal",
    "repayment_made",
    "enquiry_closed",
)
NOTICES: tuple[EventKind, ...] = (
    "certificate_issued",
    "coding_notice",
    "assessment_issued",
    "penalty_issued",
    "calculation_issued",
    "notice_issued",
    "demand_issued",
)


@dataclass(frozen=True)
class CaseView:
    facts: Facts
    intake: Intake

    @cached_property
    def profiles(self) -> dict[str, DocumentProfile]:
        return {profile.document: profile for profile in self.facts.documents}

    @cached_property
    def happened(self) -> tuple[Event, ...]:
        """Events up to the day the case was opened, one for each day and kind of act, the best evidenced first."""
        seen: dict[tuple[date, EventKind, Actor], Event] = {}
        for event in self.facts.events:
            if event.date <= self.intake.opened_on:
                kept = seen.get((event.date, event.kind, event.actor))
                if kept is None or self._rank(event) < self._rank(kept):
                    seen[event.date, event.kind, event.actor] = event
        return tuple(sorted(seen.values(), key=lambda e: (e.date, e.kind, e.span)))

    def _rank(self, event: Event) -> tuple[bool, bool, Span]:
        """A document of the day itself comes before one that mentions the day, a letter before a time record."""
        profile = self.profiles.get(event.span.document)
        own = profile is not None and profile.written_on == event.date
        return (not own, profile is not None and profile.kind == "time_record", event.span)

    def kind(self, document: str) -> DocumentKind:
        profile = self.profiles.get(document)
        return profile.kind if profile else "other"

    def author(self, document: str) -> Actor | None:
        profile = self.profiles.get(document)
        return profile.author if profile else None

    def tier(self, document: str) -> int | None:
        profile = self.profiles.get(document)
        return profile.tier if profile else None

    def of_kind(self, *kinds: DocumentKind) -> tuple[DocumentProfile, ...]:
        return tuple(profile for profile in self.facts.documents if profile.kind in kinds)

    def events(self, *kinds: EventKind, actor: Actor | None = None) -> tuple[Event, ...]:
        return tuple(e for e in self.happened if e.kind in kinds and actor in (None, e.actor))

    def first(self, *kinds: EventKind, after: date | None = None, on_or_after: date | None = None) -> Event | None:
        for event in self.events(*kinds):
            if (after is None or event.date > after) and (on_or_after is None or event.date >= on_or_after):
                return event
        return None

    def last(self, *kinds: EventKind, before: date | None = None) -> Event | None:
        found = [e for e in self.events(*kinds) if before is None or e.date < before]
        return found[-1] if found else None

    def statements(self, *kinds: StatementKind, actor: Actor | None = None) -> tuple[Statement, ...]:
        found = [s for s in self.facts.statements if s.kind in kinds and actor in (None, s.actor)]
        return tuple(sorted(found, key=lambda s: (s.on or date.min, s.span)))

    def said_on(self, statement: Statement) -> date | None:
        """The day of a statement, or of the document that holds it."""
        profile = self.profiles.get(statement.span.document)
        return statement.on or (profile.written_on if profile else None)

    @cached_property
    def fee_invoices(self) -> tuple[Invoice, ...]:
        return tuple(i for i in self.facts.invoices if i.issued_by == "agent")

    @cached_property
    def quotes(self) -> tuple[Span, ...]:
        """Every span that carries words, for questions that no vocabulary foresees."""
        spans: list[Span] = [s.span for s in self.facts.statements]
        spans += [e.span for e in self.facts.events] + [u.span for u in self.facts.undertakings]
        spans += [p.span for p in self.facts.points] + [f.span for f in self.facts.findings]
        spans += [a.span for a in self.facts.amounts] + [p.span for p in self.facts.parties]
        return tuple(sorted(set(spans), key=lambda s: (s.document, s.page or 0, s.start, s.end)))

    @cached_property
    def our_letters(self) -> tuple[Event, ...]:
        """Letters that wanted an answer: not complaints, requests for review or appeals, which have their own clock."""
        procedural = {e.date for e in self.events("complaint_made", "review_requested", "appeal_made")}
        letters = [e for e in self.events("letter_to_hmrc") if e.actor != "hmrc" and e.date not in procedural]
        return tuple({e.date: e for e in reversed(letters)}[d] for d in sorted({e.date for e in letters}))

    @cached_property
    def wish(self) -> str:
        """What is wanted: the brief and the outcome. A wish decides nothing and is evidence of nothing."""
        return f"{self.intake.brief}\n{self.intake.desired_outcome}"

    @cached_property
    def client_is_person(self) -> bool:
        return self.intake.client_kind == "individual"


def documents_of(spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.document for span in spans))

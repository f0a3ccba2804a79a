"""The facts of a case, asked the questions that the analysis keeps asking. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from complaints.analysis.readings import read_events
from complaints.analysis.wording import says
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


_ELSEWHERE = r"\bletter to (the |our )?(agency|client|bank|lender|insurer|employer|collect\w+|solicitor|tribunal)\b"


@dataclass(frozen=True)
class CaseView:
    facts: Facts
    intake: Intake

    @cached_property
    def profiles(self) -> dict[str, DocumentProfile]:
        return {profile.document: profile for profile in self.facts.documents}

    @cached_property
    def happened(self) -> tuple[Event, ...]:
        """Events up to the day the case was opened; see `readings`."""
        return read_events(self.facts, self.intake.opened_on)

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
        """The day of a statement, else of the paper that holds it, else of the one talk that the paper records."""
        profile = self.profiles.get(statement.span.document)
        talks = {e.date for e in self.events("call", "webchat") if e.span.document == statement.span.document}
        talk = min(talks) if len(talks) == 1 else None
        return statement.on or (profile.written_on if profile else None) or talk

    @cached_property
    def fee_invoices(self) -> tuple[Invoice, ...]:
        """Our own invoices that are among the papers; one that another paper only describes is not."""
        return tuple(
            i for i in self.facts.invoices if i.issued_by == "agent" and self.kind(i.span.document) == "invoice"
        )

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
        ""
        """Letters that wanted an answer: not complaints, requests for review or appeals, which have their own clock."""
        procedural = {e.date for e in self.events("complaint_made", "review_requested", "appeal_made")}
        letters = [e for e in self.events("letter_to_hmrc") if e.actor in ("agent", "client")]
        by_day = {e.date: e for e in reversed(letters) if e.date not in procedural and self._is_letter(e)}
        by_day = {on: e for on, e in by_day.items() if not _guessed_year(e, by_day)}
        return tuple(by_day[d] for d in sorted(by_day))

    def _is_letter(self, event: Event) -> bool:
        """The letter itself, or words that call it one; "dated the 8th" may be said of any paper."""
        profile = self.profiles.get(event.span.document)
        itself = profile is not None and profile.written_on == event.date and profile.author in ("agent", "client")
        if not itself and self._hmrc_wrote_on(event):
            return False
        if says(event.span.quote, _ELSEWHERE) or self._is_hmrcs(event):
            return False
        written = itself and profile is not None and profile.kind in ("agent_letter", "client_letter")
        return written or says(event.span.quote, r"\b(letters?|wrote|written|chaser|reminder|fax|e-?mailed)\b")

    def _hmrc_wrote_on(self, event: Event) -> bool:
        """A letter of that day that the papers also call HMRC's, where we have none of ours."""
        ours = any(p.written_on == event.date and p.author in ("agent", "client") for p in self.facts.documents)
        return not ours and any(e.date == event.date for e in self.events("letter_from_hmrc", actor="hmrc"))

    def _is_hmrcs(self, event: Event) -> bool:
        """A letter of HMRC's own that a paper of HMRC's mentions by its day."""
        told_by_hmrc = self.author(event.span.document) == "hmrc" and not says(event.span.quote, r"\byour\b")
        return told_by_hmrc and any(p.author == "hmrc" and p.written_on == event.date for p in self.facts.documents)

    @cached_property
    def agreed_due(self) -> tuple[Statement, ...]:
        """HMRC's words that money is due, without those that only ask whether it is."""
        said = self.statements("agreed_due", actor="hmrc")
        return tuple(s for s in said if not says(s.span.quote, r"\bwhether\b|\bif\b|look again|may (be|have)"))

    @cached_property
    def wish(self) -> str:
        """What is wanted: the brief and the outcome. A wish decides nothing and is evidence of nothing."""
        return f"{self.intake.brief}\n{self.intake.desired_outcome}"

    @cached_property
    def client_is_person(self) -> bool:
        return self.intake.client_kind == "individual"


def _guessed_year(event: Event, by_day: dict[date, Event]) -> bool:
    """A day told without its year, of a letter that stands a year later where a paper gives the year."""
    bare = not says(event.span.quote, r"\b(19|20)\d\d\b")
    return bare and any(
        on.year == event.date.year + 1 and on.timetuple()[1:3] == event.date.timetuple()[1:3] for on in by_day
    )


def documents_of(spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.document for span in spans))

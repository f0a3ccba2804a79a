"""The facts of all documents of a case together: one event a happening, in date order, with the conflicts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from complaints.facts.conflicts import find_conflicts
from complaints.facts.contradictions import UNPAID
from complaints.facts.merging import merge_events
from complaints.facts.names import Names
from complaints.facts.records import Amount, Conflict, DocumentFacts, DocumentProfile, Event, Facts, Intake, Party

T = TypeVar("T")
_LAST = date(9999, 12, 31)


def combine_facts(parts: Sequence[DocumentFacts], intake: Intake) -> Facts:
    """Put the facts of a case together; the order of `parts` makes no difference."""
    ordered = sorted(parts, key=lambda part: exhibit_order(part.profile))
    parties = tuple(party for part in ordered for party in part.parties)
    called = _client_called(parties, intake)
    conflicts = find_conflicts(ordered)
    told = [_named(_addressed(event, ordered), intake, called) for part in ordered for event in part.events]
    events = _without_refuted(merge_events(told, ordered), conflicts)
    return Facts(
        documents=tuple(
            replace(part.profile, summary_name=part.profile.summary_name.replace(intake.client_name, called))
            for part in ordered
        ),
        references=_each(part.references for part in ordered),
        amounts=_still_due(_each(part.amounts for part in ordered), conflicts),
        events=events,
        undertakings=tuple(sorted(_each(part.undertakings for part in ordered), key=lambda u: (u.made_on, u.span))),
        statements=_each(part.statements for part in ordered),
        points=_each(part.points for part in ordered),
        findings=_each(part.findings for part in ordered),
        time_entries=tuple(sorted(_each(part.time_entries for part in ordered), key=lambda t: (t.on, t.span))),
        invoices=_each(part.invoices for part in ordered),
        parties=parties,
        injections=_each(part.injections for part in ordered),
        conflicts=conflicts,
        positions=_each(part.positions for part in ordered),
        struck=_each(part.struck for part in ordered),
    )


def _addressed(event: Event, parts: Sequence[DocumentFacts]) -> Event:
    """Where HMRC used more than one address of the client, the line of a document says to which it went."""
    used = {part.profile.addressed_to.casefold() for part in parts if part.profile.addressed_to}
    profile = next(part.profile for part in parts if part.profile.document == event.span.document)
    own = event.date == profile.written_on and event.actor == "hmrc" and event.kind != "undertaking"
    if len(used) < 2 or not own or not profile.addressed_to:
        return event
    return replace(event, summary=f"{event.summary}; addressed to {profile.addressed_to}")


_ARRIVALS = frozenset(
    {"return_received", "application_received", "complaint_received", "return_filed", "claim_made", "application_made"}
)


def _without_refuted(events: tuple[Event, ...], conflicts: Sequence[Conflict]) -> tuple[Event, ...]:
    """A date that better evidence refutes is no line of the chronology; the conflict shows it."""
    refuted = {
        (side.document, side.value)
        for conflict in conflicts
        if conflict.kind == "receipt" and conflict.preferred
        for side in conflict.statements
        if side.value != conflict.preferred
    }
    return tuple(
        replace(e, importance="context")
        if (e.span.document, e.date.isoformat()) in refuted and e.kind in _ARRIVALS
        else e
        for e in events
    )


def _still_due(amounts: tuple[Amount, ...], conflicts: Sequence[Conflict]) -> tuple[Amount, ...]:
    """A repayment that a paper reports as made, and that never came by later evidence, is still due."""
    refuted = {
        side.document
        for conflict in conflicts
        if conflict.what == UNPAID and conflict.preferred == "not paid"
        for side in conflict.statements
        if side.value.startswith("sent")
    }
    return tuple(
        replace(a, role="repayment_due") if a.role == "repayment_made" and a.span.document in refuted else a
        for a in amounts
    )


def exhibit_order(profile: DocumentProfile) -> tuple[date, str]:
    """Exhibits go by date written, then by name; undated ones come last."""
    return profile.written_on or _LAST, profile.document


def _each(groups: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(item for group in groups for item in group)


def _client_called(parties: Sequence[Party], intake: Intake) -> str:
    """Title and surname where the papers state one title and no other, else the full name."""
    names = Names(intake)
    if intake.client_kind != "individual" or not names.client_words:
        return names.client_short
    titles = sorted(
        {
            p.title.capitalize()
            for p in parties
            if p.title and p.name.lower().rstrip(".").endswith(names.client_words[-1])
        }
    )
    return f"{titles[0]} {intake.client_name.split()[-1]}" if len(titles) == 1 else names.client_short


def _named(event: Event, intake: Intake, called: str) -> Event:
    short = Names(intake).client_short
    return event if called == short else replace(event, summary=event.summary.replace(short, called))

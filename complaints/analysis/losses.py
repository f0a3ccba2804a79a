"""Papers that HMRC had and says that it has not. Pure.

That a return "has not been received" is a loss only where something shows that this return had come. A call of which
there is no record is not a lost paper.
"""

from dataclasses import dataclass
from datetime import date

from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
from complaints.facts.positions import thing_in
from complaints.facts.records import ConflictSide, Event, EventKind, Position, Span

# What was sent, by the kind of event, and the words by which HMRC would miss it.
_MISSED: tuple[tuple[tuple[EventKind, ...], str], ...] = (
    (("return_received",), r"return|document|voucher|form|paper|record"),
    (("application_received",), r"application|form|registration|document"),
    (("documents_sent",), r"document|voucher|certificate|form|paper|evidence|cheque|letter|enclos|record|original"),
    (("return_filed",), r"return|document|voucher|account|form|declaration|schedule"),
    (("claim_made",), r"claim|form"),
    (("application_made",), r"application|form|registration|election|notification"),
)
_NO_PAPER = r"\b(call|conversation|telephone)\b"


@dataclass(frozen=True, slots=True)
class Loss:
    """`said` holds the days on which HMRC said that it had nothing, its letters before its notices, with the words."""

    had: Event
    said: tuple[tuple[date, Span], ...]
    asked_again: bool = False


def find_loss(view: CaseView) -> Loss | None:
    return _told(view) or _denied_later(view) or _misfiled(view)


def _denied_later(view: CaseView) -> Loss | None:
    """A paper that HMRC had by one account and had not by a later one of its own, or asked for again."""
    for conflict in view.facts.conflicts:
        if conflict.kind != "receipt" or not conflict.what.startswith("whether") or len(conflict.statements) > 2:
            continue
        had, lost = (_position(view, side) for side in conflict.statements[:2])
        if had and lost and had.on and had.thing not in ("payment", "", "return") and lost.said_on:
            event = Event(had.on, "documents_sent", "agent", f"HMRC had the {had.thing}", had.span, "context")
            asked = lost.on if lost.actor != "hmrc" else None
            return Loss(event, ((asked or lost.said_on, lost.span),), asked is not None)
    return None


_MISFILED = (
    r"\b(indexed|filed|scanned|linked|logged|attached|posted|put|placed|saved|recorded|allocated)\b.{0,40}"
    r"\b(different|wrong|another|someone else|incorrect|other (customer|client|company|record|reference))\b|"
    r"\bmis-?(filed|indexed|placed|laid|directed)\b"
)
_SENT: tuple[EventKind, ...] = ("documents_sent", "letter_to_hmrc", "return_filed", "claim_made", "application_made")


def _misfiled(view: CaseView) -> Loss | None:
    """What we had sent, denied by a paper of HMRC's, and by its own later word put on somebody else's record."""
    found = [q for q in view.quotes if view.kind(q.document) in _HMRCS_WORD and says(q.quote, _MISFILED)]
    found += [p.span for p in view.facts.positions if p.matter == "receipt" and says(p.span.quote, _MISFILED)]
    denials = [p for p in view.facts.positions if p.matter in ("reply", "receipt") and not p.holds and p.said_on]
    denials = [p for p in denials if p.actor == "hmrc" and view.author(p.span.document) == "hmrc"]
    for denial in reversed(denials) if found else ():
        sent = [e for e in view.events(*_SENT) if denial.said_on and e.date < denial.said_on and e.actor != "hmrc"]
        if sent and denial.said_on:
            return Loss(sent[-1], ((denial.said_on, denial.span),))
    return None


_HMRCS_WORD = ("call_note", "webchat", "hmrc_letter", "hmrc_complaint_reply")


def _position(view: CaseView, side: ConflictSide) -> Position | None:
    return next(
        (p for p in view.facts.positions if p.span.document == side.document and p.span.quote == side.quote), None
    )


def _told(view: CaseView) -> Loss | None:
    missing = _missing(view)
    words = " ".join(span.quote for _, span in missing)
    if not missing:
        return None
    for kinds, noun in _MISSED:
        had = view.first(*kinds)
        if had and says(words, noun):
            later = tuple(row for row in missing if row[0] > had.date)
            return Loss(had, later) if later else None
    return None


def _missing(view: CaseView) -> list[tuple[date, Span]]:
    rows = [(e.date, e.span) for e in view.events("documents_lost", actor="hmrc")]
    for statement in view.statements("no_trace", actor="hmrc"):
        on = view.said_on(statement)
        if on and not says(statement.span.quote, _NO_PAPER) and thing_in(statement.span.quote) != "payment":
            rows.append((on, statement.span))
    unique = {(on, span.document): (on, span) for on, span in reversed(rows)}
    return sorted(unique.values(), key=lambda row: (view.kind(row[1].document) == "hmrc_notice", row[0], row[1]))

"""Decisions of HMRC that can be appealed, and the last day for it. Pure.

A tax decision or a penalty is not a complaint (complain-about-hmrc: HMRC cannot investigate a complaint when one
disagrees with a decision or a penalty). The usual period is 30 days from the date of the notice; where the notice
itself gives another, that one is used. A code, a P800 or other calculation, a statement and a demand are no decisions
in this sense: they are put right by correcting them. A refusal that was never given in writing is no decision either.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.analysis.limits import statutory_review
from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
from complaints.facts.records import DocumentProfile, Event, EventKind, Position, Span, Statement
from lightpoint.language.durations import find_durations

USUAL_DAYS = 30
CONCLUSION = "review conclusion"
_DECISIONS = ("penalty_issued", "assessment_issued")
_WITHDRAWABLE: tuple[EventKind, ...] = ("withdrawal", "correction")
_NO_DECISION = ("coding_notice", "calculation_issued", "statement_issued", "demand_issued", "certificate_issued")


@dataclass(frozen=True, slots=True)
class Decision:
    """`last_day` counts the period from the date of the notice: "30 days from the date of" means that date plus 30."""

    made_on: date
    last_day: date
    period_days: int
    document: str
    what: str
    spans: tuple[Span, ...]
    event: Event | None = None


def appealable_decisions(view: CaseView) -> tuple[Decision, ...]:
    """Decisions in force, oldest first: neither withdrawn nor corrected, nor appealed, decided or upheld on review."""
    found = [d for d in (*_concluded(view), *all_decisions(view)) if _in_force(view, d)]
    return tuple(sorted(found, key=lambda d: (d.made_on, d.document)))


def _concluded(view: CaseView) -> tuple[Decision, ...]:
    """The conclusion of a statutory review, which alone is then appealed, to the tribunal."""
    review = statutory_review(view)
    if review is None:
        return ()
    days = (review.last_day - review.concluded_on).days
    return (Decision(review.concluded_on, review.last_day, days, review.document, CONCLUSION, review.spans),)


def all_decisions(view: CaseView) -> tuple[Decision, ...]:
    """Every written decision with a right of appeal, one for each document; notices before letters about them."""
    found = _from_notices(view) or _from_own_words(view)
    if not found:
        found = _from_letters(view)
    return tuple(found)


def _from_notices(view: CaseView) -> list[Decision]:
    found: dict[str, Decision] = {}
    rights = {s.span.document: s for s in view.statements("appeal_right", actor="hmrc")}
    for profile in view.of_kind("hmrc_notice"):
        event = _own_event(view, profile.document)
        right = rights.get(profile.document)
        decides = event is not None and event.kind in _DECISIONS and _calls_itself(profile, event)
        barred = event is not None and event.kind in _NO_DECISION
        made_on = profile.written_on or (event.date if event else None)
        if made_on and (decides or (right and not barred)):
            found[profile.document] = _decision(made_on, profile.document, event, right)
    return list(found.values())


def _from_own_words(view: CaseView) -> list[Decision]:
    """Papers that call themselves a notice and give the time to appeal, under whatever name they reached us."""
    found: dict[str, Decision] = {}
    for told in view.facts.positions:
        profile = view.profiles.get(told.span.document)
        if _is_own_limit(view, told) and profile and profile.written_on and told.on and profile.kind == "hmrc_letter":
            days = (told.on - profile.written_on).days
            event = _own_event(view, profile.document)
            spans = tuple(dict.fromkeys((*((event.span,) if event else ()), told.span)))
            what = "penalty" if says(f"{profile.subject} {told.span.quote}", r"penalt") else "decision"
            found.setdefault(
                profile.document,
                Decision(profile.written_on, told.on, days, profile.document, what, spans, event),
            )
    return list(found.values())


_TO_CHALLENGE = ("appeal", "tribunal", "review")
_DECIDES = (
    r"\bdecision\b.{0,40}\b(to|on|about|cancel\w*|refus\w*|reject\w*|amend\w*|charg\w*)\b|\b(I|we) have "
    r"(decided|cancelled|refused|rejected|amended|removed|withdrawn|disallowed)\b|^\W*(notice of )?decision\b|"
    r"\bthis (is|was) my decision\b|\bnotice of (decision|determination|amendment|refusal|cancellation|assessment)\b"
)


def _is_own_limit(view: CaseView, told: Position) -> bool:
    """A time for appeal or review that a paper gives for what it decides itself, not for another's decision."""
    if told.matter != "deadline" or told.thing not in _TO_CHALLENGE or told.actor != "hmrc":
        return False
    if told.thing == "appeal" and says(told.span.quote, r"\bthis (notice|decision)\b"):
        return True
    document = told.span.document
    profile = view.profiles.get(document)
    words = [profile.subject if profile else ""] + [q.quote for q in view.quotes if q.document == document]
    own = says(told.span.quote, r"\b(this|the date of (this|the)) (notice|decision|letter)\b|\bthis\b")
    return own and any(says(w, _DECIDES) for w in words)


def _calls_itself(profile: DocumentProfile, event: Event) -> bool:
    """A notice says what it is; a figure headed "total due" on a calculation makes no assessment."""
    words = f"{profile.subject} {profile.summary_name} {event.span.quote} {event.summary}"
    return says(words, r"penalt|surcharge|assessment|determination|closure notice")


def _from_letters(view: CaseView) -> list[Decision]:
    found: dict[str, Decision] = {}
    for right in view.statements("appeal_right", actor="hmrc"):
        profile = view.profiles.get(right.span.document)
        if profile and profile.kind == "hmrc_letter" and profile.written_on:
            event = _own_event(view, profile.document)
            found.setdefault(profile.document, _decision(profile.written_on, profile.document, event, right))
    return list(found.values())


def _own_event(view: CaseView, document: str) -> Event | None:
    """The act that a document performs: the decision in it, else the event of its own date."""
    mine = [e for e in view.facts.events if e.span.document == document and e.actor == "hmrc"]
    for kinds in (_DECISIONS, _NO_DECISION):
        for event in mine:
            if event.kind in kinds:
                return event
    written = view.profiles[document].written_on
    return next((e for e in mine if e.date == written), None)


def _decision(made_on: date, document: str, event: Event | None, right: Statement | None) -> Decision:
    period = period_in(right.span.quote) if right else USUAL_DAYS
    spans = tuple(dict.fromkeys(x.span for x in (event, right) if x))
    names = {"penalty_issued": "penalty", "assessment_issued": "assessment"}
    what = names.get(event.kind if event else "", "decision")
    return Decision(made_on, made_on + timedelta(days=period), period, document, what, spans, event)


def period_in(words: str) -> int:
    """The days for an appeal that the words give, 30 where they give none."""
    for mention in find_durations(words):
        if mention.unit == "day":
            return int(mention.value)
    return USUAL_DAYS


def _in_force(view: CaseView, decision: Decision) -> bool:
    review = statutory_review(view)
    if review and decision.what != CONCLUSION and decision.made_on < review.concluded_on:
        return False
    undone = [e for e in view.events(*_WITHDRAWABLE) if e.date >= decision.made_on]
    if any(_concerns(e, decision) for e in undone):
        return False
    challenged = view.first("appeal_made", on_or_after=decision.made_on)
    decided = view.first("tribunal_decision", on_or_after=decision.made_on)
    return challenged is None and decided is None


def _concerns(act: Event, decision: Decision) -> bool:
    """Whether a withdrawal or correction is of this decision: it names its kind, or names no kind of decision."""
    words = f"{act.summary} {act.span.quote}"
    named = re.findall(r"penalt|assessment|surcharge|determination|closure", words, re.IGNORECASE)
    if not named:
        return act.kind == "withdrawal"
    return says(" ".join(named), decision.what[:6]) or decision.what in ("decision", CONCLUSION)

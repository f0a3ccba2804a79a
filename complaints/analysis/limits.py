"""Last days that others set: for the Adjudicator after HMRC's last reply, for the tribunal after a statutory review.

The Adjudicator normally accepts a complaint up to six months after the last review was received. An appeal goes to the
tribunal within 30 days of the date of the review conclusion, or of what the conclusion itself says (sections 49G and
49H of the Taxes Management Act 1970 and their like); HMRC has 45 days for the review unless another time is agreed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
from complaints.facts.records import DocumentProfile, Event, Position, Span
from lightpoint.calendars import add_months

ADJUDICATOR_MONTHS = 6  # "normally accept your complaint up to 6 months after you've received the second review"
REVIEW_DAYS = 45
POST_DAYS = 21  # a letter noted as come within three weeks of its date is taken to be that one
TRIBUNAL_DAYS = 30
_ONLY = (
    r"\b(only|one|single) (complaint )?review\b|\b(no|not be a|without a) (second|further) (review|tier)\b|"
    r"\bnot be a second\b|\bfinal response\b|straight to the adjudicator|\bdirect(ly)? to the adjudicator"
)
_CONCLUDES = (
    r"\breview conclusion\b|\bconclusion of (the|my|our|your) (statutory |independent )?review\b|"
    r"\bmy conclusion is\b|\b(statutory|independent) review\b.{0,40}\b(outcome|conclusion|decision|result)\b|"
    r"\boutcome of (the|your|my|our) (statutory|independent) review\b"
)
_ARRIVED = r"\b(post|came|arrived|received|reached|today|this morning|date-?stamped|envelope)\b"


@dataclass(frozen=True, slots=True)
class LastReview:
    """The reply that ended HMRC's own process: when it was written and when it reached us."""

    reply: Event
    received: date
    receipt_known: bool
    spans: tuple[Span, ...]

    @property
    def last_day(self) -> date:
        return add_months(self.received, ADJUDICATOR_MONTHS)


@dataclass(frozen=True, slots=True)
class StatutoryReview:
    """The review of a decision: asked for, due and concluded, with the last day for the tribunal."""

    concluded_on: date
    last_day: date
    asked_on: date | None
    due_on: date | None
    document: str
    spans: tuple[Span, ...]


def last_review(view: CaseView) -> LastReview | None:
    """The second-tier reply, or a reply in which HMRC itself says that its process ends there."""
    reply = view.last("review_reply")
    if reply is None:
        reply = next((e for e in view.events("complaint_reply") if _ends_here(view, e)), None)
    if reply is None:
        return None
    came = view.first("reply_received", after=reply.date) or view.first("reply_received", on_or_after=reply.date)
    if came:
        return LastReview(reply, came.date, True, (reply.span, came.span))
    noted = _noted(view, reply)
    if noted and noted.on:
        return LastReview(reply, noted.on, True, (reply.span, noted.span))
    forwarded = _forwarded_on(view, reply)
    return LastReview(reply, forwarded or reply.date, forwarded is not None, (reply.span,))


def _ends_here(view: CaseView, reply: Event) -> bool:
    ended = [s for s in view.statements("final_reply", actor="hmrc") if s.span.document == reply.span.document]
    offers_more = {s.span.document for s in view.statements("review_right", actor="hmrc")}
    only = any(says(s.span.quote, _ONLY) for s in ended) or any(
        q.document == reply.span.document and says(q.quote, _ONLY) for q in view.quotes
    )
    return bool(ended) and (only or reply.span.document not in offers_more)


def _noted(view: CaseView, reply: Event) -> Position | None:
    """Our own note that the letter came, in the e-mail that brought it or soon after its date."""
    parent = reply.span.document.rpartition("::")[0]
    told = [p for p in view.facts.positions if p.matter == "arrival" and p.on and p.on >= reply.date]
    near = [p for p in told if p.on and (p.span.document == parent or (p.on - reply.date).days <= POST_DAYS)]
    return min(near, key=lambda p: (p.span.document != parent, p.on or date.max, p.span), default=None)


def _forwarded_on(view: CaseView, reply: Event) -> date | None:
    """The day of the e-mail inside the practice that brought the reply, where it says that it had come."""
    parent = view.profiles.get(reply.span.document.rpartition("::")[0])
    if parent is None or parent.author != "agent" or parent.written_on is None or parent.written_on < reply.date:
        return None
    words = " ".join([parent.subject, *(q.quote for q in view.quotes if q.document == parent.document)])
    return parent.written_on if says(words, _ARRIVED) else None


def adjudicator_limit(view: CaseView) -> tuple[date, tuple[Span, ...]] | None:
    review = last_review(view)
    return (review.last_day, review.spans) if review else None


def statutory_review(view: CaseView) -> StatutoryReview | None:
    """The last review of a decision that HMRC concluded, if there is one."""
    found = [p for p in view.of_kind("hmrc_letter", "hmrc_notice") if p.written_on and _concludes(view, p)]
    if not found:
        return None
    profile = found[-1]
    concluded = profile.written_on or date.min
    asked = _asked_on(view, concluded)
    due = asked + timedelta(days=REVIEW_DAYS) if asked else None
    limit = _tribunal_day(view, profile)
    spans = tuple(q for q in view.quotes if q.document == profile.document)[:1]
    spans += (limit.span,) if limit else ()
    last = (limit.on if limit else None) or concluded + timedelta(days=TRIBUNAL_DAYS)
    return StatutoryReview(concluded, last, asked, due, profile.document, spans)


def _concludes(view: CaseView, profile: DocumentProfile) -> bool:
    words = " ".join([profile.subject, *(q.quote for q in view.quotes if q.document == profile.document)])
    to_tribunal = says(words, r"\btribunal\b") or _tribunal_day(view, profile) is not None
    return says(words, _CONCLUDES) and to_tribunal


def _tribunal_day(view: CaseView, profile: DocumentProfile) -> Position | None:
    told = [p for p in view.facts.positions if p.matter == "deadline" and p.span.document == profile.document]
    return next((p for p in told if p.thing == "tribunal"), None)


def _asked_on(view: CaseView, concluded: date) -> date | None:
    """The day on which HMRC had the request, or we made it."""
    asked = view.last("review_requested", before=concluded)
    had = [
        p.on
        for p in view.facts.positions
        if p.matter == "receipt" and p.holds and p.on and p.on < concluded and says(p.span.quote, r"\breview\b")
    ]
    return max(had, default=None) or (asked.date if asked else None)


def tribunal_limit(view: CaseView) -> tuple[date, tuple[Span, ...]] | None:
    review = statutory_review(view)
    return (review.last_day, review.spans) if review else None

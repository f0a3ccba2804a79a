"""Whether HMRC did what it undertook to do. Pure."""

import re

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
from complaints.facts.records import Event, EventKind, Undertaking
from lightpoint.language.durations import find_durations

# What was promised, and the acts that would keep the promise.
_PERFORMANCE: tuple[tuple[str, tuple[EventKind, ...]], ...] = (
    (
        r"\b(re)?pa(y|id)|refund|return (the|your|her|his|their) (payment|money|sum)|"
        r"sen[dt] (it )?back|release|issue the (money|repayment)|bacs|payable order",
        ("repayment_made",),
    ),
    (r"\bcode|coding|\bP2\b|\bP6\b", ("correction", "withdrawal")),
    (
        r"\bcorrect|amend|put right|fix|updat|chang|cancel|withdraw|remov|stop|suspend|hold",
        ("correction", "withdrawal", "enquiry_closed"),
    ),
    (
        r"\breply|repl(y|ies)|respond|response|write|call|contact|answer|let you know|get back",
        ("letter_from_hmrc", "complaint_reply", "review_reply", "correction", "withdrawal"),
    ),
    (
        r"\bprocess|deal|consider|action|review|complet|clos",
        ("repayment_made", "correction", "withdrawal", "enquiry_closed", "certificate_issued", "registration"),
    ),
)
_ANYTHING: tuple[EventKind, ...] = ("repayment_made", "correction", "withdrawal")
_STANDING = r"\buse (it|this|that|the new)|all (letters|correspondence|post)|from now on|in future|\bkeep\b"
# Announcing a charge or a visit, or stating an aim, is not an undertaking that a client could complain was broken.
_THREAT = (
    r"\b(collect|enforc|penalt|surcharge|visit|distrain|seiz|recover the|take (action|control))\b"
    r"|^\W*charge\b|\bcharge (you|him|her|it|them|interest|a penalty)\b|\bam upholding|\baim\b"
)


def performances(what: str) -> tuple[EventKind, ...]:
    for pattern, kinds in _PERFORMANCE:
        if says(what, pattern):
            return kinds
    return _ANYTHING


def kept_by(view: CaseView, promise: Undertaking) -> Event | None:
    """The first act after the promise that does what was promised, or the letter that encloses what was."""
    done = view.first(*performances(promise.what), after=promise.made_on)
    sent = next(
        (e for e in view.events("letter_from_hmrc") if e.date > promise.made_on and _encloses(e, promise)), None
    )
    return min((e for e in (done, sent) if e), key=lambda e: e.date, default=None)


def _encloses(letter: Event, promise: Undertaking) -> bool:
    """Whether HMRC's letter sends the thing that the promise names: a form by its number, a paper by its name."""
    named = _things(f"{promise.what} {promise.span.quote}") & _things(letter.span.quote)
    return says(letter.span.quote, r"\b(enclos\w+|attach\w+|herewith)\b") and bool(named)


def _things(words: str) -> frozenset[str]:
    """Forms and certificates by name: "C1", "P45", "certificate"."""
    return frozenset(re.findall(r"\b[A-Z]{1,4}\d{1,4}[A-Z]?\b|\b(?:certificate|form|receipt|voucher|code)\b", words))


def exact(promise: Undertaking) -> bool:
    """Whether the day was promised, or only follows at the latest from words such as "before the next pay day"."""
    return bool(find_durations(promise.derivation)) or "as stated" in promise.derivation


def is_promise(promise: Undertaking) -> bool:
    """An undertaking to act; not a threat, an offer on a condition, or words that name no act."""
    garbled = says(promise.what, r"\b(us|we|hmrc) (need|have|are|is|has)\b(?! (been|by)\b)|^(be|have|pay us)\W*$")
    conditional = promise.due_on is None and says(promise.what, _CONDITION)
    return not (says(promise.what, _THREAT) or garbled or conditional)


_CONDITION = r"\bif\b|\bas soon as\b|^\w+ once\b|\bwhen (you|we|hmrc) (have|are|receive)\b"


def is_standing(promise: Undertaking) -> bool:
    """A promise of how HMRC will go on, such as which address it will use: nothing is done that would end it."""
    return promise.due_on is None and says(promise.what, _STANDING)


def broken(view: CaseView) -> tuple[Undertaking, ...]:
    """Promises whose day has gone by without the act, or on which nothing has been done at all, in date order."""
    found = [p for p in view.facts.undertakings if is_promise(p) and _is_broken(view, p)]
    dated = {p.span for p in found if p.due_on}
    found = [p for p in found if p.due_on or p.span not in dated]
    return tuple(sorted(found, key=lambda p: (p.made_on, p.span)))


def _is_broken(view: CaseView, promise: Undertaking) -> bool:
    if is_standing(promise):
        return any(e.date > promise.made_on for e in misdirected_post(view))
    act = kept_by(view, promise)
    due = promise.due_on or promise.made_on
    late = act is None or (promise.due_on is not None and act.date > promise.due_on)
    return due < view.intake.opened_on and late

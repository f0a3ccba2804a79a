"""Acts that no line of the papers is headed with, and that the papers nevertheless show. Pure.

A reply in which HMRC says "I have today corrected your code" corrects it. A letter of ours that asks for a second
review between the two replies is the request, whatever it calls itself.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from complaints.analysis.wording import says
from complaints.facts.records import DocumentProfile, Event, EventKind, Facts, Span

_NOW = r"\b(I|we) (have|had) (now |today |since |also |already |just )*(today )?"
_RIGHTED = (
    rf"{_NOW}(corrected|amended|put right|reinstated|restored|updated|changed|re-?coded|reset|re-?issued)\b|"
    r"\b(has|have) (now |today )(been )?(corrected|amended|put right|reinstated|restored)\b"
)
_UNDONE = (
    rf"{_NOW}(cancelled|withdrawn|set aside|vacated|discharged|written off|reversed)\b|"
    r"\b(has|have) (now |today )(been )?(cancelled|withdrawn|set aside|vacated|discharged|reversed)\b"
)
_NOT_THE_MATTER = (
    r"\b(procedures?|guidance|training|staff|team|colleague|your address|contact details|our records of)\b"
)
_SECOND = (
    r"\b(second|2nd|further|tier (2|two))[ -]?(tier |stage |level )?(complaint )?review\b|\bsecond[ -]tier\b|\btier 2\b"
)
_OURS = ("agent_letter", "agent_complaint", "client_letter")
_ACTS: tuple[tuple[EventKind, str], ...] = (("correction", _RIGHTED), ("withdrawal", _UNDONE))
_REPLIES = ("hmrc_letter", "hmrc_complaint_reply")


def inferred(facts: Facts, events: Sequence[Event], until: date) -> list[Event]:
    """Further events, none of a kind that the same paper already gives."""
    found = [*_put_right(facts, events), *_asked_again(facts, events)]
    return [e for e in found if e.date <= until]


def _put_right(facts: Facts, events: Sequence[Event]) -> Iterator[Event]:
    profiles = {p.document: p for p in facts.documents}
    done = {(e.span.document, e.kind) for e in events}
    for span in _said_by_hmrc(facts):
        profile = profiles.get(span.document)
        if profile is None or profile.kind not in _REPLIES or profile.author != "hmrc" or not profile.written_on:
            continue
        if says(span.quote, _NOT_THE_MATTER):
            continue
        for kind, pattern in _ACTS:
            if says(span.quote, pattern) and (span.document, kind) not in done:
                done.add((span.document, kind))
                summary = "HMRC wrote that it had put the matter right"
                yield Event(profile.written_on, kind, "hmrc", summary, span, "context", said_in=profile.written_on)


def _said_by_hmrc(facts: Facts) -> list[Span]:
    spans = [p.span for p in facts.positions if p.matter == "answer"]
    spans += [s.span for s in facts.statements if s.actor == "hmrc"] + [f.span for f in facts.findings]
    return sorted(set(spans), key=lambda s: (s.document, s.page or 0, s.start))


def _asked_again(facts: Facts, events: Sequence[Event]) -> Iterator[Event]:
    """The request for a second review, where both replies are among the papers and nothing else asks for it."""
    if any(e.kind == "review_requested" for e in events):
        return
    first = min((e.date for e in events if e.kind == "complaint_reply"), default=None)
    second = min((e.date for e in events if e.kind == "review_reply"), default=None)
    if first is None or second is None:
        return
    for profile in facts.documents:
        on = profile.written_on
        ours = profile.author in ("agent", "client") and profile.kind in _OURS
        span = profile.date_span
        if ours and on and span and first < on < second and _asks(facts, profile):
            actor = profile.author
            yield Event(on, "review_requested", actor, "We asked for a second review", span, "key", tier=2, said_in=on)
            return


def _asks(facts: Facts, profile: DocumentProfile) -> bool:
    own = [s.span.quote for s in facts.statements if s.span.document == profile.document]
    own += [p.text for p in facts.points if p.span.document == profile.document]
    own += [e.span.quote for e in facts.events if e.span.document == profile.document]
    return any(says(w, _SECOND) for w in (profile.subject, profile.summary_name, *own))

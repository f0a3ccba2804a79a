"""Which points of a complaint HMRC's reply left out.

A point counts as answered only if a finding of the reply addresses its substance: it carries the point's heading or
subject, one of its own dates, or enough of the words that this point has and the other points have not. Words that
several points share (the claim, the letter) prove nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from complaints.analysis.records import UnansweredPoint
from complaints.analysis.view import CaseView
from complaints.analysis.wording import says, stems
from complaints.facts.records import ComplaintPoint, DocumentProfile, Finding
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

_COURTESY = r"^\W*(thank you|i am sorry (that|to hear) you have)"
ENOUGH_OWN_WORDS = 3
MISPRINT_DIGITS = 3  # fewer different digits make two sums alike by chance
# Subjects that a complaint and a reply name in different words.
_SUBJECTS: tuple[frozenset[str], ...] = tuple(
    stems(words) | frozenset(words.split())
    for words in (
        "delay delays late slow processing unprocessed processed outstanding held withheld",
        "letter letters correspondence unanswered ignored reply replies acknowledged actioned",
        "advice telephone phone call helpline adviser information told said wrong misled misleading",
        "costs cost fees fee professional extra accountant invoice reimburse reimbursement expenses",
        "distress worry upset anxiety stress consolatory",
        "interest supplement",
        "penalty penalties surcharge",
        "visit officer field enforcement bailiff debt collection",
        "data privacy address disclosure breach confidential",
        "apology apologise",
        "repayment refund repay refunded",
        "code coding notice",
    )
)

# A single sentence of a reply answers a point by its subject only where the subject is a particular one.
_NAMED = frozenset({"fees", "distress", "penalty", "visit", "data", "coding"})
_VAGUE = frozenset({"officer", "letter", "additional"})
_PARTICULAR = tuple(subject - _VAGUE for subject in _SUBJECTS if subject & _NAMED)


def find_unanswered(view: CaseView) -> tuple[UnansweredPoint, ...]:
    """The points left out by the last reply that answers a complaint in the bundle."""
    pair = _last_answered(view)
    if pair is None:
        return ()
    complaint, reply = pair
    points = [p for p in view.facts.points if p.span.document == complaint.document]
    findings = [_without_names(f, view) for f in view.facts.findings if f.span.document == reply.document]
    findings = [f for f in findings if not says(f.span.quote, _COURTESY)]
    findings += _other_words(view, reply)
    return tuple(
        UnansweredPoint(p.number, _what(p), complaint.document, reply.document, p.span)
        for p in sorted(points, key=lambda p: p.number)
        if not any(_addresses(finding, p, points, complaint.written_on) for finding in findings)
    )


def _other_words(view: CaseView, reply: DocumentProfile) -> list[Finding]:
    """What else the reply says that reached the facts: admissions, sums, promises. An invitation answers nothing."""
    said = [s.span for s in view.facts.statements if s.span.document == reply.document and s.kind in _ANSWERS]
    said += [a.span for a in view.facts.amounts if a.span.document == reply.document]
    said += [u.span for u in view.facts.undertakings if u.span.document == reply.document]
    said += [p.span for p in view.facts.positions if p.matter == "answer" and p.span.document == reply.document]
    return [Finding("", "addressed", span) for span in dict.fromkeys(said)]


_ANSWERS = ("admission", "apology", "upheld", "not_upheld", "refusal", "offer", "advice", "agreed_due", "no_trace")


def _without_names(finding: Finding, view: CaseView) -> Finding:
    """A heading without the client's name and the word complaint, which every point of the letter shares."""
    names = "|".join(re.escape(word) for word in view.intake.client_name.split() if len(word) > 2)
    return replace(finding, label=re.sub(rf"\b(your|the|complaint|{names})\b", "", finding.label, flags=re.IGNORECASE))


def _what(point: ComplaintPoint) -> str:
    return (point.label or point.text).strip().rstrip(".:")


def _last_answered(view: CaseView) -> tuple[DocumentProfile, DocumentProfile] | None:
    """The latest complaint with points, and the first reply written after it."""
    with_points = {p.span.document for p in view.facts.points}
    complaints = [
        p
        for p in view.of_kind("agent_complaint", "client_letter", "agent_letter")
        if p.document in with_points and p.written_on
    ]
    replies = [p for p in view.of_kind("hmrc_complaint_reply") if p.written_on]
    for complaint in sorted(complaints, key=_written, reverse=True):
        later = [r for r in replies if _written(r) > _written(complaint)]
        if later:
            return complaint, min(later, key=_written)
    return None


def _written(profile: DocumentProfile) -> date:
    return profile.written_on or date.min


def _addresses(finding: Finding, point: ComplaintPoint, points: Sequence[ComplaintPoint], written: date | None) -> bool:
    said = f"{finding.label} {finding.span.quote}"
    own_dates = _dates(point, written) - _dates_of_others(point, points, written)
    if own_dates & {m.date for m in find_dates(said, reference=written)} or _own_sum(finding, point, points):
        return True
    if _heads(finding, point, points) or _shared_sum(finding, point, points):
        return True
    if _subject_overlap(point, finding):
        return True
    return len(_own_words(point, points) & stems(said)) >= ENOUGH_OWN_WORDS


def _heads(finding: Finding, point: ComplaintPoint, points: Sequence[ComplaintPoint]) -> bool:
    """A heading of the reply all of whose words the point has, and one of them the point alone."""
    headed = stems(finding.label)
    return bool(headed) and headed <= stems(point.text) and bool(headed & _own_words(point, points))


def _shared_sum(finding: Finding, point: ComplaintPoint, points: Sequence[ComplaintPoint]) -> bool:
    """A sum that several points name answers the one whose words the sentence shares most."""
    sums = {m.value for m in find_amounts(finding.span.quote) if m.explicit}
    said = stems(finding.span.quote)
    fits = {
        p.number: len(said & stems(p.text))
        for p in points
        if sums & {m.value for m in find_amounts(p.text) if m.explicit}
    }
    mine = fits.get(point.number, 0)
    return len(fits) > 1 and mine > 1 and all(mine > n for number, n in fits.items() if number != point.number)


def _own_sum(finding: Finding, point: ComplaintPoint, points: Sequence[ComplaintPoint]) -> bool:
    """A sum that this point has and the other points have not."""
    others = {m.value for p in points if p.number != point.number for m in find_amounts(p.text) if m.explicit}
    mine = {m.value for m in find_amounts(point.text) if m.explicit} - others
    told = {m.value for m in find_amounts(finding.span.quote)}
    return bool(mine & told) or any(_misprinted(one, other) for one in mine for other in told - others)


def _misprinted(one: Decimal, other: Decimal) -> bool:
    """The same digits in another order: a sum of which two figures were exchanged in copying."""
    digits, others = (sorted(f"{value:.2f}") for value in (one, other))
    return one != other and one >= 100 and digits == others and len(set(digits)) > MISPRINT_DIGITS


def _dates(point: ComplaintPoint, written: date | None) -> set[date]:
    return {m.date for m in find_dates(point.text, reference=written)}


def _dates_of_others(point: ComplaintPoint, points: Sequence[ComplaintPoint], written: date | None) -> set[date]:
    return {d for other in points if other.number != point.number for d in _dates(other, written)}


def _subject_overlap(point: ComplaintPoint, finding: Finding) -> bool:
    """Heading against heading: the same words, or the same subject in other words."""
    plain = re.sub(r"^\W*(\w{1,2}[.)]\s+)?", "", point.text)
    headed = bool(point.label) and not plain.startswith(point.label.strip()[:20])
    asked, answered = stems(point.label if headed else point.text), stems(finding.label or finding.span.quote)
    if asked & answered and headed and finding.label:
        return True
    sentence = not finding.label and finding.outcome == "addressed"
    subjects = _PARTICULAR if sentence else _SUBJECTS
    return any(asked & subject and answered & subject for subject in subjects)


def _own_words(point: ComplaintPoint, points: Sequence[ComplaintPoint]) -> frozenset[str]:
    shared = Counter(word for p in points for word in stems(f"{p.label} {p.text}"))
    return frozenset(w for w in stems(f"{point.label} {point.text}") if shared[w] == 1)

"""Where two documents disagree. Evidence is weighed: HMRC's record of the time beats a later assertion of the same
party, a statutory notice beats a covering letter; where neither holds, no value is preferred."""

from collections.abc import Iterator, Sequence

from complaints.facts.contradictions import assertion_conflicts
from complaints.facts.denials import denial_conflicts
from complaints.facts.disagreements import address_conflicts, amount_conflicts, appeal_conflicts, receipt_conflicts
from complaints.facts.opposites import position_conflicts
from complaints.facts.records import Conflict, DocumentFacts


def find_conflicts(parts: Sequence[DocumentFacts]) -> tuple[Conflict, ...]:
    """The disagreements of a case, each between two documents, in a fixed order."""
    found: dict[tuple[str, ...], Conflict] = {}
    for conflict in _all(parts):
        key = (conflict.kind, _topic(conflict), *sorted(side.document for side in conflict.statements))
        found.setdefault(key, conflict)
    return tuple(found.values())


def _topic(conflict: Conflict) -> str:
    """Two receipt conflicts between the same papers are one, whatever noun each was found by."""
    if conflict.what.startswith(("whether £", "whether anything")):
        return "debt"
    return "" if conflict.kind in ("receipt", "deadline") else conflict.what


def _all(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    yield from receipt_conflicts(parts)
    yield from appeal_conflicts(parts)
    yield from address_conflicts(parts)
    yield from amount_conflicts(parts)
    yield from position_conflicts(parts)
    yield from assertion_conflicts(parts)
    yield from denial_conflicts(parts)

"""Where two documents disagree. Evidence is weighed: HMRC's record of the time beats a later assertion of the same
party, a statutory notice beats a covering letter; where neither holds, no value is preferred."""

from collections.abc import Iterator, Sequence

from complaints.facts.disagreements import address_conflicts, amount_conflicts, appeal_conflicts, receipt_conflicts
from complaints.facts.records import Conflict, DocumentFacts


def find_conflicts(parts: Sequence[DocumentFacts]) -> tuple[Conflict, ...]:
    """The disagreements of a case, each between two documents, in a fixed order."""
    found: dict[tuple[str, ...], Conflict] = {}
    for conflict in _all(parts):
        key = (conflict.what, *sorted(side.document for side in conflict.statements))
        found.setdefault(key, conflict)
    return tuple(found.values())


def _all(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    yield from receipt_conflicts(parts)
    yield from appeal_conflicts(parts)
    yield from address_conflicts(parts)
    yield from amount_conflicts(parts)

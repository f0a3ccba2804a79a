"""Letters that HMRC sent to an address it had been told was out of date. Pure."""

import re

from complaints.analysis.view import CaseView
from complaints.facts.records import Event, EventKind

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s+(\d[A-Z]{2})\b")
_SENT: tuple[EventKind, ...] = (
    "coding_notice",
    "calculation_issued",
    "notice_issued",
    "letter_from_hmrc",
    "penalty_issued",
    "assessment_issued",
    "demand_issued",
    "statement_issued",
)


def misdirected_post(view: CaseView) -> tuple[Event, ...]:
    """HMRC's papers after the change that went to an address used before it, in date order."""
    changed = view.first("address_changed")
    if changed is None:
        return ()
    used = _postcodes(view)
    stale = {code for document, code in used.items() if _written_before(view, document, changed)}
    stale -= {code for document, code in used.items() if document == changed.span.document}
    sent = [e for e in view.events(*_SENT, actor="hmrc") if e.date > changed.date]
    return tuple(e for e in sent if used.get(e.span.document) in stale or _says_so(view, e))


def _postcodes(view: CaseView) -> dict[str, str]:
    """The postcode at the head of each paper of HMRC's; papers sent to the practice are left out."""
    ours = {_plain(m) for m in _POSTCODE.finditer(view.intake.practice_address)}
    found: dict[str, str] = {}
    for said in view.statements("addressed_to", actor="hmrc"):
        codes = [_plain(m) for m in _POSTCODE.finditer(said.span.quote)]
        if codes and codes[0] not in ours:
            found[said.span.document] = codes[0]
    return found


def _plain(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]}"


def _written_before(view: CaseView, document: str, changed: Event) -> bool:
    profile = view.profiles.get(document)
    return bool(profile and profile.written_on and profile.written_on < changed.date)


def _says_so(view: CaseView, event: Event) -> bool:
    return any(s.span.document == event.span.document for s in view.statements("address_not_updated", actor="hmrc"))

"""Letters that HMRC sent to an address it had been told was out of date. Pure."""

import re
from dataclasses import replace

from complaints.analysis.view import CaseView
from complaints.analysis.wording import says
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
    changed = change_of_address(view)
    if changed is None:
        return ()
    used = _postcodes(view)
    new = {code for document, code in used.items() if document == changed.span.document and _tells(view, changed)}
    stale = {code for document, code in used.items() if new or _written_before(view, document, changed)}
    stale -= new or {code for document, code in used.items() if document == changed.span.document}
    sent = [e for e in view.events(*_SENT, actor="hmrc") if e.date > changed.date]
    return tuple(e for e in sent if used.get(e.span.document) in stale or _says_so(view, e))


def change_of_address(view: CaseView) -> Event | None:
    """The change that HMRC was told of, or HMRC's letter that confirms a new address."""
    changed = view.first("address_changed")
    letters = [e for e in view.events("letter_from_hmrc", "notice_issued", actor="hmrc") if _tells(view, e)]
    return changed or next((replace(e, kind="address_changed") for e in letters), None)


def _tells(view: CaseView, event: Event) -> bool:
    """Whether HMRC's own paper of that event says that it has the new address."""
    if view.author(event.span.document) != "hmrc":
        return False
    return any(q.document == event.span.document and says(q.quote, NEW_ADDRESS) for q in view.quotes)


NEW_ADDRESS = (
    r"\b(?:use|write to|send \w+ to) (?:this|that|the new|your new) address\b|\bnew address\b.{0,40}\b"
    r"(?:updated|recorded|"
    r"changed|noted|on (?:our|your) record)|\baddress (?:has been |was |is )?(?:now )?(?:updated|changed|amended)\b|"
    r"\b(?:updated|changed|amended|recorded) your (?:new )?address\b"
)


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

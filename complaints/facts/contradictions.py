"""Papers that assert and deny one thing: a repayment sent, a record changed, a power to act, a charge that stands.

The later word of HMRC against its own interest is the better evidence; where a note of a talk only stands against a
paper, nothing is preferred.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from complaints.facts.records import Conflict, ConflictSide, DocumentFacts, DocumentProfile, Matter, Position
from lightpoint.language.dates import format_date

POWER = "whether HMRC could make the change itself"
UNPAID = "whether the repayment was paid"
CHARGE = "whether the charge stands"
_STATES = (
    "full",
    "complete",
    "correct",
    "settled",
    "up to date",
    "registered",
    "eligible",
    "entitled",
    "allocated",
    "closed",
    "matched",
    "valid",
)
_Side = tuple[DocumentProfile, Position]


def assertion_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """One for each pair of documents, the nearest first."""
    yield from _unpaid(parts)
    yield from _old_address(parts)
    yield from _powers(parts)
    yield from _charges(parts)
    yield from _states(parts)


def _of(parts: Sequence[DocumentFacts], matter: Matter, *, holds: bool) -> list[_Side]:
    """The first position of each document and thing, oldest first."""
    found: dict[tuple[str, str], _Side] = {}
    for part in parts:
        for position in part.positions:
            if position.matter == matter and position.holds == holds:
                found.setdefault((position.span.document, position.thing), (part.profile, position))
    return sorted(found.values(), key=lambda side: (_said(side), side[1].span))


def _said(side: _Side) -> date:
    return side[1].said_on or side[0].written_on or date.max


def _pairs(parts: Sequence[DocumentFacts], matter: Matter) -> Iterator[tuple[_Side, _Side]]:
    for yes in _of(parts, matter, holds=True):
        for no in _of(parts, matter, holds=False):
            if yes[1].span.document != no[1].span.document and date.max not in (_said(yes), _said(no)):
                yield yes, no


def _unpaid(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC writes that it has paid, and it or those who waited say later that nothing came."""
    for yes, no in _pairs(parts, "paid"):
        if yes[0].author == "hmrc" and _said(no) > _said(yes):
            sent = f"sent {format_date(yes[1].on)}" if yes[1].on else "sent"
            why = f"{no[0].summary_name} is later and tells what became of it"
            yield _conflict(UNPAID, yes, no, (sent, "not paid"), "not paid", why)


def _old_address(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    for yes, no in _pairs(parts, "address"):
        if _said(no) > _said(yes):
            why = f"{no[0].summary_name} shows what the record held after HMRC had said that it was changed"
            values = ("updated", "not updated")
            found = _conflict("whether HMRC's record had the new address", yes, no, values, "not updated", why)
            yield replace(found, kind="address")


def _powers(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """What HMRC said that it could not do, and what it says that it could have done."""
    for yes, no in _pairs(parts, "power"):
        if _said(yes) > _said(no):
            why = f"{yes[0].summary_name} is HMRC's own later word against its interest"
            yield _conflict(POWER, yes, no, ("could", "could not"), "could", why)


def _charges(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """A charge that would fall away, as HMRC said, and that it maintains in writing afterwards."""
    for yes, no in _pairs(parts, "charge"):
        if _said(yes) > _said(no):
            yield _conflict(CHARGE, yes, no, ("stands", "will fall away"), None, "")


def _states(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC calls the same years full, or the like, and not."""
    for yes, no in _pairs(parts, "state"):
        years = set(yes[1].thing.split()) & set(no[1].thing.split())
        word = _shared(yes[1].span.quote, no[1].span.quote)
        if years and word and yes[0].author == "hmrc" and no[0].author == "hmrc" and _said(no) > _said(yes):
            named = " and ".join(f"{y}-{(int(y) + 1) % 100:02}" for y in sorted(years))
            yield _conflict(f"whether {named} is {word}", yes, no, (word, f"not {word}"), None, "")


def _shared(one: str, other: str) -> str:
    return next((s for s in _STATES if s in one.lower() and s in other.lower()), "")


def _conflict(
    what: str, one: _Side, other: _Side, values: tuple[str, str], preferred: str | None, why: str
) -> Conflict:
    sides = tuple(
        ConflictSide(side[0].document, side[1].span.page, value, side[1].span.quote)
        for side, value in zip((one, other), values, strict=True)
    )
    return Conflict(what, sides, preferred, why, "other")

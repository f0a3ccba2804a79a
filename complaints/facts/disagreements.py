"""The kinds of disagreement that complaints turn on: receipt, last day to appeal, address, amount, date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from complaints.facts.positions import thing_in
from complaints.facts.records import Conflict, ConflictSide, DocumentFacts, DocumentProfile, Span, Statement
from lightpoint.calendars import add_months
from lightpoint.language.dates import format_date
from lightpoint.language.durations import find_durations
from lightpoint.language.tax_years import find_tax_years

Kind = Literal["date", "amount", "deadline", "receipt", "address", "other"]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a document says about one thing."""

    profile: DocumentProfile
    thing: str
    value: str
    span: Span
    on: date | None  # the day it speaks of
    said_on: date | None


def receipt_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Two dates for the receipt of one thing, or "logged as received" against "no trace"."""
    received = [claim for part in parts for claim in _receipts(part)]
    missing = [claim for part in parts for claim in _missing(part)]
    for one, other in combinations(received, 2):
        if (
            _comparable(one, other)
            and one.on != other.on
            and not (_automatic(one) and _automatic(other))
            and (one.profile.author == "hmrc" and other.profile.author == "hmrc")
        ):
            yield _receipt_dates(one, other)
    for got in received:
        for lost in missing:
            if _comparable(got, lost) and (lost.said_on or date.max) >= (got.on or date.min):
                yield _received_or_not(got, lost)


def _automatic(claim: _Claim) -> bool:
    """A receipt made by the submission: it gives its own day. Two of them are of two submissions."""
    return claim.profile.kind == "hmrc_receipt" and claim.profile.written_on in (None, claim.on)


def _receipts(part: DocumentFacts) -> Iterator[_Claim]:
    """HMRC's word, in its own papers or to us by telephone, that it received something on a day."""
    own_receipt = part.profile.kind == "hmrc_receipt"
    for event in part.events:
        told = event.kind in {"return_received", "application_received", "complaint_received"}
        filed = event.kind in {"return_filed", "claim_made", "application_made"} and own_receipt
        if told or filed:
            thing = {
                "return_received": "return",
                "application_received": "application",
                "complaint_received": "complaint",
                "claim_made": "claim",
            }.get(event.kind, "return" if event.kind == "return_filed" else "application")
            named = thing_in(event.span.quote)
            if named not in ("", "return", "claim", "application", "appeal", "disclosure"):
                continue  # papers, letters and payments come more than once
            if {named, thing} <= {"claim", "application"}:
                thing = named or thing
            yield _Claim(part.profile, thing, event.date.isoformat(), event.span, event.date, event.said_in)


def _missing(part: DocumentFacts) -> Iterator[_Claim]:
    for said in part.statements:
        if said.kind == "no_trace" and said.actor == "hmrc":
            thing = thing_in(said.span.quote)
            if thing:
                yield _Claim(part.profile, thing, "no trace", said.span, None, said.on)


def _comparable(one: _Claim, other: _Claim) -> bool:
    """About the same thing in different documents, and not about different tax years."""
    if one.thing != other.thing or one.span.document == other.span.document:
        return False
    years = [_years(f"{claim.span.quote} {claim.profile.subject}") for claim in (one, other)]
    return not (years[0] and years[1] and years[0].isdisjoint(years[1]))


def _years(text: str) -> frozenset[str]:
    """The tax years that a text names, as letters write them: "2023-24"."""
    return frozenset(year.name for year in find_tax_years(text))


def _receipt_dates(one: _Claim, other: _Claim) -> Conflict:
    best = next((c for c in sorted((one, other), key=_said) if _automatic(c)), None)
    best = best or (min((one, other), key=_said) if _said(one) != _said(other) else None)
    later = other if best is one else one
    why = ""
    if best is not None and _automatic(best):
        why = (
            f"{best.profile.summary_name} was made at the time; {later.profile.summary_name} "
            f"asserts another date afterwards"
        )
    elif best is not None:
        why = f"{best.profile.summary_name} is nearer to the time than {later.profile.summary_name}"
    what = f"the date on which HMRC received the {one.thing}"
    return Conflict(what, (_side(one), _side(other)), best.value if best else None, why, "receipt")


def _said(claim: _Claim) -> date:
    return claim.said_on or date.max


def _received_or_not(got: _Claim, lost: _Claim) -> Conflict:
    on = f"received {format_date(got.on)}" if got.on else "received"
    sides = (ConflictSide(got.span.document, got.span.page, on, got.span.quote), _side(lost))
    what = f"whether HMRC received the {got.thing}"
    record = (
        "a record made at the time of what HMRC's own log showed"
        if got.profile.author != "hmrc"
        else "HMRC's own record of the time"
    )
    return Conflict(
        what, sides, on, f"{got.profile.summary_name} is {record}; a later search only failed to find it", "receipt"
    )


def _side(claim: _Claim) -> ConflictSide:
    return ConflictSide(claim.span.document, claim.span.page, claim.value, claim.span.quote)


def appeal_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Two last days for one appeal: the notice carries the statutory period, a covering letter cannot extend it."""
    rights = [
        (part.profile, *found)
        for part in parts
        for said in part.statements
        if (found := _appeal_day(said, part.profile))
    ]
    for one, other in combinations(rights, 2):
        notices = [right for right in (one, other) if right[0].kind == "hmrc_notice"]
        if one[1] == other[1] or one[0].document == other[0].document or len(notices) == 2:
            continue
        if ("tribunal" in one[2].quote.lower()) != ("tribunal" in other[2].quote.lower()):
            continue
        sides = tuple(ConflictSide(p.document, s.page, day.isoformat(), s.quote) for p, day, s in (one, other))
        preferred = notices[0][1].isoformat() if notices else None
        why = (
            f"the period runs from {notices[0][0].summary_name}; a later letter cannot be relied on to extend it"
            if notices
            else ""
        )
        yield Conflict("the last day to appeal", sides, preferred, why, "deadline")


def _appeal_day(said: Statement, profile: DocumentProfile) -> tuple[date, Span] | None:
    if said.kind != "appeal_right" or profile.written_on is None:
        return None
    periods = [d for d in find_durations(said.span.quote) if d.unit in {"day", "week", "month"}]
    if not periods:
        return None
    count = int(periods[0].value)
    if periods[0].unit == "month":
        return add_months(profile.written_on, count), said.span
    return profile.written_on + timedelta(days=count * (7 if periods[0].unit == "week" else 1)), said.span


def address_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC says that it updated an address; something later shows that a record kept the old one."""
    updated = [
        (part.profile, said)
        for part in parts
        for said in part.statements
        if said.kind == "address_updated" and part.profile.author == "hmrc"
    ]
    kept = [(part.profile, said) for part in parts for said in part.statements if said.kind == "address_not_updated"]
    for before, told in updated:
        for after, denied in kept:
            if before.document == after.document or (after.written_on or date.max) < (before.written_on or date.min):
                continue
            sides = (
                ConflictSide(before.document, told.span.page, "updated", told.span.quote),
                ConflictSide(after.document, denied.span.page, "not updated", denied.span.quote),
            )
            when = f" until {format_date(after.written_on)} at the earliest" if after.written_on else ""
            why = f"{after.summary_name} shows what the record held after HMRC had said it was changed"
            yield Conflict("whether HMRC's record had the new address", sides, f"not updated{when}", why, "address")


def amount_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Two documents that give one figure for the same thing and do not agree."""
    for role in ("repayment_due", "penalty", "pay", "grant", "sale_proceeds", "gain"):
        single = []
        for part in parts:
            found = [a for a in part.amounts if a.role == role]
            if (
                found
                and len({a.value for a in found}) == 1
                and part.profile.kind not in {"invoice", "bank_statement", "computation"}
            ):
                single.append((part.profile, found[0]))
        for (p, a), (q, b) in combinations(single, 2):
            years = [_years(f"{x.span.quote} {y.subject}") for x, y in ((a, p), (b, q))]
            near = a.value and b.value and max(a.value, b.value) / min(a.value, b.value) < 2
            if a.value == b.value or not near or (years[0] and years[1] and years[0].isdisjoint(years[1])):
                continue
            sides = tuple(
                ConflictSide(x.document, y.span.page, f"{y.value:.2f}", y.span.quote) for x, y in ((p, a), (q, b))
            )
            yield Conflict(f"the amount of the {role.replace('_', ' ')}", sides, None, "", "amount")

"""Papers that take opposite positions on one matter: received or not, owed or not, held or not, authorised or not.

Which is the better evidence follows from who says it: HMRC's own admission against its interest beats what it asserted
before, a record of the day beats a later search. Where neither holds, no value is preferred.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from complaints.facts.positions import thing_in
from complaints.facts.records import Conflict, ConflictSide, DocumentFacts, DocumentProfile, Matter, Position
from lightpoint.language.dates import find_dates, format_date
from lightpoint.language.money import find_amounts

_DEMANDS = frozenset({"hmrc_letter", "hmrc_notice", "third_party_letter", "other"})
_DENIALS = frozenset({"hmrc_letter", "hmrc_complaint_reply", "hmrc_notice"})
# Of these more than one comes in a case, so that two days of receipt contradict nothing.
_MANY = ("", "letter", "complaint", "payment", "authority", "documents", "form")
_IN_ERROR = r"\b(?:letter|notice|demand)\b.{0,40}\b(?:sent|issued) in error\b"


@dataclass(frozen=True, slots=True)
class _Stance:
    """A position with the document that takes it and the sums that stand there."""

    profile: DocumentProfile
    position: Position
    thing: str
    sums: frozenset[Decimal]

    @property
    def said_on(self) -> date:
        return self.position.said_on or self.profile.written_on or date.max


def position_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """One conflict for each pair of documents and matter, in document order."""
    yield from _received(parts)
    yield from _receipt_days(parts)
    yield from _owed(parts)
    yield from _held(parts)
    yield from _authorised(parts)
    yield from _contacted(parts)
    yield from _filing(parts)
    yield from _last_days(parts)
    yield from _appeal_days(parts)


def _stances(parts: Sequence[DocumentFacts], matter: Matter, *, holds: bool, each: bool = False) -> list[_Stance]:
    """The first stance of each page, thing and day, or each one."""
    found: dict[tuple[object, ...], _Stance] = {}
    for part in parts:
        sums = frozenset(a.value for a in part.amounts if a.value)
        for position in part.positions:
            if position.matter == matter and position.holds == holds:
                thing = _thing(position, parts)
                at = position.span
                key = (at.document, at.page, thing, position.on, at.start if each else 0)
                found.setdefault(key, _Stance(part.profile, position, thing, sums))
    return list(found.values())


def _thing(position: Position, parts: Sequence[DocumentFacts]) -> str:
    """What is spoken of; "your letter of 22 May" is what our paper of that day calls itself."""
    if position.thing != "letter":
        return position.thing
    named = {m.date for m in find_dates(position.span.quote, reference=position.said_on)}
    for part in parts:
        if part.profile.author != "hmrc" and part.profile.written_on in named:
            return thing_in(part.profile.subject) or "letter"
    return "letter"


def _apart(one: _Stance, other: _Stance) -> bool:
    """In different papers; a scan may hold one on each page."""
    here, there = one.position.span, other.position.span
    return here.document != there.document or here.page != there.page


def _received(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC has a thing, and says that it has not, or asks for it again."""
    told = _stances(parts, "receipt", holds=True)
    known = {s.thing for s in told if s.position.actor == "hmrc"}
    for got in (s for s in told if s.position.actor == "hmrc" or s.thing not in known):
        for lost in _stances(parts, "receipt", holds=False):
            if not _opposed(got, lost):
                continue
            day = got.position.on
            value = f"received {format_date(day)}" if day else "received"
            what = f"whether HMRC received the {got.thing}"
            why = f"{got.profile.summary_name} {_record(got, lost)}"
            found = _conflict(what, got, lost, (value, "not received"), value, why, kind="receipt")
            yield _with_verdict(found, got, lost, parts)


def _opposed(got: _Stance, lost: _Stance) -> bool:
    """About one thing, in two letters (which one scan may hold), and the thing had come by the time."""
    particular = got.thing not in ("", "letter", "complaint")
    same = particular and lost.thing in (got.thing, "anything")
    day, by = got.position.on, lost.position.on if lost.position.actor != "hmrc" else None
    return _apart(got, lost) and same and (day is None or day <= (by or lost.said_on))


def _with_verdict(conflict: Conflict, got: _Stance, lost: _Stance, parts: Sequence[DocumentFacts]) -> Conflict:
    """What HMRC itself says later of the wrong one of two letters, where it does."""
    for part in parts:
        if part.profile.author != "hmrc" or (part.profile.written_on or date.min) <= min(got.said_on, lost.said_on):
            continue
        for said in part.statements:
            if said.kind == "admission" and re.search(_IN_ERROR, said.span.quote, re.I):
                side = ConflictSide(part.profile.document, said.span.page, "sent in error", said.span.quote)
                return replace(conflict, statements=(*conflict.statements, side))
    return conflict


def _record(got: _Stance, lost: _Stance) -> str:
    if got.said_on > lost.said_on:
        return "shows that HMRC traced it later"
    return "is a record of the time; a later search only failed to find it"


def _receipt_days(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Two days for the receipt of one thing; two automatic receipts are of two submissions."""
    told = [s for s in _stances(parts, "receipt", holds=True) if s.position.actor == "hmrc" and s.position.on]
    for at, one in enumerate(told):
        for other in told[at + 1 :]:
            automatic = _automatic(one) and _automatic(other)
            if one.thing != other.thing or one.thing in _MANY:
                continue
            if automatic or not _apart(one, other) or one.position.on == other.position.on:
                continue
            yield _two_days(one, other)


def _automatic(stance: _Stance) -> bool:
    """A receipt made by the submission gives its own day; a letter that asserts another day is none."""
    return stance.profile.kind == "hmrc_receipt" and stance.profile.written_on in (None, stance.position.on)


def _two_days(one: _Stance, other: _Stance) -> Conflict:
    first, later = sorted((one, other), key=lambda s: (s.said_on, s.profile.document))
    days = tuple(s.position.on.isoformat() if s.position.on else "" for s in (first, later))
    why = f"{first.profile.summary_name} was written nearer to the time than {later.profile.summary_name}"
    what = f"the date on which HMRC received the {first.thing}"
    return _conflict(what, first, later, (days[0], days[1]), days[0], why, kind="receipt")


def _owed(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """A demand for a sum of which HMRC says elsewhere that it is not owed."""
    demands = [s for s in _stances(parts, "debt", holds=True, each=True) if s.profile.kind in _DEMANDS]
    denials = [s for s in _stances(parts, "debt", holds=False, each=True) if s.profile.kind in _DENIALS]
    pairs = [(d, n) for d in demands for n in denials if _apart(d, n) and d.sums & n.sums]
    for demand, denial in sorted(pairs, key=lambda pair: not _named(*pair)):
        named = _named(demand, denial)
        again = demand.said_on > denial.said_on
        why = (
            f"{demand.profile.summary_name} asks for what HMRC had already given up"
            if again
            else f"HMRC itself gave it up in {denial.profile.summary_name}"
        )
        what = f"whether £{max(named):,.2f} was owed" if named else "whether anything was to be paid"
        yield _conflict(what, demand, denial, ("owed", "not owed"), "not owed", why)


def _named(demand: _Stance, denial: _Stance) -> frozenset[Decimal]:
    """The sums that both papers have and that one of the two sentences names."""
    words = f"{demand.position.span.quote} {denial.position.span.quote}"
    return frozenset(m.value for m in find_amounts(words)) & demand.sums & denial.sums


def _held(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Collection went on while HMRC had it on hold."""
    for hold in _stances(parts, "hold", holds=True):
        for demand in _stances(parts, "debt", holds=True):
            ended = hold.position.on
            during = demand.said_on > hold.said_on and (ended is None or demand.said_on <= ended)
            known = date.max not in (demand.said_on, hold.said_on)
            if _apart(hold, demand) and demand.profile.kind in _DEMANDS and during and known:
                why = f"{hold.profile.summary_name} is HMRC's own word, and nothing shows that the hold had ended"
                what = f"whether collection was on hold on {format_date(demand.said_on)}"
                yield _conflict(what, hold, demand, ("on hold", "collection went on"), "on hold", why)


def _authorised(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC would not deal with the agent, and had or later accepted the authority."""
    accepted = sorted(_stances(parts, "authority", holds=True), key=lambda s: "correct" not in s.position.span.quote)
    for held in accepted:
        for denied in _stances(parts, "authority", holds=False):
            ours = held.position.actor != "hmrc"
            if not _apart(held, denied) or (ours and denied.said_on > held.said_on and held.thing == ""):
                continue
            why = "" if ours else f"HMRC itself says so in {held.profile.summary_name}"
            preferred = None if ours else "authorised"
            what = "whether HMRC held our authority"
            yield _conflict(what, held, denied, ("authorised", "not authorised"), preferred, why)


def _contacted(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC says that nobody had written, after it had answered a letter."""
    for denied in _stances(parts, "contact", holds=False):
        for known in _stances(parts, "contact", holds=True):
            if _apart(denied, known) and known.said_on < denied.said_on:
                why = f"{known.profile.summary_name} answers what had been written"
                what = "whether anybody had contacted HMRC"
                yield _conflict(what, known, denied, ("contacted", "not contacted"), "contacted", why)


def _filing(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC says that no return is needed, and that one is missing."""
    for freed in _stances(parts, "filing", holds=False):
        for wanted in _stances(parts, "filing", holds=True):
            if _apart(freed, wanted) and freed.said_on < wanted.said_on:
                why = f"{freed.profile.summary_name} is HMRC's own record of the time"
                what = "whether a return was due"
                yield _conflict(what, freed, wanted, ("not due", "due"), "not due", why)


def _last_days(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """Two last days for the tribunal: the conclusion carries the period, no later message can extend it."""
    told = [s for s in _stances(parts, "deadline", holds=True) if s.position.thing == "tribunal"]
    for at, one in enumerate(told):
        for other in told[at + 1 :]:
            if not _apart(one, other) or one.position.on == other.position.on:
                continue
            first, later = sorted((one, other), key=lambda s: (s.said_on, s.profile.document))
            days = tuple(s.position.on.isoformat() if s.position.on else "" for s in (first, later))
            why = f"the period runs from {first.profile.summary_name}; a later message cannot be relied on to extend it"
            what = "the last day to appeal to the tribunal"
            yield _conflict(what, first, later, (days[0], days[1]), days[0], why, kind="deadline")


def _appeal_days(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """A notice gives the time from its own day, and a letter about it gives a time from the letter's."""
    told = [s for s in _stances(parts, "deadline", holds=True) if s.position.thing == "appeal"]
    notices = [s for s in told if re.search(r"\bthis (?:notice|decision)\b", s.position.span.quote, re.I)]
    letters = [s for s in told if re.search(r"\bthis letter\b", s.position.span.quote, re.I)]
    for notice in notices:
        for letter in letters:
            later = notice.said_on < letter.said_on and notice.position.on != letter.position.on
            if _apart(notice, letter) and later and notice.position.on and letter.position.on:
                days = (notice.position.on.isoformat(), letter.position.on.isoformat())
                name = notice.profile.summary_name
                why = f"the period runs from {name}; a later letter cannot be relied on to extend it"
                yield _conflict("the last day to appeal", notice, letter, days, days[0], why, kind="deadline")


def _conflict(
    what: str,
    one: _Stance,
    other: _Stance,
    values: tuple[str, str],
    preferred: str | None,
    why: str,
    *,
    kind: Literal["receipt", "deadline", "other"] = "other",
) -> Conflict:
    sides = tuple(
        ConflictSide(s.profile.document, s.position.span.page, value, s.position.span.quote)
        for s, value in zip((one, other), values, strict=True)
    )
    return Conflict(what, sides, preferred, why, kind)

"""What HMRC says was never sent, answered, paid or told in time, and the papers that show that it was.

HMRC denies in a handful of ways, whatever the tax: no reply to its letter, nothing enclosed, first told on a later day,
paid on a later day, no time limit. The paper made at the time is the better evidence; a remark in a talk cannot
change a limit that a decision states.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from complaints.facts.records import (
    Amount,
    Conflict,
    ConflictSide,
    DocumentFacts,
    DocumentProfile,
    Event,
    Matter,
    Position,
    Span,
)
from complaints.facts.view import Unit, flat
from lightpoint.language.dates import find_dates, format_date

_TALKS = frozenset({"call_note", "webchat"})
_OURS = frozenset({"agent_letter", "agent_complaint", "client_letter"})
_UNANSWERED = re.compile(
    r"\b(?:had|have|has|received|with|is|was|been|got) (?:still )?(?:no|not any|never any) (?:\w+ )?(?:reply|"
    r"response|answer)\b|"
    r"\b(?:have|has|had|did)(?: not|n['’]t) (?:yet )?(?:replied|responded|answered|reply|respond|answer|"
    r"heard from you)\b|"
    r"\b(?:you|nobody|no one) (?:failed|neglected|omitted) to (?:reply|respond|answer)\b|\bno (?:reply|"
    r"response|answer) (?:was|has been|"
    r"had been|to (?:our|that|the|my)|from you)\b|\bwithout (?:a |any )?(?:reply|response|answer)\b|"
    r"\bin the absence of (?:a|any) "
    r"(?:reply|response|answer)\b",
    re.I,
)
_PAPER = (
    r"(?:invoices?|fee notes?|bills?|receipts?|evidence|proof|documents?|statements?|schedules?|vouchers?|"
    r"records?|time records?)"
)
_NOT_ENCLOSED = re.compile(
    rf"\bno (?:\w+ ){{0,2}}{_PAPER}\b[^.;]{{0,20}}\b(?:was|were|has been|have been|had been)? ?(?:supplied|"
    rf"enclosed|attached|provided|"
    rf"sent|received|included|submitted|produced|seen)\b|\b(?:not|n['’]t|never|failed to|"
    rf"did not) (?:\w+ )?(?:enclosed?|attach(?:ed)?|suppl(?:y|ied)|"
    rf"provided?|sen[dt]|included?|submit(?:ted)?|produced?|seen)\b[^.;]{{0,20}}\b(?:an?|any|the|your|paid|"
    rf"copy of)[^.;]{{0,15}}\b{_PAPER}\b|"
    rf"\bwithout (?:an?|any) (?:\w+ )?{_PAPER}\b",
    re.I,
)
_ENCLOSED = re.compile(
    rf"\b{_PAPER}\b[^.;]{{0,60}}\b(?:is|are|was|were) (?:also |again |now )?(?:enclosed|attached)\b|"
    rf"\b(?:we|i) (?:again |also |now )?(?:enclose|attach)\b[^.;]{{0,80}}\b{_PAPER}\b|"
    rf"(?:^|\b)(?:enclosed|enclosures?|encl?s?|attached)\b[^.;]{{0,80}}\b{_PAPER}\b",
    re.I,
)
_FIRST = re.compile(
    r"\bfirst (?:told|contacted|informed|notified|wrote|heard|raised|aware|received|became aware|advised|asked|"
    r"learn\w*|knew|rang|"
    r"complained|mentioned|brought|made)\b|\b(?:did not|didn['’]t|had not|were not|was not|"
    r"not) (?:\w+ )?(?:know|told|aware|hear|informed|"
    r"notified|contacted|tell us|contact us|raise\w*)\b[^.;]{0,50}\b(?:until|before)\b|"
    r"\buntil\b[^.;]{0,30}\b(?:we|hmrc) (?:had not|were not|did not)\b",
    re.I,
)
_NO_LIMIT = re.compile(
    r"\b(?:no|not a|isn['’]t a|is not a|never a)(?: such)? (?:time[- ]?limit|deadline|cut[- ]?off|limit|rush|hurry)\b|"
    r"\b(?:any ?time|whenever|as long as|all the time)\b[^.;]{0,20}\b(?:you (?:like|want|need|wish)|suits)\b|"
    r"\bno need to (?:hurry|rush)\b|"
    r"\b(?:appeal|review|object|challenge|claim)\b[^.;]{0,20}\b(?:at )?any ?time\b|\btake your time\b",
    re.I,
)
_PAID_ON = re.compile(
    r"\b(?:tax|payment|vat|duty|amount|sum|it|date)\b[^.;|]{0,30}\b(?:treated as )?(?:paid|received|made|"
    r"credited|cleared)\b(?: (?:on|late on|as"
    r"|by us))*\W{0,5}$",
    re.I,
)


def find_denials(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Position]:
    """What a paper denies, and what ours encloses, in order."""
    for unit in units:
        said_on = unit.on or profile.written_on
        text = flat(unit.text)
        for matter, holds, on in _found(unit, text, profile):
            actor = "hmrc" if profile.kind in _TALKS else unit.speaker
            yield Position(matter, holds, "", actor, on, said_on, unit.span())


def _found(unit: Unit, text: str, profile: DocumentProfile) -> Iterator[tuple[Matter, bool, date | None]]:
    talk = profile.kind in _TALKS
    if unit.speaker == "hmrc" and not talk:
        if _UNANSWERED.search(text) and not re.search(r"\bif\b", text, re.I):
            yield "reply", False, None
        if _NOT_ENCLOSED.search(text) and not re.search(r"\bif\b", text, re.I):
            yield "enclosure", False, None
        if _FIRST.search(text):
            yield from (("told", False, m.date) for m in find_dates(unit.text, reference=profile.written_on))
        yield from (("paid_on", True, m.date) for m in find_dates(unit.text) if _PAID_ON.search(unit.text[: m.start]))
    if profile.kind in _OURS and _ENCLOSED.search(text):
        yield "enclosure", True, profile.written_on
    if talk and _NO_LIMIT.search(text):
        yield "limit", False, None


_Side = tuple[DocumentProfile, Span, str]


def denial_conflicts(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """One for each denial and the nearest paper that belies it."""
    yield from _replies(parts)
    yield from _enclosures(parts)
    yield from _first_told(parts)
    yield from _limits(parts)
    yield from _payment_days(parts)
    yield from _transposed(parts)


def _of(parts: Sequence[DocumentFacts], matter: Matter, *, holds: bool) -> list[tuple[DocumentProfile, Position]]:
    return [(p.profile, x) for p in parts for x in p.positions if x.matter == matter and x.holds == holds]


def _replies(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC decides for want of an answer to a letter of its own, and we had answered it."""
    for profile, denied in _of(parts, "reply", holds=False):
        said_on = denied.said_on
        asked = [p.profile.written_on for p in parts if p.profile.author == "hmrc" and p.profile.written_on]
        earlier = max((day for day in asked if said_on and day < said_on), default=None)
        if earlier is None or said_on is None:
            continue
        for answer in _papers(parts, _OURS | {"proof_of_delivery"}, earlier, said_on):
            what = f"whether HMRC's letter of {format_date(earlier)} was answered"
            yield _conflict(what, answer, (profile, denied.span, "not answered"), "answered")
            break


def _papers(parts: Sequence[DocumentFacts], kinds: frozenset[str], after: date, before: date) -> Iterator[_Side]:
    """Our papers of some days in order, each with the words that date it."""
    for part in sorted(parts, key=lambda p: (p.profile.written_on or date.max, p.profile.document)):
        written, span = part.profile.written_on, part.profile.date_span
        if part.profile.kind in kinds and written and span and after < written < before:
            yield part.profile, span, f"answered {format_date(written)}"


def _enclosures(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    for profile, denied in _of(parts, "enclosure", holds=False):
        for ours, sent in _of(parts, "enclosure", holds=True):
            shared = _papers_named(denied.span.quote) & _papers_named(sent.span.quote)
            if shared and sent.said_on and denied.said_on and sent.said_on < denied.said_on:
                what = f"whether the {min(shared)} was sent to HMRC"
                yield _conflict(what, (ours, sent.span, "enclosed"), (profile, denied.span, "not supplied"), "enclosed")


def _papers_named(text: str) -> frozenset[str]:
    return frozenset(word.lower().rstrip("s") for word in re.findall(rf"\b{_PAPER}\b", text, re.I))


def _first_told(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC dates the first word that it had, and a letter of ours or a talk with it is older."""
    for profile, denied in _of(parts, "told", holds=False):
        if denied.on is None or denied.said_on is None or denied.on > denied.said_on:
            continue
        older = list(_papers(parts, _OURS | _TALKS, date.min, denied.on))
        if older:
            first, span, _value = older[0]
            side = (first, span, first.written_on.isoformat() if first.written_on else "")
            what = "when HMRC was first told"
            yield _conflict(what, side, (profile, denied.span, denied.on.isoformat()), side[2])


def _limits(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """A decision states its time limit, and an adviser says that there is none."""
    for profile, free in _of(parts, "limit", holds=False):
        for decision, limit in _of(parts, "deadline", holds=True):
            if limit.on and limit.said_on and free.said_on and limit.said_on <= free.said_on:
                what = "the time limit for challenging the decision"
                side = (decision, limit.span, limit.on.isoformat())
                yield _conflict(what, side, (profile, free.span, "no limit"), limit.on.isoformat())


def _payment_days(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """HMRC treats a sum as paid on one day, and the paper of the payment shows another."""
    for profile, told in _of(parts, "paid_on", holds=True):
        sums = {a.value for p in parts if p.profile.document == profile.document for a in p.amounts if a.value}
        for part, event in _payments(parts):
            own = {a.value for a in part.amounts if _near(a, event)}
            if part.profile.author != "hmrc" and told.on and event.date != told.on and own & sums:
                side = (part.profile, event.span, event.date.isoformat())
                yield _conflict(
                    "the date on which the tax was paid", side, (profile, told.span, told.on.isoformat()), side[2]
                )


def _payments(parts: Sequence[DocumentFacts]) -> Iterator[tuple[DocumentFacts, Event]]:
    for part in parts:
        yield from ((part, event) for event in part.events if event.kind == "payment_to_hmrc")


def _near(amount: Amount, event: Event) -> bool:
    """A sum in the words of a payment, or the tax that a slip of a few lines is for."""
    inside = event.span.page == amount.span.page and event.span.start <= amount.span.start < event.span.end
    return inside or amount.role == "tax_paid"


def _transposed(parts: Sequence[DocumentFacts]) -> Iterator[Conflict]:
    """One sum with two of its digits changed over: the value that more papers have is the likelier."""
    roles = (
        "repayment_due",
        "repayment_outstanding",
        "repayment_claimed",
        "repayment_made",
        "tax_paid",
        "assessed_tax",
    )
    for role in roles:
        found = [(p.profile, a) for p in parts for a in p.amounts if a.role == role]
        for (one, first), (other, second) in combinations(found, 2):
            if one.document == other.document or not _changed_over(first, second):
                continue
            counts = [sum(a.value == x.value for p in parts for a in p.amounts) for x in (first, second)]
            values = [f"{x.value:.2f}" for x in (first, second)]
            preferred = None if counts[0] == counts[1] else values[counts.index(max(counts))]
            what = f"the amount of the {role.replace('_', ' ')}"
            yield _conflict(what, (one, first.span, values[0]), (other, second.span, values[1]), preferred)


def _changed_over(one: Amount, other: Amount) -> bool:
    here, there = f"{one.value:.2f}", f"{other.value:.2f}"
    apart = sum(a != b for a, b in zip(here, there, strict=False))
    return here != there and len(here) == len(there) and sorted(here) == sorted(there) and apart == 2


def _conflict(what: str, one: _Side, other: _Side, preferred: str | None) -> Conflict:
    sides = tuple(ConflictSide(p.document, span.page, value, span.quote) for p, span, value in (one, other))
    why = f"{one[0].summary_name} was made at the time" if preferred else ""
    kind = "deadline" if what.startswith("the time limit") else "other"
    return Conflict(what, sides, preferred, why, "deadline" if kind == "deadline" else "other")

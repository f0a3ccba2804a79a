"""Small honest repairs: one wrong figure where the evidence leaves exactly one that it can be. Pure.

Never who did what, never what a sum is, never a word of denial: those are for a person to mend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from complaints.facts.records import Nation
from lightpoint.grounding import check_sentence
from lightpoint.grounding.reading import Reading, read
from lightpoint.grounding.records import Evidence, Verdict
from lightpoint.language.dates import format_date
from lightpoint.language.money import format_money
from lightpoint.language.references import find_references


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended sentence and what was mended."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Choice:
    start: int
    end: int
    old: str
    new: str


def repair(text: str, evidence: Sequence[Evidence], verdict: Verdict, *, nation: Nation) -> Repair | None:
    """Replace the one unsupported amount, date or reference where the evidence has one candidate; then check again."""
    kinds = {reason.checker for reason in verdict.reasons}
    if len(verdict.reasons) != 1 or not kinds <= {"amount", "date", "reference"}:
        return None
    choices = _choices(next(iter(kinds)), text, [read(item.text) for item in evidence if item.id != "case"])
    mended = [
        Repair(changed, f"repaired: {choice.old} was {choice.new} in the evidence")
        for choice in choices
        for changed in (text[: choice.start] + choice.new + text[choice.end :],)
        if check_sentence(changed, evidence, nation=nation, strict=True).supported
    ]
    return mended[0] if len({item.text for item in mended}) == 1 else None


def _choices(kind: str, text: str, readings: Sequence[Reading]) -> list[_Choice]:
    if kind == "amount":
        return _amounts(text, readings)
    if kind == "date":
        return _dates(text, readings)
    return _references(text, readings)


def _amounts(text: str, readings: Sequence[Reading]) -> list[_Choice]:
    held: list[Decimal] = sorted({abs(m.value) for r in readings for m in r.amounts})
    wrong = [m for m in read(text).amounts if abs(m.value) not in held]
    if len(held) != 1 or len(wrong) != 1:
        return []
    return [_Choice(wrong[0].start, wrong[0].end, wrong[0].text, format_money(value)) for value in held]


def _dates(text: str, readings: Sequence[Reading]) -> list[_Choice]:
    held = sorted({m.date for r in readings for m in r.dates})
    wrong = [m for m in read(text).dates if m.date not in held]
    if len(held) != 1 or len(wrong) != 1:
        return []
    return [_Choice(wrong[0].start, wrong[0].end, wrong[0].text, format_date(day)) for day in held]


def _references(text: str, readings: Sequence[Reading]) -> list[_Choice]:
    held = {(m.kind, m.value): m.text for r in readings for m in find_references(r.text)}
    claimed = find_references(text)
    wrong = [m for m in claimed if (m.kind, m.value) not in held]
    if len(wrong) != 1:
        return []
    same_kind = sorted({words for (kind, _), words in held.items() if kind == wrong[0].kind})
    if len(same_kind) != 1:
        return []
    return [_Choice(wrong[0].start, wrong[0].end, wrong[0].text, words) for words in same_kind]

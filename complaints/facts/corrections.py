"""What a person says is wrong in the papers: words that carry nothing any more, or another day or sum. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from complaints.facts.records import Amount, DocumentFacts, Event, Span

_GROUPS: Final = ("references", "amounts", "events", "undertakings", "statements", "points", "findings",
                  "time_entries", "invoices", "positions")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactCorrection:
    """`struck` are the words that are not to be relied on. `day` or `amount` is what holds, as `shown` bears out."""

    struck: Span
    day: date | None = None
    amount: Decimal | None = None
    shown: Span | None = None


def strikes(struck: str, words: str) -> bool:
    """Whether what rests on `words` falls with the words `struck`: one holds the other, and little more."""
    one, other = _flat(struck), _flat(words)
    inner, outer = sorted((one, other), key=len)
    return bool(inner) and inner in outer and 2 * len(inner) >= len(outer)


def corrected(parts: Sequence[DocumentFacts], corrections: Sequence[FactCorrection]) -> tuple[DocumentFacts, ...]:
    """`parts` without the facts that rest on struck words, and with what holds instead in the paper that shows it."""
    if not corrections:
        return tuple(parts)
    moved = [fact for part in parts for fact in _moved(part, corrections)]
    return tuple(_without(part, corrections, moved) for part in parts)


def _moved(part: DocumentFacts, corrections: Sequence[FactCorrection]) -> list[Event | Amount]:
    found: list[Event | Amount] = []
    for one in corrections:
        if one.shown is None or one.struck.document != part.profile.document:
            continue
        if one.day is not None:
            events = [event for event in part.events if strikes(one.struck.quote, event.span.quote)]
            found += [replace(event, date=one.day, span=one.shown) for event in events]
        if one.amount is not None:
            amounts = [amount for amount in part.amounts if strikes(one.struck.quote, amount.span.quote)]
            found += [replace(amount, value=one.amount, span=one.shown) for amount in amounts]
    return found


def _without(
    part: DocumentFacts, corrections: Sequence[FactCorrection], moved: Sequence[Event | Amount]
) -> DocumentFacts:
    name = part.profile.document
    mine = [one.struck for one in corrections if one.struck.document == name]
    kept: dict[str, Any] = {
        group: tuple(
            fact for fact in getattr(part, group) if not any(strikes(one.quote, fact.span.quote) for one in mine)
        )
        for group in _GROUPS
    }
    here = [fact for fact in moved if fact.span.document == name]
    events = tuple(dict.fromkeys(fact for fact in here if isinstance(fact, Event)))
    amounts = tuple(dict.fromkeys(fact for fact in here if isinstance(fact, Amount)))
    left = replace(part, **kept)
    return replace(left, events=left.events + events, amounts=left.amounts + amounts, struck=tuple(mine))


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()

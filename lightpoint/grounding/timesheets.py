"""Hours and rates of a time record, by whoever worked: "GW 0.8h letter", "rates: GW £95", "manager 2 hours". Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from lightpoint.language.durations import find_durations
from lightpoint.language.money import find_amounts

_HOURS = re.compile(r"(?<![\d.£])(?P<value>\d+(?:\.\d+)?)\s?(?:h|hrs?)\b(?!\s*\d+\s*min)", re.IGNORECASE)
_RATE = re.compile(r"\brates?\b[^.;]*$|\bat\s+$", re.IGNORECASE)
_PER_HOUR = re.compile(r"\s*(?:an?|per|/|each)\s*h(?:r|our)?\b", re.IGNORECASE)
_PENNY = Decimal("0.01")
_LABEL_WORDS = 3


@dataclass(frozen=True, slots=True)
class TimeRecord:
    """Hours worked in their order, each with the words that stand before it, and the hourly rates likewise."""

    entries: tuple[tuple[frozenset[str], Decimal], ...]
    rates: tuple[tuple[frozenset[str], Decimal], ...]

    def hours(self, words: frozenset[str]) -> Iterator[Decimal]:
        """The hours of all together, each entry, and the total of those whose label `words` names."""
        yield sum((hours for _, hours in self.entries), Decimal(0))
        yield from (hours for _, hours in self.entries)
        yield from self._by_label(words, {}).values()

    def worth(self, words: frozenset[str]) -> Iterator[Decimal]:
        """What the hours come to at their rates: all together, and of those whose label `words` names."""
        priced = [(label, hours, self._rate(label)) for label, hours in self.entries]
        if priced and all(rate is not None for _, _, rate in priced):
            yield sum((hours * rate for _, hours, rate in priced if rate is not None), Decimal(0)).quantize(_PENNY)
        rates = {name: rate for label, rate in self.rates for name in sorted(label)}
        yield from (value.quantize(_PENNY) for value in self._by_label(words, rates).values())

    def _rate(self, label: frozenset[str]) -> Decimal | None:
        own = [rate for names, rate in self.rates if names & label]
        if own:
            return own[0]
        return self.rates[0][1] if len(self.rates) == 1 else None

    def _by_label(self, words: frozenset[str], rates: dict[str, Decimal]) -> dict[str, Decimal]:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for label, hours in self.entries:
            for name in sorted(label & words):
                if name in rates or not rates:
                    totals[name] += hours * rates.get(name, Decimal(1))
        return totals


@lru_cache(maxsize=512)
def time_record(text: str) -> TimeRecord:
    """Read the hours and hourly rates of a text."""
    hours = [(m.start(), Decimal(m["value"])) for m in _HOURS.finditer(text)]
    hours += [
        (d.start, Decimal(d.value)) for d in find_durations(text) if d.unit == "hour" and not _near(hours, d.start)
    ]
    sums = [m for m in find_amounts(text) if m.explicit]
    rates = [m for m in sums if _PER_HOUR.match(text, m.end) or _RATE.search(text[: m.start])]
    starts = [start for start, _ in sorted(hours)]
    places = sorted([start for start, _ in hours] + [m.end for m in sums])
    return TimeRecord(
        tuple((_label(text, start, places), value) for start, value in sorted(hours) if not _is_unit(text, start)),
        tuple((_label_of_rate(text, m.start, places, starts), abs(m.value)) for m in rates),
    )


def _label_of_rate(text: str, start: int, places: list[int], hours: list[int]) -> frozenset[str]:
    """The words before a rate, or those before the hours that it follows at once ("manager 2 hours at £90 an hour")."""
    before = [place for place in hours if place < start]
    if before and re.fullmatch(
        r"[\d.]+\s*[a-z]+\s+at\s+(?:a\s+rate\s+of\s+)?", text[before[-1] : start], re.IGNORECASE
    ):
        return _label(text, before[-1], places)
    return _label(text, start, places)


def _near(hours: list[tuple[int, Decimal]], start: int) -> bool:
    return any(abs(start - other) < 3 for other, _ in hours)


def _is_unit(text: str, start: int) -> bool:
    """ "£150 an hour": the hour of a rate is no work done."""
    return re.search(r"£[\d.,]+\s*$", text[:start]) is not None


def _label(text: str, start: int, places: list[int]) -> frozenset[str]:
    """The last words before a figure, back to the figure before it."""
    since = max((place for place in places if place < start), default=0)
    found = re.findall(r"[A-Za-z][A-Za-z\-]+", text[since:start])
    return frozenset(word.lower() for word in found[-_LABEL_WORDS:])

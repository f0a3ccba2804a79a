"""Words shared by the analysis: dates and money as a letter writes them, and how far two texts speak of the same thing.

Pure. The stemming is deliberately crude: it only has to bring "letters" and "letter" together.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from lightpoint.language.dates import format_date
from lightpoint.language.money import format_money


class GuidanceEntry(Protocol):
    """What the analysis needs to know of a section of guidance."""

    @property
    def archived(self) -> bool: ...


Guidance = Mapping[str, GuidanceEntry]

PENNY = Decimal("0.01")
_ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "ments", "ment", "edly", "ies", "ied", "ed", "es", "s", "ly")
_COMMON_WORDS = """
about after again against also been before being both client clients could does done each even ever every for from had
has have having hmrc here how into its itself just like made make many more most much must our ours out over own part
point points please regard said same shall should since some such tax than that the their them then there these they
this those through told under until upon very was were what when where which while who will with within without would
year years your yours
"""
_COMMON = frozenset(re.findall(r"\w+", _COMMON_WORDS))


def day(value: date) -> str:
    return format_date(value)


def readable(value: str) -> str:
    """A value as a letter writes it: an ISO date in words, anything else as it is."""
    try:
        return format_date(date.fromisoformat(value))
    except ValueError:
        return value


def quotable(words: str) -> str:
    """Words for quoting: without list numbers, chat marks and speech marks of their own."""
    plain = re.sub(r"^\W*(\[?\d{1,2}[:.]\d{2}\]?\s*\w*:\s*|\d{1,2}[.)]\s+)?", "", squash(words))
    return re.sub(r"[\"“”]", "'", plain).strip(" '.")[:220]


def pounds(value: Decimal) -> str:
    return format_money(value)


def to_penny(value: Decimal) -> Decimal:
    """Half a penny goes up, as in the counting rules of the costs schedule."""
    return value.quantize(PENNY, rounding=ROUND_HALF_UP)


def listed(items: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    words = list(dict.fromkeys(items))
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def days(count: int, *, working: bool = False) -> str:
    unit = "working day" if working else "day"
    return f"{count} {unit}" + ("" if count == 1 else "s")


def stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str) -> frozenset[str]:
    """The content words of a text, without their endings."""
    words = re.findall(r"[a-z][a-z'’-]{2,}", text.lower())
    return frozenset(stem(word) for word in words if word not in _COMMON)


def squash(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def same_words(one: str, other: str) -> bool:
    """Whether one quotation holds the other, white space and capitals apart."""
    first, second = squash(one).lower(), squash(other).lower()
    return bool(first and second) and (first in second or second in first)


def says(text: str, pattern: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def in_force(sections: Sequence[str], guidance: Guidance) -> tuple[str, ...]:
    """The sections that exist in the guidance and are not archived, in the order given."""
    return tuple(dict.fromkeys(s for s in sections if s in guidance and not guidance[s].archived))

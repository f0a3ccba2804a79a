"""What a question asks for, a rate, a period, a sum or a number, and whether a sentence gives such a thing. Pure."""

import re
from collections.abc import Callable
from typing import Final

from lightpoint.language.dates import find_dates
from lightpoint.language.durations import find_durations
from lightpoint.language.money import find_amounts

_RATE: Final = re.compile(r"\d\s?(?:%|per ?cent|p\b)|\b(?:an|per|each|every|a) (?:hour|mile|day)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)\b", re.IGNORECASE
)
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")
_PHONE: Final = re.compile(r"\b0\d{2,4}[\s\d]{6,}")
_UNITS: Final = r"(?:minutes|hours|days|weeks|months|years)"
_SUMS: Final = r"(?:sum|amount|price|limit|threshold|bracket|band|range|maximum|minimum)"
Gives = Callable[[str], bool]


def _gives_rate(sentence: str) -> bool:
    return bool(_RATE.search(sentence))


def _gives_period(sentence: str) -> bool:
    return bool(find_durations(sentence) or find_dates(sentence))


def _gives_sum(sentence: str) -> bool:
    return bool(find_amounts(sentence))


def _gives_number(sentence: str) -> bool:
    return bool(_NUMBER.search(sentence))


def _gives_place(sentence: str) -> bool:
    return bool(_POSTCODE.search(sentence))


def _gives_phone(sentence: str) -> bool:
    return bool(_PHONE.search(sentence))


def _gives_email(sentence: str) -> bool:
    return "@" in sentence


# How a question is put, and what answers it. The first that fits.
_ASKED: Final[tuple[tuple[str, Gives], ...]] = (
    (r"\b(?:phone|telephone|fax|helpline) numbers?\b|\bnumber to (?:call|ring)\b", _gives_phone),
    (r"\be-?mail address", _gives_email),
    (r"\baddress\b|\bpost ?code\b", _gives_place),
    (r"\bpercentage|\bper ?cent\b|\brate (?:of|for)\b|\bwhat (?:\w+ ){0,4}rate\b", _gives_rate),
    (rf"\bhow (?:long|soon|quickly|late)\b|\bhow (?:many|much) (?:working )?{_UNITS}\b", _gives_period),
    (r"\b(?:deadline|time limit)\b|\bhow far back\b", _gives_period),
    (r"\bhow much\b|\b(?:what|above what|which) (?:sum|amount|figure)\b|^\W*range\b", _gives_sum),
    (r"\bwhat (?:does|do|will) .{0,60}\b(?:charge|cost)\b", _gives_sum),
    (rf"\bwhat(?:'s| is| are)? (?:\w+ ){{0,4}}{_SUMS}\b", _gives_sum),
    (r"\bwhat(?:'s| is| are)? (?:\w+ ){0,3}(?:penalty|charge|fee)\b", _gives_sum),
    (r"\bhow many\b|\bwhat number\b", _gives_number),
)
_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE), gives) for pattern, gives in _ASKED)


def value_asked(question: str) -> Gives | None:
    """Whether a sentence gives what `question` asks for; None where it asks for no value."""
    return next((gives for asks, gives in _PATTERNS if asks.search(question)), None)

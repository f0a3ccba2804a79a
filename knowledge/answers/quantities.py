"""Figures, days and names of pages in a question, each written in one way. Pure."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from lightpoint.language.dates import find_months, find_partial_dates
from lightpoint.language.durations import DurationMention, find_durations
from lightpoint.language.english import ordinal
from lightpoint.language.money import find_amounts
from lightpoint.language.numbers import NUMBER_WORDS, parse_number_words
from lightpoint.language.places import TakenPlaces
from lightpoint.language.tax_years import find_tax_years

_ORDINALS = [ordinal(number) for number in range(1, 11)]
_ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)}|initial)"
_LEVEL = r"(?:tier|stage|level)"
_TIER = re.compile(
    rf"\b(?:{_LEVEL}[\s\-]?(?P<after>\d|one|two|three|four)|(?P<before>{_ORDINAL})[\s\-]{_LEVEL}s?)\b"
    rf"(?![\s\-]*tribunal)(?:[\s\-]+(?:stage|level)\b)?",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\b(?!HMRC)(?:[A-Z]{2,5}[ \-]?\d{2,6}[A-Z]?|(?:crg|chg|artg|ccg|sam|eim)[ \-]?\d{3,6}|64-8)\b")
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_IN_MAY = re.compile(r"\b(?:in|by|of|since|until|after|from|before|during) (?P<month>May)\b")
_PLAIN = re.compile(rf"(?<![\w.,])(?:\d[\d,]*(?:\.\d+)?(?![\w])|{NUMBER_WORDS}(?![\w\-]))", re.IGNORECASE)
_TIMES = re.compile(r"\b(?:twice|double|half)\b", re.IGNORECASE)
_AN_ORDINAL = re.compile(rf"\b{_ORDINAL}\b", re.IGNORECASE)
_A_SPAN = re.compile(
    r"\b(?:an?|one) (?P<unit>hour|day|week|fortnight|month|year|decade)\b(?! (?:or|and) a half)", re.IGNORECASE
)


def mark_quantities(text: str) -> str:
    """Return `text` with each figure, day and name of a page as one token: "num:£5000", "num:6month", "tier:2".

    `text` has plain quotation marks and dashes. The same quantity gives the same token, however it is written.
    """
    taken = TakenPlaces()
    marks = [mark for mark in _marks(text) if taken.claim(mark[0], mark[1])]
    for start, end, token in sorted(marks, reverse=True):
        text = f"{text[:start]} {token} {text[end:]}"
    return text


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Every reading, the surer kind first."""
    yield from _matches(_TIER, text, lambda match: f"tier:{_ordinal(match['after'] or match['before'])}")
    yield from _matches(_PAGE, text, lambda match: "page:" + re.sub(r"[ \-]", "", match[0]).upper())
    yield from _days(text)
    yield from _matches(_PERCENT, text, lambda match: f"num:{_plain(Decimal(match['number']))}%")
    yield from ((money.start, money.end, f"num:£{_plain(money.value)}") for money in find_amounts(text))
    yield from _durations(text)
    yield from _matches(_A_SPAN, text, lambda match: f"num:1{match['unit'].lower()}")
    yield from _matches(_AN_ORDINAL, text, lambda match: f"ord:{_ordinal(match[0])}")
    yield from _matches(_TIMES, text, lambda match: "num:0.5" if match[0].lower() == "half" else "num:2times")
    yield from _matches(_PLAIN, text, lambda match: f"num:{_number(match[0])}")


def _matches(
    pattern: re.Pattern[str], text: str, write: Callable[[re.Match[str]], str]
) -> Iterator[tuple[int, int, str]]:
    return ((match.start(), match.end(), write(match)) for match in pattern.finditer(text))


def _days(text: str) -> Iterator[tuple[int, int, str]]:
    for year in find_tax_years(text):
        yield year.start, year.end, f"date:taxyear{year.first_year}"
    for day in find_partial_dates(text):
        yield day.start, day.end, f"date:{day.year or ''}-{day.month or ''}-{day.day}"
    for month in find_months(text):
        yield month.start, month.end, f"date:{month.year}-{month.month}"
    for match in _IN_MAY.finditer(text):
        yield *match.span("month"), "date:-5"


def _durations(text: str) -> Iterator[tuple[int, int, str]]:
    """Both ends of "3 to 5 hours" in one token, with what joins them and the kind of day or week."""
    spans: dict[int, list[DurationMention]] = {}
    for span in find_durations(text):
        spans.setdefault(span.end, []).append(span)
    for end, ends in spans.items():
        start = min(span.start for span in ends)
        words = text[start:end].lower()
        joint = next((word for word in ("or", "and") if len(ends) > 1 and f" {word} " in words), "to")
        kind = next((word for word in ("working", "business", "calendar", "clear") if word in words), "")
        values = joint.join(_plain(Decimal(span.value)) for span in ends)
        unit = ends[-1].unit.replace("_", "").removeprefix("working")
        yield start, end, f"num:{values}{kind.replace('business', 'working')}{unit}"


def _ordinal(words: str) -> int:
    low = words.lower()
    if low == "initial":
        return 1
    if low in _ORDINALS:
        return _ORDINALS.index(low) + 1
    return parse_number_words(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", low)) or 0


def _number(words: str) -> str:
    if words[0].isdigit():
        return _plain(Decimal(words.replace(",", "").rstrip(".")))
    return str(parse_number_words(words))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"

"""Every figure and quotation of a sentence has to stand in the words that it cites. Pure.

Nothing is reckoned: a sum that would follow from the figures of a passage is not in it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol

from lightpoint.language.dates import find_dates
from lightpoint.language.durations import find_durations
from lightpoint.language.money import find_amounts
from lightpoint.language.normalise import find_loose
from lightpoint.language.numbers import NUMBER_WORDS, parse_number_words
from lightpoint.language.quotations import find_quotations

_DIGITS: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WORDS: Final = re.compile(rf"\b{NUMBER_WORDS}\b", re.IGNORECASE)
_PERCENT: Final = re.compile(
    rf"(?P<value>\d+(?:\.\d+)?|\b{NUMBER_WORDS})\s*(?:%|per\s?cent\b|percent(?:age\s+points?)?\b)", re.IGNORECASE
)
_JOINED: Final = re.compile(r"\.\.\.|…|\[[^\]]*\]")
_NEVER_COUNTED: Final = frozenset({Decimal(1)})  # "one" is a pronoun more often than a number


class _Mention(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


Finder = Callable[[str], Iterable[tuple[_Mention, object]]]


def figures_not_in(sentence: str, passages: Iterable[str]) -> tuple[str, ...]:
    """The figures of `sentence`, as it writes them, that no passage has: sums, dates, periods, percentages, numbers."""
    held = list(passages)
    missing: list[tuple[int, str]] = []
    rest = sentence
    for finder in (_amounts, _dates, _periods, _percentages):
        stated = {value for text in held for _, value in finder(text)}
        for mention, value in finder(rest):
            if value not in stated:
                missing.append((mention.start, mention.text))
            rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    numbers = {value for text in held for _, _, value in _numbers(text)}
    missing += [(at, text) for at, text, value in _numbers(rest) if value not in numbers | _NEVER_COUNTED]
    return tuple(text for _, text in sorted(missing))


def quotations_not_in(sentence: str, passages: Iterable[str]) -> tuple[str, ...]:
    """The quoted words of `sentence` that no passage has, but for space, marks and case; an ellipsis joins two."""
    held = list(passages)
    pieces = [piece.strip(" ,.;") for found in find_quotations(sentence) for piece in _JOINED.split(found.text)]
    return tuple(p for p in pieces if p and all(find_loose(p, text) is None for text in held))


def has_figures(sentence: str) -> bool:
    """Whether there is any figure in `sentence` that has to be borne out."""
    return bool(figures_not_in(sentence, ()))


def _amounts(text: str) -> Iterator[tuple[_Mention, object]]:
    for mention in find_amounts(text):
        yield mention, abs(mention.value)


def _dates(text: str) -> Iterator[tuple[_Mention, object]]:
    for mention in find_dates(text):
        yield mention, mention.date


def _periods(text: str) -> Iterator[tuple[_Mention, object]]:
    for mention in find_durations(text):
        yield mention, (Decimal(mention.value), mention.unit)


def _percentages(text: str) -> Iterator[tuple[_Mention, object]]:
    for match in _PERCENT.finditer(text):
        value = _value(match["value"])
        if value is not None:
            yield _Span(match.start(), match.end(), match[0]), value


def _numbers(text: str) -> Iterator[tuple[int, str, Decimal]]:
    for pattern in (_DIGITS, _WORDS):
        for match in pattern.finditer(text):
            value = _value(match[0])
            if value is not None:
                yield match.start(), match[0], value


def _value(written: str) -> Decimal | None:
    if written[0].isdigit():
        try:
            return Decimal(written.replace(",", "")).normalize()
        except InvalidOperation:
            return None
    number = parse_number_words(written)
    return None if number is None else Decimal(number).normalize()


class _Span:
    """A place in a text with its words."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end, self.text = start, end, text

"""A body cut into pieces that search can weigh: whole when short, else windows that overlap. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 200  # words
OVERLAP: Final = 40  # words
SLACK: Final = 1.25  # a body that is longer than a window by less than this stays whole
_SENTENCE_END: Final = re.compile(r"(?:(?<=[.!?…])[)\]’”'\"]*\s+(?=[\"'“‘(]?[A-Z0-9£])|\n+)")
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is what stands from `start` to `end` of the body, in characters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Span:
    """A sentence, or as many words of a long one as a window holds; `words` of it."""

    start: int
    end: int
    words: int


def cut(body: str, *, window: int = WINDOW, overlap: int = OVERLAP) -> tuple[Piece, ...]:
    """The pieces of `body`, in its order: about `window` words each, `overlap` of them shared with the piece before.

    Pieces begin and end where sentences do. Every word of the body is in one of them.
    """
    spans = list(_spans(body, window))
    total = sum(span.words for span in spans)
    if not spans:
        return ()
    if total <= window * SLACK:
        return (_piece(body, spans),)
    return tuple(_piece(body, part) for part in _windows(spans, window, overlap))


def _piece(body: str, spans: Sequence[_Span]) -> Piece:
    start, end = spans[0].start, spans[-1].end
    return Piece(start, end, body[start:end])


def _windows(spans: Sequence[_Span], window: int, overlap: int) -> Iterator[Sequence[_Span]]:
    first = 0
    while first < len(spans):
        last = _fill(spans, first, window)
        yield spans[first:last]
        if last == len(spans):
            return
        first = max(_step_back(spans, last, overlap), first + 1)


def _fill(spans: Sequence[_Span], first: int, window: int) -> int:
    """The place after the last sentence that the window holds; it holds one at least."""
    held, place = 0, first
    while place < len(spans) and (place == first or held + spans[place].words <= window):
        held += spans[place].words
        place += 1
    return place


def _step_back(spans: Sequence[_Span], last: int, overlap: int) -> int:
    """Where the next window begins: with the sentences before `last` that make up the overlap, if they are short."""
    shared, place = 0, last
    while place > 0 and shared + spans[place - 1].words <= overlap:
        place -= 1
        shared += spans[place].words
    return place


def _spans(body: str, window: int) -> Iterator[_Span]:
    for start, end in _sentences(body):
        words = [(match.start() + start, match.end() + start) for match in _WORD.finditer(body[start:end])]
        for first in range(0, len(words), window):
            part = words[first : first + window]
            yield _Span(part[0][0], part[-1][1], len(part))


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(body):
        yield start, match.start()
        start = match.end()
    yield start, len(body)

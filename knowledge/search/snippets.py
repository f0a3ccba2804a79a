"""The words of a passage that answer, in pieces, with those that matched marked. Pure."""

import re
from collections.abc import Sequence
from typing import Final

Pieces = tuple[tuple[str, bool], ...]
WORDS_SHOWN: Final = 45
CUT: Final = "… "
_WORD: Final = re.compile(r"[A-Za-z0-9&]+")
_PLURAL: Final = re.compile(r"(?<=..)(?:(?<=ss)es|(?<=i)es|s)$")
_ENDINGS: Final = re.compile(r"(?:ations?|ments?|ingly|edly|ing|ed|ly|i|e|y)$")


def stem_of(word: str) -> str:
    """What is left of a word without its endings, in lower case; good enough to mark by, not to search by."""
    lowered = _PLURAL.sub("", word.lower())
    cut = _ENDINGS.sub("", lowered)
    return cut if len(cut) >= 3 else lowered


def snippet_of(text: str, terms: Sequence[str]) -> Pieces:
    """The stretch of `text` that has most of `terms`, about 45 words, its matching words marked True.

    The pieces joined are words of the text, with "… " where it is cut.
    """
    stems = {stem_of(word) for term in terms for word in _WORD.findall(term)}
    words = [(match.start(), match.end(), stem_of(match[0]) in stems) for match in re.finditer(_WORD, text)]
    if not words:
        return ((text, False),) if text else ()
    first = _best_start(text, words)
    last = min(first + WORDS_SHOWN, len(words)) - 1
    begin, end = (words[first][0] if first else 0), (words[last][1] if last + 1 < len(words) else len(text))
    pieces: list[tuple[str, bool]] = [(CUT, False)] if first else []
    place = begin
    for start, stop, hit in words[first : last + 1]:
        if hit:
            pieces += [(text[place:start], False), (text[start:stop], True)]
            place = stop
    pieces.append((text[place:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def _best_start(text: str, words: Sequence[tuple[int, int, bool]]) -> int:
    """The word from which most different matching words follow; the first of equals."""
    best, most = 0, -1
    for first in range(0, max(1, len(words) - WORDS_SHOWN + 8), 4):
        shown = words[first : first + WORDS_SHOWN]
        count = len({stem_of(text[start:end]) for start, end, hit in shown if hit})
        if count > most:
            best, most = first, count
    return best

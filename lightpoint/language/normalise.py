"""Text made comparable: white space, quotation marks, dashes and case set aside. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "￡": "£", "₤": "£",
    }
)  # fmt: skip
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def squeeze(text: str) -> str:
    """Return `text` on one line: runs of white space become one space, quotes and dashes the plain ones.

    Case is kept. Soft hyphens and zero-width characters go.
    """
    return " ".join(unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME).translate(_INVISIBLE).split())


def find_loose(needle: str, haystack: str, *, start: int = 0, whole_words: bool = True) -> tuple[int, int] | None:
    """Find where `needle` stands in `haystack`, ignoring white space, quote and dash style, and case.

    Returns the first (start, end) in `haystack` from `start` on, or None. A word broken by a hyphen at a line end is
    found as well. With `whole_words` a hit never begins or ends inside a word or a number: "£100" is not in "£1000".
    """
    for keep_line_hyphens in (True, False):
        wanted, _ = _comparable(needle, 0, keep_line_hyphens)
        found = _find(wanted, haystack, start, keep_line_hyphens, whole_words)
        if found:
            return found
    return None


def _find(wanted: str, haystack: str, start: int, keep_line_hyphens: bool, whole_words: bool) -> tuple[int, int] | None:
    line, places = _comparable(haystack, start, keep_line_hyphens)
    at = line.find(wanted) if wanted else -1
    while at >= 0:
        span = places[at], places[at + len(wanted) - 1] + 1
        if not whole_words or _on_word_edges(haystack, *span):
            return span
        at = line.find(wanted, at + 1)
    return None


@lru_cache(maxsize=256)
def _comparable(text: str, start: int, keep_line_hyphens: bool) -> tuple[str, tuple[int, ...]]:
    """The comparable characters of `text` and their places; kept, as many quotations are looked for in one page."""
    folded = list(_folded(text, start, keep_line_hyphens=keep_line_hyphens))
    return "".join(char for char, _ in folded), tuple(at for _, at in folded)


def _folded(text: str, start: int, *, keep_line_hyphens: bool) -> Iterator[tuple[str, int]]:
    """Yield each comparable character with the place in `text` it came from."""
    for at in range(start, len(text)):
        char = text[at]
        if char.isspace() or ord(char) in _INVISIBLE:
            continue
        if not keep_line_hyphens and char in "-‐‑" and re.match(r"[ \t]*\r?\n", text[at + 1 : at + 9]):
            continue
        for part in unicodedata.normalize("NFKC", char.translate(_SAME)).translate(_SAME).casefold():
            if not part.isspace():
                yield part, at


def _on_word_edges(text: str, start: int, end: int) -> bool:
    opens = start == 0 or not (_joins(text[start - 1]) and _joins(text[start]))
    closes = end == len(text) or not (_joins(text[end - 1]) and _joins(text[end]))
    if closes and text[end - 1].isdigit():
        closes = not re.match(r"[.,]\d", text[end : end + 2])
    if opens and text[start].isdigit():
        opens = not re.search(r"\d[.,]$", text[max(0, start - 2) : start])
    return opens and closes


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"

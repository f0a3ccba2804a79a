"""Words inside quotation marks. Pure."""

import re
from dataclasses import dataclass

_LONGEST = 1200
_PAIRS = (
    rf"“(?P<in>[^”]{{1,{_LONGEST}}}?)”",
    rf"(?<![\w\"])\"(?P<in>[^\"]{{1,{_LONGEST}}}?)\"(?![\w])",
    rf"(?<![\w‘])‘(?P<in>[^‘]{{1,{_LONGEST}}}?)’(?!\w)",
    r"(?<![\w'])'(?P<in>[^\s'][^']*?(?:(?<=\w)'(?=\w)[^']*?)*)'(?!\w)",
)


@dataclass(frozen=True, slots=True)
class QuotationMention:
    """Quoted words: `text == source[start:end]`, without the marks."""

    start: int
    end: int
    text: str


def find_quotations(text: str) -> list[QuotationMention]:
    """Return the words inside "", '' and curly quotes, in order; the outermost where one quotation holds another.

    A quotation may run over line ends but not over a blank line. An apostrophe opens nothing and closes nothing.
    """
    found: list[QuotationMention] = []
    for pattern in _PAIRS:
        for match in re.finditer(pattern, text):
            start, end = match.span("in")
            taken = any(start < other.end and other.start < end for other in found)
            if not taken and _is_quotation(text[start:end]):
                found.append(QuotationMention(start, end, text[start:end]))
    return sorted(found, key=lambda mention: mention.start)


def _is_quotation(inner: str) -> bool:
    return bool(re.search(r"\w", inner)) and not re.search(r"\n\s*\n", inner) and len(inner) <= _LONGEST
